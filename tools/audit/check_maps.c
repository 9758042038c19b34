/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Translation tables: runs the target's own mapping code (<armv8-a/mappings.h>) at the addresses
 * the tables will have, walks what it made as hardware would (walker.h), keeps the result for the
 * other checks, and compares it with what the plan says. The attributes expected are written here
 * again, in terms of what they permit, so that a wrong constant of the mapping code is a
 * difference.
 */
#include "audit.h"
#include "walker.h"

#include <stdlib.h>

/* More than any system needs; a damaged plan must not make the audit ask for all memory there
 * is. */
#define TABLE_LIMIT 65536u

#define MAIR_DEVICE_NGNRNE UINT64_C(0x00)
#define MAIR_NORMAL_WB UINT64_C(0xff)
#define HYP_MAIR                                                                                   \
	(MAIR_DEVICE_NGNRNE << (8 * MAIR_INDEX_DEVICE) | MAIR_NORMAL_WB << (8 * MAIR_INDEX_NORMAL))

/* Tables of the target on this machine. */
struct host_tables {
	uint64_t *tables; /* owned */
	uint8_t *seen;    /* owned */
	uint64_t pa;
	uint32_t count;
};

/* The rules' names for one kind of tables. */
struct map_rules {
	const char *slice;
	const char *failed;
	const char *descriptor;
	const char *differences[4]; /* by enum map_difference_kind */
};

static const struct map_rules stage2_rules = {
	"stage2-slice",
	"stage2-failed",
	"stage2-descriptor",
	{ "stage2-missing", "stage2-extra", "stage2-target", "stage2-attributes" },
};
static const struct map_rules hyp_rules = {
	"hyp-slice",
	"hyp-failed",
	"hyp-descriptor",
	{ "hyp-missing", "hyp-extra", "hyp-target", "hyp-attributes" },
};
static const struct map_rules loader_rules = {
	"loader-slice",
	"loader-failed",
	"loader-descriptor",
	{ "loader-missing", "loader-extra", "loader-target", "loader-attributes" },
};

/* A walk or a comparison under way: where its results go and how to speak of it. */
struct attempt {
	struct audit *audit;
	const struct map_rules *rules;
	const char *of; /* "VM linux", "the hypervisor" */
	struct map_list *list;
};

/*
 * Makes zeroed tables for the ones at `pa`. False, with a finding made, if they can't hold a root
 * of `root_count` tables, whose alignment the mapping code relies on.
 */
static bool open_tables(const struct attempt *attempt, struct host_tables *out, uint64_t pa,
			uint32_t count, uint32_t root_count)
{
	struct report *report = &attempt->audit->report;
	uint64_t limit = UINT64_C(1) << attempt->audit->plan.system.pa_bits;

	if (count < root_count || count > TABLE_LIMIT) {
		report_finding(report, attempt->rules->slice, "%s has %u tables: expected %u to %u",
			       attempt->of, count, root_count, TABLE_LIMIT);
		return false;
	}
	if (pa % (root_count * PAGETABLE_BYTES) != 0 ||
	    !range_inside(pa, count * PAGETABLE_BYTES, 0, limit)) {
		report_finding(report, attempt->rules->slice,
			       "%s: " HEX " is no place for a root of %u tables", attempt->of, pa,
			       root_count);
		return false;
	}
	*out = (struct host_tables){ .pa = pa, .count = count };
	out->tables = calloc(count, PAGETABLE_BYTES);
	out->seen = calloc(count, 1);
	if (out->tables == NULL || out->seen == NULL) {
		report_out_of_memory();
	}
	return true;
}

static void close_tables(struct host_tables *tables)
{
	free(tables->tables);
	free(tables->seen);
}

static void on_range(void *context, const struct map_range *range)
{
	struct attempt *attempt = context;

	map_list_add(attempt->list, *range);
}

static void on_problem(void *context, const struct walk_problem *problem)
{
	struct attempt *attempt = context;

	report_finding(&attempt->audit->report, attempt->rules->descriptor,
		       "%s: %s, at level %u for " HEX ": " HEX, attempt->of,
		       walk_problem_text(problem->kind), problem->level, problem->va,
		       problem->descriptor);
}

static void on_difference(void *context, const struct map_difference *difference)
{
	static const char *const texts[] = {
		[MAP_MISSING] = "planned, but not mapped",
		[MAP_EXTRA] = "mapped, but not planned",
		[MAP_TARGET] = "mapped to another address than planned",
		[MAP_ATTRIBUTES] = "mapped with other attributes than planned",
	};
	struct attempt *attempt = context;

	report_finding(&attempt->audit->report, attempt->rules->differences[difference->kind],
		       "%s: " HEX "-" HEX " is %s (planned: " HEX " %s; mapped: " HEX " %s)",
		       attempt->of, difference->va, difference->va + difference->size,
		       texts[difference->kind], difference->expected.pa,
		       map_attributes_text(difference->expected.attributes).text,
		       difference->found.pa,
		       map_attributes_text(difference->found.attributes).text);
}

