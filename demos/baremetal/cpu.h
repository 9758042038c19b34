/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The CPU a bare-metal guest runs on: system registers, interrupt masking, barriers, waiting, and the
 * frame that start.S makes of an interrupted context. Register names are those of the Arm ARM
 * (DDI 0487).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The registers of an interrupted context. start.S fills it; a handler may change it, `pc` included. */
struct frame {
	uint64_t x[31];
	uint64_t pc;     /* ELR_EL1 */
	uint64_t state;  /* SPSR_EL1 */
	uint64_t esr;    /* ESR_EL1: why; valid for exceptions, not for interrupts */
	uint64_t far;    /* FAR_EL1: the address, for aborts */
	uint64_t unused; /* keeps the stack 16-byte aligned */
};

#define ESR_CLASS(esr) ((uint32_t)((esr) >> 26) & 0x3f)
#define ESR_CLASS_UNKNOWN 0x00     /* undefined instruction, and what a hypervisor injects as one */
#define ESR_CLASS_FETCH_ABORT 0x21 /* instruction abort taken from EL1 */
#define ESR_CLASS_DATA_ABORT 0x25  /* data abort taken from EL1 */
#define ESR_FAULT_STATUS(esr) ((uint32_t)(esr)&0x3f)
#define ESR_FAULT_EXTERNAL 0x10 /* synchronous external abort */

#define cpu_read(name)                                                                             \
	({                                                                                         \
		uint64_t cpu_read_value;                                                           \
		__asm__ volatile("mrs %0, " #name : "=r"(cpu_read_value) : : "memory");            \
		cpu_read_value;                                                                    \
	})

#define cpu_write(name, value)                                                                     \
	__asm__ volatile("msr " #name ", %0" : : "r"((uint64_t)(value)) : "memory")

/* Number of the vCPU this runs on: Bao numbers them in MPIDR_EL1.Aff0. */
static inline uint32_t cpu_id(void)
{
	return (uint32_t)cpu_read(MPIDR_EL1) & 0xff;
}

static inline void cpu_interrupts_on(void)
{
	__asm__ volatile("msr DAIFClr, #2" : : : "memory");
}

static inline void cpu_interrupts_off(void)
{
	__asm__ volatile("msr DAIFSet, #2" : : : "memory");
}

/* Sleeps until an interrupt is pending, masked or not. */
static inline void cpu_wait(void)
{
	__asm__ volatile("dsb sy\n\twfi" : : : "memory");
}

static inline void cpu_isb(void)
{
	__asm__ volatile("isb" : : : "memory");
}

/* Orders this CPU's earlier memory accesses before its later ones, devices and shared memory included. */
static inline void cpu_barrier(void)
{
	__asm__ volatile("dsb sy" : : : "memory");
}

/* The guest's program: vCPU 0 runs it, interrupts masked. `device_tree` is its address, or 0. */
void guest_main(uint64_t device_tree);

/* Runs `function(argument)` on vCPU `id` with a stack of its own. False if PSCI refuses. */
bool cpu_start(uint32_t id, void (*function)(uint64_t argument), uint64_t argument);

/* Handler of synchronous exceptions and SErrors; without one they are reported and the VM goes off. */
typedef void (*exception_handler)(struct frame *frame);
void exception_set_handler(exception_handler handler);
