/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels between VMs. The same program in three VMs, which know who they are by the interrupts they
 * own: `one` and `two` share channel 0, all three channel 1. `one` runs the tests and reports; the
 * others do what a command in the shared memory says and count the interrupts they get.
 */
#include <stddef.h>

#include <abi/bao.h>
#include <baremetal/cpu.h>
#include <baremetal/hypercall.h>
#include <baremetal/psci.h>
#include <baremetal/timer.h>

#include "gic_view.h"
#include "suite.h"

/* As in tests/system/channels/config.c. */
#define PAIR_BASE 0x70000000
#define PAIR_DOORBELL 0x70010000
#define GROUP_BASE 0x70020000
#define GROUP_DOORBELL 0x70030000
#define PAIR 0 /* channel numbers, of `one` and `two` */
#define GROUP 1
#define GROUP_OF_THREE 0
#define ONE 1
#define TWO 2
#define THREE 3

/* Interrupts of VM n: two for the pair, one for the group. */
#define PAIR_IRQ(vm, event) (96u + 4 * (vm) + (event))
#define GROUP_IRQ(vm) (98u + 4 * (vm))

enum command { IDLE, HYPERCALL, DOORBELL, ANSWER, LEAVE };

/* In the memory all three share. `one` writes commands, each of the others its own part. */
struct shared {
	uint32_t magic;
	uint32_t number; /* of the command; written last */
	uint32_t command;
	uint32_t times;
	struct {
		uint32_t done;    /* number of the last command carried out */
		uint32_t rung[3]; /* pair event 0, pair event 1, group */
	} of[4];
};

#define MAGIC 0x6368616e

static volatile struct shared *const shared = (volatile struct shared *)GROUP_BASE;
static volatile uint32_t *const pair_words = (volatile uint32_t *)PAIR_BASE;

static uint32_t self;
static volatile uint32_t rung[3];

static void on_ring(uint32_t intid)
{
	uint32_t n = intid - PAIR_IRQ(self, 0);

	rung[n]++;
	if (self != ONE) {
		shared->of[self].rung[n]++;
	}
}

static bool owns(uint32_t intid)
{
	gic_set_priority(0, intid, 0x80);
	return gic_priority(0, intid) == 0x80;
}

static uint32_t who_am_i(void)
{
	return owns(GROUP_IRQ(ONE)) ? ONE : owns(GROUP_IRQ(TWO)) ? TWO : THREE;
}

/* ---- two and three --------------------------------------------------------------------------------- */

/* Waits for the other's word to change, writes its own and rings, `times` times. */
static void answer(uint32_t times)
{
	for (uint32_t i = 1; i <= times; i++) {
		while (rung[0] < i) {
		}
		pair_words[1] = pair_words[0] + 1;
		cpu_barrier();
		(void)bao_ipc_notify(PAIR, 0);
	}
}

static void carry_out(uint32_t command, uint32_t times)
{
	for (uint32_t i = 0; i < times && command == HYPERCALL; i++) {
		(void)bao_ipc_notify(PAIR, 1);
	}
	for (uint32_t i = 0; i < times && command == DOORBELL; i++) {
		mmio_write32(PAIR_DOORBELL, 1);
	}
	if (command == ANSWER) {
		rung[0] = 0;
		shared->of[self].done = shared->number; /* ready */
		answer(times);
	}
}

static _Noreturn void follow(void)
{
	uint32_t number = 0;

	for (;;) {
		while (shared->magic != MAGIC || shared->number == number) {
		}
		cpu_barrier();
		number = shared->number;
		if (shared->command == LEAVE) {
			shared->of[self].done = number;
			psci_system_off();
		}
		carry_out(shared->command, self == TWO ? shared->times : 0);
		cpu_barrier();
		shared->of[self].done = number;
	}
}

/* ---- one ------------------------------------------------------------------------------------------- */

static void command(enum command what, uint32_t times)
{
	shared->command = what;
	shared->times = times;
	cpu_barrier();
	shared->number++;
	WAIT_FOR(shared->of[TWO].done == shared->number &&
		 shared->of[THREE].done == shared->number);
}

static void settle(void)
{
	timer_delay_us(2000);
}

