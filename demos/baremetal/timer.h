/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The virtual timer of the Arm generic timer: a counter that all vCPUs of a VM see alike, and one
 * comparator per vCPU, whose interrupt is level-triggered and lasts until the comparator is moved or
 * stopped.
 */
#pragma once

#include <stdint.h>

#include "cpu.h"

#define TIMER_IRQ 27

static inline uint64_t timer_hz(void)
{
	return cpu_read(CNTFRQ_EL0);
}

/* Counter ticks. */
static inline uint64_t timer_now(void)
{
	cpu_isb(); /* the counter may otherwise be read early */
	return cpu_read(CNTVCT_EL0);
}

/* TIMER_IRQ from when the counter reaches `ticks`. */
static inline void timer_set(uint64_t ticks)
{
	cpu_write(CNTV_CVAL_EL0, ticks);
	cpu_write(CNTV_CTL_EL0, 1); /* ENABLE, not IMASK */
	cpu_isb();
}

static inline void timer_stop(void)
{
	cpu_write(CNTV_CTL_EL0, 0);
	cpu_isb();
}

/* Busy-waits. */
static inline void timer_delay_us(uint64_t us)
{
	uint64_t end = timer_now() + us * timer_hz() / 1000000;

	while (timer_now() < end) {
	}
}
