/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine that host tests run on: CPUs that take turns in one thread, a clock, and ends for the
 * functions that never return. What happens is noted in a trace, which a test compares.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <bao/cpu.h>

/* How what fake_run() started came to an end. */
enum fake_end {
	FAKE_RETURNED,
	FAKE_SLEEPING,   /* waits for an interrupt, and none is pending */
	FAKE_IN_GUEST,   /* entered its guest */
	FAKE_STOPPED,    /* arch_cpu_stop() */
	FAKE_CPU_OFF,    /* arch_cpu_off() */
	FAKE_SYSTEM_OFF, /* arch_system_off() */
	FAKE_SPINNING,   /* waited for another CPU for longer than any test's clock goes */
	FAKE_PANICKED,   /* panic(), where fake/log.c stands in for the log */
};

/*
 * Runs a function as CPU `cpu`, and what it calls on an empty stack after it. May be called again from
 * within, for another CPU; the outer CPU goes on when that has ended.
 */
enum fake_end fake_run(uint32_t cpu, void (*function)(void));

/* Ends the innermost fake_run(). */
_Noreturn void fake_end_run(enum fake_end end);

/* Fresh machine: CPU 0, clock at an odd time, empty trace, hooks off, cpus[] cleared. */
void fake_machine_reset(void);

/* The machine as it is when guests run: every CPU initialised from the plan, CPU `cpu` is running. */
void fake_machine_boot(uint32_t cpu);

/* Makes CPU `cpu` the one that runs. */
void fake_be(uint32_t cpu);

/* Called when a CPU waits; what it does may end the waiting. NULL: nothing happens meanwhile. */
extern void (*fake_on_relax)(void);
extern void (*fake_on_wait)(void);

/* What arch_cpu_start() answers for each CPU; NULL: accepted. */
extern const char *fake_start_answers[];

/* Provided by the fake interrupt controller of the test: whether `cpu` has an interrupt to take. */
bool fake_interrupt_waits(uint32_t cpu);

/* ---- the trace ------------------------------------------------------------------------------- */

/* Appends to the trace; notes are separated by "; ". */
void fake_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Returns the trace and empties it. The text is valid until the next but one call. */
const char *fake_trace(void);

#define assert_trace(expected) assert_string_equal(fake_trace(), expected)
