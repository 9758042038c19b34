/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The virtual GIC's operations, see vgic.h for the model and the locks. Entered from core/irq.c (an
 * interrupt arrived), from vgic_mmio.c (a register was accessed) and from trap.c (an SGI is sent).
 */
#include <arm/vgic/vgic.h>

#include <arm/affinity.h>
#include <bao/arch/inline.h>
#include <bao/arch/vcpu.h>
#include <bao/arch/vm.h>
#include <bao/check.h>
#include <bao/drivers/gic.h>
#include <bao/drivers/irqchip.h>

#define ROUTE_AFFINITY_MASK UINT32_C(0x00ffffff) /* Aff2, Aff1, Aff0 */

struct vgic vgics[PLAN_VM_COUNT];
struct vgic_cpu vgic_cpus[PLAN_CPU_COUNT];
uint8_t vgic_spi_priority[VGIC_INTID_COUNT];
uint32_t vgic_spi_route[VGIC_INTID_COUNT];

static struct vgic_cpu *self_vgic(void)
{
	return &vgic_cpus[arch_cpu_self()->id];
}

static struct vgic_context self_context(void)
{
	const struct cpu *self = arch_cpu_self();

	return (struct vgic_context){
		.plan = self->vcpu.plan,
		.vgic = &vgics[self->vcpu.vm],
		.cpu = self->id,
		.vcpu = self->vcpu.id,
	};
}

uint32_t vgic_owned(const struct plan_vm *plan, uint32_t word)
{
	return word == 0 ? plan->irqs[0] | VGIC_SGI_MASK : plan->irqs[word];
}

static bool owns(const struct plan_vm *plan, uint32_t irq)
{
	return irq < VGIC_INTID_COUNT && (vgic_owned(plan, irq / 32) & BIT32(irq % 32)) != 0;
}

static _Atomic uint32_t *enabled_word(const struct vgic_context *context, uint32_t word)
{
	return word == 0 ? &vgic_cpus[context->cpu].enabled : &context->vgic->enabled[word];
}

uint32_t vgic_read_enable(const struct vgic_context *context, uint32_t word)
{
	return atomic_load_explicit(enabled_word(context, word), memory_order_relaxed);
}

static bool group_enabled(const struct vgic *vgic)
{
	return atomic_load_explicit(&vgic->group_enabled, memory_order_relaxed) != 0;
}

/* What of a word may be delivered now. */
static uint32_t deliverable(const struct vgic_context *context, uint32_t word)
{
	uint32_t bits = group_enabled(context->vgic) ? vgic_read_enable(context, word) : 0;

	return word == 0 ? bits : bits & ~context->vgic->unroutable[word];
}

/* CPU that a shared interrupt is routed to; an unroutable one stays with vCPU 0. */
static uint32_t target_cpu(const struct plan_vm *plan, uint32_t irq)
{
	uint32_t vcpu = 0;

	(void)affinity_to_vcpu(plan, vgic_spi_route[irq], &vcpu);
	return cpu_of_vcpu(plan, vcpu)->id;
}

/* ---- interrupts on their way to this CPU's guest ----------------------------------------------- */

static uint8_t priority_of(const struct vgic_cpu *cpu, uint32_t irq)
{
	return irq < 32 ? cpu->priority[irq] : vgic_spi_priority[irq % VGIC_INTID_COUNT];
}

/* Gives an interrupt back to where it came from. */
static void recall(uint32_t irq, bool hardware, bool pending)
{
	uint32_t cpu = arch_cpu_self()->id;

	if (hardware) {
		if (pending) {
			gic_set_pending(cpu, irq / 32, BIT32(irq % 32));
		}
		gic_clear_active(cpu, irq / 32, BIT32(irq % 32));
	} else if (pending) {
		atomic_fetch_or_explicit(&self_vgic()->sgi_pending, BIT32(irq),
					 memory_order_relaxed);
	}
}

/*
 * While list registers are short, what is not more urgent than all they hold stays in the physical GIC:
 * the guest would take it later anyway.
 */
