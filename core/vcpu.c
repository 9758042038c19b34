/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Virtual CPUs going on and off. The state word is the only thing two CPUs touch: whoever moves it from
 * OFF to STARTING owns the start arguments until the request is posted. No lock.
 */
#include <bao/vcpu.h>

#include <bao/arch/cpu.h>
#include <bao/arch/inline.h>
#include <bao/arch/vcpu.h>
#include <bao/fault.h>
#include <bao/vm.h>

enum vcpu_start_result vcpu_start(uint32_t id, uint64_t entry, uint64_t argument)
{
	struct vcpu *self = &arch_cpu_self()->vcpu;
	struct cpu *cpu = cpu_of_vcpu(self->plan, id);
	uint32_t expected = VCPU_OFF;

	if (atomic_load_explicit(&vms[self->vm].state, memory_order_relaxed) != VM_RUNNING) {
		return VCPU_START_STOPPING;
	}
	if (!atomic_compare_exchange_strong_explicit(&cpu->vcpu.state, &expected, VCPU_STARTING,
						     memory_order_acquire, memory_order_relaxed)) {
		return expected == VCPU_ON ? VCPU_START_ALREADY_ON : VCPU_START_PENDING;
	}
	cpu->vcpu.start_entry = entry;
	cpu->vcpu.start_argument = argument;
	cpu_request(cpu, CPU_REQUEST_START);
	return VCPU_START_OK;
}

void vcpu_start_requested(void)
{
	struct vcpu *vcpu = &arch_cpu_self()->vcpu;
	uint32_t expected = VCPU_STARTING;

	/*
	 * A request from before the VM was stopped is void: it finds the VM stopping, where this CPU parked
	 * before the request came, or the state reset.
	 */
	if (atomic_load_explicit(&vms[vcpu->vm].state, memory_order_relaxed) != VM_RUNNING) {
		return;
	}
	if (atomic_compare_exchange_strong_explicit(&vcpu->state, &expected, VCPU_ON,
						    memory_order_acquire, memory_order_relaxed)) {
		arch_call_on_empty_stack(vcpu_enter_fresh);
	}
}

void vcpu_enter_fresh(void)
{
	struct cpu *self = arch_cpu_self();
	struct vcpu *vcpu = &self->vcpu;

	fault_reset();
	arch_vcpu_reset(vcpu->start_entry, vcpu->start_argument);
	self->phase = CPU_PHASE_RUNNING;
	arch_vcpu_enter();
}

void vcpu_off(void)
{
	struct vcpu *vcpu = &arch_cpu_self()->vcpu;

	arch_vcpu_stop();
	/* Pairs with the acquire in vcpu_start(): a start finds the vCPU at rest. */
	atomic_store_explicit(&vcpu->state, VCPU_OFF, memory_order_release);
	arch_call_on_empty_stack(cpu_idle);
}

enum vcpu_state vcpu_state_of(uint32_t id)
{
	struct cpu *cpu = cpu_of_vcpu(arch_cpu_self()->vcpu.plan, id);

	return (enum vcpu_state)atomic_load_explicit(&cpu->vcpu.state, memory_order_relaxed);
}
