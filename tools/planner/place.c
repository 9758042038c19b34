/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Physical memory: what the configuration fixes first, then the largest first, each at an address
 * congruent to its VM address modulo the largest useful block, so that a VM maps with blocks.
 * Deterministic: ties keep the order of the configuration.
 */
#include "claims.h"

#include <stdlib.h>
#include <string.h>

/* Something to place: a piece of a region, or a shared memory. */
struct request {
	uint32_t order; /* as configured */
	uint64_t va;    /* congruence wanted */
	uint64_t size;
	struct piece *piece;
	struct model_shmem *shmem;
};

/* ---- pieces ---------------------------------------------------------------------------------- */

static bool region_is_usable(const struct vm_mem_region *region)
{
	return region->size != 0 && range_valid((struct range){ region->base, region->size }) &&
	       is_aligned(region->base | region->size, PAGE_SIZE) &&
	       (!region->place_phys || is_aligned(region->phys, PAGE_SIZE));
}

static void add_piece(struct model_vm *vm, uint32_t region, struct range va, bool placed,
		      uint64_t pa, const char *where)
{
	if (va.size != 0) {
		vm->pieces[vm->piece_count++] = (struct piece){ region, va, placed, pa, where };
	}
}

/* The part of the region that an image used in place occupies; empty when there is none. */
static struct range in_place_range(const struct model_vm *vm, struct range region)
{
	const struct blob *image = &vm->image;
	struct range pages = { image->va, align_up(image->size, PAGE_SIZE) };
	bool there = image->in_place && image->source != BLOB_NONE &&
		     is_aligned(image->va | image->pa, PAGE_SIZE) && range_contains(region, pages);

	return there ? pages : (struct range){ region.base, 0 };
}

static void split_region(struct planner *p, struct model_vm *vm, uint32_t index)
{
	const struct vm_mem_region *region = &vm->config.platform.regions[index];
	struct range all = { region->base, region->size };
	struct range image = in_place_range(vm, all);
	const char *where = where_text(p, vm, "regions", index);
	uint64_t before = image.base - all.base;
	uint64_t after = before + image.size;

	if (!region_is_usable(region)) {
		return; /* reported by check_memory() */
	}
	add_piece(vm, index, (struct range){ all.base, before }, region->place_phys, region->phys,
		  where);
	add_piece(vm, index, image, true, vm->image.pa, where);
	add_piece(vm, index, (struct range){ all.base + after, all.size - after },
		  region->place_phys, region->phys + after, where);
}

static void split_regions(struct planner *p, struct model_vm *vm)
{
	uint32_t count = (uint32_t)vm->config.platform.region_num;

	vm->pieces = arena_alloc(&p->arena, count + 2, sizeof(*vm->pieces));
	vm->piece_count = 0;
	for (uint32_t i = 0; i < count; i++) {
		split_region(p, vm, i);
	}
}

/* ---- finding room ---------------------------------------------------------------------------- */

static const struct claim *claim_at(const struct claims *claims, struct range range)
{
	for (size_t i = 0; i < claims->count; i++) {
		if (range_overlaps(claims->items[i].range, range)) {
			return &claims->items[i];
		}
	}
	return NULL;
}

/* The first address in the bank, congruent to va modulo alignment, where nothing is claimed. */
static bool find_in_bank(const struct claims *claims, struct range bank, uint64_t va, uint64_t size,
			 uint64_t alignment, uint64_t *address)
{
	struct range at = { bank.base, size };

	for (;;) {
		uint64_t skip = (va - at.base) & (alignment - 1);
		const struct claim *claim;

		if (skip > UINT64_MAX - at.base) {
			return false;
		}
		at.base += skip;
		if (!range_contains(bank, at)) {
			return false;
		}
		claim = claim_at(claims, at);
		if (claim == NULL) {
			*address = at.base;
			return true;
		}
		if (range_last(claim->range) == UINT64_MAX) {
			return false;
		}
		at.base = range_last(claim->range) + 1;
	}
}

static bool find_room(const struct planner *p, const struct claims *claims,
		      const struct request *request, uint64_t alignment, uint64_t *address)
{
	const struct board *machine = p->inputs.board;

	for (uint32_t i = 0; i < machine->memory_count; i++) {
		struct range bank = { machine->memories[i].base, machine->memories[i].size };

		if (find_in_bank(claims, bank, request->va, request->size, alignment, address)) {
			return true;
		}
	}
	return false;
}

/* Whole blocks of `alignment` between the two addresses, in bytes. */
static uint64_t blocks_between(uint64_t start, uint64_t end, uint64_t alignment)
{
	uint64_t first = align_up(start, alignment);

	return end > first ? align_down(end - first, alignment) : 0;
}

/* Bytes of the largest stretch of RAM that nothing claims, in whole blocks of `alignment`. */
static uint64_t largest_room(const struct planner *p, const struct claims *claims,
			     uint64_t alignment)
{
	const struct board *machine = p->inputs.board;
	uint64_t largest = 0;

	for (uint32_t i = 0; i < machine->memory_count; i++) {
		struct range bank = { machine->memories[i].base, machine->memories[i].size };
		uint64_t at = bank.base;

		while (find_in_bank(claims, bank, 0, PAGE_SIZE, PAGE_SIZE, &at)) {
			uint64_t end = bank.base + bank.size;
			uint64_t room;

			for (size_t c = 0; c < claims->count; c++) {
				uint64_t start = claims->items[c].range.base;

				end = start > at && start < end ? start : end;
			}
			room = blocks_between(at, end, alignment);
			largest = room > largest ? room : largest;
			bank = (struct range){ end, bank.base + bank.size - end };
		}
	}
	return largest;
}

