/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An identity map for the EL1 MMU, in 2 MiB blocks. Optional: a guest runs with the MMU off, when all
 * memory is Device memory: slow, unaligned accesses fault, and exclusive accesses (locks) need not work.
 *
 * Memory shared with another VM must have the same attributes on both sides, or neither sees reliably
 * what the other wrote: one may read its cache while the other writes past it (DDI 0487, "Mismatched
 * memory attributes"). Linux maps a channel's memory uncached for user space, so map it MMU_UNCACHED.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define MMU_BLOCK UINT64_C(0x200000)

enum mmu_kind {
	MMU_NORMAL,   /* write-back cached, executable: the guest's own memory */
	MMU_UNCACHED, /* normal, not cached, not executable: memory shared with another VM */
	MMU_DEVICE,   /* Device-nGnRnE, not executable */
};

struct mmu_region {
	uint64_t base; /* multiple of MMU_BLOCK, below 512 GiB */
	uint64_t size; /* multiple of MMU_BLOCK, or less than one: rounded up */
	enum mmu_kind kind;
};

/* Builds the map; once, with the MMU off. Later regions win. Blocks named by none fault. */
void mmu_init(const struct mmu_region *regions, size_t count);

/* Turns the MMU and the caches on; on every vCPU. */
void mmu_enable(void);