static void room_is_short(bool is_short)
{
	uint32_t limit = GIC_ADMIT_ALL;
	uint32_t irq;
	uint8_t priority;

	if (is_short) {
		limit = vgic_lr_least_urgent(&irq, &priority) ? priority : 0;
	}
	gic_admit_guest_interrupts(limit);
	vgic_lr_want_room(is_short);
	self_vgic()->is_short = is_short;
}

/* Lists an interrupt, if need be in the place of the least urgent one; false: all are as urgent. */
static bool place(uint32_t irq, bool hardware)
{
	uint8_t priority = priority_of(self_vgic(), irq);
	uint32_t victim;
	uint8_t victim_priority;

	if (vgic_lr_insert(irq, priority, hardware)) {
		return true;
	}
	if (!vgic_lr_least_urgent(&victim, &victim_priority) || victim_priority <= priority) {
		return false;
	}
	(void)vgic_lr_drop_pending(victim);
	recall(victim, victim >= 16, true);
	if (!vgic_lr_insert(irq, priority, hardware)) {
		return false;
	}
	room_is_short(true);
	return true;
}

void arch_vcpu_interrupt(uint32_t irq)
{
	if (!place(irq, true)) {
		recall(irq, true, true);
		room_is_short(true);
	}
}

/* The most urgent of some SGIs; `irqs` is not 0. */
static uint32_t most_urgent_sgi(const struct vgic_cpu *cpu, uint32_t irqs)
{
	uint32_t best = (uint32_t)__builtin_ctz(irqs);

	for (; irqs != 0; irqs &= irqs - 1) {
		uint32_t irq = (uint32_t)__builtin_ctz(irqs);

		best = cpu->priority[irq] < cpu->priority[best] ? irq : best;
	}
	return best;
}

/* Moves pending SGIs into list registers, as far as they may be delivered and fit. */
static void deliver_sgis(const struct vgic_context *context)
{
	struct vgic_cpu *cpu = &vgic_cpus[context->cpu];
	uint32_t ready = atomic_load_explicit(&cpu->sgi_pending, memory_order_acquire) &
			 deliverable(context, 0);

	while (ready != 0) {
		uint32_t irq = most_urgent_sgi(cpu, ready);

		ready &= ~BIT32(irq);
		/* If one does not fit, another still may: one that is listed already becomes one with it. */
		if (place(irq, false)) {
			atomic_fetch_and_explicit(&cpu->sgi_pending, ~BIT32(irq),
						  memory_order_relaxed);
		} else {
			cpu->is_short = true;
		}
	}
	/* They may be less urgent than all that was listed: what is more urgent must still get in. */
	if (cpu->is_short) {
		room_is_short(true);
	}
}

void arch_vcpu_maintenance(void)
{
	struct vgic_context context = self_context();

	room_is_short(false);
	deliver_sgis(&context);
}

/* Takes back what sits in this CPU's list registers and may no longer be delivered here. */
static void withdraw(const struct vgic_context *context, uint32_t word)
{
	uint32_t bits = vgic_lr_pending(word);
	uint32_t stale = bits & ~deliverable(context, word);

	for (uint32_t rest = word == 0 ? 0 : bits & ~stale; rest != 0; rest &= rest - 1) {
		uint32_t bit = (uint32_t)__builtin_ctz(rest);

		if (target_cpu(context->plan, word * 32 + bit) != context->cpu) {
			stale |= BIT32(bit);
		}
	}
	for (; stale != 0; stale &= stale - 1) {
		uint32_t irq = word * 32 + (uint32_t)__builtin_ctz(stale);

		(void)vgic_lr_drop_pending(irq);
		recall(irq, irq >= 16, true);
	}
}

void arch_vcpu_interrupts_changed(void)
{
	const struct cpu *self = arch_cpu_self();
	struct vgic_context context = self_context();

	if (atomic_load_explicit(&self->vcpu.state, memory_order_relaxed) != VCPU_ON) {
		return;
	}
	for (uint32_t word = 0; word < context.plan->irq_count / 32; word++) {
		withdraw(&context, word);
	}
	deliver_sgis(&context);
}

