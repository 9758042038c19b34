/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Generates a VM's device tree from its configuration, with libfdt: what a stock arm64 kernel needs to
 * find its CPUs, memory, interrupt controller, timer, devices and channels (Devicetree Specification;
 * bindings of Linux). What the VM does not have is not in it.
 */
#include "planner.h"

#include <libfdt.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Interrupt specifier of the GIC binding: type, number, flags. */
#define GIC_SPI 0u
#define GIC_PPI 1u
#define IRQ_EDGE_RISING 1u
#define IRQ_LEVEL_HIGH 4u
#define IRQ_LEVEL_LOW 8u

#define PPI_TIMER_SECURE 13u     /* EL3 / secure EL1 physical timer, BSA PPI assignment */
#define PPI_TIMER_HYPERVISOR 10u /* EL2 physical timer */

#define APB_CLOCK_HZ 24000000u

enum phandle { PHANDLE_GIC = 1, PHANDLE_APB_CLOCK, PHANDLE_FIRST_FREE };

/* A tree being written. The first error sticks; the buffer grows until everything fits. */
struct tree {
	struct planner *p;
	const struct model_vm *vm;
	void *buffer;
	int size;
	int error;
	uint32_t phandle; /* next free one */
};

/* ---- properties ------------------------------------------------------------------------------ */

static void note(struct tree *t, int error)
{
	if (t->error == 0) {
		t->error = error;
	}
}

static void begin(struct tree *t, const char *name)
{
	note(t, fdt_begin_node(t->buffer, name));
}

/* "name@address" */
static void begin_at(struct tree *t, const char *name, uint64_t address)
{
	begin(t, arena_printf(&t->p->arena, "%s@%llx", name, (unsigned long long)address));
}

static void end(struct tree *t)
{
	note(t, fdt_end_node(t->buffer));
}

static void flag(struct tree *t, const char *name)
{
	note(t, fdt_property(t->buffer, name, NULL, 0));
}

static void cell(struct tree *t, const char *name, uint32_t value)
{
	note(t, fdt_property_u32(t->buffer, name, value));
}

static void string(struct tree *t, const char *name, const char *value)
{
	note(t, fdt_property_string(t->buffer, name, value));
}

/* A list of strings, written joined by '|'. */
static void strings(struct tree *t, const char *name, const char *joined)
{
	size_t size = strlen(joined) + 1;
	char *list = arena_printf(&t->p->arena, "%s", joined);

	for (size_t i = 0; i < size; i++) {
		if (list[i] == '|') {
			list[i] = '\0';
		}
	}
	note(t, fdt_property(t->buffer, name, list, (int)size));
}

static void cells(struct tree *t, const char *name, const uint32_t *values, size_t count)
{
	uint32_t *big = arena_alloc(&t->p->arena, count, sizeof(*big));

	for (size_t i = 0; i < count; i++) {
		big[i] = cpu_to_fdt32(values[i]);
	}
	note(t, fdt_property(t->buffer, name, big, (int)(count * sizeof(*big))));
}

static void reg(struct tree *t, const struct range *ranges, size_t count)
{
	uint32_t *values = arena_alloc(&t->p->arena, 4 * count, sizeof(*values));

	for (size_t i = 0; i < count; i++) {
		values[4 * i] = (uint32_t)(ranges[i].base >> 32);
		values[4 * i + 1] = (uint32_t)ranges[i].base;
		values[4 * i + 2] = (uint32_t)(ranges[i].size >> 32);
		values[4 * i + 3] = (uint32_t)ranges[i].size;
	}
	cells(t, "reg", values, 4 * count);
}

static void reg_one(struct tree *t, uint64_t base, uint64_t size)
{
	struct range range = { base, size };

	reg(t, &range, 1);
}

static void interrupts(struct tree *t, const irqid_t *irqs, size_t count, uint32_t flags)
{
	uint32_t *values = arena_alloc(&t->p->arena, 3 * count, sizeof(*values));

	for (size_t i = 0; i < count; i++) {
		bool spi = irqs[i] >= FIRST_SPI;

		values[3 * i] = spi ? GIC_SPI : GIC_PPI;
		values[3 * i + 1] = (uint32_t)(irqs[i] - (spi ? FIRST_SPI : FIRST_PPI));
		values[3 * i + 2] = flags;
	}
	if (count != 0) {
		cells(t, "interrupts", values, 3 * count);
	}
}

static void address_cells(struct tree *t, uint32_t address, uint32_t size)
{
	cell(t, "#address-cells", address);
	cell(t, "#size-cells", size);
}

/* ---- the machine ----------------------------------------------------------------------------- */