/* ---- placing --------------------------------------------------------------------------------- */

static int by_size(const void *left, const void *right)
{
	const struct request *a = left;
	const struct request *b = right;

	if (a->size != b->size) {
		return a->size > b->size ? -1 : 1;
	}
	return a->order < b->order ? -1 : a->order > b->order;
}

static struct request *list_requests(struct planner *p, uint32_t *count)
{
	struct model *model = &p->model;
	uint32_t capacity = model->shmem_count;
	struct request *requests;

	for (uint32_t v = 0; v < model->vm_count; v++) {
		capacity += model->vms[v].piece_count;
	}
	requests = arena_alloc(&p->arena, capacity, sizeof(*requests));
	*count = 0;
	for (uint32_t v = 0; v < model->vm_count; v++) {
		for (uint32_t i = 0; i < model->vms[v].piece_count; i++) {
			struct piece *piece = &model->vms[v].pieces[i];

			if (!piece->placed) {
				requests[*count] = (struct request){ *count, piece->va.base,
								     piece->va.size, piece, NULL };
				(*count)++;
			}
		}
	}
	for (uint32_t i = 0; i < model->shmem_count; i++) {
		struct model_shmem *shmem = &model->shmems[i];

		if (!shmem->placed && shmem->config.size != 0 &&
		    is_aligned(shmem->config.size, PAGE_SIZE)) {
			requests[*count] =
				(struct request){ *count, 0, shmem->config.size, NULL, shmem };
			(*count)++;
		}
	}
	qsort(requests, *count, sizeof(*requests), by_size);
	return requests;
}

/* Largest alignment first, down to pages; `most` bounds it. */
static bool place_request(const struct planner *p, const struct claims *claims,
			  const struct request *request, uint64_t most, uint64_t *address)
{
	static const uint64_t alignments[] = { BLOCK_1G, BLOCK_2M, PAGE_SIZE };

	for (size_t i = 0; i < sizeof(alignments) / sizeof(alignments[0]); i++) {
		if (alignments[i] <= most && alignments[i] <= request->size &&
		    find_room(p, claims, request, alignments[i], address)) {
			return true;
		}
	}
	return false;
}

static void report_missing(struct planner *p, const struct claims *claims,
			   const struct request *request)
{
	uint64_t block = request->size >= BLOCK_2M ? BLOCK_2M : PAGE_SIZE;
	uint64_t room = largest_room(p, claims, block);
	const char *where = request->piece != NULL ? request->piece->where : request->shmem->where;

	REPORT(p, RAM_MISSING, where,
	       "not enough RAM: it needs %s in one stretch and the largest that others leave is "
	       "%s, so 0x%llx "
	       "bytes (%s) are missing; make it smaller, or give other VMs or shared memories less",
	       size_text(&p->arena, request->size), size_text(&p->arena, room),
	       (unsigned long long)(request->size - room),
	       size_text(&p->arena, request->size - room));
}

static void take_room(struct planner *p, struct claims *claims, struct request *request,
		      uint64_t pa)
{
	claims_add(p, claims, (struct claim){ .range = { pa, request->size }, .vm = CLAIM_NO_VM });
	if (request->piece != NULL) {
		request->piece->pa = pa;
	} else {
		request->shmem->pa = pa;
	}
}

/* Tries to place everything with blocks of at most `most`. */
static bool place_all(struct planner *p, struct request *requests, uint32_t count, uint64_t most)
{
	struct claims claims = claims_physical(p);
	uint64_t pa;

	for (uint32_t i = 0; i < count; i++) {
		if (!place_request(p, &claims, &requests[i], most, &pa)) {
			return false;
		}
		take_room(p, &claims, &requests[i], pa);
	}
	return true;
}

/* Places what fits, then says of the rest how much is missing when all others have theirs. */
static void report_all(struct planner *p, struct request *requests, uint32_t count)
{
	struct claims claims = claims_physical(p);
	uint32_t failed = 0;
	uint64_t pa;

	for (uint32_t i = 0; i < count; i++) {
		if (place_request(p, &claims, &requests[i], BLOCK_2M, &pa)) {
			take_room(p, &claims, &requests[i], pa);
		} else {
			requests[failed++] = requests[i];
		}
	}
	for (uint32_t i = 0; i < failed; i++) {
		report_missing(p, &claims, &requests[i]);
	}
}

void place_memory(struct planner *p)
{
	struct request *requests;
	uint32_t count;

	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		split_regions(p, &p->model.vms[v]);
	}
	requests = list_requests(p, &count);
	if (!place_all(p, requests, count, BLOCK_1G) && !place_all(p, requests, count, BLOCK_2M) &&
	    !place_all(p, requests, count, PAGE_SIZE)) {
		report_all(p, requests, count);
	}
}
