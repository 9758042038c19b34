/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walker against descriptors computed by hand from the manual (Arm ARM DDI 0487, D8.3): none of
 * these tables was made by the target's mapping code. And lists of mappings.
 */
#include "map_list.h"
#include "walker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define TABLE_LIMIT 20
#define BASE UINT64_C(0x80000000)
#define TABLE(n) (BASE + (n)*UINT64_C(0x1000) + 3) /* descriptor of table n */

/* Whole descriptors, field by field. Stage 2: XN[1] 54, AF 10, SH inner 9:8, S2AP 7:6, MemAttr
 * 5:2. */
#define S2_RAM UINT64_C(0x7fc)                 /* AF, inner, read-write, write-back */
#define S2_DEVICE UINT64_C(0x00400000000007c4) /* XN, AF, inner, read-write, nGnRE */
#define S2_SHARED UINT64_C(0x00400000000007fc) /* XN, AF, inner, read-write, write-back */
#define BLOCK 1
#define PAGE 3
/* Stage 1: XN 54, AF 10, SH inner 9:8, AP[2:1] 7:6, AttrIndx 4:2. */
#define S1_CODE UINT64_C(0x7c4)              /* read-only, executable, index 1 */
#define S1_DATA UINT64_C(0x0040000000000744) /* XN, read-write, index 1 */
#define MAIR UINT64_C(0x44040cff00)          /* 0 nGnRnE, 1 write-back, 2 GRE, 3 nGnRE, 4 NC */

#define RWX (MAP_READ | MAP_WRITE | MAP_EXECUTE)
#define RW (MAP_READ | MAP_WRITE)
#define WB (MAP_NORMAL | MAP_INNER)

static uint64_t tables[TABLE_LIMIT][512];
static uint8_t seen[TABLE_LIMIT];
static struct map_list found;
static uint32_t problems[WALK_PROBLEM_KIND_COUNT];
static struct walk_problem last_problem;

static void on_range(void *context, const struct map_range *range)
{
	(void)context;
	map_list_add(&found, *range);
}

static void on_problem(void *context, const struct walk_problem *problem)
{
	(void)context;
	problems[problem->kind]++;
	last_problem = *problem;
}

static int set_up(void **state)
{
	(void)state;
	memset(tables, 0, sizeof(tables));
	memset(problems, 0, sizeof(problems));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	map_list_free(&found);
	return 0;
}

static void walk_at(enum walk_stage stage, uint32_t input_bits, uint32_t start_level, uint64_t root)
{
	const struct walk_memory memory = { BASE, tables[0], TABLE_LIMIT, seen };
	const struct walk walk = {
		.stage = stage,
		.input_bits = input_bits,
		.start_level = start_level,
		.output_bits = 40,
		.root_pa = root,
		.mair = MAIR,
		.memory = &memory,
		.memory_count = 1,
		.on_range = on_range,
		.on_problem = on_problem,
	};

	memset(seen, 0, sizeof(seen));
	map_list_free(&found);
	walk_all(&walk);
}

static uint32_t problem_count(void)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < WALK_PROBLEM_KIND_COUNT; i++) {
		count += problems[i];
	}
	return count;
}

static void expect(size_t index, uint64_t va, uint64_t pa, uint64_t size, uint32_t attributes)
{
	assert_true(index < found.count);
	assert_int_equal(found.ranges[index].va, va);
	assert_int_equal(found.ranges[index].pa, pa);
	assert_int_equal(found.ranges[index].size, size);
	assert_int_equal(found.ranges[index].attributes, attributes);
}

/* ---- levels ---------------------------------------------------------------------------------- */

static void test_empty_root_maps_nothing(void **state)
{
	(void)state;
	/* Invalid descriptors, whatever their other bits. */
	tables[0][0] = ~UINT64_C(1);
	tables[0][511] = 2;
	walk_at(WALK_STAGE2, 39, 1, BASE);
	assert_int_equal(found.count, 0);
	assert_int_equal(problem_count(), 0);
}

