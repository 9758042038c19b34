/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registers of the virtual distributor and redistributors, row by row: value at reset, what keeps a
 * write, which sizes are refused, and that nothing shows or changes another VM's interrupts. vgic_mmio.c
 * is included for its tables.
 */
#include "vgic_rig.h"

#include <arm/vgic/vgic_mmio.c>

/* ---- the tables -------------------------------------------------------------------------------------- */

static void assert_table(const struct mmio_register *table, size_t rows, uint32_t end)
{
	for (size_t i = 0; i < rows; i++) {
		assert_true(table[i].length > 0);
		assert_int_equal(table[i].first % 4, 0);
		assert_int_equal(table[i].length % 4, 0);
		assert_true(table[i].first + table[i].length <= end);
		assert_non_null(table[i].read);
		assert_true((table[i].sizes & MMIO_32) != 0);
		if ((table[i].sizes & MMIO_64) != 0) {
			assert_int_equal(table[i].first % 8, 0);
			assert_int_equal(table[i].length % 8, 0);
		}
		if (i > 0) {
			assert_true(table[i - 1].first + table[i - 1].length <= table[i].first);
		}
	}
}

static void tables_are_in_order(void **state)
{
	(void)state;
	assert_table(gicd_registers, ARRAY_SIZE(gicd_registers), 0x10000);
	assert_table(gicr_registers, ARRAY_SIZE(gicr_registers), GICR_FRAME_SIZE);
}

/* ---- the registers as alpha's guest sees them --------------------------------------------------------- */

#define OWN_PRIVATE (BIT32(27) | BIT32(30))
#define OWN_WORD0 (OWN_PRIVATE | VGIC_SGI_MASK)

static uint32_t owned_by_alpha(uint32_t word)
{
	return word == 0 ? OWN_WORD0 : plan_vms[ALPHA].irqs[word];
}

static bool alpha_owns(uint32_t irq)
{
	return (owned_by_alpha(irq / 32) & BIT32(irq % 32)) != 0;
}

/* What a distributor register shows at reset, or after all ones were written to it alone. */
static uint32_t gicd_expected(uint32_t offset, bool written)
{
	uint32_t word = (offset & 0x7f) / 4;
	uint32_t owned = owned_by_alpha(word);
	uint32_t value = 0;

	if (offset == 0) {
		return 0x50 | (written ? GROUP1 : 0); /* DS, ARE */
	}
	if (offset == 4) {
		return 2 | 9 << 19 | 1 << 25; /* 96 interrupts, 10-bit INTIDs, no 1 of N */
	}
	if (offset == 8) {
		return 0x4200043b;
	}
	if (offset == 0xffe8) {
		return 0x3b; /* architecture 3 */
	}
	if (offset >= 0x80 && offset < 0x400 && word == 0) {
		return 0; /* SGIs and PPIs are the redistributors' */
	}
	switch (offset & ~0x7fu) {
	case 0x80:
		return owned;
	case 0x100:
	case 0x200:
	case 0x300:
		return written ? owned : 0;
	default:
		break; /* the clearing registers show what was cleared */
	}
	if (offset >= 0x420 && offset < 0x7fc) {
		for (uint32_t i = 0; i < 4; i++) {
			value |= written && alpha_owns(offset - 0x400 + i) ? 0xffu << (8 * i) : 0;
		}
	}
	if (offset >= 0xc08 && offset < 0xd00) {
		for (uint32_t i = 0; i < 16; i++) {
			value |= written && alpha_owns((offset - 0xc00) * 4 + i) ? 2u << (2 * i)
										 : 0;
		}
	}
	if (offset >= 0x6100 && offset < 0x7fe0 && offset % 8 == 0) {
		value = written && alpha_owns((offset - 0x6000) / 8) ? 0xffffff : 0;
	}
	return value;
}

static void distributor_at_reset(void **state)
{
	(void)state;
	for (uint32_t offset = 0; offset < 0x10000; offset += 4) {
		if (guest_read(CPU_ALPHA_1, GICD + offset) != gicd_expected(offset, false)) {
			fail_msg("GICD 0x%x is 0x%x, not 0x%x", offset,
				 guest_read(CPU_ALPHA_1, GICD + offset),
				 gicd_expected(offset, false));
		}
	}
}

