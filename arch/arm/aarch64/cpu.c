/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Physical CPUs: from the entry code to core/init.c, starting and stopping, and what EL2 traps. Takes
 * no lock.
 */
#include <bao/arch/cpu.h>

#include <stddef.h>

#include <arm/aarch64/cpu.h>
#include <arm/aarch64/sysreg.h>
#include <arm/affinity.h>
#include <arm/firmware.h>
#include <bao/arch/inline.h>
#include <bao/arch/vcpu.h>
#include <bao/check.h>
#include <bao/init.h>
#include <bao/kconfig.h>
#include <bao/log.h>

#define STACK_STRIDE (PAGE_SIZE + CONFIG_STACK_SIZE)
#define OWNS_IRQ(plan, irq) (((plan)->irqs[(irq) / 32] & BIT32((irq) % 32)) != 0)

/* For start.S, which can't ask the compiler. */
const uint64_t cpu_struct_size = sizeof(struct cpu);

_Static_assert(offsetof(struct cpu, emergency_stack) == 0, "report_bug in vectors.S");
_Static_assert(sizeof(struct plan_cpu) == 16, "find_cpu in start.S");

void boot_primary(void)
{
	cpus_init();
	init_boot_cpu();
}

void boot_secondary(void)
{
	init_secondary_cpu();
}

static uint64_t stack_top(const struct cpu *self)
{
	return (uint64_t)(uintptr_t)hyp_stacks + (self->id + 1) * STACK_STRIDE;
}

void arch_call_on_empty_stack(void (*function)(void))
{
	call_on_stack(function, stack_top(arch_cpu_self()));
}

void arch_vcpu_enter(void)
{
	const struct cpu *self = arch_cpu_self();

	enter_guest(self->vcpu.start_argument, stack_top(self));
}

void arch_check_assumptions(void)
{
	static const uint8_t pa_bits[] = { 32, 36, 40, 42, 44, 48, 52, 56 };
	uint64_t range = sysreg_read(id_aa64mmfr0_el1) & 7;

	if (pa_bits[range] < PLAN_PA_BITS) {
		log_error("CPU %u has %u physical address bits, the plan needs %u: stopped",
			  arch_cpu_self()->id, pa_bits[range], PLAN_PA_BITS);
		arch_cpu_stop();
	}
}

void arch_cpu_init(void)
{
	const struct vcpu *vcpu = &arch_cpu_self()->vcpu;

	if (vcpu->plan == NULL) {
		return;
	}
	sysreg_write(hcr_el2, HCR_VM | HCR_SWIO | HCR_FMO | HCR_IMO | HCR_AMO | HCR_TSC |
				      HCR_TIDCP | HCR_RW | HCR_APK | HCR_API);
	sysreg_write(cptr_el2, CPTR_VALUE);
	sysreg_write(hstr_el2, 0);
	/* The guest has all event counters (PMCR_EL0.N), and nothing of debug or PMU traps. */
	sysreg_write(mdcr_el2, (sysreg_read(pmcr_el0) >> 11) & 0x1f);
	sysreg_write(cnthctl_el2,
		     CNTHCTL_EL1PCTEN |
			     (OWNS_IRQ(vcpu->plan, PLAN_TIMER_PHYSICAL_IRQ) ? CNTHCTL_EL1PCEN : 0));
	sysreg_write(cntvoff_el2, 0);
	sysreg_write(vpidr_el2, sysreg_read(midr_el1));
	sysreg_write(vmpidr_el2, BIT64(31) | affinity_of_vcpu(vcpu->id));
	stage2_cpu_init(vcpu->vm);
	barrier_isb();
}

const char *arch_cpu_start(const struct cpu *cpu)
{
	int64_t code = firmware_cpu_on(plan_cpus[cpu->id].hw_id,
				       (uint64_t)(uintptr_t)secondary_start, cpu->id);

	switch (code) {
	case 0:
		return NULL;
	case -2: /* PSCI INVALID_PARAMETERS */
		return "the firmware knows no such CPU";
	case -4: /* ALREADY_ON */
		return "it is running already";
	case -1: /* NOT_SUPPORTED */
		return "the firmware has no PSCI CPU_ON";
	default:
		return "the firmware refuses to start it";
	}
}

void arch_cpu_off(void)
{
	firmware_cpu_off();
	arch_cpu_stop();
}

void arch_system_off(void)
{
	firmware_system_off();
	log_error("the firmware can't switch the machine off");
	arch_call_on_empty_stack(cpu_idle);
}

void arch_cpu_stop(void)
{
	for (;;) {
		arch_wait_for_interrupt();
	}
}
