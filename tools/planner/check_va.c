/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules about a VM's address space: what lies where, within reach, nothing twice; and the windows
 * that the hypervisor emulates for every VM.
 */
#include "claims.h"

#define MAX_IPA_BITS 48u

/* The rule an overlap breaks, by what is hit; the first kind of the two that has an own rule. */
static enum rule overlap_rule(enum claim_kind a, enum claim_kind b)
{
	static const struct {
		enum claim_kind kind;
		enum rule rule;
	} rules[] = {
		{ CLAIM_GICD, RULE_VGIC_OVERLAP },
		{ CLAIM_GICR, RULE_VGIC_OVERLAP },
		{ CLAIM_CONSOLE, RULE_CONSOLE_OVERLAP },
		{ CLAIM_DOORBELL, RULE_DOORBELL_OVERLAP },
		{ CLAIM_REMIO_WINDOW, RULE_REMIO_OVERLAP },
		{ CLAIM_REMIO_SHMEM, RULE_REMIO_OVERLAP },
		{ CLAIM_IPC, RULE_IPC_OVERLAP },
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (a == rules[i].kind || b == rules[i].kind) {
			return rules[i].rule;
		}
	}
	return RULE_VA_OVERLAP;
}

static void check_overlaps(struct planner *p, const struct claims *claims)
{
	for (size_t i = 0; i < claims->count; i++) {
		for (size_t n = 0; n < i; n++) {
			const struct claim *a = &claims->items[i];
			const struct claim *b = &claims->items[n];

			if (range_overlaps(a->range, b->range)) {
				report_add(&p->report, &p->arena, overlap_rule(a->kind, b->kind),
					   a->where,
					   "VM addresses %s of %s overlap %s, %s; move one of them",
					   range_text(p, a->range), a->owner, b->owner,
					   range_text(p, b->range));
			}
		}
	}
}

static void check_reach(struct planner *p, const struct claims *claims)
{
	uint32_t bits = p->inputs.board->pa_bits;

	bits = bits < MAX_IPA_BITS ? bits : MAX_IPA_BITS;
	for (size_t i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->items[i];

		if (!range_valid(claim->range) || range_last(claim->range) >> bits != 0) {
			REPORT(p, VA_RANGE, claim->where,
			       "VM addresses from 0x%llx on, 0x%llx bytes, for %s, reach beyond "
			       "the %u bits a VM "
			       "address has on board %s; stay below 0x%llx",
			       (unsigned long long)claim->range.base,
			       (unsigned long long)claim->range.size, claim->owner, bits,
			       p->inputs.board->name, 1ULL << bits);
		}
	}
}

static void check_vgic_window(struct planner *p, const struct model_vm *vm, const char *field,
			      uint64_t address)
{
	const char *where = arena_printf(&p->arena, "%s: platform.arch.gic.%s", vm->name, field);

	if (address == 0) {
		REPORT(p, VGIC_MISSING, where,
		       "not set; a VM on a GICv3 board needs gicd_addr and gicr_addr, the "
		       "addresses at which "
		       "its guest expects distributor and redistributors (the board has 0x%llx "
		       "and 0x%llx)",
		       (unsigned long long)p->inputs.board->gic.gicd,
		       (unsigned long long)p->inputs.board->gic.gicr);
	} else if (!is_aligned(address, GICV3_ALIGNMENT)) {
		REPORT(p, VGIC_UNALIGNED, where, "0x%llx; use a multiple of 64 KiB (0x10000)",
		       (unsigned long long)address);
	}
}

static void check_windows(struct planner *p, const struct model_vm *vm)
{
	const struct vm_console *console = &vm->config.console;

	check_vgic_window(p, vm, "gicd_addr", vm->config.platform.arch.gic.gicd_addr);
	check_vgic_window(p, vm, "gicr_addr", vm->config.platform.arch.gic.gicr_addr);
	if (!is_aligned(console->base, PAGE_SIZE)) {
		REPORT(p, CONSOLE_UNALIGNED, arena_printf(&p->arena, "%s: console", vm->name),
		       "base 0x%llx; the virtual UART takes one page, use a multiple of 0x1000",
		       (unsigned long long)console->base);
	}
}

void check_va(struct planner *p)
{
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct model_vm *vm = &p->model.vms[v];
		struct claims claims = claims_vm(p, vm);

		check_overlaps(p, &claims);
		check_reach(p, &claims);
		check_windows(p, vm);
	}
}
