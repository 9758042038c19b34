/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The virtual CPU's registers: reset, stop, and injected exceptions. EL1 state lives in the CPU's own
 * registers, since the CPU has no other guest. No lock.
 */
#include <bao/arch/vcpu.h>

#include <arm/aarch64/sysreg.h>
#include <arm/vgic/vgic.h>
#include <bao/arch/inline.h>
#include <bao/cpu.h>

/* DDI 0487 D1.3: what the architecture defines at reset, and zero for what it leaves unknown. */
static void reset_el1(void)
{
	sysreg_write(sctlr_el1, SCTLR_EL1_RESET);
	sysreg_write(actlr_el1, 0);
	sysreg_write(cpacr_el1, 0);
	sysreg_write(ttbr0_el1, 0);
	sysreg_write(ttbr1_el1, 0);
	sysreg_write(tcr_el1, 0);
	sysreg_write(mair_el1, 0);
	sysreg_write(amair_el1, 0);
	sysreg_write(vbar_el1, 0);
	sysreg_write(esr_el1, 0);
	sysreg_write(far_el1, 0);
	sysreg_write(afsr0_el1, 0);
	sysreg_write(afsr1_el1, 0);
	sysreg_write(par_el1, 0);
	sysreg_write(elr_el1, 0);
	sysreg_write(spsr_el1, 0);
	sysreg_write(sp_el0, 0);
	sysreg_write(sp_el1, 0);
	sysreg_write(tpidr_el0, 0);
	sysreg_write(tpidrro_el0, 0);
	sysreg_write(tpidr_el1, 0);
	sysreg_write(contextidr_el1, 0);
	sysreg_write(csselr_el1, 0);
	sysreg_write(mdscr_el1, 0);
}

static void stop_timers(void)
{
	sysreg_write(cntv_ctl_el0, 0);
	sysreg_write(cntp_ctl_el0, 0);
	sysreg_write(cntkctl_el1, 0);
}

void arch_vcpu_reset(uint64_t entry, uint64_t argument)
{
	(void)argument; /* goes into x0 by arch_vcpu_enter() */
	reset_el1();
	stop_timers();
	sysreg_write(hcr_el2, sysreg_read(hcr_el2) & ~HCR_VSE);
	sysreg_write(elr_el2, entry);
	sysreg_write(spsr_el2, SPSR_EL1H_MASKED);
	/* Nothing of an earlier life is left in this CPU's TLB or instruction cache. */
	__asm__ volatile("dsb ish\n\ttlbi vmalls12e1\n\tic iallu\n\tdsb nsh\n\tisb" ::: "memory");
	vgic_cpu_start();
}

void arch_vcpu_stop(void)
{
	stop_timers();
	vgic_cpu_stop();
}

/* ESR_EL1 for an injected exception; DDI 0487 D19.2.37. */
static uint64_t injected_syndrome(const struct fault *fault, bool from_el0)
{
	uint64_t ec = EC_UNKNOWN;
	uint64_t iss = 0;

	if (fault->kind == FAULT_DATA_ACCESS) {
		ec = from_el0 ? EC_DATA_ABORT_LOWER : EC_DATA_ABORT_SAME;
		iss = ABORT_FSC_EXTERNAL | (fault->syndrome & DABT_WNR);
	} else if (fault->kind == FAULT_INSTRUCTION_FETCH) {
		ec = from_el0 ? EC_INSTRUCTION_ABORT_LOWER : EC_INSTRUCTION_ABORT_SAME;
		iss = ABORT_FSC_EXTERNAL;
	}
	return (ec << ESR_EC_SHIFT) | ESR_IL | iss;
}

void arch_vcpu_inject(const struct fault *fault)
{
	uint64_t spsr = sysreg_read(spsr_el2);
	uint64_t mode = spsr & SPSR_MODE_MASK;
	uint64_t offset = 0x400; /* from EL0, AArch64 */

	if (fault->kind == FAULT_SERROR) {
		sysreg_write(hcr_el2, sysreg_read(hcr_el2) | HCR_VSE);
		return;
	}
	if (mode == SPSR_MODE_EL1H) {
		offset = 0x200;
	} else if (mode == SPSR_MODE_EL1T) {
		offset = 0;
	} else if ((spsr & SPSR_AARCH32) != 0) {
		offset = 0x600;
	}
	sysreg_write(elr_el1, fault->pc);
	sysreg_write(spsr_el1, spsr);
	sysreg_write(esr_el1, injected_syndrome(fault, offset >= 0x400));
	sysreg_write(far_el1, sysreg_read(far_el2));
	sysreg_write(elr_el2, sysreg_read(vbar_el1) + offset);
	sysreg_write(spsr_el2, SPSR_EL1H_MASKED);
}
