/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CPUs: every vCPU has one of its own, and both tables that say so agree.
 */
#include "audit.h"

/* The CPU that plan_vcpu_cpus names runs this vCPU; that no other CPU does is check_cpu()'s. */
static void check_vcpus(struct audit *audit, uint32_t index)
{
	const struct plan_tables *plan = &audit->plan;
	const struct plan_vm *vm = &plan->vms[index];

	for (uint32_t i = 0; i < vm->vcpu_count; i++) {
		uint32_t number = plan->vcpu_cpus[vm->vcpu_first + i];
		const struct plan_cpu *cpu = &plan->cpus[number];

		if (cpu->vm != index || cpu->vcpu != i) {
			report_finding(
				&audit->report, "cpu-back-reference",
				"VM %s: vCPU %u is to run on CPU %u, which runs %s%s vCPU %u",
				vm->name, i, number, cpu->vm == PLAN_NONE8 ? "no VM" : "VM ",
				cpu->vm == PLAN_NONE8 ? "," : plan->vms[cpu->vm].name, cpu->vcpu);
		}
	}
}

/* Against the CPUs before it. */
static void check_cpu(struct audit *audit, uint32_t index)
{
	const struct plan_tables *plan = &audit->plan;
	const struct plan_cpu *cpu = &plan->cpus[index];

	for (uint32_t i = 0; i < index; i++) {
		const struct plan_cpu *other = &plan->cpus[i];

		if (other->hw_id == cpu->hw_id) {
			report_finding(&audit->report, "cpu-hw-id",
				       "CPU %u and CPU %u both have hardware id " HEX, i, index,
				       cpu->hw_id);
		}
		if (cpu->vm != PLAN_NONE8 && other->vm == cpu->vm && other->vcpu == cpu->vcpu) {
			report_finding(&audit->report, "cpu-twice",
				       "CPU %u and CPU %u both run VM %s vCPU %u", i, index,
				       plan->vms[cpu->vm].name, cpu->vcpu);
		}
	}
}

void check_cpus(struct audit *audit)
{
	const struct plan_system *system = &audit->plan.system;
	size_t before = audit->report.findings.count;

	for (uint32_t i = 0; i < system->vm_count; i++) {
		check_vcpus(audit, i);
	}
	for (uint32_t i = 0; i < system->cpu_count; i++) {
		audit->cpu_count += audit->plan.cpus[i].vm != PLAN_NONE8;
		check_cpu(audit, i);
	}
	if (system->vm_count > 0 && audit->plan.cpus[system->console_cpu].vm == PLAN_NONE8) {
		report_finding(&audit->report, "cpu-console",
			       "CPU %u is to serve the console, but runs no VM and is switched off",
			       system->console_cpu);
	}
	report_proof(&audit->report, before, "cpus",
		     "%u vCPUs, each on a CPU of its own; %u CPUs, each with its own hardware id",
		     system->vcpu_count, system->cpu_count);
}
