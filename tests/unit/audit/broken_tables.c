/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wrong tables: what the target's mapping code would do if it were wrong, played by wrappers around
 * it (linker option --wrap) that change the tables it made.
 */
#include "breakage.h"

static struct table_change change;

void breakage_change_tables(struct table_change wanted)
{
	change = wanted;
}

bool __real_mappings_stage2(struct pagetable *pt, const struct plan_extent *extents,
			    uint32_t count);
bool __wrap_mappings_stage2(struct pagetable *pt, const struct plan_extent *extents,
			    uint32_t count);
bool __real_mappings_hyp(struct pagetable *pt, const struct hyp_extent *extents,
			 uint32_t extent_count, const struct plan_device *devices,
			 uint32_t device_count);
bool __wrap_mappings_hyp(struct pagetable *pt, const struct hyp_extent *extents,
			 uint32_t extent_count, const struct plan_device *devices,
			 uint32_t device_count);
bool __real_mappings_loader(struct pagetable *pt, const uint64_t *hyp_root,
			    const struct plan_extent *extents, uint32_t count);
bool __wrap_mappings_loader(struct pagetable *pt, const uint64_t *hyp_root,
			    const struct plan_extent *extents, uint32_t count);

/* `first_pa`: of the first extent, by which a VM's tables are told from another's. */
static bool change_tables(enum which_tables which, struct pagetable *pt, uint64_t first_pa)
{
	if (change.hook == NULL || change.which != which ||
	    (change.first_pa != 0 && change.first_pa != first_pa)) {
		return true;
	}
	change.hook(pt);
	return !change.fails;
}

bool __wrap_mappings_stage2(struct pagetable *pt, const struct plan_extent *extents, uint32_t count)
{
	return __real_mappings_stage2(pt, extents, count) &&
	       change_tables(MAP_STAGE2, pt, count > 0 ? extents[0].pa : 0);
}

bool __wrap_mappings_hyp(struct pagetable *pt, const struct hyp_extent *extents,
			 uint32_t extent_count, const struct plan_device *devices,
			 uint32_t device_count)
{
	return __real_mappings_hyp(pt, extents, extent_count, devices, device_count) &&
	       change_tables(MAP_HYP, pt, 0);
}

bool __wrap_mappings_loader(struct pagetable *pt, const uint64_t *hyp_root,
			    const struct plan_extent *extents, uint32_t count)
{
	return __real_mappings_loader(pt, hyp_root, extents, count) &&
	       change_tables(MAP_LOADER, pt, count > 0 ? extents[0].pa : 0);
}

/* The entry that a walk for `va` ends at: the leaf, or the first that is not valid. */
static uint64_t *entry_of(struct pagetable *pt, uint64_t va)
{
	uint64_t *table = pt->tables;
	uint32_t level = pt->start_level;
	uint64_t *entry = &table[va >> (39 - 9 * level)];

	while (level < 3 && (*entry & 3) == 3) {
		uint64_t pa = *entry & UINT64_C(0xfffffffff000);

		level++;
		table = pt->tables + (pa - pt->tables_pa) / sizeof(uint64_t);
		entry = &table[va >> (39 - 9 * level) & 511];
	}
	return entry;
}

/* The page descriptor next to a mapped page: the same attributes, another address. */
static void map_page_beside(struct pagetable *pt, uint64_t mapped_va, uint64_t va, uint64_t pa)
{
	uint64_t *like = entry_of(pt, mapped_va);

	*entry_of(pt, va) = (*like & ~UINT64_C(0xfffffffff000)) | pa;
}

#define LINUX_DEVICE_VA UINT64_C(0x9040000)
#define SHARED_VA UINT64_C(0x70000000)
#define RAM_VA UINT64_C(0x40000000)
#define FREE_VA UINT64_C(0x9041000) /* of linux, in the same table as the device's page */
#define UPPER (UINT64_C(1) << 38)   /* where loader maps show a VM's RAM */

#define HOOK(name, statement)                                                                      \
	static void name(struct pagetable *pt)                                                     \
	{                                                                                          \
		statement;                                                                         \
	}