/* ---- stage 2 --------------------------------------------------------------------------------- */

/* What a VM may do with memory of this kind. */
static uint32_t stage2_attributes(uint32_t kind)
{
	switch (kind) {
	case PLAN_MEMORY_RAM:
		return MAP_READ | MAP_WRITE | MAP_EXECUTE | MAP_NORMAL | MAP_INNER;
	case PLAN_MEMORY_SHARED:
		return MAP_READ | MAP_WRITE | MAP_NORMAL | MAP_INNER;
	default:
		return MAP_READ | MAP_WRITE | MAP_DEVICE;
	}
}

static void walk_stage2(struct attempt *attempt, const struct audit_vm *vm,
			const struct host_tables *tables)
{
	const struct walk_memory memory = { tables->pa, tables->tables, tables->count,
					    tables->seen };
	const struct walk walk = {
		.stage = WALK_STAGE2,
		.input_bits = vm->plan->ipa_bits,
		.start_level = pagetable_stage2_start_level(vm->plan->ipa_bits),
		.output_bits = attempt->audit->plan.system.pa_bits,
		.root_pa = tables->pa,
		.memory = &memory,
		.memory_count = 1,
		.on_range = on_range,
		.on_problem = on_problem,
		.context = attempt,
	};

	walk_all(&walk);
}

static void compare_stage2(struct attempt *attempt, const struct audit_vm *vm)
{
	struct map_list expected = { 0 };

	for (uint32_t i = 0; i < vm->plan->extent_count; i++) {
		const struct plan_extent *extent = &vm->extents[i];

		map_list_add(&expected, (struct map_range){ extent->va, extent->pa, extent->size,
							    stage2_attributes(extent->kind) });
	}
	map_list_compare(&expected, attempt->list, on_difference, attempt);
	map_list_free(&expected);
}

static void check_stage2(struct audit *audit, struct audit_vm *vm)
{
	struct attempt attempt = { audit, &stage2_rules, vm->label.text, &vm->stage2 };
	uint64_t pa = audit->plan.pools[POOL_STAGE2].pa + vm->plan->stage2_first * PAGETABLE_BYTES;
	uint32_t level = pagetable_stage2_start_level(vm->plan->ipa_bits);
	uint32_t roots = pagetable_root_count(vm->plan->ipa_bits, level);
	struct host_tables tables;
	struct pagetable pt;

	if (!open_tables(&attempt, &tables, pa, vm->plan->stage2_count, roots)) {
		return;
	}
	pagetable_init(&pt, vm->plan->ipa_bits, level, tables.tables, pa, tables.count);
	if (!mappings_stage2(&pt, vm->extents, vm->plan->extent_count)) {
		report_finding(&audit->report, stage2_rules.failed,
			       "%s: the extents can't be mapped with the %u tables planned",
			       vm->label.text, tables.count);
	}
	walk_stage2(&attempt, vm, &tables);
	compare_stage2(&attempt, vm);
	close_tables(&tables);
}

/* ---- stage 1 --------------------------------------------------------------------------------- */

static uint32_t stage1_start_level(uint32_t bits)
{
	return bits > 39 ? 0 : 1;
}

static uint32_t hyp_attributes(uint64_t kind)
{
	switch (kind) {
	case HYP_EXTENT_TEXT:
		return MAP_READ | MAP_EXECUTE | MAP_NORMAL | MAP_INNER;
	case HYP_EXTENT_RODATA:
		return MAP_READ | MAP_NORMAL | MAP_INNER;
	default:
		return MAP_READ | MAP_WRITE | MAP_NORMAL | MAP_INNER;
	}
}

static void walk_stage1(struct attempt *attempt, uint64_t root_pa, const struct walk_memory *memory,
			uint32_t memory_count)
{
	const struct plan_system *system = &attempt->audit->plan.system;
	const struct walk walk = {
		.stage = WALK_STAGE1_EL2,
		.input_bits = system->hyp_va_bits,
		.start_level = stage1_start_level(system->hyp_va_bits),
		.output_bits = system->pa_bits,
		.root_pa = root_pa,
		.mair = HYP_MAIR,
		.memory = memory,
		.memory_count = memory_count,
		.on_range = on_range,
		.on_problem = on_problem,
		.context = attempt,
	};

	walk_all(&walk);
}

static int by_va(const void *a, const void *b)
{
	const struct map_range *left = a, *right = b;

	return (left->va > right->va) - (left->va < right->va);
}

