/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The frontend of the remote-I/O tests: uses the device of remote.h, which the other VM emulates, from
 * two vCPUs, and reports.
 */
#include <stdatomic.h>

#include <baremetal/cpu.h>
#include <baremetal/gic.h>
#include <baremetal/hypercall.h>
#include <baremetal/mmio.h>
#include <baremetal/psci.h>
#include <baremetal/timer.h>

#include "remote.h"
#include "suite.h"

static volatile uint32_t notified[2];

static void on_notify(uint32_t intid)
{
	notified[intid - REMOTE_IRQ]++;
}

static uint64_t reg(uint32_t offset)
{
	return mmio_read64(REMOTE_BASE + offset);
}

static void command(enum remote_command what)
{
	mmio_write32(REMOTE_BASE + REMOTE_COMMAND, what);
}

static void write16(uintptr_t address, uint16_t value)
{
	__asm__ volatile("strh %w0, [%1]" : : "r"(value), "r"(address) : "memory");
}

#define LOAD(instruction, size)                                                                    \
	({                                                                                         \
		uint64_t load_value;                                                               \
		__asm__ volatile(instruction " %" size "0, [%1]"                                   \
				 : "=r"(load_value)                                                \
				 : "r"(REMOTE_BASE + 8L)                                           \
				 : "memory");                                                      \
		load_value;                                                                        \
	})

static void check_last(uint64_t offset, uint64_t width, uint64_t value)
{
	CHECK_EQUAL(reg(REMOTE_LAST_OFFSET), offset);
	CHECK_EQUAL(reg(REMOTE_LAST_WIDTH), width);
	CHECK_EQUAL(reg(REMOTE_LAST_VALUE), value);
}

static void test_accesses(void)
{
	suite_section("accesses");
	mmio_write64(REMOTE_BASE + 8, UINT64_C(0x8182838485868788));
	check_last(8, 8, UINT64_C(0x8182838485868788));
	CHECK_EQUAL(LOAD("ldr", ""), UINT64_C(0x8182838485868788));
	check_last(8, 8, 0);
	/* Narrow loads, and those that extend the sign. */
	CHECK_EQUAL(LOAD("ldr", "w"), 0x85868788);
	CHECK_EQUAL(LOAD("ldrh", "w"), 0x8788);
	CHECK_EQUAL(LOAD("ldrb", "w"), 0x88);
	CHECK_EQUAL(LOAD("ldrsb", ""), UINT64_C(0xffffffffffffff88));
	CHECK_EQUAL(LOAD("ldrsb", "w"), 0xffffff88);
	CHECK_EQUAL(LOAD("ldrsh", ""), UINT64_C(0xffffffffffff8788));
	CHECK_EQUAL(LOAD("ldrsw", ""), UINT64_C(0xffffffff85868788));
	check_last(8, 4, 0);
	/* Narrow stores carry no more than their width. */
	mmio_write8(REMOTE_BASE + 9, 0x55);
	check_last(9, 1, 0x55);
	write16(REMOTE_BASE + 10, 0xabcd);
	check_last(10, 2, 0xabcd);
	__asm__ volatile("strb %w0, [%1]" : : "r"(0x12345677), "r"(REMOTE_BASE + 12L) : "memory");
	check_last(12, 1, 0x77);
	__asm__ volatile("str wzr, [%0]" : : "r"(REMOTE_BASE + 16L) : "memory");
	check_last(16, 4, 0);
	CHECK_EQUAL(LOAD("ldr", ""), UINT64_C(0x81828377abcd5588));
	/* A load whose value nobody wants still happens. */
	__asm__ volatile("ldr wzr, [%0]" : : "r"(REMOTE_BASE + 24L) : "memory");
	check_last(24, 4, 0);
	/* The other device is another one. */
	CHECK_EQUAL(mmio_read32(REMOTE_SECOND + 0xabc), 0xabd);
	CHECK_EQUAL(reg(0xabc & ~7u), ~UINT64_C(0));
}

static void test_notify(void)
{
	suite_section("notify");
	CHECK_EQUAL(notified[0], 0);
	command(REMOTE_NOTIFY);
	WAIT_FOR(notified[0] == 1);
	timer_delay_us(2000);
	CHECK_EQUAL(notified[0], 1);
	CHECK_EQUAL(notified[1], 0);
	/* A frontend is no backend. */
	CHECK_EQUAL(bao_remio_notify(0), BAO_HC_INVALID_ARGS);
}