static void emit_cpus(struct tree *t)
{
	begin(t, "cpus");
	address_cells(t, 1, 0);
	for (uint32_t n = 0; n < t->vm->config.platform.cpu_num; n++) {
		uint32_t id = n / 16 * 0x100 + n % 16; /* virtual MPIDR: 16 to a cluster */

		begin_at(t, "cpu", id);
		string(t, "device_type", "cpu");
		string(t, "compatible", t->p->inputs.board->cpu_compatible);
		cell(t, "reg", id);
		string(t, "enable-method", "psci");
		end(t);
	}
	end(t);
	begin(t, "psci");
	strings(t, "compatible", "arm,psci-1.0|arm,psci-0.2");
	string(t, "method", "hvc");
	end(t);
}

static void emit_memory_node(struct tree *t, uint64_t base, uint64_t size)
{
	begin_at(t, "memory", base);
	string(t, "device_type", "memory");
	reg_one(t, base, size);
	end(t);
}

static void emit_memory(struct tree *t)
{
	const struct vm_platform *platform = &t->vm->config.platform;

	for (size_t i = 0; i < platform->region_num; i++) {
		emit_memory_node(t, platform->regions[i].base, platform->regions[i].size);
	}
}

static void emit_gic(struct tree *t)
{
	const struct vm_platform *platform = &t->vm->config.platform;
	struct range frames[] = {
		{ platform->arch.gic.gicd_addr, GICD_WINDOW_SIZE },
		{ platform->arch.gic.gicr_addr, platform->cpu_num * GICR_FRAME_SIZE },
	};

	begin_at(t, "interrupt-controller", frames[0].base);
	string(t, "compatible", "arm,gic-v3");
	flag(t, "interrupt-controller");
	cell(t, "#interrupt-cells", 3);
	cell(t, "#address-cells", 0);
	reg(t, frames, 2);
	cell(t, "phandle", PHANDLE_GIC);
	end(t);
}

static bool vm_owns(const struct model_vm *vm, irqid_t irq)
{
	const struct vm_platform *platform = &vm->config.platform;

	for (size_t i = 0; i < platform->dev_num; i++) {
		for (size_t n = 0; n < platform->devs[i].interrupt_num; n++) {
			if (platform->devs[i].interrupts[n] == irq) {
				return true;
			}
		}
	}
	return false;
}

/* The binding names its interrupts by position, so all four are there; a kernel at EL1 takes the
 * virtual one. */
static void emit_timer(struct tree *t)
{
	const struct board *machine = t->p->inputs.board;
	uint32_t values[] = {
		GIC_PPI, PPI_TIMER_SECURE,			  IRQ_LEVEL_LOW,
		GIC_PPI, machine->timer_physical_irq - FIRST_PPI, IRQ_LEVEL_LOW,
		GIC_PPI, machine->timer_virtual_irq - FIRST_PPI,  IRQ_LEVEL_LOW,
		GIC_PPI, PPI_TIMER_HYPERVISOR,			  IRQ_LEVEL_LOW,
	};

	if (!vm_owns(t->vm, machine->timer_virtual_irq)) {
		return;
	}
	begin(t, "timer");
	string(t, "compatible", "arm,armv8-timer");
	cells(t, "interrupts", values, sizeof(values) / sizeof(values[0]));
	flag(t, "always-on");
	end(t);
}

static void emit_clock(struct tree *t, const char *name, uint32_t hz, uint32_t phandle)
{
	begin(t, name);
	string(t, "compatible", "fixed-clock");
	cell(t, "#clock-cells", 0);
	cell(t, "clock-frequency", hz);
	string(t, "clock-output-names", name);
	cell(t, "phandle", phandle);
	end(t);
}

static void pl011_clocks(struct tree *t, uint32_t phandle)
{
	uint32_t clocks[] = { phandle, phandle };

	cells(t, "clocks", clocks, 2);
	strings(t, "clock-names", "uartclk|apb_pclk");
}

static void emit_console(struct tree *t)
{
	const struct vm_console *console = &t->vm->config.console;

	if (console->base == 0) {
		return;
	}
	begin_at(t, "serial", console->base);
	strings(t, "compatible", "arm,pl011|arm,primecell");
	reg_one(t, console->base, UART_WINDOW_SIZE);
	interrupts(t, &console->interrupt, 1, IRQ_LEVEL_HIGH);
	pl011_clocks(t, PHANDLE_APB_CLOCK);
	end(t);
}

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

static bool is_serial(const struct vm_dev_region *dev)
{
	static const char *const known[] = { "arm,pl011", "arm,sbsa-uart", "ns16550a", "ns16550",
					     "snps,dw-apb-uart", "cdns,uart-r1p12", "fsl,imx6q-uart" };

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

	if (is_serial(dev)) {
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
		pl011_clocks(t, phandle);
		return;
	}
	for (const char *c = dev->clock_names; c != NULL && *c != '\0'; c++) {
		count += *c == '|';
	}
	for (size_t i = 0; i < 8; i++) {
		clocks[i] = phandle;
	}
	cells(t, "clocks", clocks, count < 8 ? count : 8);
	if (dev->clock_names != NULL) {
		strings(t, "clock-names", dev->clock_names);
	}
}

