/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is copied before a VM starts: from where nobody can have changed it, into the VM's own RAM;
 * and where the VM is entered.
 */
#include "audit.h"

/* A VM that can write memory, as walked; NULL: none. */
static const struct audit_vm *writer_of(const struct audit *audit, uint64_t pa, uint64_t size)
{
	for (uint32_t i = 0; i < audit->plan.system.vm_count; i++) {
		const struct map_list *list = &audit->vms[i].stage2;

		for (size_t j = 0; j < list->count; j++) {
			if ((list->ranges[j].attributes & MAP_WRITE) != 0 &&
			    ranges_overlap(pa, size, list->ranges[j].pa, list->ranges[j].size)) {
				return &audit->vms[i];
			}
		}
	}
	return NULL;
}

/* The source must be an image, or memory that is not the hypervisor's, and the same at every
 * start. */
static void check_source(struct audit *audit, const struct audit_vm *vm, uint32_t index)
{
	const struct plan_system *system = &audit->plan.system;
	const struct plan_load *load = &vm->loads[index];
	const struct audit_vm *writer = writer_of(audit, load->source_pa, load->size);

	if (writer != NULL) {
		report_finding(&audit->report, "load-source",
			       "%s: load %u copies " HEX " bytes from " HEX ", which %s can write",
			       vm->label.text, index, load->size, load->source_pa,
			       writer->label.text);
	}
	if (ranges_overlap(load->source_pa, load->size, system->hyp_base, system->hyp_size)) {
		report_finding(&audit->report, "load-source",
			       "%s: load %u copies from " HEX ", memory of the hypervisor",
			       vm->label.text, index, load->source_pa);
	}
	for (uint32_t i = 0; i < system->hyp_device_count; i++) {
		const struct plan_device *device = &audit->plan.hyp_devices[i];

		if (ranges_overlap(load->source_pa, load->size, device->pa, device->size)) {
			report_finding(&audit->report, "load-source",
				       "%s: load %u copies from " HEX
				       ", a device of the hypervisor",
				       vm->label.text, index, load->source_pa);
		}
	}
}

static void check_destination(struct audit *audit, const struct audit_vm *vm, uint32_t index)
{
	const struct plan_load *load = &vm->loads[index];

	if (!vm_ram_holds(vm, load->destination_pa, load->size)) {
		report_finding(&audit->report, "load-destination",
			       "%s: load %u writes " HEX " bytes at " HEX
			       ", which is not all the VM's RAM",
			       vm->label.text, index, load->size, load->destination_pa);
	}
	for (uint32_t i = 0; i < index; i++) {
		const struct plan_load *other = &vm->loads[i];

		if (ranges_overlap(load->destination_pa, load->size, other->destination_pa,
				   other->size)) {
			report_finding(&audit->report, "load-overlap",
				       "%s: loads %u and %u overlap at " HEX, vm->label.text, i,
				       index,
				       load->destination_pa > other->destination_pa
					       ? load->destination_pa
					       : other->destination_pa);
		}
	}
}

/* The copy reads an image of ours where it is, one from a boot loader in the upper half of the loader
 * map, and writes the VM's RAM there. */
static void check_reach(struct audit *audit, const struct audit_vm *vm, uint32_t index)
{
	const struct plan_load *load = &vm->loads[index];
	uint64_t offset = mappings_loader_offset(audit->plan.system.hyp_va_bits);

	uint64_t images_end = audit->plan.system.images_base + audit->plan.system.images_size;
	bool ours = load->source_pa >= audit->plan.system.images_base &&
		    load->source_pa < images_end;

	if (!map_list_maps(&vm->loader, load->source_pa + (ours ? 0 : offset), load->source_pa,
			   load->size, MAP_READ | MAP_NORMAL) ||
	    !map_list_maps(&vm->loader, load->destination_pa + offset, load->destination_pa,
			   load->size, MAP_WRITE | MAP_NORMAL)) {
		report_finding(&audit->report, "load-unmapped",
			       "%s: load %u copies " HEX " bytes from " HEX " to " HEX
			       ", which its loader map does not reach",
			       vm->label.text, index, load->size, load->source_pa,
			       load->destination_pa);
	}
}

/* Whether the VM's tables, as walked, permit all of `needed` at a VM address. */
static bool permits(const struct audit_vm *vm, uint64_t va, uint32_t needed)
{
	const struct map_range *range = map_list_find(&vm->stage2, va);

	return range != NULL && (range->attributes & needed) == needed;
}

static void check_start(struct audit *audit, const struct audit_vm *vm)
{
	const struct plan_vm *plan = vm->plan;

	if (plan->entry % 4 != 0 || !permits(vm, plan->entry, MAP_EXECUTE | MAP_NORMAL)) {
		report_finding(&audit->report, "vm-entry",
			       "%s is entered at " HEX ", where it can't execute", vm->label.text,
			       plan->entry);
	}
	for (uint32_t i = 0; i < plan->extent_count; i++) {
		const struct plan_extent *extent = &vm->extents[i];

		if (plan->image_in_place == 0 &&
		    ranges_overlap(extent->pa, extent->size, audit->plan.system.images_base,
				   audit->plan.system.images_size)) {
			report_finding(&audit->report, "vm-in-place",
				       "%s uses the image at " HEX
				       " in place, but its row says that it can be restarted",
				       vm->label.text, extent->pa);
		}
	}
	if (plan->boot_arg != 0 && !permits(vm, plan->boot_arg, MAP_READ | MAP_NORMAL)) {
		report_finding(&audit->report, "vm-boot-arg",
			       "%s is given a device tree at " HEX ", where it can't read",
			       vm->label.text, plan->boot_arg);
	}
}

void check_loads(struct audit *audit)
{
	size_t before = audit->report.findings.count;

	for (uint32_t i = 0; i < audit->plan.system.vm_count; i++) {
		const struct audit_vm *vm = &audit->vms[i];

		for (uint32_t j = 0; j < vm->plan->load_count; j++) {
			check_source(audit, vm, j);
			check_destination(audit, vm, j);
			check_reach(audit, vm, j);
		}
		check_start(audit, vm);
	}
	report_proof(&audit->report, before, "loads",
		     "%u loads from memory no VM can write into the VM's own RAM; every VM starts "
		     "where it may execute",
		     audit->plan.system.load_count);
}
