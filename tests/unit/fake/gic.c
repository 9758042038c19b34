/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model of the GIC, see gic.h; IHI 0069H. Priorities have the fewest bits the architecture allows
 * for, so that what differs in the lower bits only is equal.
 */
#include <fake/gic.h>

#include <string.h>

#include <arm/aarch64/sysreg.h>
#include <bao/arch/inline.h>
#include <bao/drivers/gic.h>
#include <bao/drivers/irqchip.h>
#include <fake/machine.h>
#include <fake/test.h>

#define LINES 1020u
#define LR_MAX 16u
#define NESTING 32u
#define PRIORITY_BITS 0xf8u /* 5 bits: what must be implemented */
#define PRIORITY_OWN 0u
#define PRIORITY_GUESTS 0x80u
#define PRIORITY_IDLE 0xffu

#define LR_STATE (FAKE_LR_PENDING | FAKE_LR_ACTIVE)
#define LR_HW BIT64(61)
#define LR_GROUP1 BIT64(60)
#define LR_INTID(value) ((uint32_t)(value))
#define LR_PRIORITY(value) ((uint8_t)((value) >> 48))
#define LR_PHYSICAL(value) ((uint32_t)((value) >> 32) & 0x1fffu)

#define HCR_EN BIT64(0)
#define HCR_UIE BIT64(1)
#define HCR_NPIE BIT64(3)

struct interface {
	struct fake_line private[32];
	uint32_t admit; /* gic_admit_guest_interrupts() */
	uint64_t lr[LR_MAX];
	uint64_t registers[FAKE_SYSREG_COUNT];
	/* The guest's acknowledged interrupts, for its running priority. */
	uint8_t running[NESTING];
	uint32_t depth;
};

static struct fake_line shared[LINES];
static struct interface interfaces[PLAN_CPU_COUNT];
static uint32_t lr_count;

void fake_gic_reset(uint32_t list_registers)
{
	memset(shared, 0, sizeof(shared));
	memset(interfaces, 0, sizeof(interfaces));
	lr_count = list_registers;
	for (uint32_t cpu = 0; cpu < PLAN_CPU_COUNT; cpu++) {
		fake_gic_line(cpu, IRQCHIP_KICK)->enabled = true;
		fake_gic_line(cpu, IRQCHIP_KICK)->edge = true;
		fake_gic_line(cpu, PLAN_MAINTENANCE_IRQ)->enabled = true;
	}
}

struct fake_line *fake_gic_line(uint32_t cpu, uint32_t irq)
{
	assert_true(irq < LINES && cpu < PLAN_CPU_COUNT);
	return irq < 32 ? &interfaces[cpu].private[irq] : &shared[irq];
}

bool fake_gic_line_pending(const struct fake_line *line)
{
	return line->latched || (line->high && !line->edge);
}

void fake_gic_pulse(uint32_t cpu, uint32_t irq)
{
	fake_gic_line(cpu, irq)->latched = true;
}

void fake_gic_level(uint32_t cpu, uint32_t irq, bool high)
{
	fake_gic_line(cpu, irq)->high = high;
}

/* ---- what waits for a CPU -------------------------------------------------------------------------- */

static bool is_own(uint32_t irq)
{
	return irq == IRQCHIP_KICK || irq == PLAN_MAINTENANCE_IRQ || irq == ARCH_ALARM_IRQ ||
	       irq == PLAN_CONSOLE_IRQ;
}

static uint32_t physical_priority(uint32_t priority)
{
	return (PRIORITY_GUESTS | priority >> 1) & PRIORITY_BITS;
}

