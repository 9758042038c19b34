/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a flattened device tree, on libfdt: cells, `reg`, addresses seen from the root. Offsets
 * and negative errors are libfdt's.
 */
#pragma once

#include "util.h"

/* A number of 0, 1 or 2 cells; false if it has more than 64 bits. */
bool fdt_tree_number(const void *cells, int count, uint64_t *value);

/*
 * Entry `index` of the node's `reg`, as the root sees it. False: there is none, or it can't be
 * seen.
 */
bool fdt_tree_reg(const void *fdt, int node, unsigned int index, struct range *range);

/* The number in a property of one or two cells. */
bool fdt_tree_property(const void *fdt, int node, const char *name, uint64_t *value);
