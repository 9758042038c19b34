/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The virtual GIC at work: physical interrupts on their way into list registers and out again, and what
 * register writes do to those on their way.
 */
#include "vgic_rig.h"

#define TIMER 27u
#define SPI_A 50u
#define SPI_B 51u
#define SPI_C 63u
#define SPI_D 64u
#define SPI_E 70u

static void enable(uint32_t irq)
{
	guest_write_bit(CPU_ALPHA_0, 0, ISENABLER, irq);
}

static void disable(uint32_t irq)
{
	guest_write_bit(CPU_ALPHA_0, 0, ICENABLER, irq);
}

static int setup(void **state)
{
	vgic_rig_setup(state);
	enable_group(CPU_ALPHA_0);
	return 0;
}

static bool listed_pending(uint32_t cpu, uint32_t irq)
{
	return (fake_gic_listed(cpu, irq) & FAKE_LR_PENDING) != 0;
}

static bool listed_active(uint32_t cpu, uint32_t irq)
{
	return (fake_gic_listed(cpu, irq) & FAKE_LR_ACTIVE) != 0;
}

/* ---- one interrupt ----------------------------------------------------------------------------------- */

static void edge_interrupt(void **state)
{
	(void)state;
	enable(SPI_A);
	fake_gic_pulse(0, SPI_A);
	take_interrupts(CPU_ALPHA_0);
	assert_true(listed_pending(CPU_ALPHA_0, SPI_A));
	assert_true(guest_read_bit(CPU_ALPHA_0, 0, ISPENDR, SPI_A));
	assert_false(guest_read_bit(CPU_ALPHA_0, 0, ISACTIVER, SPI_A));
	assert_true(fake_gic_line(0, SPI_A)->active);
	assert_int_equal(fake_guest_acknowledge(CPU_ALPHA_0), SPI_A);
	assert_false(guest_read_bit(CPU_ALPHA_0, 0, ISPENDR, SPI_A));
	assert_true(guest_read_bit(CPU_ALPHA_0, 0, ISACTIVER, SPI_A));
	/* It comes again while it is active: pending behind it, and delivered after. */
	fake_gic_pulse(0, SPI_A);
	take_interrupts(CPU_ALPHA_0);
	assert_true(guest_read_bit(CPU_ALPHA_0, 0, ISPENDR, SPI_A));
	fake_guest_end(CPU_ALPHA_0, SPI_A);
	assert_false(fake_gic_line(0, SPI_A)->active);
	assert_int_equal(guest_serves(CPU_ALPHA_0), SPI_A);
	assert_int_equal(guest_serves(CPU_ALPHA_0), FAKE_GIC_SPURIOUS);
}

static void level_interrupt(void **state)
{
	(void)state;
	enable(TIMER);
	fake_gic_level(CPU_ALPHA_0, TIMER, true);
	assert_int_equal(guest_serves(CPU_ALPHA_0), TIMER);
	assert_int_equal(guest_serves(CPU_ALPHA_0), TIMER); /* still up */
	take_interrupts(CPU_ALPHA_0);
	assert_int_equal(fake_guest_acknowledge(CPU_ALPHA_0), TIMER);
	fake_gic_level(CPU_ALPHA_0, TIMER, false);
	fake_guest_end(CPU_ALPHA_0, TIMER);
	assert_int_equal(guest_serves(CPU_ALPHA_0), FAKE_GIC_SPURIOUS);
}

static void private_interrupts_are_private(void **state)
{
	(void)state;
	guest_write_bit(CPU_ALPHA_0, 1, ISENABLER, TIMER); /* by another vCPU's hand */
	fake_gic_level(CPU_ALPHA_0, TIMER, true);
	fake_gic_level(CPU_ALPHA_1, TIMER, true);
	fake_gic_level(CPU_BETA, TIMER, true);
	take_all_interrupts();
	assert_false(listed_pending(CPU_ALPHA_0, TIMER));
	assert_true(listed_pending(CPU_ALPHA_1, TIMER));
	assert_false(listed_pending(CPU_BETA, TIMER));
}

