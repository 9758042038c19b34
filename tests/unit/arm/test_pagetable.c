/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arch/armv8-a/pagetable.c: what is mapped is found by the independent walker, with the largest blocks
 * there can be, and what can't be mapped is refused.
 */
#include "tables_rig.h"

#define KIB UINT64_C(1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)
#define EXTENTS_MAX 12u
#define HISTORIES 400u

#define RAM (PTE_AF | PTE_SH_INNER | PTE_S2_READ | PTE_S2_WRITE | PTE_S2_MEMATTR_NORMAL_WB)
#define RAM_SEEN (MAP_READ | MAP_WRITE | MAP_EXECUTE | MAP_NORMAL | MAP_INNER)

static bool map(struct tables *tables, uint64_t va, uint64_t pa, uint64_t size)
{
	return pagetable_map(&tables->pt, va, pa, size, RAM, MAPPINGS_LARGEST_BLOCK);
}

static void make_stage2(struct tables *tables, uint32_t bits, uint32_t count)
{
	tables_make(tables, WALK_STAGE2, bits, pagetable_stage2_start_level(bits), count);
}

/* ---- the root ------------------------------------------------------------------------------------------- */

static void roots(void **state)
{
	(void)state;
	for (uint32_t bits = 32; bits <= 48; bits++) {
		uint32_t level = bits <= 43 ? 1 : 0;
		uint32_t top = level == 1 ? 39 : 48;

		assert_int_equal(pagetable_stage2_start_level(bits), level);
		assert_int_equal(pagetable_root_count(bits, level),
				 bits > top ? 1u << (bits - top) : 1);
	}
}

/* The last page of every input size, and not one more. */
static void input_size(void **state)
{
	(void)state;
	for (uint32_t bits = 32; bits <= 48; bits++) {
		uint64_t end = BIT64(bits);
		struct tables tables;

		make_stage2(&tables, bits, 24);
		assert_false(map(&tables, end, 0, 4 * KIB));
		assert_false(map(&tables, end - 4 * KIB, 0, 8 * KIB));
		assert_false(map(&tables, 0, 0, end + 4 * KIB));
		assert_false(map(&tables, UINT64_MAX - 4 * KIB + 1, 0, 4 * KIB));
		assert_false(map(&tables, end - 4 * KIB, 0, UINT64_MAX - 4 * KIB + 1));
		assert_int_equal(tables.pt.table_used, pagetable_root_count(bits, bits <= 43));
		assert_true(map(&tables, end - 4 * KIB, 0x1000, 4 * KIB));
		assert_true(map(&tables, 0, 0x2000, 4 * KIB));
		tables_walk(&tables, NULL);
		assert_maps(&tables,
			    (struct map_range[]){ { 0, 0x2000, 4 * KIB, RAM_SEEN },
						  { end - 4 * KIB, 0x1000, 4 * KIB, RAM_SEEN } },
			    2);
		tables_free(&tables);
	}
}

/* ---- refused -------------------------------------------------------------------------------------------- */

static void unaligned(void **state)
{
	struct tables tables;

	(void)state;
	make_stage2(&tables, 40, 8);
	for (uint64_t off = 1; off < 4 * KIB; off *= 2) {
		assert_false(map(&tables, off, 0, 4 * KIB));
		assert_false(map(&tables, 0, off, 4 * KIB));
		assert_false(map(&tables, 0, 0, 4 * KIB + off));
	}
	assert_false(pagetable_map(&tables.pt, 0, 0, 4 * KIB, RAM, 2 * KIB));
	assert_true(map(&tables, 0, 0, 0)); /* nothing to do */
	tables_walk(&tables, NULL);
	assert_maps(&tables, NULL, 0);
	tables_free(&tables);
}

