/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arch/armv8-a/mappings.c: what VMs, the hypervisor and the loader may do where, as the independent walker
 * reads it. The VMs are those of the test plan.
 */
#include "tables_rig.h"

#include <plan.h>

#define NORMAL (MAP_NORMAL | MAP_INNER)
#define R_X (MAP_READ | MAP_EXECUTE | NORMAL)
#define R__ (MAP_READ | NORMAL)
#define RW_ (MAP_READ | MAP_WRITE | NORMAL)
#define RWX (MAP_READ | MAP_WRITE | MAP_EXECUTE | NORMAL)
#define DEVICE (MAP_READ | MAP_WRITE | MAP_DEVICE)

/* ---- stage 2 ---------------------------------------------------------------------------------------------- */

static void vms(void **state)
{
	static const uint32_t attributes[] = {
		[PLAN_MEMORY_RAM] = RWX,
		[PLAN_MEMORY_SHARED] = RW_,
		[PLAN_MEMORY_DEVICE] = DEVICE,
	};

	(void)state;
	for (uint32_t vm = 0; vm < PLAN_VM_COUNT; vm++) {
		const struct plan_vm *plan = &plan_vms[vm];
		const struct plan_extent *extents = &plan_extents[plan->extent_first];
		struct map_range expected[8];
		struct tables tables;

		tables_make(&tables, WALK_STAGE2, plan->ipa_bits,
			    pagetable_stage2_start_level(plan->ipa_bits), plan->stage2_count);
		assert_true(mappings_stage2(&tables.pt, extents, plan->extent_count));
		tables_walk(&tables, NULL);
		for (uint32_t i = 0; i < plan->extent_count; i++) {
			expected[i] = (struct map_range){ extents[i].va, extents[i].pa,
							  extents[i].size,
							  attributes[extents[i].kind] };
		}
		assert_maps(&tables, expected, plan->extent_count);
		tables_free(&tables);
	}
}

static void vm_that_does_not_fit(void **state)
{
	const struct plan_vm *plan = &plan_vms[ALPHA];
	struct tables tables;

	(void)state;
	tables_make(&tables, WALK_STAGE2, plan->ipa_bits, 1, 3);
	assert_false(
		mappings_stage2(&tables.pt, &plan_extents[plan->extent_first], plan->extent_count));
	tables_free(&tables);
	/* Two extents at one address. */
	tables_make(&tables, WALK_STAGE2, plan->ipa_bits, 1, 8);
	assert_true(mappings_stage2(&tables.pt, &plan_extents[plan->extent_first], 1));
	assert_false(mappings_stage2(&tables.pt, &plan_extents[plan->extent_first], 1));
	tables_free(&tables);
}

/* ---- the hypervisor ----------------------------------------------------------------------------------------- */

#define HYP UINT64_C(0x40200000)
#define STACK_STRIDE UINT64_C(0x3000)
#define STACKS 5u

/* An image of 28 KiB of text, and so on; stacks of 8 KiB; builtin images after it. */
static const struct hyp_extent hyp_extents[] = {
	{ HYP, HYP + 0x7000, HYP_EXTENT_TEXT, 0 },
	{ HYP + 0x7000, HYP + 0x9000, HYP_EXTENT_RODATA, 0 },
	{ HYP + 0x9000, HYP + 0x20000, HYP_EXTENT_DATA, 0 },
	{ HYP + 0x20000, HYP + 0x20000 + STACKS *STACK_STRIDE, HYP_EXTENT_STACKS, STACK_STRIDE },
	{ HYP + 0x200000, HYP + 0x600000, HYP_EXTENT_RODATA, 0 },
	{ HYP + 0x600000, HYP + 0x600000, HYP_EXTENT_RODATA, 0 }, /* no image at all */
};

static void make_hyp(struct tables *tables)
{
	tables_make(tables, WALK_STAGE1_EL2, PLAN_HYP_VA_BITS, 1, PLAN_HYP_TABLE_COUNT);
	assert_true(mappings_hyp(&tables->pt, hyp_extents, ARRAY_SIZE(hyp_extents),
				 plan_hyp_devices, PLAN_HYP_DEVICE_COUNT));
	tables_walk(tables, NULL);
}

