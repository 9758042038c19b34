/* SPDX-License-Identifier: Apache-2.0 */
/* A fake interrupt controller for tests of core/: it notes what it is asked and keeps kicks and queues. */
#pragma once

#include <stdint.h>

/* Nothing pending, irqchip_check() content, kicks not noted. */
void fake_irqchip_reset(void);

/* Makes an interrupt pending on a CPU, once. */
void fake_irqchip_queue(uint32_t cpu, uint32_t irq);

/* What irqchip_check() answers. */
extern const char *fake_irqchip_problem;

/* How often an interrupt was raised and lowered since reset. */
extern uint32_t fake_irqchip_raised[];
extern uint32_t fake_irqchip_lowered[];