static void test_block_at_level_1(void **state)
{
	(void)state;
	tables[0][2] = 0x40000000 | S2_RAM | BLOCK;
	walk_at(WALK_STAGE2, 39, 1, BASE);
	assert_int_equal(problem_count(), 0);
	assert_int_equal(found.count, 1);
	expect(0, 0x80000000, 0x40000000, 0x40000000, RWX | WB);
}

static void test_block_at_level_2(void **state)
{
	(void)state;
	tables[0][1] = TABLE(1);
	tables[1][3] = 0x48600000 | S2_SHARED | BLOCK;
	walk_at(WALK_STAGE2, 39, 1, BASE);
	assert_int_equal(problem_count(), 0);
	assert_int_equal(found.count, 1);
	expect(0, 0x40600000, 0x48600000, 0x200000, RW | WB);
}

static void test_page_at_level_3(void **state)
{
	(void)state;
	tables[0][0] = TABLE(1);
	tables[1][72] = TABLE(2);
	tables[2][64] = 0x9040000 | S2_DEVICE | PAGE;
	walk_at(WALK_STAGE2, 39, 1, BASE);
	assert_int_equal(problem_count(), 0);
	assert_int_equal(found.count, 1);
	expect(0, 0x9040000, 0x9040000, 0x1000, RW | MAP_DEVICE);
}

static void test_four_levels(void **state)
{
	(void)state;
	tables[0][511] = TABLE(1);
	tables[1][511] = TABLE(2);
	tables[2][511] = TABLE(3);
	tables[3][511] = 0x123456000 | S2_RAM | PAGE;
	walk_at(WALK_STAGE2, 48, 0, BASE);
	assert_int_equal(problem_count(), 0);
	assert_int_equal(found.count, 1);
	expect(0, 0xfffffffff000, 0x123456000, 0x1000, RWX | WB);
}

static void test_ranges_continue_across_levels(void **state)
{
	(void)state;
	tables[0][0] = 0x00000000 | S2_RAM | BLOCK;
	tables[0][1] = TABLE(1);
	tables[1][0] = 0x40000000 | S2_RAM | BLOCK;
	tables[1][1] = TABLE(2);
	tables[2][0] = 0x40200000 | S2_RAM | PAGE;
	tables[2][1] = 0x40201000 | S2_SHARED | PAGE;
	walk_at(WALK_STAGE2, 39, 1, BASE);
	assert_int_equal(problem_count(), 0);
	assert_int_equal(found.count, 2);
	expect(0, 0, 0, 0x40201000, RWX | WB);
	expect(1, 0x40201000, 0x40201000, 0x1000, RW | WB);
}

/* 42 bits from level 1: eight root tables side by side, entry 0 of table 5 is at 5 << 39. */
static void test_concatenated_roots(void **state)
{
	(void)state;
	tables[5][0] = 0x40000000 | S2_RAM | BLOCK;
	tables[7][511] = TABLE(8);
	tables[8][0] = 0x80000000 | S2_RAM | BLOCK;
	walk_at(WALK_STAGE2, 42, 1, BASE);
	assert_int_equal(problem_count(), 0);
	assert_int_equal(found.count, 2);
	expect(0, UINT64_C(5) << 39, 0x40000000, 0x40000000, RWX | WB);
	expect(1, (UINT64_C(7) << 39) + (UINT64_C(511) << 30), 0x80000000, 0x200000, RWX | WB);
}

static void test_small_input_uses_part_of_root(void **state)
{
	(void)state;
	/* 32 bits: four entries; what is beyond is never read. */
	tables[0][3] = 0x40000000 | S2_RAM | BLOCK;
	tables[0][4] = 0x80000000 | S2_RAM | BLOCK;
	walk_at(WALK_STAGE2, 32, 1, BASE);
	assert_int_equal(problem_count(), 0);
	assert_int_equal(found.count, 1);
	expect(0, 0xc0000000, 0x40000000, 0x40000000, RWX | WB);
}

