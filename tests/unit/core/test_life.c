/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of VMs and vCPUs: core/vm.c, vcpu.c and cpu.c together. CPUs take turns as a test says, so
 * that the meeting of a stopping VM's CPUs is seen in every order of arrival. vm.c is included, since the
 * count of halted VMs has no way back but a machine that boots.
 */
#include <fake/test.h>

#include <bao/arch/inline.h>
#include <bao/fault.h>
#include <bao/vcpu.h>
#include <bao/vm.h>
#include <fake/irqchip.h>
#include <fake/machine.h>

#include <core/vm.c>

static const uint32_t alpha_cpus[] = { CPU_ALPHA_0, CPU_ALPHA_1, CPU_ALPHA_2 };

static uint32_t start_id;
static uint64_t start_entry, start_argument;
static enum vcpu_start_result start_result;

static void start(void)
{
	start_result = vcpu_start(start_id, start_entry, start_argument);
}

/* The vCPU on `cpu` starts vCPU `id` of its VM. */
static enum vcpu_start_result start_from(uint32_t cpu, uint32_t id, uint64_t entry,
					 uint64_t argument)
{
	start_id = id;
	start_entry = entry;
	start_argument = argument;
	assert_int_equal(fake_run(cpu, start), FAKE_RETURNED);
	return start_result;
}

/* A CPU that idles, or whose guest runs, takes the kick that waits for it. */
static enum fake_end serve(uint32_t cpu)
{
	assert_true(fake_interrupt_waits(cpu));
	assert_int_equal(cpus[cpu].phase == CPU_PHASE_IDLE || cpus[cpu].phase == CPU_PHASE_RUNNING,
			 1);
	return fake_run(cpu, cpus[cpu].phase == CPU_PHASE_IDLE ? cpu_idle : cpu_handle_requests);
}

static void stop_to_halt(void)
{
	vm_stop(VM_STOP_HALT, "powered off");
}

static void stop_to_restart(void)
{
	vm_stop(VM_STOP_RESTART, "reset");
}

static void boot(uint32_t cpu)
{
	assert_int_equal(fake_run(cpu, vm_boot), FAKE_IN_GUEST);
}

/* Boots alpha and brings all its vCPUs up. */
static void boot_alpha(void)
{
	boot(CPU_ALPHA_0);
	for (uint32_t id = 1; id < 3; id++) {
		assert_int_equal(start_from(CPU_ALPHA_0, id, 0x40001000, id), VCPU_START_OK);
		assert_int_equal(serve(alpha_cpus[id]), FAKE_IN_GUEST);
	}
	(void)fake_trace();
}

static int setup(void **state)
{
	(void)state;
	fake_machine_reset();
	fake_irqchip_reset();
	memset(vms, 0, sizeof(vms));
	halted_count = 0;
	cpus_init();
	for (uint32_t i = 0; i < PLAN_CPU_COUNT; i++) {
		cpus[i].phase = CPU_PHASE_IDLE;
	}
	return 0;
}

static void cpus_are_as_planned(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < PLAN_CPU_COUNT; i++) {
		assert_int_equal(cpus[i].id, i);
		if (i == CPU_UNUSED) {
			assert_null(cpus[i].vcpu.plan);
			continue;
		}
		assert_ptr_equal(cpus[i].vcpu.plan, &plan_vms[plan_cpus[i].vm]);
		assert_int_equal(cpus[i].vcpu.vm, plan_cpus[i].vm);
		assert_int_equal(cpus[i].vcpu.id, plan_cpus[i].vcpu);
		assert_ptr_equal(cpu_of_vcpu(cpus[i].vcpu.plan, cpus[i].vcpu.id), &cpus[i]);
	}
}

/* ---- starting ---------------------------------------------------------------------------------------- */