/* The CPUs that may hold interrupts of this word in their list registers look again. */
static void changed(const struct vgic_context *context, uint32_t word, uint32_t bits)
{
	const struct cpu *self = arch_cpu_self();

	if (word == 0 ? context->cpu == self->id : true) {
		struct vgic_context here = self_context();

		withdraw(&here, word);
		deliver_sgis(&here);
	}
	for (uint32_t i = 0; i < context->plan->vcpu_count; i++) {
		struct cpu *cpu = cpu_of_vcpu(context->plan, i);

		if (cpu != self && (word == 0 ? cpu->id == context->cpu
					      : (gic_active(cpu->id, word) & bits) != 0)) {
			cpu_request(cpu, CPU_REQUEST_INTERRUPTS);
		}
	}
}

void vgic_send_sgi(uint64_t value)
{
	const struct cpu *self = arch_cpu_self();
	const struct plan_vm *plan = self->vcpu.plan;
	uint32_t irq = (uint32_t)(value >> 24) & 15;
	bool all_others = (value & BIT64(40)) != 0;
	uint32_t first = ((uint32_t)(value >> 16) & 0xff) * AFFINITY_VCPUS_PER_AFF1;
	bool elsewhere = ((value >> 32) & 0xff) != 0 || ((value >> 48) & 0xff) != 0 ||
			 ((value >> 44) & 0xf) != 0; /* Aff2, Aff3, RS: no such vCPU */

	for (uint32_t i = 0; i < plan->vcpu_count; i++) {
		struct cpu *cpu = cpu_of_vcpu(plan, i);
		bool listed = !elsewhere && i - first < 16 && (value & BIT64(i - first)) != 0;

		if (all_others ? cpu == self : !listed) {
			continue;
		}
		/* Pairs with the acquire in deliver_sgis(). */
		atomic_fetch_or_explicit(&vgic_cpus[cpu->id].sgi_pending, BIT32(irq),
					 memory_order_release);
		if (cpu != self) {
			cpu_request(cpu, CPU_REQUEST_INTERRUPTS);
		} else {
			struct vgic_context context = self_context();

			deliver_sgis(&context);
		}
	}
}

/* ---- registers ---------------------------------------------------------------------------------- */

/* Makes the physical enables of a word's bits what they should be. */
static void apply_enable(const struct vgic_context *context, uint32_t word, uint32_t bits)
{
	uint32_t on = deliverable(context, word) & bits;
	uint32_t physical = word == 0 ? ~VGIC_SGI_MASK : ~UINT32_C(0);

	if ((on & physical) != 0) {
		gic_set_enable(context->cpu, word, on & physical);
	}
	if ((bits & ~on & physical) != 0) {
		gic_clear_enable(context->cpu, word, bits & ~on & physical);
	}
}

void vgic_write_enable(const struct vgic_context *context, uint32_t word, uint32_t bits,
		       bool enable)
{
	bits &= vgic_owned(context->plan, word);
	if (enable) {
		atomic_fetch_or_explicit(enabled_word(context, word), bits, memory_order_relaxed);
		apply_enable(context, word, bits);
		if (word == 0 && (bits & VGIC_SGI_MASK) != 0) {
			changed(context, word, bits);
		}
	} else {
		bits &= vgic_read_enable(context, word);
		atomic_fetch_and_explicit(enabled_word(context, word), ~bits, memory_order_relaxed);
		apply_enable(context, word, bits);
		changed(context, word, bits);
	}
}

void vgic_write_group_enable(const struct vgic_context *context, bool enable)
{
	if (group_enabled(context->vgic) == enable) {
		return;
	}
	atomic_store_explicit(&context->vgic->group_enabled, enable ? 1 : 0, memory_order_relaxed);
	for (uint32_t word = 1; word < context->plan->irq_count / 32; word++) {
		apply_enable(context, word, vgic_read_enable(context, word));
		changed(context, word, ~UINT32_C(0));
	}
	for (uint32_t i = 0; i < context->plan->vcpu_count; i++) {
		struct vgic_context each = *context;

		each.vcpu = i;
		each.cpu = cpu_of_vcpu(context->plan, i)->id;
		apply_enable(&each, 0, vgic_read_enable(&each, 0));
		changed(&each, 0, ~UINT32_C(0));
	}
}

/* Whether this access is about list registers of the CPU it runs on. */
static bool is_here(const struct vgic_context *context, uint32_t word)
{
	return word != 0 || context->cpu == arch_cpu_self()->id;
}

