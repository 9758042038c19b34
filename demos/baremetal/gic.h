/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GICv3 (IHI 0069) for a guest: every interrupt in group 1, affinity routing on. INTIDs: 0-15 SGIs
 * (between vCPUs), 16-31 PPIs (of one vCPU, the timer among them), 32-1019 SPIs.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifndef GICD_BASE
#define GICD_BASE 0x08000000
#endif
#ifndef GICR_BASE
#define GICR_BASE 0x080a0000
#endif

#define GIC_SPI_FIRST 32
#define GIC_INTID_COUNT 1020

typedef void (*irq_handler)(uint32_t intid);

/* Once, on one vCPU. */
void gic_init(void);

/* On every vCPU, before it uses interrupts. */
void gic_cpu_init(void);

/*
 * Sets the handler, which is called with interrupts masked, and enables `intid`: a private interrupt on
 * the calling vCPU, which may have a handler of its own; an SPI for the calling vCPU.
 */
void gic_enable(uint32_t intid, irq_handler handler);
void gic_disable(uint32_t intid);

/* SPIs only: which vCPU gets it. */
void gic_route(uint32_t intid, uint32_t vcpu);

/* SPIs only; while disabled. Doorbells of Bao's channels are edge-triggered. */
void gic_set_edge(uint32_t intid, bool edge);

/* Makes an interrupt pending, as if its device had raised it. */
void gic_set_pending(uint32_t intid);

/* SGI `intid` to one vCPU of this guest. */
void gic_send_sgi(uint32_t vcpu, uint32_t intid);
