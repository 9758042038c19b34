/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random histories of alpha's interrupts: devices signal, vCPUs write registers, send SGIs, take and end
 * interrupts, go off and on; each CPU takes what waits for it only when its turn comes. What must hold:
 *  - an interrupt that must come does come, once everything is enabled and served (`must`);
 *  - none comes that nothing has signalled (`may`), that is disabled, or that is routed elsewhere;
 *  - a more urgent one is never left waiting while another is taken;
 *  - a physical interrupt is active exactly while it is listed, on one CPU;
 *  - no line of another VM is touched.
 * The model itself refuses a second list register for an interrupt. Left out is what the guest can only
 * hurt itself with: clearing pending or active state that is in another vCPU's list registers.
 */
#include "vgic_rig.h"

#define VCPUS 3u
#define ROUNDS 60u
#define STEPS 400u
#define DEEPEST 3u

static const uint32_t alpha_cpus[VCPUS] = { CPU_ALPHA_0, CPU_ALPHA_1, CPU_ALPHA_2 };
static const uint32_t spis[] = { 40, 50, 51, 63, 64, 70, 71, 72 };
static const uint32_t ppis[] = { 27, 30 };

/* Level-sensitive ones in this test; all others signal by edges. */
#define IS_LEVEL(irq) ((irq) == 27 || (irq) == 63)

/* What the history says of an interrupt; index 0 for shared ones, the vCPU for private ones. */
struct owed {
	bool may, must;
	bool behind; /* an SGI sent while it was active: it may come before what is more urgent */
};

static struct owed owed[VCPUS][96];
static struct {
	uint32_t irqs[DEEPEST];
	uint32_t depth;
} handlers[VCPUS];
static struct test_random random_state;

static uint32_t below(uint32_t limit)
{
	return test_random_below(&random_state, limit);
}

static struct owed *owed_of(uint32_t vcpu, uint32_t irq)
{
	return &owed[irq < 32 ? vcpu : 0][irq];
}

static bool is_on(uint32_t vcpu)
{
	return cpus[alpha_cpus[vcpu]].vcpu.state == VCPU_ON;
}

/* Any of alpha's interrupts, SGIs included or not; every kind is as likely. */
static uint32_t any_irq(bool sgis)
{
	switch (below(sgis ? 3 : 2)) {
	case 0:
		return spis[below(ARRAY_SIZE(spis))];
	case 1:
		return ppis[below(ARRAY_SIZE(ppis))];
	default:
		return below(16);
	}
}

/* ---- what happens --------------------------------------------------------------------------------------- */

static void device_signals(void)
{
	uint32_t irq = any_irq(false);
	uint32_t vcpu = below(VCPUS);
	struct owed *line = owed_of(vcpu, irq);

	if (!IS_LEVEL(irq)) {
		fake_gic_pulse(alpha_cpus[vcpu], irq);
		line->may = line->must = true;
		return;
	}
	line->must = below(2) != 0;
	line->may = line->may || line->must;
	fake_gic_level(alpha_cpus[vcpu], irq, line->must);
}

static void guest_enables(uint32_t cpu)
{
	uint32_t irq = any_irq(true);

	guest_write_bit(cpu, below(VCPUS), below(5) < 3 ? ISENABLER : ICENABLER, irq);
}

static bool is_listed_elsewhere(uint32_t cpu, uint32_t irq)
{
	for (uint32_t i = 0; i < VCPUS; i++) {
		if (alpha_cpus[i] != cpu && fake_gic_listed(alpha_cpus[i], irq) != 0) {
			return true;
		}
	}
	return false;
}

static bool is_handled(uint32_t vcpu, uint32_t irq)
{
	for (uint32_t i = 0; i < handlers[vcpu].depth; i++) {
		if (handlers[vcpu].irqs[i] == irq) {
			return true;
		}
	}
	return false;
}