static void vm_boots(void **state)
{
	(void)state;
	boot(CPU_ALPHA_0);
	assert_trace("stage2 0; load 0; reset_interrupts 0; log2 alpha started on CPU 0; "
		     "reset 0 0x40000000 0x40f00000; enter 0");
	assert_int_equal(vms[ALPHA].state, VM_RUNNING);
	assert_int_equal(cpus[CPU_ALPHA_0].vcpu.state, VCPU_ON);
	assert_int_equal(cpus[CPU_ALPHA_0].phase, CPU_PHASE_RUNNING);
	assert_int_equal(cpus[CPU_ALPHA_1].vcpu.state, VCPU_OFF);
}

static void vcpu_starts(void **state)
{
	(void)state;
	boot(CPU_ALPHA_0);
	(void)fake_trace();
	assert_int_equal(start_from(CPU_ALPHA_0, 1, 0x40001000, 77), VCPU_START_OK);
	fake_be(CPU_ALPHA_0);
	assert_int_equal(vcpu_state_of(1), VCPU_STARTING);
	assert_int_equal(start_from(CPU_ALPHA_0, 1, 0x40002000, 78), VCPU_START_PENDING);
	assert_int_equal(serve(CPU_ALPHA_1), FAKE_IN_GUEST);
	assert_trace("reset 2 0x40001000 0x4d; enter 2");
	assert_int_equal(vcpu_state_of(1), VCPU_ON);
	assert_int_equal(vcpu_state_of(2), VCPU_OFF);
	assert_int_equal(start_from(CPU_ALPHA_0, 1, 0x40002000, 78), VCPU_START_ALREADY_ON);
	assert_int_equal(start_from(CPU_ALPHA_1, 0, 0x40002000, 78), VCPU_START_ALREADY_ON);
	assert_int_equal(start_from(CPU_ALPHA_1, 1, 0x40002000, 78), VCPU_START_ALREADY_ON);
	assert_false(fake_interrupt_waits(CPU_ALPHA_1));
}

static void vcpu_goes_off_and_on(void **state)
{
	(void)state;
	boot_alpha();
	assert_int_equal(fake_run(CPU_ALPHA_2, vcpu_off), FAKE_SLEEPING);
	assert_trace("stop 3");
	assert_int_equal(cpus[CPU_ALPHA_2].phase, CPU_PHASE_IDLE);
	fake_be(CPU_ALPHA_1);
	assert_int_equal(vcpu_state_of(2), VCPU_OFF);
	assert_int_equal(start_from(CPU_ALPHA_1, 2, 0x40003000, 5), VCPU_START_OK);
	assert_int_equal(serve(CPU_ALPHA_2), FAKE_IN_GUEST);
	assert_trace("reset 3 0x40003000 0x5; enter 3");
	assert_int_equal(vms[ALPHA].state, VM_RUNNING);
}

/* A kick without a request, and a request that came twice, are nothing special. */
static void stray_kicks(void **state)
{
	(void)state;
	boot_alpha();
	cpu_request(&cpus[CPU_ALPHA_1], 0);
	assert_int_equal(serve(CPU_ALPHA_1), FAKE_RETURNED);
	cpu_request(&cpus[CPU_ALPHA_1], CPU_REQUEST_START); /* void: the vCPU is on */
	assert_int_equal(fake_run(CPU_ALPHA_1, cpu_handle_requests), FAKE_RETURNED);
	assert_trace("");
}

static void requests_are_carried_out_once(void **state)
{
	(void)state;
	boot(CPU_GAMMA);
	(void)fake_trace();
	cpu_request(&cpus[CPU_GAMMA], CPU_REQUEST_CONSOLE);
	cpu_request(&cpus[CPU_GAMMA], CPU_REQUEST_INTERRUPTS);
	assert_int_equal(fake_run(CPU_GAMMA, cpu_handle_requests), FAKE_RETURNED);
	assert_trace("console_service 4; interrupts_changed 4");
	assert_int_equal(fake_run(CPU_GAMMA, cpu_handle_requests), FAKE_RETURNED);
	assert_trace("");
	cpu_request(&cpus[CPU_GAMMA], CPU_REQUEST_PANIC | CPU_REQUEST_CONSOLE | CPU_REQUEST_STOP);
	assert_int_equal(fake_run(CPU_GAMMA, cpu_handle_requests), FAKE_STOPPED);
	assert_trace("");
}

