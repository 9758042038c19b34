/* SPDX-License-Identifier: Apache-2.0 */
/* Starting the other vCPUs, and what becomes of exceptions. The vectors in start.S come here. */

#include "cpu.h"

#include <stddef.h>

#include "console.h"
#include "psci.h"

/* start.S has these as numbers. */
_Static_assert(sizeof(struct frame) == 288, "FRAME_SIZE");
_Static_assert(offsetof(struct frame, pc) == 248, "FRAME_PC");
_Static_assert(offsetof(struct frame, esr) == 264, "FRAME_ESR");

/* What a vCPU is started with; one per vCPU, so that several can be on their way. */
struct cpu_start_call {
	void (*function)(uint64_t argument);
	uint64_t argument;
};

static struct cpu_start_call start_calls[GUEST_CPU_MAX] __attribute__((aligned(64)));
static exception_handler handler;

extern const char secondary_start[];

/* Entered from start.S. */
void cpu_started(const struct cpu_start_call *call);
void exception_handle(struct frame *frame);

bool cpu_start(uint32_t id, void (*function)(uint64_t argument), uint64_t argument)
{
	struct cpu_start_call *call;

	if (id >= GUEST_CPU_MAX) {
		return false;
	}
	call = &start_calls[id];
	call->function = function;
	call->argument = argument;
	/* The new vCPU reads this with its caches off, so it has to be in memory. */
	__asm__ volatile("dc cvac, %0" : : "r"(call) : "memory");
	cpu_barrier();
	return psci_cpu_on(id, (uintptr_t)secondary_start, (uintptr_t)call) == PSCI_SUCCESS;
}

void cpu_started(const struct cpu_start_call *call)
{
	call->function(call->argument);
}

void exception_set_handler(exception_handler new_handler)
{
	handler = new_handler;
}

void exception_handle(struct frame *frame)
{
	if (handler != NULL) {
		handler(frame);
		return;
	}
	print("exception: vcpu %u pc 0x%lx esr 0x%lx far 0x%lx lr 0x%lx\n", cpu_id(), frame->pc,
	      frame->esr, frame->far, frame->x[30]);
	psci_system_off();
}
