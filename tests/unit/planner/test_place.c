/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Properties of placement over random configurations: nobody's memory meets anybody else's,
 * everything is aligned and in RAM, blocks are used where they can be, copies stay in the VM, and
 * the same input gives the same plan. The seed is fixed, so that a failure repeats.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "system.h"

#define ROUNDS 3000u
#define RAM_BASE UINT64_C(0x40000000)
#define PAGE UINT64_C(0x1000)
#define BLOCK UINT64_C(0x200000)

static uint64_t seed = 1;

/* xorshift64 */
static uint64_t random_number(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static uint64_t below(uint64_t limit)
{
	return random_number() % limit;
}

/* ---- random systems -------------------------------------------------------------------------- */

/* From a page to some hundred MiB, with sizes that are and are not whole blocks. */
static uint64_t random_size(void)
{
	uint64_t size = UINT64_C(1) << (12 + below(17));

	return below(2) == 0 ? size : size + PAGE * below(64);
}

static void random_region(struct system *s, unsigned int vm, uint64_t base)
{
	struct vm_mem_region *region = system_add_region(s, vm, base, random_size());

	if (below(4) == 0) {
		region->place_phys = true;
		region->phys = RAM_BASE + PAGE * below(0x40000);
	}
}

static void random_vm(struct system *s, unsigned int index)
{
	struct vm_config *vm = index == 0 ? &s->vms[0] : system_add_vm(s, NULL);

	vm->name = NULL;
	vm->platform.cpu_num = 1;
	vm->cpu_affinity = below(16);
	vm->platform.region_num = 0;
	system_add_region(s, index, 0x40000000, 0x200000 + IMAGE_SIZE + random_size());
	for (uint64_t i = below(3); i > 0; i--) {
		random_region(s, index, 0x40000000 + i * 0x40000000 + PAGE * below(0x2000));
	}
	vm->image.inplace = below(4) == 0;
	vm->image.load_addr = image_offset(below(2) == 0 ? IMAGE_PLAIN : IMAGE_OTHER);
	vm->image.size = vm->image.load_addr == image_offset(IMAGE_PLAIN) ? image_size(IMAGE_PLAIN)
									  : image_size(IMAGE_OTHER);
	if (below(4) == 0) {
		vm->image = (struct vm_image_config)VM_IMAGE_LOADED(0x40200000, 0, 0);
		vm->image.load_addr = RAM_BASE + PAGE * below(0x40000);
		vm->image.size = 1 + below(0x3000);
		vm->image.inplace = below(2) == 0;
	}
	if (below(3) == 0) {
		vm->dtb.generate = true;
		vm->initrd.file = below(2) == 0 ? "initrd.gz" : NULL;
	}
}

static struct system *random_system(void)
{
	struct system *s = system_new();
	unsigned int vms = 1 + (unsigned int)below(SYSTEM_VMS);

	memset(&s->vms[1], 0, sizeof(s->vms[1]));
	memset(&s->lists[1], 0, sizeof(s->lists[1]));
	s->config.vmlist_size = 1;
	s->config.shmemlist_size = 1 + below(3);
	s->vms[0].platform.ipc_num = 0;
	for (unsigned int i = 0; i < vms; i++) {
		random_vm(s, i);
		system_add_ipc(s, i, UINT64_C(0x200000000), 100 + i)->shmem_id =
			below(s->config.shmemlist_size);
	}
	for (unsigned int i = 0; i < s->config.shmemlist_size; i++) {
		s->shmems[i] = (struct shmem){ .size = random_size() };
	}
	if (below(2) == 0) {
		s->memories[0].size = 0x8000000 + BLOCK * below(0x100);
		s->memories[1] =
			(struct board_memory){ UINT64_C(0x100000000), BLOCK * (1 + below(0x200)) };
		s->board.memory_count = 2;
	}
	return s;
}

/* ---- properties ------------------------------------------------------------------------------ */

static bool meet(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
	return a < b + b_size && b < a + a_size;
}

static bool in_ram(const struct system *s, uint64_t base, uint64_t size)
{
	for (uint32_t i = 0; i < s->board.memory_count; i++) {
		const struct board_memory *bank = &s->memories[i];

		if (base >= bank->base && base + size <= bank->base + bank->size) {
			return true;
		}
	}
	return false;
}

/* The hypervisor's memory, firmware's, and images that are copied from belong to no VM. */
static void check_system(const struct system *s, const struct plan_extent *e)
{
	const struct plan *plan = &s->planner.plan;

	assert_true(in_ram(s, e->pa, e->size));
	assert_false(meet(e->pa, e->size, plan->system.hyp_base, plan->system.hyp_size));
	assert_false(meet(e->pa, e->size, plan->system.images_base,
			  s->planner.model.images_copied_size));
	assert_false(meet(e->pa, e->size, s->reserved[0].base, s->reserved[0].size));
	for (uint32_t i = 0; i < plan->system.load_count; i++) {
		assert_false(meet(e->pa, e->size, plan->loads[i].source_pa, plan->loads[i].size));
	}
}

static void check_extent(const struct system *s, uint32_t index, uint32_t owner)
{
	const struct plan *plan = &s->planner.plan;
	const struct plan_extent *e = &plan->extents[index];

	assert_true(e->size != 0 && (e->va | e->pa | e->size) % PAGE == 0);
	if (e->kind == PLAN_MEMORY_DEVICE) {
		return;
	}
	check_system(s, e);
	for (uint32_t v = 0; v < plan->system.vm_count; v++) {
		const struct plan_vm *vm = &plan->vms[v];

		for (uint32_t i = vm->extent_first; i < vm->extent_first + vm->extent_count; i++) {
			const struct plan_extent *other = &plan->extents[i];
			bool shared = e->kind == PLAN_MEMORY_SHARED &&
				      other->kind == PLAN_MEMORY_SHARED && e->shmem == other->shmem;

			if (i != index && !shared) {
				assert_false(meet(e->pa, e->size, other->pa, other->size));
			}
			if (i != index && v == owner) {
				assert_false(meet(e->va, e->size, other->va, other->size));
			}
		}
	}
}

/* Ascending, and the regions of the configuration entirely. */
static void check_vm(const struct system *s, uint32_t v)
{
	const struct plan *plan = &s->planner.plan;
	const struct plan_vm *vm = &plan->vms[v];
	uint64_t wanted = 0;
	uint64_t got = 0;

	for (uint32_t i = vm->extent_first; i < vm->extent_first + vm->extent_count; i++) {
		check_extent(s, i, v);
		got += plan->extents[i].kind == PLAN_MEMORY_RAM ? plan->extents[i].size : 0;
		assert_true(i == vm->extent_first || plan->extents[i - 1].va < plan->extents[i].va);
	}
	for (size_t i = 0; i < s->vms[v].platform.region_num; i++) {
		wanted += s->lists[v].regions[i].size;
	}
	assert_int_equal(got, wanted);
	for (uint32_t i = vm->load_first; i < vm->load_first + vm->load_count; i++) {
		bool inside = false;

		for (uint32_t n = vm->extent_first; n < vm->extent_first + vm->extent_count; n++) {
			const struct plan_extent *e = &plan->extents[n];

			inside = inside || (e->kind == PLAN_MEMORY_RAM &&
					    plan->loads[i].destination_pa >= e->pa &&
					    plan->loads[i].destination_pa + plan->loads[i].size <=
						    e->pa + e->size);
		}
		assert_true(inside);
	}
}

static void check_tables(const struct plan *plan)
{
	uint32_t end = 0;

	for (uint32_t v = 0; v < plan->system.vm_count; v++) {
		const struct plan_vm *vm = &plan->vms[v];

		assert_true(vm->stage2_first >= end && vm->stage2_count >= 1);
		end = vm->stage2_first + vm->stage2_count;
		assert_true(vm->entry < UINT64_C(1) << vm->ipa_bits);
	}
	assert_int_equal(end, plan->system.stage2_table_count);
}

static void assert_same_text(struct system *a, struct system *b,
			     void (*emit)(struct planner *p, struct text *out))
{
	struct text first = { 0 };
	struct text second = { 0 };

	emit(&a->planner, &first);
	emit(&b->planner, &second);
	assert_int_equal(first.size, second.size);
	assert_memory_equal(first.data, second.data, first.size);
	text_free(&first);
	text_free(&second);
}

static void test_random_systems(void **state)
{
	uint32_t planned = 0;

	(void)state;
	for (uint32_t round = 0; round < ROUNDS; round++) {
		uint64_t start = seed;
		struct system *s = random_system();
		struct system *again;
		bool done = system_run(s);

		seed = start;
		again = random_system();
		assert_int_equal(system_run(again), done);
		assert_int_equal(again->planner.report.count, s->planner.report.count);
		if (done) {
			planned++;
			for (uint32_t v = 0; v < s->planner.plan.system.vm_count; v++) {
				check_vm(s, v);
			}
			check_tables(&s->planner.plan);
			assert_same_text(s, again, emit_plan_c);
			assert_same_text(s, again, emit_plan_h);
		}
		system_free(again);
		system_free(s);
	}
	/* The random systems are neither all correct nor all wrong. */
	assert_true(planned > ROUNDS / 5 && planned < ROUNDS);
	print_message("%u of %u random systems were planned\n", planned, ROUNDS);
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static void test_blocks(void **state)
{
	struct system *s = system_new();
	const struct plan *plan = &s->planner.plan;

	(void)state;
	s->lists[0].regions[0].base = 0x40100000; /* not at a block: congruent to one */
	assert_true(system_run(s));
	for (uint32_t i = 0; i < plan->system.extent_count; i++) {
		const struct plan_extent *e = &plan->extents[i];

		if (e->kind == PLAN_MEMORY_RAM) {
			assert_int_equal((e->va - e->pa) % BLOCK, 0);
		}
	}
	system_free(s);
}

static void test_gigabyte_blocks(void **state)
{
	struct system *s = system_new();

	(void)state;
	s->memories[0].size = 0x100000000;
	system_add_region(s, 1, 0x80000000, 0x40000000);
	assert_true(system_run(s));
	for (uint32_t i = 0; i < s->planner.plan.system.extent_count; i++) {
		const struct plan_extent *e = &s->planner.plan.extents[i];

		if (e->size == 0x40000000) {
			assert_int_equal(e->pa % 0x40000000, 0);
		}
	}
	/* Root, one table for the image's region, one for channels: the gigabyte needs none. */
	assert_true(s->planner.plan.vms[1].stage2_count <= 4);
	system_free(s);
}

/* Large ones first: small ones between them would leave no stretch that is long enough. */
static void test_largest_first(void **state)
{
	struct system *s = system_new();

	(void)state;
	s->lists[0].regions[0].size = 0x1000000;
	system_add_region(s, 1, 0x80000000, 0x3a000000);
	s->memories[0].size = 0x3c000000;
	s->memories[1] = (struct board_memory){ 0x100000000, 0x2000000 };
	s->board.memory_count = 2;
	if (!system_run(s)) {
		system_print(s);
		fail_msg("what fits largest first is not planned");
	}
	system_free(s);
}

/* Where blocks do not fit, smaller alignment does. */
static void test_tight_memory(void **state)
{
	struct system *s = system_new();

	(void)state;
	s->memories[0].size = 0x40300000 + 0x5000 + 0x300000 + 0x300000 + 0x10000 - 0x40000000;
	s->planner.inputs.settings.hyp_base = 0x40010000; /* nothing is left below it */
	s->planner.inputs.settings.hyp_size = 0x2f0000;
	s->lists[0].regions[0].size = 0x300000;
	s->lists[1].regions[0].size = 0x300000;
	if (!system_run(s)) {
		system_print(s);
		fail_msg("what fits is not planned");
	}
	system_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_systems),  cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_gigabyte_blocks), cmocka_unit_test(test_largest_first),
		cmocka_unit_test(test_tight_memory),
	};
	int failed;

	system_files_create();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	system_files_remove();
	return failed;
}
