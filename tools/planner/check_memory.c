/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about each memory region and shared memory by itself: size, alignment, lying in RAM. */
#include "claims.h"

static void check_fixed(struct planner *p, const char *where, struct range range)
{
	if (range.size == 0) {
		return;
	}
	if (!ram_contains(p->inputs.board, range)) {
		REPORT(p, PHYS_OUTSIDE_RAM, where,
		       "physical addresses %s do not lie in one bank of the RAM of board %s; "
		       "choose an address "
		       "in RAM, or let the planner choose (place_phys = false)",
		       range_text(p, range), p->inputs.board->name);
	}
}

static void check_region(struct planner *p, const struct model_vm *vm, size_t index)
{
	const struct vm_mem_region *region = &vm->config.platform.regions[index];
	const char *where = where_text(p, vm, "regions", index);

	if (region->size == 0) {
		REPORT(p, REGION_EMPTY, where, "its size is 0; give it a size, or remove it");
	}
	if (!is_aligned(region->base | region->size, PAGE_SIZE) ||
	    (region->place_phys && !is_aligned(region->phys, PAGE_SIZE))) {
		REPORT(p, REGION_UNALIGNED, where,
		       "base 0x%llx, size 0x%llx%s must be multiples of a page; use multiples of "
		       "0x1000",
		       (unsigned long long)region->base, (unsigned long long)region->size,
		       region->place_phys ? arena_printf(&p->arena, ", phys 0x%llx",
							 (unsigned long long)region->phys)
					  : "");
	}
	if (region->place_phys) {
		check_fixed(p, where, (struct range){ region->phys, region->size });
	}
}

static bool shmem_used(const struct planner *p, uint32_t index)
{
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct vm_platform *platform = &p->model.vms[v].config.platform;

		for (size_t i = 0; i < platform->ipc_num; i++) {
			if (platform->ipcs[i].shmem_id == index) {
				return true;
			}
		}
		for (size_t i = 0; i < platform->remio_dev_num; i++) {
			const struct remio_shmem *shmem = &platform->remio_devs[i].shmem;

			if (shmem->size != 0 && shmem->shmem_id == index) {
				return true;
			}
		}
	}
	return false;
}

static void check_shmem(struct planner *p, uint32_t index)
{
	const struct model_shmem *shmem = &p->model.shmems[index];
	uint64_t size = shmem->config.size;

	if (size == 0 || !is_aligned(size, PAGE_SIZE) ||
	    (shmem->config.place_phys && !is_aligned(shmem->config.phys, PAGE_SIZE))) {
		REPORT(p, SHMEM_SIZE, shmem->where,
		       "size 0x%llx%s; use one page (0x1000 bytes) or a multiple of it",
		       (unsigned long long)size,
		       shmem->config.place_phys
			       ? arena_printf(&p->arena, ", phys 0x%llx",
					      (unsigned long long)shmem->config.phys)
			       : "");
	}
	if (shmem->config.place_phys) {
		check_fixed(p, shmem->where, (struct range){ shmem->config.phys, size });
	}
	if (!shmem_used(p, index)) {
		REPORT(p, SHMEM_UNUSED, shmem->where,
		       "no VM uses it; remove it, or name it in the shmem_id of an ipc");
	}
}

void check_memory(struct planner *p)
{
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct model_vm *vm = &p->model.vms[v];

		if (vm->config.platform.region_num == 0) {
			REPORT(p, VM_NO_MEMORY, arena_printf(&p->arena, "%s: regions", vm->name),
			       "the VM has no memory; give it at least one region");
		}
		for (size_t i = 0; i < vm->config.platform.region_num; i++) {
			check_region(p, vm, i);
		}
	}
	for (uint32_t i = 0; i < p->model.shmem_count; i++) {
		check_shmem(p, i);
	}
}
