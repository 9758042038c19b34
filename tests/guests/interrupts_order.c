/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which interrupt comes first: priorities, masks, preemption, and more interrupts at once than the
 * machine has list registers (QEMU: four).
 */
#include <baremetal/cpu.h>

#include "gic_view.h"
#include "interrupts.h"
#include "suite.h"

/* Sixteen priorities, 0x00 .. 0xf0, none twice, in no order. */
static uint8_t priority_of(uint32_t n)
{
	return (uint8_t)((n * 7 + 3) % 16 * 16);
}

static void enable_all(void)
{
	reset_spis();
	for (uint32_t n = 0; n < SPI_COUNT; n++) {
		enable_logged(SPI_FIRST + n, priority_of(n));
	}
}

/* Those of `bits` at once: an interrupt's word starts with SPI_FIRST. */
static void make_pending(uint32_t bits)
{
	mmio_write32(GICD_BASE + GIC_SET_PENDING + SPI_FIRST / 32 * 4, bits);
}

/* The place in the order: the least urgent priorities are one in the physical GIC, where they wait. */
static uint32_t rank_of(uint32_t intid)
{
	uint8_t priority = priority_of(intid - SPI_FIRST);

	return priority < 0xc0 ? priority : 0xc0;
}

static void check_sorted(uint32_t count)
{
	for (uint32_t i = 1; i < count; i++) {
		CHECK(rank_of(taken[0].intids[i - 1]) <= rank_of(taken[0].intids[i]));
	}
}

/* ---- priorities ----------------------------------------------------------------------------------- */

static volatile uint32_t nested_low, nested_high;

static void high_handler(uint32_t intid)
{
	(void)intid;
	nested_high = nested_low;
}

/* Interrupts of higher priority come in the middle, lower ones afterwards. */
static void low_handler(uint32_t intid)
{
	nested_low = 1;
	gic_write_bit(0, GIC_SET_PENDING, SPI_FIRST + 1);
	gic_write_bit(0, GIC_SET_PENDING, SPI_FIRST + 2);
	cpu_interrupts_on();
	settle();
	CHECK_EQUAL(nested_high, 1);
	CHECK_EQUAL(taken[0].count, 0);
	cpu_interrupts_off();
	nested_low = 2;
	(void)intid;
}

static void check_preemption(void)
{
	reset_spis();
	gic_enable(SPI_FIRST, low_handler);
	gic_set_priority(0, SPI_FIRST, 0x80);
	gic_enable(SPI_FIRST + 1, high_handler);
	gic_set_priority(0, SPI_FIRST + 1, 0x40);
	enable_logged(SPI_FIRST + 2, 0xa0);
	gic_write_bit(0, GIC_SET_PENDING, SPI_FIRST);
	wait_taken(0, 1);
	CHECK_EQUAL(nested_low, 2);
	CHECK_EQUAL(taken_times(0, SPI_FIRST + 2), 1);
}

static void check_mask(void)
{
	reset_spis();
	enable_logged(SPI_FIRST, 0x80);
	icc_set_mask(0x80); /* only what is above it */
	gic_write_bit(0, GIC_SET_PENDING, SPI_FIRST);
	settle();
	CHECK_EQUAL(taken[0].count, 0);
	icc_set_mask(0x88);
	wait_taken(0, 1);
	CHECK_EQUAL(taken[0].count, 1);
	icc_set_mask(0xff);
}

void test_priorities(void)
{
	suite_section("priorities");
	check_mask();
	check_preemption();

	/* As many as there are list registers. */
	enable_all();
	cpu_interrupts_off();
	make_pending(0x000f);
	cpu_interrupts_on();
	wait_taken(0, 4);
	CHECK_EQUAL(taken[0].count, 4);
	check_sorted(4);

	/* Between vCPUs too. */
	taken_reset();
	cpu_interrupts_off();
	for (uint32_t intid = 1; intid < 4; intid++) {
		gic_set_priority(0, intid, (uint8_t)(0xc0 - 0x20 * intid));
		icc_send_sgi(ICC_SGI(intid, 1));
	}
	cpu_interrupts_on();
	wait_taken(0, 3);
	CHECK_EQUAL(taken[0].count, 3);
	for (uint32_t i = 0; i < 3; i++) {
		CHECK_EQUAL(taken[0].intids[i], 3 - i);
	}
	reset_spis();
}

/* ---- more than list registers ---------------------------------------------------------------------- */

