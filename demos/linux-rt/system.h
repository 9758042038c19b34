/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that the configuration and the guests of this demonstration have to agree on. */
#pragma once

/* Shared memory and doorbell, at the same addresses in both VMs. */
#define SHARED_BASE 0x70000000
#define SHARED_SIZE 0x10000
#define DOORBELL_BASE 0x70010000

/* Interrupts that no device of the board has; doorbells and the virtual UART raise them. */
#define LINUX_DOORBELL_IRQ 112
#define RT_DOORBELL_IRQ 113
#define RT_CONSOLE_IRQ 114

/* VM rt. */
#define RT_MEMORY_BASE 0x40200000
#define RT_MEMORY_SIZE 0x400000
#define RT_CONSOLE_BASE 0x09000000
#define RT_CHANNEL 0 /* index in its list of channels */
#ifndef RT_PERIOD_US
#define RT_PERIOD_US 1000
#endif
