/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Translation tables under test: built in memory of exactly their size, at any physical address, and read
 * back by the audit's walker, which shares nothing with the code that builds them.
 */
#pragma once

#include <fake/test.h>

#include <stdlib.h>

#include <armv8-a/mappings.h>
#include <bao/util.h>

#include <map_list.h>
#include <walker.h>

#define PT_BASE UINT64_C(0x7f5400000000) /* where the tables pretend to be */
#define PA_BITS 48u

struct tables {
	struct pagetable pt;
	uint64_t *memory;
	enum walk_stage stage;
	uint64_t mair;
	/* What the walk found. */
	struct map_list ranges;
	struct map_range *leaves;
	size_t leaf_count, leaf_capacity;
	unsigned int problems;
};

static inline void tables_make(struct tables *tables, enum walk_stage stage, uint32_t bits,
			       uint32_t start_level, uint32_t count)
{
	*tables = (struct tables){
		.stage = stage,
		.mair = UINT64_C(0xff) << (8 * MAIR_INDEX_NORMAL),
		.memory = calloc(count, PAGETABLE_BYTES),
	};
	assert_non_null(tables->memory);
	pagetable_init(&tables->pt, bits, start_level, tables->memory, PT_BASE, count);
}

static inline void tables_free(struct tables *tables)
{
	map_list_free(&tables->ranges);
	free(tables->leaves);
	free(tables->memory);
}

static inline void tables_on_range(void *context, const struct map_range *range)
{
	struct tables *tables = context;

	map_list_add(&tables->ranges, *range);
	if (tables->leaf_count == tables->leaf_capacity) {
		tables->leaf_capacity = tables->leaf_capacity * 2 + 64;
		tables->leaves =
			realloc(tables->leaves, tables->leaf_capacity * sizeof(*tables->leaves));
		assert_non_null(tables->leaves);
	}
	tables->leaves[tables->leaf_count++] = *range;
}

static inline void tables_on_problem(void *context, const struct walk_problem *problem)
{
	struct tables *tables = context;

	print_message("at 0x%llx, level %u: %s\n", (unsigned long long)problem->va, problem->level,
		      walk_problem_text(problem->kind));
	tables->problems++;
}

/* Reads the tables; `extra` are more tables that these refer to, or NULL. */
static inline void tables_walk(struct tables *tables, const struct walk_memory *extra)
{
	uint8_t *seen = calloc(tables->pt.table_count, 1);
	struct walk_memory memory[2] = {
		{ PT_BASE, tables->memory, tables->pt.table_count, seen },
	};
	struct walk walk = {
		.stage = tables->stage,
		.input_bits = tables->pt.input_bits,
		.start_level = tables->pt.start_level,
		.output_bits = PA_BITS,
		.root_pa = PT_BASE,
		.mair = tables->mair,
		.memory = memory,
		.memory_count = extra != NULL ? 2 : 1,
		.on_range = tables_on_range,
		.on_problem = tables_on_problem,
		.context = tables,
	};

	assert_non_null(seen);
	if (extra != NULL) {
		memory[1] = *extra;
	}
	map_list_free(&tables->ranges);
	tables->ranges = (struct map_list){ 0 };
	tables->leaf_count = 0;
	walk_all(&walk);
	assert_int_equal(tables->problems, 0);
	free(seen);
}

static inline void tables_on_difference(void *context, const struct map_difference *difference)
{
	(void)context;
	fail_msg("kind %d at 0x%llx + 0x%llx", (int)difference->kind,
		 (unsigned long long)difference->va, (unsigned long long)difference->size);
}

/* The tables map exactly these ranges, in ascending order. */
static inline void assert_maps(const struct tables *tables, const struct map_range *ranges,
			       size_t count)
{
	struct map_list expected = { 0 };

	for (size_t i = 0; i < count; i++) {
		map_list_add(&expected, ranges[i]);
	}
	map_list_compare(&expected, &tables->ranges, tables_on_difference, NULL);
	map_list_free(&expected);
}
