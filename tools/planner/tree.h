/* SPDX-License-Identifier: Apache-2.0 */
/* A device tree being written: nodes and properties in the forms that the generated trees use. */
#pragma once

#include "planner.h"

/* Flags of an interrupt specifier, GIC binding. */
#define IRQ_EDGE_RISING 1u
#define IRQ_LEVEL_HIGH 4u
#define IRQ_LEVEL_LOW 8u

/* Its first cell. */
#define GIC_SPI 0u
#define GIC_PPI 1u

enum phandle { PHANDLE_GIC = 1, PHANDLE_APB_CLOCK, PHANDLE_FIRST_FREE };

/* The first error sticks. */
struct tree {
	struct planner *p;
	const struct model_vm *vm;
	void *buffer;
	int size;         /* bytes of `buffer` */
	int error;        /* of libfdt; 0: none */
	uint32_t phandle; /* next free one */
};

void tree_note(struct tree *t, int error);

void tree_begin(struct tree *t, const char *name);
void tree_begin_at(struct tree *t, const char *name, uint64_t address); /* "name@address" */
void tree_end(struct tree *t);

void tree_flag(struct tree *t, const char *name);
void tree_cell(struct tree *t, const char *name, uint32_t value);
void tree_cells(struct tree *t, const char *name, const uint32_t *values, size_t count);
void tree_string(struct tree *t, const char *name, const char *value);
void tree_strings(struct tree *t, const char *name, const char *joined); /* joined by '|' */
void tree_reg(struct tree *t, const struct range *ranges, size_t count); /* 2 and 2 cells */
void tree_reg_one(struct tree *t, uint64_t base, uint64_t size);
void tree_address_cells(struct tree *t, uint32_t address, uint32_t size);

/* INTIDs as interrupt specifiers, all with these flags. */
void tree_interrupts(struct tree *t, const irqid_t *irqs, size_t count, uint32_t flags);

/* Whole nodes and groups of properties. */
void tree_memory(struct tree *t, uint64_t base, uint64_t size);
void tree_clock(struct tree *t, const char *name, uint32_t hz, uint32_t phandle);
void tree_pl011_clocks(struct tree *t, uint32_t phandle);

/* ---- emit_dtb_devices.c ---------------------------------------------------------------------- */

/* Whether a kernel can use the device as its console. */
bool device_is_serial(const struct vm_dev_region *dev);

void emit_dtb_device(struct tree *t, size_t index);
void emit_dtb_ipc(struct tree *t, const struct ipc *ipc);
void emit_dtb_channel_bus(struct tree *t);
void emit_dtb_remio(struct tree *t);
