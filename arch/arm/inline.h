/* SPDX-License-Identifier: Apache-2.0 */
/* The inlined operations of <bao/arch/inline.h> for Arm. */
#pragma once

#include <stdint.h>

#include <arm/aarch64/sysreg.h>

struct cpu;

/* PPI of the EL2 physical timer, as the Base System Architecture (DEN 0094) assigns it. */
#define ARCH_ALARM_IRQ UINT32_C(26)

static inline struct cpu *arch_cpu_self(void)
{
	return (struct cpu *)(uintptr_t)sysreg_read(tpidr_el2);
}

static inline void arch_cpu_relax(void)
{
	__asm__ volatile("yield" ::: "memory");
}

static inline void arch_wait_for_interrupt(void)
{
	/* DSB: what was written before is done before the CPU sleeps. */
	__asm__ volatile("dsb sy\n\twfi" ::: "memory");
}

static inline uint64_t arch_counter(void)
{
	__asm__ volatile("isb" ::: "memory");
	return sysreg_read(cntpct_el0);
}

static inline uint64_t arch_counter_hz(void)
{
	return sysreg_read(cntfrq_el0);
}

static inline void arch_alarm_set(uint64_t at)
{
	sysreg_write(cnthp_cval_el2, at);
	sysreg_write(cnthp_ctl_el2, 1);
}

static inline void arch_alarm_clear(void)
{
	sysreg_write(cnthp_ctl_el2, 0);
}
