/* SPDX-License-Identifier: Apache-2.0 */
/* Starting and stopping virtual CPUs. Architectures translate PSCI and SBI calls into these. */
#pragma once

#include <bao/cpu.h>

enum vcpu_start_result {
	VCPU_START_OK,
	VCPU_START_ALREADY_ON,
	VCPU_START_PENDING,
	VCPU_START_STOPPING
};

/*
 * Starts vCPU `id` of this CPU's VM at `entry` (VM address) with `argument` in its first register.
 * Returns at once; callable from a trap. `id` < vcpu_count.
 */
enum vcpu_start_result vcpu_start(uint32_t id, uint64_t entry, uint64_t argument) MUST_CHECK;

/* Switches this CPU's vCPU off; it can be started again. Called from a trap. */
NORETURN void vcpu_off(void);

/* Carries out CPU_REQUEST_START, unless it is void by now. Does not return if it starts the vCPU. */
void vcpu_start_requested(void);

/* Resets this CPU's vCPU, whose state is VCPU_ON by now, and enters it at start_entry. The CPU's stack is given up. */
NORETURN void vcpu_enter_fresh(void);

/* Whether vCPU `id` of this CPU's VM is off, starting or on. */
enum vcpu_state vcpu_state_of(uint32_t id);
