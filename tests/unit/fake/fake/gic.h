/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A model of the GIC, for tests of the virtual one: interrupt lines with their physical state, behind
 * the contracts <bao/drivers/irqchip.h> and <bao/drivers/gic.h>; the virtual CPU interface of each CPU
 * (list registers, maintenance interrupt) behind the fake <arm/aarch64/sysreg.h>; and the guest that
 * uses it. What the architecture forbids the hypervisor to do there fails the test.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <plan.h>

#define FAKE_GIC_SPURIOUS 1023u

struct fake_line {
	bool enabled;
	bool latched; /* pending by an edge, or by a write of the hypervisor's */
	bool high;    /* a level-sensitive line's level */
	bool active;
	bool edge;
	uint8_t priority; /* as guests write it */
	uint32_t target;  /* CPU, of a shared interrupt */
	uint32_t touched; /* times the hypervisor has written any of its state */
};

/* Everything at reset, every CPU with so many list registers. */
void fake_gic_reset(uint32_t list_registers);

/* A line; `cpu` matters for private ones. */
struct fake_line *fake_gic_line(uint32_t cpu, uint32_t irq);

bool fake_gic_line_pending(const struct fake_line *line);

/* A device signals: an edge, or a level that stays. */
void fake_gic_pulse(uint32_t cpu, uint32_t irq);
void fake_gic_level(uint32_t cpu, uint32_t irq, bool high);

/* ---- the guest on a CPU ------------------------------------------------------------------------ */

/* ICC_IAR1_EL1: takes the most urgent interrupt, or FAKE_GIC_SPURIOUS. */
uint32_t fake_guest_acknowledge(uint32_t cpu);

/* What the guest would acknowledge now, without doing it. */
uint32_t fake_guest_peek(uint32_t cpu);

/* ICC_EOIR1_EL1 with EOImode = 0, of the interrupt acknowledged last. */
void fake_guest_end(uint32_t cpu, uint32_t irq);

/* Forgets what the guest has acknowledged: its CPU was reset. */
void fake_guest_reset(uint32_t cpu);

/* ---- the virtual interface, looked at ------------------------------------------------------------ */

#define FAKE_LR_PENDING (UINT64_C(1) << 62)
#define FAKE_LR_ACTIVE (UINT64_C(1) << 63)

/* The list register's value that holds `irq`; 0: none does. */
uint64_t fake_gic_listed(uint32_t cpu, uint32_t irq);
uint32_t fake_gic_lrs_used(uint32_t cpu);