/* All at once, masked or not: each comes once, in the order of their priorities. */
static void check_all_at_once(bool masked)
{
	enable_all();
	if (masked) {
		cpu_interrupts_off();
	}
	make_pending(0xffff);
	settle();
	CHECK(!masked || taken[0].count == 0);
	cpu_interrupts_on();
	wait_taken(0, SPI_COUNT);
	settle();
	CHECK_EQUAL(taken[0].count, SPI_COUNT);
	for (uint32_t n = 0; n < SPI_COUNT; n++) {
		CHECK_EQUAL(taken_times(0, SPI_FIRST + n), 1);
		CHECK(!gic_bit(0, GIC_SET_PENDING, SPI_FIRST + n));
		CHECK(!gic_bit(0, GIC_SET_ACTIVE, SPI_FIRST + n));
	}
	if (masked) {
		check_sorted(SPI_COUNT);
	}
}

/* One after the other, the least urgent first: what comes later and is more urgent goes ahead. */
static void check_late_but_urgent(void)
{
	enable_all();
	cpu_interrupts_off();
	for (uint32_t level = SPI_COUNT; level > 0; level--) {
		for (uint32_t n = 0; n < SPI_COUNT; n++) {
			if (priority_of(n) == (level - 1) * 16) {
				make_pending(UINT32_C(1) << n);
			}
		}
	}
	cpu_interrupts_on();
	wait_taken(0, SPI_COUNT);
	CHECK_EQUAL(taken[0].count, SPI_COUNT);
	check_sorted(SPI_COUNT);
}

/* The urgent ones must come through while a mask keeps many others waiting. */
static void check_urgent_past_masked(void)
{
	enable_all();
	icc_set_mask(0x40);
	for (uint32_t n = 0; n < SPI_COUNT; n++) {
		if (priority_of(n) >= 0x40) {
			make_pending(UINT32_C(1) << n);
		}
	}
	settle();
	CHECK_EQUAL(taken[0].count, 0);
	for (uint32_t n = 0; n < SPI_COUNT; n++) {
		if (priority_of(n) < 0x40) {
			make_pending(UINT32_C(1) << n);
		}
	}
	icc_send_sgi(ICC_SGI(1, 1)); /* of the lowest urgency: it waits too */
	wait_taken(0, 4);
	settle();
	CHECK_EQUAL(taken[0].count, 4);
	icc_set_mask(0xff);
	wait_taken(0, SPI_COUNT + 1);
	settle();
	CHECK_EQUAL(taken[0].count, SPI_COUNT + 1);
	CHECK_EQUAL(taken_times(0, 1), 1);
}

/* Two that are active for long, their deactivation put off, must not keep the others from coming. */
static void check_past_active(void)
{
	enable_all();
	cpu_interrupts_off();
	icc_set_split_end(true);
	make_pending(0x3);
	for (uint32_t i = 0; i < 2; i++) {
		WAIT_FOR(icc_highest_pending() != INTID_NONE);
		icc_end(icc_acknowledge());
	}
	make_pending(0xfffc);
	for (uint32_t i = 2; i < SPI_COUNT; i++) {
		uint32_t intid;

		WAIT_FOR(icc_highest_pending() != INTID_NONE);
		intid = icc_acknowledge();
		CHECK(intid >= SPI_FIRST + 2 && intid < SPI_FIRST + SPI_COUNT);
		icc_end(intid);
		icc_deactivate(intid);
	}
	CHECK(gic_bit(0, GIC_SET_ACTIVE, SPI_FIRST));
	CHECK(gic_bit(0, GIC_SET_ACTIVE, SPI_FIRST + 1));
	icc_deactivate(SPI_FIRST);
	icc_deactivate(SPI_FIRST + 1);
	CHECK(!gic_bit(0, GIC_SET_ACTIVE, SPI_FIRST));
	icc_set_split_end(false);
	cpu_interrupts_on();
	CHECK_EQUAL(taken[0].count, 0);
}

/* SGIs and shared interrupts compete for the same list registers. */
static void check_with_sgis(void)
{
	enable_all();
	cpu_interrupts_off();
	for (uint32_t intid = 0; intid < 16; intid++) {
		gic_set_priority(0, intid, 0x80);
		icc_send_sgi(ICC_SGI(intid, 1));
	}
	make_pending(0xffff);
	settle();
	cpu_interrupts_on();
	wait_taken(0, 32);
	settle();
	CHECK_EQUAL(taken[0].count, 32);
	for (uint32_t n = 0; n < 16; n++) {
		CHECK_EQUAL(taken_times(0, n), 1);
		CHECK_EQUAL(taken_times(0, SPI_FIRST + n), 1);
	}
}

void test_overflow(void)
{
	suite_section("overflow");
	check_all_at_once(true);
	check_all_at_once(false);
	check_late_but_urgent();
	gic_set_priority(0, 1, 0xf0);
	check_urgent_past_masked();
	check_with_sgis();
	check_past_active();
	reset_spis();
}
