/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes of a generated tree for what a VM was given: devices, channels, remote I/O. */
#include "tree.h"

#include <ctype.h>
#include <string.h>

/* ---- pass-through devices -------------------------------------------------------------------- */

/* Whether one of the strings joined by '|' is `wanted`. */
static bool has_compatible(const struct vm_dev_region *dev, const char *wanted)
{
	size_t length = strlen(wanted);

	for (const char *at = dev->compatible; at != NULL; at = strchr(at, '|')) {
		at += *at == '|';
		if (strncmp(at, wanted, length) == 0 && (at[length] == '\0' || at[length] == '|')) {
			return true;
		}
	}
	return false;
}

bool device_is_serial(const struct vm_dev_region *dev)
{
	static const char *const known[] = { "arm,pl011",     "arm,sbsa-uart",    "ns16550a",
					     "ns16550",       "snps,dw-apb-uart", "cdns,uart-r1p12",
					     "fsl,imx6q-uart" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (has_compatible(dev, known[i])) {
			return true;
		}
	}
	return false;
}

/* A node name that the specification allows, from any name. */
static const char *node_name(struct planner *p, const struct vm_dev_region *dev)
{
	char *name;

	if (device_is_serial(dev)) {
		return "serial";
	}
	if (has_compatible(dev, "virtio,mmio")) {
		return "virtio_mmio";
	}
	name = arena_printf(&p->arena, "%.24s", device_name(p, dev));
	for (char *c = name; *c != '\0'; c++) {
		if (!isalnum((unsigned char)*c) && strchr("._-", *c) == NULL) {
			*c = '-';
		}
	}
	return isalpha((unsigned char)name[0]) ? name : "device";
}

static void device_clocks(struct tree *t, const struct vm_dev_region *dev, uint32_t phandle)
{
	uint32_t clocks[8];
	size_t count = 1;

	if (dev->clock_names == NULL && has_compatible(dev, "arm,pl011")) {
		tree_pl011_clocks(t, phandle);
		return;
	}
	for (const char *c = dev->clock_names; c != NULL && *c != '\0'; c++) {
		count += *c == '|';
	}
	for (size_t i = 0; i < 8; i++) {
		clocks[i] = phandle;
	}
	tree_cells(t, "clocks", clocks, count < 8 ? count : 8);
	if (dev->clock_names != NULL) {
		tree_strings(t, "clock-names", dev->clock_names);
	}
}

static void emit_device_node(struct tree *t, const struct vm_dev_region *dev, const char *name,
			     struct range registers, const irqid_t *irqs, size_t irq_count,
			     uint32_t clock)
{
	if (registers.size != 0) {
		tree_begin_at(t, name, registers.base);
	} else {
		tree_begin(t, name);
	}
	tree_strings(t, "compatible", dev->compatible);
	if (registers.size != 0) {
		tree_reg(t, &registers, 1);
	}
	tree_interrupts(t, irqs, irq_count, dev->edge ? IRQ_EDGE_RISING : IRQ_LEVEL_HIGH);
	if (clock != 0) {
		device_clocks(t, dev, clock);
	}
	if (has_compatible(dev, "virtio,mmio")) {
		tree_flag(t, "dma-coherent");
	}
	tree_end(t);
}

/* Those of a board device's interrupts that the VM was given with it. */
static size_t own_interrupts(const struct vm_dev_region *dev, const struct board_device *device,
			     irqid_t *irqs, size_t capacity)
{
	size_t count = 0;

	for (size_t i = 0; i < dev->interrupt_num; i++) {
		for (uint32_t n = 0; n < device->interrupt_count && count < capacity; n++) {
			if (dev->interrupts[i] == device->interrupts[n]) {
				irqs[count++] = dev->interrupts[i];
			}
		}
	}
	return count;
}

static bool is_within(const struct vm_dev_region *dev, const struct board_device *device)
{
	return range_contains((struct range){ dev->pa, dev->size },
			      (struct range){ device->base, device->size });
}

/*
 * Pages with several devices of the board, such as a row of virtio-mmio slots: one node for each
 * whose interrupt came with it.
 */
static void emit_several(struct tree *t, const struct vm_dev_region *dev, uint32_t clock)
{
	const struct board *machine = t->p->inputs.board;

	for (uint32_t i = 0; i < machine->device_count; i++) {
		const struct board_device *device = &machine->devices[i];
		irqid_t irqs[16];
		size_t count = is_within(dev, device) ? own_interrupts(dev, device, irqs, 16) : 0;

		if (count != 0) {
			struct vm_dev_region one = *dev;

			one.name = device->name;
			emit_device_node(t, dev, node_name(t->p, &one),
					 (struct range){ dev->va + (device->base - dev->pa),
							 device->size },
					 irqs, count, clock);
		}
	}
}