static void disabled_interrupt_waits(void **state)
{
	(void)state;
	fake_gic_pulse(0, SPI_A);
	assert_int_equal(guest_serves(CPU_ALPHA_0), FAKE_GIC_SPURIOUS);
	assert_true(guest_read_bit(CPU_ALPHA_0, 0, ISPENDR, SPI_A));
	enable(SPI_A);
	assert_int_equal(guest_serves(CPU_ALPHA_0), SPI_A);
}

/* ---- recalled from a list register ----------------------------------------------------------------------- */

static void disabled_while_listed(void **state)
{
	(void)state;
	enable(SPI_A);
	fake_gic_pulse(0, SPI_A);
	take_interrupts(CPU_ALPHA_0);
	disable(SPI_A);
	assert_u64(fake_gic_listed(CPU_ALPHA_0, SPI_A), 0);
	assert_int_equal(fake_guest_peek(CPU_ALPHA_0), FAKE_GIC_SPURIOUS);
	assert_true(guest_read_bit(CPU_ALPHA_0, 0, ISPENDR, SPI_A));
	assert_false(guest_read_bit(CPU_ALPHA_0, 0, ISACTIVER, SPI_A));
	assert_false(fake_gic_line(0, SPI_A)->active);
	enable(SPI_A);
	assert_int_equal(guest_serves(CPU_ALPHA_0), SPI_A);
	assert_int_equal(guest_serves(CPU_ALPHA_0), FAKE_GIC_SPURIOUS);
}

/* By another vCPU: the one that has it is asked. */
static void disabled_while_listed_elsewhere(void **state)
{
	(void)state;
	enable(SPI_A);
	guest_route(CPU_ALPHA_0, SPI_A, 2);
	fake_gic_pulse(0, SPI_A);
	take_all_interrupts();
	assert_true(listed_pending(CPU_ALPHA_2, SPI_A));
	disable(SPI_A);
	assert_true(fake_interrupt_waits(CPU_ALPHA_2));
	take_all_interrupts();
	assert_u64(fake_gic_listed(CPU_ALPHA_2, SPI_A), 0);
	enable(SPI_A);
	assert_int_equal(guest_serves(CPU_ALPHA_2), SPI_A);
}

static void active_interrupt_is_not_recalled(void **state)
{
	(void)state;
	enable(SPI_A);
	fake_gic_pulse(0, SPI_A);
	take_interrupts(CPU_ALPHA_0);
	assert_int_equal(fake_guest_acknowledge(CPU_ALPHA_0), SPI_A);
	disable(SPI_A);
	guest_route(CPU_ALPHA_0, SPI_A, 1);
	assert_true(listed_active(CPU_ALPHA_0, SPI_A));
	fake_guest_end(CPU_ALPHA_0, SPI_A);
	assert_false(fake_gic_line(0, SPI_A)->active);
}

static void group_enable_is_a_gate(void **state)
{
	(void)state;
	vgic_rig_setup(NULL);
	enable(SPI_A);
	enable(TIMER);
	fake_gic_pulse(0, SPI_A);
	fake_gic_level(CPU_ALPHA_0, TIMER, true);
	send_sgi(CPU_ALPHA_1, UINT64_C(3) << 24 | 1);
	guest_write_bit(CPU_ALPHA_0, 0, ISENABLER, 3);
	assert_int_equal(guest_serves(CPU_ALPHA_0), FAKE_GIC_SPURIOUS);
	assert_false(fake_gic_line(0, SPI_A)->enabled);
	guest_write(CPU_ALPHA_2, GICD, GROUP1);
	take_all_interrupts();
	assert_int_equal(fake_gic_lrs_used(CPU_ALPHA_0), 3);
	guest_write(CPU_ALPHA_2, GICD, 0);
	take_all_interrupts();
	assert_int_equal(fake_gic_lrs_used(CPU_ALPHA_0), 0);
	guest_write(CPU_ALPHA_2, GICD, GROUP1);
	fake_gic_level(CPU_ALPHA_0, TIMER, true);
	take_all_interrupts();
	assert_int_equal(fake_gic_lrs_used(CPU_ALPHA_0), 3);
}

