/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/remio.c: a request's way from the frontend's access to the backend and back. While the frontend
 * waits, `fake_on_wait` lets the backend run.
 */
#include <fake/test.h>

#include <abi/bao.h>
#include <bao/arch/inline.h>
#include <bao/remio.h>
#include <bao/vm.h>
#include <fake/irqchip.h>
#include <fake/machine.h>

static const struct plan_window alpha_window = { 0x60000000, 0x1000, PLAN_WINDOW_REMIO, 0 };
static const struct plan_window gamma_window = { 0x60000000, 0x206, PLAN_WINDOW_REMIO, 1 };

static struct hypercall_results results;
static struct mmio_access access_now; /* of the frontend's vCPU that runs */

/* A hypercall of beta's, whoever runs now. */
static int64_t backend(uint64_t device, uint64_t operation, uint64_t value, uint64_t request)
{
	const uint64_t arguments[HYPERCALL_ARGUMENTS] = { device, 0, operation, value, request };
	struct cpu *before = fake_self;
	int64_t code;

	results = (struct hypercall_results){ .count = 0 };
	fake_be(CPU_BETA);
	code = remio_hypercall(arguments, &results);
	fake_self = before;
	return code;
}

static void alpha_accesses(void)
{
	assert_true(remio_access(&alpha_window, &access_now));
}

static void gamma_accesses(void)
{
	assert_true(remio_access(&gamma_window, &access_now));
}

static int setup(void **state)
{
	(void)state;
	fake_machine_boot(CPU_ALPHA_0);
	fake_irqchip_reset();
	memset(vms, 0, sizeof(vms));
	for (uint32_t i = 0; i < PLAN_VM_COUNT; i++) {
		vms[i].state = VM_RUNNING;
		remio_vm_stopped(i);
	}
	return 0;
}

/* What ask() must have said. */
static void assert_request(uint64_t offset, uint64_t operation, uint64_t value, uint64_t size,
			   uint64_t more)
{
	assert_int_equal(results.count, 6);
	assert_u64(results.values[0], offset);
	assert_u64(results.values[1], operation);
	assert_u64(results.values[2], value);
	assert_u64(results.values[3], size);
	assert_u64(results.values[5], more);
}

/* ---- one request ------------------------------------------------------------------------------------ */

static uint64_t last_request;

static void answer_read(void)
{
	assert_int_equal(backend(0, BAO_REMIO_ASK, 0, 0), BAO_HC_SUCCESS);
	assert_request(0x18, BAO_REMIO_READ_DONE, 0, 4, 0);
	last_request = results.values[4];
	assert_int_equal(backend(0, BAO_REMIO_ASK, 0, 0), BAO_HC_FAILURE);
	assert_int_equal(results.count, 0);
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0x1234, last_request), BAO_HC_SUCCESS);
}

static void read_is_answered(void **state)
{
	(void)state;
	access_now = (struct mmio_access){ .offset = 0x18, .size = 4, .value = 99 };
	fake_on_wait = answer_read;
	assert_int_equal(fake_run(CPU_ALPHA_0, alpha_accesses), FAKE_RETURNED);
	assert_u64(access_now.value, 0x1234);
	assert_trace("raise 82");
	/* The slot is free again: nothing to ask for, nothing to complete. */
	assert_int_equal(backend(0, BAO_REMIO_ASK, 0, 0), BAO_HC_FAILURE);
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 1, last_request), BAO_HC_INVALID_ARGS);
}

static void write_and_complete(void)
{
	assert_int_equal(backend(0, BAO_REMIO_ASK, 0, 0), BAO_HC_SUCCESS);
	assert_request(0x20, BAO_REMIO_WRITE_DONE, UINT64_C(0xdeadbeefcafe), 8, 0);
	assert_int_equal(results.values[4] & 0xff, 2); /* vCPU 2's slot */
	assert_int_equal(backend(0, BAO_REMIO_WRITE_DONE, 0x77, results.values[4]), BAO_HC_SUCCESS);
}

static void write_is_taken(void **state)
{
	(void)state;
	access_now = (struct mmio_access){
		.offset = 0x20, .size = 8, .write = true, .value = UINT64_C(0xdeadbeefcafe)
	};
	fake_on_wait = write_and_complete;
	assert_int_equal(fake_run(CPU_ALPHA_2, alpha_accesses), FAKE_RETURNED);
	assert_u64(access_now.value,
		   UINT64_C(0xdeadbeefcafe)); /* the guest's register is its own */
	assert_trace("raise 82");
}

/* The frontend's CPU serves its own interrupts while it waits. */
static unsigned int waits;

static void interrupt_then_answer(void)
{
	waits++;
	if (waits == 1) {
		fake_irqchip_queue(CPU_GAMMA, 27);
	} else if (waits == 3) {
		assert_int_equal(backend(2, BAO_REMIO_ASK, 0, 0), BAO_HC_SUCCESS);
		assert_int_equal(backend(2, BAO_REMIO_READ_DONE, 5, results.values[4]),
				 BAO_HC_SUCCESS);
	} else {
		fake_irqchip_queue(CPU_GAMMA, 90);
	}
}

