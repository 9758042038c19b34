/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a VM's vCPUs are numbered in its MPIDRs, and so in PSCI calls and interrupt routes: sixteen to an
 * Aff1, which is what the target list of an SGI can name. Aff2 and Aff3 are zero.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <bao/plan.h>

#define AFFINITY_VCPUS_PER_AFF1 16u

/* Virtual MPIDR affinity of vCPU `id`. */
static inline uint64_t affinity_of_vcpu(uint32_t id)
{
	return ((uint64_t)(id / AFFINITY_VCPUS_PER_AFF1) << 8) | (id % AFFINITY_VCPUS_PER_AFF1);
}

/* The VM's vCPU with this affinity; false, and `*id` untouched: it has none. */
static inline bool affinity_to_vcpu(const struct plan_vm *plan, uint64_t affinity, uint32_t *id)
{
	uint64_t number = ((affinity >> 8) & 0xff) * AFFINITY_VCPUS_PER_AFF1 + (affinity & 0xff);

	if ((affinity & ~UINT64_C(0xffff)) != 0 || (affinity & 0xff) >= AFFINITY_VCPUS_PER_AFF1 ||
	    number >= plan->vcpu_count) {
		return false;
	}
	*id = (uint32_t)number;
	return true;
}
