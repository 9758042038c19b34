/* SPDX-License-Identifier: Apache-2.0 */
/* The fake interrupt controller of tests of core/, see irqchip.h. */
#include <fake/irqchip.h>

#include <string.h>

#include <bao/arch/inline.h>
#include <bao/drivers/irqchip.h>
#include <fake/machine.h>

#define QUEUE_SIZE 16u

struct queue {
	bool kicked, kick_active; /* an active one can't come again */
	uint32_t irqs[QUEUE_SIZE];
	uint32_t head, tail;
};

const char *fake_irqchip_problem;
uint32_t fake_irqchip_raised[PLAN_IRQ_COUNT];
uint32_t fake_irqchip_lowered[PLAN_IRQ_COUNT];

static struct queue queues[PLAN_CPU_COUNT];

void fake_irqchip_reset(void)
{
	fake_irqchip_problem = NULL;
	memset(queues, 0, sizeof(queues));
	memset(fake_irqchip_raised, 0, sizeof(fake_irqchip_raised));
	memset(fake_irqchip_lowered, 0, sizeof(fake_irqchip_lowered));
}

void fake_irqchip_queue(uint32_t cpu, uint32_t irq)
{
	struct queue *queue = &queues[cpu];

	queue->irqs[queue->head % QUEUE_SIZE] = irq;
	queue->head++;
}

bool fake_interrupt_waits(uint32_t cpu)
{
	return (queues[cpu].kicked && !queues[cpu].kick_active) ||
	       queues[cpu].head != queues[cpu].tail;
}

const char *irqchip_check(void)
{
	return fake_irqchip_problem;
}

void irqchip_init(void)
{
	fake_note("irqchip_init");
}

void irqchip_cpu_init(void)
{
	fake_note("irqchip_cpu_init %u", fake_self->id);
}

uint32_t irqchip_acknowledge(void)
{
	struct queue *queue = &queues[fake_self->id];

	if (queue->kicked && !queue->kick_active) {
		queue->kicked = false;
		queue->kick_active = true;
		return IRQCHIP_KICK;
	}
	if (queue->head == queue->tail) {
		return IRQCHIP_NONE;
	}
	return queue->irqs[queue->tail++ % QUEUE_SIZE];
}

void irqchip_deactivate(uint32_t irq)
{
	if (irq == IRQCHIP_KICK) {
		queues[fake_self->id].kick_active = false;
	} else {
		fake_note("deactivate %u", irq);
	}
}

void irqchip_kick(uint32_t cpu)
{
	queues[cpu].kicked = true;
}

void irqchip_raise(uint32_t irq)
{
	fake_irqchip_raised[irq]++;
	fake_note("raise %u", irq);
}

void irqchip_lower(uint32_t irq)
{
	fake_irqchip_lowered[irq]++;
	fake_note("lower %u", irq);
}

void irqchip_enable_own(uint32_t irq, uint32_t cpu)
{
	fake_note("own irq %u on %u", irq, cpu);
}
