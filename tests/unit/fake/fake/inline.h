/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inlined operations of <bao/arch/inline.h> for the fake architecture: variables a test can set, and
 * calls into machine.c where something has to happen.
 */
#pragma once

#include <stdint.h>

struct cpu;

#define ARCH_ALARM_IRQ UINT32_C(26)
#define FAKE_COUNTER_HZ UINT64_C(1000000)

extern struct cpu *fake_self; /* the CPU that "runs" */
extern uint64_t fake_clock;   /* the counter; moves when a test or a busy-wait moves it */
extern uint64_t fake_alarm;   /* 0: not set */

/* A CPU waits for another one, or for an interrupt. */
void fake_relax(void);
void fake_wait_for_interrupt(void);

static inline struct cpu *arch_cpu_self(void)
{
	return fake_self;
}

static inline void arch_cpu_relax(void)
{
	fake_relax();
}

static inline void arch_wait_for_interrupt(void)
{
	fake_wait_for_interrupt();
}

static inline uint64_t arch_counter(void)
{
	return fake_clock;
}

static inline uint64_t arch_counter_hz(void)
{
	return FAKE_COUNTER_HZ;
}

static inline void arch_alarm_set(uint64_t at)
{
	fake_alarm = at;
}

static inline void arch_alarm_clear(void)
{
	fake_alarm = 0;
}
