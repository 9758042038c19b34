/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Remote I/O. A slot per frontend vCPU carries one request at a time; its state word is handed from the
 * frontend (FREE -> PENDING) to the backend (-> TAKEN -> DONE) and back. No lock. Entered from
 * mmio.c (frontend) and hypercall.c (backend).
 */
#include <bao/remio.h>

#include <stdatomic.h>
#include <stddef.h>

#include <abi/bao.h>
#include <bao/arch/inline.h>
#include <bao/cpu.h>
#include <bao/drivers/irqchip.h>
#include <bao/irq.h>

enum slot_state { SLOT_FREE, SLOT_PENDING, SLOT_TAKEN, SLOT_DONE };

/*
 * Fields are written by the frontend before PENDING, `value` by the backend before DONE; every change
 * of `state` is a release that the next reader's acquire pairs with.
 */
struct slot {
	_Atomic uint32_t state;
	uint32_t generation; /* which of the slot's requests: part of the request id */
	uint64_t offset;
	uint64_t value;
	uint32_t size; /* bytes */
	bool write;
};

static struct slot slots[AT_LEAST_ONE(PLAN_REMIO_SLOT_COUNT)];

#define REQUEST_SLOT_BITS 8u /* a VM has at most 64 vCPUs */
#define REQUEST_SLOT_MASK (BIT32(REQUEST_SLOT_BITS) - 1u)
#define REQUEST_GENERATION_MASK UINT32_C(0xffffff)

/* From the table, not the macro: a loop to a constant 0 is a warning. */
static uint32_t remio_count(void)
{
	return plan_system.remio_count;
}

bool remio_access(const struct plan_window *window, struct mmio_access *access)
{
	const struct plan_remio *remio = &plan_remios[window->argument];
	struct slot *slot = &slots[remio->slot_first + arch_cpu_self()->vcpu.id];

	slot->generation = (slot->generation + 1) & REQUEST_GENERATION_MASK;
	slot->offset = access->offset;
	slot->value = access->write ? access->value : 0;
	slot->size = access->size;
	slot->write = access->write;
	atomic_store_explicit(&slot->state, SLOT_PENDING, memory_order_release);
	irqchip_raise(remio->backend_irq);
	while (atomic_load_explicit(&slot->state, memory_order_acquire) != SLOT_DONE) {
		arch_wait_for_interrupt();
		irq_handle();
	}
	if (!access->write) {
		access->value = slot->value;
	}
	atomic_store_explicit(&slot->state, SLOT_FREE, memory_order_relaxed);
	return true;
}

static bool slot_is(const struct slot *slot, enum slot_state state)
{
	return atomic_load_explicit(&slot->state, memory_order_acquire) == (uint32_t)state;
}

static bool any_pending(const struct plan_remio *remio)
{
	for (uint32_t i = 0; i < remio->slot_count; i++) {
		if (slot_is(&slots[remio->slot_first + i], SLOT_PENDING)) {
			return true;
		}
	}
	return false;
}

/* Hands the next pending request to the backend; its vCPUs may compete for it. */
static int64_t ask(const struct plan_remio *remio, struct hypercall_results *results)
{
	for (uint32_t i = 0; i < remio->slot_count; i++) {
		struct slot *slot = &slots[remio->slot_first + i];
		uint32_t expected = SLOT_PENDING;

		if (!atomic_compare_exchange_strong_explicit(&slot->state, &expected, SLOT_TAKEN,
							     memory_order_acquire,
							     memory_order_relaxed)) {
			continue;
		}
		*results = (struct hypercall_results){
			.values = { slot->offset,
				    slot->write ? BAO_REMIO_WRITE_DONE : BAO_REMIO_READ_DONE,
				    slot->value, slot->size,
				    ((uint64_t)slot->generation << REQUEST_SLOT_BITS) | i,
				    any_pending(remio) ? 1 : 0 },
			.count = 6,
		};
		return BAO_HC_SUCCESS;
	}
	return BAO_HC_FAILURE;
}

static int64_t complete(const struct plan_remio *remio, uint64_t operation, uint64_t value,
			uint64_t request)
{
	uint32_t index = (uint32_t)request & REQUEST_SLOT_MASK;
	bool write = operation == BAO_REMIO_WRITE_DONE;
	struct slot *slot;

	if (index >= remio->slot_count) {
		return BAO_HC_INVALID_ARGS;
	}
	slot = &slots[remio->slot_first + index];
	if (!slot_is(slot, SLOT_TAKEN) || slot->write != write ||
	    slot->generation != request >> REQUEST_SLOT_BITS) {
		return BAO_HC_INVALID_ARGS;
	}
	slot->value = value;
	atomic_store_explicit(&slot->state, SLOT_DONE, memory_order_release);
	cpu_request(cpu_of_vcpu(&plan_vms[remio->frontend_vm], index), 0);
	return BAO_HC_SUCCESS;
}

/* The pair whose backend is device `device` of this CPU's VM; NULL: none. */
static const struct plan_remio *find_backend(uint64_t device)
{
	uint32_t vm = arch_cpu_self()->vcpu.vm;

	for (uint32_t i = 0; i < remio_count(); i++) {
		if (plan_remios[i].backend_vm == vm && plan_remios[i].backend_device == device) {
			return &plan_remios[i];
		}
	}
	return NULL;
}

int64_t remio_hypercall(const uint64_t *arguments, struct hypercall_results *results)
{
	const struct plan_remio *remio = find_backend(arguments[0]);

	if (remio == NULL) {
		return BAO_HC_INVALID_ARGS;
	}
	switch (arguments[2]) {
	case BAO_REMIO_WRITE_DONE:
	case BAO_REMIO_READ_DONE:
		return complete(remio, arguments[2], arguments[3], arguments[4]);
	case BAO_REMIO_ASK:
		return ask(remio, results);
	case BAO_REMIO_NOTIFY:
		if (remio->frontend_irq == 0) {
			return BAO_HC_FAILURE;
		}
		irqchip_raise(remio->frontend_irq);
		return BAO_HC_SUCCESS;
	default:
		return BAO_HC_INVALID_ARGS;
	}
}

void remio_vm_stopped(uint32_t vm)
{
	for (uint32_t i = 0; i < remio_count(); i++) {
		const struct plan_remio *remio = &plan_remios[i];

		for (uint32_t j = 0; j < remio->slot_count; j++) {
			struct slot *slot = &slots[remio->slot_first + j];
			uint32_t expected = SLOT_TAKEN;

			if (remio->frontend_vm == vm) {
				atomic_store_explicit(&slot->state, SLOT_FREE,
						      memory_order_relaxed);
			} else if (remio->backend_vm == vm) {
				(void)atomic_compare_exchange_strong_explicit(&slot->state,
									      &expected,
									      SLOT_PENDING,
									      memory_order_release,
									      memory_order_relaxed);
			}
		}
	}
}

void remio_vm_started(uint32_t vm)
{
	for (uint32_t i = 0; i < remio_count(); i++) {
		if (plan_remios[i].backend_vm == vm && any_pending(&plan_remios[i])) {
			irqchip_raise(plan_remios[i].backend_irq);
		}
	}
}