/* ---- what hardware refuses ------------------------------------------------------------------- */

static void test_impossible_sizes(void **state)
{
	static const struct {
		enum walk_stage stage;
		uint32_t bits, level;
		bool possible;
	} cases[] = {
		{ WALK_STAGE2, 30, 1, false },     { WALK_STAGE2, 31, 1, true },
		{ WALK_STAGE2, 43, 1, true },      { WALK_STAGE2, 44, 1, false },
		{ WALK_STAGE2, 39, 0, false },     { WALK_STAGE2, 40, 0, true },
		{ WALK_STAGE2, 48, 0, true },      { WALK_STAGE2, 49, 0, false },
		{ WALK_STAGE2, 30, 2, false },     { WALK_STAGE1_EL2, 39, 1, true },
		{ WALK_STAGE1_EL2, 40, 1, false }, { WALK_STAGE1_EL2, 48, 0, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		problems[WALK_IMPOSSIBLE_SIZE] = 0;
		walk_at(cases[i].stage, cases[i].bits, cases[i].level, BASE);
		assert_int_equal(problems[WALK_IMPOSSIBLE_SIZE], !cases[i].possible);
	}
	assert_int_equal(problem_count(), problems[WALK_IMPOSSIBLE_SIZE]);
}

static void test_root_alignment(void **state)
{
	(void)state;
	walk_at(WALK_STAGE2, 40, 1, BASE + 0x2000);
	assert_int_equal(problem_count(), 0);
	walk_at(WALK_STAGE2, 40, 1, BASE + 0x1000);
	assert_int_equal(problems[WALK_ROOT_UNALIGNED], 1);
	walk_at(WALK_STAGE2, 39, 1, BASE + 0x800);
	assert_int_equal(problems[WALK_ROOT_UNALIGNED], 2);
}

static void test_tables_outside_memory(void **state)
{
	(void)state;
	tables[0][0] = (BASE + TABLE_LIMIT * 0x1000) | 3;
	tables[0][1] = (BASE - 0x1000) | 3;
	walk_at(WALK_STAGE2, 39, 1, BASE);
	assert_int_equal(problems[WALK_OUTSIDE_MEMORY], 2);
	assert_int_equal(found.count, 0);
	walk_at(WALK_STAGE2, 39, 1, BASE - 0x1000);
	assert_int_equal(problems[WALK_OUTSIDE_MEMORY], 3);
	/* The second of two roots. */
	walk_at(WALK_STAGE2, 40, 1, BASE + (TABLE_LIMIT)*0x1000);
	assert_int_equal(problems[WALK_OUTSIDE_MEMORY], 5);
}

static void test_table_reached_twice(void **state)
{
	(void)state;
	tables[0][0] = TABLE(0);
	tables[0][1] = TABLE(1);
	tables[0][2] = TABLE(1);
	walk_at(WALK_STAGE2, 39, 1, BASE);
	assert_int_equal(problems[WALK_TABLE_TWICE], 2);
	assert_int_equal(problem_count(), 2);
	assert_int_equal(last_problem.va, 0x80000000);
	assert_int_equal(last_problem.level, 1);
}

static void test_reserved_descriptor_types(void **state)
{
	(void)state;
	/* A block at level 0. */
	tables[0][1] = 0x8000000000 | S2_RAM | BLOCK;
	tables[0][0] = TABLE(1);
	tables[1][0] = TABLE(2);
	tables[2][0] = TABLE(3);
	/* bits[1:0] = 01 at level 3. */
	tables[3][5] = 0x40000000 | S2_RAM | BLOCK;
	walk_at(WALK_STAGE2, 48, 0, BASE);
	assert_int_equal(problems[WALK_RESERVED_DESCRIPTOR], 2);
	assert_int_equal(problem_count(), 2);
	assert_int_equal(found.count, 0);
}

static void test_output_size(void **state)
{
	(void)state;
	tables[0][0] = UINT64_C(0x10000000000) | S2_RAM | BLOCK; /* bit 40 of 40 */
	tables[0][1] = UINT64_C(0xffc0000000) | S2_RAM | BLOCK;
	tables[0][2] = UINT64_C(0x10080000000) | 3;
	walk_at(WALK_STAGE2, 39, 1, BASE);
	assert_int_equal(problems[WALK_OUTPUT_SIZE], 2);
	assert_int_equal(problem_count(), 2);
	assert_int_equal(found.count, 1);
	expect(0, 0x40000000, UINT64_C(0xffc0000000), 0x40000000, RWX | WB);
}

static void test_access_flag(void **state)
{
	(void)state;
	tables[0][0] = (S2_RAM & ~UINT64_C(0x400)) | BLOCK;
	walk_at(WALK_STAGE2, 39, 1, BASE);
	assert_int_equal(problems[WALK_ACCESS_FLAG], 1);
	/* Counted as reachable: hardware that manages the flag would set it. */
	assert_int_equal(found.count, 1);
}

/* Each bit that must be zero in a leaf, alone. */
static void test_reserved_leaf_bits(void **state)
{
	static const uint8_t stage2_bits[] = { 11, 48, 49, 50, 51, 52 };
	static const uint8_t stage1_bits[] = { 5, 11, 48, 49, 50, 51, 52, 53 };
	static const uint8_t block_bits[] = { 12, 16, 20, 29 };
	static const uint8_t ignored_bits[] = { 55, 58, 59, 62, 63 };
	uint32_t expected = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(stage2_bits); i++) {
		tables[0][0] = (UINT64_C(1) << stage2_bits[i]) | S2_RAM | BLOCK;
		walk_at(WALK_STAGE2, 39, 1, BASE);
		assert_int_equal(problems[WALK_RESERVED_BITS], ++expected);
	}
	for (size_t i = 0; i < sizeof(block_bits); i++) {
		tables[0][0] = (UINT64_C(1) << block_bits[i]) | S2_RAM | BLOCK;
		walk_at(WALK_STAGE2, 39, 1, BASE);
		assert_int_equal(problems[WALK_RESERVED_BITS], ++expected);
	}
	for (size_t i = 0; i < sizeof(stage1_bits); i++) {
		tables[0][0] = (UINT64_C(1) << stage1_bits[i]) | S1_CODE | BLOCK;
		walk_at(WALK_STAGE1_EL2, 39, 1, BASE);
		assert_int_equal(problems[WALK_RESERVED_BITS], ++expected);
	}
	for (size_t i = 0; i < sizeof(ignored_bits); i++) {
		tables[0][0] = (UINT64_C(1) << ignored_bits[i]) | S2_RAM | BLOCK;
		walk_at(WALK_STAGE2, 39, 1, BASE);
	}
	assert_int_equal(problem_count(), expected);
}