uint32_t vgic_read_pending(const struct vgic_context *context, uint32_t word)
{
	uint32_t pending = gic_pending(context->cpu, word);

	if (word == 0) {
		pending &= ~VGIC_SGI_MASK;
		pending |= atomic_load_explicit(&vgic_cpus[context->cpu].sgi_pending,
						memory_order_relaxed);
	}
	if (is_here(context, word)) {
		pending |= vgic_lr_pending(word);
	}
	return pending & vgic_owned(context->plan, word);
}

static void set_pending(const struct vgic_context *context, uint32_t word, uint32_t bits)
{
	uint32_t sgis = word == 0 ? bits & VGIC_SGI_MASK : 0;
	/* What waits in a list register is pending already; pended physically too, it would come twice. */
	uint32_t listed = is_here(context, word) ? vgic_lr_pending(word) : 0;
	uint32_t physical = bits & ~sgis & ~listed;

	if (physical != 0) {
		gic_set_pending(context->cpu, word, physical);
	}
	if (sgis != 0) {
		atomic_fetch_or_explicit(&vgic_cpus[context->cpu].sgi_pending, sgis,
					 memory_order_release);
		changed(context, 0, sgis);
	}
}

static void clear_pending(const struct vgic_context *context, uint32_t word, uint32_t bits)
{
	uint32_t here = is_here(context, word) ? vgic_lr_pending(word) & bits : 0;
	uint32_t sgis = word == 0 ? VGIC_SGI_MASK : 0;

	gic_clear_pending(context->cpu, word, bits & ~sgis);
	atomic_fetch_and_explicit(&vgic_cpus[context->cpu].sgi_pending, ~(bits & sgis),
				  memory_order_relaxed);
	for (; here != 0; here &= here - 1) {
		uint32_t bit = (uint32_t)__builtin_ctz(here);

		if (vgic_lr_drop_pending(word * 32 + bit) && (sgis & BIT32(bit)) == 0) {
			gic_clear_active(context->cpu, word, BIT32(bit));
		}
	}
}

void vgic_write_pending(const struct vgic_context *context, uint32_t word, uint32_t bits, bool set)
{
	bits &= vgic_owned(context->plan, word);
	if (set) {
		set_pending(context, word, bits);
	} else {
		clear_pending(context, word, bits);
	}
}

/* Physically active are also interrupts that wait, pending, in a list register. */
uint32_t vgic_read_active(const struct vgic_context *context, uint32_t word)
{
	uint32_t active = gic_active(context->cpu, word);

	if (word == 0) {
		active &= ~VGIC_SGI_MASK;
	}
	if (is_here(context, word)) {
		active &= ~vgic_lr_pending(word);
		active |= vgic_lr_active(word);
	}
	return active & vgic_owned(context->plan, word);
}

void vgic_write_active(const struct vgic_context *context, uint32_t word, uint32_t bits, bool set)
{
	uint32_t here = is_here(context, word) ? vgic_lr_pending(word) : 0;
	uint32_t physical = word == 0 ? ~VGIC_SGI_MASK : ~UINT32_C(0);

	bits &= vgic_owned(context->plan, word);
	if (set) {
		gic_set_active(context->cpu, word, bits & physical);
		return;
	}
	for (uint32_t rest = is_here(context, word) ? vgic_lr_active(word) & bits : 0; rest != 0;
	     rest &= rest - 1) {
		(void)vgic_lr_drop_active(word * 32 + (uint32_t)__builtin_ctz(rest));
	}
	gic_clear_active(context->cpu, word, bits & ~here & physical);
}

uint8_t vgic_read_priority(const struct vgic_context *context, uint32_t irq)
{
	if (!owns(context->plan, irq)) {
		return 0;
	}
	return priority_of(&vgic_cpus[context->cpu], irq);
}

void vgic_write_priority(const struct vgic_context *context, uint32_t irq, uint8_t priority)
{
	if (!owns(context->plan, irq)) {
		return;
	}
	if (irq < 32) {
		vgic_cpus[context->cpu].priority[irq] = priority;
	} else {
		vgic_spi_priority[irq % VGIC_INTID_COUNT] = priority;
	}
	if (irq >= 16) {
		gic_set_priority(context->cpu, irq, priority);
	}
}

