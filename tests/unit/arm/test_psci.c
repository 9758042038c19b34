/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arch/arm/psci.c: every function by its 32- and 64-bit id, every error, and what becomes of a vCPU and of
 * the VM, with core/ and the virtual GIC as they are. DEN 0022.
 */
#include "vgic_rig.h"

#include <arm/affinity.h>
#include <arm/psci.h>

#define FN32(number) (PSCI_FN_32 | (number))
#define FN64(number) (PSCI_FN_64 | (number))
#define UPPER UINT64_C(0xdead000000000000) /* what a 32-bit call must not look at */
#define POWER_DOWN 0x10000u

static uint64_t arguments[4];
static uint64_t result;
static uint32_t function_id;

static void call_now(void)
{
	result = psci_handle(function_id, arguments);
}

/* Calls as CPU `cpu`'s guest, and says how that ended. */
static enum fake_end call_ends(uint32_t cpu, uint32_t id, uint64_t a, uint64_t b, uint64_t c)
{
	function_id = id;
	arguments[0] = id;
	arguments[1] = a;
	arguments[2] = b;
	arguments[3] = c;
	result = 0x5555;
	return fake_run(cpu, call_now);
}

static uint64_t call(uint32_t cpu, uint32_t id, uint64_t a, uint64_t b, uint64_t c)
{
	assert_int_equal(call_ends(cpu, id, a, b, c), FAKE_RETURNED);
	return result;
}

#define assert_call(expected, ...) assert_u64(call(__VA_ARGS__), expected)

static int setup(void **state)
{
	vgic_rig_setup(state);
	for (uint32_t cpu = 0; cpu < PLAN_CPU_COUNT; cpu++) {
		cpus[cpu].phase = CPU_PHASE_RUNNING;
	}
	return 0;
}

static void switch_off(uint32_t cpu)
{
	assert_int_equal(fake_run(cpu, vcpu_off), FAKE_SLEEPING);
	(void)fake_trace();
}

/* ---- what there is ---------------------------------------------------------------------------------------- */

static void version(void **state)
{
	(void)state;
	assert_call(0x10001, CPU_ALPHA_0, FN32(PSCI_VERSION), 0, 0, 0);
	assert_call(2, CPU_ALPHA_0, FN32(PSCI_MIGRATE_INFO_TYPE), 0, 0, 0);
}

/* The numbers are the interface: DEN 0028, "Function IDs", and DEN 0022, "Return error codes". */
static void numbers(void **state)
{
	(void)state;
	assert_u64(PSCI_NOT_SUPPORTED, UINT64_MAX);
	assert_u64(PSCI_INVALID_PARAMETERS, UINT64_MAX - 1);
	assert_u64(PSCI_DENIED, UINT64_MAX - 2);
	assert_u64(PSCI_ALREADY_ON, UINT64_MAX - 3);
	assert_u64(PSCI_ON_PENDING, UINT64_MAX - 4);
	assert_u64(PSCI_INVALID_ADDRESS, UINT64_MAX - 8);
	assert_int_equal(FN32(PSCI_CPU_SUSPEND), 0x84000001);
	assert_int_equal(FN32(PSCI_CPU_OFF), 0x84000002);
	assert_int_equal(FN64(PSCI_CPU_ON), 0xc4000003);
	assert_int_equal(FN64(PSCI_AFFINITY_INFO), 0xc4000004);
	assert_int_equal(FN32(PSCI_SYSTEM_OFF), 0x84000008);
	assert_int_equal(FN32(PSCI_SYSTEM_RESET), 0x84000009);
	assert_int_equal(FN32(PSCI_FEATURES), 0x8400000a);
	assert_int_equal(FN64(PSCI_SYSTEM_RESET2), 0xc4000012);
	assert_u64(PSCI_AFFINITY_ON, 0);
	assert_u64(PSCI_AFFINITY_OFF, 1);
	assert_u64(PSCI_AFFINITY_ON_PENDING, 2);
}

