/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts between vCPUs, and the life of a shared one: enabled, pending, active, routed. */
#include <baremetal/cpu.h>

#include "gic_view.h"
#include "interrupts.h"
#include "suite.h"

#define PRIORITY 0x80

/* ---- interrupts between vCPUs -------------------------------------------------------------------- */

static void check_counts(uint32_t intid, uint32_t on_0, uint32_t on_1, uint32_t on_2, uint32_t on_3)
{
	const uint32_t want[VCPUS] = { on_0, on_1, on_2, on_3 };

	for (uint32_t vcpu = 0; vcpu < VCPUS; vcpu++) {
		wait_taken(vcpu, want[vcpu]);
	}
	settle();
	for (uint32_t vcpu = 0; vcpu < VCPUS; vcpu++) {
		CHECK_EQUAL(taken_times(vcpu, intid), want[vcpu]);
		CHECK_EQUAL(taken[vcpu].count, want[vcpu]);
	}
	taken_reset();
}

static void send_from_here(void)
{
	icc_send_sgi(ICC_SGI(9, 0) | ICC_SGI_ALL_OTHERS);
}

/* While disabled it waits; enabled again, it comes. Written in one's own redistributor. */
static void check_disabled_sgi(void)
{
	gic_write_bit(0, GIC_CLEAR_ENABLE, 6);
	icc_send_sgi(ICC_SGI(6, 1));
	check_counts(6, 0, 0, 0, 0);
	CHECK(gic_bit(0, GIC_SET_PENDING, 6));
	gic_write_bit(0, GIC_SET_ENABLE, 6);
	check_counts(6, 1, 0, 0, 0);
	CHECK(!gic_bit(0, GIC_SET_PENDING, 6));

	gic_write_bit(0, GIC_CLEAR_ENABLE, 6);
	icc_send_sgi(ICC_SGI(6, 1));
	gic_write_bit(0, GIC_CLEAR_PENDING, 6);
	gic_write_bit(0, GIC_SET_ENABLE, 6);
	check_counts(6, 0, 0, 0, 0);
}

void test_sgis(void)
{
	suite_section("sgis");
	taken_reset();
	icc_send_sgi(ICC_SGI(1, 0x1));
	check_counts(1, 1, 0, 0, 0);
	icc_send_sgi(ICC_SGI(2, 0x2));
	check_counts(2, 0, 1, 0, 0);
	icc_send_sgi(ICC_SGI(3, 0xf));
	check_counts(3, 1, 1, 1, 1);
	icc_send_sgi(ICC_SGI(15, 0xa));
	check_counts(15, 0, 1, 0, 1);
	icc_send_sgi(ICC_SGI(0, 0) | ICC_SGI_ALL_OTHERS);
	check_counts(0, 0, 1, 1, 1);
	/* The target list means nothing then. */
	icc_send_sgi(ICC_SGI(4, 0x1) | ICC_SGI_ALL_OTHERS);
	check_counts(4, 0, 1, 1, 1);
	run_on(2, send_from_here);
	check_counts(9, 1, 1, 0, 1);
	/* vCPUs that do not exist. */
	icc_send_sgi(ICC_SGI(5, 0xfff0));
	icc_send_sgi(ICC_SGI(5, 0x1) | ICC_SGI_AFF1(1));
	check_counts(5, 0, 0, 0, 0);
	check_disabled_sgi();

	/* By the register of another vCPU's redistributor. */
	gic_write_bit(3, GIC_SET_PENDING, 7);
	check_counts(7, 0, 0, 0, 1);
	gic_write_bit(2, GIC_CLEAR_ENABLE, 8);
	icc_send_sgi(ICC_SGI(8, 0x4));
	check_counts(8, 0, 0, 0, 0);
	gic_write_bit(2, GIC_SET_ENABLE, 8);
	check_counts(8, 0, 0, 1, 0);
}

/* ---- the life of a shared interrupt --------------------------------------------------------------- */

#define SPI (SPI_FIRST + 3)