/* ---- routes ------------------------------------------------------------------------------------------------- */

static void routes(void **state)
{
	(void)state;
	enable(SPI_A);
	for (uint32_t vcpu = 0; vcpu < 3; vcpu++) {
		uint32_t cpu = plan_vcpu_cpus[plan_vms[ALPHA].vcpu_first + vcpu];

		guest_route(CPU_ALPHA_1, SPI_A, vcpu);
		assert_int_equal(fake_gic_line(0, SPI_A)->target, cpu);
		fake_gic_pulse(0, SPI_A);
		assert_int_equal(guest_serves(cpu), SPI_A);
	}
	guest_write_bit(CPU_WIDE_0, 0, ISENABLER, 100);
	enable_group(CPU_WIDE_0);
	guest_route(CPU_WIDE_0, 100, 0x101); /* vCPU 17 */
	fake_gic_pulse(0, 100);
	assert_int_equal(guest_serves(CPU_WIDE_0 + 17), 100);
}

static void moved_while_listed(void **state)
{
	(void)state;
	enable(SPI_A);
	fake_gic_pulse(0, SPI_A);
	take_interrupts(CPU_ALPHA_0);
	guest_route(CPU_ALPHA_0, SPI_A, 1);
	assert_u64(fake_gic_listed(CPU_ALPHA_0, SPI_A), 0);
	take_all_interrupts();
	assert_true(listed_pending(CPU_ALPHA_1, SPI_A));
	/* And from a third vCPU. */
	guest_route(CPU_ALPHA_0, SPI_A, 2);
	take_all_interrupts();
	assert_u64(fake_gic_listed(CPU_ALPHA_1, SPI_A), 0);
	assert_int_equal(guest_serves(CPU_ALPHA_2), SPI_A);
}

static void unroutable(void **state)
{
	static const uint64_t nowhere[] = { 3, 0x10, 0x100, 0x10000, 0xff, 0x10003 };

	(void)state;
	enable(SPI_A);
	for (size_t i = 0; i < ARRAY_SIZE(nowhere); i++) {
		fake_gic_pulse(0, SPI_A);
		take_all_interrupts();
		guest_route(CPU_ALPHA_0, SPI_A, nowhere[i]);
		take_all_interrupts();
		assert_false(fake_gic_line(0, SPI_A)->enabled);
		for (uint32_t cpu = 0; cpu < PLAN_CPU_COUNT; cpu++) {
			assert_u64(fake_gic_listed(cpu, SPI_A), 0);
		}
		assert_true(guest_read_bit(CPU_ALPHA_0, 0, ISPENDR, SPI_A));
		assert_true(guest_read_bit(CPU_ALPHA_0, 0, ISENABLER, SPI_A));
		/* Enabled in this state it stays where it is. */
		disable(SPI_A);
		enable(SPI_A);
		take_all_interrupts();
		assert_u64(fake_gic_listed(CPU_ALPHA_0, SPI_A), 0);
		guest_route(CPU_ALPHA_0, SPI_A, 0);
		assert_int_equal(guest_serves(CPU_ALPHA_0), SPI_A);
	}
}

/* ---- pending and active by hand -------------------------------------------------------------------------------- */

static void pended_by_the_guest(void **state)
{
	(void)state;
	enable(SPI_A);
	enable(TIMER);
	guest_write_bit(CPU_ALPHA_1, 0, ISPENDR, SPI_A);
	guest_write_bit(CPU_ALPHA_1, 0, ISPENDR, TIMER);
	assert_int_equal(guest_serves(CPU_ALPHA_0), TIMER);
	assert_int_equal(guest_serves(CPU_ALPHA_0), SPI_A);
	/* Pended while it is listed: once is enough. */
	guest_write_bit(CPU_ALPHA_0, 0, ISPENDR, SPI_A);
	take_interrupts(CPU_ALPHA_0);
	guest_write_bit(CPU_ALPHA_0, 0, ISPENDR, SPI_A);
	assert_int_equal(guest_serves(CPU_ALPHA_0), SPI_A);
	assert_int_equal(guest_serves(CPU_ALPHA_0), FAKE_GIC_SPURIOUS);
}