void vgic_write_edge(const struct vgic_context *context, uint32_t irq, bool edge)
{
	uint32_t *word = irq < 32 ? &vgic_cpus[context->cpu].edge : &context->vgic->edge[irq / 32];

	if (irq < 16 || !owns(context->plan, irq)) {
		return;
	}
	*word = edge ? *word | BIT32(irq % 32) : *word & ~BIT32(irq % 32);
	gic_set_edge(context->cpu, irq, edge);
}

void vgic_write_route(const struct vgic_context *context, uint32_t irq, uint32_t route)
{
	uint32_t word = irq / 32;
	uint32_t bit = BIT32(irq % 32);
	uint32_t vcpu;
	bool routable;

	if (!owns(context->plan, irq)) {
		return;
	}
	vgic_spi_route[irq] = route & ROUTE_AFFINITY_MASK;
	routable = affinity_to_vcpu(context->plan, vgic_spi_route[irq], &vcpu);
	context->vgic->unroutable[word] &= ~bit;
	context->vgic->unroutable[word] |= routable ? 0 : bit;
	gic_set_target(irq, target_cpu(context->plan, irq));
	apply_enable(context, word, bit & vgic_read_enable(context, word));
	changed(context, word, bit);
}

/* ---- life ---------------------------------------------------------------------------------------- */

static void reset_word(const struct vgic_context *context, uint32_t word)
{
	uint32_t owned = context->plan->irqs[word];

	if (owned == 0) {
		return;
	}
	gic_clear_enable(context->cpu, word, owned);
	gic_clear_pending(context->cpu, word, owned);
	gic_clear_active(context->cpu, word, owned);
	for (uint32_t rest = owned; rest != 0; rest &= rest - 1) {
		uint32_t irq = word * 32 + (uint32_t)__builtin_ctz(rest);

		vgic_write_priority(context, irq, 0);
		vgic_write_edge(context, irq, false);
		if (word > 0) {
			vgic_spi_route[irq] = 0;
			gic_set_target(irq, context->cpu);
		}
	}
}

static void reset_cpu(uint32_t cpu)
{
	struct vgic_cpu *vgic_cpu = &vgic_cpus[cpu];

	atomic_store_explicit(&vgic_cpu->sgi_pending, 0, memory_order_relaxed);
	atomic_store_explicit(&vgic_cpu->enabled, 0, memory_order_relaxed);
	vgic_cpu->edge = VGIC_SGI_MASK; /* SGIs are edge-triggered */
	vgic_cpu->asleep = 1;
	for (uint32_t irq = 0; irq < 32; irq++) {
		vgic_cpu->priority[irq] = 0;
	}
}

void arch_vm_reset_interrupts(uint32_t vm)
{
	const struct plan_vm *plan = &plan_vms[vm];
	struct vgic_context context = { .plan = plan, .vgic = &vgics[vm] };

	atomic_store_explicit(&context.vgic->group_enabled, 0, memory_order_relaxed);
	for (uint32_t i = 0; i < plan->vcpu_count; i++) {
		context.vcpu = i;
		context.cpu = cpu_of_vcpu(plan, i)->id;
		reset_cpu(context.cpu);
		reset_word(&context, 0);
	}
	context.vcpu = 0;
	context.cpu = cpu_of_vcpu(plan, 0)->id;
	for (uint32_t word = 1; word < PLAN_IRQ_WORDS; word++) {
		atomic_store_explicit(&context.vgic->enabled[word], 0, memory_order_relaxed);
		context.vgic->edge[word] = 0;
		context.vgic->unroutable[word] = 0;
		reset_word(&context, word);
	}
}

void vgic_cpu_start(void)
{
	struct vgic_context context = self_context();

	self_vgic()->lr_count = gic_list_register_count();
	vgic_lr_start();
	room_is_short(false);
	deliver_sgis(&context);
}

void vgic_cpu_stop(void)
{
	gic_admit_guest_interrupts(0);
	vgic_lr_stop(recall);
}

bool vgic_has_pending(void)
{
	return vgic_lr_any_pending();
}
