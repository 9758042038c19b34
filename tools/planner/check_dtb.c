/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules about device trees that a user supplies: they parse, and the memory, CPUs and console they
 * speak of are the VM's. The tree itself is passed through unchanged.
 */
#include "fdt_tree.h"
#include "planner.h"

#include <libfdt.h>

#include <string.h>

/*
 * The start of what remains of a range when the VM's regions are taken away; `end` if all are
 * there.
 */
static uint64_t uncovered(const struct model_vm *vm, struct range range)
{
	uint64_t at = range.base;
	uint64_t end = range.base + range.size;
	bool moved = true;

	while (moved && at < end) {
		moved = false;
		for (size_t i = 0; i < vm->config.platform.region_num && at < end; i++) {
			const struct vm_mem_region *region = &vm->config.platform.regions[i];

			if (at - region->base < region->size) {
				at = region->base + region->size;
				moved = true;
			}
		}
	}
	return at < end ? at : end;
}

static void check_memory_nodes(struct planner *p, const struct model_vm *vm, const void *fdt)
{
	int node = fdt_node_offset_by_prop_value(fdt, -1, "device_type", "memory", 7);

	for (; node >= 0;
	     node = fdt_node_offset_by_prop_value(fdt, node, "device_type", "memory", 7)) {
		struct range bank;

		for (unsigned int i = 0; fdt_tree_reg(fdt, node, i, &bank); i++) {
			if (bank.size == 0) {
				continue;
			}
			if (!range_valid(bank) || uncovered(vm, bank) != bank.base + bank.size) {
				REPORT(p, DTB_MEMORY, vm->dtb.where,
				       "node %s of \"%s\" has %s as memory, which is not all in "
				       "the regions of %s "
				       "(0x%llx is not); change one of them",
				       fdt_get_name(fdt, node, NULL), vm->dtb.file->path,
				       range_text(p, bank), vm->name,
				       (unsigned long long)uncovered(vm, bank));
			}
		}
	}
}

/* MPIDR affinity that vCPU n shows its guest: 16 to a cluster. */
static bool is_vcpu_id(const struct model_vm *vm, uint64_t id)
{
	uint64_t index = (id >> 8) * 16 + (id & 0xff);

	return (id & 0xff) < 16 && id >> 16 == 0 && index < vm->config.platform.cpu_num;
}

static void check_cpu_nodes(struct planner *p, const struct model_vm *vm, const void *fdt)
{
	int cpus = fdt_path_offset(fdt, "/cpus");
	int cells = cpus >= 0 ? fdt_address_cells(fdt, cpus) : 0;
	int node;

	if (cpus < 0) {
		return;
	}
	fdt_for_each_subnode(node, fdt, cpus)
	{
		int length = 0;
		const char *type = fdt_getprop(fdt, node, "device_type", NULL);
		const void *reg = fdt_getprop(fdt, node, "reg", &length);
		uint64_t id;

		if (type == NULL || strcmp(type, "cpu") != 0) {
			continue;
		}
		if (reg == NULL || length != 4 * cells || !fdt_tree_number(reg, cells, &id) ||
		    !is_vcpu_id(vm, id)) {
			REPORT(p, DTB_CPUS, vm->dtb.where,
			       "node %s of \"%s\" is none of the %zu virtual CPUs of %s; keep "
			       "one node for each "
			       "vCPU n, with reg n (from 16 on: n / 16 * 0x100 + n %% 16)",
			       fdt_get_name(fdt, node, NULL), vm->dtb.file->path,
			       vm->config.platform.cpu_num, vm->name);
		}
	}
}

/* Whether the VM has a device of some kind at all of the range. */
static bool vm_has_device(const struct model_vm *vm, struct range range)
{
	const struct vm_platform *platform = &vm->config.platform;

	if (vm->config.console.base != 0 &&
	    range_contains((struct range){ vm->config.console.base, UART_WINDOW_SIZE }, range)) {
		return true;
	}
	for (size_t i = 0; i < platform->dev_num; i++) {
		if (range_contains((struct range){ platform->devs[i].va, platform->devs[i].size },
				   range)) {
			return true;
		}
	}
	for (size_t i = 0; i < platform->remio_dev_num; i++) {
		if (range_contains((struct range){ platform->remio_devs[i].va,
						   platform->remio_devs[i].size },
				   range)) {
			return true;
		}
	}
	return false;
}

