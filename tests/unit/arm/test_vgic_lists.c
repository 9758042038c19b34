/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arch/arm/vgic/vgic_v3.c by itself: the contract of vgic.h's list registers, with 1 to 16 of them. The
 * model refuses what the architecture calls unpredictable.
 */
#include "vgic_rig.h"

#include <arm/aarch64/sysreg.h>

static void start(uint32_t list_registers)
{
	vgic_rig_boot(list_registers);
	fake_be(CPU_ALPHA_1);
}

/* A physical interrupt that has been acknowledged. */
static bool insert(uint32_t irq, uint8_t priority)
{
	fake_gic_line(CPU_ALPHA_1, irq)->active = true;
	return vgic_lr_insert(irq, priority, true);
}

static void values(void **state)
{
	(void)state;
	start(4);
	assert_true(insert(50, 0xa0));
	assert_true(vgic_lr_insert(3, 0x40, false));
	assert_u64(sysreg_read(ich_lr0_el2), UINT64_C(0x70a0003200000032));
	assert_u64(sysreg_read(ich_lr1_el2), UINT64_C(0x5040000000000003));
	assert_u64(sysreg_read(ich_elrsr_el2), 0xc);
}

static void every_count(void **state)
{
	(void)state;
	for (uint32_t count = 1; count <= 16; count++) {
		start(count);
		for (uint32_t i = 0; i < count; i++) {
			assert_true(insert(40 + i, 0));
		}
		fake_gic_line(0, 90)->active = true;
		assert_false(vgic_lr_insert(90, 0, true));
		assert_false(vgic_lr_insert(1, 0, false));
		assert_int_equal(fake_gic_lrs_used(CPU_ALPHA_1), count);
		/* The last one is emptied and used again. */
		assert_true(vgic_lr_drop_pending(40 + count - 1));
		assert_true(vgic_lr_insert(1, 0, false));
		assert_int_equal(vgic_lr_pending(0), 2);
	}
}

static void states_by_word(void **state)
{
	(void)state;
	start(4);
	assert_true(insert(27, 0));
	assert_true(insert(40, 0));
	assert_true(insert(63, 0));
	assert_int_equal(vgic_lr_pending(0), BIT32(27));
	assert_int_equal(vgic_lr_pending(1), BIT32(8) | BIT32(31));
	assert_int_equal(vgic_lr_pending(2), 0);
	assert_int_equal(vgic_lr_active(0), 0);
	assert_true(vgic_lr_any_pending());
	assert_int_equal(fake_guest_acknowledge(CPU_ALPHA_1), 27);
	assert_int_equal(vgic_lr_pending(0), 0);
	assert_int_equal(vgic_lr_active(0), BIT32(27));
	fake_guest_end(CPU_ALPHA_1, 27);
	assert_int_equal(vgic_lr_active(0), 0);
	/* What a list register held before does not count. */
	assert_false(vgic_lr_drop_active(27));
	assert_false(vgic_lr_drop_pending(27));
}

static void dropping(void **state)
{
	(void)state;
	start(4);
	assert_true(vgic_lr_insert(3, 0, false));
	assert_int_equal(fake_guest_acknowledge(CPU_ALPHA_1), 3);
	assert_true(vgic_lr_insert(3, 0, false)); /* pending and active */
	assert_false(vgic_lr_drop_pending(3));    /* something is left */
	assert_int_equal(vgic_lr_active(0), 8);
	assert_true(vgic_lr_drop_active(3));
	assert_int_equal(fake_gic_lrs_used(CPU_ALPHA_1), 0);
	assert_true(vgic_lr_insert(3, 0, false));
	assert_true(vgic_lr_drop_pending(3));
	assert_false(vgic_lr_drop_pending(3));
	assert_false(vgic_lr_any_pending());
}

static void least_urgent(void **state)
{
	uint32_t irq = 7;
	uint8_t priority = 7;

	(void)state;
	start(4);
	assert_false(vgic_lr_least_urgent(&irq, &priority));
	assert_int_equal(irq, 7);
	assert_true(insert(40, 0x20));
	assert_true(insert(50, 0xe0));
	assert_true(insert(51, 0x60));
	assert_true(vgic_lr_least_urgent(&irq, &priority));
	assert_int_equal(irq, 50);
	assert_int_equal(priority, 0xe0);
	/* One that the guest has taken is not on offer. */
	assert_int_equal(fake_guest_acknowledge(CPU_ALPHA_1), 40);
	assert_true(vgic_lr_drop_pending(50));
	assert_true(vgic_lr_least_urgent(&irq, &priority));
	assert_int_equal(irq, 51);
	assert_true(vgic_lr_drop_pending(51));
	assert_false(vgic_lr_least_urgent(&irq, &priority));
	/* Nor is an SGI that is active and came again. */
	assert_true(vgic_lr_insert(3, 0x10, false));
	assert_int_equal(fake_guest_acknowledge(CPU_ALPHA_1), 3);
	assert_true(vgic_lr_insert(3, 0x10, false));
	assert_false(vgic_lr_least_urgent(&irq, &priority));
}

