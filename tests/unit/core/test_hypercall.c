/* SPDX-License-Identifier: Apache-2.0 */
/* core/hypercall.c and core/ipc.c: ids, channels and events, who is notified, and the doorbell page. */
#include <fake/test.h>

#include <abi/bao.h>
#include <bao/hypercall.h>
#include <bao/ipc.h>
#include <bao/remio.h>
#include <fake/irqchip.h>
#include <fake/machine.h>

int64_t remio_hypercall(const uint64_t *arguments, struct hypercall_results *results)
{
	fake_note("remio %llu %llu %llu %llu %llu", (unsigned long long)arguments[0],
		  (unsigned long long)arguments[1], (unsigned long long)arguments[2],
		  (unsigned long long)arguments[3], (unsigned long long)arguments[4]);
	results->count = 1;
	return BAO_HC_FAILURE;
}

static int64_t call(uint32_t id, uint64_t first, uint64_t second)
{
	const uint64_t arguments[HYPERCALL_ARGUMENTS] = { first, second, 3, 4, 5 };
	struct hypercall_results results = { .count = 0 };
	int64_t code = hypercall(id, arguments, &results);

	assert_int_equal(results.count, id == BAO_HC_REMIO ? 1 : 0);
	return code;
}

static int setup(void **state)
{
	(void)state;
	fake_machine_boot(CPU_ALPHA_2);
	fake_irqchip_reset();
	return 0;
}

static void ids(void **state)
{
	(void)state;
	assert_int_equal(call(0, 0, 0), BAO_HC_INVALID_ID);
	assert_int_equal(call(3, 0, 0), BAO_HC_INVALID_ID);
	assert_int_equal(call(UINT32_MAX, 0, 0), BAO_HC_INVALID_ID);
	assert_int_equal(call(0xff00, 0, 0), BAO_HC_INVALID_ID);
	assert_trace("");
	assert_int_equal(call(BAO_HC_REMIO, 1, 2), BAO_HC_FAILURE);
	assert_trace("remio 1 2 3 4 5");
}

static void one_peer(void **state)
{
	(void)state;
	assert_int_equal(call(BAO_HC_IPC, 0, 0), BAO_HC_SUCCESS);
	assert_trace("raise 80");
	assert_int_equal(call(BAO_HC_IPC, 0, 1), BAO_HC_SUCCESS);
	assert_trace("raise 81");
	fake_be(CPU_BETA);
	assert_int_equal(call(BAO_HC_IPC, 0, 0), BAO_HC_SUCCESS);
	assert_trace("raise 70");
}

/* An event that one receiver has and another has not goes to the one. */
static void several_peers(void **state)
{
	(void)state;
	assert_int_equal(call(BAO_HC_IPC, 1, 0), BAO_HC_SUCCESS);
	assert_trace("raise 84; raise 90");
	assert_int_equal(call(BAO_HC_IPC, 1, 1), BAO_HC_SUCCESS);
	assert_trace("raise 91");
	fake_be(CPU_GAMMA);
	assert_int_equal(call(BAO_HC_IPC, 0, 0), BAO_HC_SUCCESS);
	assert_trace("raise 71; raise 84");
}

static void bounds(void **state)
{
	static const uint64_t wrong[] = { 2, 3, 0xffffffff, UINT64_C(0x100000000), UINT64_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(call(BAO_HC_IPC, wrong[i], 0), BAO_HC_INVALID_ARGS);
		assert_int_equal(call(BAO_HC_IPC, 0, wrong[i]), BAO_HC_INVALID_ARGS);
		assert_int_equal(call(BAO_HC_IPC, 1, wrong[i]), BAO_HC_INVALID_ARGS);
	}
	fake_be(CPU_GAMMA); /* its second channel would be the next row of the table */
	assert_int_equal(call(BAO_HC_IPC, 1, 0), BAO_HC_INVALID_ARGS);
	fake_be(CPU_WIDE_0); /* has no channel */
	assert_int_equal(call(BAO_HC_IPC, 0, 0), BAO_HC_INVALID_ARGS);
	assert_trace("");
}

static bool ring(uint64_t offset, uint32_t size, bool write, uint64_t *value)
{
	static const struct plan_window window = { 0x70010000, 0x1000, PLAN_WINDOW_DOORBELL, 1 };
	struct mmio_access access = {
		.offset = offset, .size = size, .write = write, .value = *value
	};
	bool known = ipc_doorbell_access(&window, &access);

	*value = access.value;
	return known;
}

static void doorbell(void **state)
{
	uint64_t value = 0;

	(void)state;
	assert_true(ring(0, 4, true, &value));
	assert_trace("raise 84; raise 90");
	value = 1;
	assert_true(ring(0xffc, 4, true, &value)); /* any word of the page */
	assert_trace("raise 91");
	value = 2; /* no such event: nobody to tell, nothing happens */
	assert_true(ring(0, 4, true, &value));
	assert_trace("");
	value = 77;
	assert_true(ring(8, 4, false, &value));
	assert_u64(value, 0);
	assert_trace("");
}

static void doorbell_wants_words(void **state)
{
	static const uint32_t sizes[] = { 1, 2, 8 };
	uint64_t value = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		assert_false(ring(0, sizes[i], true, &value));
		assert_false(ring(0, sizes[i], false, &value));
	}
	for (uint64_t offset = 1; offset < 4; offset++) {
		assert_false(ring(offset, 4, true, &value));
		assert_false(ring(offset, 4, false, &value));
	}
	assert_trace("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_SETUP(ids, setup),           TEST_SETUP(one_peer, setup),
		TEST_SETUP(several_peers, setup), TEST_SETUP(bounds, setup),
		TEST_SETUP(doorbell, setup),      TEST_SETUP(doorbell_wants_words, setup),
	};

	return RUN_TESTS(tests);
}