static void guest_pends(uint32_t cpu, uint32_t self)
{
	uint32_t irq = any_irq(true);
	bool set = below(2) != 0;
	uint32_t vcpu = set ? below(VCPUS) : self;
	struct owed *line = owed_of(vcpu, irq);

	if (IS_LEVEL(irq) || (!set && irq >= 32 && is_listed_elsewhere(cpu, irq))) {
		return;
	}
	guest_write_bit(cpu, vcpu, set ? ISPENDR : ICPENDR, irq);
	line->may = line->must = set;
	line->behind = line->behind || (irq < 16 && is_handled(vcpu, irq));
	if (!set) {
		assert_false(guest_read_bit(cpu, vcpu, ISPENDR, irq));
	}
}

static void guest_routes(uint32_t cpu)
{
	static const uint64_t routes[] = { 0, 1, 2, 0, 1, 2, 3, 0x100 };

	guest_route(cpu, spis[below(ARRAY_SIZE(spis))], routes[below(ARRAY_SIZE(routes))]);
}

static void guest_sends(uint32_t cpu)
{
	uint32_t irq = below(16), targets = below(8);

	send_sgi(cpu, (uint64_t)irq << 24 | targets);
	for (uint32_t vcpu = 0; vcpu < VCPUS; vcpu++) {
		if ((targets & BIT32(vcpu)) != 0) {
			owed[vcpu][irq].may = owed[vcpu][irq].must = true;
			owed[vcpu][irq].behind = is_handled(vcpu, irq);
		}
	}
}

/* Whether the vCPU could be given this one, which waits in the physical GIC, rather than `taken`. */
static bool is_more_urgent(uint32_t cpu, uint32_t irq, uint32_t taken)
{
	const struct fake_line *line = fake_gic_line(cpu, irq);

	return line->enabled && !line->active && fake_gic_line_pending(line) &&
	       (irq < 32 || line->target == cpu) &&
	       line->priority / 16 < (taken < 16 ? vgic_cpus[cpu].priority[taken]
						 : fake_gic_line(cpu, taken)->priority) /
					     16;
}

static void assert_may_be_taken(uint32_t cpu, uint32_t vcpu, uint32_t irq)
{
	if (!owed_of(vcpu, irq)->may) {
		fail_msg("interrupt %u came to vCPU %u from nowhere", irq, vcpu);
	}
	if (!guest_read_bit(cpu, vcpu, ISENABLER, irq) || (guest_read(cpu, GICD) & GROUP1) == 0) {
		fail_msg("interrupt %u came to vCPU %u while disabled", irq, vcpu);
	}
	if (irq >= 32 && guest_read(cpu, GICD + IROUTER + 8 * irq) != vcpu) {
		fail_msg("interrupt %u came to vCPU %u, and is not routed there", irq, vcpu);
	}
	for (uint32_t i = 0; i < ARRAY_SIZE(spis) && !owed_of(vcpu, irq)->behind; i++) {
		if (is_more_urgent(cpu, spis[i], irq)) {
			fail_msg("interrupt %u was taken while %u was more urgent", irq, spis[i]);
		}
	}
}

static void guest_takes(uint32_t cpu, uint32_t vcpu)
{
	uint32_t irq;

	if (handlers[vcpu].depth == DEEPEST) {
		return;
	}
	irq = fake_guest_acknowledge(cpu);
	if (irq == FAKE_GIC_SPURIOUS) {
		return;
	}
	assert_may_be_taken(cpu, vcpu, irq);
	if (IS_LEVEL(irq)) {
		owed_of(vcpu, irq)->may = owed_of(vcpu, irq)->must;
	} else {
		/* What was signalled since it was listed waits behind it. */
		bool again = irq < 16 ? false : fake_gic_line(cpu, irq)->latched;

		owed_of(vcpu, irq)->may = owed_of(vcpu, irq)->must = again;
	}
	handlers[vcpu].irqs[handlers[vcpu].depth++] = irq;
}

