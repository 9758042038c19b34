/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns the configuration into the model: copies every list so that a pointer and its count agree,
 * fills in defaults, gives everything a name. Reports lists that can't be read and bad names.
 */
#include "planner.h"

#include <ctype.h>
#include <string.h>

const char *where_text(struct planner *p, const struct model_vm *vm, const char *list, size_t index)
{
	return arena_printf(&p->arena, "%s: %s[%zu]", vm->name, list, index);
}

const char *owner_text(struct planner *p, const struct model_vm *vm, const char *list, size_t index)
{
	return arena_printf(&p->arena, "%s[%zu] of %s", list, index, vm->name);
}

const char *range_text(struct planner *p, struct range range)
{
	if (range.size == 0) {
		return arena_printf(&p->arena, "0x%llx (empty)", (unsigned long long)range.base);
	}
	return arena_printf(&p->arena, "0x%llx-0x%llx", (unsigned long long)range.base,
			    (unsigned long long)range_last(range));
}

const struct board_device *board_device_at(const struct board *machine, uint64_t pa)
{
	for (uint32_t i = 0; i < machine->device_count; i++) {
		if (pa - machine->devices[i].base < machine->devices[i].size) {
			return &machine->devices[i];
		}
	}
	return NULL;
}

const struct board_device *board_device_of_irq(const struct board *machine, uint64_t irq)
{
	for (uint32_t i = 0; i < machine->device_count; i++) {
		for (uint32_t n = 0; n < machine->devices[i].interrupt_count; n++) {
			if (machine->devices[i].interrupts[n] == irq) {
				return &machine->devices[i];
			}
		}
	}
	return NULL;
}

uint32_t devices_within(const struct board *machine, const struct vm_dev_region *device)
{
	struct range range = { device->pa, device->size };
	uint32_t count = 0;

	for (uint32_t i = 0; i < machine->device_count; i++) {
		const struct board_device *one = &machine->devices[i];

		count += range_contains(range, (struct range){ one->base, one->size });
	}
	return count;
}

const char *device_name(struct planner *p, const struct vm_dev_region *device)
{
	const struct board_device *known = NULL;
	uint32_t others;

	if (device->name != NULL && device->name[0] != '\0') {
		return device->name;
	}
	if (device->size != 0) {
		known = board_device_at(p->inputs.board, device->pa);
	} else if (device->interrupt_num == 1 &&
		   device->interrupts[0] == p->inputs.board->timer_virtual_irq) {
		return "virtual timer";
	} else if (device->interrupt_num == 1 &&
		   device->interrupts[0] == p->inputs.board->timer_physical_irq) {
		return "physical timer";
	}
	if (known == NULL) {
		return "device";
	}
	others = devices_within(p->inputs.board, device);
	return others < 2 ? known->name
			  : arena_printf(&p->arena, "%s and %u more", known->name, others - 1);
}

static bool copies_from_loader(const struct model_vm *vm)
{
	return vm->image.source == BLOB_LOADED && !vm->image.in_place;
}

bool vm_loaded_source(const struct planner *p, const struct model_vm *vm, struct range *pages)
{
	if (!copies_from_loader(vm)) {
		return false;
	}
	for (uint32_t v = 0; v < vm->index; v++) {
		const struct model_vm *other = &p->model.vms[v];

		if (copies_from_loader(other) && other->image.pa == vm->image.pa) {
			return false;
		}
	}
	*pages = range_pages((struct range){ vm->image.pa, vm->image.size });
	return true;
}

const struct vm_mem_region *vm_region_of(const struct model_vm *vm, struct range range)
{
	for (size_t i = 0; i < vm->config.platform.region_num; i++) {
		const struct vm_mem_region *region = &vm->config.platform.regions[i];

		if (range_contains((struct range){ region->base, region->size }, range)) {
			return region;
		}
	}
	return NULL;
}

/*
 * A copy of a list, and in *count what can be read of it: 0 when the pointer is missing. `fields`
 * is what the configuration calls pointer and count.
 */
static void *copy_list(struct planner *p, const char *where, const char *pointer_name,
		       const char *count_name, const void *list, size_t *count, size_t size)
{
	void *copy;

	if (list == NULL && *count != 0) {
		REPORT(p, LIST_MISSING, where,
		       "%s is %zu but %s is not set; set %s to an array of %zu, or use the list "
		       "macros of "
		       "<config.h>, which count for you",
		       count_name, *count, pointer_name, pointer_name, *count);
		*count = 0;
	} else if (list != NULL && *count == 0) {
		REPORT(p, LIST_UNCOUNTED, where,
		       "%s is set but %s is 0, so the list is ignored; set %s, or use the list "
		       "macros of "
		       "<config.h>, which count for you",
		       pointer_name, count_name, count_name);
	}
	copy = arena_alloc(&p->arena, *count, size);
	if (*count != 0) {
		memcpy(copy, list, *count * size);
	}
	return copy;
}

static void copy_interrupts(struct planner *p, const char *where, irqid_t **list, size_t *count)
{
	*list = copy_list(p, where, "interrupts", "interrupt_num", *list, count, sizeof(**list));
}

