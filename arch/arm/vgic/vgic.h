/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The virtual GIC. The physical distributor and redistributors keep the state of the guests' hardware
 * interrupts (enabled, pending, active, priority, route); here is only what has no physical
 * counterpart: software-generated interrupts, the guest's view of registers, and the list registers
 * through which interrupts reach the guest. GIC architecture, IHI 0069H.
 *
 * An interrupt's way: pending in the physical GIC -> acknowledged, in a list register with its physical
 * interrupt (HW = 1) -> the guest's deactivation deactivates both. One that must leave a list register
 * again is "recalled": made pending in the physical GIC and deactivated there. When all list registers
 * are in use, a more urgent interrupt takes the place of the least urgent one, which is recalled, and
 * the physical priority mask keeps out all that are not more urgent than what is listed.
 *
 * Locks: vgic->lock, one per VM, taken by its vCPUs for distributor accesses; nothing is taken inside.
 * List registers and `lr_irq` belong to their CPU alone.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <plan.h>

#include <bao/cpu.h>
#include <bao/plan.h>
#include <bao/spinlock.h>

#define VGIC_LR_MAX 16u
#define VGIC_INTID_COUNT 1024u /* the whole 10-bit space, so that no INTID is out of bounds */
#define VGIC_SGI_MASK UINT32_C(0xffff)

/* Per VM. Words: as plan_vm.irqs; word 0 is per vCPU, in struct vgic_cpu. */
struct vgic {
	struct spinlock lock;
	_Atomic uint32_t group_enabled; /* GICD_CTLR.EnableGrp1 */
	_Atomic uint32_t enabled[PLAN_IRQ_WORDS];
	uint32_t edge[PLAN_IRQ_WORDS];       /* GICD_ICFGR, a bit per interrupt */
	uint32_t unroutable[PLAN_IRQ_WORDS]; /* GICD_IROUTER names no vCPU: never delivered */
};

/* Per CPU, for its vCPU. */
struct vgic_cpu {
	_Atomic uint32_t sgi_pending; /* set by any vCPU of the VM, taken by the owner */
	_Atomic uint32_t enabled;     /* GICR_ISENABLER0 */
	uint32_t edge;
	uint32_t asleep; /* GICR_WAKER.ProcessorSleep */
	uint8_t priority[32];
	bool is_short;                /* of list registers: some interrupts are kept out; owner */
	uint32_t lr_count;            /* list registers, owner */
	uint16_t lr_irq[VGIC_LR_MAX]; /* interrupt last put into each list register, owner */
};

extern struct vgic vgics[PLAN_VM_COUNT];
extern struct vgic_cpu vgic_cpus[PLAN_CPU_COUNT];

/* Priority and route (GICD_IROUTER) of every shared interrupt: each has one VM. */
extern uint8_t vgic_spi_priority[VGIC_INTID_COUNT];
extern uint32_t vgic_spi_route[VGIC_INTID_COUNT];

/* A register access: whose distributor, and whose redistributor where there is one. */
struct vgic_context {
	const struct plan_vm *plan;
	struct vgic *vgic;
	uint32_t cpu;  /* CPU of the vCPU whose redistributor is accessed, or of the caller */
	uint32_t vcpu; /* that vCPU */
};

/* ---- vgic.c: operations on words of interrupts; `bits` is filtered to what the VM owns -------- */

void vgic_write_enable(const struct vgic_context *context, uint32_t word, uint32_t bits,
		       bool enable);
uint32_t vgic_read_enable(const struct vgic_context *context, uint32_t word);
void vgic_write_pending(const struct vgic_context *context, uint32_t word, uint32_t bits, bool set);
uint32_t vgic_read_pending(const struct vgic_context *context, uint32_t word);
void vgic_write_active(const struct vgic_context *context, uint32_t word, uint32_t bits, bool set);
uint32_t vgic_read_active(const struct vgic_context *context, uint32_t word);
void vgic_write_priority(const struct vgic_context *context, uint32_t irq, uint8_t priority);
uint8_t vgic_read_priority(const struct vgic_context *context, uint32_t irq);
void vgic_write_edge(const struct vgic_context *context, uint32_t irq, bool edge);
void vgic_write_route(const struct vgic_context *context, uint32_t irq, uint32_t route);
void vgic_write_group_enable(const struct vgic_context *context, bool enable);

/* Interrupts of word `word` that the VM has: its own, and in word 0 the SGIs every VM has. */
uint32_t vgic_owned(const struct plan_vm *plan, uint32_t word);

/* ---- vgic_v3.c: list registers of this CPU ----------------------------------------------------- */

/* Puts an interrupt into a free list register; false: none is free. `hardware`: of a physical one. */
bool vgic_lr_insert(uint32_t irq, uint8_t priority, bool hardware) MUST_CHECK;

/* Bits of word `word` that are in this CPU's list registers, pending or active (or both). */
uint32_t vgic_lr_pending(uint32_t word);
uint32_t vgic_lr_active(uint32_t word);

/* Takes the pending / the active state of an interrupt out of this CPU's list registers. True: it was
 * there, and nothing of it is left. */
bool vgic_lr_drop_pending(uint32_t irq);
bool vgic_lr_drop_active(uint32_t irq);

/* Interface on with the guest's registers at reset; or off with every list register emptied, each
 * interrupt passed to `recall`. */
void vgic_lr_start(void);
void vgic_lr_stop(void (*recall)(uint32_t irq, bool hardware, bool pending));

/* Whether any list register is pending, so that the guest has something to take. */
bool vgic_lr_any_pending(void);

/* The least urgent interrupt that is pending, and not active, in a list register; false: there is none. */
bool vgic_lr_least_urgent(uint32_t *irq, uint8_t *priority) MUST_CHECK;

/* Asks for a maintenance interrupt once the guest has taken what is pending in list registers, or at most
 * one is in use; or not any more. */
void vgic_lr_want_room(bool want);

/* ---- for the rest of the architecture ----------------------------------------------------------- */

/* ICC_SGI1R_EL1 written by this CPU's vCPU. */
void vgic_send_sgi(uint64_t value);

/* This CPU's vCPU starts or stops taking interrupts. */
void vgic_cpu_start(void);
void vgic_cpu_stop(void);

/* Whether this CPU's vCPU has an interrupt waiting. */
bool vgic_has_pending(void);
