/* SPDX-License-Identifier: Apache-2.0 */
/* Hypercalls: <abi/bao.h>'s ids to functions. Register conventions are the architecture's. */
#pragma once

#include <stdint.h>

#define HYPERCALL_ARGUMENTS 5
#define HYPERCALL_RESULTS 7

/* Further results, beside the result code. */
struct hypercall_results {
	uint64_t values[HYPERCALL_RESULTS - 1];
	uint32_t count;
};

/*
 * Carries out hypercall `id` for this CPU's vCPU. `arguments` holds HYPERCALL_ARGUMENTS values.
 * Returns a BAO_HC_* code; `results` is filled where the call has further results.
 */
int64_t hypercall(uint32_t id, const uint64_t *arguments, struct hypercall_results *results);