/* ---- the meeting ------------------------------------------------------------------------------------- */

static const uint8_t orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
				     { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };

/* All of alpha's CPUs stop, the first of `order` because its guest asked; the second waits idle or not. */
static void meet(const uint8_t *order, void (*why)(void), bool second_is_off)
{
	boot_alpha();
	if (second_is_off) {
		assert_int_equal(fake_run(alpha_cpus[order[1]], vcpu_off), FAKE_SLEEPING);
	}
	assert_int_equal(fake_run(alpha_cpus[order[0]], why), FAKE_SLEEPING);
	assert_int_equal(vms[ALPHA].state, VM_STOPPING);
	assert_int_equal(serve(alpha_cpus[order[1]]), FAKE_SLEEPING);
	assert_int_equal(vms[ALPHA].state, VM_STOPPING);
	(void)fake_trace();
}

static void halts_in_every_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
		for (int off = 0; off < 2; off++) {
			char expected[64];
			uint32_t last = alpha_cpus[orders[i][2]];

			setup(NULL);
			meet(orders[i], stop_to_halt, off != 0);
			assert_int_equal(serve(last), FAKE_SLEEPING);
			snprintf(expected, sizeof(expected), "stop %u; log2 alpha halted", last);
			assert_trace(expected);
			assert_int_equal(vms[ALPHA].state, VM_HALTED);
			for (uint32_t id = 0; id < 3; id++) {
				assert_int_equal(cpus[alpha_cpus[id]].vcpu.state, VCPU_OFF);
				assert_int_equal(cpus[alpha_cpus[id]].phase, CPU_PHASE_IDLE);
				assert_int_equal(cpus[alpha_cpus[id]].requests, 0);
			}
			assert_int_equal(vms[ALPHA].parked, 0);
		}
	}
}

static void restarts_in_every_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
		for (int off = 0; off < 2; off++) {
			uint32_t last = alpha_cpus[orders[i][2]];

			setup(NULL);
			meet(orders[i], stop_to_restart, off != 0);
			if (last == CPU_ALPHA_0) {
				/* It finds its own request while it begins to idle. */
				assert_int_equal(serve(last), FAKE_IN_GUEST);
			} else {
				assert_int_equal(serve(last), FAKE_SLEEPING);
				assert_int_equal(vms[ALPHA].state, VM_LOADING);
				assert_int_equal(serve(CPU_ALPHA_0), FAKE_IN_GUEST);
			}
			assert_non_null(strstr(fake_trace(),
					       "; load 0 again; reset_interrupts 0; "
					       "log2 alpha restarted on CPU 0; "
					       "reset 0 0x40000000 0x40f00000; enter 0"));
			assert_int_equal(vms[ALPHA].state, VM_RUNNING);
			assert_int_equal(vms[ALPHA].restarts, 1);
			assert_int_equal(cpus[CPU_ALPHA_0].vcpu.state, VCPU_ON);
			assert_int_equal(cpus[CPU_ALPHA_1].vcpu.state, VCPU_OFF);
			assert_int_equal(cpus[CPU_ALPHA_2].vcpu.state, VCPU_OFF);
			/* It can bring its vCPUs up, and stop again. */
			assert_int_equal(start_from(CPU_ALPHA_0, 2, 1, 2), VCPU_START_OK);
			assert_int_equal(serve(CPU_ALPHA_2), FAKE_IN_GUEST);
			assert_int_equal(fake_run(CPU_ALPHA_2, stop_to_restart), FAKE_SLEEPING);
		}
	}
}