static const struct {
	uint32_t number;
	bool has_32, has_64;
} functions[] = {
	{ PSCI_VERSION, true, false },      { PSCI_CPU_SUSPEND, true, true },
	{ PSCI_CPU_OFF, true, false },      { PSCI_CPU_ON, true, true },
	{ PSCI_AFFINITY_INFO, true, true }, { PSCI_MIGRATE_INFO_TYPE, true, false },
	{ PSCI_SYSTEM_OFF, true, false },   { PSCI_SYSTEM_RESET, true, false },
	{ PSCI_FEATURES, true, false },     { PSCI_SYSTEM_RESET2, true, true },
};

static bool exists(uint32_t number, bool wide)
{
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++) {
		if (functions[i].number == number) {
			return wide ? functions[i].has_64 : functions[i].has_32;
		}
	}
	return false;
}

static void features(void **state)
{
	(void)state;
	for (uint32_t number = 0; number < 0x200; number++) {
		assert_call(exists(number, false) ? PSCI_SUCCESS : PSCI_NOT_SUPPORTED, CPU_ALPHA_0,
			    FN32(PSCI_FEATURES), FN32(number), 0, 0);
		assert_call(exists(number, true) ? PSCI_SUCCESS : PSCI_NOT_SUPPORTED, CPU_ALPHA_0,
			    FN32(PSCI_FEATURES), UPPER | FN64(number), 0, 0);
	}
	/* SMCCC_VERSION; and ids that only look like PSCI's. */
	assert_call(PSCI_SUCCESS, CPU_ALPHA_0, FN32(PSCI_FEATURES), 0x80000000, 0, 0);
	assert_call(PSCI_NOT_SUPPORTED, CPU_ALPHA_0, FN32(PSCI_FEATURES), 0x80000001, 0, 0);
	assert_call(PSCI_NOT_SUPPORTED, CPU_ALPHA_0, FN32(PSCI_FEATURES), 0x04000000, 0, 0);
	assert_call(PSCI_NOT_SUPPORTED, CPU_ALPHA_0, FN32(PSCI_FEATURES), 0x85000000, 0, 0);
	assert_call(PSCI_NOT_SUPPORTED, CPU_ALPHA_0, FN32(PSCI_FEATURES), 0x84010000, 0, 0);
}

static void unknown_functions(void **state)
{
	(void)state;
	for (uint32_t number = 0; number < 0x200; number++) {
		if (!exists(number, false)) {
			assert_call(PSCI_NOT_SUPPORTED, CPU_ALPHA_0, FN32(number), 0, 0, 0);
		}
		if (!exists(number, true)) {
			assert_call(PSCI_NOT_SUPPORTED, CPU_ALPHA_0, FN64(number), 0, 0, 0);
		}
	}
	assert_call(PSCI_NOT_SUPPORTED, CPU_ALPHA_0, 0x84010000, 0, 0, 0);
	assert_call(PSCI_NOT_SUPPORTED, CPU_ALPHA_0, 0x8400ffff, 0, 0, 0);
	assert_trace("");
}

/* ---- CPU_ON ------------------------------------------------------------------------------------------------ */

static void cpu_on(void **state)
{
	(void)state;
	switch_off(CPU_ALPHA_1);
	assert_call(PSCI_SUCCESS, CPU_ALPHA_0, FN64(PSCI_CPU_ON), 1, 0x40001000,
		    UINT64_C(0x123456789abc));
	assert_call(PSCI_ON_PENDING, CPU_ALPHA_2, FN64(PSCI_CPU_ON), 1, 0x40002000, 0);
	assert_call(PSCI_AFFINITY_ON_PENDING, CPU_ALPHA_2, FN64(PSCI_AFFINITY_INFO), 1, 0, 0);
	assert_int_equal(fake_run(CPU_ALPHA_1, irq_handle), FAKE_IN_GUEST);
	assert_trace("reset 2 0x40001000 0x123456789abc");
	assert_call(PSCI_ALREADY_ON, CPU_ALPHA_2, FN64(PSCI_CPU_ON), 1, 0x40002000, 0);
	assert_call(PSCI_ALREADY_ON, CPU_ALPHA_2, FN64(PSCI_CPU_ON), 2, 0x40002000, 0);
	assert_call(PSCI_AFFINITY_ON, CPU_ALPHA_2, FN64(PSCI_AFFINITY_INFO), 1, 0, 0);
	assert_trace("");
}

