/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows that are emulated: an access must fault to be emulated, so nothing may be mapped under
 * one, and each must belong to something of its VM's.
 */
#include "audit.h"

static const char *kind_name(uint32_t kind)
{
	static const char *const names[] = {
		[PLAN_WINDOW_GICD] = "distributor", [PLAN_WINDOW_GICR] = "redistributor",
		[PLAN_WINDOW_UART] = "UART",        [PLAN_WINDOW_DOORBELL] = "doorbell",
		[PLAN_WINDOW_REMIO] = "remote I/O", [PLAN_WINDOW_EMPTY] = "empty bus",
	};

	return names[kind];
}

/* Against what the walk found, so that a page mapped by mistake counts as well as one planned. */
static void check_covered(struct audit *audit, const struct audit_vm *vm,
			  const struct plan_window *window)
{
	for (size_t i = 0; i < vm->stage2.count; i++) {
		const struct map_range *range = &vm->stage2.ranges[i];

		if (ranges_overlap(window->va, window->size, range->va, range->size)) {
			report_finding(&audit->report, "window-mapped",
				       "%s: the %s window at " HEX
				       " is reached without a trap through the mapping of " HEX
				       "-" HEX,
				       vm->label.text, kind_name(window->kind), window->va,
				       range->va, range->va + range->size);
		}
	}
}

static void check_place(struct audit *audit, const struct audit_vm *vm, uint32_t index)
{
	const struct plan_window *window = &vm->windows[index];

	if (!range_inside(window->va, window->size, 0, UINT64_C(1) << vm->plan->ipa_bits)) {
		report_finding(&audit->report, "window-range",
			       "%s: the %s window at " HEX " is beyond its %u-bit address space",
			       vm->label.text, kind_name(window->kind), window->va,
			       vm->plan->ipa_bits);
	}
	/* In order, so that the hypervisor may search them; then only neighbours can overlap. */
	if (index > 0 && window->va < window[-1].va + window[-1].size) {
		report_finding(&audit->report, "window-order",
			       "%s: the %s window at " HEX " begins before the %s window at " HEX
			       " ends",
			       vm->label.text, kind_name(window->kind), window->va,
			       kind_name(window[-1].kind), window[-1].va);
	}
}

static void check_doorbell(struct audit *audit, const struct audit_vm *vm,
			   const struct plan_window *window)
{
	if (window->argument >= vm->plan->ipc_count) {
		report_finding(&audit->report, "window-argument",
			       "%s: the doorbell at " HEX " rings channel %u of %u", vm->label.text,
			       window->va, window->argument, vm->plan->ipc_count);
	}
}

static void check_remio(struct audit *audit, const struct audit_vm *vm,
			const struct plan_window *window)
{
	const struct plan_remio *remio = NULL;

	if (window->argument < audit->plan.system.remio_count) {
		remio = &audit->plan.remios[window->argument];
	}
	if (remio == NULL || &audit->vms[remio->frontend_vm] != vm ||
	    remio->window_va != window->va) {
		report_finding(&audit->report, "window-argument",
			       "%s: the window at " HEX
			       " belongs to remote I/O %u, whose frontend is not this VM there",
			       vm->label.text, window->va, window->argument);
	}
}

/* A VM has at most one of each of these. */
static void check_kinds(struct audit *audit, const struct audit_vm *vm)
{
	uint32_t counts[PLAN_WINDOW_EMPTY + 1] = { 0 };
	bool uart = vm->plan->uart_irq != 0;

	for (uint32_t i = 0; i < vm->plan->window_count; i++) {
		counts[vm->windows[i].kind]++;
	}
	for (uint32_t kind = PLAN_WINDOW_GICD; kind <= PLAN_WINDOW_UART; kind++) {
		if (counts[kind] > 1) {
			report_finding(&audit->report, "window-kind", "%s has %u %s windows",
				       vm->label.text, counts[kind], kind_name(kind));
		}
	}
	if (uart != (counts[PLAN_WINDOW_UART] != 0)) {
		report_finding(&audit->report, "window-kind",
			       "%s has %u UART windows, but UART interrupt %u", vm->label.text,
			       counts[PLAN_WINDOW_UART], vm->plan->uart_irq);
	}
}

static void check_window(struct audit *audit, const struct audit_vm *vm, uint32_t index)
{
	const struct plan_window *window = &vm->windows[index];

	check_place(audit, vm, index);
	check_covered(audit, vm, window);
	if (window->kind == PLAN_WINDOW_DOORBELL) {
		check_doorbell(audit, vm, window);
	} else if (window->kind == PLAN_WINDOW_REMIO) {
		check_remio(audit, vm, window);
	}
}

void check_windows(struct audit *audit)
{
	size_t before = audit->report.findings.count;

	for (uint32_t i = 0; i < audit->plan.system.vm_count; i++) {
		for (uint32_t j = 0; j < audit->vms[i].plan->window_count; j++) {
			check_window(audit, &audit->vms[i], j);
		}
		check_kinds(audit, &audit->vms[i]);
	}
	report_proof(&audit->report, before, "windows",
		     "%u emulated windows, nothing mapped under any, each its VM's own",
		     audit->plan.system.window_count);
}
