/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes the placed model into the tables of <bao/plan.h>, VM by VM. Runs only on a model without
 * errors, so nothing is checked here. Counting translation tables is counts.c.
 */
#include "planner.h"

#include <stdlib.h>
#include <string.h>

struct noted_extent {
	struct plan_extent extent;
	const char *note;
};

/* ---- memory ---------------------------------------------------------------------------------- */

static int by_va(const void *left, const void *right)
{
	const struct noted_extent *a = left;
	const struct noted_extent *b = right;

	return a->extent.va < b->extent.va ? -1 : a->extent.va > b->extent.va;
}

static void add_extent(struct noted_extent *list, uint32_t *count, struct plan_extent extent,
		       const char *note)
{
	struct plan_extent *last = *count != 0 ? &list[*count - 1].extent : NULL;

	if (extent.size == 0) {
		return;
	}
	/* The parts of a region that meet in both address spaces are one extent. */
	if (last != NULL && list[*count - 1].note == note && last->va + last->size == extent.va &&
	    last->pa + last->size == extent.pa) {
		last->size += extent.size;
		return;
	}
	list[(*count)++] = (struct noted_extent){ extent, note };
}

static void add_shared(struct planner *p, const struct model_vm *vm, struct noted_extent *list,
		       uint32_t *count, struct range va, size_t shmem, const char *row,
		       size_t index)
{
	struct plan_extent extent = {
		.va = va.base,
		.pa = p->model.shmems[shmem].pa,
		.size = va.size,
		.kind = PLAN_MEMORY_SHARED,
		.shmem = (uint32_t)shmem,
	};

	add_extent(list, count, extent,
		   arena_printf(&p->arena, "%s, %s", owner_text(p, vm, row, index),
				p->model.shmems[shmem].name));
}

static void add_devices(struct planner *p, const struct model_vm *vm, struct noted_extent *list,
			uint32_t *count)
{
	const struct vm_platform *platform = &vm->config.platform;

	for (size_t i = 0; i < platform->dev_num; i++) {
		const struct vm_dev_region *dev = &platform->devs[i];

		add_extent(list, count,
			   (struct plan_extent){ dev->va, dev->pa, dev->size, PLAN_MEMORY_DEVICE,
						 PLAN_NONE32 },
			   arena_printf(&p->arena, "%s, %s", owner_text(p, vm, "devs", i),
					device_name(p, dev)));
	}
}

static void add_memory(struct planner *p, const struct model_vm *vm, struct noted_extent *list,
		       uint32_t *count)
{
	const char *note = NULL;
	uint32_t region = PLAN_NONE32;

	for (uint32_t i = 0; i < vm->piece_count; i++) {
		const struct piece *piece = &vm->pieces[i];

		if (piece->region != region) {
			region = piece->region;
			note = owner_text(p, vm, "regions", region);
		}
		add_extent(list, count,
			   (struct plan_extent){ piece->va.base, piece->pa, piece->va.size,
						 PLAN_MEMORY_RAM, PLAN_NONE32 },
			   note);
	}
}

static void vm_extents(struct planner *p, const struct model_vm *vm, struct plan_vm *row)
{
	const struct vm_platform *platform = &vm->config.platform;
	struct plan *plan = &p->plan;
	size_t capacity = vm->piece_count + platform->dev_num + platform->ipc_num +
			  platform->remio_dev_num;
	struct noted_extent *list = arena_alloc(&p->arena, capacity, sizeof(*list));
	uint32_t count = 0;

	add_memory(p, vm, list, &count);
	add_devices(p, vm, list, &count);
	for (size_t i = 0; i < platform->ipc_num; i++) {
		const struct ipc *ipc = &platform->ipcs[i];

		add_shared(p, vm, list, &count, (struct range){ ipc->base, ipc->size },
			   ipc->shmem_id, "ipcs", i);
	}
	for (size_t i = 0; i < platform->remio_dev_num; i++) {
		const struct remio_shmem *shmem = &platform->remio_devs[i].shmem;

		add_shared(p, vm, list, &count, (struct range){ shmem->base, shmem->size },
			   shmem->size != 0 ? shmem->shmem_id : 0, "remio_devs", i);
	}
	qsort(list, count, sizeof(*list), by_va);
	row->extent_first = plan->system.extent_count;
	row->extent_count = count;
	for (uint32_t i = 0; i < count; i++) {
		plan->extents[plan->system.extent_count] = list[i].extent;
		plan->extent_notes[plan->system.extent_count++] = list[i].note;
	}
}

