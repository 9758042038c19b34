/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about CPUs: how many the VMs want, and which. */
#include "planner.h"

static const char *affinity_where(struct planner *p, const struct model_vm *vm)
{
	return arena_printf(&p->arena, "%s: cpu_affinity", vm->name);
}

static void check_affinity(struct planner *p, const struct model_vm *vm)
{
	uint32_t count = p->inputs.board->cpu_count;
	cpumap_t there = count >= MAX_CPUS ? UINT64_MAX : (UINT64_C(1) << count) - 1;
	cpumap_t missing = vm->config.cpu_affinity & ~there;

	if (missing != 0) {
		REPORT(p, CPU_AFFINITY, affinity_where(p, vm),
		       "0x%llx names CPUs (0x%llx) that board %s, with CPUs 0 to %u, does not "
		       "have; use bits of "
		       "0x%llx",
		       (unsigned long long)vm->config.cpu_affinity, (unsigned long long)missing,
		       p->inputs.board->name, count - 1, (unsigned long long)there);
	}
}

void check_cpus(struct planner *p)
{
	uint32_t count = p->inputs.board->cpu_count;
	const char *users = "";
	uint64_t wanted = 0;

	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct model_vm *vm = &p->model.vms[v];
		size_t cpu_num = vm->config.platform.cpu_num;

		if (cpu_num == 0 || cpu_num > MAX_CPUS) {
			REPORT(p, CPU_COUNT,
			       arena_printf(&p->arena, "%s: platform.cpu_num", vm->name),
			       "%zu virtual CPUs; use 1 to %u", cpu_num, MAX_CPUS);
			cpu_num = cpu_num > MAX_CPUS ? MAX_CPUS : cpu_num;
		}
		users = arena_printf(&p->arena, "%s%s%s %zu", users, v != 0 ? ", " : "", vm->name,
				     cpu_num);
		wanted += cpu_num;
		check_affinity(p, vm);
	}
	if (wanted > count) {
		REPORT(p, CPU_OVERCOMMIT, "config: vmlist",
		       "the VMs want %llu CPUs (%s) and board %s has %u, each for one vCPU; take "
		       "%llu away by "
		       "lowering platform.cpu_num",
		       (unsigned long long)wanted, users, p->inputs.board->name, count,
		       (unsigned long long)(wanted - count));
	}
}