/* Two guests ask at once: the first decides, the second parks with the others. */
static void two_ask_at_once(void **state)
{
	(void)state;
	boot_alpha();
	assert_int_equal(fake_run(CPU_ALPHA_1, stop_to_restart), FAKE_SLEEPING);
	/* Asked before it heard of the first; it then finds the request to park. */
	assert_int_equal(fake_run(CPU_ALPHA_0, stop_to_halt), FAKE_SLEEPING);
	assert_int_equal(vms[ALPHA].parked, 2);
	assert_int_equal(serve(CPU_ALPHA_2), FAKE_SLEEPING);
	assert_int_equal(vms[ALPHA].state, VM_LOADING);
	assert_int_equal(serve(CPU_ALPHA_0), FAKE_IN_GUEST);
	assert_int_equal(vms[ALPHA].restarts, 1);
}

/* Without a pristine copy of its image a VM can't be restarted: it is halted instead. */
static void image_in_place_is_not_restarted(void **state)
{
	(void)state;
	boot(CPU_BETA);
	(void)fake_trace();
	assert_int_equal(fake_run(CPU_BETA, stop_to_restart), FAKE_SLEEPING);
	assert_trace("log1 beta: its image is used in place and can't be loaded anew; "
		     "log2 beta: reset; stop 1; log2 beta halted");
	assert_int_equal(vms[BETA].state, VM_HALTED);
	assert_int_equal(vms[BETA].restarts, 0);
}

/* ---- starts that cross a stop -------------------------------------------------------------------------- */

static void no_start_while_stopping(void **state)
{
	(void)state;
	boot_alpha();
	assert_int_equal(fake_run(CPU_ALPHA_2, vcpu_off), FAKE_SLEEPING);
	assert_int_equal(fake_run(CPU_ALPHA_0, stop_to_restart), FAKE_SLEEPING);
	assert_int_equal(start_from(CPU_ALPHA_1, 2, 0x40001000, 0), VCPU_START_STOPPING);
	assert_int_equal(cpus[CPU_ALPHA_2].vcpu.state, VCPU_OFF);
}

/* START and STOP wait together: the stop wins, and nothing is left of the start. */
static void stop_outranks_start(void **state)
{
	(void)state;
	boot_alpha();
	assert_int_equal(fake_run(CPU_ALPHA_2, vcpu_off), FAKE_SLEEPING);
	assert_int_equal(start_from(CPU_ALPHA_1, 2, 0x40001000, 0), VCPU_START_OK);
	assert_int_equal(fake_run(CPU_ALPHA_0, stop_to_restart), FAKE_SLEEPING);
	assert_int_equal(serve(CPU_ALPHA_2), FAKE_SLEEPING);
	assert_int_equal(cpus[CPU_ALPHA_2].vcpu.state, VCPU_OFF);
	assert_int_equal(serve(CPU_ALPHA_1), FAKE_SLEEPING);
	assert_int_equal(serve(CPU_ALPHA_0), FAKE_IN_GUEST);
	assert_int_equal(cpus[CPU_ALPHA_2].requests, 0);
	fake_be(CPU_ALPHA_0);
	assert_int_equal(vcpu_state_of(2), VCPU_OFF);
}

/* What the second half of vcpu_start() does, its first half having seen the VM still running. */
static void late_start(uint32_t cpu)
{
	cpus[cpu].vcpu.state = VCPU_STARTING;
	cpus[cpu].vcpu.start_entry = 0x40001000;
	cpu_request(&cpus[cpu], CPU_REQUEST_START);
}

/* vCPU 2 has parked already when vCPU 1, which has not heard of the stop, posts a start for it. */
static void start_posted_after_parking_is_void(void **state)
{
	(void)state;
	boot_alpha();
	assert_int_equal(fake_run(CPU_ALPHA_0, stop_to_restart), FAKE_SLEEPING);
	assert_int_equal(serve(CPU_ALPHA_2), FAKE_SLEEPING);
	late_start(CPU_ALPHA_2);
	(void)fake_trace();
	assert_int_equal(serve(CPU_ALPHA_2), FAKE_SLEEPING); /* not in the guest of a stopping VM */
	assert_trace("");
	assert_int_equal(serve(CPU_ALPHA_1), FAKE_SLEEPING);
	assert_int_equal(serve(CPU_ALPHA_0), FAKE_IN_GUEST);
	assert_int_equal(cpus[CPU_ALPHA_2].vcpu.state, VCPU_OFF);
	assert_int_equal(start_from(CPU_ALPHA_0, 2, 0x40001000, 0), VCPU_START_OK);
	assert_int_equal(serve(CPU_ALPHA_2), FAKE_IN_GUEST);
}