/* Copies of a blob: one for each extent its destination lies in. */
static void add_loads(struct planner *p, const struct plan_vm *row, const struct blob *blob)
{
	struct plan *plan = &p->plan;
	uint64_t done = 0;

	if (blob->source == BLOB_NONE || blob->in_place) {
		return;
	}
	for (uint32_t i = 0; i < row->extent_count && done < blob->size; i++) {
		const struct plan_extent *extent = &plan->extents[row->extent_first + i];
		uint64_t offset = blob->va + done - extent->va;
		uint64_t size = blob->size - done;

		if (extent->kind != PLAN_MEMORY_RAM || blob->va + done < extent->va ||
		    offset >= extent->size) {
			continue;
		}
		size = size < extent->size - offset ? size : extent->size - offset;
		plan->loads[plan->system.load_count] =
			(struct plan_load){ extent->pa + offset, blob->pa + done, size };
		plan->load_notes[plan->system.load_count++] = blob->where;
		done += size;
	}
}

static void vm_loads(struct planner *p, const struct model_vm *vm, struct plan_vm *row)
{
	row->load_first = p->plan.system.load_count;
	add_loads(p, row, &vm->image);
	add_loads(p, row, &vm->initrd);
	add_loads(p, row, &vm->dtb);
	add_loads(p, row, &vm->bus);
	row->load_count = p->plan.system.load_count - row->load_first;
}

/* ---- windows --------------------------------------------------------------------------------- */

static int window_by_va(const void *left, const void *right)
{
	const struct plan_window *a = left;
	const struct plan_window *b = right;

	return a->va < b->va ? -1 : a->va > b->va;
}

static void add_window(struct plan *plan, uint64_t va, uint64_t size, uint32_t kind,
		       uint32_t argument)
{
	plan->windows[plan->system.window_count++] =
		(struct plan_window){ va, size, kind, argument };
}

/* Index in plan_remios of the pair that a row of remio_devs belongs to: pairs count by frontend. */
static uint32_t remio_index(const struct planner *p, remio_bind_key_t key)
{
	uint32_t index = 0;

	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct vm_platform *platform = &p->model.vms[v].config.platform;

		for (size_t i = 0; i < platform->remio_dev_num; i++) {
			const struct remio_dev *dev = &platform->remio_devs[i];

			if (dev->type == REMIO_DEV_FRONTEND && dev->bind_key == key) {
				return index;
			}
			index += dev->type == REMIO_DEV_FRONTEND;
		}
	}
	return PLAN_NONE32;
}

static void vm_windows(struct planner *p, const struct model_vm *vm, struct plan_vm *row)
{
	const struct vm_platform *platform = &vm->config.platform;
	struct plan *plan = &p->plan;

	row->window_first = plan->system.window_count;
	add_window(plan, platform->arch.gic.gicd_addr, GICD_WINDOW_SIZE, PLAN_WINDOW_GICD, 0);
	add_window(plan, platform->arch.gic.gicr_addr, platform->cpu_num * GICR_FRAME_SIZE,
		   PLAN_WINDOW_GICR, 0);
	if (vm->config.console.base != 0) {
		add_window(plan, vm->config.console.base, UART_WINDOW_SIZE, PLAN_WINDOW_UART, 0);
	}
	if (vm->config.channel_bus != 0) {
		struct range rest = channel_bus_rest(vm);

		add_window(plan, rest.base, rest.size, PLAN_WINDOW_EMPTY, 0);
	}
	for (size_t i = 0; i < platform->ipc_num; i++) {
		if (platform->ipcs[i].doorbell != 0) {
			add_window(plan, platform->ipcs[i].doorbell, PAGE_SIZE,
				   PLAN_WINDOW_DOORBELL, (uint32_t)i);
		}
	}
	for (size_t i = 0; i < platform->remio_dev_num; i++) {
		const struct remio_dev *dev = &platform->remio_devs[i];

		if (dev->type == REMIO_DEV_FRONTEND) {
			add_window(plan, dev->va, dev->size, PLAN_WINDOW_REMIO,
				   remio_index(p, dev->bind_key));
		}
	}
	row->window_count = plan->system.window_count - row->window_first;
	qsort(&plan->windows[row->window_first], row->window_count, sizeof(*plan->windows),
	      window_by_va);
}