static void interrupts_are_served_meanwhile(void **state)
{
	(void)state;
	waits = 0;
	access_now = (struct mmio_access){ .offset = 4, .size = 1 };
	fake_on_wait = interrupt_then_answer;
	assert_int_equal(fake_run(CPU_GAMMA, gamma_accesses), FAKE_RETURNED);
	assert_int_equal(waits, 3);
	assert_trace("raise 83; guest irq 27; guest irq 90");
	assert_u64(access_now.value, 5);
}

/* ---- several requests --------------------------------------------------------------------------------- */

/* Leaves a request of alpha's vCPU on `cpu` pending, its CPU asleep. */
static void post(uint32_t cpu, uint64_t offset)
{
	access_now = (struct mmio_access){ .offset = offset, .size = 4 };
	assert_int_equal(fake_run(cpu, alpha_accesses), FAKE_SLEEPING);
}

static void more_are_pending(void **state)
{
	uint64_t ids[3];

	(void)state;
	post(CPU_ALPHA_2, 0x300);
	post(CPU_ALPHA_0, 0x100);
	post(CPU_ALPHA_1, 0x200);
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(backend(0, BAO_REMIO_ASK, 0, 0), BAO_HC_SUCCESS);
		assert_request(0x100 + 0x100 * i, BAO_REMIO_READ_DONE, 0, 4, i < 2 ? 1 : 0);
		ids[i] = results.values[4];
	}
	assert_int_equal(backend(0, BAO_REMIO_ASK, 0, 0), BAO_HC_FAILURE);
	/* In any order, each once. Completing wakes the CPU whose request it is. */
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0, ids[1]), BAO_HC_SUCCESS);
	assert_true(fake_interrupt_waits(CPU_ALPHA_1));
	assert_false(fake_interrupt_waits(CPU_ALPHA_0));
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0, ids[1]), BAO_HC_INVALID_ARGS);
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0, ids[2]), BAO_HC_SUCCESS);
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0, ids[0]), BAO_HC_SUCCESS);
}

/* ---- what a backend may get wrong ----------------------------------------------------------------------- */

static void wrong_completions(void **state)
{
	uint64_t id;

	(void)state;
	post(CPU_ALPHA_1, 0);
	/* Not asked for yet, so it can't be completed, even with the right id. */
	assert_int_equal(backend(0, BAO_REMIO_ASK, 0, 0), BAO_HC_SUCCESS);
	id = results.values[4];
	remio_vm_stopped(BETA);
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0, id), BAO_HC_INVALID_ARGS);
	assert_int_equal(backend(0, BAO_REMIO_ASK, 0, 0), BAO_HC_SUCCESS);
	assert_u64(results.values[4], id);
	assert_int_equal(backend(0, BAO_REMIO_WRITE_DONE, 0, id), BAO_HC_INVALID_ARGS);
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0, id + 0x100), BAO_HC_INVALID_ARGS);
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0, id - 0x100), BAO_HC_INVALID_ARGS);
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0, id | UINT64_C(1) << 32),
			 BAO_HC_INVALID_ARGS);
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0, id | UINT64_C(1) << 63),
			 BAO_HC_INVALID_ARGS);
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0, id - 1), BAO_HC_INVALID_ARGS);
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0, id + 1), BAO_HC_INVALID_ARGS);
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0, (id & ~UINT64_C(0xff)) | 3),
			 BAO_HC_INVALID_ARGS); /* slot 3 is gamma's */
	assert_int_equal(backend(2, BAO_REMIO_READ_DONE, 0, id), BAO_HC_INVALID_ARGS);
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0, id), BAO_HC_SUCCESS);
}

static void wrong_devices_and_operations(void **state)
{
	static const uint64_t devices[] = { 1, 3, UINT64_C(0x100000000), UINT64_MAX };
	const uint64_t of_alpha[HYPERCALL_ARGUMENTS] = { 0, 0, BAO_REMIO_ASK, 0, 0 };

	(void)state;
	post(CPU_ALPHA_0, 0);
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++) {
		assert_int_equal(backend(devices[i], BAO_REMIO_ASK, 0, 0), BAO_HC_INVALID_ARGS);
	}
	assert_int_equal(backend(0, 4, 0, 0), BAO_HC_INVALID_ARGS);
	assert_int_equal(backend(0, UINT64_C(0x100000002), 0, 0), BAO_HC_INVALID_ARGS);
	assert_int_equal(backend(2, BAO_REMIO_ASK, 0, 0), BAO_HC_FAILURE);
	/* A frontend is nobody's backend. */
	fake_be(CPU_ALPHA_1);
	assert_int_equal(remio_hypercall(of_alpha, &results), BAO_HC_INVALID_ARGS);
	assert_int_equal(backend(0, BAO_REMIO_ASK, 0, 0), BAO_HC_SUCCESS);
}

