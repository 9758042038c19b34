/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules about physical memory: what the configuration, the board and the boot loader fix must not
 * meet. Runs when the size of the images area is known.
 */
#include "claims.h"

/* A boot loader's image within the region that uses it in place, where the region expects it. */
static bool is_own_image(const struct planner *p, const struct claim *a, const struct claim *b)
{
	const struct model_vm *vm;
	const struct blob *image;

	if (a->kind != CLAIM_LOADED || b->kind != CLAIM_REGION || a->vm != b->vm) {
		return false;
	}
	vm = &p->model.vms[a->vm];
	image = &vm->image;
	for (size_t i = 0; i < vm->config.platform.region_num && image->in_place; i++) {
		const struct vm_mem_region *region = &vm->config.platform.regions[i];

		if (region->place_phys && region->phys == b->range.base &&
		    image->pa == region->phys + (image->va - region->base)) {
			return true;
		}
	}
	return false;
}

/* Two VMs that copy the same loaded image. */
static bool is_common_source(const struct planner *p, const struct claim *a, const struct claim *b)
{
	return a->kind == CLAIM_LOADED && b->kind == CLAIM_LOADED &&
	       a->range.base == b->range.base && a->range.size == b->range.size &&
	       !p->model.vms[a->vm].image.in_place && !p->model.vms[b->vm].image.in_place;
}

static bool is_system(const struct claim *claim)
{
	return claim->kind == CLAIM_HYPERVISOR || claim->kind == CLAIM_IMAGES ||
	       claim->kind == CLAIM_RESERVED;
}

static void check_pair(struct planner *p, const struct claim *a, const struct claim *b)
{
	const char *way_out =
		a->kind == CLAIM_LOADED
			? "have the boot loader put it elsewhere"
			: "choose another address, or let the planner choose (place_phys = false)";

	if (!range_overlaps(a->range, b->range) || is_own_image(p, a, b) || is_own_image(p, b, a) ||
	    is_common_source(p, a, b)) {
		return;
	}
	if (is_system(a) && is_system(b)) {
		if (a->kind != b->kind) {
			REPORT(p, HYP_AREA, a->where,
			       "%s, %s, overlaps %s, %s; change HYP_BASE in menuconfig", a->owner,
			       range_text(p, a->range), b->owner, range_text(p, b->range));
		}
		return;
	}
	REPORT(p, PHYS_OVERLAP, a->where, "physical addresses %s of %s overlap %s, %s; %s",
	       range_text(p, a->range), a->owner, b->owner, range_text(p, b->range), way_out);
}

static void check_images_area(struct planner *p)
{
	struct range area = { p->model.images_base, p->model.images_size };

	if (area.size != 0 && !ram_contains(p->inputs.board, area)) {
		REPORT(p, HYP_AREA, "hypervisor: images",
		       "the builtin images, %s, which follow the hypervisor, do not lie in the "
		       "bank of RAM that "
		       "HYP_BASE is in; lower HYP_BASE in menuconfig, or have a boot loader load "
		       "large images "
		       "(VM_IMAGE_LOADED)",
		       range_text(p, area));
	}
}

void check_physical(struct planner *p)
{
	struct claims claims = claims_physical(p);

	check_images_area(p);
	for (size_t i = 0; i < claims.count; i++) {
		for (size_t n = 0; n < i; n++) {
			/* The configuration's own is named first. */
			bool swap = is_system(&claims.items[i]) && !is_system(&claims.items[n]);

			check_pair(p, &claims.items[swap ? n : i], &claims.items[swap ? i : n]);
		}
	}
}
