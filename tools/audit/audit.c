/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of the audit. A file that can't be read, or tables that mean nothing, end it; after
 * that every check runs, so that all findings are seen at once.
 */
#include "audit.h"

#include <stdlib.h>
#include <string.h>

static void open_vms(struct audit *audit)
{
	const struct plan_tables *plan = &audit->plan;

	audit->vms = calloc((size_t)plan->system.vm_count + 1, sizeof(*audit->vms));
	if (audit->vms == NULL) {
		report_out_of_memory();
	}
	for (uint32_t i = 0; i < plan->system.vm_count; i++) {
		struct audit_vm *vm = &audit->vms[i];

		vm->plan = &plan->vms[i];
		snprintf(vm->label.text, sizeof(vm->label.text), "VM %s", vm->plan->name);
		vm->extents = plan->extents + vm->plan->extent_first;
		vm->loads = plan->loads + vm->plan->load_first;
		vm->windows = plan->windows + vm->plan->window_first;
		vm->ipcs = plan->ipcs + vm->plan->ipc_first;
	}
}

bool audit_run(struct audit *audit, const uint8_t *bytes, uint64_t size)
{
	struct report *report = &audit->report;
	const char *error;

	memset(audit, 0, sizeof(*audit));
	error = elf_open(&audit->elf, bytes, size);
	if (error != NULL) {
		report_finding(report, "elf-format", "%s", error);
		return false;
	}
	if (!plan_tables_load(&audit->plan, &audit->elf, report) ||
	    !plan_tables_check(&audit->plan, report)) {
		return false;
	}
	open_vms(audit);
	check_elf(audit);
	check_sections(audit);
	check_maps(audit);
	check_frames(audit);
	check_cpus(audit);
	check_interrupts(audit);
	check_loads(audit);
	check_windows(audit);
	check_channels(audit);
	return report->findings.count == 0;
}

void audit_free(struct audit *audit)
{
	for (uint32_t i = 0; audit->vms != NULL && i < audit->plan.system.vm_count; i++) {
		map_list_free(&audit->vms[i].stage2);
		map_list_free(&audit->vms[i].loader);
	}
	free(audit->vms);
	map_list_free(&audit->hyp);
	plan_tables_free(&audit->plan);
	elf_close(&audit->elf);
	report_free(&audit->report);
	memset(audit, 0, sizeof(*audit));
}

bool vm_owns_irq(const struct plan_vm *vm, uint32_t irq)
{
	return irq < 32 * PLAN_IRQ_WORDS && (vm->irqs[irq / 32] >> (irq % 32) & 1) != 0;
}

const struct audit_vm *irq_owner(const struct audit *audit, uint32_t irq)
{
	for (uint32_t i = 0; i < audit->plan.system.vm_count; i++) {
		if (vm_owns_irq(audit->vms[i].plan, irq)) {
			return &audit->vms[i];
		}
	}
	return NULL;
}

bool vm_ram_holds(const struct audit_vm *vm, uint64_t pa, uint64_t size)
{
	uint64_t end = pa + size;
	bool advanced = true;

	/* Extents are in order of VM address: go on as long as one of them continues the range. */
	while (pa < end && advanced) {
		advanced = false;
		for (uint32_t i = 0; i < vm->plan->extent_count; i++) {
			const struct plan_extent *extent = &vm->extents[i];

			if (extent->kind == PLAN_MEMORY_RAM && pa >= extent->pa &&
			    pa - extent->pa < extent->size) {
				pa = extent->pa + extent->size;
				advanced = true;
			}
		}
	}
	return pa >= end;
}