void emit_dtb_device(struct tree *t, size_t index)
{
	const struct vm_dev_region *dev = &t->vm->config.platform.devs[index];
	uint32_t clock = has_compatible(dev, "arm,pl011") ? PHANDLE_APB_CLOCK : 0;
	const char *name;

	if (dev->compatible == NULL) {
		return;
	}
	if (dev->clock_hz != 0) {
		clock = t->phandle++;
		tree_clock(t, arena_printf(&t->p->arena, "clock-dev%zu", index), dev->clock_hz,
			   clock);
	}
	if (devices_within(t->p->inputs.board, dev) >= 2) {
		emit_several(t, dev, clock);
		return;
	}
	name = node_name(t->p, dev);
	if (dev->size == 0) {
		name = arena_printf(&t->p->arena, "%s-dev%zu", name, index);
	}
	emit_device_node(t, dev, name, (struct range){ dev->va, dev->size }, dev->interrupts,
			 dev->interrupt_num, clock);
}

/* ---- channels -------------------------------------------------------------------------------- */

/* Both windows and the interrupt in one node, which the stock UIO driver can take. */
void emit_dtb_ipc(struct tree *t, const struct ipc *ipc)
{
	struct range windows[] = { { ipc->base, ipc->size }, { ipc->doorbell, PAGE_SIZE } };
	size_t count = ipc->doorbell != 0 ? 2 : 1;

	tree_begin_at(t, "ipc", ipc->base);
	tree_strings(t, "compatible", "bao,ipc|generic-uio");
	tree_reg(t, windows, count);
	tree_strings(t, "reg-names", count == 2 ? "shmem|doorbell" : "shmem");
	tree_interrupts(t, ipc->interrupts, ipc->interrupt_num, IRQ_EDGE_RISING);
	tree_string(t, "linux,uio-name", ipc->name);
	tree_end(t);
}

/* Buffers of a frontend must lie where its backend sees them: in the shared memory. */
static void emit_frontend(struct tree *t, const struct remio_dev *dev, uint32_t pool)
{
	tree_begin_at(t, "virtio_mmio", dev->va);
	tree_string(t, "compatible", "virtio,mmio");
	tree_reg_one(t, dev->va, dev->size);
	if (dev->interrupt != 0) {
		tree_interrupts(t, &dev->interrupt, 1, IRQ_EDGE_RISING);
	}
	tree_flag(t, "dma-coherent");
	if (dev->shmem.size != 0) {
		tree_cell(t, "memory-region", pool);
	}
	tree_end(t);
}

static void emit_backend(struct tree *t, const struct remio_dev *dev)
{
	if (dev->shmem.size == 0) {
		return;
	}
	tree_begin_at(t, "remio", dev->shmem.base);
	tree_strings(t, "compatible", "bao,remio-backend|generic-uio");
	tree_reg_one(t, dev->shmem.base, dev->shmem.size);
	if (dev->interrupt != 0) {
		tree_interrupts(t, &dev->interrupt, 1, IRQ_EDGE_RISING);
	}
	tree_end(t);
}

static uint32_t pool_count(const struct vm_platform *platform)
{
	uint32_t count = 0;

	for (size_t i = 0; i < platform->remio_dev_num; i++) {
		count += platform->remio_devs[i].type == REMIO_DEV_FRONTEND &&
			 platform->remio_devs[i].shmem.size != 0;
	}
	return count;
}

/* The shared memories of frontends: memory that the kernel maps, and uses for nothing else. */
static void emit_pools(struct tree *t, uint32_t first)
{
	const struct vm_platform *platform = &t->vm->config.platform;
	uint32_t phandle = first;

	if (pool_count(platform) == 0) {
		return;
	}
	tree_begin(t, "reserved-memory");
	tree_address_cells(t, 2, 2);
	tree_flag(t, "ranges");
	for (size_t i = 0; i < platform->remio_dev_num; i++) {
		const struct remio_shmem *shmem = &platform->remio_devs[i].shmem;

		if (platform->remio_devs[i].type == REMIO_DEV_FRONTEND && shmem->size != 0) {
			tree_begin_at(t, "pool", shmem->base);
			tree_string(t, "compatible", "restricted-dma-pool");
			tree_reg_one(t, shmem->base, shmem->size);
			tree_cell(t, "phandle", phandle++);
			tree_end(t);
		}
	}
	tree_end(t);
	for (size_t i = 0; i < platform->remio_dev_num; i++) {
		const struct remio_shmem *shmem = &platform->remio_devs[i].shmem;

		if (platform->remio_devs[i].type == REMIO_DEV_FRONTEND && shmem->size != 0) {
			tree_memory(t, shmem->base, shmem->size);
		}
	}
}

void emit_dtb_remio(struct tree *t)
{
	const struct vm_platform *platform = &t->vm->config.platform;
	uint32_t pool = t->phandle;

	t->phandle += pool_count(platform);
	emit_pools(t, pool);
	for (size_t i = 0; i < platform->remio_dev_num; i++) {
		const struct remio_dev *dev = &platform->remio_devs[i];

		if (dev->type == REMIO_DEV_BACKEND) {
			emit_backend(t, dev);
			continue;
		}
		emit_frontend(t, dev, pool);
		pool += dev->shmem.size != 0;
	}
}
