/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many translation tables the hypervisor needs, found by running the target's own mapping code
 * into scratch memory: exact for stage 2 and the loader maps, an upper bound over every section
 * layout for the hypervisor's own map.
 */
#include "planner.h"

#include <armv8-a/mappings.h>

#include <stdio.h>
#include <stdlib.h>

#define MIN_IPA_BITS 32u
/* Beyond the worst case: a part of the image that the bound does not know costs at most two. */
#define HYP_TABLE_MARGIN 2u

/*
 * Scratch tables at physical address 0 (only their number is of interest), as many as HYP_SIZE
 * holds: more can't be linked into the hypervisor.
 */
struct scratch {
	uint64_t *tables;
	uint32_t count;
};

static struct scratch scratch_new(const struct planner *p)
{
	struct scratch scratch = { .count = (uint32_t)(p->inputs.settings.hyp_size / PAGE_SIZE) };

	scratch.tables = calloc(scratch.count, PAGETABLE_BYTES);
	if (scratch.tables == NULL) {
		fputs("error: planner: out of memory\n", stderr);
		exit(1);
	}
	return scratch;
}

static void report_tables(struct planner *p, const char *where, const char *what)
{
	REPORT(p, HYP_SIZE, where,
	       "the translation tables of %s do not fit the hypervisor's %s; align large regions "
	       "and "
	       "devices to 2 MiB, or raise HYP_SIZE in menuconfig",
	       what, size_text(&p->arena, p->inputs.settings.hyp_size));
}

/* Level at which a stage-1 walk starts: one root table covers 39 or 48 bits. */
static uint32_t stage1_start_level(uint32_t bits)
{
	return bits <= 39 ? 1 : 0;
}

static uint32_t bits_for(uint64_t last)
{
	uint32_t bits = 0;

	while (bits < 64 && (last >> bits) != 0) {
		bits++;
	}
	return bits;
}

static uint32_t ipa_bits(const struct plan *plan, const struct plan_vm *vm)
{
	uint32_t bits = MIN_IPA_BITS;

	for (uint32_t i = 0; i < vm->extent_count; i++) {
		const struct plan_extent *extent = &plan->extents[vm->extent_first + i];
		uint32_t needed = bits_for(extent->va + (extent->size - 1));

		bits = needed > bits ? needed : bits;
	}
	for (uint32_t i = 0; i < vm->window_count; i++) {
		const struct plan_window *window = &plan->windows[vm->window_first + i];
		uint32_t needed = bits_for(window->va + (window->size - 1));

		bits = needed > bits ? needed : bits;
	}
	return bits;
}

static void count_stage2(struct planner *p, struct plan_vm *vm)
{
	struct plan *plan = &p->plan;
	struct scratch scratch = scratch_new(p);
	uint32_t level;
	uint32_t roots;
	struct pagetable pt;

	vm->ipa_bits = ipa_bits(plan, vm);
	level = pagetable_stage2_start_level(vm->ipa_bits);
	roots = pagetable_root_count(vm->ipa_bits, level);
	pagetable_init(&pt, vm->ipa_bits, level, scratch.tables, 0, scratch.count);
	if (!mappings_stage2(&pt, &plan->extents[vm->extent_first], vm->extent_count)) {
		report_tables(p, vm->name, "this VM");
	}
	/* Concatenated roots start at a multiple of their whole size. */
	vm->stage2_first = (uint32_t)align_up(plan->system.stage2_table_count, roots);
	vm->stage2_count = pt.table_used;
	plan->system.stage2_table_count = vm->stage2_first + vm->stage2_count;
	if (roots * PAGETABLE_BYTES > plan->stage2_align) {
		plan->stage2_align = roots * PAGETABLE_BYTES;
	}
	free(scratch.tables);
}

/*
 * The hypervisor's own map, the worst that sections can be laid out: single pages for its whole
 * area, the images it copies in the largest blocks, and its devices.
 */
static struct pagetable count_hyp(struct planner *p, struct scratch scratch)
{
	const struct plan_system *system = &p->plan.system;
	struct pagetable pt;
	bool mapped;

	pagetable_init(&pt, system->hyp_va_bits, stage1_start_level(system->hyp_va_bits),
		       scratch.tables, 0, scratch.count);
	mapped = pagetable_map(&pt, system->hyp_base, system->hyp_base, system->hyp_size, 0,
			       PAGETABLE_BYTES);
	mapped = mapped && pagetable_map(&pt, system->images_base, system->images_base,
					 p->model.images_copied_size, 0, MAPPINGS_LARGEST_BLOCK);
	mapped = mapped &&
		 mappings_hyp(&pt, NULL, 0, p->plan.hyp_devices, system->hyp_device_count);
	if (!mapped) {
		report_tables(p, "hypervisor", "its own map");
	}
	return pt;
}

static void count_loader(struct planner *p, const struct model_vm *vm, const uint64_t *hyp_root)
{
	struct plan *plan = &p->plan;
	struct plan_vm *row = &plan->vms[vm->index];
	uint32_t bits = plan->system.hyp_va_bits;
	struct pagetable pt;
	struct scratch scratch = scratch_new(p);

	pagetable_init(&pt, bits, stage1_start_level(bits), scratch.tables, 0, scratch.count);
	if (!mappings_loader(&pt, hyp_root, &plan->extents[row->extent_first], row->extent_count) ||
	    !mappings_loader_sources(&pt, &plan->loads[row->load_first], row->load_count,
				     &plan->system)) {
		report_tables(p, vm->name, "this VM's loader map");
	}
	row->loader_first = plan->system.loader_table_count;
	row->loader_count = pt.table_used;
	plan->system.loader_table_count += pt.table_used;
	free(scratch.tables);
}

/* 39 bits if half of them reach everything physical, so that the loader map fits above; else 48. */
static uint32_t hyp_va_bits(const struct planner *p)
{
	const struct board *machine = p->inputs.board;
	const struct plan *plan = &p->plan;
	uint64_t last = p->model.images_base + p->model.images_size;

	for (uint32_t i = 0; i < machine->memory_count; i++) {
		uint64_t end = machine->memories[i].base + (machine->memories[i].size - 1);

		last = end > last ? end : last;
	}
	for (uint32_t i = 0; i < plan->system.hyp_device_count; i++) {
		uint64_t end = plan->hyp_devices[i].pa + (plan->hyp_devices[i].size - 1);

		last = end > last ? end : last;
	}
	return bits_for(last) <= 38 ? 39 : 48;
}

void plan_count_tables(struct planner *p)
{
	struct plan *plan = &p->plan;
	struct plan_system *system = &plan->system;
	struct scratch hyp = scratch_new(p);

	plan->stage2_align = PAGETABLE_BYTES;
	system->hyp_va_bits = hyp_va_bits(p);
	system->hyp_table_count = count_hyp(p, hyp).table_used + HYP_TABLE_MARGIN;
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		count_stage2(p, &plan->vms[v]);
		count_loader(p, &p->model.vms[v], hyp.tables);
	}
	free(hyp.tables);
	if ((uint64_t)system->stage2_table_count + system->loader_table_count +
		    system->hyp_table_count >=
	    system->hyp_size / PAGETABLE_BYTES) {
		report_tables(p, "hypervisor", "all VMs together");
	}
}
