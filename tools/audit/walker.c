/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reader of VMSAv8-64 tables, 4 KiB granule. Section numbers are of Arm ARM DDI 0487, issue K.a.
 */
#include "walker.h"

#include <stddef.h>

#define BIT(n) (UINT64_C(1) << (n))
/* Bits high..low of a descriptor, in place. */
#define BITS(high, low) ((UINT64_MAX >> (63 - (high))) & (UINT64_MAX << (low)))

#define ENTRIES_PER_TABLE 512u
#define BYTES_PER_TABLE UINT64_C(4096)
#define LEVEL_LAST 3u

/* Table descriptors, D8.3.1: what stage 1 adds on the way down. */
#define TABLE_XN BIT(60)        /* XNTable */
#define TABLE_READ_ONLY BIT(62) /* APTable[1] */
/* NSTable, APTable[0] and PXNTable are RES0 in this regime; address bits 50:48 always. */
#define TABLE_S1_ZERO (BIT(63) | BIT(61) | BIT(59) | BITS(50, 48))
#define TABLE_S2_ZERO (BITS(63, 59) | BITS(50, 48))

/* Block and page descriptors, D8.3.1. GP, DBM, Contiguous; nG or FnXS; address bits 49:48. */
#define LEAF_ZERO (BITS(52, 48) | BIT(11))
#define LEAF_AF BIT(10)
#define S1_ZERO (BIT(53) | BIT(5)) /* PXN, NS */
#define S1_XN BIT(54)
#define S1_AP2_READ_ONLY BIT(7)
#define S1_AP1_RES1 BIT(6)
#define S2_READ BIT(6)
#define S2_WRITE BIT(7)

/* Caching of Normal memory, both as MAIR_ELx and as MemAttr say it, once decoded. */
#define MAIR_NORMAL_WB_RWA 0xffu

/* What a leaf's attributes mean, and whether a field of them is reserved. */
struct meaning {
	uint32_t attributes;
	bool reserved;
};

/* One entry on the way: where it is and what tables above it said. */
struct position {
	uint32_t level;
	uint64_t va;
	uint64_t inherited; /* TABLE_XN, TABLE_READ_ONLY */
};

/* Bits of the input address that an entry of this level leaves to the levels below. */
static uint32_t bits_below(uint32_t level)
{
	static const uint32_t bits[] = { 39, 30, 21, 12 };

	return bits[level];
}

static void problem(const struct walk *walk, enum walk_problem_kind kind, struct position at,
		    uint64_t descriptor)
{
	walk->on_problem(walk->context, &(struct walk_problem){ .kind = kind,
								.level = at.level,
								.va = at.va,
								.descriptor = descriptor });
}

/* The descriptors of the table at `pa`, marked as seen; NULL, with the problem told, if there is
 * none. */
static const uint64_t *read_table(const struct walk *walk, uint64_t pa, struct position at)
{
	for (uint32_t i = 0; i < walk->memory_count; i++) {
		const struct walk_memory *memory = &walk->memory[i];
		uint64_t index = (pa - memory->pa) / BYTES_PER_TABLE;

		if (pa < memory->pa || index >= memory->count) {
			continue;
		}
		if (memory->seen[index] != 0) {
			problem(walk, WALK_TABLE_TWICE, at, pa);
			return NULL;
		}
		memory->seen[index] = 1;
		return memory->descriptors + index * ENTRIES_PER_TABLE;
	}
	problem(walk, WALK_OUTSIDE_MEMORY, at, pa);
	return NULL;
}

/* SH[1:0], D8.5.2: 0b01 is reserved. Device memory ignores it. */
static struct meaning decode_shareability(struct meaning meaning, uint64_t descriptor)
{
	uint64_t shareability = (descriptor >> 8) & 3;

	if ((meaning.attributes & MAP_DEVICE) == 0 && shareability == 3) {
		meaning.attributes |= MAP_INNER;
	}
	meaning.reserved = meaning.reserved || shareability == 1;
	return meaning;
}