static void check_bits(bool pending, bool active)
{
	CHECK_EQUAL(gic_bit(0, GIC_SET_PENDING, SPI), pending);
	CHECK_EQUAL(gic_bit(0, GIC_CLEAR_PENDING, SPI), pending);
	CHECK_EQUAL(gic_bit(0, GIC_SET_ACTIVE, SPI), active);
	CHECK_EQUAL(gic_bit(0, GIC_CLEAR_ACTIVE, SPI), active);
}

static void check_pending_while_disabled(void)
{
	reset_spis();
	gic_write_bit(0, GIC_SET_PENDING, SPI);
	check_bits(true, false);
	settle();
	CHECK_EQUAL(taken[0].count, 0);
	enable_logged(SPI, PRIORITY);
	wait_taken(0, 1);
	CHECK_EQUAL(taken_times(0, SPI), 1);
	check_bits(false, false);

	reset_spis();
	gic_write_bit(0, GIC_SET_PENDING, SPI);
	gic_write_bit(0, GIC_CLEAR_PENDING, SPI);
	check_bits(false, false);
	enable_logged(SPI, PRIORITY);
	settle();
	CHECK_EQUAL(taken[0].count, 0);
}

/* Pending, acknowledged, made pending again, ended, deactivated: step by step with interrupts masked. */
static void check_steps(bool split)
{
	reset_spis();
	cpu_interrupts_off();
	icc_set_split_end(split);
	enable_logged(SPI, PRIORITY);
	gic_write_bit(0, GIC_SET_PENDING, SPI);
	check_bits(true, false);
	gic_write_bit(0, GIC_SET_PENDING, SPI); /* it is pending once */
	CHECK_EQUAL(icc_highest_pending(), SPI);
	CHECK_EQUAL(icc_acknowledge(), SPI);
	CHECK_EQUAL(icc_running_priority(), PRIORITY);
	check_bits(false, true);
	CHECK_EQUAL(icc_acknowledge(), INTID_NONE);

	gic_write_bit(0, GIC_SET_PENDING, SPI);
	check_bits(true, true);
	CHECK_EQUAL(icc_acknowledge(), INTID_NONE);
	icc_end(SPI);
	CHECK_EQUAL(icc_running_priority(), 0xff);
	if (split) {
		check_bits(true, true);
		CHECK_EQUAL(icc_acknowledge(), INTID_NONE);
		icc_deactivate(SPI);
	}
	WAIT_FOR(icc_highest_pending() == SPI);
	check_bits(true, false);
	CHECK_EQUAL(icc_acknowledge(), SPI);
	icc_end(SPI);
	if (split) {
		icc_deactivate(SPI);
	}
	check_bits(false, false);
	CHECK_EQUAL(icc_acknowledge(), INTID_NONE);
	icc_set_split_end(false);
	cpu_interrupts_on();
}

/* Withdrawn, while it waits for the vCPU, by disabling it, its group, or by making it not pending. */
static void check_withdrawal(void)
{
	reset_spis();
	cpu_interrupts_off();
	enable_logged(SPI, PRIORITY);
	gic_write_bit(0, GIC_SET_PENDING, SPI);
	CHECK_EQUAL(icc_highest_pending(), SPI);
	gic_write_bit(0, GIC_CLEAR_ENABLE, SPI);
	CHECK_EQUAL(icc_highest_pending(), INTID_NONE);
	check_bits(true, false);
	gic_write_bit(0, GIC_SET_ENABLE, SPI);
	WAIT_FOR(icc_highest_pending() == SPI);

	mmio_write32(GICD_CTLR_ADDRESS, 0x10);
	CHECK_EQUAL(icc_highest_pending(), INTID_NONE);
	check_bits(true, false);
	mmio_write32(GICD_CTLR_ADDRESS, 0x12);
	WAIT_FOR(icc_highest_pending() == SPI);

	gic_write_bit(0, GIC_CLEAR_PENDING, SPI);
	CHECK_EQUAL(icc_highest_pending(), INTID_NONE);
	check_bits(false, false);
	gic_write_bit(0, GIC_SET_PENDING, SPI); /* and it can come again */
	WAIT_FOR(icc_highest_pending() == SPI);
	CHECK_EQUAL(taken[0].count, 0);
	cpu_interrupts_on();
	wait_taken(0, 1);
	settle();
	CHECK_EQUAL(taken[0].count, 1);
}

