/* SPDX-License-Identifier: Apache-2.0 */
/* Software-generated interrupts between the vCPUs of a VM: who is meant, and that none is lost. */
#include "vgic_rig.h"

/* ICC_SGI1R_EL1. */
#define SGI(irq) ((uint64_t)(irq) << 24)
#define LIST(targets) ((uint64_t)(targets))
#define AFF1(n) ((uint64_t)(n) << 16)
#define AFF2(n) ((uint64_t)(n) << 32)
#define AFF3(n) ((uint64_t)(n) << 48)
#define RS(n) ((uint64_t)(n) << 44)
#define ALL_OTHERS (UINT64_C(1) << 40)

static void enable_sgis(uint32_t cpu)
{
	const struct plan_vm *plan = cpus[cpu].vcpu.plan;

	for (uint32_t vcpu = 0; vcpu < plan->vcpu_count; vcpu++) {
		guest_write(cpu, SGI_BASE(vcpu) + ISENABLER, 0xffff);
	}
	enable_group(cpu);
}

static int setup(void **state)
{
	vgic_rig_setup(state);
	enable_sgis(CPU_ALPHA_0);
	enable_sgis(CPU_WIDE_0);
	return 0;
}

/* The vCPUs of the VM of `cpu` that have SGI `irq` pending, a bit each; takes them. */
static uint32_t receivers(uint32_t cpu, uint32_t irq)
{
	const struct plan_vm *plan = cpus[cpu].vcpu.plan;
	uint32_t found = 0;

	for (uint32_t i = 0; i < PLAN_CPU_COUNT; i++) {
		uint32_t taken;

		if (cpus[i].vcpu.plan == NULL) {
			continue;
		}
		taken = guest_serves(i);
		assert_true(taken == irq || taken == FAKE_GIC_SPURIOUS);
		if (taken == irq) {
			assert_ptr_equal(cpus[i].vcpu.plan, plan);
			found |= BIT32(cpus[i].vcpu.id);
			assert_int_equal(guest_serves(i), FAKE_GIC_SPURIOUS);
		}
	}
	return found;
}

static uint32_t sent(uint32_t cpu, uint32_t irq, uint64_t value)
{
	send_sgi(cpu, SGI(irq) | value);
	return receivers(cpu, irq);
}

static void target_lists(void **state)
{
	(void)state;
	for (uint32_t list = 0; list < 8; list++) {
		assert_int_equal(sent(CPU_ALPHA_1, list, LIST(list)), list);
	}
	assert_int_equal(sent(CPU_ALPHA_0, 15, LIST(0xffff)), 7);
	assert_int_equal(sent(CPU_ALPHA_0, 15, LIST(0xfff8)), 0);
}

static void to_itself(void **state)
{
	(void)state;
	send_sgi(CPU_ALPHA_2, SGI(9) | LIST(4));
	/* There before the CPU goes back to its guest. */
	assert_int_equal(fake_guest_peek(CPU_ALPHA_2), 9);
	assert_int_equal(guest_serves(CPU_ALPHA_2), 9);
	assert_int_equal(guest_serves(CPU_ALPHA_2), FAKE_GIC_SPURIOUS);
}

static void to_all_others(void **state)
{
	(void)state;
	assert_int_equal(sent(CPU_ALPHA_0, 1, ALL_OTHERS), 6);
	assert_int_equal(sent(CPU_ALPHA_1, 1, ALL_OTHERS), 5);
	/* The other fields mean nothing then. */
	assert_int_equal(sent(CPU_ALPHA_2, 1, ALL_OTHERS | LIST(4) | AFF1(9) | AFF2(9) | AFF3(9)),
			 3);
	assert_int_equal(sent(CPU_WIDE_0 + 17, 0, ALL_OTHERS), 0x1ffff);
	assert_int_equal(sent(CPU_BETA, 0, ALL_OTHERS), 0);
}

