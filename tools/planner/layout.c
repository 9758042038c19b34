/* SPDX-License-Identifier: Apache-2.0 */
/*
 * VM addresses of the initrds and device trees whose place the configuration leaves open: as high
 * as the arm64 boot protocol allows in the memory that holds the image, clear of the kernel and
 * what it clears (BSS).
 */
#include "planner.h"

/* The distance from a kernel within which every kernel version finds its tree. */
#define DTB_REACH (UINT64_C(512) << 20)
/* Regions smaller than this are not worth a whole block for the tree. */
#define SMALL_REGION (UINT64_C(16) << 20)
/* Kernel and initrd lie within one window of this size that starts at a multiple of 1 GiB. */
#define INITRD_REACH (UINT64_C(32) << 30)

static struct range blob_range(const struct blob *blob)
{
	bool there = blob->source != BLOB_NONE && blob->va_known;

	return (struct range){ blob->va, there ? blob->memory_size : 0 };
}

/* Whether something of the VM's is at the range already; its start in *start. */
static bool is_taken(const struct model_vm *vm, struct range range, uint64_t *start)
{
	const struct blob *blobs[] = { &vm->image, &vm->initrd, &vm->dtb, &vm->bus };

	for (size_t i = 0; i < sizeof(blobs) / sizeof(blobs[0]); i++) {
		if (range_overlaps(blob_range(blobs[i]), range)) {
			*start = blobs[i]->va;
			return true;
		}
	}
	return false;
}

/*
 * The highest free address in `within` for `size` bytes, aligned, and not across a 2 MiB boundary
 * if `one_block`. False: there is none.
 */
static bool find_top(const struct model_vm *vm, struct range within, uint64_t size,
		     uint64_t alignment, bool one_block, uint64_t *address)
{
	uint64_t end = within.base + within.size;

	while (end >= size && end - size >= within.base) {
		uint64_t at = align_down(end - size, alignment);
		uint64_t taken;

		if (at < within.base) {
			return false;
		}
		if (one_block && at / BLOCK_2M != (at + size - 1) / BLOCK_2M) {
			end = align_down(at + size - 1, BLOCK_2M);
		} else if (is_taken(vm, (struct range){ at, size }, &taken)) {
			end = taken;
		} else {
			*address = at;
			return true;
		}
	}
	return false;
}

static struct range range_below(struct range range, uint64_t limit)
{
	if (limit <= range.base) {
		return (struct range){ range.base, 0 };
	}
	if (limit - range.base < range.size) {
		range.size = limit - range.base;
	}
	return range;
}

static bool place_in(const struct model_vm *vm, struct blob *blob, struct range region, bool is_dtb)
{
	uint64_t image = align_down(vm->image.va, BLOCK_2M);
	uint64_t window = align_down(vm->image.va, BLOCK_1G);
	uint64_t end = vm->image.va + vm->image.memory_size;
	uint64_t alignment = is_dtb && region.size >= SMALL_REGION ? BLOCK_2M : PAGE_SIZE;
	struct range near = range_below(region, is_dtb ? image + DTB_REACH : window + INITRD_REACH);
	struct range above = near;

	if (range_contains(near, (struct range){ end, 1 })) {
		above = (struct range){ end, near.base + near.size - end };
	}
	if (find_top(vm, above, blob->size, alignment, is_dtb, &blob->va) ||
	    find_top(vm, near, blob->size, alignment, is_dtb, &blob->va) ||
	    find_top(vm, near, blob->size, PAGE_SIZE, is_dtb, &blob->va)) {
		blob->va_known = true;
	}
	return blob->va_known;
}

static void layout_blob(struct planner *p, struct model_vm *vm, struct blob *blob, bool is_dtb)
{
	const struct vm_platform *platform = &vm->config.platform;
	const struct vm_mem_region *home;

	if (blob->source == BLOB_NONE || blob->va_known || vm->image.source == BLOB_NONE) {
		return;
	}
	home = vm_region_of(vm, (struct range){ vm->image.va, vm->image.memory_size });
	if (home == NULL) {
		return; /* reported by check_blobs() */
	}
	if (place_in(vm, blob, (struct range){ home->base, home->size }, is_dtb)) {
		return;
	}
	for (size_t i = 0; i < platform->region_num; i++) {
		struct range region = { platform->regions[i].base, platform->regions[i].size };

		if (range_valid(region) && place_in(vm, blob, region, is_dtb)) {
			return;
		}
	}
	REPORT(p, BLOB_NO_ROOM, blob->where,
	       "no room for its %s in the memory of %s, %s, beside the image (%s with what it "
	       "clears); "
	       "enlarge a region, or set %s.base_addr",
	       size_text(&p->arena, blob->size), vm->name,
	       range_text(p, (struct range){ home->base, home->size }),
	       size_text(&p->arena, vm->image.memory_size), blob->what);
}

void layout_blobs(struct planner *p)
{
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		struct model_vm *vm = &p->model.vms[v];

		layout_blob(p, vm, &vm->dtb, true);
		layout_blob(p, vm, &vm->initrd, false);
	}
}
