/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shows a VM's channels as functions of a PCI bus, which stock kernels can hand to user space
 * (uio_pci_generic) where they can't do so with a device-tree node. Nothing is emulated: the
 * configuration space of each function is a page of the VM's memory, filled in here and loaded like
 * an image, and the rest of the bus reads as all ones. PCI Local Bus Specification 3.0, 6.1; the
 * fixed addresses are told by an Enhanced Allocation capability (PCI Express Base Specification
 * 4.0, 7.8.5), so that nobody sizes a base address register: all ones, written and read back, is
 * "not implemented". The expansion ROM's register has bits that Linux leaves out of that test, so
 * it believes in a ROM of 2 KiB and wants to put it somewhere: the second half of the window is
 * there for it.
 */
#include "planner.h"

#include <string.h>

#define VENDOR 0x0ba0u
#define DEVICE_CHANNEL 0x0001u
#define CLASS_OTHER 0xff0000u /* base class 0xff: fits no other */

#define STATUS_CAPABILITIES 0x10u
/* Always "pending": a doorbell's interrupt is an edge and its handler need not ask whose it was. */
#define STATUS_INTERRUPT 0x08u
#define HEADER_MULTI_FUNCTION 0x80u
#define PIN_INTA 1u

#define EA_OFFSET 0x40u
#define EA_ID 0x14u
#define EA_ENTRY_DWORDS 4u    /* after the first: base and offset, two each */
#define EA_ENTRY_64 0x2u      /* in base and offset: an upper half follows */
#define EA_MEMORY 0x00u       /* primary property: memory, not prefetchable */
#define EA_NONE (0xffu << 16) /* secondary property: unavailable */
#define EA_ENABLE (UINT32_C(1) << 31)
#define BAR_MEMORY 0u
#define BAR_DOORBELL 2u

struct range channel_bus_functions(const struct model_vm *vm)
{
	return (struct range){ vm->config.channel_bus,
			       vm->config.channel_bus == 0
				       ? 0
				       : vm->config.platform.ipc_num * PAGE_SIZE };
}

struct range channel_bus_rest(const struct model_vm *vm)
{
	struct range functions = channel_bus_functions(vm);
	uint64_t size = functions.size < CHANNEL_BUS_SIZE ? CHANNEL_BUS_SIZE - functions.size : 0;

	return (struct range){ functions.base + functions.size, size };
}

void channel_bus_model(struct planner *p, struct model_vm *vm)
{
	struct vm_platform *platform = &vm->config.platform;
	struct range functions = channel_bus_functions(vm);
	struct vm_mem_region *regions;

	if (functions.size == 0) {
		return;
	}
	regions = arena_alloc(&p->arena, platform->region_num + 1, sizeof(*regions));
	if (platform->region_num != 0) {
		memcpy(regions, platform->regions, platform->region_num * sizeof(*regions));
	}
	regions[platform->region_num] =
		(struct vm_mem_region){ .base = functions.base, .size = functions.size };
	platform->regions = regions;
	platform->region_num++;
}

static void put(uint8_t *page, uint32_t offset, uint32_t value, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++) {
		page[offset + i] = (uint8_t)(value >> (8 * i));
	}
}

/* One entry: the range is what base address register `bar` would be. Returns the next offset. */
static uint32_t put_range(uint8_t *page, uint32_t offset, uint32_t bar, struct range range)
{
	uint64_t last = range.size - 1;

	put(page, offset, EA_ENABLE | EA_NONE | EA_MEMORY << 8 | bar << 4 | EA_ENTRY_DWORDS, 4);
	put(page, offset + 4, (uint32_t)range.base | EA_ENTRY_64, 4);
	put(page, offset + 8, ((uint32_t)last & ~UINT32_C(3)) | EA_ENTRY_64, 4);
	put(page, offset + 12, (uint32_t)(range.base >> 32), 4);
	put(page, offset + 16, (uint32_t)(last >> 32), 4);
	return offset + 20;
}

static void fill_function(uint8_t *page, const struct model_vm *vm, uint32_t index)
{
	const struct ipc *ipc = &vm->config.platform.ipcs[index];
	bool several = vm->config.platform.ipc_num > 1;
	uint32_t next;

	put(page, 0x00, VENDOR, 2);
	put(page, 0x02, DEVICE_CHANNEL, 2);
	put(page, 0x06, STATUS_CAPABILITIES | STATUS_INTERRUPT, 2);
	put(page, 0x08, CLASS_OTHER << 8, 4);
	put(page, 0x0e, several ? HEADER_MULTI_FUNCTION : 0, 1);
	put(page, 0x2c, VENDOR, 2);
	put(page, 0x2e, index, 2);
	put(page, 0x34, EA_OFFSET, 1);
	put(page, 0x3d, ipc->interrupt_num != 0 ? PIN_INTA : 0, 1);
	put(page, EA_OFFSET, EA_ID, 1);
	put(page, EA_OFFSET + 2, ipc->doorbell != 0 ? 2 : 1, 1); /* entries */
	next = put_range(page, EA_OFFSET + 4, BAR_MEMORY, (struct range){ ipc->base, ipc->size });
	if (ipc->doorbell != 0) {
		put_range(page, next, BAR_DOORBELL, (struct range){ ipc->doorbell, PAGE_SIZE });
	}
}

static void build(struct planner *p, struct model_vm *vm)
{
	struct range functions = channel_bus_functions(vm);
	const char *where = arena_printf(&p->arena, "%s: channel_bus", vm->name);
	uint8_t *pages;

	if (vm->config.channel_bus == 0) {
		return;
	}
	if (functions.size == 0 || functions.size >= CHANNEL_CONFIG_SIZE ||
	    !is_aligned(functions.base, CHANNEL_CONFIG_SIZE)) {
		REPORT(p, CHANNEL_BUS, where,
		       "a bus at 0x%llx for %zu channels; give the VM 1 to 255 ipcs and the bus a "
		       "multiple of 0x100000",
		       (unsigned long long)functions.base, vm->config.platform.ipc_num);
		return;
	}
	pages = arena_alloc(&p->arena, (size_t)functions.size, 1);
	for (uint32_t i = 0; i < vm->config.platform.ipc_num; i++) {
		fill_function(pages + i * PAGE_SIZE, vm, i);
	}
	vm->bus = (struct blob){
		.source = BLOB_BUILT_IN,
		.what = "channel bus",
		.where = where,
		.file = file_generated(p, arena_printf(&p->arena, "%s.bus", vm->name), pages,
				       functions.size),
		.va_known = true,
		.va = functions.base,
		.size = functions.size,
		.memory_size = functions.size,
	};
}

void channel_buses_build(struct planner *p)
{
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		build(p, &p->model.vms[v]);
	}
}