static void reset_counts(void)
{
	for (uint32_t n = 0; n < 3; n++) {
		rung[n] = 0;
		shared->of[TWO].rung[n] = 0;
		shared->of[THREE].rung[n] = 0;
	}
	cpu_barrier();
}

/* How often each was rung since the last look: pair events 0 and 1 of two, the group of two and three. */
static void check_rung(uint32_t two_0, uint32_t two_1, uint32_t two_group, uint32_t three_group)
{
	uint64_t end = suite_deadline_ms(1000);

	while ((shared->of[TWO].rung[0] < two_0 || shared->of[TWO].rung[1] < two_1 ||
		shared->of[TWO].rung[2] < two_group || shared->of[THREE].rung[2] < three_group) &&
	       !suite_is_past(end)) {
	}
	settle();
	CHECK_EQUAL(shared->of[TWO].rung[0], two_0);
	CHECK_EQUAL(shared->of[TWO].rung[1], two_1);
	CHECK_EQUAL(shared->of[TWO].rung[2], two_group);
	CHECK_EQUAL(shared->of[THREE].rung[2], three_group);
	CHECK_EQUAL(shared->of[THREE].rung[0] + shared->of[THREE].rung[1], 0);
	CHECK_EQUAL(rung[0] + rung[1] + rung[2], 0); /* nobody rings himself */
	reset_counts();
}

static void test_hypercall(void)
{
	suite_section("hypercall");
	CHECK_EQUAL(bao_ipc_notify(PAIR, 0), BAO_HC_SUCCESS);
	check_rung(1, 0, 0, 0);
	CHECK_EQUAL(bao_ipc_notify(PAIR, 1), BAO_HC_SUCCESS);
	check_rung(0, 1, 0, 0);
	CHECK_EQUAL(bao_ipc_notify(GROUP, 0), BAO_HC_SUCCESS);
	check_rung(0, 0, 1, 1);
	/* The same as a 32-bit call, and by SMC. */
	CHECK_EQUAL(smccc_hvc(BAO_SMCCC_HC32(BAO_HC_IPC), PAIR, 1, 0, 0, 0, 0).x[0],
		    BAO_HC_SUCCESS);
	check_rung(0, 1, 0, 0);
	CHECK_EQUAL(smccc_smc(BAO_SMCCC_HC64(BAO_HC_IPC), PAIR, 0, 0, 0, 0, 0).x[0],
		    BAO_HC_SUCCESS);
	check_rung(1, 0, 0, 0);
	/* Channels and events that are not there. */
	CHECK_EQUAL(bao_ipc_notify(2, 0), BAO_HC_INVALID_ARGS);
	CHECK_EQUAL(bao_ipc_notify(~UINT64_C(0), 0), BAO_HC_INVALID_ARGS);
	CHECK_EQUAL(bao_ipc_notify(UINT64_C(1) << 32, 0), BAO_HC_INVALID_ARGS);
	CHECK_EQUAL(bao_ipc_notify(PAIR, 2), BAO_HC_INVALID_ARGS);
	CHECK_EQUAL(bao_ipc_notify(PAIR, ~UINT64_C(0)), BAO_HC_INVALID_ARGS);
	CHECK_EQUAL(bao_ipc_notify(GROUP, 1), BAO_HC_INVALID_ARGS);
	check_rung(0, 0, 0, 0);
}

/* Aborts that must come, and do nothing else. */
static volatile uint32_t aborts;

static void on_exception(struct frame *frame)
{
	if (ESR_CLASS(frame->esr) == ESR_CLASS_DATA_ABORT) {
		aborts++;
		frame->pc += 4;
		return;
	}
	print("FAIL %s: exception, esr 0x%lx pc 0x%lx\n", "doorbell", frame->esr, frame->pc);
	psci_system_off();
}

