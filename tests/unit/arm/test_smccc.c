/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arch/arm/smccc.c: which service a call goes to, what is refused, and that registers without a result
 * keep their values. PSCI and the hypercalls behind it are the test's own. DEN 0028.
 */
#include <fake/test.h>

#include <abi/bao.h>
#include <arm/psci.h>
#include <arm/smccc.h>
#include <bao/hypercall.h>
#include <bao/util.h>
#include <fake/machine.h>

#define REGISTERS 18u
#define PATTERN(n) (UINT64_C(0xa5a5000000000000) + (n))

static uint64_t x[REGISTERS];
static uint32_t result_count;
static int64_t code;

uint64_t psci_handle(uint32_t id, const uint64_t *arguments)
{
	fake_note("psci 0x%x 0x%llx", id, (unsigned long long)arguments[1]);
	return 0x77;
}

int64_t hypercall(uint32_t id, const uint64_t *arguments, struct hypercall_results *results)
{
	fake_note("hypercall %u", id);
	for (uint32_t i = 0; i < HYPERCALL_ARGUMENTS; i++) {
		fake_note("0x%llx", (unsigned long long)arguments[i]);
	}
	for (uint32_t i = 0; i < result_count; i++) {
		results->values[i] = UINT64_C(0x1111111100000000) * (i % 2) + 100 + i;
	}
	results->count = result_count;
	return code;
}

/* Makes the call; all registers but x0 hold patterns before. */
static void call(uint32_t id)
{
	x[0] = UINT64_C(0xffffffff00000000) | id;
	for (uint32_t i = 1; i < REGISTERS; i++) {
		x[i] = PATTERN(i);
	}
	smccc_handle(x);
}

static void assert_kept_from(uint32_t first)
{
	for (uint32_t i = first; i < REGISTERS; i++) {
		assert_u64(x[i], PATTERN(i));
	}
}

static int setup(void **state)
{
	(void)state;
	(void)fake_trace();
	result_count = 0;
	code = 0;
	return 0;
}

static void architecture(void **state)
{
	(void)state;
	call(0x80000000);
	assert_u64(x[0], 0x10001);
	assert_kept_from(1);
	for (uint32_t id = 0; id < 0x40; id++) {
		x[0] = 0x80000001;
		x[1] = 0x80000000 | id;
		smccc_handle(x);
		assert_u64(x[0], id < 2 ? 0 : SMCCC_NOT_SUPPORTED);
	}
	x[0] = 0x80000001;
	x[1] = 0x80008000; /* a workaround: there is none */
	smccc_handle(x);
	assert_u64(x[0], SMCCC_NOT_SUPPORTED);
	call(0x80008000);
	assert_u64(x[0], SMCCC_NOT_SUPPORTED);
	call(0xc0000000);
	assert_u64(x[0], SMCCC_NOT_SUPPORTED);
	assert_kept_from(1);
}

static void psci_calls(void **state)
{
	(void)state;
	call(0x84000003);
	assert_trace("psci 0x84000003 0xa5a5000000000001");
	assert_u64(x[0], 0x77);
	assert_kept_from(1);
	call(0xc400abcd);
	assert_trace("psci 0xc400abcd 0xa5a5000000000001");
}

static void identity(void **state)
{
	(void)state;
	call(BAO_SMCCC_CALL_UID);
	assert_u64(x[0], 0x5f0b1a62);
	assert_u64(x[1], 0x6b4d4c1e);
	assert_u64(x[2], 0x93b2a70c);
	assert_u64(x[3], 0x42414fe8);
	assert_kept_from(4);
	call(BAO_SMCCC_REVISION);
	assert_u64(x[0], BAO_REVISION_MAJOR);
	assert_u64(x[1], BAO_REVISION_MINOR);
	assert_kept_from(2);
	assert_trace("");
}

static void hypercalls(void **state)
{
	(void)state;
	code = -3;
	call(0xc6000001);
	assert_trace("hypercall 1; 0xa5a5000000000001; 0xa5a5000000000002; 0xa5a5000000000003; "
		     "0xa5a5000000000004; 0xa5a5000000000005");
	assert_u64(x[0], (uint64_t)-3);
	assert_kept_from(1);
	result_count = 6;
	code = 0;
	call(0xc6000002);
	assert_u64(x[0], 0);
	for (uint32_t i = 0; i < 6; i++) {
		assert_u64(x[1 + i], UINT64_C(0x1111111100000000) * (i % 2) + 100 + i);
	}
	assert_kept_from(7);
}

/* A 32-bit call passes the lower halves of registers. */
static void hypercalls_by_32_bits(void **state)
{
	(void)state;
	call(0x86000001);
	assert_trace("hypercall 1; 0x1; 0x2; 0x3; 0x4; 0x5");
	assert_u64(x[0], 0);
	assert_kept_from(1);
}

static void yielding_calls(void **state)
{
	(void)state;
	for (uint32_t owner = 0; owner < 64; owner++) {
		call(owner << 24);
		assert_u64(x[0], SMCCC_NOT_SUPPORTED);
		call(0x40000001 | owner << 24);
		assert_u64(x[0], SMCCC_NOT_SUPPORTED);
		assert_kept_from(1);
	}
	assert_trace("");
}

static void unknown_owners(void **state)
{
	(void)state;
	for (uint32_t owner = 0; owner < 64; owner++) {
		if (owner != 4 && owner != 6) {
			call(0x80000002 | owner << 24);
			assert_u64(x[0], SMCCC_NOT_SUPPORTED);
			call(0xc0000002 | owner << 24);
			assert_u64(x[0], SMCCC_NOT_SUPPORTED);
			assert_kept_from(1);
		}
	}
	assert_trace("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_SETUP(architecture, setup),
		TEST_SETUP(psci_calls, setup),
		TEST_SETUP(identity, setup),
		TEST_SETUP(hypercalls, setup),
		TEST_SETUP(hypercalls_by_32_bits, setup),
		TEST_SETUP(yielding_calls, setup),
		TEST_SETUP(unknown_owners, setup),
	};

	return RUN_TESTS(tests);
}