static void test_misuse(void)
{
	suite_section("misuse");
	mmio_write32(REMOTE_BASE, 0x1234);
	command(REMOTE_MISUSE);
	CHECK_EQUAL(mmio_read32(REMOTE_BASE), 0x1234);
	for (uint32_t n = 0; n < MISUSE_COUNT; n++) {
		CHECK_EQUAL(reg(REMOTE_RESULTS + 8 * n),
			    n == MISUSE_NOTHING_TO_ASK ? BAO_HC_FAILURE : BAO_HC_INVALID_ARGS);
	}
}

/* ---- two vCPUs ------------------------------------------------------------------------------------ */

#define ROUNDS 300

static _Atomic uint32_t second_done, second_wrong;

/* Each has half of the memory, and must find there what it wrote. */
static uint32_t use_half(uint32_t half)
{
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < ROUNDS; i++) {
		uintptr_t address = REMOTE_BASE + REMOTE_MEMORY_SIZE / 2 * half + i % 16 * 8;
		uint64_t value = ((uint64_t)half << 60) + i;

		mmio_write64(address, value);
		wrong += mmio_read64(address) != value ? 1 : 0;
	}
	return wrong;
}

static void second_vcpu(uint64_t argument)
{
	suite_start_secondary();
	atomic_store(&second_wrong, use_half((uint32_t)argument));
	atomic_fetch_add(&second_done, 1);
	psci_cpu_off();
}

static void one_read(uint64_t argument)
{
	suite_start_secondary();
	(void)mmio_read64(REMOTE_BASE + argument);
	atomic_fetch_add(&second_done, 1);
	psci_cpu_off();
}

static void wait_off(void)
{
	WAIT_FOR(psci_affinity_info(1) == PSCI_AFFINITY_OFF);
}

static void test_parallel(void)
{
	uint64_t before = reg(REMOTE_SERVED);

	suite_section("parallel");
	CHECK(cpu_start(1, second_vcpu, 1));
	CHECK_EQUAL(use_half(0), 0);
	WAIT_FOR(atomic_load(&second_done) == 1);
	CHECK_EQUAL(atomic_load(&second_wrong), 0);
	CHECK_EQUAL(reg(REMOTE_SERVED) - before, 4 * ROUNDS + 1);
	wait_off();
	/* Both wait at the same time, for a backend that is restarted meanwhile. */
	CHECK_EQUAL(reg(REMOTE_LIFE), 1);
	command(REMOTE_COLLECT);
	CHECK(cpu_start(1, one_read, 0));
	mmio_write32(REMOTE_BASE + 0x20, 5);
	WAIT_FOR(atomic_load(&second_done) == 2);
	CHECK_EQUAL(reg(REMOTE_BOTH), 1);
	CHECK_EQUAL(reg(REMOTE_LIFE), 2);
	CHECK_EQUAL(mmio_read32(REMOTE_BASE + 0x20), 5);
	wait_off();
}

/* The backend is restarted while it owes an answer: the request is handed to it again. */
static void test_backend_restart(void)
{
	suite_section("backend_restart");
	command(REMOTE_RESTART);
	CHECK_EQUAL(reg(REMOTE_LIFE), 3);
	CHECK_EQUAL(mmio_read32(REMOTE_SECOND + 4), 5);
}

/* The backend is gone, and a vCPU waits for it in vain: the VM can be switched off all the same. */
static void end_while_waiting(void)
{
	command(REMOTE_OFF);
	atomic_store(&second_done, 0);
	CHECK(cpu_start(1, one_read, 0));
	timer_delay_us(5000);
	CHECK_EQUAL(atomic_load(&second_done), 0);
	suite_end();
	psci_system_off();
}

void guest_main(uint64_t device_tree)
{
	(void)device_tree;
	suite_start(0);
	gic_set_edge(REMOTE_IRQ, true);
	gic_enable(REMOTE_IRQ, on_notify);
	gic_enable(REMOTE_SECOND_IRQ, on_notify);
	cpu_interrupts_on();
	test_accesses();
	test_notify();
	test_misuse();
	test_parallel();
	test_backend_restart();
	suite_section("end");
	end_while_waiting();
}
