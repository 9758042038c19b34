/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the lists of claims from the model. */
#include "claims.h"

#include <string.h>

void claims_add(struct planner *p, struct claims *claims, struct claim claim)
{
	if (claim.range.size == 0) {
		return;
	}
	if (claims->count == claims->capacity) {
		struct claim *more;

		claims->capacity = 2 * claims->capacity + 32;
		more = arena_alloc(&p->arena, claims->capacity, sizeof(*more));
		if (claims->count != 0) {
			memcpy(more, claims->items, claims->count * sizeof(*more));
		}
		claims->items = more;
	}
	claims->items[claims->count++] = claim;
}

static void add_row(struct planner *p, struct claims *claims, const struct model_vm *vm,
		    enum claim_kind kind, const char *list, size_t index, struct range range)
{
	claims_add(p, claims,
		   (struct claim){ kind, range, vm->index, where_text(p, vm, list, index),
				   owner_text(p, vm, list, index) });
}

static void add_field(struct planner *p, struct claims *claims, const struct model_vm *vm,
		      enum claim_kind kind, const char *field, const char *meaning,
		      struct range range)
{
	claims_add(p, claims,
		   (struct claim){ kind, range, vm->index,
				   arena_printf(&p->arena, "%s: %s", vm->name, field),
				   arena_printf(&p->arena, "the %s of %s (%s)", meaning, vm->name,
						field) });
}

static void add_fields(struct planner *p, struct claims *claims, const struct model_vm *vm)
{
	const struct vm_platform *platform = &vm->config.platform;
	uint64_t vcpus = platform->cpu_num <= MAX_CPUS ? platform->cpu_num : MAX_CPUS;

	if (platform->arch.gic.gicd_addr != 0) {
		add_field(p, claims, vm, CLAIM_GICD, "platform.arch.gic.gicd_addr",
			  "virtual distributor",
			  (struct range){ platform->arch.gic.gicd_addr, GICD_WINDOW_SIZE });
	}
	if (platform->arch.gic.gicr_addr != 0) {
		add_field(p, claims, vm, CLAIM_GICR, "platform.arch.gic.gicr_addr",
			  "virtual redistributors",
			  (struct range){ platform->arch.gic.gicr_addr, vcpus * GICR_FRAME_SIZE });
	}
	if (vm->config.channel_bus != 0) {
		add_field(p, claims, vm, CLAIM_CHANNEL_BUS, "channel_bus", "channels' PCI bus",
			  channel_bus_rest(vm));
	}
	if (vm->config.console.base != 0) {
		add_field(p, claims, vm, CLAIM_CONSOLE, "console", "virtual UART",
			  (struct range){ vm->config.console.base, UART_WINDOW_SIZE });
	}
}

static void add_channels(struct planner *p, struct claims *claims, const struct model_vm *vm)
{
	const struct vm_platform *platform = &vm->config.platform;

	for (size_t i = 0; i < platform->ipc_num; i++) {
		const struct ipc *ipc = &platform->ipcs[i];

		add_row(p, claims, vm, CLAIM_IPC, "ipcs", i,
			(struct range){ ipc->base, ipc->size });
		if (ipc->doorbell != 0) {
			claims_add(p, claims,
				   (struct claim){ CLAIM_DOORBELL,
						   { ipc->doorbell, PAGE_SIZE },
						   vm->index,
						   where_text(p, vm, "ipcs", i),
						   arena_printf(&p->arena, "the doorbell of %s",
								owner_text(p, vm, "ipcs", i)) });
		}
	}
	for (size_t i = 0; i < platform->remio_dev_num; i++) {
		const struct remio_dev *dev = &platform->remio_devs[i];

		if (dev->type == REMIO_DEV_FRONTEND) {
			add_row(p, claims, vm, CLAIM_REMIO_WINDOW, "remio_devs", i,
				(struct range){ dev->va, dev->size });
		}
		claims_add(p, claims,
			   (struct claim){ CLAIM_REMIO_SHMEM,
					   { dev->shmem.base, dev->shmem.size },
					   vm->index,
					   where_text(p, vm, "remio_devs", i),
					   arena_printf(&p->arena, "the shared memory of %s",
							owner_text(p, vm, "remio_devs", i)) });
	}
}