static void copy_ipcs(struct planner *p, const struct model_vm *vm, struct vm_platform *platform)
{
	for (size_t i = 0; i < platform->ipc_num; i++) {
		struct ipc *ipc = &platform->ipcs[i];

		copy_interrupts(p, where_text(p, vm, "ipcs", i), &ipc->interrupts,
				&ipc->interrupt_num);
		if (ipc->size == 0 && ipc->shmem_id < p->model.shmem_count) {
			ipc->size =
				p->model.shmems[ipc->shmem_id].config.size; /* the whole of it */
		}
		if (ipc->name == NULL) {
			ipc->name = arena_printf(&p->arena, "ipc%zu", i);
		}
	}
}

static void copy_lists(struct planner *p, struct model_vm *vm)
{
	struct vm_platform *platform = &vm->config.platform;
	const char *name = vm->name;

	platform->regions = copy_list(p, name, "regions", "region_num", platform->regions,
				      &platform->region_num, sizeof(*platform->regions));
	platform->devs = copy_list(p, name, "devs", "dev_num", platform->devs, &platform->dev_num,
				   sizeof(*platform->devs));
	platform->ipcs = copy_list(p, name, "ipcs", "ipc_num", platform->ipcs, &platform->ipc_num,
				   sizeof(*platform->ipcs));
	platform->remio_devs = copy_list(p, name, "remio_devs", "remio_dev_num",
					 platform->remio_devs, &platform->remio_dev_num,
					 sizeof(*platform->remio_devs));
	for (size_t i = 0; i < platform->dev_num; i++) {
		copy_interrupts(p, where_text(p, vm, "devs", i), &platform->devs[i].interrupts,
				&platform->devs[i].interrupt_num);
	}
	copy_ipcs(p, vm, platform);
	channel_bus_model(p, vm);
}

static bool name_is_valid(const char *name)
{
	size_t length = strlen(name);

	if (length == 0 || length >= PLAN_NAME_SIZE) {
		return false;
	}
	for (size_t i = 0; i < length; i++) {
		if (!isalnum((unsigned char)name[i]) && strchr("_.-", name[i]) == NULL) {
			return false;
		}
	}
	return true;
}

static void name_vm(struct planner *p, struct model_vm *vm)
{
	const char *fallback = arena_printf(&p->arena, "vm%u", vm->index);

	vm->name = vm->config.name != NULL ? vm->config.name : fallback;
	if (!name_is_valid(vm->name)) {
		REPORT(p, VM_NAME, arena_printf(&p->arena, "vmlist[%u]", vm->index),
		       "the name \"%s\" can't be used; use 1 to %d characters of A-Z a-z 0-9 _ . -",
		       vm->name, PLAN_NAME_SIZE - 1);
		vm->name = fallback;
	}
	for (uint32_t i = 0; i < vm->index; i++) {
		if (strcmp(p->model.vms[i].name, vm->name) == 0) {
			REPORT(p, VM_NAME_DUPLICATE,
			       arena_printf(&p->arena, "vmlist[%u]", vm->index),
			       "the name \"%s\" is also that of vmlist[%u]; give one of them "
			       "another name",
			       vm->name, i);
		}
	}
}

static void build_shmems(struct planner *p)
{
	size_t count = p->inputs.config->shmemlist_size;
	struct shmem *list = copy_list(p, "config", "shmemlist", "shmemlist_size",
				       p->inputs.config->shmemlist, &count, sizeof(*list));

	p->model.shmems = arena_alloc(&p->arena, count, sizeof(*p->model.shmems));
	p->model.shmem_count = (uint32_t)count;
	for (size_t i = 0; i < count; i++) {
		struct model_shmem *shmem = &p->model.shmems[i];

		shmem->config = list[i];
		shmem->where = arena_printf(&p->arena, "shmemlist[%zu]", i);
		shmem->name = list[i].name != NULL ? list[i].name
						   : arena_printf(&p->arena, "shmem%zu", i);
		shmem->pa = list[i].phys;
		shmem->placed = list[i].place_phys;
	}
}

void model_build(struct planner *p)
{
	size_t count = p->inputs.config->vmlist_size;
	struct vm_config *list;

	build_shmems(p);
	list = copy_list(p, "config", "vmlist", "vmlist_size", p->inputs.config->vmlist, &count,
			 sizeof(*list));
	if (count == 0) {
		REPORT(p, NO_VMS, "config",
		       "the configuration has no VM; add at least one to vmlist");
	} else if (count > MAX_VMS) {
		REPORT(p, VM_LIMIT, "config",
		       "%zu VMs in vmlist; at most %u are possible, remove some", count, MAX_VMS);
		count = MAX_VMS;
	}
	p->model.vms = arena_alloc(&p->arena, count, sizeof(*p->model.vms));
	for (uint32_t i = 0; i < count; i++) {
		struct model_vm *vm = &p->model.vms[i];

		vm->index = i;
		vm->config = list[i];
		name_vm(p, vm);
		copy_lists(p, vm);
	}
	p->model.vm_count = (uint32_t)count;
}
