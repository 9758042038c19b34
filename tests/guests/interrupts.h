/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the sections of the interrupt tests share: the VM's interrupts, a log of those taken on each
 * vCPU, and a way to have another vCPU do something.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define VCPUS 4

/* Interrupts of the VM that no device raises, as in tests/system/interrupts/config.c. */
#define SPI_FIRST 96 /* the first of a 32-bit word of the bit arrays */
#define SPI_COUNT 16
#define SPI_OF_OTHERS 112
#define SPI_CONSOLE 114
#define TIMER_PPI 27
#define PHYSICAL_TIMER_PPI 30 /* which this VM does not have */

#define LOG_SIZE 64

/* Interrupts taken by a vCPU, in order. Written by that vCPU. */
struct taken {
	volatile uint32_t count;
	volatile uint32_t intids[LOG_SIZE];
};

extern struct taken taken[VCPUS];

/* Forgets what was taken, on every vCPU; none may be under way. */
void taken_reset(void);

/* Handler: adds to the log of the calling vCPU. */
void take(uint32_t intid);

/* How often `vcpu` took `intid`. */
uint32_t taken_times(uint32_t vcpu, uint32_t intid);

/* Waits until `vcpu` has taken `count` interrupts in all, or a virtual second has passed. */
void wait_taken(uint32_t vcpu, uint32_t count);

/* Long enough for an interrupt that should not come to have come. */
void settle(void);

/* Has `vcpu` (1..) run a function with its interrupts on, and waits until it has. */
void run_on(uint32_t vcpu, void (*function)(void));

/* Enables an interrupt that is logged, routed to the calling vCPU, at a priority. */
void enable_logged(uint32_t intid, uint8_t priority);

/* Puts the VM's SPIs back: disabled, not pending, not active, edge-triggered, for vCPU 0. */
void reset_spis(void);

/* The sections. */
void test_registers(void);
void test_timer(void);
void test_sgis(void);
void test_state(void);
void test_routing(void);
void test_priorities(void);
void test_overflow(void);