/* ---- interrupts and channels ----------------------------------------------------------------- */

static void own_irq(struct plan_vm *row, uint64_t irq)
{
	row->irqs[irq / 32] |= UINT32_C(1) << (irq % 32);
}

static void vm_irqs(const struct model_vm *vm, struct plan_vm *row)
{
	const struct vm_platform *platform = &vm->config.platform;

	for (size_t i = 0; i < platform->dev_num; i++) {
		for (size_t n = 0; n < platform->devs[i].interrupt_num; n++) {
			own_irq(row, platform->devs[i].interrupts[n]);
		}
	}
	for (size_t i = 0; i < platform->ipc_num; i++) {
		for (size_t n = 0; n < platform->ipcs[i].interrupt_num; n++) {
			own_irq(row, platform->ipcs[i].interrupts[n]);
		}
	}
	for (size_t i = 0; i < platform->remio_dev_num; i++) {
		if (platform->remio_devs[i].interrupt != 0) {
			own_irq(row, platform->remio_devs[i].interrupt);
		}
	}
	if (vm->config.console.base != 0) {
		row->uart_irq = (uint32_t)vm->config.console.interrupt;
		own_irq(row, row->uart_irq);
	}
	row->irq_count = vm_irq_count(vm);
}

static uint64_t highest_irq(const irqid_t *list, size_t count, uint64_t highest)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i] < MAX_INTERRUPTS && list[i] > highest) {
			highest = list[i];
		}
	}
	return highest;
}

uint32_t vm_irq_count(const struct model_vm *vm)
{
	const struct vm_platform *platform = &vm->config.platform;
	uint64_t highest = 2 * FIRST_SPI - 1;

	if (platform->arch.gic.interrupt_num != 0) {
		return (uint32_t)align_up(platform->arch.gic.interrupt_num, 32);
	}
	for (size_t i = 0; i < platform->dev_num; i++) {
		highest = highest_irq(platform->devs[i].interrupts, platform->devs[i].interrupt_num,
				      highest);
	}
	for (size_t i = 0; i < platform->ipc_num; i++) {
		highest = highest_irq(platform->ipcs[i].interrupts, platform->ipcs[i].interrupt_num,
				      highest);
	}
	for (size_t i = 0; i < platform->remio_dev_num; i++) {
		highest = highest_irq(&platform->remio_devs[i].interrupt, 1, highest);
	}
	if (vm->config.console.base != 0) {
		highest = highest_irq(&vm->config.console.interrupt, 1, highest);
	}
	return (uint32_t)align_up(highest + 1, 32);
}

/* The other VMs' ends of the channel over this shared memory. */
static void add_peers(struct planner *p, const struct model_vm *vm, size_t shmem_id)
{
	struct plan *plan = &p->plan;

	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct vm_platform *platform = &p->model.vms[v].config.platform;

		for (size_t i = 0; i < platform->ipc_num && v != vm->index; i++) {
			const struct ipc *peer = &platform->ipcs[i];

			if (peer->shmem_id != shmem_id) {
				continue;
			}
			plan->ipc_peers[plan->system.ipc_peer_count++] =
				(struct plan_ipc_peer){ plan->system.ipc_irq_count,
							(uint32_t)peer->interrupt_num };
			for (size_t n = 0; n < peer->interrupt_num; n++) {
				plan->ipc_irqs[plan->system.ipc_irq_count++] =
					(uint32_t)peer->interrupts[n];
			}
		}
	}
}

static void vm_ipcs(struct planner *p, const struct model_vm *vm, struct plan_vm *row)
{
	const struct vm_platform *platform = &vm->config.platform;
	struct plan_system *system = &p->plan.system;

	row->ipc_first = system->ipc_count;
	row->ipc_count = (uint32_t)platform->ipc_num;
	for (size_t i = 0; i < platform->ipc_num; i++) {
		uint32_t first = system->ipc_peer_count;

		add_peers(p, vm, platform->ipcs[i].shmem_id);
		p->plan.ipcs[system->ipc_count++] =
			(struct plan_ipc){ first, system->ipc_peer_count - first };
	}
}

