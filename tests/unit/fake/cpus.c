/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In place of core/cpu.c, for tests of one file that asks other CPUs for things: requests are kept, and
 * nobody carries them out but the test.
 */
#include <bao/cpu.h>

struct cpu cpus[PLAN_CPU_COUNT];

void cpu_request(struct cpu *cpu, uint32_t request)
{
	atomic_fetch_or_explicit(&cpu->requests, request, memory_order_release);
}

struct cpu *cpu_of_vcpu(const struct plan_vm *plan, uint32_t id)
{
	return &cpus[plan_vcpu_cpus[plan->vcpu_first + id]];
}
