/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A VM's life: loaded, run, stopped, and perhaps loaded again. Stopping is a meeting without waiting:
 * every CPU of the VM is asked to park, and the last one to do so carries the decision out.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#include <bao/cpu.h>

enum vm_state {
	VM_LOADING,
	VM_RUNNING,
	VM_STOPPING,
	VM_HALTED,
};

enum vm_stop_action { VM_STOP_HALT, VM_STOP_RESTART };

struct vm {
	_Atomic uint32_t state; /* enum vm_state */
	_Atomic uint32_t
		stop_action;     /* enum vm_stop_action, written by who moves RUNNING -> STOPPING */
	_Atomic uint32_t parked; /* CPUs that have parked since STOPPING began */
	uint32_t restarts;       /* by the CPU that restarts it */
};

extern struct vm vms[PLAN_VM_COUNT];

/* Builds the VM's stage 2, fills its memory and enters vCPU 0. On vCPU 0's CPU, at boot or restart. */
NORETURN void vm_boot(void);

/* Stops this CPU's VM, all vCPUs, and then halts or restarts it; a VM whose image is used in
 * place is halted in any case. `why` is for the log. From a trap. */
NORETURN void vm_stop(enum vm_stop_action action, const char *why);

/* Parks this CPU for a stop that is under way (CPU_REQUEST_STOP). */
NORETURN void vm_park(void);