/* Sorts, and joins what continues; overlaps are the business of other rules. */
static struct map_list in_order(struct map_list *list)
{
	struct map_list out = { 0 };

	if (list->count > 0) {
		qsort(list->ranges, list->count, sizeof(*list->ranges), by_va);
	}
	for (size_t i = 0; i < list->count; i++) {
		map_list_add(&out, list->ranges[i]);
	}
	map_list_free(list);
	return out;
}

static void expect_section(struct map_list *expected, const struct hyp_extent *row)
{
	bool stacks = row->kind == HYP_EXTENT_STACKS;
	uint64_t guard = stacks ? PAGETABLE_BYTES : 0;
	uint64_t stride = stacks ? row->stride : row->end - row->start;

	for (uint64_t at = row->start; at < row->end; at += stride) {
		map_list_add(expected, (struct map_range){ at + guard, at + guard, stride - guard,
							   hyp_attributes(row->kind) });
	}
}

/* The section table and the devices, one to one. */
static struct map_list expected_hyp(const struct plan_tables *plan)
{
	struct map_list expected = { 0 };

	for (uint32_t i = 0; i < plan->hyp_extent_count; i++) {
		expect_section(&expected, &plan->hyp_extents[i]);
	}
	for (uint32_t i = 0; i < plan->system.hyp_device_count; i++) {
		const struct plan_device *device = &plan->hyp_devices[i];

		map_list_add(&expected, (struct map_range){ device->pa, device->pa, device->size,
							    MAP_READ | MAP_WRITE | MAP_DEVICE });
	}
	return in_order(&expected);
}

/* Nothing of any walk of the hypervisor's tables may be both written and executed. */
static void check_wx(struct attempt *attempt)
{
	for (size_t i = 0; i < attempt->list->count; i++) {
		const struct map_range *range = &attempt->list->ranges[i];

		if ((range->attributes & MAP_WRITE) != 0 &&
		    (range->attributes & MAP_EXECUTE) != 0) {
			report_finding(&attempt->audit->report, "hyp-wx",
				       "%s: " HEX "-" HEX " is both writable and executable",
				       attempt->of, range->va, range->va + range->size);
		}
	}
}

/* Below each stack nothing must be mapped, whichever row it would come from. */
static void check_guards(struct attempt *attempt)
{
	const struct plan_tables *plan = &attempt->audit->plan;

	for (size_t i = 0; i < attempt->list->count; i++) {
		const struct map_range *range = &attempt->list->ranges[i];

		for (uint32_t j = 0; j < plan->hyp_extent_count; j++) {
			const struct hyp_extent *row = &plan->hyp_extents[j];

			for (uint64_t at = row->start;
			     row->kind == HYP_EXTENT_STACKS && at < row->end; at += row->stride) {
				if (ranges_overlap(at, PAGETABLE_BYTES, range->va, range->size)) {
					report_finding(&attempt->audit->report, "hyp-guard",
						       "the guard page " HEX
						       " below a stack is mapped",
						       at);
				}
			}
		}
	}
}

static void check_hyp(struct attempt *attempt, struct host_tables *tables)
{
	const struct plan_tables *plan = &attempt->audit->plan;
	const struct walk_memory memory = { tables->pa, tables->tables, tables->count,
					    tables->seen };
	struct map_list expected;
	struct pagetable pt;

	pagetable_init(&pt, plan->system.hyp_va_bits, stage1_start_level(plan->system.hyp_va_bits),
		       tables->tables, tables->pa, tables->count);
	if (!mappings_hyp(&pt, plan->hyp_extents, plan->hyp_extent_count, plan->hyp_devices,
			  plan->system.hyp_device_count)) {
		report_finding(&attempt->audit->report, hyp_rules.failed,
			       "the hypervisor's sections and devices can't be mapped with the %u "
			       "tables planned",
			       tables->count);
	}
	walk_stage1(attempt, tables->pa, &memory, 1);
	check_wx(attempt);
	check_guards(attempt);
	expected = expected_hyp(plan);
	map_list_compare(&expected, attempt->list, on_difference, attempt);
	map_list_free(&expected);
}

/* Sources a boot loader has put in memory: the whole pages they are in, read-only. */
static void expect_sources(struct map_list *expected, const struct audit *audit,
			   const struct audit_vm *vm)
{
	const struct plan_system *system = &audit->plan.system;
	uint64_t offset = mappings_loader_offset(system->hyp_va_bits);

	for (uint32_t i = 0; i < vm->plan->load_count; i++) {
		const struct plan_load *load = &vm->loads[i];
		uint64_t start = load->source_pa / PAGETABLE_BYTES * PAGETABLE_BYTES;
		uint64_t pages = (load->source_pa + load->size - start + PAGETABLE_BYTES - 1) /
				 PAGETABLE_BYTES;

		if (load->source_pa < system->images_base ||
		    load->source_pa >= system->images_base + system->images_size) {
			map_list_add(expected,
				     (struct map_range){ start + offset, start,
							 pages * PAGETABLE_BYTES,
							 MAP_READ | MAP_NORMAL | MAP_INNER });
		}
	}
}

