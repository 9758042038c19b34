/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The content of every translation table of the system. Takes no lock; entered at boot and at a VM's
 * restart, and from the planner and the audit on the build machine.
 */
#include <armv8-a/mappings.h>

#define S1_COMMON (PTE_AF | PTE_SH_INNER | PTE_S1_AP_RES1)
#define S1_NORMAL (S1_COMMON | PTE_S1_ATTR(MAIR_INDEX_NORMAL))
#define S1_DEVICE (S1_COMMON | PTE_S1_ATTR(MAIR_INDEX_DEVICE) | PTE_S1_XN)

#define S2_COMMON (PTE_AF | PTE_SH_INNER | PTE_S2_READ | PTE_S2_WRITE)

static const uint64_t stage2_attributes[] = {
	[PLAN_MEMORY_RAM] = S2_COMMON | PTE_S2_MEMATTR_NORMAL_WB,
	[PLAN_MEMORY_SHARED] = S2_COMMON | PTE_S2_MEMATTR_NORMAL_WB | PTE_S2_XN,
	[PLAN_MEMORY_DEVICE] = S2_COMMON | PTE_S2_MEMATTR_DEVICE_NGNRE | PTE_S2_XN,
};

static const uint64_t hyp_attributes[] = {
	[HYP_EXTENT_TEXT] = S1_NORMAL | PTE_S1_READ_ONLY,
	[HYP_EXTENT_RODATA] = S1_NORMAL | PTE_S1_READ_ONLY | PTE_S1_XN,
	[HYP_EXTENT_DATA] = S1_NORMAL | PTE_S1_XN,
	[HYP_EXTENT_STACKS] = S1_NORMAL | PTE_S1_XN,
};

uint64_t mappings_stage2_attributes(uint32_t kind)
{
	return stage2_attributes[kind];
}

bool mappings_stage2(struct pagetable *pt, const struct plan_extent *extents, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct plan_extent *extent = &extents[i];

		if (!pagetable_map(pt, extent->va, extent->pa, extent->size,
				   mappings_stage2_attributes(extent->kind),
				   MAPPINGS_LARGEST_BLOCK)) {
			return false;
		}
	}
	return true;
}

static bool map_hyp_extent(struct pagetable *pt, const struct hyp_extent *extent)
{
	uint64_t guard = extent->kind == HYP_EXTENT_STACKS ? PAGETABLE_BYTES : 0;
	uint64_t stride = guard != 0 ? extent->stride : extent->end - extent->start;

	for (uint64_t at = extent->start; at < extent->end; at += stride) {
		if (!pagetable_map(pt, at + guard, at + guard, stride - guard,
				   hyp_attributes[extent->kind], MAPPINGS_LARGEST_BLOCK)) {
			return false;
		}
	}
	return true;
}

bool mappings_hyp(struct pagetable *pt, const struct hyp_extent *extents, uint32_t extent_count,
		  const struct plan_device *devices, uint32_t device_count)
{
	for (uint32_t i = 0; i < extent_count; i++) {
		if (!map_hyp_extent(pt, &extents[i])) {
			return false;
		}
	}
	for (uint32_t i = 0; i < device_count; i++) {
		if (!pagetable_map(pt, devices[i].pa, devices[i].pa, devices[i].size, S1_DEVICE,
				   MAPPINGS_LARGEST_BLOCK)) {
			return false;
		}
	}
	return true;
}

bool mappings_loader(struct pagetable *pt, const uint64_t *hyp_root,
		     const struct plan_extent *extents, uint32_t count)
{
	uint64_t offset = mappings_loader_offset(pt->input_bits);

	for (uint32_t i = 0; i < PAGETABLE_ENTRIES / 2; i++) {
		pt->tables[i] = hyp_root[i];
	}
	for (uint32_t i = 0; i < count; i++) {
		const struct plan_extent *extent = &extents[i];

		if (extent->kind == PLAN_MEMORY_RAM &&
		    !pagetable_map(pt, extent->pa + offset, extent->pa, extent->size,
				   hyp_attributes[HYP_EXTENT_DATA], MAPPINGS_LARGEST_BLOCK)) {
			return false;
		}
	}
	return true;
}

bool mappings_loader_sources(struct pagetable *pt, const struct plan_load *loads, uint32_t count,
			     const struct plan_system *system)
{
	uint64_t offset = mappings_loader_offset(pt->input_bits);
	uint64_t page_mask = PAGETABLE_BYTES - 1;

	for (uint32_t i = 0; i < count; i++) {
		uint64_t first = loads[i].source_pa & ~page_mask;
		uint64_t end = (loads[i].source_pa + loads[i].size + page_mask) & ~page_mask;

		if (mappings_is_loaded(&loads[i], system) &&
		    !pagetable_map(pt, first + offset, first, end - first,
				   hyp_attributes[HYP_EXTENT_RODATA], MAPPINGS_LARGEST_BLOCK)) {
			return false;
		}
	}
	return true;
}
