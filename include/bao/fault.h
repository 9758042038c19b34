/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one policy for what a guest does that it may not: inject, halt or restart, as the configuration
 * says, with a one-line report. Other VMs never notice.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum fault_kind {
	FAULT_DATA_ACCESS,       /* load or store outside the VM's memory and devices */
	FAULT_INSTRUCTION_FETCH, /* execution outside the VM's memory */
	FAULT_UNDEFINED,         /* instruction or register the VM does not have */
	FAULT_SERROR,            /* asynchronous external abort */
};

struct fault {
	enum fault_kind kind;
	uint64_t pc;       /* VM address of the instruction */
	uint64_t address;  /* physical address as the VM sees it, where the kind has one */
	uint64_t syndrome; /* ESR_EL2 / scause */
};

/*
 * Applies the policy of this CPU's VM. Returns when the fault was injected, and the guest is to be
 * resumed; else the vCPU has been stopped. Each vCPU's injected faults are reported once per start.
 */
void vcpu_fault(const struct fault *fault);

/* Lets this CPU report again: its vCPU starts afresh. */
void fault_reset(void);
