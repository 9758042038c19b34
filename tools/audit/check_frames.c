/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who reaches which physical memory: every range that a VM's tables map, as walked, and every range
 * that is the hypervisor's becomes a claim; claims in order of address show who shares what. This
 * is the proof of isolation: it looks at the plan's extents only to learn what a VM's mapping was
 * declared as.
 */
#include "audit.h"

#include <stdlib.h>
#include <string.h>

/* What a claimed range is, beyond enum plan_memory_kind. */
enum claim_kind {
	CLAIM_RAM = PLAN_MEMORY_RAM,
	CLAIM_SHARED = PLAN_MEMORY_SHARED,
	CLAIM_DEVICE = PLAN_MEMORY_DEVICE,
	CLAIM_UNPLANNED,  /* mapped, but not by any extent */
	CLAIM_HYP,        /* the hypervisor's area, its segments */
	CLAIM_HYP_TABLES, /* pools of translation tables, in the area */
	CLAIM_HYP_DEVICE,
	CLAIM_IMAGES, /* the area of builtin images: a VM may map the one it uses in place */
};

struct claim {
	uint64_t pa;
	uint64_t size; /* bytes */
	uint64_t va;   /* of a VM's: where it is seen */
	enum claim_kind kind;
	uint32_t shmem;
	uint32_t attributes;       /* of a VM's: as walked */
	const struct audit_vm *vm; /* NULL: the hypervisor */
	const char *owner;
};

struct claims {
	struct claim *rows; /* owned */
	size_t count;
	size_t capacity;
};

static void claims_add(struct claims *claims, struct claim claim)
{
	if (claim.size == 0) {
		return;
	}
	if (claims->count == claims->capacity) {
		claims->capacity = claims->capacity == 0 ? 64 : 2 * claims->capacity;
		claims->rows = realloc(claims->rows, claims->capacity * sizeof(*claims->rows));
		if (claims->rows == NULL) {
			report_out_of_memory();
		}
	}
	claims->rows[claims->count++] = claim;
}

/*
 * The declared kind of a VM's mapping at `va`: its extent's. *end comes in as the end of the
 * mapping and goes out as where another extent, or none, begins.
 */
static void declared_as(const struct audit_vm *vm, uint64_t va, uint64_t *end, struct claim *claim)
{
	claim->kind = CLAIM_UNPLANNED;
	claim->shmem = PLAN_NONE32;
	for (uint32_t i = 0; i < vm->plan->extent_count; i++) {
		const struct plan_extent *extent = &vm->extents[i];
		uint64_t extent_end = extent->va + extent->size;

		if (va >= extent->va && va < extent_end) {
			claim->kind = (enum claim_kind)extent->kind;
			claim->shmem = extent->shmem;
			*end = extent_end < *end ? extent_end : *end;
		} else if (extent->va > va && extent->va < *end) {
			*end = extent->va;
		}
	}
}

static void claim_vm(struct claims *claims, const struct audit_vm *vm)
{
	for (size_t i = 0; i < vm->stage2.count; i++) {
		const struct map_range *range = &vm->stage2.ranges[i];
		uint64_t limit = range->va + range->size;
		uint64_t end;

		for (uint64_t at = range->va; at < limit; at = end) {
			struct claim claim = {
				.pa = range->pa + (at - range->va),
				.va = at,
				.attributes = range->attributes,
				.vm = vm,
				.owner = vm->label.text,
			};

			end = limit;
			declared_as(vm, at, &end, &claim);
			claim.size = end - at;
			claims_add(claims, claim);
		}
	}
}

static void claim_hyp(struct claims *claims, enum claim_kind kind, const char *owner, uint64_t pa,
		      uint64_t size)
{
	claims_add(claims, (struct claim){ .pa = pa, .size = size, .kind = kind, .owner = owner });
}

/* Load segments lie in the two areas (rule elf-segment-outside), so the areas stand for them. */
static void claim_all_hyp(struct claims *claims, const struct plan_tables *plan)
{
	claim_hyp(claims, CLAIM_HYP, "the hypervisor", plan->system.hyp_base,
		  plan->system.hyp_size);
	claim_hyp(claims, CLAIM_IMAGES, "the builtin images", plan->system.images_base,
		  plan->system.images_size);
	for (uint32_t i = 0; i < POOL_COUNT; i++) {
		claim_hyp(claims, CLAIM_HYP_TABLES, plan->pools[i].name, plan->pools[i].pa,
			  plan->pools[i].size);
	}
	for (uint32_t i = 0; i < plan->system.hyp_device_count; i++) {
		claim_hyp(claims, CLAIM_HYP_DEVICE, "a device of the hypervisor",
			  plan->hyp_devices[i].pa, plan->hyp_devices[i].size);
	}
}

