/* SPDX-License-Identifier: Apache-2.0 */
/* Builds the partition map from the model and the plan. */
#include "map.h"

#include <stdlib.h>
#include <string.h>

struct list {
	struct map_range *items;
	uint32_t count;
	uint32_t capacity;
};

static void add(struct planner *p, struct list *list, struct map_range item)
{
	if (item.range.size == 0) {
		return;
	}
	if (list->count == list->capacity) {
		struct map_range *more;

		list->capacity = 2 * list->capacity + 32;
		more = arena_alloc(&p->arena, list->capacity, sizeof(*more));
		if (list->count != 0) {
			memcpy(more, list->items, list->count * sizeof(*more));
		}
		list->items = more;
	}
	list->items[list->count++] = item;
}

static int by_address(const void *left, const void *right)
{
	const struct map_range *a = left;
	const struct map_range *b = right;

	return a->range.base < b->range.base ? -1 : a->range.base > b->range.base;
}

static void sort(struct list *list)
{
	if (list->count != 0) {
		qsort(list->items, list->count, sizeof(*list->items), by_address);
	}
}

/* ---- memory ---------------------------------------------------------------------------------- */

static void add_system(struct planner *p, struct list *list)
{
	const struct board *machine = p->inputs.board;
	const struct plan_system *system = &p->plan.system;

	add(p, list,
	    (struct map_range){ { system->hyp_base, system->hyp_size },
				MAP_HYPERVISOR,
				MAP_NO_VM,
				0,
				"code and data",
				"hypervisor" });
	for (uint32_t i = 0; i < p->model.stored_count; i++) {
		const struct stored *stored = &p->model.stored[i];

		if (!stored->in_place) {
			add(p, list,
			    (struct map_range){
				    { stored->pa, align_up(stored->file->size, PAGE_SIZE) },
				    MAP_IMAGES,
				    MAP_NO_VM,
				    0,
				    stored->owner,
				    "hypervisor" });
		}
	}
	for (uint32_t i = 0; i < machine->reserved_count; i++) {
		add(p, list,
		    (struct map_range){ { machine->reserved[i].base, machine->reserved[i].size },
					MAP_RESERVED,
					MAP_NO_VM,
					0,
					machine->reserved[i].name,
					"board" });
	}
}

static bool vm_uses(const struct planner *p, uint32_t v, uint32_t shmem)
{
	const struct plan_vm *vm = &p->plan.vms[v];

	for (uint32_t i = 0; i < vm->extent_count; i++) {
		if (p->plan.extents[vm->extent_first + i].shmem == shmem) {
			return true;
		}
	}
	return false;
}

static const char *users_of(struct planner *p, uint32_t shmem)
{
	const char *users = "";

	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		if (vm_uses(p, v, shmem)) {
			users = arena_printf(&p->arena, "%s%s%s", users,
					     users[0] != '\0' ? ", " : "", p->model.vms[v].name);
		}
	}
	return users[0] != '\0' ? users : "nobody";
}

static void add_shmems(struct planner *p, struct list *list)
{
	for (uint32_t i = 0; i < p->model.shmem_count; i++) {
		const struct model_shmem *shmem = &p->model.shmems[i];

		add(p, list,
		    (struct map_range){ { shmem->pa, shmem->config.size },
					MAP_SHARED,
					MAP_NO_VM,
					i,
					arena_printf(&p->arena, "%s (shared)", shmem->name),
					users_of(p, i) });
	}
}

static void add_vm_memory(struct planner *p, struct list *list, const struct model_vm *vm)
{
	struct range loaded;

	for (uint32_t i = 0; i < vm->piece_count; i++) {
		const struct piece *piece = &vm->pieces[i];

		add(p, list,
		    (struct map_range){ { piece->pa, piece->va.size },
					MAP_VM,
					vm->index,
					0,
					arena_printf(&p->arena, "regions[%u], VM address 0x%llx",
						     piece->region,
						     (unsigned long long)piece->va.base),
					vm->name });
	}
	if (vm_loaded_source(p, vm, &loaded)) {
		add(p, list,
		    (struct map_range){ loaded, MAP_IMAGES, MAP_NO_VM, 0,
					arena_printf(&p->arena, "loaded image of %s", vm->name),
					"boot loader" });
	}
}

/* Adds what of each bank of RAM nobody has. */
static void add_free(struct planner *p, struct list *list)
{
	const struct board *machine = p->inputs.board;
	uint32_t taken = list->count;

	sort(list);
	for (uint32_t i = 0; i < machine->memory_count; i++) {
		uint64_t at = machine->memories[i].base;
		uint64_t end = at + machine->memories[i].size;

		for (uint32_t n = 0; n < taken; n++) {
			struct range range = list->items[n].range;

			if (range.base < at || range.base >= end) {
				continue;
			}
			add(p, list,
			    (struct map_range){
				    { at, range.base - at }, MAP_FREE, MAP_NO_VM, 0, "free", "" });
			at = range.base + range.size;
		}
		add(p, list,
		    (struct map_range){ { at, end - at }, MAP_FREE, MAP_NO_VM, 0, "free", "" });
	}
	sort(list);
}

/* ---- devices --------------------------------------------------------------------------------- */