static void cpu_on_by_32_bits(void **state)
{
	(void)state;
	switch_off(CPU_ALPHA_1);
	assert_call(PSCI_SUCCESS, CPU_ALPHA_0, FN32(PSCI_CPU_ON), UPPER | 1, UPPER | 0x40001000,
		    UPPER | 0xfffffff0);
	assert_int_equal(fake_run(CPU_ALPHA_1, irq_handle), FAKE_IN_GUEST);
	assert_trace("reset 2 0x40001000 0xfffffff0");
}

static void cpu_on_where(void **state)
{
	static const uint64_t wrong[] = {
		0x3fffffff,
		0x3ffffffc,
		0x41000000,
		0x40000002,
		0x40000001, /* around memory, unaligned */
		0x0a000000,
		0x70000000,
		0x08000000,
		0, /* device, shared, emulated, nothing */
		UINT64_C(0x140000000),
		UINT64_MAX & ~UINT64_C(3),
		0x50003000,
		0x4ffffffc, /* around the second piece of memory */
	};
	static const uint64_t right[] = { 0x40000000, 0x40fffffc, 0x50000000, 0x50002ffc };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_call(PSCI_INVALID_ADDRESS, CPU_ALPHA_0, FN64(PSCI_CPU_ON), 1, wrong[i], 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(right); i++) {
		assert_call(PSCI_ALREADY_ON, CPU_ALPHA_0, FN64(PSCI_CPU_ON), 1, right[i], 0);
	}
}

static const uint64_t no_affinities[] = {
	3,
	0x10,
	0xf,
	0x100,
	0x10000,
	UINT64_C(0x100000000),
	UINT64_C(0x80000001),
	UINT64_C(0x8000000000000001),
	UINT64_MAX,
};

static void cpu_on_whom(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(no_affinities); i++) {
		assert_call(PSCI_INVALID_PARAMETERS, CPU_ALPHA_0, FN64(PSCI_CPU_ON),
			    no_affinities[i], 0x40000000, 0);
		assert_call(PSCI_INVALID_PARAMETERS, CPU_ALPHA_0, FN64(PSCI_AFFINITY_INFO),
			    no_affinities[i], 0, 0);
	}
	assert_call(PSCI_INVALID_PARAMETERS, CPU_BETA, FN64(PSCI_CPU_ON), 1, 0x80000000, 0);
	/* Sixteen to an affinity level. */
	for (uint32_t id = 0; id < 18; id++) {
		assert_u64(affinity_of_vcpu(id), id < 16 ? id : 0x100 + id - 16);
		switch_off(CPU_WIDE_0 + 7);
		assert_call(id == 7 ? PSCI_AFFINITY_OFF : PSCI_AFFINITY_ON, CPU_WIDE_0,
			    FN64(PSCI_AFFINITY_INFO), affinity_of_vcpu(id), 0, 0);
	}
	assert_call(PSCI_INVALID_PARAMETERS, CPU_WIDE_0, FN64(PSCI_AFFINITY_INFO), 0x102, 0, 0);
	assert_call(PSCI_INVALID_PARAMETERS, CPU_WIDE_0, FN64(PSCI_AFFINITY_INFO), 0x10, 0, 0);
}

static void cpu_on_while_stopping(void **state)
{
	(void)state;
	switch_off(CPU_ALPHA_1);
	vms[ALPHA].state = VM_STOPPING;
	assert_call(PSCI_DENIED, CPU_ALPHA_0, FN64(PSCI_CPU_ON), 1, 0x40001000, 0);
}

/* ---- CPU_OFF, AFFINITY_INFO ----------------------------------------------------------------------------- */