static int by_pa(const void *a, const void *b)
{
	const struct claim *left = a, *right = b;

	return (left->pa > right->pa) - (left->pa < right->pa);
}

/* ---- rules ----------------------------------------------------------------------------------- */

/* The rule that two claims on the same memory break; NULL: none. `a` is a VM's. */
static const char *vm_with_hyp(const struct claim *a, const struct claim *b)
{
	switch (b->kind) {
	case CLAIM_HYP_TABLES:
		return "frame-tables";
	case CLAIM_HYP_DEVICE:
		return "frame-hyp-device";
	case CLAIM_IMAGES:
		/* In place: RAM; that nothing else is in these frames is rule image-exposed. */
		return a->kind == CLAIM_RAM ? NULL : "frame-images";
	default:
		return "frame-hyp";
	}
}

static const char *vm_with_itself(const struct claim *a, const struct claim *b)
{
	/* The same device or shared memory at two addresses is no harm; RAM seen twice, or one
	 * frame as two types of memory, is a plan gone wrong. */
	return a->kind == b->kind && a->kind != CLAIM_RAM ? NULL : "frame-twice";
}

static const char *vm_with_vm(const struct claim *a, const struct claim *b)
{
	if (a->kind == CLAIM_SHARED && b->kind == CLAIM_SHARED) {
		return a->shmem == b->shmem ? NULL : "frame-shmem";
	}
	return a->kind == CLAIM_DEVICE || b->kind == CLAIM_DEVICE ? "frame-device" : "frame-shared";
}

static const char *hyp_with_hyp(const struct claim *a, const struct claim *b)
{
	bool device = a->kind == CLAIM_HYP_DEVICE || b->kind == CLAIM_HYP_DEVICE;

	return device ? "hyp-device-overlap" : NULL;
}

static void check_pair(struct audit *audit, const struct claim *a, const struct claim *b)
{
	uint64_t start = a->pa > b->pa ? a->pa : b->pa;
	uint64_t end = a->pa + a->size < b->pa + b->size ? a->pa + a->size : b->pa + b->size;
	const char *rule;

	if (a->vm == NULL && b->vm == NULL) {
		rule = hyp_with_hyp(a, b);
	} else if (a->vm == NULL || b->vm == NULL) {
		rule = a->vm != NULL ? vm_with_hyp(a, b) : vm_with_hyp(b, a);
	} else {
		rule = a->vm == b->vm ? vm_with_itself(a, b) : vm_with_vm(a, b);
	}
	if (rule != NULL) {
		report_finding(&audit->report, rule,
			       "%s (VM address " HEX ") and %s (VM address " HEX ") both have " HEX
			       "-" HEX,
			       a->owner, a->va, b->owner, b->va, start, end);
	}
}

static void check_permission(struct audit *audit, const struct claim *claim)
{
	if (claim->vm == NULL || (claim->attributes & MAP_EXECUTE) == 0) {
		return;
	}
	if (claim->kind == CLAIM_DEVICE || (claim->attributes & MAP_DEVICE) != 0) {
		report_finding(&audit->report, "device-executable",
			       "%s may execute device memory " HEX "-" HEX, claim->owner, claim->pa,
			       claim->pa + claim->size);
	} else if (claim->kind == CLAIM_SHARED) {
		report_finding(&audit->report, "shared-executable",
			       "%s may execute shared memory " HEX "-" HEX, claim->owner, claim->pa,
			       claim->pa + claim->size);
	}
}

/* A frame that a VM uses in place, whole, must not hold a byte that is loaded into a VM: it
 * would be some other image's, or a copy that should stay as it was built. */