static void guest_ends(uint32_t cpu, uint32_t vcpu)
{
	if (handlers[vcpu].depth > 0) {
		handlers[vcpu].depth--;
		fake_guest_end(cpu, handlers[vcpu].irqs[handlers[vcpu].depth]);
	}
}

static void vcpu_goes_off_or_on(uint32_t vcpu)
{
	if (!is_on(vcpu)) {
		cpus[alpha_cpus[vcpu]].vcpu.state = VCPU_ON;
		assert_int_equal(fake_run(alpha_cpus[vcpu], vcpu_enter_fresh), FAKE_IN_GUEST);
	} else if (below(4) == 0) {
		assert_int_equal(fake_run(alpha_cpus[vcpu], vcpu_off), FAKE_SLEEPING);
		handlers[vcpu].depth = 0;
	}
}

static void guest_steps(uint32_t vcpu)
{
	uint32_t cpu = alpha_cpus[vcpu];

	take_interrupts(cpu);
	switch (below(16)) {
	case 0:
	case 1:
	case 2:
		guest_enables(cpu);
		break;
	case 3:
		guest_pends(cpu, vcpu);
		break;
	case 4:
		guest_routes(cpu);
		break;
	case 5:
	case 6:
		guest_sends(cpu);
		break;
	case 7:
		guest_write(cpu, GICD, below(4) == 0 ? 0 : GROUP1);
		break;
	case 8:
	case 9:
	case 10:
	case 11:
		guest_takes(cpu, vcpu);
		break;
	default:
		guest_ends(cpu, vcpu);
		break;
	}
}

static void step(void)
{
	uint32_t vcpu = below(VCPUS);

	if (below(3) == 0) {
		device_signals();
	} else if (below(40) == 0) {
		vcpu_goes_off_or_on(vcpu);
	} else if (is_on(vcpu)) {
		guest_steps(vcpu);
	}
}

/* ---- what holds ------------------------------------------------------------------------------------------- */

static void assert_listed_once(uint32_t irq)
{
	for (uint32_t vcpu = 0; vcpu < (irq < 32 ? VCPUS : 1); vcpu++) {
		uint32_t listed = 0;

		for (uint32_t i = 0; i < VCPUS; i++) {
			if (irq >= 32 || i == vcpu) {
				listed += fake_gic_listed(alpha_cpus[i], irq) != 0 ? 1 : 0;
			}
		}
		if (listed != (fake_gic_line(alpha_cpus[vcpu], irq)->active ? 1 : 0)) {
			fail_msg("interrupt %u: listed on %u CPUs, active %d", irq, listed,
				 fake_gic_line(alpha_cpus[vcpu], irq)->active);
		}
	}
}

