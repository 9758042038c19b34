/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of mappings (input range, output range, what may be done there): what a walk of translation
 * tables finds, and what the plan says it should find. By ranges, never by frames, so that the size
 * of memory does not matter.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a mapping permits and what memory it makes, in one mask so that two can be compared. */
#define MAP_READ (UINT32_C(1) << 0)
#define MAP_WRITE (UINT32_C(1) << 1)
#define MAP_EXECUTE (UINT32_C(1) << 2)
#define MAP_NORMAL (UINT32_C(1) << 3)       /* Normal, write-back inner and outer */
#define MAP_NORMAL_OTHER (UINT32_C(1) << 4) /* Normal, any other cacheability */
#define MAP_DEVICE (UINT32_C(1) << 5)       /* any Device type */
#define MAP_INNER (UINT32_C(1) << 6) /* Inner Shareable; not set for Device, which always is */

struct map_range {
	uint64_t va;
	uint64_t pa;
	uint64_t size; /* bytes */
	uint32_t attributes;
};

/* All zeros is an empty list. */
struct map_list {
	struct map_range *ranges; /* owned */
	size_t count;
	size_t capacity;
};

/* A place where two lists of mappings differ. */
enum map_difference_kind {
	MAP_MISSING,    /* expected, not there */
	MAP_EXTRA,      /* there, not expected */
	MAP_TARGET,     /* goes to another physical address */
	MAP_ATTRIBUTES, /* permissions or memory type differ */
};

struct map_difference {
	enum map_difference_kind kind;
	uint64_t va;
	uint64_t size;
	struct map_range expected; /* the parts of the two ranges; all zeros if there is none */
	struct map_range found;
};

/* Adds a range at the end; it becomes one with the last if it continues it. */
void map_list_add(struct map_list *list, struct map_range range);

void map_list_free(struct map_list *list);

/* Whether the list, in ascending order of va, maps every byte of [va, va + size) to [pa, pa + size)
 * with at least the attributes `needed`. */
bool map_list_maps(const struct map_list *list, uint64_t va, uint64_t pa, uint64_t size,
		   uint32_t needed);

/* The range that holds `va`; NULL: none. */
const struct map_range *map_list_find(const struct map_list *list, uint64_t va);

/* Calls `on_difference` for every difference of two lists in ascending order of va. */
void map_list_compare(const struct map_list *expected, const struct map_list *found,
		      void (*on_difference)(void *context, const struct map_difference *difference),
		      void *context);

/* "rwx normal", "rw- device", ... */
struct map_attributes_text {
	char text[48];
};
struct map_attributes_text map_attributes_text(uint32_t attributes);
