/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Generates a VM's device tree from its configuration, with libfdt: what a stock arm64 kernel needs
 * to find its CPUs, memory, interrupt controller, timer, devices and channels (Devicetree
 * Specification; bindings of Linux). What the VM does not have is not in it.
 */
#include "tree.h"

#include <libfdt.h>

#include <stdio.h>
#include <stdlib.h>

#define PPI_TIMER_SECURE 13u     /* EL3 / secure EL1 physical timer, BSA PPI assignment */
#define PPI_TIMER_HYPERVISOR 10u /* EL2 physical timer */

#define APB_CLOCK_HZ 24000000u

/* ---- the machine ----------------------------------------------------------------------------- */

static void emit_cpus(struct tree *t)
{
	const char *known = t->p->inputs.board->cpu_compatible;
	const char *type = known != NULL ? known : "arm,armv8";

	tree_begin(t, "cpus");
	tree_address_cells(t, 1, 0);
	for (uint32_t n = 0; n < t->vm->config.platform.cpu_num; n++) {
		uint32_t id = n / 16 * 0x100 + n % 16; /* virtual MPIDR: 16 to a cluster */

		tree_begin_at(t, "cpu", id);
		tree_string(t, "device_type", "cpu");
		tree_string(t, "compatible", type);
		tree_cell(t, "reg", id);
		tree_string(t, "enable-method", "psci");
		tree_end(t);
	}
	tree_end(t);
	tree_begin(t, "psci");
	tree_strings(t, "compatible", "arm,psci-1.0|arm,psci-0.2");
	tree_string(t, "method", "hvc");
	tree_end(t);
}

static void emit_memory(struct tree *t)
{
	const struct vm_platform *platform = &t->vm->config.platform;

	for (size_t i = 0; i < platform->region_num; i++) {
		/* The pages of the channels' bus are memory to us alone. */
		if (t->vm->config.channel_bus == 0 ||
		    platform->regions[i].base != t->vm->config.channel_bus) {
			tree_memory(t, platform->regions[i].base, platform->regions[i].size);
		}
	}
}

static void emit_gic(struct tree *t)
{
	const struct vm_platform *platform = &t->vm->config.platform;
	struct range frames[] = {
		{ platform->arch.gic.gicd_addr, GICD_WINDOW_SIZE },
		{ platform->arch.gic.gicr_addr, platform->cpu_num * GICR_FRAME_SIZE },
	};

	tree_begin_at(t, "interrupt-controller", frames[0].base);
	tree_string(t, "compatible", "arm,gic-v3");
	tree_flag(t, "interrupt-controller");
	tree_cell(t, "#interrupt-cells", 3);
	tree_cell(t, "#address-cells", 0);
	tree_reg(t, frames, 2);
	tree_cell(t, "phandle", PHANDLE_GIC);
	tree_end(t);
}

static bool vm_owns(const struct model_vm *vm, irqid_t irq)
{
	const struct vm_platform *platform = &vm->config.platform;

	for (size_t i = 0; i < platform->dev_num; i++) {
		for (size_t n = 0; n < platform->devs[i].interrupt_num; n++) {
			if (platform->devs[i].interrupts[n] == irq) {
				return true;
			}
		}
	}
	return false;
}

/* The binding names its interrupts by position, so all four are there; a kernel at EL1 takes the
 * virtual one. */
static void emit_timer(struct tree *t)
{
	const struct board *machine = t->p->inputs.board;
	uint32_t values[] = {
		GIC_PPI,
		PPI_TIMER_SECURE,
		IRQ_LEVEL_LOW,
		GIC_PPI,
		machine->timer_physical_irq - FIRST_PPI,
		IRQ_LEVEL_LOW,
		GIC_PPI,
		machine->timer_virtual_irq - FIRST_PPI,
		IRQ_LEVEL_LOW,
		GIC_PPI,
		PPI_TIMER_HYPERVISOR,
		IRQ_LEVEL_LOW,
	};

	if (!vm_owns(t->vm, machine->timer_virtual_irq)) {
		return;
	}
	tree_begin(t, "timer");
	tree_string(t, "compatible", "arm,armv8-timer");
	tree_cells(t, "interrupts", values, sizeof(values) / sizeof(values[0]));
	tree_flag(t, "always-on");
	tree_end(t);
}

