/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/init.c: the order of the boot, and each way in which it is refused. init.c is included, so that a
 * test can take back that all CPUs are there.
 */
#include <fake/test.h>

#include <bao/vm.h>
#include <fake/irqchip.h>
#include <fake/machine.h>

#include <core/init.c>

/* A CPU that never arrives, though its start was accepted. */
static uint32_t lost;
static uint64_t lost_since;
static bool arrived[PLAN_CPU_COUNT];

/* While the boot CPU waits, the one it has started last arrives, and waits for all the others. */
static void start_next(void)
{
	uint32_t next = 0;

	while (next < PLAN_CPU_COUNT &&
	       (next == fake_self->id || next == CPU_UNUSED || arrived[next])) {
		next++;
	}
	if (next == PLAN_CPU_COUNT || next == lost) {
		lost_since = lost_since == 0 ? fake_clock : lost_since;
		return;
	}
	arrived[next] = true;
	fake_on_relax = NULL;
	(void)fake_trace();
	assert_int_equal(fake_run(next, init_secondary_cpu), FAKE_SPINNING);
	assert_int_equal(cpus[next].online, 1);
	fake_on_relax = start_next;
}

static int setup(void **state)
{
	(void)state;
	fake_machine_reset();
	fake_irqchip_reset();
	memset(vms, 0, sizeof(vms));
	memset(arrived, 0, sizeof(arrived));
	cpus_init();
	all_online = 0;
	lost = PLAN_CPU_COUNT;
	lost_since = 0;
	fake_on_relax = start_next;
	return 0;
}

#define HELLO "console_init; log2 Bao on fake: 24 CPUs, 4 VMs"
#define STOPPED "log0 this machine is not the one the system was planned for: stopped"

static void another_interrupt_controller(void **state)
{
	(void)state;
	fake_irqchip_problem = "expected a GICv3, found something else";
	assert_int_equal(fake_run(0, init_boot_cpu), FAKE_STOPPED);
	/* Nothing of the controller was touched. */
	assert_trace(HELLO "; log0 expected a GICv3, found something else; " STOPPED);
}

static void a_cpu_that_firmware_does_not_know(void **state)
{
	(void)state;
	fake_start_answers[CPU_BETA] = "the firmware knows no such CPU";
	assert_int_equal(fake_run(0, init_boot_cpu), FAKE_STOPPED);
	assert_trace(HELLO "; irqchip_init; check 0; irqchip_cpu_init 0; cpu_init 0; cpu_start 1; "
			   "log0 CPU 1 (hardware id 0x1) of the 24 CPUs planned for: the firmware "
			   "knows no such CPU; log0 a CPU is missing; " STOPPED);
}

static void a_cpu_that_does_not_arrive(void **state)
{
	(void)state;
	lost = CPU_WIDE_0 + 2;
	assert_int_equal(fake_run(0, init_boot_cpu), FAKE_STOPPED);
	assert_non_null(strstr(fake_trace(),
			       "cpu_start 8; log0 CPU 8 (hardware id 0x102) of the 24 CPUs planned "
			       "for: it was started and did not arrive within 1 s; "
			       "log0 a CPU is missing; " STOPPED));
	/* It was given its second. */
	assert_true(fake_clock - lost_since >= FAKE_COUNTER_HZ);
	assert_true(fake_clock - lost_since < FAKE_COUNTER_HZ + FAKE_COUNTER_HZ / 10);
}

static void a_cpu_without_vm_goes_off(void **state)
{
	(void)state;
	fake_on_relax = NULL;
	assert_int_equal(fake_run(CPU_UNUSED, init_secondary_cpu), FAKE_CPU_OFF);
	assert_trace("check 5; irqchip_cpu_init 5; cpu_init 5; log3 CPU 5 has no VM: off");
}

/* Until all are there nobody runs a guest: see start_next(). Then the boot CPU enters its VM. */
static void boots(void **state)
{
	const char *trace;

	(void)state;
	assert_int_equal(fake_run(0, init_boot_cpu), FAKE_IN_GUEST);
	trace = fake_trace();
	assert_non_null(strstr(trace, "check 23; irqchip_cpu_init 23; cpu_init 23; console_start; "
				      "stage2 0; load 0;"));
	assert_null(strstr(trace, "log0"));
	for (uint32_t i = 0; i < PLAN_CPU_COUNT; i++) {
		assert_int_equal(arrived[i], i != 0 && i != CPU_UNUSED);
	}
}

/* A CPU without a VM may be the one the machine boots on. */
static void boots_on_a_cpu_without_vm(void **state)
{
	const char *trace;

	(void)state;
	assert_int_equal(fake_run(CPU_UNUSED, init_boot_cpu), FAKE_CPU_OFF);
	trace = fake_trace();
	assert_non_null(strstr(trace, "cpu_init 23; console_start; log3 CPU 5 has no VM: off"));
	assert_true(arrived[0]);
	assert_int_equal(all_online, 1);
}

/* Once all are there: vCPU 0's CPU boots its VM, the others wait for a start. */
static void secondaries_run(void **state)
{
	(void)state;
	all_online = 1;
	fake_on_relax = NULL;
	assert_int_equal(fake_run(CPU_ALPHA_1, init_secondary_cpu), FAKE_SLEEPING);
	assert_trace("check 2; irqchip_cpu_init 2; cpu_init 2");
	assert_int_equal(cpus[CPU_ALPHA_1].phase, CPU_PHASE_IDLE);
	assert_int_equal(fake_run(CPU_WIDE_0, init_secondary_cpu), FAKE_IN_GUEST);
	assert_trace(
		"check 6; irqchip_cpu_init 6; cpu_init 6; stage2 3; load 3; reset_interrupts 3; "
		"log2 wide started on CPU 6; reset 6 0x40000000 0x0; enter 6");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_SETUP(another_interrupt_controller, setup),
		TEST_SETUP(a_cpu_that_firmware_does_not_know, setup),
		TEST_SETUP(a_cpu_that_does_not_arrive, setup),
		TEST_SETUP(a_cpu_without_vm_goes_off, setup),
		TEST_SETUP(boots, setup),
		TEST_SETUP(boots_on_a_cpu_without_vm, setup),
		TEST_SETUP(secondaries_run, setup),
	};

	return RUN_TESTS(tests);
}