static void emit_device_node(struct tree *t, const struct vm_dev_region *dev, const char *name,
			     struct range registers, const irqid_t *irqs, size_t irq_count,
			     uint32_t clock)
{
	if (registers.size != 0) {
		begin_at(t, name, registers.base);
	} else {
		begin(t, name);
	}
	strings(t, "compatible", dev->compatible);
	if (registers.size != 0) {
		reg(t, &registers, 1);
	}
	interrupts(t, irqs, irq_count, dev->edge ? IRQ_EDGE_RISING : IRQ_LEVEL_HIGH);
	if (clock != 0) {
		device_clocks(t, dev, clock);
	}
	if (has_compatible(dev, "virtio,mmio")) {
		flag(t, "dma-coherent");
	}
	end(t);
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

/* Pages with several devices of the board, such as a row of virtio-mmio slots: one node for each whose
 * interrupt came with it. */
static void emit_several(struct tree *t, const struct vm_dev_region *dev, uint32_t clock)
{
	const struct board *machine = t->p->inputs.board;

	for (uint32_t i = 0; i < machine->device_count; i++) {
		const struct board_device *device = &machine->devices[i];
		irqid_t irqs[16];
		size_t count = is_within(dev, device) ? own_interrupts(dev, device, irqs, 16) : 0;

		if (count != 0) {
			emit_device_node(t, dev, node_name(t->p, dev),
					 (struct range){ dev->va + (device->base - dev->pa),
							 device->size },
					 irqs, count, clock);
		}
	}
}

static uint32_t devices_within(const struct board *machine, const struct vm_dev_region *dev)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < machine->device_count; i++) {
		count += is_within(dev, &machine->devices[i]);
	}
	return count;
}