static void distributor_written(void **state)
{
	(void)state;
	for (uint32_t offset = 0; offset < 0x10000; offset += 4) {
		if (offset % 0x100 == 0) {
			vgic_rig_setup(NULL);
		}
		guest_write(CPU_ALPHA_1, GICD + offset, UINT32_MAX);
		if (guest_read(CPU_ALPHA_1, GICD + offset) != gicd_expected(offset, true)) {
			fail_msg("GICD 0x%x is 0x%x, not 0x%x", offset,
				 guest_read(CPU_ALPHA_1, GICD + offset),
				 gicd_expected(offset, true));
		}
	}
}

static uint32_t gicr_expected(uint32_t vcpu, uint32_t offset, bool written)
{
	switch (offset) {
	case 0x00004:
		return 0x4200043b;
	case 0x00008:
		return vcpu << 8 | (vcpu == 2 ? 1u << 4 : 0);
	case 0x0000c:
		return vcpu;
	case 0x00014:
		return 6; /* asleep, and put to sleep */
	case 0x0ffe8:
		return 0x3b;
	case 0x10080:
		return OWN_WORD0;
	case 0x10100:
	case 0x10200:
		return written ? OWN_WORD0 : 0;
	case 0x10300:
		return written ? OWN_PRIVATE : 0; /* SGIs are active in list registers only */
	case 0x10c00:
		return 0xaaaaaaaa;
	case 0x10c04:
		return written ? 2u << 22 | 2u << 28 : 0;
	default:
		break;
	}
	if (offset >= 0x10400 && offset < 0x10410) {
		return written ? 0xffffffff : 0;
	}
	if (written && offset == 0x10418) {
		return 0xff000000;
	}
	return written && offset == 0x1041c ? 0x00ff0000 : 0;
}

static void redistributors_at_reset(void **state)
{
	(void)state;
	for (uint32_t vcpu = 0; vcpu < 3; vcpu++) {
		for (uint32_t offset = 0; offset < 0x20000; offset += 4) {
			if (guest_read(CPU_ALPHA_1, GICR(vcpu) + offset) !=
			    gicr_expected(vcpu, offset, false)) {
				fail_msg("GICR %u 0x%x is 0x%x", vcpu, offset,
					 guest_read(CPU_ALPHA_1, GICR(vcpu) + offset));
			}
		}
	}
}

static void redistributors_written(void **state)
{
	(void)state;
	for (uint32_t vcpu = 0; vcpu < 3; vcpu++) {
		for (uint32_t offset = 0; offset < 0x20000; offset += 4) {
			if (offset % 0x80 == 0) {
				vgic_rig_setup(NULL);
			}
			guest_write(CPU_ALPHA_1, GICR(vcpu) + offset, UINT32_MAX);
			if (guest_read(CPU_ALPHA_1, GICR(vcpu) + offset) !=
			    gicr_expected(vcpu, offset, true)) {
				fail_msg("GICR %u 0x%x is 0x%x", vcpu, offset,
					 guest_read(CPU_ALPHA_1, GICR(vcpu) + offset));
			}
			/* The neighbour's is its own. */
			assert_int_equal(guest_read(CPU_ALPHA_1, GICR((vcpu + 1) % 3) + offset),
					 gicr_expected((vcpu + 1) % 3, offset, false));
		}
	}
}

/* Whatever the window's size, there is a redistributor per vCPU and no more. */
static void no_more_redistributors(void **state)
{
	static const struct plan_window window = { GICR(0), 0x100000, PLAN_WINDOW_GICR, 0 };
	struct mmio_access access = { .offset = 3 * GICR_FRAME_SIZE + 4, .size = 4 };

	(void)state;
	assert_false(arch_irqchip_access(&window, &access));
	access.offset = 2 * GICR_FRAME_SIZE + 4;
	assert_true(arch_irqchip_access(&window, &access));
}

static void waker_wakes(void **state)
{
	(void)state;
	guest_write(CPU_ALPHA_0, GICR(1) + 0x14, 0);
	assert_int_equal(guest_read(CPU_ALPHA_0, GICR(1) + 0x14), 0);
	assert_int_equal(guest_read(CPU_ALPHA_0, GICR(0) + 0x14), 6);
	guest_write(CPU_ALPHA_0, GICR(1) + 0x14, 2);
	assert_int_equal(guest_read(CPU_ALPHA_0, GICR(1) + 0x14), 6);
}