static void set_backend(const struct planner *p, struct plan_remio *row, remio_bind_key_t key)
{
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct vm_platform *platform = &p->model.vms[v].config.platform;

		for (size_t i = 0; i < platform->remio_dev_num; i++) {
			const struct remio_dev *dev = &platform->remio_devs[i];

			if (dev->type == REMIO_DEV_BACKEND && dev->bind_key == key) {
				row->backend_vm = (uint8_t)v;
				row->backend_irq = (uint32_t)dev->interrupt;
				row->backend_device = (uint32_t)i;
			}
		}
	}
}

static void remio_pairs(struct planner *p)
{
	struct plan *plan = &p->plan;

	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct vm_platform *platform = &p->model.vms[v].config.platform;

		for (size_t i = 0; i < platform->remio_dev_num; i++) {
			const struct remio_dev *dev = &platform->remio_devs[i];
			struct plan_remio *row = &plan->remios[plan->system.remio_count];

			if (dev->type != REMIO_DEV_FRONTEND) {
				continue;
			}
			row->frontend_vm = (uint8_t)v;
			row->frontend_irq = (uint32_t)dev->interrupt;
			row->slot_first = plan->system.remio_slot_count;
			row->slot_count = (uint32_t)platform->cpu_num;
			row->window_va = dev->va;
			set_backend(p, row, dev->bind_key);
			plan->system.remio_slot_count += row->slot_count;
			plan->system.remio_count++;
		}
	}
}

/* ---- the system ------------------------------------------------------------------------------ */

/* Room for every row there can be. */
static void allocate(struct planner *p)
{
	size_t extents = 0;
	size_t windows = 0;
	size_t ipcs = 0;
	size_t irqs = 0;
	size_t vms = p->model.vm_count;
	struct plan *plan = &p->plan;

	for (size_t v = 0; v < vms; v++) {
		const struct model_vm *vm = &p->model.vms[v];
		const struct vm_platform *platform = &vm->config.platform;

		extents += vm->piece_count + platform->dev_num + platform->ipc_num +
			   platform->remio_dev_num;
		windows += 4 + platform->ipc_num + platform->remio_dev_num;
		ipcs += platform->ipc_num;
		for (size_t i = 0; i < platform->ipc_num; i++) {
			irqs += platform->ipcs[i].interrupt_num;
		}
	}
	plan->cpus = arena_alloc(&p->arena, p->inputs.board->cpu_count, sizeof(*plan->cpus));
	plan->vms = arena_alloc(&p->arena, vms, sizeof(*plan->vms));
	plan->vcpu_cpus = arena_alloc(&p->arena, MAX_CPUS, sizeof(*plan->vcpu_cpus));
	plan->extents = arena_alloc(&p->arena, extents, sizeof(*plan->extents));
	plan->extent_notes = arena_alloc(&p->arena, extents, sizeof(*plan->extent_notes));
	plan->loads = arena_alloc(&p->arena, extents + 4 * vms, sizeof(*plan->loads));
	plan->load_notes = arena_alloc(&p->arena, extents + 4 * vms, sizeof(*plan->load_notes));
	plan->windows = arena_alloc(&p->arena, windows, sizeof(*plan->windows));
	plan->ipcs = arena_alloc(&p->arena, ipcs, sizeof(*plan->ipcs));
	plan->ipc_peers = arena_alloc(&p->arena, ipcs * ipcs, sizeof(*plan->ipc_peers));
	plan->ipc_irqs = arena_alloc(&p->arena, ipcs * irqs, sizeof(*plan->ipc_irqs));
	plan->remios = arena_alloc(&p->arena, windows + 1, sizeof(*plan->remios));
	plan->hyp_devices = arena_alloc(&p->arena, 3, sizeof(*plan->hyp_devices));
}

static uint32_t cpus_needed(const struct planner *p)
{
	uint32_t needed = 1;

	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct model_vm *vm = &p->model.vms[v];

		for (uint32_t n = 0; n < vm->cpu_count; n++) {
			needed = vm->cpus[n] >= needed ? vm->cpus[n] + 1 : needed;
		}
	}
	return needed;
}

