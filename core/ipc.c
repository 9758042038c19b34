/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notifications: a doorbell is an interrupt line that no device drives, made pending in the physical
 * interrupt controller, which brings it to the CPU of the receiver. No queue, no lock, no state here.
 */
#include <bao/ipc.h>

#include <abi/bao.h>
#include <bao/arch/inline.h>
#include <bao/cpu.h>
#include <bao/drivers/irqchip.h>

int64_t ipc_notify(uint64_t channel, uint64_t event)
{
	const struct plan_vm *plan = arch_cpu_self()->vcpu.plan;
	int64_t result = BAO_HC_INVALID_ARGS;
	const struct plan_ipc *ipc;

	if (channel >= plan->ipc_count) {
		return BAO_HC_INVALID_ARGS;
	}
	ipc = &plan_ipcs[plan->ipc_first + channel];
	for (uint32_t i = 0; i < ipc->peer_count; i++) {
		const struct plan_ipc_peer *peer = &plan_ipc_peers[ipc->peer_first + i];

		if (event < peer->irq_count) {
			irqchip_raise(plan_ipc_irqs[peer->irq_first + event]);
			result = BAO_HC_SUCCESS;
		}
	}
	return result;
}

bool ipc_doorbell_access(const struct plan_window *window, struct mmio_access *access)
{
	if (access->size != sizeof(uint32_t) || (access->offset & (sizeof(uint32_t) - 1)) != 0) {
		return false;
	}
	if (access->write) {
		(void)ipc_notify(window->argument, access->value);
	} else {
		access->value = 0;
	}
	return true;
}