static void test_reserved_table_bits(void **state)
{
	static const uint8_t stage2_bits[] = { 48, 50, 59, 60, 61, 62, 63 };
	static const uint8_t stage1_bits[] = { 48, 50, 59, 61, 63 };
	uint32_t expected = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(stage2_bits); i++) {
		tables[0][0] = (UINT64_C(1) << stage2_bits[i]) | TABLE(1);
		walk_at(WALK_STAGE2, 39, 1, BASE);
		assert_int_equal(problems[WALK_RESERVED_BITS], ++expected);
	}
	for (size_t i = 0; i < sizeof(stage1_bits); i++) {
		tables[0][0] = (UINT64_C(1) << stage1_bits[i]) | TABLE(1);
		walk_at(WALK_STAGE1_EL2, 39, 1, BASE);
		assert_int_equal(problems[WALK_RESERVED_BITS], ++expected);
	}
	/* Bits 11:2 and 58:51 of a table descriptor are ignored. */
	tables[0][0] = UINT64_C(0x07f8000000000ffc) | TABLE(1);
	walk_at(WALK_STAGE2, 39, 1, BASE);
	assert_int_equal(problem_count(), expected);
}

/* ---- attributes ------------------------------------------------------------------------------ */

static uint32_t stage2_attributes_of(uint64_t bits)
{
	tables[0][0] = bits | 0x400 | BLOCK;
	walk_at(WALK_STAGE2, 39, 1, BASE);
	assert_int_equal(found.count, 1);
	return found.ranges[0].attributes;
}