static void pending_cleared(void **state)
{
	(void)state;
	enable(SPI_A);
	fake_gic_pulse(0, SPI_A);
	take_interrupts(CPU_ALPHA_0);
	guest_write_bit(CPU_ALPHA_0, 0, ICPENDR, SPI_A);
	assert_int_equal(guest_serves(CPU_ALPHA_0), FAKE_GIC_SPURIOUS);
	assert_false(fake_gic_line(0, SPI_A)->active);
	fake_gic_pulse(0, SPI_A);
	assert_int_equal(guest_serves(CPU_ALPHA_0), SPI_A);
	/* While it is active, what is behind it goes and it stays. */
	fake_gic_pulse(0, SPI_A);
	take_interrupts(CPU_ALPHA_0);
	assert_int_equal(fake_guest_acknowledge(CPU_ALPHA_0), SPI_A);
	fake_gic_pulse(0, SPI_A);
	guest_write_bit(CPU_ALPHA_0, 0, ICPENDR, SPI_A);
	assert_true(listed_active(CPU_ALPHA_0, SPI_A));
	fake_guest_end(CPU_ALPHA_0, SPI_A);
	assert_int_equal(guest_serves(CPU_ALPHA_0), FAKE_GIC_SPURIOUS);
}

static void active_by_hand(void **state)
{
	(void)state;
	enable(SPI_A);
	/* Set active, it is held back; cleared, it comes. */
	guest_write_bit(CPU_ALPHA_0, 0, ISACTIVER, SPI_A);
	fake_gic_pulse(0, SPI_A);
	assert_int_equal(guest_serves(CPU_ALPHA_0), FAKE_GIC_SPURIOUS);
	guest_write_bit(CPU_ALPHA_0, 0, ICACTIVER, SPI_A);
	take_interrupts(CPU_ALPHA_0);
	assert_int_equal(fake_guest_acknowledge(CPU_ALPHA_0), SPI_A);
	/* Cleared while it is in a handler: ended, in both places. */
	guest_write_bit(CPU_ALPHA_0, 0, ICACTIVER, SPI_A);
	assert_u64(fake_gic_listed(CPU_ALPHA_0, SPI_A), 0);
	assert_false(fake_gic_line(0, SPI_A)->active);
	fake_guest_end(CPU_ALPHA_0, SPI_A);
	fake_gic_pulse(0, SPI_A);
	/* Cleared while it is pending: nothing to clear. */
	take_interrupts(CPU_ALPHA_0);
	guest_write_bit(CPU_ALPHA_0, 0, ICACTIVER, SPI_A);
	assert_true(fake_gic_line(0, SPI_A)->active);
	assert_int_equal(guest_serves(CPU_ALPHA_0), SPI_A);
}

/*
 * Cleared by another vCPU while it is in a handler here: the line is free, and fires again. It must not
 * be listed twice.
 */
static void active_cleared_from_elsewhere(void **state)
{
	(void)state;
	enable(SPI_A);
	fake_gic_pulse(0, SPI_A);
	take_interrupts(CPU_ALPHA_0);
	assert_int_equal(fake_guest_acknowledge(CPU_ALPHA_0), SPI_A);
	guest_write_bit(CPU_ALPHA_1, 0, ICACTIVER, SPI_A);
	fake_gic_pulse(0, SPI_A);
	take_all_interrupts();
	fake_guest_end(CPU_ALPHA_0, SPI_A);
	assert_int_equal(guest_serves(CPU_ALPHA_0), SPI_A);
	assert_int_equal(guest_serves(CPU_ALPHA_0), FAKE_GIC_SPURIOUS);
	assert_false(fake_gic_line(0, SPI_A)->active);
	/* The same while it waits, listed here. */
	fake_gic_pulse(0, SPI_A);
	take_interrupts(CPU_ALPHA_0);
	guest_write_bit(CPU_ALPHA_1, 0, ICACTIVER, SPI_A);
	fake_gic_pulse(0, SPI_A);
	take_all_interrupts();
	assert_int_equal(guest_serves(CPU_ALPHA_0), SPI_A);
}

