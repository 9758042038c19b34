/* SPDX-License-Identifier: Apache-2.0 */
/*
 * VMSAv8-64 translation tables with the 4 KiB granule (Arm ARM DDI 0487, D8): building them from
 * extents, for stage 2 and for the hypervisor's own stage 1. Pure data: no register is touched, so
 * the same code builds tables on the target, and on the build machine for the planner (which counts
 * tables) and the audit (which walks them).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGETABLE_ENTRIES 512
#define PAGETABLE_BYTES UINT64_C(4096)

/* Descriptor bits common to both stages, DDI 0487 D8.3. */
#define PTE_VALID (UINT64_C(1) << 0)
#define PTE_TABLE (UINT64_C(1) << 1) /* levels 0..2: table, not block; level 3: page */
#define PTE_SH_INNER (UINT64_C(3) << 8)
#define PTE_AF (UINT64_C(1) << 10)
#define PTE_ADDRESS_MASK UINT64_C(0x0000fffffffff000)

/* Stage 1 of the EL2 translation regime (single VA range, one privilege level). */
#define PTE_S1_ATTR(index) ((uint64_t)(index) << 2) /* MAIR_EL2 field */
#define PTE_S1_AP_RES1 (UINT64_C(1) << 6)           /* AP[1] is RES1 here */
#define PTE_S1_READ_ONLY (UINT64_C(1) << 7)         /* AP[2] */
#define PTE_S1_XN (UINT64_C(1) << 54)

/* Stage 2. */
#define PTE_S2_MEMATTR_DEVICE_NGNRE (UINT64_C(1) << 2)
#define PTE_S2_MEMATTR_NORMAL_WB (UINT64_C(15) << 2)
#define PTE_S2_READ (UINT64_C(1) << 6)
#define PTE_S2_WRITE (UINT64_C(1) << 7)
#define PTE_S2_XN (UINT64_C(1) << 54) /* XN[1]: with XN[0] = 0, execution at neither EL1 nor EL0 */

/* Tables under construction. Written by one CPU, before any CPU walks them. */
struct pagetable {
	uint64_t *tables; /* `table_count` tables, zeroed; the root is tables 0 .. root_count - 1 */
	uint64_t tables_pa; /* physical address of `tables`, aligned to the whole root */
	uint32_t table_count;
	uint32_t table_used;  /* tables handed out so far, the root's included */
	uint32_t input_bits;  /* size of the input address, 32 .. 48 */
	uint32_t start_level; /* 0 or 1 */
};

/* Level at which a walk for a stage-2 input address of `bits` starts: concatenated root tables keep it
 * at 1 up to 43 bits (DDI 0487, D8.2, "Concatenated translation tables"). */
uint32_t pagetable_stage2_start_level(uint32_t bits);

/* Tables that the root is made of, 1 .. 16; 1 for stage 1. */
uint32_t pagetable_root_count(uint32_t bits, uint32_t start_level);

/* Starts empty tables. `tables` holds at least the root. */
void pagetable_init(struct pagetable *pt, uint32_t input_bits, uint32_t start_level,
		    uint64_t *tables, uint64_t tables_pa, uint32_t table_count);

/*
 * Maps [va, va + size) to [pa, pa + size) with the largest blocks that alignment allows. All three are
 * multiples of 4 KiB. `attributes` are the leaf's bits without address, PTE_VALID and PTE_TABLE.
 * `max_block` bounds the block size: 4096 forces pages. False, with part of the extent possibly
 * mapped: the range leaves the input address size, something is mapped there, or no table is left.
 */
bool pagetable_map(struct pagetable *pt, uint64_t va, uint64_t pa, uint64_t size,
		   uint64_t attributes, uint64_t max_block) __attribute__((warn_unused_result));