static void test_stage2_permissions(void **state)
{
	const uint64_t wb = 0xf << 2, inner = 3 << 8;

	(void)state;
	assert_int_equal(stage2_attributes_of(wb | inner), MAP_EXECUTE | WB);
	assert_int_equal(stage2_attributes_of(wb | inner | 1 << 6), MAP_READ | MAP_EXECUTE | WB);
	assert_int_equal(stage2_attributes_of(wb | inner | 2 << 6), MAP_WRITE | MAP_EXECUTE | WB);
	assert_int_equal(stage2_attributes_of(wb | inner | 3 << 6), RWX | WB);
	/* XN[1:0]: only 0b10 is never. */
	assert_int_equal(stage2_attributes_of(UINT64_C(1) << 53 | wb | inner), MAP_EXECUTE | WB);
	assert_int_equal(stage2_attributes_of(UINT64_C(2) << 53 | wb | inner), WB);
	assert_int_equal(stage2_attributes_of(UINT64_C(3) << 53 | wb | inner), MAP_EXECUTE | WB);
	assert_int_equal(problem_count(), 0);
}

static void test_stage2_memory_types(void **state)
{
	const uint32_t x = MAP_EXECUTE;

	(void)state;
	for (uint64_t type = 0; type < 4; type++) {
		assert_int_equal(stage2_attributes_of(type << 2), x | MAP_DEVICE);
	}
	assert_int_equal(stage2_attributes_of(0x5 << 2), x | MAP_NORMAL_OTHER);
	assert_int_equal(stage2_attributes_of(0xa << 2), x | MAP_NORMAL_OTHER);
	assert_int_equal(stage2_attributes_of(0xb << 2), x | MAP_NORMAL_OTHER);
	assert_int_equal(stage2_attributes_of(0xe << 2), x | MAP_NORMAL_OTHER);
	assert_int_equal(stage2_attributes_of(0xf << 2), x | MAP_NORMAL);
	assert_int_equal(stage2_attributes_of(0xf << 2 | 2 << 8), x | MAP_NORMAL);
	assert_int_equal(stage2_attributes_of(0xf << 2 | 3 << 8), x | MAP_NORMAL | MAP_INNER);
	assert_int_equal(stage2_attributes_of(0x1 << 2 | 3 << 8), x | MAP_DEVICE);
	assert_int_equal(problem_count(), 0);
	/* Inner 0b00 of Normal memory, and shareability 0b01. */
	(void)stage2_attributes_of(0x4 << 2);
	(void)stage2_attributes_of(0x8 << 2);
	(void)stage2_attributes_of(0xc << 2);
	(void)stage2_attributes_of(0xf << 2 | 1 << 8);
	assert_int_equal(problems[WALK_RESERVED_ATTRIBUTE], 4);
}

static uint32_t stage1_attributes_of(uint64_t table, uint64_t leaf)
{
	tables[0][0] = table | TABLE(1);
	tables[1][0] = leaf | BLOCK;
	walk_at(WALK_STAGE1_EL2, 39, 1, BASE);
	assert_int_equal(found.count, 1);
	return found.ranges[0].attributes;
}

