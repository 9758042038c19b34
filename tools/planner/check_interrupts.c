/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules about interrupts. A line has one owner; those that software raises (doorbells, remote I/O,
 * the virtual UART) are lines without a device.
 */
#include "planner.h"

#include <string.h>

struct irq_claim {
	irqid_t irq;
	bool software; /* no device of the board may be on this line */
	const struct model_vm *vm;
	const char *where;
	const char *owner;
};

struct irq_claims {
	struct irq_claim *items;
	size_t count;
	size_t capacity;
};

static void add(struct planner *p, struct irq_claims *claims, struct irq_claim claim)
{
	if (claims->count == claims->capacity) {
		struct irq_claim *more;

		claims->capacity = 2 * claims->capacity + 64;
		more = arena_alloc(&p->arena, claims->capacity, sizeof(*more));
		if (claims->count != 0) {
			memcpy(more, claims->items, claims->count * sizeof(*more));
		}
		claims->items = more;
	}
	claims->items[claims->count++] = claim;
}

static void add_list(struct planner *p, struct irq_claims *claims, const struct model_vm *vm,
		     bool software, const char *list, size_t index, const irqid_t *irqs,
		     size_t count)
{
	for (size_t i = 0; i < count; i++) {
		add(p, claims,
		    (struct irq_claim){ irqs[i], software, vm, where_text(p, vm, list, index),
					owner_text(p, vm, list, index) });
	}
}

static void collect(struct planner *p, struct irq_claims *claims, const struct model_vm *vm)
{
	const struct vm_platform *platform = &vm->config.platform;

	for (size_t i = 0; i < platform->dev_num; i++) {
		add_list(p, claims, vm, false, "devs", i, platform->devs[i].interrupts,
			 platform->devs[i].interrupt_num);
	}
	for (size_t i = 0; i < platform->ipc_num; i++) {
		add_list(p, claims, vm, true, "ipcs", i, platform->ipcs[i].interrupts,
			 platform->ipcs[i].interrupt_num);
	}
	for (size_t i = 0; i < platform->remio_dev_num; i++) {
		if (platform->remio_devs[i].interrupt != 0) {
			add_list(p, claims, vm, true, "remio_devs", i,
				 &platform->remio_devs[i].interrupt, 1);
		}
	}
	if (vm->config.console.base != 0) {
		add(p, claims,
		    (struct irq_claim){
			    vm->config.console.interrupt, true, vm,
			    arena_printf(&p->arena, "%s: console", vm->name),
			    arena_printf(&p->arena, "the virtual UART of %s", vm->name) });
	}
}

static const char *reserved_for(const struct board *machine, irqid_t irq)
{
	if (irq < FIRST_PPI) {
		return "is software-generated: every VM has its own 0 to 15, which nobody assigns";
	}
	if (irq == machine->gic.maintenance_irq) {
		return "is the hypervisor's, the GIC maintenance interrupt";
	}
	if (irq == machine->uart.irq) {
		return "is the hypervisor's, of its console UART";
	}
	return NULL;
}

/*
 * A VM that has registers of the board's device, and so can make it raise its line; NULL if none.
 */
static const struct model_vm *user_of(const struct planner *p, const struct board_device *device)
{
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct vm_platform *platform = &p->model.vms[v].config.platform;

		for (size_t i = 0; i < platform->dev_num; i++) {
			struct range pages = range_pages(
				(struct range){ platform->devs[i].pa, platform->devs[i].size });

			if (range_overlaps(pages, (struct range){ device->base, device->size })) {
				return &p->model.vms[v];
			}
		}
	}
	return NULL;
}

/* A line that software is to raise, and that a device of the board is wired to. */
static void check_line(struct planner *p, const struct irq_claim *claim)
{
	const struct board_device *device = board_device_of_irq(p->inputs.board, claim->irq);
	const struct model_vm *user = device != NULL ? user_of(p, device) : NULL;

	if (user != NULL) {
		REPORT(p, IRQ_HARDWARE_LINE, claim->where,
		       "interrupt %llu of %s is raised by software, but the board's %s, which %s "
		       "has, drives the "
		       "same line; use an SPI that no device has",
		       (unsigned long long)claim->irq, claim->owner, device->name, user->name);
	} else if (device != NULL) {
		REPORT(p, IRQ_UNUSED_LINE, claim->where,
		       "interrupt %llu of %s is raised by software, and the board's %s, which no "
		       "VM has, is wired "
		       "to the same line; use an SPI that no device has, unless that device "
		       "stays silent",
		       (unsigned long long)claim->irq, claim->owner, device->name);
	}
}

