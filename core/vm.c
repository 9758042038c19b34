/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A VM's life. Entered from init (boot), from traps and requests (stop, park) and again from a request
 * (restart). No lock: `state` decides who stops a VM, `parked` who carries it out.
 */
#include <bao/vm.h>

#include <bao/arch/cpu.h>
#include <bao/arch/inline.h>
#include <bao/arch/vcpu.h>
#include <bao/arch/vm.h>
#include <bao/kconfig.h>
#include <bao/log.h>
#include <bao/remio.h>
#include <bao/vcpu.h>
#include <bao/vuart.h>

struct vm vms[PLAN_VM_COUNT];

/* VMs that have halted; when all have, the machine may be switched off. */
static _Atomic uint32_t halted_count;

void vm_boot(void)
{
	struct cpu *self = arch_cpu_self();
	struct vcpu *vcpu = &self->vcpu;
	struct vm *vm = &vms[vcpu->vm];
	bool restart = vm->restarts > 0;

	self->phase = CPU_PHASE_LOAD;
	if (!restart) {
		arch_vm_build_stage2(vcpu->vm);
	}
	arch_vm_load(vcpu->vm, restart);
	arch_vm_reset_interrupts(vcpu->vm);
	if (IS_ENABLED(CONFIG_VIRTUAL_UART)) {
		vuart_reset(vcpu->vm);
	}
	if (IS_ENABLED(CONFIG_REMIO)) {
		remio_vm_started(vcpu->vm);
	}
	vcpu->start_entry = vcpu->plan->entry;
	vcpu->start_argument = vcpu->plan->boot_arg;
	atomic_store_explicit(&vcpu->state, VCPU_ON, memory_order_relaxed);
	/* Pairs with the loads of `state` in vcpu_start() and vm_stop(). */
	atomic_store_explicit(&vm->state, VM_RUNNING, memory_order_release);
	log_info("%s %s on CPU %u", vcpu->plan->name, restart ? "restarted" : "started", self->id);
	vcpu_enter_fresh();
}

static void halted(const struct vcpu *vcpu)
{
	atomic_store_explicit(&vms[vcpu->vm].state, VM_HALTED, memory_order_relaxed);
	log_info("%s halted", vcpu->plan->name);
	if (atomic_fetch_add_explicit(&halted_count, 1, memory_order_relaxed) + 1 ==
		    PLAN_VM_COUNT &&
	    IS_ENABLED(CONFIG_SYSTEM_OFF_WHEN_IDLE)) {
		log_info("every VM has halted: powering off");
		cpu_request(&cpus[PLAN_CONSOLE_CPU], CPU_REQUEST_SYSTEM_OFF);
	}
}

/* Start requests that were on their way when the VM stopped are void. All its CPUs have parked. */
static void void_starts(const struct vcpu *vcpu)
{
	for (uint32_t i = 0; i < vcpu->plan->vcpu_count; i++) {
		struct cpu *cpu = cpu_of_vcpu(vcpu->plan, i);

		atomic_store_explicit(&cpu->vcpu.state, VCPU_OFF, memory_order_relaxed);
		atomic_fetch_and_explicit(&cpu->requests, ~CPU_REQUEST_START, memory_order_relaxed);
	}
}

/* The last CPU of the VM has parked. */
static void stopped(const struct vcpu *vcpu)
{
	struct vm *vm = &vms[vcpu->vm];

	void_starts(vcpu);
	atomic_store_explicit(&vm->parked, 0, memory_order_relaxed);
	if (IS_ENABLED(CONFIG_REMIO)) {
		remio_vm_stopped(vcpu->vm);
	}
	if (atomic_load_explicit(&vm->stop_action, memory_order_relaxed) == VM_STOP_RESTART) {
		vm->restarts++;
		atomic_store_explicit(&vm->state, VM_LOADING, memory_order_relaxed);
		cpu_request(cpu_of_vcpu(vcpu->plan, 0), CPU_REQUEST_BOOT_VM);
	} else {
		halted(vcpu);
	}
}

void vm_park(void)
{
	struct vcpu *vcpu = &arch_cpu_self()->vcpu;
	struct vm *vm = &vms[vcpu->vm];

	arch_vcpu_stop();
	atomic_store_explicit(&vcpu->state, VCPU_OFF, memory_order_relaxed);
	/* Acquire and release: the last to arrive sees what every other CPU did before it parked. */
	if (atomic_fetch_add_explicit(&vm->parked, 1, memory_order_acq_rel) + 1 ==
	    vcpu->plan->vcpu_count) {
		stopped(vcpu);
	}
	arch_call_on_empty_stack(cpu_idle);
}

void vm_stop(enum vm_stop_action action, const char *why)
{
	struct vcpu *vcpu = &arch_cpu_self()->vcpu;
	struct vm *vm = &vms[vcpu->vm];
	uint32_t expected = VM_RUNNING;

	/* If another vCPU was first, this one finds CPU_REQUEST_STOP waiting and parks by it. */
	if (!atomic_compare_exchange_strong_explicit(&vm->state, &expected, VM_STOPPING,
						     memory_order_acquire, memory_order_relaxed)) {
		vcpu_off();
	}
	if (action == VM_STOP_RESTART && vcpu->plan->image_in_place != 0) {
		log_warning("%s: its image is used in place and can't be loaded anew",
			    vcpu->plan->name);
		action = VM_STOP_HALT;
	}
	atomic_store_explicit(&vm->stop_action, action, memory_order_relaxed);
	log_info("%s: %s", vcpu->plan->name, why);
	for (uint32_t i = 0; i < vcpu->plan->vcpu_count; i++) {
		if (i != vcpu->id) {
			cpu_request(cpu_of_vcpu(vcpu->plan, i), CPU_REQUEST_STOP);
		}
	}
	vm_park();
}