/* ICH_MISR_EL2. */
static void update_maintenance(uint32_t cpu)
{
	struct interface *interface = &interfaces[cpu];
	uint64_t hcr = interface->registers[FAKE_SYSREG_ich_hcr_el2];
	uint32_t used = 0, pending = 0;

	for (uint32_t n = 0; n < lr_count; n++) {
		used += (interface->lr[n] & LR_STATE) != 0 ? 1 : 0;
		pending += (interface->lr[n] & FAKE_LR_PENDING) != 0 ? 1 : 0;
	}
	interface->private[PLAN_MAINTENANCE_IRQ].high =
		(hcr & HCR_EN) != 0 &&
		(((hcr & HCR_UIE) != 0 && used <= 1) || ((hcr & HCR_NPIE) != 0 && pending == 0));
}

/* The most urgent interrupt the CPU would be given; IRQCHIP_NONE: none. */
static uint32_t candidate(uint32_t cpu)
{
	uint32_t admit = interfaces[cpu].admit;
	uint32_t mask = admit >= GIC_ADMIT_ALL ? PRIORITY_IDLE : physical_priority(admit);
	uint32_t best = IRQCHIP_NONE;
	uint32_t best_priority = mask;

	update_maintenance(cpu);
	for (uint32_t irq = 0; irq < PLAN_IRQ_COUNT; irq++) {
		const struct fake_line *line = fake_gic_line(cpu, irq);
		uint32_t priority = is_own(irq) ? PRIORITY_OWN : physical_priority(line->priority);

		if (line->enabled && !line->active && fake_gic_line_pending(line) &&
		    (irq < 32 || line->target == cpu) && priority < best_priority) {
			best = irq;
			best_priority = priority;
		}
	}
	return best;
}

bool fake_interrupt_waits(uint32_t cpu)
{
	return candidate(cpu) != IRQCHIP_NONE;
}

/* ---- <bao/drivers/irqchip.h> ------------------------------------------------------------------------- */

uint32_t irqchip_acknowledge(void)
{
	uint32_t irq = candidate(fake_self->id);

	if (irq != IRQCHIP_NONE) {
		fake_gic_line(fake_self->id, irq)->active = true;
		fake_gic_line(fake_self->id, irq)->latched = false;
	}
	return irq;
}

void irqchip_deactivate(uint32_t irq)
{
	assert_true(is_own(irq));
	fake_gic_line(fake_self->id, irq)->active = false;
}

void irqchip_kick(uint32_t cpu)
{
	fake_gic_pulse(cpu, IRQCHIP_KICK);
}

void irqchip_raise(uint32_t irq)
{
	fake_gic_line(0, irq)->latched = true;
}

void irqchip_lower(uint32_t irq)
{
	fake_gic_line(0, irq)->latched = false;
}

/* ---- <bao/drivers/gic.h> -------------------------------------------------------------------------------- */

uint32_t gic_list_register_count(void)
{
	return lr_count;
}

void gic_admit_guest_interrupts(uint32_t limit)
{
	interfaces[fake_self->id].admit = limit;
}

/* Calls `change` for each line of a word's bits; the hypervisor's own may never be among them. */
static void for_bits(uint32_t cpu, uint32_t word, uint32_t bits, void (*change)(struct fake_line *))
{
	for (; bits != 0; bits &= bits - 1) {
		uint32_t irq = word * 32 + (uint32_t)__builtin_ctz(bits);

		if (irq < 16 || is_own(irq)) {
			fail_msg("interrupt %u is not a guest's", irq);
		}
		fake_gic_line(cpu, irq)->touched++;
		change(fake_gic_line(cpu, irq));
	}
}

static uint32_t bits_of(uint32_t cpu, uint32_t word, bool (*what)(const struct fake_line *))
{
	uint32_t bits = 0;

	for (uint32_t i = 0; i < 32 && word * 32 + i < LINES; i++) {
		bits |= what(fake_gic_line(cpu, word * 32 + i)) ? BIT32(i) : 0;
	}
	return bits;
}

static void enable(struct fake_line *line)
{
	line->enabled = true;
}

static void disable(struct fake_line *line)
{
	line->enabled = false;
}

static void latch(struct fake_line *line)
{
	line->latched = true;
}