static void check_one(struct planner *p, const struct irq_claim *claim)
{
	const struct board *machine = p->inputs.board;
	unsigned long long irq = claim->irq;
	const char *reserved = reserved_for(machine, claim->irq);

	if (irq >= machine->gic.interrupt_count || irq >= MAX_INTERRUPTS) {
		REPORT(p, IRQ_RANGE, claim->where,
		       "interrupt %llu of %s does not exist: board %s has 0 to %u; use one of "
		       "those (SPI n is 32 "
		       "+ n, PPI n is 16 + n)",
		       irq, claim->owner, machine->name, machine->gic.interrupt_count - 1);
		return;
	}
	if (claim->software && irq < FIRST_SPI) {
		REPORT(p, IRQ_NOT_SPI, claim->where,
		       "interrupt %llu of %s is raised by software and must be an SPI; use one "
		       "from %u to %u that "
		       "no device has",
		       irq, claim->owner, FIRST_SPI, machine->gic.interrupt_count - 1);
		return;
	}
	if (reserved != NULL) {
		REPORT(p, IRQ_RESERVED, claim->where,
		       "interrupt %llu of %s %s; remove it, or use another", irq, claim->owner,
		       reserved);
		return;
	}
	if (claim->software) {
		check_line(p, claim);
	}
}

static void check_pair(struct planner *p, const struct irq_claim *a, const struct irq_claim *b)
{
	if (a->irq != b->irq) {
		return;
	}
	if (a->vm == b->vm) {
		REPORT(p, IRQ_TWICE, a->where,
		       "interrupt %llu of %s is also that of %s; use another for one of them",
		       (unsigned long long)a->irq, a->owner, b->owner);
	} else if (a->irq >= FIRST_SPI) {
		REPORT(p, IRQ_SHARED, a->where,
		       "interrupt %llu of %s is also that of %s; an interrupt has one owner, use "
		       "another for one "
		       "of them",
		       (unsigned long long)a->irq, a->owner, b->owner);
	}
}

static void check_vgic_size(struct planner *p, const struct model_vm *vm,
			    const struct irq_claims *claims)
{
	size_t shown = vm->config.platform.arch.gic.interrupt_num;
	const char *where =
		arena_printf(&p->arena, "%s: platform.arch.gic.interrupt_num", vm->name);

	if (shown == 0) {
		return;
	}
	if (shown < FIRST_SPI || shown > MAX_INTERRUPTS + 4) {
		REPORT(p, VGIC_IRQ_COUNT, where,
		       "%zu; use %u to %u, or 0 for as many as the VM needs", shown, FIRST_SPI,
		       MAX_INTERRUPTS);
		return;
	}
	for (size_t i = 0; i < claims->count; i++) {
		const struct irq_claim *claim = &claims->items[i];

		if (claim->vm == vm && claim->irq < MAX_INTERRUPTS && claim->irq >= shown) {
			REPORT(p, VGIC_IRQ_COUNT, where,
			       "%zu does not reach interrupt %llu of %s; use at least %llu, or 0 "
			       "for as many as "
			       "the VM needs",
			       shown, (unsigned long long)claim->irq, claim->owner,
			       (unsigned long long)claim->irq + 1);
		}
	}
}

static void check_timer(struct planner *p, const struct model_vm *vm,
			const struct irq_claims *claims)
{
	uint32_t timer = p->inputs.board->timer_virtual_irq;

	if (!vm->config.dtb.generate) {
		return;
	}
	for (size_t i = 0; i < claims->count; i++) {
		if (claims->items[i].vm == vm && claims->items[i].irq == timer) {
			return;
		}
	}
	REPORT(p, TIMER_MISSING, arena_printf(&p->arena, "%s: devs", vm->name),
	       "the VM does not own the virtual timer's interrupt, %u, so its generated tree has "
	       "no timer; add "
	       "{ INTERRUPTS(%u) } to devs",
	       timer, timer);
}

void check_interrupts(struct planner *p)
{
	struct irq_claims claims = { 0 };

	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		collect(p, &claims, &p->model.vms[v]);
	}
	for (size_t i = 0; i < claims.count; i++) {
		check_one(p, &claims.items[i]);
		for (size_t n = 0; n < i; n++) {
			check_pair(p, &claims.items[i], &claims.items[n]);
		}
	}
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		check_vgic_size(p, &p->model.vms[v], &claims);
		check_timer(p, &p->model.vms[v], &claims);
	}
}