struct claims claims_vm(struct planner *p, const struct model_vm *vm)
{
	const struct vm_platform *platform = &vm->config.platform;
	struct claims claims = { 0 };

	for (size_t i = 0; i < platform->region_num; i++) {
		add_row(p, &claims, vm, CLAIM_REGION, "regions", i,
			(struct range){ platform->regions[i].base, platform->regions[i].size });
	}
	for (size_t i = 0; i < platform->dev_num; i++) {
		add_row(p, &claims, vm, CLAIM_DEVICE, "devs", i,
			(struct range){ platform->devs[i].va, platform->devs[i].size });
	}
	add_channels(p, &claims, vm);
	add_fields(p, &claims, vm);
	return claims;
}

static void add_system(struct planner *p, struct claims *claims)
{
	const struct board *machine = p->inputs.board;
	const struct settings *settings = &p->inputs.settings;

	claims_add(p, claims,
		   (struct claim){ CLAIM_HYPERVISOR,
				   { settings->hyp_base, settings->hyp_size },
				   CLAIM_NO_VM,
				   "hypervisor",
				   "the hypervisor (HYP_BASE, HYP_SIZE)" });
	claims_add(p, claims,
		   (struct claim){ CLAIM_IMAGES,
				   { p->model.images_base, p->model.images_size },
				   CLAIM_NO_VM,
				   "hypervisor: images",
				   "the builtin images, which follow the hypervisor" });
	for (uint32_t i = 0; i < machine->reserved_count; i++) {
		const struct board_reserved *reserved = &machine->reserved[i];

		claims_add(p, claims,
			   (struct claim){
				   CLAIM_RESERVED,
				   range_pages((struct range){ reserved->base, reserved->size }),
				   CLAIM_NO_VM, arena_printf(&p->arena, "board: reserved[%u]", i),
				   arena_printf(&p->arena, "memory the board reserves for %s",
						reserved->name) });
	}
	for (uint32_t i = 0; i < p->model.shmem_count; i++) {
		const struct model_shmem *shmem = &p->model.shmems[i];

		if (shmem->config.place_phys) {
			claims_add(p, claims,
				   (struct claim){
					   CLAIM_SHMEM,
					   range_pages((struct range){ shmem->config.phys,
								       shmem->config.size }),
					   CLAIM_NO_VM, shmem->where, shmem->where });
		}
	}
}

static void add_loaded(struct planner *p, struct claims *claims, const struct model_vm *vm)
{
	const struct blob *image = &vm->image;

	if (image->source == BLOB_LOADED) {
		claims_add(p, claims,
			   (struct claim){ CLAIM_LOADED,
					   range_pages((struct range){ image->pa, image->size }),
					   vm->index, image->where,
					   arena_printf(&p->arena,
							"the image that is loaded for %s (image)",
							vm->name) });
	}
}

struct claims claims_physical(struct planner *p)
{
	struct claims claims = { 0 };

	add_system(p, &claims);
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct model_vm *vm = &p->model.vms[v];

		for (size_t i = 0; i < vm->config.platform.region_num; i++) {
			const struct vm_mem_region *region = &vm->config.platform.regions[i];

			if (region->place_phys) {
				add_row(p, &claims, vm, CLAIM_REGION, "regions", i,
					range_pages((struct range){ region->phys, region->size }));
			}
		}
		add_loaded(p, &claims, vm);
	}
	return claims;
}

bool ram_contains(const struct board *machine, struct range range)
{
	for (uint32_t i = 0; i < machine->memory_count; i++) {
		if (range_contains((struct range){ machine->memories[i].base,
						   machine->memories[i].size },
				   range)) {
			return true;
		}
	}
	return false;
}

bool ram_overlaps(const struct board *machine, struct range range)
{
	for (uint32_t i = 0; i < machine->memory_count; i++) {
		if (range_overlaps((struct range){ machine->memories[i].base,
						   machine->memories[i].size },
				   range)) {
			return true;
		}
	}
	return false;
}
