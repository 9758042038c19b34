/* SPDX-License-Identifier: Apache-2.0 */
/*
 * START HERE: boot, in order. The boot CPU comes from the architecture's entry code with the MMU on and
 * a stack; it initialises what exists once, starts the other CPUs, and then does what they do: prepare
 * itself and run its VM. No lock; `online` and `all_online` are the only words CPUs exchange.
 */
#include <bao/init.h>

#include <bao/arch/cpu.h>
#include <bao/arch/inline.h>
#include <bao/check.h>
#include <bao/console.h>
#include <bao/cpu.h>
#include <bao/drivers/irqchip.h>
#include <bao/kconfig.h>
#include <bao/log.h>
#include <bao/vm.h>

#define CPU_START_TIMEOUT_MS 1000u

/* The plan and the machine disagree: say so and stop, before a guest runs. */
static void refuse(const char *what)
{
	log_error("%s", what);
	log_error("this machine is not the one the system was planned for: stopped");
	arch_cpu_stop();
}

static void check_irqchip(void)
{
	const char *problem = irqchip_check();

	if (problem != NULL) {
		refuse(problem);
	}
}

/* 1 once every CPU of the plan is ready: only then does a VM start that might reach for another CPU. */
static _Atomic uint32_t all_online;

static bool wait_online(const struct cpu *cpu)
{
	uint64_t start = arch_counter();
	uint64_t timeout = arch_counter_hz() / 1000 * CPU_START_TIMEOUT_MS;

	while (atomic_load_explicit(&cpu->online, memory_order_acquire) == 0) {
		if (arch_counter() - start > timeout) {
			return false;
		}
		arch_cpu_relax();
	}
	return true;
}

static void start_other_cpus(const struct cpu *self)
{
	for (uint32_t i = 0; i < PLAN_CPU_COUNT; i++) {
		const struct cpu *cpu = &cpus[i];
		const char *problem;

		if (cpu == self || cpu->vcpu.plan == NULL) {
			continue;
		}
		problem = arch_cpu_start(cpu);
		if (problem == NULL && !wait_online(cpu)) {
			problem = "it was started and did not arrive within 1 s";
		}
		if (problem != NULL) {
			log_error("CPU %u (hardware id 0x%llx) of the %u CPUs planned for: %s", i,
				  (unsigned long long)plan_cpus[i].hw_id, PLAN_CPU_COUNT, problem);
			refuse("a CPU is missing");
		}
	}
}

/* What every CPU does for itself. */
static void cpu_init(struct cpu *self)
{
	self->phase = CPU_PHASE_BOOT;
	arch_check_assumptions();
	irqchip_cpu_init();
	arch_cpu_init();
	atomic_store_explicit(&self->online, 1, memory_order_release);
}

static NORETURN void cpu_run(const struct cpu *self)
{
	if (self->vcpu.plan == NULL) {
		log_debug("CPU %u has no VM: off", self->id);
		arch_cpu_off();
	}
	/* Pairs with the release in init_boot_cpu(). */
	while (atomic_load_explicit(&all_online, memory_order_acquire) == 0) {
		arch_cpu_relax();
	}
	if (self->vcpu.id == 0) {
		arch_call_on_empty_stack(vm_boot);
	}
	arch_call_on_empty_stack(cpu_idle);
}

void init_boot_cpu(void)
{
	struct cpu *self = arch_cpu_self();

	console_init();
	log_info("Bao on %s: %u CPUs, %u VMs", PLAN_BOARD_NAME, PLAN_CPU_COUNT, PLAN_VM_COUNT);
	check_irqchip();
	irqchip_init();
	cpu_init(self);
	start_other_cpus(self);
	console_start();
	atomic_store_explicit(&all_online, 1, memory_order_release);
	cpu_run(self);
}

void init_secondary_cpu(void)
{
	struct cpu *self = arch_cpu_self();

	cpu_init(self);
	cpu_run(self);
}