/* AttrIndx, AP, XN of a single-privilege stage 1, D8.4.1, D8.5; MAIR_EL2, D19. */
static struct meaning decode_stage1(const struct walk *walk, uint64_t descriptor,
				    uint64_t inherited)
{
	uint8_t mair = (uint8_t)(walk->mair >> (8 * ((descriptor >> 2) & 7)));
	struct meaning meaning = { .attributes = MAP_READ };

	if (mair == MAIR_NORMAL_WB_RWA) {
		meaning.attributes |= MAP_NORMAL;
	} else if ((mair & 0xf0) == 0) {
		/* 0b0000dd00; dd1 and odd values belong to features or are unpredictable. */
		meaning.attributes |= MAP_DEVICE;
		meaning.reserved = (mair & 3) != 0;
	} else {
		meaning.attributes |= MAP_NORMAL_OTHER;
		meaning.reserved = (mair & 0x0f) == 0;
	}
	if ((descriptor & S1_AP2_READ_ONLY) == 0 && (inherited & TABLE_READ_ONLY) == 0) {
		meaning.attributes |= MAP_WRITE;
	}
	if ((descriptor & S1_XN) == 0 && (inherited & TABLE_XN) == 0) {
		meaning.attributes |= MAP_EXECUTE;
	}
	meaning.reserved = meaning.reserved || (descriptor & S1_AP1_RES1) == 0;
	return decode_shareability(meaning, descriptor);
}

/* MemAttr, S2AP, XN[1:0] of stage 2, D8.4.2, D8.5.5 (FEAT_S2FWB off). */
static struct meaning decode_stage2(uint64_t descriptor)
{
	uint64_t outer = (descriptor >> 4) & 3;
	uint64_t inner = (descriptor >> 2) & 3;
	struct meaning meaning = { 0 };

	if (outer == 0) {
		meaning.attributes |= MAP_DEVICE;
	} else {
		meaning.attributes |= outer == 3 && inner == 3 ? MAP_NORMAL : MAP_NORMAL_OTHER;
		meaning.reserved = inner == 0;
	}
	if ((descriptor & S2_READ) != 0) {
		meaning.attributes |= MAP_READ;
	}
	if ((descriptor & S2_WRITE) != 0) {
		meaning.attributes |= MAP_WRITE;
	}
	/* 0b10: at neither level. The others let at least one of EL1 and EL0 execute, the ones with
	 * bit 53 only where FEAT_XNX is; what some CPU may do counts as allowed. */
	if ((descriptor & BITS(54, 53)) != BIT(54)) {
		meaning.attributes |= MAP_EXECUTE;
	}
	return decode_shareability(meaning, descriptor);
}

/* A block or page descriptor. */
static void walk_leaf(const struct walk *walk, uint64_t descriptor, struct position at)
{
	uint32_t bits = bits_below(at.level);
	uint64_t zero = LEAF_ZERO | (bits > 12 ? BITS(bits - 1, 12) : 0);
	uint64_t pa = descriptor & BITS(47, bits);
	struct meaning meaning;

	if (walk->stage == WALK_STAGE1_EL2) {
		meaning = decode_stage1(walk, descriptor, at.inherited);
		zero |= S1_ZERO;
	} else {
		meaning = decode_stage2(descriptor);
	}
	if ((descriptor & zero) != 0) {
		problem(walk, WALK_RESERVED_BITS, at, descriptor);
	}
	if (meaning.reserved) {
		problem(walk, WALK_RESERVED_ATTRIBUTE, at, descriptor);
	}
	if ((descriptor & LEAF_AF) == 0) {
		problem(walk, WALK_ACCESS_FLAG, at, descriptor);
	}
	if (pa >> walk->output_bits != 0) {
		/* An address size fault: nothing is reachable there. */
		problem(walk, WALK_OUTPUT_SIZE, at, descriptor);
		return;
	}
	walk->on_range(walk->context,
		       &(struct map_range){ at.va, pa, BIT(bits), meaning.attributes });
}

static void walk_entries(const struct walk *walk, const uint64_t *descriptors, uint64_t count,
			 struct position first);