static void check_console(struct planner *p, const struct model_vm *vm, const void *fdt)
{
	int chosen = fdt_path_offset(fdt, "/chosen");
	const char *path = chosen >= 0 ? fdt_getprop(fdt, chosen, "stdout-path", NULL) : NULL;
	struct range registers;
	int node;

	if (path == NULL) {
		return;
	}
	node = fdt_path_offset_namelen(fdt, path, (int)strcspn(path, ":"));
	if (node < 0) {
		REPORT(p, DTB_CONSOLE, vm->dtb.where,
		       "stdout-path of \"%s\" is \"%s\", which is no node of it; name a node or "
		       "an alias",
		       vm->dtb.file->path, path);
		return;
	}
	if (!fdt_tree_reg(fdt, node, 0, &registers)) {
		return; /* a console without registers, of firmware for instance */
	}
	registers.size =
		registers.size != 0 ? 1 : 0; /* QEMU's and others' sizes vary: where it is counts */
	if (!vm_has_device(vm, registers)) {
		REPORT(p, DTB_CONSOLE, vm->dtb.where,
		       "the console of \"%s\", %s at 0x%llx, is no device of %s; add it to devs, "
		       "or use the "
		       "virtual UART (console = { .base = 0x%llx, ... })",
		       vm->dtb.file->path, fdt_get_name(fdt, node, NULL),
		       (unsigned long long)registers.base, vm->name,
		       (unsigned long long)registers.base);
	}
}

static void check_gic(struct planner *p, const struct model_vm *vm, const void *fdt)
{
	int node = fdt_node_offset_by_compatible(fdt, -1, "arm,gic-v3");
	struct range gicd;
	struct range gicr;

	if (node < 0 || !fdt_tree_reg(fdt, node, 0, &gicd) || !fdt_tree_reg(fdt, node, 1, &gicr)) {
		return;
	}
	if (gicd.base != vm->config.platform.arch.gic.gicd_addr ||
	    gicr.base != vm->config.platform.arch.gic.gicr_addr) {
		REPORT(p, DTB_GIC, vm->dtb.where,
		       "\"%s\" has distributor and redistributors at 0x%llx and 0x%llx, %s at "
		       "0x%llx and 0x%llx; "
		       "change platform.arch.gic or the tree",
		       vm->dtb.file->path, (unsigned long long)gicd.base,
		       (unsigned long long)gicr.base, vm->name,
		       (unsigned long long)vm->config.platform.arch.gic.gicd_addr,
		       (unsigned long long)vm->config.platform.arch.gic.gicr_addr);
	}
}

/*
 * Tree and configuration agree about the initrd; where only the tree says its address, it decides.
 */
static void check_initrd(struct planner *p, struct model_vm *vm, const void *fdt)
{
	int chosen = fdt_path_offset(fdt, "/chosen");
	uint64_t start = 0;
	uint64_t end = 0;

	if (vm->initrd.source == BLOB_NONE) {
		return;
	}
	if (chosen < 0 || !fdt_tree_property(fdt, chosen, "linux,initrd-start", &start) ||
	    !fdt_tree_property(fdt, chosen, "linux,initrd-end", &end)) {
		REPORT(p, DTB_INITRD, vm->initrd.where,
		       "\"%s\" does not say where it is; add linux,initrd-start and "
		       "linux,initrd-end to /chosen, "
		       "or let the tree be generated",
		       vm->dtb.file->path);
		return;
	}
	if (!vm->initrd.va_known) {
		vm->initrd.va = start;
		vm->initrd.va_known = true;
	}
	if (vm->initrd.va != start || end < start || end - start < vm->initrd.size) {
		REPORT(p, DTB_INITRD, vm->initrd.where,
		       "it is at %s, but \"%s\" says 0x%llx to 0x%llx; change base_addr or the "
		       "tree",
		       range_text(p, (struct range){ vm->initrd.va, vm->initrd.size }),
		       vm->dtb.file->path, (unsigned long long)start, (unsigned long long)end);
	}
}

void check_dtbs(struct planner *p)
{
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		struct model_vm *vm = &p->model.vms[v];
		const struct blob *dtb = &vm->dtb;
		int error;

		if (dtb->source != BLOB_BUILT_IN || dtb->file->generated) {
			continue;
		}
		error = fdt_check_full(dtb->file->data, (size_t)dtb->file->size);
		if (error != 0) {
			REPORT(p, DTB_INVALID, dtb->where,
			       "\"%s\" is not a device tree that can be read (%s); compile the "
			       "source with dtc -I "
			       "dts -O dtb",
			       dtb->file->path, fdt_strerror(error));
			continue;
		}
		check_memory_nodes(p, vm, dtb->file->data);
		check_cpu_nodes(p, vm, dtb->file->data);
		check_console(p, vm, dtb->file->data);
		check_gic(p, vm, dtb->file->data);
		check_initrd(p, vm, dtb->file->data);
	}
}