static void unlatch(struct fake_line *line)
{
	line->latched = false;
}

static void activate(struct fake_line *line)
{
	line->active = true;
}

static void deactivate(struct fake_line *line)
{
	line->active = false;
}

static bool is_active(const struct fake_line *line)
{
	return line->active;
}

void gic_set_enable(uint32_t cpu, uint32_t word, uint32_t bits)
{
	for_bits(cpu, word, bits, enable);
}

void gic_clear_enable(uint32_t cpu, uint32_t word, uint32_t bits)
{
	for_bits(cpu, word, bits, disable);
}

uint32_t gic_pending(uint32_t cpu, uint32_t word)
{
	return bits_of(cpu, word, fake_gic_line_pending);
}

void gic_set_pending(uint32_t cpu, uint32_t word, uint32_t bits)
{
	for_bits(cpu, word, bits, latch);
}

void gic_clear_pending(uint32_t cpu, uint32_t word, uint32_t bits)
{
	for_bits(cpu, word, bits, unlatch);
}

uint32_t gic_active(uint32_t cpu, uint32_t word)
{
	return bits_of(cpu, word, is_active);
}

void gic_set_active(uint32_t cpu, uint32_t word, uint32_t bits)
{
	for_bits(cpu, word, bits, activate);
}

void gic_clear_active(uint32_t cpu, uint32_t word, uint32_t bits)
{
	for_bits(cpu, word, bits, deactivate);
}

static void nothing(struct fake_line *line)
{
	(void)line;
}

void gic_set_priority(uint32_t cpu, uint32_t irq, uint8_t priority)
{
	for_bits(cpu, irq / 32, BIT32(irq % 32), nothing);
	fake_gic_line(cpu, irq)->priority = priority;
}

void gic_set_edge(uint32_t cpu, uint32_t irq, bool edge)
{
	for_bits(cpu, irq / 32, BIT32(irq % 32), nothing);
	fake_gic_line(cpu, irq)->edge = edge;
}

void gic_set_target(uint32_t irq, uint32_t cpu)
{
	assert_true(irq >= 32);
	for_bits(cpu, irq / 32, BIT32(irq % 32), nothing);
	fake_gic_line(cpu, irq)->target = cpu;
}

/* ---- list registers ------------------------------------------------------------------------------------- */

static bool is_used(uint64_t lr)
{
	return (lr & LR_STATE) != 0;
}

/* What the architecture calls unpredictable, and what this design rules out. */
static void check_lr(uint32_t cpu, uint32_t n, uint64_t value)
{
	uint32_t irq = LR_INTID(value);

	assert_true(n < lr_count);
	if (!is_used(value)) {
		return;
	}
	assert_true((value & LR_GROUP1) != 0);
	assert_true(irq < LINES);
	assert_int_equal((value & LR_HW) != 0, irq >= 16);
	if ((value & LR_HW) != 0) {
		assert_int_equal(LR_PHYSICAL(value), irq);
		assert_true((value & LR_STATE) != LR_STATE);
		if (!fake_gic_line(cpu, irq)->active) {
			fail_msg("interrupt %u is listed on CPU %u, and not active", irq, cpu);
		}
	}
	for (uint32_t i = 0; i < lr_count; i++) {
		if (i != n && is_used(interfaces[cpu].lr[i]) &&
		    LR_INTID(interfaces[cpu].lr[i]) == irq) {
			fail_msg("interrupt %u is in two list registers of CPU %u", irq, cpu);
		}
	}
}

uint64_t fake_sysreg_read(enum fake_sysreg reg)
{
	struct interface *interface = &interfaces[fake_self->id];
	uint64_t empty = 0;

	if (reg <= FAKE_SYSREG_ich_lr15_el2) {
		assert_true(reg - FAKE_SYSREG_ich_lr0_el2 < lr_count);
		return interface->lr[reg - FAKE_SYSREG_ich_lr0_el2];
	}
	if (reg == FAKE_SYSREG_ich_elrsr_el2) {
		for (uint32_t n = 0; n < lr_count; n++) {
			empty |= is_used(interface->lr[n]) ? 0 : BIT64(n);
		}
		return empty;
	}
	return interface->registers[reg];
}