static void overlaps(void **state)
{
	static const uint64_t firsts[][2] = { { 4 * MIB, 4 * KIB },
					      { 4 * MIB, 2 * MIB },
					      { GIB, GIB } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(firsts); i++) {
		uint64_t va = firsts[i][0], size = firsts[i][1];
		struct tables tables;

		make_stage2(&tables, 36, 32);
		assert_true(map(&tables, va, 0, size));
		assert_false(map(&tables, va, 0, size));
		assert_false(map(&tables, va, GIB, 4 * KIB));
		assert_false(map(&tables, va + size - 4 * KIB, GIB, 4 * KIB));
		assert_false(map(&tables, va + size - 4 * KIB, GIB, 8 * KIB));
		assert_false(map(&tables, va - 4 * KIB, GIB, 8 * KIB));
		assert_false(map(&tables, 0, 0, 4 * GIB)); /* blocks over tables */
		tables_free(&tables);
	}
}

/* With one table less than needed it fails, with all it succeeds. */
static void too_few_tables(void **state)
{
	struct tables tables;
	uint32_t needed;

	(void)state;
	/* Root, two level-2 tables (across a GiB), and a level-3 table at either end. */
	make_stage2(&tables, 32, 24);
	assert_true(map(&tables, GIB - 4 * MIB - 4 * KIB, 4 * KIB * 511, 8 * MIB + 8 * KIB));
	needed = tables.pt.table_used;
	assert_int_equal(needed, 5);
	tables_free(&tables);
	for (uint32_t count = 1; count <= needed; count++) {
		make_stage2(&tables, 32, count);
		assert_int_equal(map(&tables, GIB - 4 * MIB - 4 * KIB, 4 * KIB * 511,
				     8 * MIB + 8 * KIB),
				 count == needed);
		assert_true(tables.pt.table_used <= count);
		tables_free(&tables);
	}
}

/* ---- blocks ---------------------------------------------------------------------------------------------- */

static void block_sizes(void **state)
{
	static const uint64_t sizes[] = { 4 * KIB, 2 * MIB, GIB };
	static const struct {
		uint64_t va, pa, size;
		uint64_t largest; /* leaf expected */
		size_t leaves;
	} cases[] = {
		{ 0, 0, 4 * KIB, 4 * KIB, 1 },
		{ 0, 0, 2 * MIB - 4 * KIB, 4 * KIB, 511 },
		{ 0, 0, 2 * MIB, 2 * MIB, 1 },
		{ 0, 4 * KIB, 2 * MIB, 4 * KIB, 512 }, /* not aligned to each other */
		{ 4 * KIB, 4 * KIB, 2 * MIB, 4 * KIB, 512 },
		{ 2 * MIB, 6 * MIB, GIB, 2 * MIB, 512 },
		{ GIB, 3 * GIB, 2 * GIB, GIB, 2 },
		{ GIB, 3 * GIB + 2 * MIB, 2 * GIB, 2 * MIB, 1024 },
		{ GIB - 4 * KIB, GIB - 4 * KIB, GIB + 8 * KIB, GIB, 3 },
		{ GIB - 2 * MIB, 5 * GIB - 2 * MIB, 2 * GIB + 2 * MIB + 4 * KIB, GIB, 4 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(sizes); j++) {
			uint64_t largest = 0;
			struct tables tables;

			make_stage2(&tables, 40, 2100);
			assert_true(pagetable_map(&tables.pt, cases[i].va, cases[i].pa,
						  cases[i].size, RAM, sizes[j]));
			tables_walk(&tables, NULL);
			assert_maps(&tables,
				    &(struct map_range){ cases[i].va, cases[i].pa, cases[i].size,
							 RAM_SEEN },
				    1);
			for (size_t k = 0; k < tables.leaf_count; k++) {
				largest = tables.leaves[k].size > largest ? tables.leaves[k].size
									  : largest;
			}
			assert_u64(largest,
				   cases[i].largest < sizes[j] ? cases[i].largest : sizes[j]);
			if (sizes[j] == GIB) {
				assert_int_equal(tables.leaf_count, cases[i].leaves);
			}
			tables_free(&tables);
		}
	}
}

/* There is no block of 512 GiB, however large blocks may be. */
static void no_block_at_level_0(void **state)
{
	struct tables tables;

	(void)state;
	tables_make(&tables, WALK_STAGE1_EL2, 48, 0, 4);
	assert_true(pagetable_map(&tables.pt, 0, 0, 512 * GIB,
				  PTE_AF | PTE_SH_INNER | PTE_S1_AP_RES1 |
					  PTE_S1_ATTR(MAIR_INDEX_NORMAL),
				  BIT64(48)));
	tables_walk(&tables, NULL);
	assert_int_equal(tables.leaf_count, 512);
	tables_free(&tables);
}