static void test_stage1_permissions(void **state)
{
	const uint64_t xn_table = UINT64_C(1) << 60, read_only_table = UINT64_C(1) << 62;

	(void)state;
	assert_int_equal(stage1_attributes_of(0, S1_CODE), MAP_READ | MAP_EXECUTE | WB);
	assert_int_equal(stage1_attributes_of(0, S1_DATA), RW | WB);
	assert_int_equal(stage1_attributes_of(0, S1_DATA & ~(UINT64_C(1) << 54)), RWX | WB);
	/* What the table descriptor above takes away. */
	assert_int_equal(stage1_attributes_of(xn_table, S1_CODE), MAP_READ | WB);
	assert_int_equal(stage1_attributes_of(read_only_table, S1_DATA), MAP_READ | WB);
	assert_int_equal(problem_count(), 0);
	/* AP[1] is RES1 with one privilege level. */
	(void)stage1_attributes_of(0, S1_DATA & ~(UINT64_C(1) << 6));
	assert_int_equal(problems[WALK_RESERVED_ATTRIBUTE], 1);
}

static void test_stage1_memory_types(void **state)
{
	const uint64_t data = S1_DATA & ~(UINT64_C(7) << 2);

	(void)state;
	assert_int_equal(stage1_attributes_of(0, data | 0 << 2), RW | MAP_DEVICE);
	assert_int_equal(stage1_attributes_of(0, data | 1 << 2), RW | WB);
	assert_int_equal(stage1_attributes_of(0, data | 2 << 2), RW | MAP_DEVICE);
	assert_int_equal(stage1_attributes_of(0, data | 3 << 2), RW | MAP_DEVICE);
	assert_int_equal(stage1_attributes_of(0, data | 4 << 2), RW | MAP_NORMAL_OTHER | MAP_INNER);
	assert_int_equal(problem_count(), 0);
}

static void test_every_problem_has_a_text(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < WALK_PROBLEM_KIND_COUNT; i++) {
		assert_non_null(walk_problem_text((enum walk_problem_kind)i));
		assert_string_not_equal(walk_problem_text((enum walk_problem_kind)i),
					"unknown problem");
	}
	assert_string_equal(walk_problem_text(WALK_PROBLEM_KIND_COUNT), "unknown problem");
}

/* ---- lists ----------------------------------------------------------------------------------- */

static struct map_difference differences[8];
static uint32_t difference_count;

static void on_difference(void *context, const struct map_difference *difference)
{
	(void)context;
	assert_true(difference_count < 8);
	differences[difference_count++] = *difference;
}

static void expect_difference(uint32_t index, enum map_difference_kind kind, uint64_t va,
			      uint64_t size)
{
	assert_true(index < difference_count);
	assert_int_equal(differences[index].kind, kind);
	assert_int_equal(differences[index].va, va);
	assert_int_equal(differences[index].size, size);
}

static void test_comparing_lists(void **state)
{
	struct map_list expected = { 0 }, actual = { 0 };

	(void)state;
	map_list_add(&expected, (struct map_range){ 0x1000, 0x1000, 0x1000, RW });
	map_list_add(&expected, (struct map_range){ 0x4000, 0x4000, 0x4000, RW });
	map_list_add(&expected, (struct map_range){ 0xa000, 0xa000, 0x2000, RW });
	map_list_add(&actual, (struct map_range){ 0x4000, 0x4000, 0x1000, RW });
	map_list_add(&actual, (struct map_range){ 0x5000, 0x9000, 0x1000, RW });
	map_list_add(&actual, (struct map_range){ 0x6000, 0x6000, 0x2000, RWX });
	map_list_add(&actual, (struct map_range){ 0xa000, 0xa000, 0x3000, RW });
	difference_count = 0;
	map_list_compare(&expected, &actual, on_difference, NULL);
	assert_int_equal(difference_count, 4);
	expect_difference(0, MAP_MISSING, 0x1000, 0x1000);
	expect_difference(1, MAP_TARGET, 0x5000, 0x1000);
	expect_difference(2, MAP_ATTRIBUTES, 0x6000, 0x2000);
	expect_difference(3, MAP_EXTRA, 0xc000, 0x1000);
	assert_int_equal(differences[1].expected.pa, 0x5000);
	assert_int_equal(differences[1].found.pa, 0x9000);
	difference_count = 0;
	map_list_compare(&actual, &actual, on_difference, NULL);
	assert_int_equal(difference_count, 0);
	map_list_free(&expected);
	map_list_free(&actual);
	map_list_compare(&expected, &actual, on_difference, NULL);
	assert_int_equal(difference_count, 0);
}

