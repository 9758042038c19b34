/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contract between the GIC drivers and the virtual GIC: the physical distributor and redistributors by
 * 32-interrupt words. The physical controller keeps the state of the guests' interrupts; the virtual
 * one only filters. `cpu` selects the redistributor for word 0 (SGIs, PPIs) and is ignored for others.
 * Generic Interrupt Controller Architecture Specification, IHI 0069 (v3) and IHI 0048 (v2).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Number of list registers this CPU has. */
uint32_t gic_list_register_count(void);

void gic_set_enable(uint32_t cpu, uint32_t word, uint32_t bits);
/* Returns when the disabling has taken effect (GICD_CTLR.RWP). */
void gic_clear_enable(uint32_t cpu, uint32_t word, uint32_t bits);
uint32_t gic_pending(uint32_t cpu, uint32_t word);
void gic_set_pending(uint32_t cpu, uint32_t word, uint32_t bits);
void gic_clear_pending(uint32_t cpu, uint32_t word, uint32_t bits);
uint32_t gic_active(uint32_t cpu, uint32_t word);
void gic_set_active(uint32_t cpu, uint32_t word, uint32_t bits);
void gic_clear_active(uint32_t cpu, uint32_t word, uint32_t bits);

/* Priority as the guest writes it, 0..255; scaled below the hypervisor's own. */
void gic_set_priority(uint32_t cpu, uint32_t irq, uint8_t priority);

/* Edge (true) or level. Lock-free against other VMs' interrupts in the same register. */
void gic_set_edge(uint32_t cpu, uint32_t irq, bool edge);

/* Routes a shared interrupt to a CPU. */
void gic_set_target(uint32_t irq, uint32_t cpu);

/*
 * Of the guests' interrupts, only those more urgent than `limit` (a priority as guests write it, 0: none)
 * reach this CPU; the others stay pending. The hypervisor's own always do.
 */
#define GIC_ADMIT_ALL UINT32_C(0x100)
void gic_admit_guest_interrupts(uint32_t limit);