static void cpu_off(void **state)
{
	(void)state;
	assert_int_equal(call_ends(CPU_ALPHA_1, FN32(PSCI_CPU_OFF), 0, 0, 0), FAKE_SLEEPING);
	assert_trace("stop 2");
	assert_call(PSCI_AFFINITY_OFF, CPU_ALPHA_0, FN32(PSCI_AFFINITY_INFO), UPPER | 1, UPPER, 0);
	assert_call(PSCI_AFFINITY_ON, CPU_ALPHA_0, FN32(PSCI_AFFINITY_INFO), 2, 0, 0);
	/* The VM goes on, even if it was the last. */
	assert_int_equal(call_ends(CPU_ALPHA_0, FN32(PSCI_CPU_OFF), 0, 0, 0), FAKE_SLEEPING);
	assert_int_equal(call_ends(CPU_ALPHA_2, FN32(PSCI_CPU_OFF), 0, 0, 0), FAKE_SLEEPING);
	assert_int_equal(vms[ALPHA].state, VM_RUNNING);
}

static void affinity_levels(void **state)
{
	(void)state;
	for (uint64_t level = 1; level < 5; level++) {
		assert_call(PSCI_INVALID_PARAMETERS, CPU_ALPHA_0, FN64(PSCI_AFFINITY_INFO), 0,
			    level, 0);
	}
	assert_call(PSCI_INVALID_PARAMETERS, CPU_ALPHA_0, FN64(PSCI_AFFINITY_INFO), 0,
		    UINT64_C(0x100000000), 0);
}

/* ---- CPU_SUSPEND -------------------------------------------------------------------------------------------- */

static unsigned int waits;

static void interrupt_arrives(void)
{
	waits++;
	fake_gic_pulse(CPU_ALPHA_0, 27);
}

static void enable_timer(void)
{
	guest_write_bit(CPU_ALPHA_0, 0, ISENABLER, 27);
	enable_group(CPU_ALPHA_0);
	(void)fake_trace();
	waits = 0;
	fake_on_wait = interrupt_arrives;
}

static void standby(void **state)
{
	(void)state;
	enable_timer();
	assert_call(PSCI_SUCCESS, CPU_ALPHA_0, FN64(PSCI_CPU_SUSPEND), 0x0, 0, 0);
	assert_int_equal(waits, 1);
	assert_trace("");
	/* With an interrupt waiting there is nothing to wait for. */
	take_interrupts(CPU_ALPHA_0);
	assert_call(PSCI_SUCCESS, CPU_ALPHA_0, FN32(PSCI_CPU_SUSPEND), UPPER | 0xffff, UPPER, 0);
	assert_int_equal(waits, 1);
	assert_int_equal(guest_serves(CPU_ALPHA_0), 27);
}

static void power_down(void **state)
{
	(void)state;
	enable_timer();
	assert_int_equal(call_ends(CPU_ALPHA_0, FN64(PSCI_CPU_SUSPEND), POWER_DOWN, 0x40002000, 99),
			 FAKE_IN_GUEST);
	assert_int_equal(waits, 1);
	assert_non_null(strstr(fake_trace(), "reset 0 0x40002000 0x63"));
	assert_int_equal(guest_serves(CPU_ALPHA_0), 27);
}

/* An interrupt that is in a list register already survives the loss of context. */
static void power_down_with_interrupts_listed(void **state)
{
	(void)state;
	enable_timer();
	guest_write_bit(CPU_ALPHA_0, 0, ISENABLER, 50);
	guest_write_bit(CPU_ALPHA_0, 0, ISENABLER, 3);
	fake_gic_pulse(0, 50);
	send_sgi(CPU_ALPHA_1, UINT64_C(3) << 24 | 1);
	take_interrupts(CPU_ALPHA_0);
	assert_int_equal(fake_gic_lrs_used(CPU_ALPHA_0), 2);
	assert_int_equal(call_ends(CPU_ALPHA_0, FN32(PSCI_CPU_SUSPEND), POWER_DOWN, 0x40002000, 0),
			 FAKE_IN_GUEST);
	assert_int_equal(waits, 0);
	assert_int_equal(guest_serves(CPU_ALPHA_0), 3);
	assert_int_equal(guest_serves(CPU_ALPHA_0), 50);
	assert_int_equal(guest_serves(CPU_ALPHA_0), FAKE_GIC_SPURIOUS);
	assert_false(fake_gic_line(0, 50)->active);
}

