/* SPDX-License-Identifier: Apache-2.0 */
/* core/fault.c: what becomes of a fault under each policy, of each kind, and that it is reported once. */
#include <fake/test.h>

#include <bao/arch/inline.h>
#include <bao/fault.h>
#include <bao/vcpu.h>
#include <bao/vm.h>
#include <fake/irqchip.h>
#include <fake/machine.h>

static struct fault fault;

static void fault_now(void)
{
	vcpu_fault(&fault);
}

static int setup(void **state)
{
	(void)state;
	fake_machine_boot(0);
	fake_irqchip_reset();
	memset(vms, 0, sizeof(vms));
	for (uint32_t i = 0; i < PLAN_CPU_COUNT; i++) {
		cpus[i].vcpu.state = VCPU_ON;
		fake_be(i);
		fault_reset();
	}
	for (uint32_t i = 0; i < PLAN_VM_COUNT; i++) {
		vms[i].state = VM_RUNNING;
	}
	fault = (struct fault){ FAULT_DATA_ACCESS, 0x40001234, UINT64_C(0x1200005678),
				UINT64_C(0x93c08007) };
	return 0;
}

static const struct {
	enum fault_kind kind;
	const char *name;
} kinds[] = {
	{ FAULT_DATA_ACCESS, "data access" },
	{ FAULT_INSTRUCTION_FETCH, "instruction fetch" },
	{ FAULT_UNDEFINED, "undefined access" },
	{ FAULT_SERROR, "SError" },
};

#define REPORT "fault at 0x1200005678, pc 0x40001234, syndrome 0x93c08007"

static void inject(void **state)
{
	char expected[256];

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		setup(NULL);
		fault.kind = kinds[i].kind;
		assert_int_equal(fake_run(CPU_ALPHA_1, fault_now), FAKE_RETURNED);
		snprintf(expected, sizeof(expected),
			 "log1 alpha vCPU 1: %s " REPORT ": injected; inject 2 kind %d",
			 kinds[i].name, (int)kinds[i].kind);
		assert_trace(expected);
		assert_int_equal(vms[ALPHA].state, VM_RUNNING);
		assert_int_equal(cpus[CPU_ALPHA_1].vcpu.state, VCPU_ON);
	}
}

static void halt(void **state)
{
	char expected[256];

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		setup(NULL);
		fault.kind = kinds[i].kind;
		assert_int_equal(fake_run(CPU_BETA, fault_now), FAKE_SLEEPING);
		snprintf(expected, sizeof(expected),
			 "log1 beta vCPU 0: %s " REPORT ": halting the VM; log2 beta: fault; "
			 "stop 1; log2 beta halted",
			 kinds[i].name);
		assert_memory_equal(fake_trace(), expected, strlen(expected));
		assert_int_equal(vms[BETA].state, VM_HALTED);
		assert_int_equal(vms[ALPHA].state, VM_RUNNING);
		assert_int_equal(cpus[CPU_ALPHA_0].requests, 0);
	}
}

static void restart(void **state)
{
	char expected[512];

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		setup(NULL);
		fault.kind = kinds[i].kind;
		assert_int_equal(fake_run(CPU_GAMMA, fault_now), FAKE_IN_GUEST);
		snprintf(expected, sizeof(expected),
			 "log1 gamma vCPU 0: %s " REPORT ": restarting the VM; "
			 "log2 gamma: fault; stop 4; load 2 again; reset_interrupts 2; "
			 "log2 gamma restarted on CPU 4; reset 4 0x40080000 0x0; enter 4",
			 kinds[i].name);
		assert_trace(expected);
		assert_int_equal(vms[GAMMA].state, VM_RUNNING);
		assert_int_equal(vms[GAMMA].restarts, 1);
	}
}

static void all_cpus_of_the_vm_stop(void **state)
{
	(void)state;
	assert_int_equal(fake_run(CPU_WIDE_0 + 5, fault_now), FAKE_SLEEPING);
	assert_int_equal(vms[WIDE].state, VM_STOPPING);
	assert_int_equal(vms[WIDE].stop_action, VM_STOP_RESTART);
	for (uint32_t i = 0; i < PLAN_CPU_COUNT; i++) {
		assert_int_equal(cpus[i].requests,
				 i >= CPU_WIDE_0 && i != CPU_WIDE_0 + 5 ? CPU_REQUEST_STOP : 0);
	}
}

/* The second report of a vCPU is left out, another vCPU's is not; a fresh start reports again. */
static void reported_once_a_start(void **state)
{
	(void)state;
	assert_int_equal(fake_run(CPU_ALPHA_1, fault_now), FAKE_RETURNED);
	assert_non_null(strstr(fake_trace(), "log1 alpha vCPU 1"));
	assert_int_equal(fake_run(CPU_ALPHA_1, fault_now), FAKE_RETURNED);
	assert_trace("inject 2 kind 0");
	assert_int_equal(fake_run(CPU_ALPHA_2, fault_now), FAKE_RETURNED);
	assert_non_null(strstr(fake_trace(), "log1 alpha vCPU 2"));
	assert_int_equal(fake_run(CPU_ALPHA_1, vcpu_enter_fresh), FAKE_IN_GUEST);
	(void)fake_trace();
	assert_int_equal(fake_run(CPU_ALPHA_2, fault_now), FAKE_RETURNED);
	assert_trace("inject 3 kind 0");
	assert_int_equal(fake_run(CPU_ALPHA_1, fault_now), FAKE_RETURNED);
	assert_non_null(strstr(fake_trace(), "log1 alpha vCPU 1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_SETUP(inject, setup),
		TEST_SETUP(halt, setup),
		TEST_SETUP(restart, setup),
		TEST_SETUP(all_cpus_of_the_vm_stop, setup),
		TEST_SETUP(reported_once_a_start, setup),
	};

	return RUN_TESTS(tests);
}