static void emit_console(struct tree *t)
{
	const struct vm_console *console = &t->vm->config.console;

	if (console->base == 0) {
		return;
	}
	tree_begin_at(t, "serial", console->base);
	tree_strings(t, "compatible", "arm,pl011|arm,primecell");
	tree_reg_one(t, console->base, UART_WINDOW_SIZE);
	tree_interrupts(t, &console->interrupt, 1, IRQ_LEVEL_HIGH);
	tree_pl011_clocks(t, PHANDLE_APB_CLOCK);
	tree_end(t);
}

/* ---- the tree -------------------------------------------------------------------------------- */

/* Path of the node that the guest's console is; NULL if it has none. */
static const char *console_path(struct tree *t)
{
	const struct vm_platform *platform = &t->vm->config.platform;

	if (t->vm->config.console.base != 0) {
		return arena_printf(&t->p->arena, "/serial@%llx",
				    (unsigned long long)t->vm->config.console.base);
	}
	for (size_t i = 0; i < platform->dev_num; i++) {
		const struct vm_dev_region *dev = &platform->devs[i];

		if (dev->size != 0 && device_is_serial(dev)) {
			return arena_printf(&t->p->arena, "/serial@%llx",
					    (unsigned long long)dev->va);
		}
	}
	return NULL;
}

static void emit_chosen(struct tree *t)
{
	const char *console = console_path(t);
	const struct blob *initrd = &t->vm->initrd;

	tree_begin(t, "chosen");
	if (t->vm->config.bootargs != NULL) {
		tree_string(t, "bootargs", t->vm->config.bootargs);
	}
	if (console != NULL) {
		tree_string(t, "stdout-path", console);
	}
	if (initrd->source != BLOB_NONE) {
		tree_note(t, fdt_property_u64(t->buffer, "linux,initrd-start", initrd->va));
		tree_note(t, fdt_property_u64(t->buffer, "linux,initrd-end",
					      initrd->va + initrd->size));
	}
	tree_end(t);
	if (console != NULL) {
		tree_begin(t, "aliases");
		tree_string(t, "serial0", console);
		tree_end(t);
	}
}

static void emit_root(struct tree *t)
{
	const struct vm_platform *platform = &t->vm->config.platform;

	tree_begin(t, "");
	tree_string(t, "model", arena_printf(&t->p->arena, "Bao virtual machine %s", t->vm->name));
	tree_string(t, "compatible", "bao,vm");
	tree_address_cells(t, 2, 2);
	tree_cell(t, "interrupt-parent", PHANDLE_GIC);
	emit_chosen(t);
	emit_cpus(t);
	emit_memory(t);
	emit_gic(t);
	emit_timer(t);
	tree_clock(t, "apb-pclk", APB_CLOCK_HZ, PHANDLE_APB_CLOCK);
	emit_console(t);
	for (size_t i = 0; i < platform->dev_num; i++) {
		emit_dtb_device(t, i);
	}
	for (size_t i = 0; i < platform->ipc_num; i++) {
		emit_dtb_ipc(t, &platform->ipcs[i]);
	}
	emit_dtb_channel_bus(t);
	emit_dtb_remio(t);
	tree_end(t);
}

/* Writes the tree into a buffer that is large enough. */
static void write_tree(struct tree *t)
{
	for (t->size = 0x4000;; t->size *= 2) {
		t->buffer = arena_alloc(&t->p->arena, (size_t)t->size, 1);
		t->error = 0;
		t->phandle = PHANDLE_FIRST_FREE;
		tree_note(t, fdt_create(t->buffer, t->size));
		tree_note(t, fdt_finish_reservemap(t->buffer));
		emit_root(t);
		tree_note(t, fdt_finish(t->buffer));
		if (t->error != -FDT_ERR_NOSPACE) {
			break;
		}
	}
	if (t->error != 0) {
		fprintf(stderr, "error: planner: bug: the tree of %s can't be written: %s\n",
			t->vm->name, fdt_strerror(t->error));
		exit(1);
	}
}

void generate_dtbs(struct planner *p)
{
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		struct model_vm *vm = &p->model.vms[v];
		struct tree tree = { .p = p, .vm = vm };
		struct blob *dtb = &vm->dtb;

		if (!vm->config.dtb.generate || vm->config.platform.cpu_num > MAX_CPUS) {
			continue;
		}
		write_tree(&tree);
		dtb->file = file_generated(p, arena_printf(&p->arena, "%s.dtb", vm->name),
					   tree.buffer, fdt_totalsize(tree.buffer));
		if (dtb->source == BLOB_NONE) {
			dtb->source = BLOB_BUILT_IN;
			dtb->va = vm->config.dtb.base_addr;
			dtb->va_known = dtb->va != 0;
		}
		dtb->size = dtb->file->size;
		dtb->memory_size = dtb->size;
	}
}