/* The same, and its CPU takes the request only when the VM is running again. */
static void start_taken_after_restart_is_void(void **state)
{
	(void)state;
	boot_alpha();
	assert_int_equal(fake_run(CPU_ALPHA_0, stop_to_restart), FAKE_SLEEPING);
	assert_int_equal(serve(CPU_ALPHA_2), FAKE_SLEEPING);
	late_start(CPU_ALPHA_2);
	assert_int_equal(serve(CPU_ALPHA_1), FAKE_SLEEPING);
	assert_int_equal(serve(CPU_ALPHA_0), FAKE_IN_GUEST);
	(void)fake_trace();
	/* Not even the request is left: it must not pass for one of the new life. */
	assert_int_equal(cpus[CPU_ALPHA_2].requests, 0);
	assert_int_equal(serve(CPU_ALPHA_2), FAKE_SLEEPING);
	assert_trace("");
	assert_int_equal(cpus[CPU_ALPHA_2].vcpu.state, VCPU_OFF);
}

/* ---- halting --------------------------------------------------------------------------------------------- */

static void halt(uint32_t cpu)
{
	const struct plan_vm *plan = cpus[cpu].vcpu.plan;

	boot(cpu);
	(void)fake_trace();
	assert_int_equal(fake_run(cpu, stop_to_halt), FAKE_SLEEPING);
	for (uint32_t id = 1; id < plan->vcpu_count; id++) {
		assert_int_equal(serve(cpu_of_vcpu(plan, id)->id), FAKE_SLEEPING);
	}
}

/* The console's CPU does it, so that everything is shown before. */
static void last_halt_switches_off(void **state)
{
	(void)state;
	halt(CPU_GAMMA);
	assert_trace("log2 gamma: powered off; stop 4; log2 gamma halted");
	halt(CPU_WIDE_0);
	halt(CPU_ALPHA_0);
	(void)fake_trace();
	assert_false(fake_interrupt_waits(PLAN_CONSOLE_CPU));
	halt(CPU_BETA);
	if (!IS_ENABLED(CONFIG_SYSTEM_OFF_WHEN_IDLE)) {
		assert_trace("log2 beta: powered off; stop 1; log2 beta halted");
		assert_false(fake_interrupt_waits(PLAN_CONSOLE_CPU));
		return;
	}
	assert_trace("log2 beta: powered off; stop 1; log2 beta halted; "
		     "log2 every VM has halted: powering off");
	assert_int_equal(serve(PLAN_CONSOLE_CPU), FAKE_SYSTEM_OFF);
	assert_trace("console_flush 4");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_SETUP(cpus_are_as_planned, setup),
		TEST_SETUP(vm_boots, setup),
		TEST_SETUP(vcpu_starts, setup),
		TEST_SETUP(vcpu_goes_off_and_on, setup),
		TEST_SETUP(stray_kicks, setup),
		TEST_SETUP(requests_are_carried_out_once, setup),
		TEST_SETUP(halts_in_every_order, setup),
		TEST_SETUP(restarts_in_every_order, setup),
		TEST_SETUP(two_ask_at_once, setup),
		TEST_SETUP(image_in_place_is_not_restarted, setup),
		TEST_SETUP(no_start_while_stopping, setup),
		TEST_SETUP(stop_outranks_start, setup),
		TEST_SETUP(start_posted_after_parking_is_void, setup),
		TEST_SETUP(start_taken_after_restart_is_void, setup),
		TEST_SETUP(last_halt_switches_off, setup),
	};

	return RUN_TESTS(tests);
}
