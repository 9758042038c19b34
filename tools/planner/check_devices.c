/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about pass-through devices: whole pages, outside RAM, with one owner who is not us. */
#include "claims.h"

static struct range device_pages(const struct vm_dev_region *dev)
{
	return range_pages((struct range){ dev->pa, dev->size });
}

/* "uart1, rtc": what the board has on these pages; "" when it says nothing. */
static const char *devices_on(struct planner *p, struct range pages)
{
	const struct board *machine = p->inputs.board;
	const char *names = "";

	for (uint32_t i = 0; i < machine->device_count; i++) {
		const struct board_device *device = &machine->devices[i];

		if (range_overlaps(pages, (struct range){ device->base, device->size })) {
			names = arena_printf(&p->arena, "%s%s%s", names,
					     names[0] != '\0' ? ", " : "", device->name);
		}
	}
	return names;
}

static void check_shape(struct planner *p, const struct vm_dev_region *dev, const char *where)
{
	struct range pages = device_pages(dev);

	if (!is_aligned(dev->pa | dev->size, PAGE_SIZE)) {
		const char *names = devices_on(p, pages);

		REPORT(p, DEVICE_PARTIAL_PAGE, where,
		       "0x%llx bytes at physical 0x%llx are not whole pages, and the VM would "
		       "get all of %s%s%s; "
		       "if it may have that, say so with pa = 0x%llx, size = 0x%llx and va at a "
		       "multiple of 0x1000",
		       (unsigned long long)dev->size, (unsigned long long)dev->pa,
		       range_text(p, pages), names[0] != '\0' ? ", where the board has " : "",
		       names, (unsigned long long)pages.base, (unsigned long long)pages.size);
	} else if (!is_aligned(dev->va, PAGE_SIZE)) {
		REPORT(p, DEVICE_UNALIGNED, where, "va 0x%llx; use a multiple of a page, 0x1000",
		       (unsigned long long)dev->va);
	}
}

static void check_place(struct planner *p, const struct vm_dev_region *dev, const char *where)
{
	const struct board *machine = p->inputs.board;
	struct range range = { dev->pa, dev->size };

	if (!range_valid(range) || range_last(range) >> machine->pa_bits != 0) {
		REPORT(p, DEVICE_RANGE, where,
		       "physical 0x%llx, 0x%llx bytes, reaches beyond the %u address bits of "
		       "board %s; mend pa "
		       "or size",
		       (unsigned long long)dev->pa, (unsigned long long)dev->size, machine->pa_bits,
		       machine->name);
	}
	if (ram_overlaps(machine, range)) {
		REPORT(p, DEVICE_IN_RAM, where,
		       "physical %s overlaps the RAM of board %s; RAM is given to a VM as a "
		       "region, with "
		       "place_phys where the address matters",
		       range_text(p, range), machine->name);
	}
	for (uint32_t i = 0; i < machine->reserved_count; i++) {
		struct range reserved = { machine->reserved[i].base, machine->reserved[i].size };

		if (range_overlaps(device_pages(dev), range_pages(reserved))) {
			REPORT(p, DEVICE_RESERVED, where,
			       "physical %s overlaps %s, which the board reserves for %s; leave "
			       "it to it",
			       range_text(p, range), range_text(p, reserved),
			       machine->reserved[i].name);
		}
	}
}

static void check_hyp_devices(struct planner *p, const struct vm_dev_region *dev, const char *where)
{
	const struct board *machine = p->inputs.board;
	const struct board_gic *gic = &machine->gic;
	static const char virtual_gic[] =
		"every VM has a virtual one, at platform.arch.gic, so leave this device out";
	const struct {
		const char *name;
		struct range range;
		const char *way_out;
	} owned[] = {
		{ "the interrupt controller's distributor",
		  { gic->gicd, gic->gicd_size },
		  virtual_gic },
		{ "the interrupt controller's redistributors",
		  { gic->gicr, gic->gicr_size },
		  virtual_gic },
		{ "the hypervisor's console UART",
		  { machine->uart.base, machine->uart.size },
		  "give the VM another UART, or a virtual one with its console field" },
	};

	for (size_t i = 0; i < sizeof(owned) / sizeof(owned[0]); i++) {
		if (range_overlaps(device_pages(dev), range_pages(owned[i].range))) {
			REPORT(p, DEVICE_HYPERVISOR, where, "physical %s overlaps %s, %s; %s",
			       range_text(p, (struct range){ dev->pa, dev->size }), owned[i].name,
			       range_text(p, owned[i].range), owned[i].way_out);
		}
	}
}