static void check_exposed(struct audit *audit, const struct claim *claim)
{
	const struct plan_tables *plan = &audit->plan;

	if (claim->vm == NULL || !ranges_overlap(claim->pa, claim->size, plan->system.images_base,
						 plan->system.images_size)) {
		return;
	}
	for (uint32_t i = 0; i < plan->system.load_count; i++) {
		const struct plan_load *load = &plan->loads[i];

		if (ranges_overlap(claim->pa, claim->size, load->source_pa, load->size)) {
			report_finding(&audit->report, "image-exposed",
				       "%s maps " HEX "-" HEX
				       ", which holds what load %u copies from " HEX,
				       claim->owner, claim->pa, claim->pa + claim->size, i,
				       load->source_pa);
		}
	}
}

/* Once guests run the hypervisor must not see their memory. */
static void check_seen(struct audit *audit, const struct claim *claim)
{
	for (size_t i = 0; claim->vm != NULL && i < audit->hyp.count; i++) {
		const struct map_range *range = &audit->hyp.ranges[i];

		if (ranges_overlap(claim->pa, claim->size, range->pa, range->size)) {
			report_finding(&audit->report, "hyp-maps-guest",
				       "the hypervisor maps " HEX "-" HEX " of %s", claim->pa,
				       claim->pa + claim->size, claim->owner);
		}
	}
}

/* Through a loader map's upper half: no frame of another VM, none of the hypervisor's. */
static void check_loader_reach(struct audit *audit, const struct audit_vm *vm,
			       const struct map_range *range, const struct claim *claim)
{
	uint64_t half = mappings_loader_offset(audit->plan.system.hyp_va_bits);
	const char *rule = NULL;

	if (range->va < half || !ranges_overlap(range->pa, range->size, claim->pa, claim->size)) {
		return;
	}
	if (claim->vm != NULL && claim->vm != vm) {
		rule = "loader-other-vm";
	} else if (claim->vm == NULL && claim->kind != CLAIM_IMAGES) {
		rule = "loader-hyp-frame";
	}
	if (rule != NULL) {
		report_finding(&audit->report, rule,
			       "the loader map of %s reaches " HEX "-" HEX " of %s", vm->label.text,
			       claim->pa, claim->pa + claim->size, claim->owner);
	}
}

static void check_loaders(struct audit *audit, const struct claims *claims)
{
	for (uint32_t i = 0; i < audit->plan.system.vm_count; i++) {
		const struct audit_vm *vm = &audit->vms[i];

		for (size_t j = 0; j < vm->loader.count; j++) {
			for (size_t k = 0; k < claims->count; k++) {
				check_loader_reach(audit, vm, &vm->loader.ranges[j],
						   &claims->rows[k]);
			}
		}
	}
}

/* Pages that VMs reach, each once. The claims are sorted. */
static uint64_t count_frames(const struct claims *claims)
{
	uint64_t bytes = 0, from = 0;

	for (size_t i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->rows[i];
		uint64_t end = claim->pa + claim->size;
		uint64_t start = claim->pa > from ? claim->pa : from;

		if (claim->vm != NULL && end > start) {
			bytes += end - start;
			from = end;
		}
	}
	return bytes / PAGETABLE_BYTES;
}

static void check_pairs(struct audit *audit, const struct claims *claims)
{
	for (size_t i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->rows[i];

		for (size_t j = i + 1;
		     j < claims->count && claims->rows[j].pa < claim->pa + claim->size; j++) {
			check_pair(audit, claim, &claims->rows[j]);
		}
	}
}

void check_frames(struct audit *audit)
{
	size_t before = audit->report.findings.count;
	struct claims claims = { 0 };

	claim_all_hyp(&claims, &audit->plan);
	for (uint32_t i = 0; i < audit->plan.system.vm_count; i++) {
		claim_vm(&claims, &audit->vms[i]);
	}
	if (claims.count > 0) {
		qsort(claims.rows, claims.count, sizeof(*claims.rows), by_pa);
	}
	audit->frame_count = count_frames(&claims);
	check_pairs(audit, &claims);
	for (size_t i = 0; i < claims.count; i++) {
		check_permission(audit, &claims.rows[i]);
		check_exposed(audit, &claims.rows[i]);
		check_seen(audit, &claims.rows[i]);
	}
	check_loaders(audit, &claims);
	report_proof(&audit->report, before, "frames",
		     "%" PRIu64 " frames reached by VMs: each by one, or shared as declared; none "
		     "is the hypervisor's, holds a table or an image not its own",
		     audit->frame_count);
	free(claims.rows);
}