/* Marked active by hand it is held back; marked inactive it comes. */
static void check_held_back(void)
{
	reset_spis();
	enable_logged(SPI, PRIORITY);
	gic_write_bit(0, GIC_SET_ACTIVE, SPI);
	check_bits(false, true);
	gic_write_bit(0, GIC_SET_PENDING, SPI);
	check_bits(true, true);
	settle();
	CHECK_EQUAL(taken[0].count, 0);
	gic_write_bit(0, GIC_CLEAR_ACTIVE, SPI);
	wait_taken(0, 1);
	CHECK_EQUAL(taken_times(0, SPI), 1);
	check_bits(false, false);

	/* Acknowledged, and made inactive by register instead of by ending it. */
	taken_reset();
	cpu_interrupts_off();
	icc_set_split_end(true);
	gic_write_bit(0, GIC_SET_PENDING, SPI);
	WAIT_FOR(icc_highest_pending() == SPI);
	CHECK_EQUAL(icc_acknowledge(), SPI);
	icc_end(SPI);
	gic_write_bit(0, GIC_CLEAR_ACTIVE, SPI);
	check_bits(false, false);
	gic_write_bit(0, GIC_SET_PENDING, SPI);
	WAIT_FOR(icc_highest_pending() == SPI);
	icc_set_split_end(false);
	cpu_interrupts_on();
	wait_taken(0, 1);
	CHECK_EQUAL(taken[0].count, 1);
}

void test_state(void)
{
	suite_section("state");
	check_pending_while_disabled();
	check_steps(false);
	check_steps(true);
	check_withdrawal();
	check_held_back();
	reset_spis();
}

/* ---- routing --------------------------------------------------------------------------------------- */

static void mask_here(void)
{
	cpu_interrupts_off();
}

static void unmask_here(void)
{
	cpu_interrupts_on();
}

void test_routing(void)
{
	suite_section("routing");
	reset_spis();
	enable_logged(SPI, PRIORITY);
	for (uint32_t vcpu = 0; vcpu < VCPUS; vcpu++) {
		gic_route(SPI, vcpu);
		gic_write_bit(0, GIC_SET_PENDING, SPI);
		wait_taken(vcpu, 1);
		settle();
		for (uint32_t other = 0; other < VCPUS; other++) {
			CHECK_EQUAL(taken_times(other, SPI), other == vcpu ? 1 : 0);
		}
		taken_reset();
	}

	/* Routed to nobody it waits. */
	gic_route(SPI, 9);
	gic_write_bit(0, GIC_SET_PENDING, SPI);
	settle();
	for (uint32_t vcpu = 0; vcpu < VCPUS; vcpu++) {
		CHECK_EQUAL(taken[vcpu].count, 0);
	}
	CHECK(gic_bit(0, GIC_SET_PENDING, SPI));
	gic_route(SPI, 1);
	wait_taken(1, 1);
	CHECK_EQUAL(taken_times(1, SPI), 1);
	taken_reset();

	/* Waiting for a vCPU that takes none, it is given to another. */
	run_on(2, mask_here);
	gic_route(SPI, 2);
	gic_write_bit(0, GIC_SET_PENDING, SPI);
	settle();
	CHECK_EQUAL(taken[2].count, 0);
	gic_route(SPI, 3);
	wait_taken(3, 1);
	CHECK_EQUAL(taken_times(3, SPI), 1);
	run_on(2, unmask_here);
	settle();
	CHECK_EQUAL(taken[2].count, 0);

	/* Disabled from here while it waits there. */
	taken_reset();
	run_on(2, mask_here);
	gic_route(SPI, 2);
	gic_write_bit(0, GIC_SET_PENDING, SPI);
	settle();
	gic_write_bit(0, GIC_CLEAR_ENABLE, SPI);
	settle();
	run_on(2, unmask_here);
	settle();
	CHECK_EQUAL(taken[2].count, 0);
	gic_write_bit(0, GIC_SET_ENABLE, SPI);
	wait_taken(2, 1);
	CHECK_EQUAL(taken_times(2, SPI), 1);
	reset_spis();
}