static void trigger(void **state)
{
	(void)state;
	assert_false(fake_gic_line(0, SPI_A)->edge);
	guest_write(CPU_ALPHA_0, GICD + ICFGR + SPI_A / 16 * 4, 2u << (2 * (SPI_A % 16)));
	assert_true(fake_gic_line(0, SPI_A)->edge);
	assert_false(fake_gic_line(0, SPI_B)->edge);
	guest_write(CPU_ALPHA_0, GICD + ICFGR + SPI_A / 16 * 4, 0);
	assert_false(fake_gic_line(0, SPI_A)->edge);
}

/* ---- more than fits ---------------------------------------------------------------------------------------------- */

static const uint32_t spis[] = { SPI_A, SPI_B, SPI_C, SPI_D, SPI_E, 71, 72, 40 };

static void more_than_fits(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(spis); i++) {
		enable(spis[i]);
		fake_gic_pulse(0, spis[i]);
	}
	take_interrupts(CPU_ALPHA_0);
	assert_int_equal(fake_gic_lrs_used(CPU_ALPHA_0), LIST_REGISTERS);
	/* The first to come: as urgent ones do not displace each other. */
	assert_true(listed_pending(CPU_ALPHA_0, 40) && listed_pending(CPU_ALPHA_0, SPI_A) &&
		    listed_pending(CPU_ALPHA_0, SPI_B) && listed_pending(CPU_ALPHA_0, SPI_C));
	for (size_t i = 0; i < ARRAY_SIZE(spis); i++) {
		assert_true(guest_read_bit(CPU_ALPHA_0, 0, ISPENDR, spis[i]));
	}
	/* All come, each once, whatever the guest does first. */
	for (uint32_t taken = 0; taken < ARRAY_SIZE(spis); taken++) {
		uint32_t irq = guest_serves(CPU_ALPHA_0);

		assert_int_not_equal(irq, FAKE_GIC_SPURIOUS);
		assert_false(guest_read_bit(CPU_ALPHA_0, 0, ISPENDR, irq));
	}
	assert_int_equal(guest_serves(CPU_ALPHA_0), FAKE_GIC_SPURIOUS);
	/* And everything is as before: the next one comes at once. */
	fake_gic_pulse(0, SPI_E);
	assert_int_equal(guest_serves(CPU_ALPHA_0), SPI_E);
}

static void urgent_ones_displace(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(spis); i++) {
		guest_write_priority(CPU_ALPHA_0, 0, spis[i], (uint8_t)(0xe0 - 0x10 * i));
		enable(spis[i]);
		fake_gic_pulse(0, spis[i]);
		take_interrupts(CPU_ALPHA_0);
	}
	guest_write_priority(CPU_ALPHA_0, 0, TIMER, 0x08);
	guest_write_priority(CPU_ALPHA_0, 0, 5, 0x10);
	enable(TIMER);
	enable(5);
	send_sgi(CPU_ALPHA_0, UINT64_C(5) << 24 | 1);
	fake_gic_pulse(CPU_ALPHA_0, TIMER);
	assert_int_equal(guest_serves(CPU_ALPHA_0), TIMER);
	assert_int_equal(guest_serves(CPU_ALPHA_0), 5);
	for (size_t i = ARRAY_SIZE(spis); i > 0; i--) {
		assert_int_equal(guest_serves(CPU_ALPHA_0), spis[i - 1]);
	}
	assert_int_equal(guest_serves(CPU_ALPHA_0), FAKE_GIC_SPURIOUS);
}

