/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policy for guest faults: the only place that has one. Entered from the architecture's trap handlers.
 * No lock. A guest that faults for ever is reported once per start of its vCPU, so that it can't flood
 * the console.
 */
#include <bao/fault.h>

#include <bao/arch/inline.h>
#include <bao/arch/vcpu.h>
#include <bao/log.h>
#include <bao/vm.h>

static bool reported[PLAN_CPU_COUNT]; /* owner CPU only */

static const char *const kind_names[] = {
	[FAULT_DATA_ACCESS] = "data access",
	[FAULT_INSTRUCTION_FETCH] = "instruction fetch",
	[FAULT_UNDEFINED] = "undefined access",
	[FAULT_SERROR] = "SError",
};

static const char *const outcome_names[] = {
	[PLAN_ON_FAULT_INJECT] = "injected",
	[PLAN_ON_FAULT_HALT] = "halting the VM",
	[PLAN_ON_FAULT_RESTART] = "restarting the VM",
};

void vcpu_fault(const struct fault *fault)
{
	const struct cpu *self = arch_cpu_self();
	const struct vcpu *vcpu = &self->vcpu;
	uint32_t policy = vcpu->plan->on_fault;

	if (!reported[self->id]) {
		reported[self->id] = true;
		log_warning("%s vCPU %u: %s fault at 0x%llx, pc 0x%llx, syndrome 0x%llx: %s",
			    vcpu->plan->name, vcpu->id, kind_names[fault->kind],
			    (unsigned long long)fault->address, (unsigned long long)fault->pc,
			    (unsigned long long)fault->syndrome, outcome_names[policy]);
	}
	switch (policy) {
	case PLAN_ON_FAULT_INJECT:
		arch_vcpu_inject(fault);
		break;
	case PLAN_ON_FAULT_RESTART:
		vm_stop(VM_STOP_RESTART, "fault");
	default:
		vm_stop(VM_STOP_HALT, "fault");
	}
}

void fault_reset(void)
{
	reported[arch_cpu_self()->id] = false;
}