static void hypervisor(void **state)
{
	struct map_range expected[32];
	size_t count = 0;
	struct tables tables;

	(void)state;
	make_hyp(&tables);
	for (uint32_t i = 0; i < PLAN_HYP_DEVICE_COUNT; i++) {
		expected[count++] = (struct map_range){ plan_hyp_devices[i].pa,
							plan_hyp_devices[i].pa,
							plan_hyp_devices[i].size, DEVICE };
	}
	expected[count++] = (struct map_range){ HYP, HYP, 0x7000, R_X };
	expected[count++] = (struct map_range){ HYP + 0x7000, HYP + 0x7000, 0x2000, R__ };
	expected[count++] = (struct map_range){ HYP + 0x9000, HYP + 0x9000, 0x17000, RW_ };
	for (uint64_t i = 0; i < STACKS; i++) { /* the lowest page of each is not there */
		uint64_t at = HYP + 0x20000 + i * STACK_STRIDE + 0x1000;

		expected[count++] = (struct map_range){ at, at, STACK_STRIDE - 0x1000, RW_ };
	}
	expected[count++] = (struct map_range){ HYP + 0x200000, HYP + 0x200000, 0x400000, R__ };
	assert_maps(&tables, expected, count);
	tables_free(&tables);
}

static void nothing_is_written_and_executed(void **state)
{
	struct tables tables;

	(void)state;
	make_hyp(&tables);
	assert_true(tables.ranges.count > 0);
	for (size_t i = 0; i < tables.ranges.count; i++) {
		uint32_t attributes = tables.ranges.ranges[i].attributes;

		assert_true((attributes & MAP_WRITE) == 0 || (attributes & MAP_EXECUTE) == 0);
		assert_true((attributes & MAP_DEVICE) == 0 || (attributes & MAP_EXECUTE) == 0);
	}
	tables_free(&tables);
}

static void hypervisor_that_does_not_fit(void **state)
{
	struct tables tables;

	(void)state;
	for (uint32_t count = 1; count < 6; count++) {
		tables_make(&tables, WALK_STAGE1_EL2, PLAN_HYP_VA_BITS, 1, count);
		assert_false(mappings_hyp(&tables.pt, hyp_extents, ARRAY_SIZE(hyp_extents),
					  plan_hyp_devices, PLAN_HYP_DEVICE_COUNT));
		tables_free(&tables);
	}
}

/* ---- the loader ---------------------------------------------------------------------------------------------- */

static const struct plan_system images = { .images_base = 0x40300000, .images_size = 0x200000 };

static void make_loader(struct tables *tables, struct tables *hyp, uint32_t bits,
			const struct plan_extent *extents, uint32_t count)
{
	struct walk_memory hyp_memory;
	uint8_t *seen = calloc(PLAN_HYP_TABLE_COUNT, 1);

	/* The hypervisor's tables are elsewhere: its root is not used, what the root names is. */
	tables_make(hyp, WALK_STAGE1_EL2, bits, bits <= 39 ? 1 : 0, PLAN_HYP_TABLE_COUNT);
	hyp->pt.tables_pa = PT_BASE + 0x1000000;
	assert_true(mappings_hyp(&hyp->pt, hyp_extents, ARRAY_SIZE(hyp_extents), plan_hyp_devices,
				 PLAN_HYP_DEVICE_COUNT));
	tables_make(tables, WALK_STAGE1_EL2, bits, bits <= 39 ? 1 : 0, 8);
	assert_true(mappings_loader(&tables->pt, hyp->memory, extents, count));
	assert_true(mappings_loader_sources(&tables->pt, &plan_loads[0], 0, &images));
	hyp_memory = (struct walk_memory){ PT_BASE + 0x1000000, hyp->memory, PLAN_HYP_TABLE_COUNT,
					   seen };
	tables_walk(tables, &hyp_memory);
	free(seen);
}

