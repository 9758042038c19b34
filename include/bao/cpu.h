/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Physical CPUs and the one virtual CPU each may carry. A CPU belongs to one VM for ever (or to none),
 * so there is nothing to schedule: a CPU runs its vCPU, or idles in cpu_idle() until asked to.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <plan.h>

#include <bao/plan.h>
#include <bao/util.h>

/* Where a CPU is in its life, for the panic report. */
enum cpu_phase {
	CPU_PHASE_OFF,     /* not started */
	CPU_PHASE_BOOT,    /* core/init.c */
	CPU_PHASE_LOAD,    /* filling its VM's memory */
	CPU_PHASE_IDLE,    /* its vCPU is off */
	CPU_PHASE_RUNNING, /* its vCPU runs, or the hypervisor on its behalf */
};

enum vcpu_state {
	VCPU_OFF,
	VCPU_STARTING, /* a start was requested and not yet carried out */
	VCPU_ON,
};

/* What one CPU may ask of another; carried by cpu_request(). */
#define CPU_REQUEST_START BIT32(0)      /* start the vCPU at start_entry */
#define CPU_REQUEST_STOP BIT32(1)       /* the VM stops: park */
#define CPU_REQUEST_BOOT_VM BIT32(2)    /* vCPU 0's CPU: load the VM and enter it */
#define CPU_REQUEST_INTERRUPTS BIT32(3) /* look again at the virtual interrupts */
#define CPU_REQUEST_CONSOLE BIT32(4)    /* the console's CPU: text waits in a ring */
#define CPU_REQUEST_PANIC BIT32(5)      /* stop for ever */
#define CPU_REQUEST_SYSTEM_OFF BIT32(6) /* the console's CPU: show what waits, then power off */

struct vcpu {
	const struct plan_vm *plan; /* constant; NULL: this CPU has no VM */
	uint32_t vm;                /* constant; index of the VM */
	uint32_t id;                /* constant; index in the VM */
	_Atomic uint32_t state;     /* enum vcpu_state */
	uint64_t start_entry;       /* written by the CPU that moves state OFF -> STARTING, */
	uint64_t start_argument;    /* read by the owner after CPU_REQUEST_START */
};

struct cpu {
	uint64_t
		emergency_stack; /* constant; top of the stack panics run on (offset 0: vectors.S) */
	uint32_t id;             /* constant; index in cpus */
	uint32_t phase;          /* enum cpu_phase, owner only */
	_Atomic uint32_t requests; /* CPU_REQUEST_*, set by anyone, taken by the owner */
	_Atomic uint32_t online;   /* 1 once the CPU has initialised itself */
	struct vcpu vcpu;
};

extern struct cpu cpus[PLAN_CPU_COUNT];

/* Fills cpus[] from the plan. Once, by the boot CPU. */
void cpus_init(void);

/* Asks `cpu` to do something and interrupts it; returns at once. Callable from a trap. */
void cpu_request(struct cpu *cpu, uint32_t request);

/* Carries out what was asked of this CPU. Does not return if that starts or stops the vCPU. */
void cpu_handle_requests(void);

/* Waits, interrupts served, until asked to start the vCPU. The vCPU is off. */
NORETURN void cpu_idle(void);

/* The CPU that runs vCPU `id` of a VM. `id` < the VM's vcpu_count. */
struct cpu *cpu_of_vcpu(const struct plan_vm *plan, uint32_t id);