void fake_sysreg_write(enum fake_sysreg reg, uint64_t value)
{
	struct interface *interface = &interfaces[fake_self->id];

	if (reg <= FAKE_SYSREG_ich_lr15_el2) {
		check_lr(fake_self->id, reg - FAKE_SYSREG_ich_lr0_el2, value);
		interface->lr[reg - FAKE_SYSREG_ich_lr0_el2] = value;
	} else {
		assert_int_not_equal(reg, FAKE_SYSREG_ich_elrsr_el2);
		interface->registers[reg] = value;
	}
}

uint64_t fake_gic_listed(uint32_t cpu, uint32_t irq)
{
	for (uint32_t n = 0; n < lr_count; n++) {
		if (is_used(interfaces[cpu].lr[n]) && LR_INTID(interfaces[cpu].lr[n]) == irq) {
			return interfaces[cpu].lr[n];
		}
	}
	return 0;
}

uint32_t fake_gic_lrs_used(uint32_t cpu)
{
	uint32_t used = 0;

	for (uint32_t n = 0; n < lr_count; n++) {
		used += is_used(interfaces[cpu].lr[n]) ? 1 : 0;
	}
	return used;
}

/* ---- the guest -------------------------------------------------------------------------------------------- */

/* The list register of the interrupt that is next; NULL: none is urgent enough. */
static uint64_t *next_lr(struct interface *interface)
{
	uint32_t best_priority = PRIORITY_IDLE;
	uint64_t *best = NULL;

	if ((interface->registers[FAKE_SYSREG_ich_hcr_el2] & HCR_EN) == 0) {
		return NULL;
	}
	if (interface->depth > 0) {
		best_priority = interface->running[interface->depth - 1];
	}
	for (uint32_t n = 0; n < lr_count; n++) {
		uint32_t priority = LR_PRIORITY(interface->lr[n]) & PRIORITY_BITS;

		if ((interface->lr[n] & FAKE_LR_PENDING) != 0 && priority < best_priority) {
			best_priority = priority;
			best = &interface->lr[n];
		}
	}
	return best;
}

uint32_t fake_guest_peek(uint32_t cpu)
{
	const uint64_t *lr = next_lr(&interfaces[cpu]);

	return lr != NULL ? LR_INTID(*lr) : FAKE_GIC_SPURIOUS;
}

uint32_t fake_guest_acknowledge(uint32_t cpu)
{
	struct interface *interface = &interfaces[cpu];
	uint64_t *lr = next_lr(interface);

	if (lr == NULL) {
		return FAKE_GIC_SPURIOUS;
	}
	assert_true(interface->depth < NESTING);
	interface->running[interface->depth] = LR_PRIORITY(*lr) & PRIORITY_BITS;
	interface->depth++;
	*lr = (*lr & ~FAKE_LR_PENDING) | FAKE_LR_ACTIVE;
	return LR_INTID(*lr);
}

void fake_guest_end(uint32_t cpu, uint32_t irq)
{
	struct interface *interface = &interfaces[cpu];

	if (interface->depth > 0) {
		interface->depth--;
	}
	for (uint32_t n = 0; n < lr_count; n++) {
		uint64_t *lr = &interface->lr[n];

		if ((*lr & FAKE_LR_ACTIVE) != 0 && LR_INTID(*lr) == irq) {
			*lr &= ~FAKE_LR_ACTIVE;
			if ((*lr & LR_HW) != 0) {
				fake_gic_line(cpu, LR_PHYSICAL(*lr))->active = false;
			}
		}
	}
}

void fake_guest_reset(uint32_t cpu)
{
	interfaces[cpu].depth = 0;
}
