/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which tables exist and what is in them: a VM's stage 2, the hypervisor's own stage 1, and the loader
 * map with which one CPU fills a VM's memory. Pure functions over pagetable.h, run on the target, by
 * the planner (to count tables) and by the audit (to check them).
 */
#pragma once

#include <armv8-a/pagetable.h>
#include <bao/plan.h>

#define MAPPINGS_LARGEST_BLOCK (UINT64_C(1) << 30)

/* MAIR_EL2 fields that the stage-1 descriptors name. */
#define MAIR_INDEX_DEVICE 0u /* Device-nGnRnE */
#define MAIR_INDEX_NORMAL 1u /* Normal, inner and outer write-back, read- and write-allocate */

/* What a part of the hypervisor's image may do. */
enum hyp_extent_kind {
	HYP_EXTENT_TEXT,   /* read, execute */
	HYP_EXTENT_RODATA, /* read */
	HYP_EXTENT_DATA,   /* read, write */
	HYP_EXTENT_STACKS, /* read, write; the first page of every `stride` stays unmapped */
};

/* A part of the hypervisor's image, [start, end); the linker script makes the table. */
struct hyp_extent {
	uint64_t start;
	uint64_t end;
	uint64_t kind;   /* enum hyp_extent_kind */
	uint64_t stride; /* HYP_EXTENT_STACKS: bytes from one CPU's guard page to the next */
};

/* Leaf attributes of a VM's memory of this kind. */
uint64_t mappings_stage2_attributes(uint32_t kind);

/* Builds a VM's stage 2 from its extents. `pt` says where the tables are; false as pagetable_map(). */
bool mappings_stage2(struct pagetable *pt, const struct plan_extent *extents, uint32_t count)
	__attribute__((warn_unused_result));

/* Builds the hypervisor's identity map: its image and its devices. */
bool mappings_hyp(struct pagetable *pt, const struct hyp_extent *extents, uint32_t extent_count,
		  const struct plan_device *devices, uint32_t device_count)
	__attribute__((warn_unused_result));

/* Distance from a physical address to where the loader map shows a VM's RAM: half the VA space. */
static inline uint64_t mappings_loader_offset(uint32_t hyp_va_bits)
{
	return UINT64_C(1) << (hyp_va_bits - 1);
}

/*
 * Builds a loader map: the lower half of the hypervisor's root table as it is, and above it the VM's
 * RAM extents (no device, no shared memory), read-write and never executed.
 */
bool mappings_loader(struct pagetable *pt, const uint64_t *hyp_root,
		     const struct plan_extent *extents, uint32_t count)
	__attribute__((warn_unused_result));

/* Whether a load's source was put in memory by a boot loader, outside the images area. */
static inline bool mappings_is_loaded(const struct plan_load *load,
				      const struct plan_system *system)
{
	return load->source_pa - system->images_base >= system->images_size;
}

/* Adds to a loader map, in its upper half and read-only, the pages of sources outside the images area:
 * what a boot loader has put in memory. */
bool mappings_loader_sources(struct pagetable *pt, const struct plan_load *loads, uint32_t count,
			     const struct plan_system *system) __attribute__((warn_unused_result));