static unsigned int recalled;

static void on_recall(uint32_t irq, bool hardware, bool pending)
{
	fake_note("%u %s %s", irq, hardware ? "hardware" : "software",
		  pending ? "pending" : "active");
	recalled++;
}

static void stopping(void **state)
{
	(void)state;
	start(4);
	recalled = 0;
	assert_true(insert(40, 0x80));
	assert_true(insert(50, 0x20));
	assert_true(vgic_lr_insert(2, 0x90, false));
	assert_int_equal(fake_guest_acknowledge(CPU_ALPHA_1), 50);
	vgic_lr_stop(on_recall);
	assert_trace("40 hardware pending; 50 hardware active; 2 software pending");
	assert_int_equal(fake_gic_lrs_used(CPU_ALPHA_1), 0);
	assert_u64(sysreg_read(ich_hcr_el2), 0);
	vgic_lr_stop(on_recall);
	assert_int_equal(recalled, 3);
}

static void starting(void **state)
{
	(void)state;
	start(4);
	assert_true(insert(40, 0));
	assert_true(vgic_lr_insert(3, 0, false));
	sysreg_write(ich_vmcr_el2, UINT64_MAX);
	sysreg_write(ich_ap0r0_el2, 5);
	sysreg_write(ich_ap1r0_el2, 5);
	vgic_lr_start();
	assert_int_equal(fake_gic_lrs_used(CPU_ALPHA_1), 0);
	assert_u64(sysreg_read(ich_hcr_el2), 1);
	assert_u64(sysreg_read(ich_ap0r0_el2), 0);
	assert_u64(sysreg_read(ich_ap1r0_el2), 0);
	/* No group enabled, mask 0; binary points at the least for 5 bits of priority. */
	assert_u64(sysreg_read(ich_vmcr_el2), UINT64_C(2) << 21 | UINT64_C(3) << 18);
}

/* The maintenance interrupt comes when the guest has made room, and not before. */
static void wanting_room(void **state)
{
	const struct fake_line *maintenance = fake_gic_line(CPU_ALPHA_1, PLAN_MAINTENANCE_IRQ);

	(void)state;
	start(4);
	assert_true(insert(40, 0x40));
	assert_true(insert(50, 0x80));
	assert_true(insert(51, 0x90));
	vgic_lr_want_room(true);
	assert_false(fake_interrupt_waits(CPU_ALPHA_1));
	assert_int_equal(fake_guest_acknowledge(CPU_ALPHA_1), 40);
	fake_guest_end(CPU_ALPHA_1, 40);
	assert_false(fake_interrupt_waits(CPU_ALPHA_1));
	assert_int_equal(fake_guest_acknowledge(CPU_ALPHA_1), 50);
	fake_guest_end(CPU_ALPHA_1, 50);
	assert_true(fake_interrupt_waits(CPU_ALPHA_1));
	assert_true(maintenance->high);
	vgic_lr_want_room(false);
	assert_false(fake_interrupt_waits(CPU_ALPHA_1));
	/* Or has taken all there is, nested. */
	assert_true(insert(40, 0x70));
	vgic_lr_want_room(true);
	assert_false(fake_interrupt_waits(CPU_ALPHA_1));
	assert_int_equal(fake_guest_acknowledge(CPU_ALPHA_1), 40);
	assert_false(fake_interrupt_waits(CPU_ALPHA_1));
	assert_true(insert(50, 0x10));
	assert_int_equal(fake_guest_acknowledge(CPU_ALPHA_1), 50);
	assert_true(vgic_lr_drop_pending(51));
	assert_true(fake_interrupt_waits(CPU_ALPHA_1));
	/* With nothing pending to begin with, that is no news. */
	vgic_lr_want_room(true);
	assert_false(fake_interrupt_waits(CPU_ALPHA_1));
	fake_guest_end(CPU_ALPHA_1, 50);
	assert_true(fake_interrupt_waits(CPU_ALPHA_1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(values),       TEST(every_count), TEST(states_by_word), TEST(dropping),
		TEST(least_urgent), TEST(stopping),    TEST(starting),       TEST(wanting_room),
	};

	return RUN_TESTS(tests);
}
