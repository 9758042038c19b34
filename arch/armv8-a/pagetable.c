/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Builds VMSAv8-64 tables from extents. Takes no lock, touches no register; entered from stage2.c and
 * hyp_map.c on the target, and from the planner and the audit on the build machine.
 */
#include <armv8-a/pagetable.h>

#define INDEX_BITS 9u
#define PAGE_SHIFT 12u
#define LAST_LEVEL 3u

static uint32_t level_shift(uint32_t level)
{
	return PAGE_SHIFT + INDEX_BITS * (LAST_LEVEL - level);
}

uint32_t pagetable_stage2_start_level(uint32_t bits)
{
	return bits <= 43u ? 1u : 0u;
}

uint32_t pagetable_root_count(uint32_t bits, uint32_t start_level)
{
	uint32_t top = level_shift(start_level) + INDEX_BITS;

	return bits > top ? 1u << (bits - top) : 1u;
}

void pagetable_init(struct pagetable *pt, uint32_t input_bits, uint32_t start_level,
		    uint64_t *tables, uint64_t tables_pa, uint32_t table_count)
{
	*pt = (struct pagetable){
		.tables = tables,
		.tables_pa = tables_pa,
		.table_count = table_count,
		.table_used = pagetable_root_count(input_bits, start_level),
		.input_bits = input_bits,
		.start_level = start_level,
	};
}

/* The table that `entry` points to, made if there is none; NULL: a leaf is there, or none is left. */
static uint64_t *next_table(struct pagetable *pt, uint64_t *entry)
{
	if ((*entry & PTE_VALID) == 0) {
		if (pt->table_used >= pt->table_count) {
			return NULL;
		}
		*entry = (pt->tables_pa + pt->table_used * PAGETABLE_BYTES) | PTE_TABLE | PTE_VALID;
		pt->table_used++;
	} else if ((*entry & PTE_TABLE) == 0) {
		return NULL;
	}
	return pt->tables + ((*entry & PTE_ADDRESS_MASK) - pt->tables_pa) / sizeof(uint64_t);
}

/* Whether a leaf of this level can map `size` bytes from va to pa. */
static bool leaf_fits(uint32_t level, uint64_t va, uint64_t pa, uint64_t size, uint64_t max_block)
{
	uint64_t block = UINT64_C(1) << level_shift(level);

	return level >= 1 && block <= max_block && size >= block && ((va | pa) & (block - 1)) == 0;
}

/*
 * Fills leaves from `index` on, to the end of the extent or of the table. Returns the bytes mapped; 0
 * if an entry was in use.
 */
static uint64_t fill_leaves(uint64_t *table, uint32_t index, uint32_t end, uint32_t level,
			    uint64_t leaf, uint64_t size)
{
	uint64_t block = UINT64_C(1) << level_shift(level);
	uint64_t done = 0;

	for (; index < end && size - done >= block; index++) {
		if ((table[index] & PTE_VALID) != 0) {
			return 0;
		}
		table[index] = leaf;
		leaf += block;
		done += block;
	}
	return done;
}

/* Maps the part of an extent that one table's leaves can hold; 0 on failure. */
static uint64_t map_run(struct pagetable *pt, uint64_t va, uint64_t pa, uint64_t size,
			uint64_t attributes, uint64_t max_block)
{
	uint32_t level = pt->start_level;
	uint32_t entries = PAGETABLE_ENTRIES * pagetable_root_count(pt->input_bits, level);
	uint64_t *table = pt->tables;
	uint32_t index = (uint32_t)(va >> level_shift(level));

	/* At the last level a page always fits. */
	while (level < LAST_LEVEL && !leaf_fits(level, va, pa, size, max_block)) {
		table = next_table(pt, &table[index]);
		if (table == NULL) {
			return 0;
		}
		level++;
		entries = PAGETABLE_ENTRIES;
		index = (uint32_t)(va >> level_shift(level)) & (PAGETABLE_ENTRIES - 1u);
	}
	attributes |= level == LAST_LEVEL ? PTE_VALID | PTE_TABLE : PTE_VALID;
	return fill_leaves(table, index, entries, level, pa | attributes, size);
}

bool pagetable_map(struct pagetable *pt, uint64_t va, uint64_t pa, uint64_t size,
		   uint64_t attributes, uint64_t max_block)
{
	uint64_t limit = UINT64_C(1) << pt->input_bits;

	if (((va | pa | size) & (PAGETABLE_BYTES - 1)) != 0 || va >= limit || size > limit - va ||
	    max_block < PAGETABLE_BYTES) {
		return false;
	}
	while (size > 0) {
		uint64_t done = map_run(pt, va, pa, size, attributes, max_block);

		if (done == 0) {
			return false;
		}
		va += done;
		pa += done;
		size -= done;
	}
	return true;
}
