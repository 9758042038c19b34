/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arch/armv8-a/memory.c: building the tables of the test plan, the translation registers, and filling a
 * VM's memory. Addresses of tables are the host's, so this is for 64-bit hosts. Instructions are counted,
 * and every access is translated by the tables in use, read by the independent walker.
 */
#include <fake/test.h>

#include <stdlib.h>

#include <arm/aarch64/cpu.h>
#include <arm/aarch64/sysreg.h>
#include <armv8-a/mappings.h>
#include <bao/arch/inline.h>
#include <bao/arch/vm.h>
#include <bao/check.h>
#include <bao/cpu.h>
#include <bao/io.h>
#include <fake/machine.h>
#include <map_list.h>
#include <walker.h>

#define HYP UINT64_C(0x40200000)
#define LINE 64u

/* Linker script. */
const struct hyp_extent hyp_extents[] = {
	{ HYP, HYP + 0x8000, HYP_EXTENT_TEXT, 0 },
	{ HYP + 0x8000, HYP + 0x20000, HYP_EXTENT_DATA, 0 },
	{ PLAN_IMAGES_BASE, PLAN_IMAGES_BASE + PLAN_IMAGES_SIZE, HYP_EXTENT_RODATA, 0 },
};
__asm__(".globl hyp_extents_end\n.set hyp_extents_end, hyp_extents + 96");
_Static_assert(sizeof(hyp_extents) == 96, "hyp_extents_end");

static void on_instruction(const char *text);
static void *on_copy(void *to, const void *from, size_t size);
static uint64_t on_read(uint64_t address);

/* From here on instructions, copies and probes go to the test. */
#define __asm__
#define volatile(...) on_instruction(#__VA_ARGS__)
#define __builtin_memcpy on_copy
#define mmio_read64 on_read
#include <armv8-a/memory.c>
#undef __asm__
#undef volatile

/* ---- what the tables in use say ------------------------------------------------------------------------ */

static struct {
	unsigned int cleaned, invalidated, tlb, icache;
} instructions;

static void on_instruction(const char *text)
{
	instructions.cleaned += strstr(text, "dc cvac") != NULL ? 1 : 0;
	instructions.invalidated += strstr(text, "dc civac") != NULL ? 1 : 0;
	instructions.tlb += strstr(text, "tlbi alle2") != NULL ? 1 : 0;
	instructions.icache += strstr(text, "ic ialluis") != NULL ? 1 : 0;
}

static void on_range(void *context, const struct map_range *range)
{
	map_list_add(context, *range);
}

static void on_problem(void *context, const struct walk_problem *problem)
{
	(void)context;
	fail_msg("%s", walk_problem_text(problem->kind));
}

static void read_tables(struct map_list *list, enum walk_stage stage, uint64_t root, uint32_t bits,
			uint32_t level)
{
	static uint8_t seen[3][PLAN_STAGE2_TABLE_COUNT];
	const struct walk_memory memory[] = {
		{ address_of(hyp_tables), &hyp_tables[0][0], PLAN_HYP_TABLE_COUNT, seen[0] },
		{ address_of(loader_tables), &loader_tables[0][0], PLAN_LOADER_TABLE_COUNT,
		  seen[1] },
		{ address_of(stage2_tables), &stage2_tables[0][0], PLAN_STAGE2_TABLE_COUNT,
		  seen[2] },
	};
	struct walk walk = { stage,  bits, level,    48,         root, hyp_mair,
			     memory, 3,    on_range, on_problem, list };

	memset(seen, 0, sizeof(seen));
	walk_all(&walk);
}

/* Physical address of [at, at + size) under the tables in TTBR0_EL2, which must allow `needed`. */
static uint64_t translate(uint64_t at, uint64_t size, uint32_t needed)
{
	struct map_list list = { 0 };
	const struct map_range *range;
	uint64_t pa;

	assert_true(instructions.tlb > 0);
	read_tables(&list, WALK_STAGE1_EL2, sysreg_read(ttbr0_el2), PLAN_HYP_VA_BITS, 1);
	range = map_list_find(&list, at);
	if (range == NULL || (range->attributes & needed) != needed ||
	    at + size > range->va + range->size) {
		fail_msg("0x%llx is not mapped so", (unsigned long long)at);
	}
	pa = range->pa + (at - range->va);
	map_list_free(&list);
	return pa;
}

static void *on_copy(void *to, const void *from, size_t size)
{
	fake_note("copy 0x%llx to 0x%llx, 0x%zx",
		  (unsigned long long)translate(address_of(from), size, MAP_READ),
		  (unsigned long long)translate(address_of(to), size, MAP_READ | MAP_WRITE), size);
	return to;
}

static uint64_t on_read(uint64_t address)
{
	fake_note("probe 0x%llx", (unsigned long long)translate(address, 8, MAP_READ));
	return 0;
}