static void sgis_more_than_fit(void **state)
{
	uint32_t taken = 0;

	(void)state;
	guest_write(CPU_ALPHA_0, SGI_BASE(0) + ISENABLER, 0xffff);
	for (uint64_t sgi = 0; sgi < 16; sgi++) {
		send_sgi(CPU_ALPHA_1, sgi << 24 | 1);
	}
	for (uint32_t i = 0; i < 16; i++) { /* in any order, as their priorities are the same */
		uint32_t sgi = guest_serves(CPU_ALPHA_0);

		assert_true(sgi < 16 && (taken & BIT32(sgi)) == 0);
		taken |= BIT32(sgi);
	}
	assert_int_equal(guest_serves(CPU_ALPHA_0), FAKE_GIC_SPURIOUS);
}

/* ---- off, on, and again ---------------------------------------------------------------------------------------------- */

static void cpu_off_gives_back(void **state)
{
	(void)state;
	enable(SPI_A);
	enable(SPI_B);
	guest_write_bit(CPU_ALPHA_0, 1, ISENABLER, 4);
	guest_write_bit(CPU_ALPHA_0, 1, ISENABLER, TIMER);
	guest_route(CPU_ALPHA_0, SPI_A, 1);
	guest_route(CPU_ALPHA_0, SPI_B, 1);
	guest_write_priority(CPU_ALPHA_0, 0, SPI_B, 0x80);
	fake_gic_pulse(0, SPI_A);
	fake_gic_pulse(0, SPI_B);
	fake_gic_pulse(CPU_ALPHA_1, TIMER);
	send_sgi(CPU_ALPHA_0, UINT64_C(4) << 24 | 2);
	take_interrupts(CPU_ALPHA_1);
	guest_write_priority(CPU_ALPHA_0, 1, 4, 0x40);
	assert_int_equal(fake_gic_lrs_used(CPU_ALPHA_1), 4);
	assert_int_equal(fake_guest_acknowledge(CPU_ALPHA_1), 4);
	assert_int_equal(fake_run(CPU_ALPHA_1, vcpu_off), FAKE_SLEEPING);
	/* Nothing is left behind, and what was pending is pending where it came from. */
	assert_int_equal(fake_gic_lrs_used(CPU_ALPHA_1), 0);
	assert_true(fake_gic_line_pending(fake_gic_line(0, SPI_A)));
	assert_false(fake_gic_line(0, SPI_A)->active);
	assert_true(fake_gic_line_pending(fake_gic_line(CPU_ALPHA_1, TIMER)));
	assert_false(fake_gic_line(CPU_ALPHA_1, TIMER)->active);
	assert_false(guest_read_bit(CPU_ALPHA_0, 1, ISPENDR, 4)); /* had been taken */
	/* None disturbs the idle CPU, though an SGI may wait with them. */
	send_sgi(CPU_ALPHA_0, UINT64_C(5) << 24 | 2);
	guest_write_bit(CPU_ALPHA_0, 1, ISENABLER, 5);
	take_all_interrupts();
	assert_int_equal(fake_gic_lrs_used(CPU_ALPHA_1), 0);
	/* One is routed to another vCPU meanwhile; the others come when it is on again. */
	guest_route(CPU_ALPHA_0, SPI_A, 2);
	assert_int_equal(guest_serves(CPU_ALPHA_2), SPI_A);
	cpus[CPU_ALPHA_1].vcpu.state = VCPU_ON;
	assert_int_equal(fake_run(CPU_ALPHA_1, vcpu_enter_fresh), FAKE_IN_GUEST);
	assert_int_equal(guest_serves(CPU_ALPHA_1), 5);
	assert_int_equal(guest_serves(CPU_ALPHA_1), TIMER);
	assert_int_equal(guest_serves(CPU_ALPHA_1), SPI_B);
	assert_int_equal(guest_serves(CPU_ALPHA_1), FAKE_GIC_SPURIOUS);
}