static void affinities(void **state)
{
	(void)state;
	assert_int_equal(sent(CPU_WIDE_0, 2, LIST(0xffff)), 0xffff);
	assert_int_equal(sent(CPU_WIDE_0, 2, AFF1(1) | LIST(0x3)), 0x30000);
	assert_int_equal(sent(CPU_WIDE_0 + 16, 2, AFF1(1) | LIST(0x1)), 0x10000);
	assert_int_equal(sent(CPU_WIDE_0, 2, AFF1(1) | LIST(0xfffc)), 0);
	assert_int_equal(sent(CPU_WIDE_0, 2, AFF1(2) | LIST(0xffff)), 0);
	assert_int_equal(sent(CPU_WIDE_0, 2, AFF1(0xff) | LIST(0xffff)), 0);
	assert_int_equal(sent(CPU_ALPHA_0, 2, AFF1(1) | LIST(0xffff)), 0);
	assert_int_equal(sent(CPU_ALPHA_0, 2, AFF2(1) | LIST(0xffff)), 0);
	assert_int_equal(sent(CPU_ALPHA_0, 2, AFF2(0x80) | LIST(0xffff)), 0);
	assert_int_equal(sent(CPU_ALPHA_0, 2, AFF3(1) | LIST(0xffff)), 0);
	assert_int_equal(sent(CPU_ALPHA_0, 2, RS(1) | LIST(0xffff)), 0);
	assert_int_equal(sent(CPU_ALPHA_0, 2, RS(8) | LIST(0xffff)), 0);
}

static void several_of_one_merge(void **state)
{
	(void)state;
	send_sgi(CPU_ALPHA_1, SGI(3) | LIST(1));
	send_sgi(CPU_ALPHA_2, SGI(3) | LIST(1));
	send_sgi(CPU_ALPHA_0, SGI(3) | LIST(1));
	assert_int_equal(receivers(CPU_ALPHA_0, 3), 1);
}

/* Also when list registers are full, and another one waits that does not fit. */
static void several_of_one_merge_when_full(void **state)
{
	uint32_t taken = 0;

	(void)state;
	for (uint64_t sgi = 3 + LIST_REGISTERS; sgi > 3;
	     sgi--) { /* 7 first, so that it is taken first */
		send_sgi(CPU_ALPHA_0, SGI(sgi) | LIST(1));
	}
	send_sgi(CPU_ALPHA_0, SGI(0) | LIST(1));
	send_sgi(CPU_ALPHA_0, SGI(7) | LIST(1));
	for (uint32_t i = 0; i < LIST_REGISTERS + 1; i++) {
		uint32_t sgi = guest_serves(CPU_ALPHA_0);

		assert_true(sgi < 16 && (taken & BIT32(sgi)) == 0);
		taken |= BIT32(sgi);
	}
	assert_int_equal(guest_serves(CPU_ALPHA_0), FAKE_GIC_SPURIOUS);
}

/* Sent while its handler runs: it comes again after. */
static void pending_behind_active(void **state)
{
	(void)state;
	send_sgi(CPU_ALPHA_1, SGI(3) | LIST(1));
	take_interrupts(CPU_ALPHA_0);
	assert_int_equal(fake_guest_acknowledge(CPU_ALPHA_0), 3);
	send_sgi(CPU_ALPHA_1, SGI(3) | LIST(1));
	take_interrupts(CPU_ALPHA_0);
	assert_int_equal(fake_gic_lrs_used(CPU_ALPHA_0), 1);
	assert_true(guest_read_bit(CPU_ALPHA_0, 0, ISPENDR, 3));
	assert_true(guest_read_bit(CPU_ALPHA_0, 0, ISACTIVER, 3));
	fake_guest_end(CPU_ALPHA_0, 3);
	assert_int_equal(receivers(CPU_ALPHA_0, 3), 1);
}

/* Disabled between the two: the second waits until it is enabled again. */
static void disabled_behind_active(void **state)
{
	(void)state;
	send_sgi(CPU_ALPHA_1, SGI(3) | LIST(1));
	take_interrupts(CPU_ALPHA_0);
	assert_int_equal(fake_guest_acknowledge(CPU_ALPHA_0), 3);
	send_sgi(CPU_ALPHA_1, SGI(3) | LIST(1));
	take_interrupts(CPU_ALPHA_0);
	guest_write_bit(CPU_ALPHA_0, 0, ICENABLER, 3);
	assert_true(guest_read_bit(CPU_ALPHA_0, 0, ISPENDR, 3));
	fake_guest_end(CPU_ALPHA_0, 3);
	assert_int_equal(fake_guest_peek(CPU_ALPHA_0), FAKE_GIC_SPURIOUS);
	guest_write_bit(CPU_ALPHA_0, 0, ISENABLER, 3);
	assert_int_equal(receivers(CPU_ALPHA_0, 3), 1);
}

