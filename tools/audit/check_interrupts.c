/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interrupts: who owns which. SGIs and PPIs exist once per CPU, so two VMs, which share no CPU, may
 * own the same PPI; SPIs exist once.
 */
#include "audit.h"

#define FIRST_PPI 16u
#define FIRST_SPI 32u

/* The hypervisor's use of an interrupt; NULL: none. */
static const char *hyp_use(const struct plan_system *system, uint32_t irq)
{
	if (irq == 0) {
		return NULL; /* stands for "none" */
	}
	return irq == system->console_irq       ? "console"
	       : irq == system->maintenance_irq ? "maintenance"
						: NULL;
}

static void check_owned(struct audit *audit, const struct plan_vm *vm, uint32_t irq)
{
	const struct plan_system *system = &audit->plan.system;
	const char *use = hyp_use(system, irq);

	audit->interrupt_count++;
	if (irq < FIRST_PPI) {
		report_finding(&audit->report, "irq-sgi",
			       "VM %s owns interrupt %u, which CPUs send each other", vm->name,
			       irq);
	}
	if (irq >= system->irq_count || irq >= vm->irq_count) {
		report_finding(&audit->report, "irq-range",
			       "VM %s owns interrupt %u; the controller has %u, the VM is shown %u",
			       vm->name, irq, system->irq_count, vm->irq_count);
	}
	if (use != NULL) {
		report_finding(&audit->report, "irq-hypervisor",
			       "VM %s owns interrupt %u, which is the hypervisor's %s interrupt",
			       vm->name, irq, use);
	}
}

static void check_shared(struct audit *audit, uint32_t index, uint32_t irq)
{
	const struct plan_tables *plan = &audit->plan;

	for (uint32_t i = 0; i < index && irq >= FIRST_SPI; i++) {
		if (vm_owns_irq(&plan->vms[i], irq)) {
			report_finding(&audit->report, "irq-shared",
				       "VM %s and VM %s both own interrupt %u", plan->vms[i].name,
				       plan->vms[index].name, irq);
		}
	}
}

static void check_uart(struct audit *audit, const struct plan_vm *vm)
{
	if (vm->uart_irq != 0 && (vm->uart_irq < FIRST_SPI || !vm_owns_irq(vm, vm->uart_irq))) {
		report_finding(
			&audit->report, "irq-uart",
			"VM %s: its virtual UART raises interrupt %u, which is not an SPI of "
			"its own",
			vm->name, vm->uart_irq);
	}
}

void check_interrupts(struct audit *audit)
{
	const struct plan_tables *plan = &audit->plan;
	size_t before = audit->report.findings.count;

	for (uint32_t i = 0; i < plan->system.vm_count; i++) {
		for (uint32_t irq = 0; irq < 32 * PLAN_IRQ_WORDS; irq++) {
			if (vm_owns_irq(&plan->vms[i], irq)) {
				check_owned(audit, &plan->vms[i], irq);
				check_shared(audit, i, irq);
			}
		}
		check_uart(audit, &plan->vms[i]);
	}
	report_proof(&audit->report, before, "interrupts",
		     "%u interrupts, each SPI with one owner, none the hypervisor's",
		     audit->interrupt_count);
}
