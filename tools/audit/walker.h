/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks VMSAv8-64 translation tables with the 4 KiB granule as hardware would (Arm ARM DDI 0487,
 * D8, issue K.a; no FEAT_LPA2, no FEAT_S2FWB), for a VM's stage 2 and for stage 1 of EL2. Written
 * from the manual and apart from <armv8-a/pagetable.h>, whose output it judges: it shares nothing
 * with it. Where an optional feature would change what a descriptor means (dirty state, contiguous
 * hint, guarded page, ...), the descriptor is a problem: the target uses none of them.
 */
#pragma once

#include "map_list.h"

#include <stdbool.h>
#include <stdint.h>

enum walk_stage {
	WALK_STAGE1_EL2, /* one VA range from 0, one privilege level (HCR_EL2.E2H = 0) */
	WALK_STAGE2,
};

/* Memory that tables may be read from: `count` tables of 512 descriptors. */
struct walk_memory {
	uint64_t pa;
	const uint64_t *descriptors;
	uint32_t count;
	uint8_t *seen; /* one byte per table, zeroed by the caller: a table is walked once */
};

enum walk_problem_kind {
	WALK_IMPOSSIBLE_SIZE,     /* input size and start level do not go together */
	WALK_ROOT_UNALIGNED,      /* not aligned to all of the concatenated root */
	WALK_OUTSIDE_MEMORY,      /* a table is not in the memory given */
	WALK_TABLE_TWICE,         /* a table is reached a second time */
	WALK_RESERVED_DESCRIPTOR, /* block at level 0, or bits[1:0] = 01 at level 3 */
	WALK_RESERVED_BITS,       /* bits that must be zero, or that the target never sets */
	WALK_RESERVED_ATTRIBUTE,  /* memory type, shareability or permission field */
	WALK_ACCESS_FLAG,         /* clear: every access faults, or hardware updates the table */
	WALK_OUTPUT_SIZE,         /* output address beyond the physical address size */
	WALK_PROBLEM_KIND_COUNT
};

struct walk_problem {
	enum walk_problem_kind kind;
	uint32_t level;
	uint64_t va;
	uint64_t descriptor; /* or the address of a table, if that is the problem */
};

/* What the registers say (VTCR_EL2 and VTTBR_EL2, or TCR_EL2, TTBR0_EL2 and MAIR_EL2), and where
 * the results go. Leaves that hardware would use are given to on_range even if they have a
 * problem. */
struct walk {
	enum walk_stage stage;
	uint32_t input_bits;  /* 64 - T0SZ */
	uint32_t start_level; /* as SL0 says; stage 1: follows from input_bits */
	uint32_t output_bits; /* as PS says */
	uint64_t root_pa;
	uint64_t mair; /* stage 1 */
	const struct walk_memory *memory;
	uint32_t memory_count;
	void (*on_range)(void *context, const struct map_range *range);
	void (*on_problem)(void *context, const struct walk_problem *problem);
	void *context;
};

/* Walks everything, in ascending order of input address. */
void walk_all(const struct walk *walk);

/* What kind of problem it is, as part of a sentence. */
const char *walk_problem_text(enum walk_problem_kind kind);