static void emit_device(struct tree *t, size_t index)
{
	const struct vm_dev_region *dev = &t->vm->config.platform.devs[index];
	uint32_t clock = has_compatible(dev, "arm,pl011") ? PHANDLE_APB_CLOCK : 0;
	const char *name;

	if (dev->compatible == NULL) {
		return;
	}
	if (dev->clock_hz != 0) {
		clock = t->phandle++;
		emit_clock(t, arena_printf(&t->p->arena, "clock-dev%zu", index), dev->clock_hz, clock);
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
static void emit_ipc(struct tree *t, const struct ipc *ipc)
{
	struct range windows[] = { { ipc->base, ipc->size }, { ipc->doorbell, PAGE_SIZE } };
	size_t count = ipc->doorbell != 0 ? 2 : 1;

	begin_at(t, "ipc", ipc->base);
	strings(t, "compatible", "bao,ipc|generic-uio");
	reg(t, windows, count);
	strings(t, "reg-names", count == 2 ? "shmem|doorbell" : "shmem");
	interrupts(t, ipc->interrupts, ipc->interrupt_num, IRQ_EDGE_RISING);
	string(t, "linux,uio-name", ipc->name);
	end(t);
}

/* Buffers of a frontend must lie where its backend sees them: in the shared memory. */
static void emit_frontend(struct tree *t, const struct remio_dev *dev, uint32_t pool)
{
	begin_at(t, "virtio_mmio", dev->va);
	string(t, "compatible", "virtio,mmio");
	reg_one(t, dev->va, dev->size);
	if (dev->interrupt != 0) {
		interrupts(t, &dev->interrupt, 1, IRQ_EDGE_RISING);
	}
	flag(t, "dma-coherent");
	if (dev->shmem.size != 0) {
		cell(t, "memory-region", pool);
	}
	end(t);
}

static void emit_backend(struct tree *t, const struct remio_dev *dev)
{
	if (dev->shmem.size == 0) {
		return;
	}
	begin_at(t, "remio", dev->shmem.base);
	strings(t, "compatible", "bao,remio-backend|generic-uio");
	reg_one(t, dev->shmem.base, dev->shmem.size);
	if (dev->interrupt != 0) {
		interrupts(t, &dev->interrupt, 1, IRQ_EDGE_RISING);
	}
	end(t);
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
	begin(t, "reserved-memory");
	address_cells(t, 2, 2);
	flag(t, "ranges");
	for (size_t i = 0; i < platform->remio_dev_num; i++) {
		const struct remio_shmem *shmem = &platform->remio_devs[i].shmem;

		if (platform->remio_devs[i].type == REMIO_DEV_FRONTEND && shmem->size != 0) {
			begin_at(t, "pool", shmem->base);
			string(t, "compatible", "restricted-dma-pool");
			reg_one(t, shmem->base, shmem->size);
			cell(t, "phandle", phandle++);
			end(t);
		}
	}
	end(t);
	for (size_t i = 0; i < platform->remio_dev_num; i++) {
		const struct remio_shmem *shmem = &platform->remio_devs[i].shmem;

		if (platform->remio_devs[i].type == REMIO_DEV_FRONTEND && shmem->size != 0) {
			emit_memory_node(t, shmem->base, shmem->size);
		}
	}
}

static void emit_remio(struct tree *t)
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

/* ---- the tree -------------------------------------------------------------------------------- */

/* Path of the node that the guest's console is; NULL if it has none. */
static const char *console_path(struct tree *t)
{
	const struct vm_platform *platform = &t->vm->config.platform;

	if (t->vm->config.console.base != 0) {
		return arena_printf(&t->p->arena, "/serial@%llx",
				    (unsigned long long)t->vm->config.console.base);
	}
	for (size_t i = 0; i < platform->dev_num; i++) {
		const struct vm_dev_region *dev = &platform->devs[i];

		if (dev->size != 0 && is_serial(dev)) {
			return arena_printf(&t->p->arena, "/serial@%llx", (unsigned long long)dev->va);
		}
	}
	return NULL;
}

static void emit_chosen(struct tree *t)
{
	const char *console = console_path(t);
	const struct blob *initrd = &t->vm->initrd;

	begin(t, "chosen");
	if (t->vm->config.bootargs != NULL) {
		string(t, "bootargs", t->vm->config.bootargs);
	}
	if (console != NULL) {
		string(t, "stdout-path", console);
	}
	if (initrd->source != BLOB_NONE) {
		note(t, fdt_property_u64(t->buffer, "linux,initrd-start", initrd->va));
		note(t, fdt_property_u64(t->buffer, "linux,initrd-end", initrd->va + initrd->size));
	}
	end(t);
	if (console != NULL) {
		begin(t, "aliases");
		string(t, "serial0", console);
		end(t);
	}
}

static void emit_root(struct tree *t)
{
	const struct vm_platform *platform = &t->vm->config.platform;

	begin(t, "");
	string(t, "model", arena_printf(&t->p->arena, "Bao virtual machine %s", t->vm->name));
	string(t, "compatible", "bao,vm");
	address_cells(t, 2, 2);
	cell(t, "interrupt-parent", PHANDLE_GIC);
	emit_chosen(t);
	emit_cpus(t);
	emit_memory(t);
	emit_gic(t);
	emit_timer(t);
	emit_clock(t, "apb-pclk", APB_CLOCK_HZ, PHANDLE_APB_CLOCK);
	emit_console(t);
	for (size_t i = 0; i < platform->dev_num; i++) {
		emit_device(t, i);
	}
	for (size_t i = 0; i < platform->ipc_num; i++) {
		emit_ipc(t, &platform->ipcs[i]);
	}
	emit_remio(t);
	end(t);
}

/* Writes the tree into a buffer that is large enough. */
static void write_tree(struct tree *t)
{
	for (t->size = 0x4000;; t->size *= 2) {
		t->buffer = arena_alloc(&t->p->arena, (size_t)t->size, 1);
		t->error = 0;
		t->phandle = PHANDLE_FIRST_FREE;
		note(t, fdt_create(t->buffer, t->size));
		note(t, fdt_finish_reservemap(t->buffer));
		emit_root(t);
		note(t, fdt_finish(t->buffer));
		if (t->error != -FDT_ERR_NOSPACE) {
			break;
		}
	}
	if (t->error != 0) {
		fprintf(stderr, "error: planner: bug: the tree of %s can't be written: %s\n",
			t->vm->name, fdt_strerror(t->error));
		exit(1);
	}
}

void generate_dtbs(struct planner *p)
{
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		struct model_vm *vm = &p->model.vms[v];
		struct tree tree = { .p = p, .vm = vm };
		struct blob *dtb = &vm->dtb;

		if (!vm->config.dtb.generate || vm->config.platform.cpu_num > MAX_CPUS) {
			continue;
		}
		write_tree(&tree);
		dtb->file = file_generated(p, arena_printf(&p->arena, "%s.dtb", vm->name), tree.buffer,
					   fdt_totalsize(tree.buffer));
		if (dtb->source == BLOB_NONE) {
			dtb->source = BLOB_BUILT_IN;
			dtb->va = vm->config.dtb.base_addr;
			dtb->va_known = dtb->va != 0;
		}
		dtb->size = dtb->file->size;
		dtb->memory_size = dtb->size;
	}
}