/* Below half, what the hypervisor has; above it, the VM's memory, and nothing else of the VM. */
static void loader(void **state)
{
	(void)state;
	for (uint32_t vm = 0; vm < PLAN_VM_COUNT; vm++) {
		for (uint32_t bits = 39; bits <= 48; bits += 9) {
			const struct plan_vm *plan = &plan_vms[vm];
			const struct plan_extent *extents = &plan_extents[plan->extent_first];
			uint64_t offset = BIT64(bits - 1);
			struct tables own, hyp, tables;
			size_t below = 0;

			make_loader(&tables, &hyp, bits, extents, plan->extent_count);
			make_hyp(&own);
			while (below < tables.ranges.count &&
			       tables.ranges.ranges[below].va < offset) {
				below++;
			}
			assert_maps(&own, tables.ranges.ranges, below);
			for (uint32_t i = 0; i < plan->extent_count; i++) {
				const struct map_range *range =
					map_list_find(&tables.ranges, extents[i].pa + offset);

				if (extents[i].kind != PLAN_MEMORY_RAM) {
					assert_null(range);
					continue;
				}
				assert_true(map_list_maps(&tables.ranges, extents[i].pa + offset,
							  extents[i].pa, extents[i].size, RW_));
				assert_int_equal(range->attributes, RW_);
				below++;
			}
			assert_int_equal(tables.ranges.count, below);
			tables_free(&own);
			tables_free(&hyp);
			tables_free(&tables);
		}
	}
}

/* Images that a boot loader put somewhere can be read there, by whole pages; builtin ones need nothing. */
static void loader_sources(void **state)
{
	static const struct plan_load loads[] = {
		{ 0x51000000, 0x40300000, 0x1234 }, /* the first byte of the images */
		{ 0x51000000, 0x404fffff, 0x1 },    /* the last */
		{ 0x51000000, 0x60000fff, 0x2 },    /* two pages for two bytes */
		{ 0x51000000, 0x60003000, 0x1000 }, /* exactly one */
		{ 0x51000000, 0x40500000, 0x10 },   /* right after the images */
		{ 0x51000000, 0x402fff00, 0x10 },   /* right before */
	};
	uint64_t offset = BIT64(38);
	struct tables tables;

	(void)state;
	tables_make(&tables, WALK_STAGE1_EL2, 39, 1, 8);
	assert_true(mappings_loader_sources(&tables.pt, loads, ARRAY_SIZE(loads), &images));
	tables_walk(&tables, NULL);
	assert_maps(&tables,
		    (struct map_range[]){
			    { offset + 0x402ff000, 0x402ff000, 0x1000, R__ },
			    { offset + 0x40500000, 0x40500000, 0x1000, R__ },
			    { offset + 0x60000000, 0x60000000, 0x2000, R__ },
			    { offset + 0x60003000, 0x60003000, 0x1000, R__ },
		    },
		    4);
	tables_free(&tables);
	tables_make(&tables, WALK_STAGE1_EL2, 39, 1, 2);
	assert_false(mappings_loader_sources(&tables.pt, loads, ARRAY_SIZE(loads), &images));
	tables_free(&tables);
}

/* Of the hypervisor's root, the lower half and not an entry more. */
static void loader_root(void **state)
{
	uint64_t root[PAGETABLE_ENTRIES];
	struct tables tables;

	(void)state;
	for (uint32_t i = 0; i < PAGETABLE_ENTRIES; i++) {
		root[i] = (UINT64_C(0x40000000) + i * PAGETABLE_BYTES) | PTE_TABLE | PTE_VALID;
	}
	tables_make(&tables, WALK_STAGE1_EL2, 39, 1, 1);
	assert_true(mappings_loader(&tables.pt, root, NULL, 0));
	for (uint32_t i = 0; i < PAGETABLE_ENTRIES; i++) {
		assert_u64(tables.memory[i], i < PAGETABLE_ENTRIES / 2 ? root[i] : 0);
	}
	tables_free(&tables);
}

static void loader_that_does_not_fit(void **state)
{
	static const uint64_t root[PAGETABLE_ENTRIES];
	struct tables tables;

	(void)state;
	tables_make(&tables, WALK_STAGE1_EL2, 39, 1, 1);
	assert_false(mappings_loader(&tables.pt, root, &plan_extents[0], 4));
	tables_free(&tables);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(vms),
		TEST(vm_that_does_not_fit),
		TEST(hypervisor),
		TEST(nothing_is_written_and_executed),
		TEST(hypervisor_that_does_not_fit),
		TEST(loader),
		TEST(loader_root),
		TEST(loader_sources),
		TEST(loader_that_does_not_fit),
	};

	return RUN_TESTS(tests);
}
