/* SPDX-License-Identifier: Apache-2.0 */
/* Writes nodes and properties of a device tree with libfdt's sequential functions. */
#include "tree.h"

#include <libfdt.h>

#include <string.h>

void tree_note(struct tree *t, int error)
{
	if (t->error == 0) {
		t->error = error;
	}
}

void tree_begin(struct tree *t, const char *name)
{
	tree_note(t, fdt_begin_node(t->buffer, name));
}

/* "name@address" */
void tree_begin_at(struct tree *t, const char *name, uint64_t address)
{
	tree_begin(t, arena_printf(&t->p->arena, "%s@%llx", name, (unsigned long long)address));
}

void tree_end(struct tree *t)
{
	tree_note(t, fdt_end_node(t->buffer));
}

void tree_flag(struct tree *t, const char *name)
{
	tree_note(t, fdt_property(t->buffer, name, NULL, 0));
}

void tree_cell(struct tree *t, const char *name, uint32_t value)
{
	tree_note(t, fdt_property_u32(t->buffer, name, value));
}

void tree_string(struct tree *t, const char *name, const char *value)
{
	tree_note(t, fdt_property_string(t->buffer, name, value));
}

/* A list of strings, written joined by '|'. */
void tree_strings(struct tree *t, const char *name, const char *joined)
{
	size_t size = strlen(joined) + 1;
	char *list = arena_printf(&t->p->arena, "%s", joined);

	for (size_t i = 0; i < size; i++) {
		if (list[i] == '|') {
			list[i] = '\0';
		}
	}
	tree_note(t, fdt_property(t->buffer, name, list, (int)size));
}

void tree_cells(struct tree *t, const char *name, const uint32_t *values, size_t count)
{
	uint32_t *big = arena_alloc(&t->p->arena, count, sizeof(*big));

	for (size_t i = 0; i < count; i++) {
		big[i] = cpu_to_fdt32(values[i]);
	}
	tree_note(t, fdt_property(t->buffer, name, big, (int)(count * sizeof(*big))));
}

void tree_reg(struct tree *t, const struct range *ranges, size_t count)
{
	uint32_t *values = arena_alloc(&t->p->arena, 4 * count, sizeof(*values));

	for (size_t i = 0; i < count; i++) {
		values[4 * i] = (uint32_t)(ranges[i].base >> 32);
		values[4 * i + 1] = (uint32_t)ranges[i].base;
		values[4 * i + 2] = (uint32_t)(ranges[i].size >> 32);
		values[4 * i + 3] = (uint32_t)ranges[i].size;
	}
	tree_cells(t, "reg", values, 4 * count);
}

void tree_reg_one(struct tree *t, uint64_t base, uint64_t size)
{
	struct range range = { base, size };

	tree_reg(t, &range, 1);
}

void tree_interrupts(struct tree *t, const irqid_t *irqs, size_t count, uint32_t flags)
{
	uint32_t *values = arena_alloc(&t->p->arena, 3 * count, sizeof(*values));

	for (size_t i = 0; i < count; i++) {
		bool spi = irqs[i] >= FIRST_SPI;

		values[3 * i] = spi ? GIC_SPI : GIC_PPI;
		values[3 * i + 1] = (uint32_t)(irqs[i] - (spi ? FIRST_SPI : FIRST_PPI));
		values[3 * i + 2] = flags;
	}
	if (count != 0) {
		tree_cells(t, "interrupts", values, 3 * count);
	}
}

void tree_address_cells(struct tree *t, uint32_t address, uint32_t size)
{
	tree_cell(t, "#address-cells", address);
	tree_cell(t, "#size-cells", size);
}

void tree_memory(struct tree *t, uint64_t base, uint64_t size)
{
	tree_begin_at(t, "memory", base);
	tree_string(t, "device_type", "memory");
	tree_reg_one(t, base, size);
	tree_end(t);
}

void tree_clock(struct tree *t, const char *name, uint32_t hz, uint32_t phandle)
{
	tree_begin(t, name);
	tree_string(t, "compatible", "fixed-clock");
	tree_cell(t, "#clock-cells", 0);
	tree_cell(t, "clock-frequency", hz);
	tree_string(t, "clock-output-names", name);
	tree_cell(t, "phandle", phandle);
	tree_end(t);
}

void tree_pl011_clocks(struct tree *t, uint32_t phandle)
{
	uint32_t clocks[] = { phandle, phandle };

	tree_cells(t, "clocks", clocks, 2);
	tree_strings(t, "clock-names", "uartclk|apb_pclk");
}