/* The hypervisor's own map and, above it, the VM's RAM and what it is loaded from. */
static struct map_list expected_loader(const struct audit *audit, const struct audit_vm *vm)
{
	uint64_t offset = mappings_loader_offset(audit->plan.system.hyp_va_bits);
	struct map_list expected = { 0 };

	for (size_t i = 0; i < audit->hyp.count; i++) {
		map_list_add(&expected, audit->hyp.ranges[i]);
	}
	for (uint32_t i = 0; i < vm->plan->extent_count; i++) {
		const struct plan_extent *extent = &vm->extents[i];

		if (extent->kind == PLAN_MEMORY_RAM) {
			map_list_add(&expected,
				     (struct map_range){
					     extent->pa + offset, extent->pa, extent->size,
					     MAP_READ | MAP_WRITE | MAP_NORMAL | MAP_INNER });
		}
	}
	expect_sources(&expected, audit, vm);
	return in_order(&expected);
}

static void walk_loader(struct attempt *attempt, const struct audit_vm *vm,
			const struct host_tables *hyp, const struct host_tables *loader)
{
	uint8_t *seen = calloc((size_t)hyp->count + 1, 1);
	const struct walk_memory memory[] = {
		{ loader->pa, loader->tables, loader->count, loader->seen },
		{ hyp->pa, hyp->tables, hyp->count, seen },
	};
	struct map_list expected;

	if (seen != NULL) {
		walk_stage1(attempt, loader->pa, memory, 2);
	}
	check_wx(attempt);
	expected = expected_loader(attempt->audit, vm);
	map_list_compare(&expected, attempt->list, on_difference, attempt);
	map_list_free(&expected);
	free(seen);
}

static void check_loader(struct audit *audit, struct audit_vm *vm, const struct host_tables *hyp)
{
	const struct plan_system *system = &audit->plan.system;
	struct attempt attempt = { audit, &loader_rules, vm->label.text, &vm->loader };
	uint64_t pa = audit->plan.pools[POOL_LOADER].pa + vm->plan->loader_first * PAGETABLE_BYTES;
	struct host_tables tables;
	struct pagetable pt;

	if (!open_tables(&attempt, &tables, pa, vm->plan->loader_count, 1)) {
		return;
	}
	pagetable_init(&pt, system->hyp_va_bits, stage1_start_level(system->hyp_va_bits),
		       tables.tables, pa, tables.count);
	if (!mappings_loader(&pt, hyp->tables, vm->extents, vm->plan->extent_count) ||
	    !mappings_loader_sources(&pt, vm->loads, vm->plan->load_count, system)) {
		report_finding(&audit->report, loader_rules.failed,
			       "%s: its RAM can't be mapped with the %u loader tables planned",
			       vm->label.text, tables.count);
	}
	walk_loader(&attempt, vm, hyp, &tables);
	close_tables(&tables);
}

static void check_stage1(struct audit *audit)
{
	const struct plan_system *system = &audit->plan.system;
	struct attempt attempt = { audit, &hyp_rules, "the hypervisor", &audit->hyp };
	struct host_tables hyp;
	size_t before = audit->report.findings.count;

	if (!open_tables(&attempt, &hyp, audit->plan.pools[POOL_HYP].pa, system->hyp_table_count,
			 1)) {
		return;
	}
	check_hyp(&attempt, &hyp);
	report_proof(&audit->report, before, "hyp",
		     "the hypervisor's map is its %u parts and %u devices one to one, nothing both "
		     "writable and executable, a hole under each stack",
		     audit->plan.hyp_extent_count, system->hyp_device_count);
	before = audit->report.findings.count;
	for (uint32_t i = 0; i < system->vm_count; i++) {
		check_loader(audit, &audit->vms[i], &hyp);
	}
	report_proof(&audit->report, before, "loader",
		     "%u loader maps: the hypervisor's map, and above it the one VM's RAM, never "
		     "executable",
		     system->vm_count);
	close_tables(&hyp);
}

void check_maps(struct audit *audit)
{
	const struct plan_system *system = &audit->plan.system;
	size_t before = audit->report.findings.count;

	for (uint32_t i = 0; i < system->vm_count; i++) {
		check_stage2(audit, &audit->vms[i]);
	}
	report_proof(
		&audit->report, before, "stage2",
		"%u VMs: what the tables map is exactly the %u extents, with their permissions",
		system->vm_count, system->extent_count);
	check_stage1(audit);
}