HOOK(hook_none, (void)pt)
HOOK(hook_drop_page, *entry_of(pt, LINUX_DEVICE_VA) = 0)
HOOK(hook_extra_page, map_page_beside(pt, LINUX_DEVICE_VA, FREE_VA, 0x50000000))
HOOK(hook_extra_hyp_page, map_page_beside(pt, LINUX_DEVICE_VA, FREE_VA, HYP_BASE))
HOOK(hook_extra_table_page, map_page_beside(pt, LINUX_DEVICE_VA, FREE_VA, pt->tables_pa))
HOOK(hook_extra_console_page, map_page_beside(pt, LINUX_DEVICE_VA, FREE_VA, 0x9000000))
HOOK(hook_extra_rt_page, map_page_beside(pt, LINUX_DEVICE_VA, FREE_VA, RT_RAM_PA))
HOOK(hook_extra_image_page, map_page_beside(pt, LINUX_DEVICE_VA, FREE_VA, IMAGES_BASE))
HOOK(hook_window_page, map_page_beside(pt, LINUX_DEVICE_VA, 0x9000000, 0x50000000))
HOOK(hook_other_target, *entry_of(pt, RAM_VA) += UINT64_C(1) << 30)
HOOK(hook_read_only, *entry_of(pt, RAM_VA) &= ~(UINT64_C(1) << 7))
HOOK(hook_not_shareable, *entry_of(pt, RAM_VA) &= ~(UINT64_C(3) << 8))
HOOK(hook_device_as_normal, *entry_of(pt, LINUX_DEVICE_VA) |= UINT64_C(15) << 2)
HOOK(hook_device_executable, *entry_of(pt, LINUX_DEVICE_VA) &= ~(UINT64_C(1) << 54))
HOOK(hook_shared_executable, *entry_of(pt, SHARED_VA) &= ~(UINT64_C(1) << 54))
HOOK(hook_no_access_flag, *entry_of(pt, RAM_VA) &= ~(UINT64_C(1) << 10))
HOOK(hook_wild_table, pt->tables[0] = UINT64_C(0x60000000) | 3)
HOOK(hook_table_loop, pt->tables[3] = pt->tables_pa | 3)
HOOK(hook_output_size, *entry_of(pt, RAM_VA) |= UINT64_C(1) << 45)
HOOK(hook_hyp_text_writable, *entry_of(pt, HYP_BASE) &= ~(UINT64_C(1) << 7))
HOOK(hook_hyp_rodata_writable, *entry_of(pt, RODATA_BASE) &= ~(UINT64_C(1) << 7))
HOOK(hook_hyp_data_executable, *entry_of(pt, DATA_BASE) &= ~(UINT64_C(1) << 54))
HOOK(hook_hyp_guard, map_page_beside(pt, DATA_BASE, STACKS_BASE, STACKS_BASE))
HOOK(hook_hyp_other_target, *entry_of(pt, DATA_BASE) += 0x1000)
HOOK(hook_hyp_drop, *entry_of(pt, HYP_BASE) = 0)
HOOK(hook_hyp_guest, map_page_beside(pt, DATA_BASE, HYP_BASE + HYP_SIZE - 0x1000, LINUX_RAM_PA))
HOOK(hook_hyp_attribute, *entry_of(pt, DATA_BASE) |= UINT64_C(1) << 11)
HOOK(hook_loader_executable, *entry_of(pt, UPPER + LINUX_RAM_PA) &= ~(UINT64_C(1) << 54))
HOOK(hook_loader_rt, *entry_of(pt, UPPER + LINUX_RAM_PA) -= LINUX_RAM_PA - RT_RAM_PA)
HOOK(hook_loader_hyp, *entry_of(pt, UPPER + LINUX_RAM_PA) -= LINUX_RAM_PA - HYP_BASE)
HOOK(hook_loader_drop, *entry_of(pt, UPPER + LINUX_RAM_PA) = 0)
HOOK(hook_loader_lower_half, pt->tables[1] = 0)
HOOK(hook_loader_extra, *entry_of(pt, UPPER + 0x90000000) = (*entry_of(pt, UPPER + LINUX_RAM_PA) &
							     ~UINT64_C(0xfffffffff000)) |
							    0x80000000)