static void cpu_rows(struct planner *p)
{
	const struct board *machine = p->inputs.board;

	/* From the CPU that boots, 0, to the last that is used: the board may have more. */
	p->plan.system.cpu_count = cpus_needed(p);
	for (uint32_t cpu = 0; cpu < p->plan.system.cpu_count; cpu++) {
		p->plan.cpus[cpu] = (struct plan_cpu){ .hw_id = machine->cpu_hw_ids[cpu],
						       .vm = PLAN_NONE8,
						       .vcpu = PLAN_NONE8 };
	}
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct model_vm *vm = &p->model.vms[v];

		for (uint32_t n = 0; n < vm->cpu_count; n++) {
			p->plan.cpus[vm->cpus[n]].vm = (uint8_t)v;
			p->plan.cpus[vm->cpus[n]].vcpu = (uint8_t)n;
		}
	}
}

static void vm_row(struct planner *p, const struct model_vm *vm)
{
	struct plan *plan = &p->plan;
	struct plan_vm *row = &plan->vms[vm->index];

	memcpy(row->name, vm->name, strlen(vm->name));
	row->entry = vm->config.entry;
	row->boot_arg = vm->dtb.source != BLOB_NONE ? vm->dtb.va : 0;
	row->image_in_place = vm->image.in_place ? 1 : 0;
	row->on_fault = (uint32_t)vm->config.on_fault; /* same order in both headers */
	row->vcpu_first = plan->system.vcpu_count;
	row->vcpu_count = vm->cpu_count;
	for (uint32_t n = 0; n < vm->cpu_count; n++) {
		plan->vcpu_cpus[plan->system.vcpu_count++] = vm->cpus[n];
	}
	vm_extents(p, vm, row);
	vm_loads(p, vm, row);
	vm_windows(p, vm, row);
	vm_irqs(vm, row);
	vm_ipcs(p, vm, row);
}

/*
 * The first VM's CPU serves the console, for all. So who writes a configuration decides, by the
 * order of the VMs, whose time the others' output costs.
 */
static uint32_t console_cpu(const struct planner *p)
{
	return p->model.vms[0].cpus[0];
}

static void add_hyp_device(struct plan *plan, uint64_t base, uint64_t size)
{
	struct range pages = range_pages((struct range){ base, size });

	plan->hyp_devices[plan->system.hyp_device_count++] =
		(struct plan_device){ pages.base, pages.size };
}

static void system_row(struct planner *p)
{
	const struct board *machine = p->inputs.board;
	struct plan *plan = &p->plan;
	struct plan_system *system = &plan->system;
	uint64_t gicr_size = machine->cpu_count * GICR_FRAME_SIZE;

	plan->gicr_size = gicr_size < machine->gic.gicr_size ? gicr_size : machine->gic.gicr_size;
	add_hyp_device(plan, machine->gic.gicd, machine->gic.gicd_size);
	add_hyp_device(plan, machine->gic.gicr, plan->gicr_size);
	add_hyp_device(plan, machine->uart.base, machine->uart.size);
	system->magic = PLAN_MAGIC;
	system->hyp_base = p->inputs.settings.hyp_base;
	system->hyp_size = p->inputs.settings.hyp_size;
	system->images_base = p->model.images_base;
	system->images_size = p->model.images_size;
	system->vm_count = p->model.vm_count;
	system->pa_bits = machine->pa_bits;
	system->console_cpu = console_cpu(p);
	system->console_irq = machine->uart.irq;
	system->irq_count = machine->gic.interrupt_count;
	system->maintenance_irq = machine->gic.maintenance_irq;
}

void plan_tables(struct planner *p)
{
	allocate(p);
	cpu_rows(p);
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		vm_row(p, &p->model.vms[v]);
	}
	remio_pairs(p);
	system_row(p);
}

_Static_assert((int)VM_ON_FAULT_INJECT == (int)PLAN_ON_FAULT_INJECT, "on_fault is copied as is");
_Static_assert((int)VM_ON_FAULT_HALT == (int)PLAN_ON_FAULT_HALT, "on_fault is copied as is");
_Static_assert((int)VM_ON_FAULT_RESTART == (int)PLAN_ON_FAULT_RESTART, "on_fault is copied as is");
