/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node of the channels' PCI bus: a generic host bridge (binding "pci-host-ecam-generic") whose
 * memory windows are the channels' own and whose interrupts are theirs, by function.
 */
#include "tree.h"

#include <string.h>

/* Address spaces in phys.hi, IEEE 1275 PCI binding. */
#define SPACE_MEMORY_64 0x03000000u
#define SPACE_PREFETCHABLE_32 0x42000000u
#define FUNCTION_MASK 0xff00u /* device and function number in phys.hi */
#define RANGE_CELLS 7u
#define MAP_CELLS 8u

static void put64(uint32_t *cells, uint64_t value)
{
	cells[0] = (uint32_t)(value >> 32);
	cells[1] = (uint32_t)value;
}

static uint32_t *put_range(uint32_t *cells, uint32_t space, uint64_t base, uint64_t size)
{
	cells[0] = space;
	put64(&cells[1], base);
	put64(&cells[3], base);
	put64(&cells[5], size);
	return cells + RANGE_CELLS;
}

/* Bus addresses are VM addresses; ROMs, as prefetchable memory, stay off the channels. */
static void emit_ranges(struct tree *t)
{
	const struct vm_platform *platform = &t->vm->config.platform;
	uint32_t *cells = arena_alloc(&t->p->arena, (platform->ipc_num * 2 + 1) * RANGE_CELLS,
				      sizeof(*cells));
	uint32_t *at = cells;

	for (size_t i = 0; i < platform->ipc_num; i++) {
		const struct ipc *ipc = &platform->ipcs[i];

		at = put_range(at, SPACE_MEMORY_64, ipc->base, ipc->size);
		if (ipc->doorbell != 0) {
			at = put_range(at, SPACE_MEMORY_64, ipc->doorbell, PAGE_SIZE);
		}
	}
	at = put_range(at, SPACE_PREFETCHABLE_32, t->vm->config.channel_bus + CHANNEL_CONFIG_SIZE,
		       CHANNEL_ROM_SIZE);
	tree_cells(t, "ranges", cells, (size_t)(at - cells));
}

/* INTA of each function is the first interrupt of its channel. */
static void emit_interrupt_map(struct tree *t)
{
	static const uint32_t mask[] = { FUNCTION_MASK, 0, 0, 7 };
	const struct vm_platform *platform = &t->vm->config.platform;
	uint32_t *cells = arena_alloc(&t->p->arena, platform->ipc_num * MAP_CELLS, sizeof(*cells));
	size_t count = 0;

	for (size_t i = 0; i < platform->ipc_num; i++) {
		const struct ipc *ipc = &platform->ipcs[i];

		if (ipc->interrupt_num != 0) {
			const uint32_t row[] = { (uint32_t)i << 8,
						 0,
						 0,
						 1,
						 PHANDLE_GIC,
						 GIC_SPI,
						 (uint32_t)ipc->interrupts[0] - FIRST_SPI,
						 IRQ_EDGE_RISING };

			memcpy(&cells[count], row, sizeof(row));
			count += sizeof(row) / sizeof(row[0]);
		}
	}
	tree_cell(t, "#interrupt-cells", 1);
	tree_cells(t, "interrupt-map-mask", mask, sizeof(mask) / sizeof(mask[0]));
	tree_cells(t, "interrupt-map", cells, count);
}

void emit_dtb_channel_bus(struct tree *t)
{
	static const uint32_t only_bus[] = { 0, 0 };
	uint64_t base = t->vm->config.channel_bus;

	if (base == 0 || t->vm->bus.source == BLOB_NONE) {
		return;
	}
	tree_begin_at(t, "pcie", base);
	tree_string(t, "compatible", "pci-host-ecam-generic");
	tree_string(t, "device_type", "pci");
	tree_address_cells(t, 3, 2);
	tree_cells(t, "bus-range", only_bus, 2);
	tree_reg_one(t, base, CHANNEL_CONFIG_SIZE);
	emit_ranges(t);
	emit_interrupt_map(t);
	tree_flag(t, "dma-coherent");
	tree_end(t);
}