HOOK(hook_loader_wild, pt->tables[5] = UINT64_C(0x60000000) | 3)

#define LINUX_TABLES(rule, hook)                                                                   \
	{                                                                                          \
		rule, mutate_nothing,                                                              \
		{                                                                                  \
			hook, MAP_STAGE2, 0x9040000, false                                         \
		}                                                                                  \
	}
#define HYP_TABLES(rule, hook)                                                                     \
	{                                                                                          \
		rule, mutate_nothing,                                                              \
		{                                                                                  \
			hook, MAP_HYP, 0, false                                                    \
		}                                                                                  \
	}
#define LOADER_TABLES(rule, hook)                                                                  \
	{                                                                                          \
		rule, mutate_nothing,                                                              \
		{                                                                                  \
			hook, MAP_LOADER, 0x9040000, false                                         \
		}                                                                                  \
	}
#define FAILS(rule, which)                                                                         \
	{                                                                                          \
		rule, mutate_nothing,                                                              \
		{                                                                                  \
			hook_none, which, 0, true                                                  \
		}                                                                                  \
	}

MUTATION(mutate_nothing, (void)s)

static const struct breakage breakages[] = {
	LINUX_TABLES("stage2-missing", hook_drop_page),
	LINUX_TABLES("stage2-extra", hook_extra_page),
	LINUX_TABLES("stage2-target", hook_other_target),
	LINUX_TABLES("stage2-attributes", hook_read_only),
	LINUX_TABLES("stage2-attributes", hook_not_shareable),
	LINUX_TABLES("stage2-attributes", hook_device_as_normal),
	LINUX_TABLES("stage2-attributes", hook_device_executable),
	LINUX_TABLES("stage2-descriptor", hook_no_access_flag),
	LINUX_TABLES("stage2-descriptor", hook_wild_table),
	LINUX_TABLES("stage2-descriptor", hook_table_loop),
	LINUX_TABLES("stage2-descriptor", hook_output_size),
	LINUX_TABLES("device-executable", hook_device_executable),
	LINUX_TABLES("shared-executable", hook_shared_executable),
	LINUX_TABLES("frame-hyp", hook_extra_hyp_page),
	LINUX_TABLES("frame-tables", hook_extra_table_page),
	LINUX_TABLES("frame-hyp-device", hook_extra_console_page),
	LINUX_TABLES("frame-shared", hook_extra_rt_page),
	LINUX_TABLES("frame-images", hook_extra_image_page),
	LINUX_TABLES("window-mapped", hook_window_page),
	FAILS("stage2-failed", MAP_STAGE2),

	HYP_TABLES("hyp-wx", hook_hyp_text_writable),
	HYP_TABLES("hyp-wx", hook_hyp_data_executable),
	HYP_TABLES("hyp-attributes", hook_hyp_rodata_writable),
	HYP_TABLES("hyp-guard", hook_hyp_guard),
	HYP_TABLES("hyp-extra", hook_hyp_guard),
	HYP_TABLES("hyp-target", hook_hyp_other_target),
	HYP_TABLES("hyp-missing", hook_hyp_drop),
	HYP_TABLES("hyp-descriptor", hook_hyp_attribute),
	HYP_TABLES("hyp-maps-guest", hook_hyp_guest),
	FAILS("hyp-failed", MAP_HYP),

	LOADER_TABLES("hyp-wx", hook_loader_executable),
	LOADER_TABLES("loader-attributes", hook_loader_executable),
	LOADER_TABLES("loader-other-vm", hook_loader_rt),
	LOADER_TABLES("loader-target", hook_loader_rt),
	LOADER_TABLES("loader-hyp-frame", hook_loader_hyp),
	LOADER_TABLES("loader-missing", hook_loader_drop),
	LOADER_TABLES("loader-missing", hook_loader_lower_half),
	LOADER_TABLES("loader-extra", hook_loader_extra),
	LOADER_TABLES("loader-descriptor", hook_loader_wild),
	FAILS("loader-failed", MAP_LOADER),
};

BREAKAGES(broken_tables, breakages)