/* Setting registers set what clearing registers clear, bit by bit. */
static void set_and_clear(void **state)
{
	static const uint64_t pairs[][2] = { { ISENABLER, ICENABLER },
					     { ISPENDR, ICPENDR },
					     { ISACTIVER, ICACTIVER } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		for (uint32_t irq = 16; irq < 96; irq++) {
			uint64_t base = irq < 32 ? SGI_BASE(2) : GICD;
			uint64_t set = base + pairs[i][0] + irq / 32 * 4;
			uint64_t clear = base + pairs[i][1] + irq / 32 * 4;
			uint32_t bit = alpha_owns(irq) ? BIT32(irq % 32) : 0;

			guest_write(CPU_ALPHA_2, set, BIT32(irq % 32));
			assert_int_equal(guest_read(CPU_ALPHA_2, set), bit);
			assert_int_equal(guest_read(CPU_ALPHA_2, clear), bit);
			guest_write(CPU_ALPHA_2, set, 0); /* ones only */
			guest_write(CPU_ALPHA_2, clear, ~BIT32(irq % 32));
			assert_int_equal(guest_read(CPU_ALPHA_2, set), bit);
			guest_write(CPU_ALPHA_2, clear, BIT32(irq % 32));
			assert_int_equal(guest_read(CPU_ALPHA_2, set), 0);
			assert_int_equal(guest_read(CPU_ALPHA_2, clear), 0);
		}
	}
}

/* ---- sizes ------------------------------------------------------------------------------------------------ */

static void assert_sizes(uint64_t base, const struct mmio_register *table, size_t rows)
{
	for (size_t i = 0; i < rows; i++) {
		for (uint32_t offset = 0; offset < table[i].length; offset++) {
			for (uint32_t size = 1; size <= 8; size *= 2) {
				uint64_t at = base + table[i].first + offset;
				bool allowed = at % size == 0 &&
					       (table[i].sizes & BIT32(size)) != 0;
				uint64_t value = 0;

				assert_int_equal(guest_access(CPU_ALPHA_0, at, size, false, &value),
						 allowed);
				assert_true(!allowed || size == 8 || value >> (8 * size) == 0);
				value = 0;
				assert_int_equal(guest_access(CPU_ALPHA_0, at, size, true, &value),
						 allowed);
			}
		}
	}
}

static void sizes(void **state)
{
	(void)state;
	assert_sizes(GICD, gicd_registers, ARRAY_SIZE(gicd_registers));
	assert_sizes(GICR(1), gicr_registers, ARRAY_SIZE(gicr_registers));
}

static void wide_registers(void **state)
{
	uint64_t value = 0;

	(void)state;
	assert_true(guest_access(CPU_ALPHA_0, GICR(2) + 8, 8, false, &value));
	assert_u64(value, UINT64_C(2) << 32 | 2 << 8 | 1 << 4);
	/* Beyond sixteen vCPUs the affinity has two levels; only the very last frame says so. */
	for (uint32_t vcpu = 0; vcpu < 18; vcpu++) {
		assert_true(guest_access(CPU_WIDE_0, GICR(vcpu) + 8, 8, false, &value));
		assert_u64(value, (uint64_t)((vcpu / 16) << 8 | vcpu % 16) << 32 | vcpu << 8 |
					  (vcpu == 17 ? 1 << 4 : 0));
	}
	value = UINT64_C(0xff00000101);
	assert_true(guest_access(CPU_WIDE_0, GICD + IROUTER + 8 * 100, 8, true, &value));
	assert_true(guest_access(CPU_WIDE_0, GICD + IROUTER + 8 * 100, 8, false, &value));
	assert_u64(value, 0x101); /* Aff3 is not implemented */
	guest_write(CPU_WIDE_0, GICD + IROUTER + 8 * 100, 0x2);
	guest_write(CPU_WIDE_0, GICD + IROUTER + 8 * 100 + 4, 0x7);
	assert_true(guest_access(CPU_WIDE_0, GICD + IROUTER + 8 * 100, 8, false, &value));
	assert_u64(value, 2);
}