static int setup(void **state)
{
	(void)state;
	fake_machine_boot(CPU_ALPHA_0);
	memset(hyp_tables, 0, sizeof(hyp_tables));
	memset(loader_tables, 0, sizeof(loader_tables));
	memset(stage2_tables, 0, sizeof(stage2_tables));
	memset(&instructions, 0, sizeof(instructions));
	sysreg_write(ctr_el0, 4 << 16);
	boot_build_hyp_map();
	sysreg_write(ttbr0_el2, address_of(hyp_tables));
	return 0;
}

/* ---- stage 2 ---------------------------------------------------------------------------------------------- */

/* Every VM's tables, built into one pool, reach exactly the VM's own frames by its own registers. */
static void every_vm(void **state)
{
	(void)state;
	for (uint32_t vm = 0; vm < PLAN_VM_COUNT; vm++) {
		arch_vm_build_stage2(vm);
	}
	sysreg_write(id_aa64mmfr0_el1, 2); /* 40 bits */
	for (uint32_t vm = 0; vm < PLAN_VM_COUNT; vm++) {
		const struct plan_vm *plan = &plan_vms[vm];
		struct map_list list = { 0 };
		uint64_t vtcr, mapped = 0, planned = 0;

		stage2_cpu_init(vm);
		vtcr = sysreg_read(vtcr_el2);
		/* RES1, PS of 40 bits, 4 KiB, inner shareable write-back, SL0 for level 1. */
		assert_u64(vtcr & ~UINT64_C(0x3f), UINT64_C(0x80023540));
		assert_u64(64 - (vtcr & 0x3f), plan->ipa_bits);
		assert_u64(sysreg_read(vttbr_el2) >> 48, vm + 1);
		read_tables(&list, WALK_STAGE2, sysreg_read(vttbr_el2) & (BIT64(48) - 1),
			    plan->ipa_bits, 1);
		for (uint32_t i = 0; i < plan->extent_count; i++) {
			const struct plan_extent *extent = &plan_extents[plan->extent_first + i];

			planned += extent->size;
			assert_true(map_list_maps(&list, extent->va, extent->pa, extent->size,
						  MAP_READ | MAP_WRITE));
		}
		for (size_t i = 0; i < list.count; i++) {
			mapped += list.ranges[i].size;
		}
		assert_u64(mapped, planned);
		map_list_free(&list);
	}
}

/* PS never says more than the CPU has, nor more than 48 bits. */
static void physical_sizes(void **state)
{
	(void)state;
	for (uint64_t range = 0; range < 8; range++) {
		sysreg_write(id_aa64mmfr0_el1, 0xf0 | range);
		stage2_cpu_init(BETA);
		assert_u64(sysreg_read(vtcr_el2) >> 16 & 7, range < 5 ? range : 5);
	}
}

/* ---- loading ------------------------------------------------------------------------------------------------ */

static void load(void **state)
{
	(void)state;
	arch_vm_load(ALPHA, false);
	assert_trace("probe 0x51fffff8; probe 0x52802ff8; copy 0x40300000 to 0x51000000, 0x1241; "
		     "copy 0x40302000 to 0x52800ff0, 0x20");
	/* Lines of [0, 0x1241) and, across the end of one, of [0xff0, 0x1010). */
	assert_int_equal(instructions.cleaned, 0x1240 / LINE + 1 + 2);
	assert_int_equal(instructions.invalidated, 0);
	assert_int_equal(instructions.tlb, 2); /* on the way in and out */
	assert_int_equal(instructions.icache, 1);
	assert_u64(sysreg_read(ttbr0_el2), address_of(hyp_tables));
}

static void load_of_others(void **state)
{
	(void)state;
	arch_vm_load(GAMMA, false); /* an image that is not among the builtin ones */
	assert_trace("probe 0x541ffff8; copy 0x61000800 to 0x54000000, 0x1000");
	arch_vm_load(BETA, false);
	assert_trace("probe 0x531ffff8; copy 0x40303000 to 0x53100001, 0x7");
	arch_vm_load(WIDE, false);
	assert_trace("probe 0xbffffff8; probe 0xd01ffff8");
}

/* Again, by the tables of the first time; and what the guest's last life left in caches goes first. */
static void load_again(void **state)
{
	(void)state;
	arch_vm_load(ALPHA, false);
	(void)fake_trace();
	memset(&instructions, 0, sizeof(instructions));
	arch_vm_load(ALPHA, true);
	assert_non_null(strstr(fake_trace(), "copy 0x40300000 to 0x51000000, 0x1241; "
					     "copy 0x40302000 to 0x52800ff0, 0x20"));
	assert_int_equal(instructions.invalidated, (0x1000000 + 0x3000) / LINE);
	assert_int_equal(instructions.tlb, 2);
	assert_u64(sysreg_read(ttbr0_el2), address_of(hyp_tables));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_SETUP(every_vm, setup),   TEST_SETUP(physical_sizes, setup),
		TEST_SETUP(load, setup),       TEST_SETUP(load_of_others, setup),
		TEST_SETUP(load_again, setup),
	};

	return RUN_TESTS(tests);
}
