/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ways between VMs: a channel's notifications reach only VMs that share its memory, a remote-I/O
 * pair only its two ends.
 */
#include "audit.h"

#define FIRST_SPI 32u

/* Whether two VMs, as walked, reach a common frame. */
static bool share_memory(const struct audit_vm *a, const struct audit_vm *b)
{
	for (size_t i = 0; i < a->stage2.count; i++) {
		for (size_t j = 0; j < b->stage2.count; j++) {
			const struct map_range *left = &a->stage2.ranges[i];
			const struct map_range *right = &b->stage2.ranges[j];

			if (ranges_overlap(left->pa, left->size, right->pa, right->size)) {
				return true;
			}
		}
	}
	return false;
}

/* One interrupt of a peer. *receiver: whose the peer's interrupts are; NULL before the first. */
static void check_peer_irq(struct audit *audit, const struct audit_vm *vm, uint32_t channel,
			   uint32_t irq, const struct audit_vm **receiver)
{
	const struct audit_vm *owner = irq >= FIRST_SPI ? irq_owner(audit, irq) : NULL;

	if (owner == NULL || owner == vm) {
		report_finding(&audit->report, "ipc-irq",
			       "%s: channel %u raises interrupt %u, which is %s", vm->label.text,
			       channel, irq, owner == NULL ? "an SPI of no VM" : "its own");
		return;
	}
	if (*receiver != NULL && *receiver != owner) {
		report_finding(&audit->report, "ipc-peer",
			       "%s: channel %u has a peer with interrupts of both %s and %s",
			       vm->label.text, channel, (*receiver)->label.text, owner->label.text);
	} else if (*receiver == NULL && !share_memory(vm, owner)) {
		report_finding(&audit->report, "ipc-shmem",
			       "%s: channel %u raises interrupt %u of %s, which shares no memory "
			       "with it",
			       vm->label.text, channel, irq, owner->label.text);
	}
	*receiver = owner;
}

static void check_ipc(struct audit *audit, const struct audit_vm *vm, uint32_t channel)
{
	const struct plan_tables *plan = &audit->plan;
	const struct plan_ipc *ipc = &vm->ipcs[channel];

	for (uint32_t i = 0; i < ipc->peer_count; i++) {
		const struct plan_ipc_peer *peer = &plan->ipc_peers[ipc->peer_first + i];
		const struct audit_vm *receiver = NULL;

		for (uint32_t j = 0; j < peer->irq_count; j++) {
			check_peer_irq(audit, vm, channel, plan->ipc_irqs[peer->irq_first + j],
				       &receiver);
		}
	}
}

/* Whether an interrupt of a remote-I/O end is an SPI of its VM; 0 is none where that is
 * possible. */
static void check_remio_irq(struct audit *audit, uint32_t index, const struct audit_vm *vm,
			    uint32_t irq, bool optional)
{
	if (optional && irq == 0) {
		return;
	}
	if (irq < FIRST_SPI || !vm_owns_irq(vm->plan, irq)) {
		report_finding(
			&audit->report, "remio-irq",
			"remote I/O %u raises interrupt %u for %s, which is not an SPI of its "
			"own",
			index, irq, vm->label.text);
	}
}

static void check_remio_window(struct audit *audit, uint32_t index)
{
	const struct plan_remio *remio = &audit->plan.remios[index];
	const struct audit_vm *vm = &audit->vms[remio->frontend_vm];
	uint32_t found = 0;

	for (uint32_t i = 0; i < vm->plan->window_count; i++) {
		found += vm->windows[i].kind == PLAN_WINDOW_REMIO &&
			 vm->windows[i].argument == index;
	}
	if (found != 1) {
		report_finding(&audit->report, "remio-window",
			       "remote I/O %u has %u windows in its frontend, %s", index, found,
			       vm->label.text);
	}
}

/* Against the pairs before it. */
static void check_remio_apart(struct audit *audit, uint32_t index)
{
	const struct plan_remio *remio = &audit->plan.remios[index];

	for (uint32_t i = 0; i < index; i++) {
		const struct plan_remio *other = &audit->plan.remios[i];

		if (ranges_overlap(remio->slot_first, remio->slot_count, other->slot_first,
				   other->slot_count)) {
			report_finding(&audit->report, "remio-slots",
				       "remote I/O %u of %s and remote I/O %u of %s share a slot",
				       i, audit->vms[other->frontend_vm].label.text, index,
				       audit->vms[remio->frontend_vm].label.text);
		}
		if (remio->backend_vm == other->backend_vm &&
		    remio->backend_device == other->backend_device) {
			report_finding(&audit->report, "remio-device",
				       "remote I/O %u and %u are both device %u of %s", i, index,
				       remio->backend_device,
				       audit->vms[remio->backend_vm].label.text);
		}
	}
}

static void check_remio(struct audit *audit, uint32_t index)
{
	const struct plan_remio *remio = &audit->plan.remios[index];
	const struct audit_vm *frontend = &audit->vms[remio->frontend_vm];
	const struct audit_vm *backend = &audit->vms[remio->backend_vm];

	if (frontend == backend) {
		report_finding(&audit->report, "remio-pair",
			       "remote I/O %u: %s is both frontend and backend", index,
			       frontend->label.text);
	}
	if (remio->slot_count != frontend->plan->vcpu_count) {
		/* The hypervisor takes the slot of the vCPU's number without looking. */
		report_finding(&audit->report, "remio-slots",
			       "remote I/O %u has %u slots for the %u vCPUs of %s", index,
			       remio->slot_count, frontend->plan->vcpu_count, frontend->label.text);
	}
	check_remio_irq(audit, index, frontend, remio->frontend_irq, true);
	check_remio_irq(audit, index, backend, remio->backend_irq, false);
	check_remio_window(audit, index);
	check_remio_apart(audit, index);
}

void check_channels(struct audit *audit)
{
	const struct plan_system *system = &audit->plan.system;
	size_t before = audit->report.findings.count;

	for (uint32_t i = 0; i < system->vm_count; i++) {
		for (uint32_t j = 0; j < audit->vms[i].plan->ipc_count; j++) {
			check_ipc(audit, &audit->vms[i], j);
		}
	}
	for (uint32_t i = 0; i < system->remio_count; i++) {
		check_remio(audit, i);
	}
	report_proof(
		&audit->report, before, "channels",
		"%u ends of channels, %u remote-I/O pairs: interrupts go only to VMs that share "
		"memory, or are the other end",
		system->ipc_count, system->remio_count);
}
