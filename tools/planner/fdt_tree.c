/* SPDX-License-Identifier: Apache-2.0 */
/* Reads device trees that a user supplies: nothing in them is taken for granted. */
#include "fdt_tree.h"

#include <libfdt.h>

bool fdt_tree_number(const void *cells, int count, uint64_t *value)
{
	const unsigned char *bytes = cells;
	uint64_t number = 0;

	if (count < 0 || count > 2) {
		return false;
	}
	for (int i = 0; i < 4 * count; i++) {
		number = number << 8 | bytes[i];
	}
	*value = number;
	return true;
}

/* One entry of a bus's `ranges`: child address, parent address, size. */
static bool translate_entry(const unsigned char *entry, int child_cells, int parent_cells,
			    int size_cells, uint64_t *address)
{
	uint64_t child;
	uint64_t parent;
	uint64_t size;

	if (!fdt_tree_number(entry, child_cells, &child) ||
	    !fdt_tree_number(entry + 4 * child_cells, parent_cells, &parent) ||
	    !fdt_tree_number(entry + 4 * (child_cells + parent_cells), size_cells, &size) ||
	    *address - child >= size) {
		return false;
	}
	*address = parent + (*address - child);
	return true;
}

/* From an address on the bus `bus` to one on its parent's; false: it does not reach there. */
static bool translate_once(const void *fdt, int bus, int parent, uint64_t *address)
{
	int length = 0;
	const unsigned char *ranges = fdt_getprop(fdt, bus, "ranges", &length);
	int child_cells = fdt_address_cells(fdt, bus);
	int parent_cells = fdt_address_cells(fdt, parent);
	int size_cells = fdt_size_cells(fdt, bus);
	int entry = 4 * (child_cells + parent_cells + size_cells);

	if (ranges == NULL || child_cells < 0 || parent_cells < 0 || size_cells < 0) {
		return false;
	}
	if (length == 0) {
		return true;
	}
	for (int at = 0; entry > 0 && at + entry <= length; at += entry) {
		if (translate_entry(ranges + at, child_cells, parent_cells, size_cells, address)) {
			return true;
		}
	}
	return false;
}

static bool translate(const void *fdt, int bus, uint64_t *address)
{
	while (bus > 0) {
		int parent = fdt_parent_offset(fdt, bus);

		if (parent < 0 || !translate_once(fdt, bus, parent, address)) {
			return false;
		}
		bus = parent;
	}
	return bus == 0;
}

bool fdt_tree_reg(const void *fdt, int node, unsigned int index, struct range *range)
{
	int length = 0;
	const unsigned char *reg = fdt_getprop(fdt, node, "reg", &length);
	int parent = fdt_parent_offset(fdt, node);
	struct range found;
	int address_cells;
	int size_cells;
	int64_t at;

	if (reg == NULL || parent < 0) {
		return false;
	}
	address_cells = fdt_address_cells(fdt, parent);
	size_cells = fdt_size_cells(fdt, parent);
	at = (int64_t)index * 4 * (address_cells + size_cells);
	if (address_cells < 1 || size_cells < 0 || at + 4 * (address_cells + size_cells) > length ||
	    !fdt_tree_number(reg + at, address_cells, &found.base) ||
	    !fdt_tree_number(reg + at + 4 * address_cells, size_cells, &found.size) ||
	    !translate(fdt, parent, &found.base)) {
		return false;
	}
	*range = found;
	return true;
}

bool fdt_tree_property(const void *fdt, int node, const char *name, uint64_t *value)
{
	int length = 0;
	const void *property = fdt_getprop(fdt, node, name, &length);

	return property != NULL && (length == 4 || length == 8) &&
	       fdt_tree_number(property, length / 4, value);
}