/* A table descriptor. */
static void walk_next_table(const struct walk *walk, uint64_t descriptor, struct position at)
{
	uint64_t zero = walk->stage == WALK_STAGE1_EL2 ? TABLE_S1_ZERO : TABLE_S2_ZERO;
	uint64_t pa = descriptor & BITS(47, 12);
	const uint64_t *descriptors;

	if ((descriptor & zero) != 0) {
		problem(walk, WALK_RESERVED_BITS, at, descriptor);
	}
	if (pa >> walk->output_bits != 0) {
		problem(walk, WALK_OUTPUT_SIZE, at, descriptor);
		return;
	}
	descriptors = read_table(walk, pa, at);
	if (descriptors != NULL) {
		if (walk->stage == WALK_STAGE1_EL2) {
			at.inherited |= descriptor & (TABLE_XN | TABLE_READ_ONLY);
		}
		at.level++;
		walk_entries(walk, descriptors, ENTRIES_PER_TABLE, at);
	}
}

/* `first`: the position of the first of `count` entries. */
static void walk_entries(const struct walk *walk, const uint64_t *descriptors, uint64_t count,
			 struct position first)
{
	for (uint64_t i = 0; i < count; i++) {
		struct position at = first;
		uint64_t type = descriptors[i] & 3;

		at.va += i << bits_below(at.level);
		if ((type & 1) == 0) {
			continue; /* invalid, whatever the other bits */
		}
		if (type == 3 && at.level < LEVEL_LAST) {
			walk_next_table(walk, descriptors[i], at);
		} else if ((type == 1) == (at.level == 1 || at.level == 2)) {
			walk_leaf(walk, descriptors[i], at);
		} else {
			problem(walk, WALK_RESERVED_DESCRIPTOR, at, descriptors[i]);
		}
	}
}

/* Whether a walk of this input size may start at this level, D8.2.2: stage 1 has one root table,
 * stage 2 up to 16 side by side, which need four more bits. */
static bool start_is_possible(const struct walk *walk)
{
	uint32_t below, above = walk->stage == WALK_STAGE2 ? 4 : 0;

	if (walk->start_level > 1 || walk->input_bits > 48) {
		return false;
	}
	below = bits_below(walk->start_level);
	return walk->input_bits > below && walk->input_bits <= below + 9 + above;
}

void walk_all(const struct walk *walk)
{
	struct position start = { .level = walk->start_level };
	const uint64_t *root = NULL;
	uint64_t entries, tables;

	if (!start_is_possible(walk)) {
		problem(walk, WALK_IMPOSSIBLE_SIZE, start, walk->input_bits);
		return;
	}
	entries = BIT(walk->input_bits - bits_below(walk->start_level));
	tables = (entries + ENTRIES_PER_TABLE - 1) / ENTRIES_PER_TABLE;
	if (walk->root_pa % (tables * BYTES_PER_TABLE) != 0) {
		problem(walk, WALK_ROOT_UNALIGNED, start, walk->root_pa);
		return;
	}
	for (uint64_t i = 0; i < tables; i++) {
		struct position at = start;
		uint64_t first = i * ENTRIES_PER_TABLE;

		at.va = first << bits_below(start.level);
		root = read_table(walk, walk->root_pa + i * BYTES_PER_TABLE, at);
		if (root != NULL) {
			walk_entries(walk, root,
				     entries - first < ENTRIES_PER_TABLE ? entries - first
									 : ENTRIES_PER_TABLE,
				     at);
		}
	}
}

const char *walk_problem_text(enum walk_problem_kind kind)
{
	static const char *const texts[WALK_PROBLEM_KIND_COUNT] = {
		[WALK_IMPOSSIBLE_SIZE] = "input size and start level do not go together",
		[WALK_ROOT_UNALIGNED] = "the root is not aligned to its size",
		[WALK_OUTSIDE_MEMORY] = "a table lies outside the tables set aside for it",
		[WALK_TABLE_TWICE] = "a table is reached twice",
		[WALK_RESERVED_DESCRIPTOR] = "reserved descriptor type",
		[WALK_RESERVED_BITS] = "bits are set that must be zero",
		[WALK_RESERVED_ATTRIBUTE] = "reserved attribute value",
		[WALK_ACCESS_FLAG] = "the access flag is clear",
		[WALK_OUTPUT_SIZE] = "output address beyond the physical address size",
	};

	return kind < WALK_PROBLEM_KIND_COUNT ? texts[kind] : "unknown problem";
}
