/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CPUs asking each other for things, and what a CPU does while its vCPU is off. No lock: requests are
 * bits that anyone sets and the owner takes.
 */
#include <bao/cpu.h>

#include <bao/arch/cpu.h>
#include <bao/arch/inline.h>
#include <bao/arch/vcpu.h>
#include <bao/console.h>
#include <bao/drivers/irqchip.h>
#include <bao/irq.h>
#include <bao/vcpu.h>
#include <bao/vm.h>

struct cpu cpus[PLAN_CPU_COUNT];

void cpus_init(void)
{
	for (uint32_t i = 0; i < PLAN_CPU_COUNT; i++) {
		const struct plan_cpu *plan = &plan_cpus[i];

		cpus[i].id = i;
		if (plan->vm != PLAN_NONE8) {
			cpus[i].vcpu.plan = &plan_vms[plan->vm];
			cpus[i].vcpu.vm = plan->vm;
			cpus[i].vcpu.id = plan->vcpu;
		}
	}
}

struct cpu *cpu_of_vcpu(const struct plan_vm *plan, uint32_t id)
{
	return &cpus[plan_vcpu_cpus[plan->vcpu_first + id]];
}

void cpu_request(struct cpu *cpu, uint32_t request)
{
	/* Pairs with the acquire in cpu_handle_requests(). */
	atomic_fetch_or_explicit(&cpu->requests, request, memory_order_release);
	irqchip_kick(cpu->id);
}

void cpu_handle_requests(void)
{
	struct cpu *self = arch_cpu_self();
	uint32_t requests = atomic_exchange_explicit(&self->requests, 0, memory_order_acquire);

	if ((requests & CPU_REQUEST_PANIC) != 0) {
		arch_cpu_stop();
	}
	if ((requests & CPU_REQUEST_CONSOLE) != 0) {
		console_service();
	}
	if ((requests & CPU_REQUEST_SYSTEM_OFF) != 0) {
		console_flush();
		arch_system_off();
	}
	if ((requests & CPU_REQUEST_INTERRUPTS) != 0) {
		arch_vcpu_interrupts_changed();
	}
	/* A stop outranks a start that was under way: the VM they belong to is going. */
	if ((requests & CPU_REQUEST_STOP) != 0) {
		vm_park();
	}
	if ((requests & CPU_REQUEST_BOOT_VM) != 0) {
		arch_call_on_empty_stack(vm_boot);
	}
	if ((requests & CPU_REQUEST_START) != 0) {
		vcpu_start_requested();
	}
}

void cpu_idle(void)
{
	arch_cpu_self()->phase = CPU_PHASE_IDLE;
	for (;;) {
		arch_wait_for_interrupt();
		irq_handle();
	}
}