static void notify(void **state)
{
	(void)state;
	assert_int_equal(backend(0, BAO_REMIO_NOTIFY, 0, 0), BAO_HC_SUCCESS);
	assert_trace("raise 72");
	assert_int_equal(backend(2, BAO_REMIO_NOTIFY, 0, 0), BAO_HC_FAILURE);
	assert_trace("");
}

/* ---- VMs that stop ----------------------------------------------------------------------------------------- */

static void restarted_backend_is_offered_again(void **state)
{
	uint64_t id;

	(void)state;
	post(CPU_ALPHA_0, 0x10);
	post(CPU_ALPHA_1, 0x20);
	assert_int_equal(backend(0, BAO_REMIO_ASK, 0, 0), BAO_HC_SUCCESS);
	id = results.values[4];
	(void)fake_trace();
	remio_vm_stopped(BETA);
	assert_trace("");
	remio_vm_started(BETA);
	assert_trace("raise 82"); /* and not 83: gamma asks for nothing */
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0, id), BAO_HC_INVALID_ARGS);
	assert_int_equal(backend(0, BAO_REMIO_ASK, 0, 0), BAO_HC_SUCCESS);
	assert_request(0x10, BAO_REMIO_READ_DONE, 0, 4, 1);
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0, results.values[4]), BAO_HC_SUCCESS);
	/* What is done stays done: the frontend has yet to look. */
	remio_vm_stopped(BETA);
	assert_int_equal(backend(0, BAO_REMIO_ASK, 0, 0), BAO_HC_SUCCESS);
	assert_request(0x20, BAO_REMIO_READ_DONE, 0, 4, 0);
	remio_vm_started(BETA);
	assert_trace("");
}

static void other_vms_starts_and_stops_are_nothing(void **state)
{
	(void)state;
	post(CPU_ALPHA_0, 0x10);
	(void)fake_trace();
	remio_vm_stopped(GAMMA);
	remio_vm_stopped(WIDE);
	remio_vm_started(GAMMA);
	remio_vm_started(ALPHA);
	assert_trace("");
	assert_int_equal(backend(0, BAO_REMIO_ASK, 0, 0), BAO_HC_SUCCESS);
	remio_vm_stopped(GAMMA);
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0, results.values[4]), BAO_HC_SUCCESS);
}

static void restarted_frontend_is_free(void **state)
{
	uint64_t id;

	(void)state;
	post(CPU_ALPHA_0, 0x10);
	post(CPU_ALPHA_1, 0x20);
	assert_int_equal(backend(0, BAO_REMIO_ASK, 0, 0), BAO_HC_SUCCESS);
	id = results.values[4];
	remio_vm_stopped(ALPHA);
	assert_int_equal(backend(0, BAO_REMIO_ASK, 0, 0), BAO_HC_FAILURE);
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0, id), BAO_HC_INVALID_ARGS);
	/* Its next life's request is another one, though the slot is the same. */
	post(CPU_ALPHA_0, 0x10);
	assert_int_equal(backend(0, BAO_REMIO_ASK, 0, 0), BAO_HC_SUCCESS);
	assert_u64(results.values[4], id + 0x100);
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0, id), BAO_HC_INVALID_ARGS);
	assert_int_equal(backend(0, BAO_REMIO_READ_DONE, 0, id + 0x100), BAO_HC_SUCCESS);
}

/* A frontend whose VM is stopped while it waits does not wait for its answer. */
static void stop_while_waiting(void)
{
	if (cpus[CPU_GAMMA].vcpu.state == VCPU_ON) {
		vms[GAMMA].state = VM_STOPPING;
		vms[GAMMA].stop_action = VM_STOP_HALT;
		cpu_request(&cpus[CPU_GAMMA], CPU_REQUEST_STOP);
	}
}

static void stop_ends_the_waiting(void **state)
{
	(void)state;
	cpus[CPU_GAMMA].vcpu.state = VCPU_ON;
	access_now = (struct mmio_access){ .offset = 0, .size = 4 };
	fake_on_wait = stop_while_waiting;
	assert_int_equal(fake_run(CPU_GAMMA, gamma_accesses), FAKE_SLEEPING);
	assert_int_equal(vms[GAMMA].state, VM_HALTED);
	assert_int_equal(cpus[CPU_GAMMA].phase, CPU_PHASE_IDLE);
	assert_int_equal(backend(2, BAO_REMIO_ASK, 0, 0), BAO_HC_FAILURE);
	assert_trace("raise 83; stop 4; log2 gamma halted");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_SETUP(read_is_answered, setup),
		TEST_SETUP(write_is_taken, setup),
		TEST_SETUP(interrupts_are_served_meanwhile, setup),
		TEST_SETUP(more_are_pending, setup),
		TEST_SETUP(wrong_completions, setup),
		TEST_SETUP(wrong_devices_and_operations, setup),
		TEST_SETUP(notify, setup),
		TEST_SETUP(restarted_backend_is_offered_again, setup),
		TEST_SETUP(other_vms_starts_and_stops_are_nothing, setup),
		TEST_SETUP(restarted_frontend_is_free, setup),
		TEST_SETUP(stop_ends_the_waiting, setup),
	};

	return RUN_TESTS(tests);
}
