/* SPDX-License-Identifier: Apache-2.0 */
/* Contract: the physical interrupt controller, as core/ needs it. One driver is linked. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* What irqchip_acknowledge() returns when nothing is pending, and for cpu_request()'s interrupt. */
#define IRQCHIP_NONE UINT32_C(0xffffffff)
#define IRQCHIP_KICK UINT32_C(0)

/*
 * Compares the controller with the plan; NULL, or a constant text saying what was found instead. Called
 * before anything of the controller is touched that another version would not have.
 */
const char *irqchip_check(void);

/* Once: everything disabled, every shared interrupt routed to its owner. */
void irqchip_init(void);

/* Every CPU: its interface and private interrupts; from here on it can be kicked. */
void irqchip_cpu_init(void);

/* Takes the most urgent pending interrupt of this CPU and drops its priority; it stays active. */
uint32_t irqchip_acknowledge(void);

/* Ends an interrupt of the hypervisor's own: it may come again. */
void irqchip_deactivate(uint32_t irq);

/* Interrupts another CPU with IRQCHIP_KICK. Earlier writes of this CPU are visible to its handler. */
void irqchip_kick(uint32_t cpu);

/* Makes a shared interrupt pending, as its line would. Earlier writes are visible to its handler. */
void irqchip_raise(uint32_t irq);

/* Takes back what irqchip_raise() made pending and nobody has acknowledged; done when it returns. */
void irqchip_lower(uint32_t irq);

/* Enables an interrupt that the hypervisor itself takes, on CPU `cpu`. */
void irqchip_enable_own(uint32_t irq, uint32_t cpu);
