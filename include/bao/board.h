/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a board is: its CPUs, memory and the devices the hypervisor itself uses. Every
 * boards/<board>/board.c defines one `const struct board board`. It is compiled on the build machine
 * and read by the planner alone, which carries what the hypervisor needs into the plan; so it may use
 * pointers, and what it gets wrong is a build error.
 */
#pragma once

#include <stdint.h>

struct board_memory {
	uint64_t base; /* physical address */
	uint64_t size; /* bytes */
};

/* Memory the hypervisor and guests must leave alone (firmware, secure world, boot loader tables). */
struct board_reserved {
	const char *name;
	uint64_t base;
	uint64_t size;
};

/*
 * A device that a guest may be given. `interrupts` are INTIDs / interrupt sources as the controller
 * numbers them. The list need not be complete; it lets the planner name what a clash is about and
 * warn about a page that carries more than one device.
 */
struct board_device {
	const char *name;
	uint64_t base;
	uint64_t size;
	const uint32_t *interrupts;
	uint32_t interrupt_count;
};

struct board_gic {
	uint32_t version;         /* 2 or 3 */
	uint64_t gicd, gicd_size; /* distributor */
	uint64_t gicr, gicr_size; /* GICv3 redistributors: one region holding all of them */
	uint64_t gicc, gicc_size; /* GICv2 CPU interface */
	uint64_t gich, gich_size; /* GICv2 virtual interface control */
	uint64_t gicv, gicv_size; /* GICv2 virtual CPU interface */
	uint32_t interrupt_count; /* INTIDs implemented, 32 + SPIs; <= 1020 */
	uint32_t maintenance_irq; /* PPI of the virtual interface's maintenance interrupt */
};

struct board_uart {
	uint64_t base;
	uint64_t size;
	uint32_t irq;      /* INTID of its combined interrupt */
	uint32_t clock_hz; /* input clock; 0: keep the firmware's divisors */
};

struct board {
	const char *name;
	const char *model; /* as a person would say it */

	uint32_t cpu_count;
	const uint64_t *cpu_hw_ids; /* MPIDR_EL1 affinity bits / hart id of CPU 0, 1, ... */

	const struct board_memory *memories;
	uint32_t memory_count;
	const struct board_reserved *reserved;
	uint32_t reserved_count;
	const struct board_device *devices;
	uint32_t device_count;

	uint32_t pa_bits;       /* physical address bits every CPU implements */
	struct board_uart uart; /* the hypervisor's console */
	struct board_gic gic;
	uint32_t timer_virtual_irq;  /* EL1 virtual timer PPI */
	uint32_t timer_physical_irq; /* EL1 physical timer PPI */
	const char *cpu_compatible;  /* for generated trees, e.g. "arm,cortex-a53" */
};

extern const struct board board;