static void check_other(struct planner *p, const struct model_vm *vm, size_t index,
			const struct model_vm *other, size_t other_index)
{
	const struct vm_dev_region *dev = &vm->config.platform.devs[index];
	const struct vm_dev_region *peer = &other->config.platform.devs[other_index];
	const char *where = where_text(p, vm, "devs", index);

	if (!range_overlaps(device_pages(dev), device_pages(peer))) {
		return;
	}
	if (vm == other) {
		REPORT(p, DEVICE_TWICE, where,
		       "physical %s (%s) is also that of %s, %s: the VM sees it twice; remove "
		       "one of them",
		       range_text(p, (struct range){ dev->pa, dev->size }), device_name(p, dev),
		       owner_text(p, other, "devs", other_index),
		       range_text(p, (struct range){ peer->pa, peer->size }));
	} else {
		REPORT(p, DEVICE_SHARED, where,
		       "pages of physical %s (%s) also belong to %s, %s; a device page has one "
		       "owner, take it "
		       "from one of the VMs",
		       range_text(p, (struct range){ dev->pa, dev->size }), device_name(p, dev),
		       owner_text(p, other, "devs", other_index),
		       range_text(p, (struct range){ peer->pa, peer->size }));
	}
}

/* Compares with every device that comes earlier in the configuration. */
static void check_others(struct planner *p, const struct model_vm *vm, size_t index)
{
	for (uint32_t v = 0; v <= vm->index; v++) {
		const struct model_vm *other = &p->model.vms[v];
		size_t count = other == vm ? index : other->config.platform.dev_num;

		for (size_t i = 0; i < count; i++) {
			check_other(p, vm, index, other, i);
		}
	}
}

/* The first device of any VM but `except` that has pages of the board's device; NULL if none. */
static const struct model_vm *owner_of_pages(struct planner *p, const struct board_device *device,
					     const struct model_vm *except, size_t *index)
{
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct model_vm *vm = &p->model.vms[v];

		for (size_t i = 0; i < vm->config.platform.dev_num && vm != except; i++) {
			if (range_overlaps(device_pages(&vm->config.platform.devs[i]),
					   (struct range){ device->base, device->size })) {
				*index = i;
				return vm;
			}
		}
	}
	return NULL;
}

static void check_split(struct planner *p, const struct board_device *device)
{
	size_t first_index = 0;
	size_t second_index = 0;
	const struct model_vm *first = owner_of_pages(p, device, NULL, &first_index);
	const struct model_vm *second =
		first != NULL ? owner_of_pages(p, device, first, &second_index) : NULL;

	if (second != NULL &&
	    !range_overlaps(device_pages(&first->config.platform.devs[first_index]),
			    device_pages(&second->config.platform.devs[second_index]))) {
		REPORT(p, DEVICE_SPLIT, where_text(p, second, "devs", second_index),
		       "it has a part of the board's %s, and %s has another; give the whole "
		       "device to one VM",
		       device->name, owner_text(p, first, "devs", first_index));
	}
}

/* The interrupt of a device whose registers another VM has. */
static void check_interrupt_owner(struct planner *p, const struct model_vm *vm, size_t index,
				  irqid_t irq)
{
	const struct board_device *device = board_device_of_irq(p->inputs.board, irq);
	size_t owner_index = 0;
	const struct model_vm *owner;

	if (device == NULL) {
		return;
	}
	owner = owner_of_pages(p, device, vm, &owner_index);
	if (owner != NULL) {
		REPORT(p, DEVICE_IRQ_ELSEWHERE, where_text(p, vm, "devs", index),
		       "interrupt %llu is that of the board's %s, whose registers are with %s; "
		       "give both to the "
		       "same VM",
		       (unsigned long long)irq, device->name,
		       owner_text(p, owner, "devs", owner_index));
	}
}

static void check_device(struct planner *p, const struct model_vm *vm, size_t index)
{
	const struct vm_dev_region *dev = &vm->config.platform.devs[index];
	const char *where = where_text(p, vm, "devs", index);

	for (size_t i = 0; i < dev->interrupt_num; i++) {
		check_interrupt_owner(p, vm, index, dev->interrupts[i]);
	}
	if (dev->id != 0) {
		REPORT(p, DEVICE_DMA, where,
		       "the device (%s) is a bus master, id 0x%llx, and DMA is not confined by "
		       "this build: it "
		       "reaches all memory, the hypervisor's included; keep it with a VM you "
		       "trust as much",
		       device_name(p, dev), (unsigned long long)dev->id);
	}
	if (dev->size == 0) {
		if (dev->interrupt_num == 0) {
			REPORT(p, DEVICE_EMPTY, where,
			       "it has neither memory nor interrupts; remove it");
		}
		return;
	}
	check_shape(p, dev, where);
	check_place(p, dev, where);
	check_hyp_devices(p, dev, where);
	check_others(p, vm, index);
}

void check_devices(struct planner *p)
{
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct model_vm *vm = &p->model.vms[v];

		for (size_t i = 0; i < vm->config.platform.dev_num; i++) {
			check_device(p, vm, i);
		}
	}
	for (uint32_t i = 0; i < p->inputs.board->device_count; i++) {
		check_split(p, &p->inputs.board->devices[i]);
	}
}
