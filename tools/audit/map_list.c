/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of mappings: merging what continues, and comparing two lists.
 */
#include "map_list.h"

#include "report.h"

#include <stdio.h>
#include <stdlib.h>

void map_list_add(struct map_list *list, struct map_range range)
{
	struct map_range *last = list->count > 0 ? &list->ranges[list->count - 1] : NULL;

	if (last != NULL && last->va + last->size == range.va &&
	    last->pa + last->size == range.pa && last->attributes == range.attributes) {
		last->size += range.size;
		return;
	}
	if (list->ranges == NULL || list->count == list->capacity) {
		size_t capacity = list->capacity == 0 ? 16 : 2 * list->capacity;
		struct map_range *ranges = realloc(list->ranges, capacity * sizeof(*ranges));

		if (ranges == NULL) {
			report_out_of_memory();
		}
		list->ranges = ranges;
		list->capacity = capacity;
	}
	list->ranges[list->count++] = range;
}

void map_list_free(struct map_list *list)
{
	free(list->ranges);
	*list = (struct map_list){ 0 };
}

const struct map_range *map_list_find(const struct map_list *list, uint64_t va)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct map_range *range = &list->ranges[i];

		if (va >= range->va && va - range->va < range->size) {
			return range;
		}
	}
	return NULL;
}

bool map_list_maps(const struct map_list *list, uint64_t va, uint64_t pa, uint64_t size,
		   uint32_t needed)
{
	uint64_t done = 0;

	while (done < size) {
		const struct map_range *range = map_list_find(list, va + done);
		uint64_t into;

		if (range == NULL || (range->attributes & needed) != needed) {
			return false;
		}
		into = va + done - range->va;
		if (range->pa + into != pa + done) {
			return false;
		}
		done += range->size - into;
	}
	return true;
}

/* The part of `range` of `size` bytes from `va` on, which lies inside it. */
static struct map_range part_of(const struct map_range *range, uint64_t va, uint64_t size)
{
	return (struct map_range){ va, range->pa + (va - range->va), size, range->attributes };
}

/*
 * The stretch from `va` on over which the range at `index` stays the same: bytes to its end if `va`
 * is inside it, to its start if before; all there is if the list has ended. *inside says which.
 */
static uint64_t stretch(const struct map_list *list, size_t index, uint64_t va, bool *inside)
{
	const struct map_range *range;

	*inside = false;
	if (index >= list->count) {
		return UINT64_MAX - va;
	}
	range = &list->ranges[index];
	*inside = range->va <= va;
	return *inside ? range->va + range->size - va : range->va - va;
}

static size_t skip_ended(const struct map_list *list, size_t index, uint64_t va)
{
	while (index < list->count && list->ranges[index].va + list->ranges[index].size <= va) {
		index++;
	}
	return index;
}

/* Whether the two ranges, of which one that is not there is all zeros, differ, and how. */
static bool ranges_differ(const struct map_range *expected, const struct map_range *found,
			  enum map_difference_kind *kind)
{
	if (found->size == 0 || expected->size == 0) {
		*kind = found->size == 0 ? MAP_MISSING : MAP_EXTRA;
		return found->size != expected->size;
	}
	*kind = expected->pa != found->pa ? MAP_TARGET : MAP_ATTRIBUTES;
	return expected->pa != found->pa || expected->attributes != found->attributes;
}

void map_list_compare(const struct map_list *expected, const struct map_list *found,
		      void (*on_difference)(void *context, const struct map_difference *difference),
		      void *context)
{
	size_t e = 0, f = 0;
	uint64_t va = 0;

	while (e < expected->count || f < found->count) {
		bool in_expected, in_found;
		uint64_t size = stretch(expected, e, va, &in_expected);
		uint64_t other = stretch(found, f, va, &in_found);
		struct map_difference difference = { .va = va };

		size = other < size ? other : size;
		difference.size = size;
		if (in_expected) {
			difference.expected = part_of(&expected->ranges[e], va, size);
		}
		if (in_found) {
			difference.found = part_of(&found->ranges[f], va, size);
		}
		if (ranges_differ(&difference.expected, &difference.found, &difference.kind)) {
			on_difference(context, &difference);
		}
		va += size;
		e = skip_ended(expected, e, va);
		f = skip_ended(found, f, va);
	}
}

struct map_attributes_text map_attributes_text(uint32_t attributes)
{
	struct map_attributes_text out;
	const char *type = (attributes & MAP_NORMAL) != 0         ? "normal"
			   : (attributes & MAP_DEVICE) != 0       ? "device"
			   : (attributes & MAP_NORMAL_OTHER) != 0 ? "normal, not write-back"
								  : "nothing";

	snprintf(out.text, sizeof(out.text), "%c%c%c %s%s",
		 (attributes & MAP_READ) != 0 ? 'r' : '-',
		 (attributes & MAP_WRITE) != 0 ? 'w' : '-',
		 (attributes & MAP_EXECUTE) != 0 ? 'x' : '-', type,
		 (attributes & MAP_NORMAL) != 0 && (attributes & MAP_INNER) == 0 ? ", not shareable"
										 : "");
	return out;
}