static void vm_reset_clears_everything(void **state)
{
	(void)state;
	for (uint32_t word = 0; word < 3; word++) {
		uint64_t base = word == 0 ? SGI_BASE(1) : GICD;

		guest_write(CPU_ALPHA_0, base + ISENABLER + 4 * word, UINT32_MAX);
		guest_write(CPU_ALPHA_0, base + ISPENDR + 4 * word, UINT32_MAX);
		guest_write(CPU_ALPHA_0, base + ISACTIVER + 4 * word, BIT32(30) | BIT32(6));
	}
	guest_write_priority(CPU_ALPHA_0, 0, SPI_A, 0x70);
	guest_write(CPU_ALPHA_0, GICD + ICFGR + 12, UINT32_MAX);
	guest_route(CPU_ALPHA_0, SPI_A, 77);
	guest_route(CPU_ALPHA_0, SPI_B, 1);
	guest_write(CPU_ALPHA_0, GICR(0) + 0x14, 0);
	take_all_interrupts();
	assert_true(fake_gic_lrs_used(CPU_ALPHA_0) > 0);
	assert_true(fake_gic_lrs_used(CPU_ALPHA_1) > 0);
	for (uint32_t cpu = CPU_ALPHA_0; cpu <= CPU_ALPHA_2; cpu++) {
		if (cpu != CPU_BETA) {
			assert_int_equal(fake_run(cpu, vcpu_off), FAKE_SLEEPING);
		}
	}
	fake_gic_line(0, 60)->latched = true; /* beta's */
	fake_be(CPU_ALPHA_0);
	arch_vm_reset_interrupts(ALPHA);
	for (uint32_t irq = 16; irq < 96; irq++) {
		const struct fake_line *line = fake_gic_line(CPU_ALPHA_1, irq);

		if ((plan_vms[ALPHA].irqs[irq / 32] & BIT32(irq % 32)) != 0) {
			assert_false(line->enabled || line->latched || line->active || line->edge);
			assert_int_equal(line->priority, 0);
			assert_int_equal(line->target, CPU_ALPHA_0);
		}
	}
	assert_true(fake_gic_line(0, 60)->latched);
	for (uint64_t offset = 0x100; offset < 0x1000; offset += 4) {
		assert_int_equal(guest_read(CPU_ALPHA_0, GICD + offset), 0);
	}
	for (uint64_t offset = 0x100; offset < 0xc00; offset += 4) {
		assert_int_equal(guest_read(CPU_ALPHA_0, SGI_BASE(1) + offset), 0);
	}
	assert_int_equal(guest_read(CPU_ALPHA_0, GICD + IROUTER + 8 * SPI_A), 0);
	assert_int_equal(guest_read(CPU_ALPHA_0, GICD), 0x50);
	assert_int_equal(guest_read(CPU_ALPHA_0, GICR(0) + 0x14), 6);
	/* And it can be set up afresh. */
	assert_int_equal(fake_run(CPU_ALPHA_0, vm_boot), FAKE_IN_GUEST);
	enable_group(CPU_ALPHA_0);
	enable(SPI_A);
	fake_gic_pulse(0, SPI_A);
	assert_int_equal(guest_serves(CPU_ALPHA_0), SPI_A);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_SETUP(edge_interrupt, setup),
		TEST_SETUP(level_interrupt, setup),
		TEST_SETUP(private_interrupts_are_private, setup),
		TEST_SETUP(disabled_interrupt_waits, setup),
		TEST_SETUP(disabled_while_listed, setup),
		TEST_SETUP(disabled_while_listed_elsewhere, setup),
		TEST_SETUP(active_interrupt_is_not_recalled, setup),
		TEST_SETUP(group_enable_is_a_gate, setup),
		TEST_SETUP(routes, setup),
		TEST_SETUP(moved_while_listed, setup),
		TEST_SETUP(unroutable, setup),
		TEST_SETUP(pended_by_the_guest, setup),
		TEST_SETUP(pending_cleared, setup),
		TEST_SETUP(active_by_hand, setup),
		TEST_SETUP(active_cleared_from_elsewhere, setup),
		TEST_SETUP(trigger, setup),
		TEST_SETUP(more_than_fits, setup),
		TEST_SETUP(urgent_ones_displace, setup),
		TEST_SETUP(sgis_more_than_fit, setup),
		TEST_SETUP(cpu_off_gives_back, setup),
		TEST_SETUP(vm_reset_clears_everything, setup),
	};

	return RUN_TESTS(tests);
}