static void test_doorbell(void)
{
	suite_section("doorbell");
	mmio_write32(PAIR_DOORBELL, 0);
	check_rung(1, 0, 0, 0);
	mmio_write32(PAIR_DOORBELL, 1);
	check_rung(0, 1, 0, 0);
	/* Anywhere in the page. */
	mmio_write32(PAIR_DOORBELL + 0xffc, 1);
	check_rung(0, 1, 0, 0);
	mmio_write32(GROUP_DOORBELL, 0);
	check_rung(0, 0, 1, 1);
	/* Events that are not there ring nothing; reading reads zero. */
	mmio_write32(PAIR_DOORBELL, 2);
	mmio_write32(PAIR_DOORBELL, 0xffffffff);
	mmio_write32(GROUP_DOORBELL, 1);
	CHECK_EQUAL(mmio_read32(PAIR_DOORBELL), 0);
	check_rung(0, 0, 0, 0);
	/* Other widths are no doorbell. */
	aborts = 0;
	exception_set_handler(on_exception);
	mmio_write8(PAIR_DOORBELL, 0);
	CHECK_EQUAL(aborts, 1);
	mmio_write64(PAIR_DOORBELL, 0);
	CHECK_EQUAL(aborts, 2);
	exception_set_handler(NULL);
	check_rung(0, 0, 0, 0);
}

/* The other way round. */
static void test_return(void)
{
	suite_section("return");
	reset_counts();
	command(HYPERCALL, 1);
	WAIT_FOR(rung[1] == 1);
	command(DOORBELL, 1);
	WAIT_FOR(rung[1] == 2);
	settle();
	CHECK_EQUAL(rung[0], 0);
	CHECK_EQUAL(rung[1], 2);
	CHECK_EQUAL(rung[2], 0);
	reset_counts();
}

#define ROUNDS 2000

/* To and fro: every ring arrives, once, and the memory written before it is seen. */
static void test_ping_pong(void)
{
	uint32_t wrong = 0;
	uint32_t i;

	suite_section("ping_pong");
	reset_counts();
	shared->command = ANSWER;
	shared->times = ROUNDS;
	cpu_barrier();
	shared->number++;
	WAIT_FOR(shared->of[TWO].done == shared->number);
	for (i = 1; i <= ROUNDS; i++) {
		uint64_t end = suite_deadline_ms(1000);

		pair_words[0] = i * 7;
		cpu_barrier();
		if ((i & 1) != 0) {
			(void)bao_ipc_notify(PAIR, 0);
		} else {
			mmio_write32(PAIR_DOORBELL, 0);
		}
		while (rung[0] < i && !suite_is_past(end)) {
		}
		wrong += rung[0] != i || pair_words[1] != i * 7 + 1 ? 1 : 0;
		if (suite_is_past(end)) {
			break;
		}
	}
	CHECK_EQUAL(i, ROUNDS + 1);
	CHECK_EQUAL(wrong, 0);
	settle();
	CHECK_EQUAL(rung[0], ROUNDS);
	CHECK_EQUAL(shared->of[TWO].rung[0], ROUNDS);
	reset_counts();
}

/* Rung often before the other takes it, it is one interrupt; while it is not wanted, it waits. */
static void test_merging(void)
{
	suite_section("merging");
	reset_counts();
	gic_disable(PAIR_IRQ(ONE, 1));
	command(HYPERCALL, 20);
	settle();
	CHECK_EQUAL(rung[1], 0);
	CHECK(gic_bit(0, GIC_SET_PENDING, PAIR_IRQ(ONE, 1)));
	gic_enable(PAIR_IRQ(ONE, 1), on_ring);
	WAIT_FOR(rung[1] >= 1);
	settle();
	CHECK_EQUAL(rung[1], 1);
}

static void run_tests(void)
{
	shared->number = 0;
	shared->of[TWO].done = 0;
	shared->of[THREE].done = 0;
	shared->magic = MAGIC;
	suite_section("start");
	command(IDLE, 0);
	reset_counts();
	test_hypercall();
	test_doorbell();
	test_return();
	test_ping_pong();
	test_merging();
	suite_section("end");
	command(LEAVE, 0);
	/* Nobody is there to hear it, which is no error. */
	settle();
	CHECK_EQUAL(bao_ipc_notify(PAIR, 0), BAO_HC_SUCCESS);
	suite_end();
}

void guest_main(uint64_t device_tree)
{
	(void)device_tree;
	suite_start(PAIR_BASE);
	self = who_am_i();
	for (uint32_t n = 0; n < 3; n++) {
		gic_set_edge(PAIR_IRQ(self, n), true);
		gic_enable(PAIR_IRQ(self, n), on_ring);
	}
	cpu_interrupts_on();
	if (self != ONE) {
		follow();
	}
	run_tests();
	psci_system_off();
}
