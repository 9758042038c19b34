/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which CPU runs which vCPU. Affinities are honoured for as many vCPUs as possible, by a maximum
 * matching in the configuration's order; what is left goes to the lowest free CPUs. vCPU n of a VM
 * runs on the n-th lowest CPU it got.
 */
#include "planner.h"

/* One vCPU wanted by a VM, and the CPUs that are taken by which. */
struct matching {
	uint32_t cpu_count;
	uint32_t slot_count;
	uint32_t slot_vm[MAX_CPUS];
	cpumap_t slot_affinity[MAX_CPUS];
	uint32_t cpu_slot[MAX_CPUS]; /* MAX_CPUS: free */
};

/* Finds the slot a CPU of its affinity, moving others if they have an alternative. */
static bool match_slot(struct matching *m, uint32_t slot, cpumap_t *visited)
{
	for (uint32_t cpu = 0; cpu < m->cpu_count; cpu++) {
		cpumap_t bit = UINT64_C(1) << cpu;

		if ((m->slot_affinity[slot] & bit) == 0 || (*visited & bit) != 0) {
			continue;
		}
		*visited |= bit;
		if (m->cpu_slot[cpu] == MAX_CPUS || match_slot(m, m->cpu_slot[cpu], visited)) {
			m->cpu_slot[cpu] = slot;
			return true;
		}
	}
	return false;
}

static bool slot_has_cpu(const struct matching *m, uint32_t slot)
{
	for (uint32_t cpu = 0; cpu < m->cpu_count; cpu++) {
		if (m->cpu_slot[cpu] == slot) {
			return true;
		}
	}
	return false;
}

static void list_slots(const struct planner *p, struct matching *m)
{
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct vm_config *wanted = &p->model.vms[v].config;

		for (size_t n = 0; n < wanted->platform.cpu_num && m->slot_count < MAX_CPUS; n++) {
			m->slot_vm[m->slot_count] = v;
			m->slot_affinity[m->slot_count] = wanted->cpu_affinity;
			m->slot_count++;
		}
	}
}

static const char *users_text(struct planner *p, const struct matching *m, cpumap_t affinity,
			      uint32_t except)
{
	const char *text = "";

	for (uint32_t cpu = 0; cpu < m->cpu_count; cpu++) {
		uint32_t slot = m->cpu_slot[cpu];

		if ((affinity & (UINT64_C(1) << cpu)) != 0 && slot != MAX_CPUS &&
		    m->slot_vm[slot] != except) {
			text = arena_printf(&p->arena, "%s%sCPU %u is with %s", text,
					    text[0] != '\0' ? ", " : "", cpu,
					    p->model.vms[m->slot_vm[slot]].name);
		}
	}
	return text[0] != '\0' ? text : "it names fewer CPUs than platform.cpu_num";
}

/* Gives slots that got nothing the lowest free CPUs, as v2 did. */
static void place_rest(struct planner *p, struct matching *m)
{
	for (uint32_t slot = 0; slot < m->slot_count; slot++) {
		uint32_t cpu = 0;

		if (slot_has_cpu(m, slot)) {
			continue;
		}
		while (cpu < m->cpu_count && m->cpu_slot[cpu] != MAX_CPUS) {
			cpu++;
		}
		if (cpu == m->cpu_count) {
			return; /* over-committed: reported by check_cpus() */
		}
		if (m->slot_affinity[slot] != 0) {
			const struct model_vm *vm = &p->model.vms[m->slot_vm[slot]];

			REPORT(p, CPU_AFFINITY_TAKEN,
			       arena_printf(&p->arena, "%s: cpu_affinity", vm->name),
			       "0x%llx has no CPU left for one of its %zu vCPUs (%s), which gets "
			       "CPU %u; change "
			       "one of the affinities if that matters",
			       (unsigned long long)vm->config.cpu_affinity,
			       vm->config.platform.cpu_num,
			       users_text(p, m, m->slot_affinity[slot], vm->index), cpu);
		}
		m->cpu_slot[cpu] = slot;
	}
}

void place_cpus(struct planner *p)
{
	struct matching m = { .cpu_count = p->inputs.board->cpu_count };

	if (m.cpu_count > MAX_CPUS) {
		m.cpu_count = MAX_CPUS; /* reported by check_board() */
	}
	for (uint32_t cpu = 0; cpu < MAX_CPUS; cpu++) {
		m.cpu_slot[cpu] = MAX_CPUS;
	}
	list_slots(p, &m);
	for (uint32_t slot = 0; slot < m.slot_count; slot++) {
		cpumap_t visited = 0;

		(void)match_slot(&m, slot, &visited);
	}
	place_rest(p, &m);
	for (uint32_t cpu = 0; cpu < m.cpu_count; cpu++) {
		if (m.cpu_slot[cpu] != MAX_CPUS) {
			struct model_vm *vm = &p->model.vms[m.slot_vm[m.cpu_slot[cpu]]];

			vm->cpus[vm->cpu_count++] = cpu;
		}
	}
}