static void suspend_refused(void **state)
{
	(void)state;
	enable_timer();
	assert_call(PSCI_INVALID_ADDRESS, CPU_ALPHA_0, FN64(PSCI_CPU_SUSPEND), POWER_DOWN,
		    0x70000000, 0);
	for (uint32_t bit = 17; bit < 32; bit++) {
		if (bit != 24 && bit != 25) {
			assert_call(PSCI_INVALID_PARAMETERS, CPU_ALPHA_0, FN64(PSCI_CPU_SUSPEND),
				    BIT32(bit), 0x40000000, 0);
		}
	}
	assert_int_equal(waits, 0);
	assert_call(PSCI_SUCCESS, CPU_ALPHA_0, FN64(PSCI_CPU_SUSPEND), 0x03000000, 0, 0);
}

/* ---- the VM ---------------------------------------------------------------------------------------------------- */

static void system_functions(void **state)
{
	(void)state;
	assert_int_equal(call_ends(CPU_ALPHA_1, FN32(PSCI_SYSTEM_OFF), 0, 0, 0), FAKE_SLEEPING);
	assert_trace("log2 alpha: powered off; stop 2");
	assert_int_equal(vms[ALPHA].state, VM_STOPPING);
	assert_int_equal(vms[ALPHA].stop_action, VM_STOP_HALT);
	assert_int_equal(vms[BETA].state, VM_RUNNING);
	setup(NULL);
	assert_int_equal(call_ends(CPU_ALPHA_1, FN32(PSCI_SYSTEM_RESET), 0, 0, 0), FAKE_SLEEPING);
	assert_trace("log2 alpha: reset; stop 2");
	assert_int_equal(vms[ALPHA].stop_action, VM_STOP_RESTART);
	setup(NULL);
	assert_int_equal(call_ends(CPU_ALPHA_1, FN64(PSCI_SYSTEM_RESET2), 0, 77, 0), FAKE_SLEEPING);
	assert_trace("log2 alpha: warm reset; stop 2");
	assert_int_equal(vms[ALPHA].stop_action, VM_STOP_RESTART);
	setup(NULL);
	assert_int_equal(call_ends(CPU_ALPHA_1, FN32(PSCI_SYSTEM_RESET2), UPPER, 0, 0),
			 FAKE_SLEEPING);
	assert_int_equal(vms[ALPHA].stop_action, VM_STOP_RESTART);
}

static void other_resets(void **state)
{
	(void)state;
	assert_call(PSCI_INVALID_PARAMETERS, CPU_ALPHA_1, FN64(PSCI_SYSTEM_RESET2), 1, 0, 0);
	assert_call(PSCI_INVALID_PARAMETERS, CPU_ALPHA_1, FN64(PSCI_SYSTEM_RESET2), 0x80000000, 0,
		    0);
	assert_call(PSCI_INVALID_PARAMETERS, CPU_ALPHA_1, FN32(PSCI_SYSTEM_RESET2), 0x80000000, 0,
		    0);
	assert_int_equal(vms[ALPHA].state, VM_RUNNING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_SETUP(version, setup),
		TEST_SETUP(numbers, setup),
		TEST_SETUP(features, setup),
		TEST_SETUP(unknown_functions, setup),
		TEST_SETUP(cpu_on, setup),
		TEST_SETUP(cpu_on_by_32_bits, setup),
		TEST_SETUP(cpu_on_where, setup),
		TEST_SETUP(cpu_on_whom, setup),
		TEST_SETUP(cpu_on_while_stopping, setup),
		TEST_SETUP(cpu_off, setup),
		TEST_SETUP(affinity_levels, setup),
		TEST_SETUP(standby, setup),
		TEST_SETUP(power_down, setup),
		TEST_SETUP(power_down_with_interrupts_listed, setup),
		TEST_SETUP(suspend_refused, setup),
		TEST_SETUP(system_functions, setup),
		TEST_SETUP(other_resets, setup),
	};

	return RUN_TESTS(tests);
}