/* ---- any extents ------------------------------------------------------------------------------------------ */

static struct test_random random_state = { 0xbadc0ffee };

/* An extent after `at`: sizes and alignments of every kind. False: no room is left. */
static bool any_extent(uint64_t at, uint32_t bits, struct map_range *extent)
{
	static const uint64_t units[] = { 4 * KIB, 2 * MIB, GIB };
	uint32_t kind = test_random_below(&random_state, 3);
	uint64_t unit = units[kind];
	/* At most one step below the size, so that tables are not too many. */
	uint64_t align = units[kind > 0 ? kind - test_random_below(&random_state, 2) : 0];
	uint64_t size = unit * (1 + test_random_below(&random_state, kind == 0 ? 700 : 3));
	uint64_t va = at + test_random_below(&random_state, 4) * align;
	uint64_t pa = test_random(&random_state) & (BIT64(PA_BITS - 1) - 1) & ~(align - 1);

	va = (va + align - 1) & ~(align - 1);
	if (test_random_below(&random_state, 2) == 0) { /* as aligned to each other as can be */
		pa = (pa & ~(GIB - 1)) | (va & (GIB - 1));
	}
	*extent = (struct map_range){ va, pa, size, RAM_SEEN };
	return va < BIT64(bits) && size <= BIT64(bits) - va;
}

/* Whether the block around a leaf, one level up, lies within the extent and goes to one place. */
static bool could_be_larger(const struct map_range *leaf, const struct map_range *extent)
{
	uint64_t block = leaf->size * 512;
	uint64_t start = leaf->va & ~(block - 1);

	return block <= MAPPINGS_LARGEST_BLOCK && start >= extent->va &&
	       start - extent->va + block <= extent->size &&
	       ((extent->va ^ extent->pa) & (block - 1)) == 0;
}

static void assert_largest_blocks(const struct tables *tables, const struct map_range *extents,
				  size_t count)
{
	size_t e = 0;

	for (size_t i = 0; i < tables->leaf_count; i++) {
		while (e < count && tables->leaves[i].va >= extents[e].va + extents[e].size) {
			e++;
		}
		assert_true(e < count);
		assert_false(could_be_larger(&tables->leaves[i], &extents[e]));
	}
}

static void any_extents(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < HISTORIES; round++) {
		uint32_t bits = 32 + test_random_below(&random_state, 17);
		uint64_t at = test_random(&random_state) & (BIT64(bits) - 1) & ~(4 * KIB - 1);
		struct map_range extents[EXTENTS_MAX];
		uint32_t count = 0, used;
		struct tables tables;

		make_stage2(&tables, bits, 200);
		while (count < EXTENTS_MAX && any_extent(at, bits, &extents[count])) {
			at = extents[count].va + extents[count].size;
			count++;
		}
		for (uint32_t i = 0; i < count; i++) { /* from the last to the first, too */
			const struct map_range *extent =
				&extents[round % 2 == 0 ? i : count - 1 - i];

			assert_true(map(&tables, extent->va, extent->pa, extent->size));
		}
		tables_walk(&tables, NULL);
		assert_maps(&tables, extents, count);
		assert_largest_blocks(&tables, extents, count);
		/* Any piece of any of them is taken. */
		used = tables.pt.table_used;
		if (count > 0) {
			const struct map_range *extent =
				&extents[test_random_below(&random_state, count)];
			uint64_t pages = extent->size / (4 * KIB);

			assert_false(map(&tables,
					 extent->va + test_random(&random_state) % pages * 4 * KIB,
					 0, 4 * KIB));
			assert_int_equal(tables.pt.table_used, used);
		}
		tables_free(&tables);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(roots),       TEST(input_size),          TEST(unaligned),
		TEST(overlaps),    TEST(too_few_tables),      TEST(block_sizes),
		TEST(any_extents), TEST(no_block_at_level_0),
	};

	return RUN_TESTS(tests);
}