static void assert_invariants(void)
{
	uint32_t on;

	for (size_t i = 0; i < ARRAY_SIZE(spis); i++) {
		assert_listed_once(spis[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(ppis); i++) {
		assert_listed_once(ppis[i]);
	}
	on = guest_read(CPU_ALPHA_0, GICD) & GROUP1;
	for (size_t i = 0; i < ARRAY_SIZE(spis); i++) {
		bool routable = guest_read(CPU_ALPHA_0, GICD + IROUTER + 8 * spis[i]) < VCPUS;

		assert_int_equal(fake_gic_line(0, spis[i])->enabled,
				 on != 0 && routable &&
					 guest_read_bit(CPU_ALPHA_0, 0, ISENABLER, spis[i]));
	}
}

static void assert_others_untouched(void)
{
	for (uint32_t irq = 16; irq < PLAN_IRQ_COUNT; irq++) {
		for (uint32_t cpu = 0; cpu < PLAN_CPU_COUNT; cpu++) {
			bool own = (plan_vms[ALPHA].irqs[irq / 32] & BIT32(irq % 32)) != 0 &&
				   (irq >= 32 || plan_cpus[cpu].vm == ALPHA);

			if (!own && fake_gic_line(cpu, irq)->touched != 0) {
				fail_msg("interrupt %u of CPU %u is not alpha's", irq, cpu);
			}
		}
	}
}

/* Everything is enabled and served until nothing comes: then nothing may be owed. */
static void settle(void)
{
	bool more = true;

	for (uint32_t vcpu = 0; vcpu < VCPUS; vcpu++) {
		if (!is_on(vcpu)) {
			vcpu_goes_off_or_on(vcpu);
		}
		guest_write(CPU_ALPHA_0, SGI_BASE(vcpu) + ISENABLER, UINT32_MAX);
		fake_gic_level(alpha_cpus[vcpu], 27, false);
		owed[vcpu][27].must = false;
	}
	fake_gic_level(0, 63, false);
	owed[0][63].must = false;
	guest_write(CPU_ALPHA_0, GICD + ISENABLER + 4, UINT32_MAX);
	guest_write(CPU_ALPHA_0, GICD + ISENABLER + 8, UINT32_MAX);
	for (size_t i = 0; i < ARRAY_SIZE(spis); i++) {
		guest_route(CPU_ALPHA_0, spis[i], below(VCPUS));
	}
	enable_group(CPU_ALPHA_0);
	while (more) {
		more = false;
		for (uint32_t vcpu = 0; vcpu < VCPUS; vcpu++) {
			take_interrupts(alpha_cpus[vcpu]);
			while (handlers[vcpu].depth > 0) {
				guest_ends(alpha_cpus[vcpu], vcpu);
			}
			take_interrupts(alpha_cpus[vcpu]);
			guest_takes(alpha_cpus[vcpu], vcpu);
			more = more || handlers[vcpu].depth > 0;
		}
	}
	for (uint32_t vcpu = 0; vcpu < VCPUS; vcpu++) {
		assert_int_equal(fake_gic_lrs_used(alpha_cpus[vcpu]), 0);
		for (uint32_t irq = 0; irq < 96; irq++) {
			if (owed[vcpu][irq].must) {
				fail_msg("interrupt %u of vCPU %u is lost", irq, vcpu);
			}
			owed[vcpu][irq].may = false;
		}
	}
}

static void choose_priorities(void)
{
	for (uint32_t vcpu = 0; vcpu < VCPUS; vcpu++) {
		for (uint32_t irq = 0; irq < 16; irq++) {
			guest_write_priority(CPU_ALPHA_0, vcpu, irq, (uint8_t)(below(15) * 16));
		}
		for (size_t i = 0; i < ARRAY_SIZE(ppis); i++) {
			guest_write_priority(CPU_ALPHA_0, vcpu, ppis[i], (uint8_t)(below(15) * 16));
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(spis); i++) {
		guest_write_priority(CPU_ALPHA_0, 0, spis[i], (uint8_t)(below(15) * 16));
	}
}

static void history(uint64_t start, uint32_t lrs)
{
	random_state.state = start;
	memset(owed, 0, sizeof(owed));
	memset(handlers, 0, sizeof(handlers));
	vgic_rig_boot(lrs);
	for (size_t i = 0; i < ARRAY_SIZE(spis); i++) {
		fake_gic_line(0, spis[i])->edge = !IS_LEVEL(spis[i]);
	}
	for (uint32_t round = 0; round < 4; round++) {
		choose_priorities();
		for (uint32_t i = 0; i < STEPS; i++) {
			step();
			assert_invariants();
			(void)fake_trace();
		}
		settle();
		(void)fake_trace();
	}
	assert_others_untouched();
}

static uint64_t seed;
static uint32_t list_registers;
static bool held;

static void histories(void **state)
{
	static const uint32_t counts[] = { 2, 4, 16 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		list_registers = counts[i];
		for (seed = 1; seed <= ROUNDS; seed++) {
			history(seed * 7919, list_registers);
		}
	}
	held = true;
}

static int name_the_seed(void **state)
{
	(void)state;
	if (!held) {
		print_message("in the history of seed %u with %u list registers\n",
			      (unsigned int)seed, list_registers);
	}
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(histories, name_the_seed),
	};

	return RUN_TESTS(tests);
}
