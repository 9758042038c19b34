/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Physical interrupts. Every interrupt that reaches a CPU is the hypervisor's own or belongs to the
 * VM of that CPU: the distributor was programmed so. No lock. The walk of an interrupt:
 * vectors.S -> irq_handle() -> the irqchip driver acknowledges -> the virtual irqchip delivers.
 */
#include <bao/irq.h>

#include <plan.h>

#include <bao/arch/inline.h>
#include <bao/arch/vcpu.h>
#include <bao/console.h>
#include <bao/cpu.h>
#include <bao/drivers/irqchip.h>
#include <bao/util.h>

void irq_handle(void)
{
	uint32_t irq = irqchip_acknowledge();

	if (irq == IRQCHIP_KICK) {
		irqchip_deactivate(irq);
		cpu_handle_requests();
	} else if (irq == PLAN_MAINTENANCE_IRQ) {
		arch_vcpu_maintenance();
		irqchip_deactivate(irq);
	} else if (irq == PLAN_CONSOLE_IRQ || irq == ARCH_ALARM_IRQ) {
		console_service();
		irqchip_deactivate(irq);
	} else if (irq != IRQCHIP_NONE) {
		arch_vcpu_interrupt(irq);
	}
}