static void test_merging_and_looking_up(void **state)
{
	struct map_list list = { 0 };

	(void)state;
	map_list_add(&list, (struct map_range){ 0x1000, 0x1000, 0x1000, RW });
	map_list_add(&list, (struct map_range){ 0x2000, 0x2000, 0x1000, RW });
	assert_int_equal(list.count, 1);
	map_list_add(&list, (struct map_range){ 0x3000, 0x3000, 0x1000, RWX });
	map_list_add(&list, (struct map_range){ 0x4000, 0x8000, 0x1000, RWX });
	map_list_add(&list, (struct map_range){ 0x6000, 0x9000, 0x1000, RWX });
	assert_int_equal(list.count, 4);
	assert_true(map_list_maps(&list, 0x1800, 0x1800, 0x2800, RW));
	assert_false(map_list_maps(&list, 0x1800, 0x1800, 0x2800, RWX));
	assert_false(map_list_maps(&list, 0x1800, 0x1800, 0x2801, RW));
	assert_false(map_list_maps(&list, 0x1800, 0x1900, 0x100, RW));
	assert_false(map_list_maps(&list, 0x4800, 0x8800, 0x1800, RW));
	assert_true(map_list_maps(&list, 0x5000, 0, 0, RW));
	assert_null(map_list_find(&list, 0x5000));
	assert_ptr_equal(map_list_find(&list, 0x6fff), &list.ranges[3]);
	map_list_free(&list);
}

static void test_attribute_texts(void **state)
{
	(void)state;
	assert_string_equal(map_attributes_text(RWX | WB).text, "rwx normal");
	assert_string_equal(map_attributes_text(RW | MAP_DEVICE).text, "rw- device");
	assert_string_equal(map_attributes_text(MAP_READ | MAP_NORMAL).text,
			    "r-- normal, not shareable");
	assert_string_equal(map_attributes_text(RW | MAP_NORMAL_OTHER).text,
			    "rw- normal, not write-back");
	assert_string_equal(map_attributes_text(0).text, "--- nothing");
}

#define WALK_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WALK_TEST(test_empty_root_maps_nothing),
		WALK_TEST(test_block_at_level_1),
		WALK_TEST(test_block_at_level_2),
		WALK_TEST(test_page_at_level_3),
		WALK_TEST(test_four_levels),
		WALK_TEST(test_ranges_continue_across_levels),
		WALK_TEST(test_concatenated_roots),
		WALK_TEST(test_small_input_uses_part_of_root),
		WALK_TEST(test_impossible_sizes),
		WALK_TEST(test_root_alignment),
		WALK_TEST(test_tables_outside_memory),
		WALK_TEST(test_table_reached_twice),
		WALK_TEST(test_reserved_descriptor_types),
		WALK_TEST(test_output_size),
		WALK_TEST(test_access_flag),
		WALK_TEST(test_reserved_leaf_bits),
		WALK_TEST(test_reserved_table_bits),
		WALK_TEST(test_stage2_permissions),
		WALK_TEST(test_stage2_memory_types),
		WALK_TEST(test_stage1_permissions),
		WALK_TEST(test_stage1_memory_types),
		WALK_TEST(test_every_problem_has_a_text),
		cmocka_unit_test(test_comparing_lists),
		cmocka_unit_test(test_merging_and_looking_up),
		cmocka_unit_test(test_attribute_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