static void disabled_sgi_waits(void **state)
{
	(void)state;
	guest_write_bit(CPU_ALPHA_0, 1, ICENABLER, 6);
	assert_int_equal(sent(CPU_ALPHA_0, 6, LIST(7)), 5);
	assert_true(guest_read_bit(CPU_ALPHA_0, 1, ISPENDR, 6));
	/* Enabled by itself, and by another vCPU. */
	guest_write_bit(CPU_ALPHA_1, 1, ISENABLER, 6);
	assert_int_equal(guest_serves(CPU_ALPHA_1), 6);
	guest_write_bit(CPU_ALPHA_0, 1, ICENABLER, 6);
	send_sgi(CPU_ALPHA_0, SGI(6) | LIST(2));
	take_all_interrupts();
	guest_write_bit(CPU_ALPHA_2, 1, ISENABLER, 6);
	assert_int_equal(guest_serves(CPU_ALPHA_1), 6);
	assert_int_equal(guest_serves(CPU_ALPHA_1), FAKE_GIC_SPURIOUS);
}

/* Listed already when another vCPU disables it. */
static void recalled_sgi(void **state)
{
	(void)state;
	send_sgi(CPU_ALPHA_0, SGI(7) | LIST(2));
	take_interrupts(CPU_ALPHA_1);
	guest_write_bit(CPU_ALPHA_0, 1, ICENABLER, 7);
	take_interrupts(CPU_ALPHA_1);
	assert_int_equal(fake_guest_peek(CPU_ALPHA_1), FAKE_GIC_SPURIOUS);
	assert_true(guest_read_bit(CPU_ALPHA_1, 1, ISPENDR, 7));
	guest_write_bit(CPU_ALPHA_0, 1, ISENABLER, 7);
	assert_int_equal(guest_serves(CPU_ALPHA_1), 7);
}

static void by_register(void **state)
{
	(void)state;
	guest_write_bit(CPU_ALPHA_0, 1, ISPENDR, 8);
	assert_int_equal(receivers(CPU_ALPHA_0, 8), 2);
	guest_write_bit(CPU_ALPHA_0, 0, ISPENDR, 8);
	assert_true(guest_read_bit(CPU_ALPHA_0, 0, ISPENDR, 8));
	guest_write_bit(CPU_ALPHA_0, 0, ICPENDR, 8);
	assert_int_equal(receivers(CPU_ALPHA_0, 8), 0);
	/* Clearing what waits behind an active one leaves that active. */
	send_sgi(CPU_ALPHA_0, SGI(8) | LIST(1));
	assert_int_equal(fake_guest_acknowledge(CPU_ALPHA_0), 8);
	send_sgi(CPU_ALPHA_0, SGI(8) | LIST(1));
	guest_write_bit(CPU_ALPHA_0, 0, ICPENDR, 8);
	assert_true(guest_read_bit(CPU_ALPHA_0, 0, ISACTIVER, 8));
	assert_false(guest_read_bit(CPU_ALPHA_0, 0, ISPENDR, 8));
	/* Ended by hand. */
	guest_write_bit(CPU_ALPHA_0, 0, ICACTIVER, 8);
	assert_false(guest_read_bit(CPU_ALPHA_0, 0, ISACTIVER, 8));
	assert_u64(fake_gic_listed(CPU_ALPHA_0, 8), 0);
}

static void to_a_vcpu_that_is_off(void **state)
{
	(void)state;
	assert_int_equal(fake_run(CPU_ALPHA_1, vcpu_off), FAKE_SLEEPING);
	send_sgi(CPU_ALPHA_0, SGI(2) | LIST(2));
	assert_int_equal(fake_run(CPU_ALPHA_1, cpu_idle), FAKE_SLEEPING);
	assert_int_equal(fake_gic_lrs_used(CPU_ALPHA_1), 0);
	cpus[CPU_ALPHA_1].vcpu.state = VCPU_ON;
	assert_int_equal(fake_run(CPU_ALPHA_1, vcpu_enter_fresh), FAKE_IN_GUEST);
	assert_int_equal(guest_serves(CPU_ALPHA_1), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_SETUP(target_lists, setup),
		TEST_SETUP(to_itself, setup),
		TEST_SETUP(to_all_others, setup),
		TEST_SETUP(affinities, setup),
		TEST_SETUP(several_of_one_merge, setup),
		TEST_SETUP(several_of_one_merge_when_full, setup),
		TEST_SETUP(pending_behind_active, setup),
		TEST_SETUP(disabled_behind_active, setup),
		TEST_SETUP(disabled_sgi_waits, setup),
		TEST_SETUP(recalled_sgi, setup),
		TEST_SETUP(by_register, setup),
		TEST_SETUP(to_a_vcpu_that_is_off, setup),
	};

	return RUN_TESTS(tests);
}
