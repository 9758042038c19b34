/* SPDX-License-Identifier: Apache-2.0 */
/* Contract: what an architecture does for physical CPUs. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <bao/cpu.h>
#include <bao/util.h>

/*
 * Compares this CPU with what the plan relies on and stops with a line naming expected and found if
 * they differ. Every CPU, once, when the console works.
 */
void arch_check_assumptions(void);

/* Prepares this CPU to run guests: trap configuration, own stage-2 settings. Once per CPU. */
void arch_cpu_init(void);

/*
 * Starts another CPU at the hypervisor's secondary entry, through firmware. NULL: accepted. Else a
 * constant text that says why not.
 */
const char *arch_cpu_start(const struct cpu *cpu);

/* Switches this CPU off through firmware, or sleeps for ever where that is refused. */
NORETURN void arch_cpu_off(void);

/* Switches the machine off through firmware, or sleeps for ever where that is refused. */
NORETURN void arch_system_off(void);

/* Sleeps for ever with everything masked. */
NORETURN void arch_cpu_stop(void);

/* Gives up the current stack and calls `function` on an empty one. */
NORETURN void arch_call_on_empty_stack(void (*function)(void));