static void add_devices(struct planner *p, struct list *list)
{
	const struct board *machine = p->inputs.board;

	add(p, list,
	    (struct map_range){ { machine->gic.gicd, machine->gic.gicd_size },
				MAP_HYPERVISOR,
				MAP_NO_VM,
				0,
				"GIC distributor",
				"hypervisor" });
	add(p, list,
	    (struct map_range){ { machine->gic.gicr, p->plan.gicr_size },
				MAP_HYPERVISOR,
				MAP_NO_VM,
				0,
				"GIC redistributors",
				"hypervisor" });
	add(p, list,
	    (struct map_range){ { machine->uart.base, machine->uart.size },
				MAP_HYPERVISOR,
				MAP_NO_VM,
				0,
				"console UART",
				"hypervisor" });
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct vm_platform *platform = &p->model.vms[v].config.platform;

		for (size_t i = 0; i < platform->dev_num; i++) {
			const struct vm_dev_region *dev = &platform->devs[i];

			add(p, list,
			    (struct map_range){ { dev->pa, dev->size },
						MAP_VM,
						v,
						0,
						device_name(p, dev),
						p->model.vms[v].name });
		}
	}
	sort(list);
}

/* ---- interrupts ------------------------------------------------------------------------------ */

static void add_irq(struct map *map, uint64_t irq, enum map_kind kind, uint32_t vm,
		    const char *label, const char *owner)
{
	map->irqs[map->irq_count++] = (struct map_irq){ (uint32_t)irq, kind, vm, label, owner };
}

static size_t count_irqs(const struct planner *p)
{
	size_t count = 2; /* the hypervisor's */

	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct vm_platform *platform = &p->model.vms[v].config.platform;

		count += 1 + platform->remio_dev_num;
		for (size_t i = 0; i < platform->dev_num; i++) {
			count += platform->devs[i].interrupt_num;
		}
		for (size_t i = 0; i < platform->ipc_num; i++) {
			count += platform->ipcs[i].interrupt_num;
		}
	}
	return count;
}

/* A device's own name for the interrupt; several devices on one page have one each. */
static const char *irq_label(struct planner *p, const struct vm_dev_region *dev, irqid_t irq)
{
	const struct board_device *device = board_device_of_irq(p->inputs.board, irq);

	return device != NULL && dev->name == NULL ? device->name : device_name(p, dev);
}

static void add_vm_irqs(struct planner *p, struct map *map, const struct model_vm *vm)
{
	const struct vm_platform *platform = &vm->config.platform;

	for (size_t i = 0; i < platform->dev_num; i++) {
		const struct vm_dev_region *dev = &platform->devs[i];

		for (size_t n = 0; n < dev->interrupt_num; n++) {
			add_irq(map, dev->interrupts[n], MAP_VM, vm->index,
				irq_label(p, dev, dev->interrupts[n]), vm->name);
		}
	}
	for (size_t i = 0; i < platform->ipc_num; i++) {
		for (size_t n = 0; n < platform->ipcs[i].interrupt_num; n++) {
			add_irq(map, platform->ipcs[i].interrupts[n], MAP_VM, vm->index,
				arena_printf(&p->arena, "channel %s", platform->ipcs[i].name),
				vm->name);
		}
	}
	for (size_t i = 0; i < platform->remio_dev_num; i++) {
		if (platform->remio_devs[i].interrupt != 0) {
			add_irq(map, platform->remio_devs[i].interrupt, MAP_VM, vm->index,
				arena_printf(&p->arena, "remio_devs[%zu]", i), vm->name);
		}
	}
	if (vm->config.console.base != 0) {
		add_irq(map, vm->config.console.interrupt, MAP_VM, vm->index, "virtual UART",
			vm->name);
	}
}

static int by_irq(const void *left, const void *right)
{
	const struct map_irq *a = left;
	const struct map_irq *b = right;

	if (a->irq != b->irq) {
		return a->irq < b->irq ? -1 : 1;
	}
	return a->vm < b->vm ? -1 : a->vm > b->vm;
}

static void add_irqs(struct planner *p, struct map *map)
{
	map->irqs = arena_alloc(&p->arena, count_irqs(p), sizeof(*map->irqs));
	add_irq(map, p->plan.system.maintenance_irq, MAP_HYPERVISOR, MAP_NO_VM, "GIC maintenance",
		"hypervisor");
	add_irq(map, p->plan.system.console_irq, MAP_HYPERVISOR, MAP_NO_VM, "console UART",
		"hypervisor");
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		add_vm_irqs(p, map, &p->model.vms[v]);
	}
	qsort(map->irqs, map->irq_count, sizeof(*map->irqs), by_irq);
}

const char *map_irq_text(struct planner *p, uint32_t irq)
{
	if (irq < FIRST_SPI) {
		return arena_printf(&p->arena, "PPI %u", irq - FIRST_PPI);
	}
	return arena_printf(&p->arena, "SPI %u", irq - FIRST_SPI);
}

struct map map_build(struct planner *p)
{
	struct list memory = { 0 };
	struct list devices = { 0 };
	struct map map = { 0 };

	add_system(p, &memory);
	add_shmems(p, &memory);
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		add_vm_memory(p, &memory, &p->model.vms[v]);
	}
	add_free(p, &memory);
	add_devices(p, &devices);
	add_irqs(p, &map);
	map.memory = memory.items;
	map.memory_count = memory.count;
	map.devices = devices.items;
	map.device_count = devices.count;
	return map;
}