static void priorities_by_byte(void **state)
{
	uint64_t value = 0xc1;

	(void)state;
	assert_true(guest_access(CPU_ALPHA_0, GICD + IPRIORITYR + 51, 1, true, &value));
	assert_int_equal(guest_read(CPU_ALPHA_0, GICD + IPRIORITYR + 48), 0xc1000000);
	assert_int_equal(fake_gic_line(0, 51)->priority, 0xc1);
	value = 0;
	assert_true(guest_access(CPU_ALPHA_0, GICD + IPRIORITYR + 51, 1, false, &value));
	assert_u64(value, 0xc1);
	guest_write(CPU_ALPHA_0, GICD + IPRIORITYR + 48, 0x11223344);
	assert_int_equal(guest_read(CPU_ALPHA_0, GICD + IPRIORITYR + 48), 0x11220000);
	value = 0x30;
	assert_true(guest_access(CPU_ALPHA_0, SGI_BASE(1) + IPRIORITYR + 27, 1, true, &value));
	assert_int_equal(fake_gic_line(CPU_ALPHA_1, 27)->priority, 0x30);
	assert_int_equal(fake_gic_line(CPU_ALPHA_0, 27)->priority, 0);
}

/* ---- nobody else's -------------------------------------------------------------------------------------------- */

static void touch_everything(uint32_t cpu, uint64_t value)
{
	uint32_t vcpus = cpus[cpu].vcpu.plan->vcpu_count;

	for (uint64_t offset = 0; offset < 0x10000; offset += 4) {
		guest_write(cpu, GICD + offset, value);
		(void)guest_read(cpu, GICD + offset);
	}
	for (uint32_t vcpu = 0; vcpu < vcpus; vcpu++) {
		for (uint64_t offset = 0; offset < 0x20000; offset += 4) {
			guest_write(cpu, GICR(vcpu) + offset, value);
			(void)guest_read(cpu, GICR(vcpu) + offset);
		}
	}
	take_all_interrupts();
}

static bool vm_owns(uint32_t vm, uint32_t cpu, uint32_t irq)
{
	return (plan_vms[vm].irqs[irq / 32] & BIT32(irq % 32)) != 0 &&
	       (irq >= 32 || plan_cpus[cpu].vm == vm);
}

static void others_are_never_touched(void **state)
{
	static const uint32_t callers[] = { CPU_ALPHA_1, CPU_BETA, CPU_GAMMA, CPU_WIDE_0 + 17 };

	(void)state;
	for (uint32_t vm = 0; vm < PLAN_VM_COUNT; vm++) {
		vgic_rig_setup(NULL);
		touch_everything(callers[vm], UINT32_MAX);
		touch_everything(callers[vm], 0);
		for (uint32_t irq = 16; irq < 1020; irq++) {
			for (uint32_t cpu = 0; cpu < (irq < 32 ? PLAN_CPU_COUNT : 1); cpu++) {
				bool touched = fake_gic_line(cpu, irq)->touched > 0;

				if (touched != vm_owns(vm, cpu, irq)) {
					fail_msg("VM %u, interrupt %u of CPU %u: touched %d", vm,
						 irq, cpu, touched);
				}
			}
		}
	}
}

/* Their state, whatever it is, reads as zero. */
static void others_read_as_zero(void **state)
{
	(void)state;
	for (uint32_t irq = 16; irq < PLAN_IRQ_COUNT; irq++) {
		for (uint32_t cpu = 0; cpu < PLAN_CPU_COUNT; cpu++) {
			struct fake_line *line = fake_gic_line(cpu, irq);

			if (!vm_owns(ALPHA, cpu, irq)) {
				line->enabled = true;
				line->latched = true;
				line->active = true;
				line->edge = true;
			}
			vgic_spi_priority[irq] = alpha_owns(irq) ? 0 : 0x77;
			vgic_spi_route[irq] = alpha_owns(irq) ? 0 : 1;
		}
	}
	distributor_at_reset(NULL);
	redistributors_at_reset(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_SETUP(tables_are_in_order, vgic_rig_setup),
		TEST_SETUP(distributor_at_reset, vgic_rig_setup),
		TEST_SETUP(distributor_written, vgic_rig_setup),
		TEST_SETUP(redistributors_at_reset, vgic_rig_setup),
		TEST_SETUP(redistributors_written, vgic_rig_setup),
		TEST_SETUP(no_more_redistributors, vgic_rig_setup),
		TEST_SETUP(waker_wakes, vgic_rig_setup),
		TEST_SETUP(set_and_clear, vgic_rig_setup),
		TEST_SETUP(sizes, vgic_rig_setup),
		TEST_SETUP(wide_registers, vgic_rig_setup),
		TEST_SETUP(priorities_by_byte, vgic_rig_setup),
		TEST_SETUP(others_are_never_touched, vgic_rig_setup),
		TEST_SETUP(others_read_as_zero, vgic_rig_setup),
	};

	return RUN_TESTS(tests);
}
