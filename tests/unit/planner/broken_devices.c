/* SPDX-License-Identifier: Apache-2.0 */
/* Configurations whose devices or interrupts are wrong. */
#include "breakage.h"

static void empty_device(struct system *s)
{
	system_add_device(s, 1, 0, 0, 0);
}

static void odd_va(struct system *s)
{
	s->lists[0].devs[1].va = 0x9040800;
}

static void part_of_a_page(struct system *s)
{
	system_add_device(s, 1, 0xa000000, 0x200, 48);
}

static void odd_pa(struct system *s)
{
	system_add_device(s, 1, 0xa000200, 0x1000, 49);
}

static void beyond_bits(struct system *s)
{
	system_add_device(s, 1, UINT64_C(1) << 40, 0x1000, 0);
}

static void wrapping(struct system *s)
{
	system_add_device(s, 1, UINT64_C(0xfffffffffffff000), 0x2000, 0);
}

static void in_ram(struct system *s)
{
	system_add_device(s, 1, 0x50000000, 0x1000, 0)->va = 0x10000000;
}

static void the_distributor(struct system *s)
{
	system_add_device(s, 1, 0x8000000, 0x10000, 0)->va = 0x10000000;
}

static void a_redistributor(struct system *s)
{
	system_add_device(s, 1, 0x80e0000, 0x1000, 0)->va = 0x10000000;
}

static void the_console(struct system *s)
{
	system_add_device(s, 1, 0x9000000, 0x1000, 0);
}

static void firmware_uart(struct system *s)
{
	system_add_device(s, 1, 0x9100000, 0x1000, 0);
}

static void same_device(struct system *s)
{
	system_add_device(s, 1, 0x9040000, 0x1000, 0);
}

/* Neither overlaps the other, but they lie in one page. */
static void same_page(struct system *s)
{
	system_add_device(s, 0, 0xa000000, 0x200, 48);
	system_add_device(s, 1, 0xa000200, 0x200, 49);
}

static void twice_in_vm(struct system *s)
{
	system_add_device(s, 0, 0x9040000, 0x1000, 0)->va = 0x10000000;
}

static void halves(struct system *s)
{
	system_add_device(s, 0, 0xb000000, 0x8000, 60);
	system_add_device(s, 1, 0xb008000, 0x8000, 0);
}

static void foreign_interrupt(struct system *s)
{
	system_add_device(s, 0, 0x9010000, 0x1000, 0);
	system_add_device(s, 1, 0, 0, 34);
}

static void beyond_controller(struct system *s)
{
	system_add_device(s, 1, 0, 0, 288);
}

static void special_id(struct system *s)
{
	s->board.gic.interrupt_count = 1020;
	system_add_device(s, 1, 0, 0, 1020);
}

static void ipc_beyond_controller(struct system *s)
{
	s->lists[1].irqs[SYSTEM_LIST] = 500;
}

static void sgi(struct system *s)
{
	system_add_device(s, 1, 0, 0, 7);
}

static void maintenance(struct system *s)
{
	system_add_device(s, 1, 0, 0, 25);
}

static void console_line(struct system *s)
{
	system_add_device(s, 1, 0, 0, 33);
}

static void shared_line(struct system *s)
{
	system_add_device(s, 1, 0, 0, 40);
}

static void shared_doorbell(struct system *s)
{
	s->lists[1].irqs[SYSTEM_LIST] = 100;
}

static void shared_console(struct system *s)
{
	s->vms[1].console = (struct vm_console){ 0x9000000, 100 };
}

static void shared_remio(struct system *s)
{
	system_add_remio(s, 0, REMIO_DEV_FRONTEND, 1, 101);
	system_add_remio(s, 1, REMIO_DEV_BACKEND, 1, 121);
}

static void twice(struct system *s)
{
	system_add_device(s, 1, 0, 0, 27);
}

static void doorbell_twice(struct system *s)
{
	s->vms[1].console = (struct vm_console){ 0x9000000, 101 };
}

static void ppi_doorbell(struct system *s)
{
	s->lists[0].irqs[SYSTEM_LIST] = 20;
}

static void no_console_irq(struct system *s)
{
	s->vms[1].console.base = 0x9000000;
}

static void doorbell_on_line(struct system *s)
{
	s->lists[1].irqs[SYSTEM_LIST] = 34;
}

static void doorbell_on_used_line(struct system *s)
{
	system_add_device(s, 0, 0x9010000, 0x1000, 0);
	doorbell_on_line(s);
}

const struct breakage breakages_devices[] = {
	{ RULE_DEVICE_EMPTY, empty_device, "rt: devs[1]", "neither" },
	{ RULE_DEVICE_UNALIGNED, odd_va, "linux: devs[1]", "0x9040800" },
	{ RULE_DEVICE_PARTIAL_PAGE, part_of_a_page, "rt: devs[1]", "virtio0, virtio1" },
	{ RULE_DEVICE_PARTIAL_PAGE, odd_pa, "rt: devs[1]", "size = 0x2000" },
	{ RULE_DEVICE_RANGE, beyond_bits, "rt: devs[1]", "40 address bits" },
	{ RULE_DEVICE_RANGE, wrapping, "rt: devs[1]", "40 address bits" },
	{ RULE_DEVICE_IN_RAM, in_ram, "rt: devs[1]", "RAM of board test-board" },
	{ RULE_DEVICE_HYPERVISOR, the_distributor, "rt: devs[1]", "distributor" },
	{ RULE_DEVICE_HYPERVISOR, a_redistributor, "rt: devs[1]", "redistributors" },
	{ RULE_DEVICE_HYPERVISOR, the_console, "rt: devs[1]", "the hypervisor's console UART" },
	{ RULE_DEVICE_RESERVED, firmware_uart, "rt: devs[1]", "secure UART" },
	{ RULE_DEVICE_SHARED, same_device, "rt: devs[1]", "devs[1] of linux" },
	{ RULE_DEVICE_SHARED, same_page, "rt: devs[1]", "devs[2] of linux" },
	{ RULE_DEVICE_TWICE, twice_in_vm, "linux: devs[2]", "devs[1] of linux" },
	{ RULE_DEVICE_SPLIT, halves, "rt: devs[1]", "devs[2] of linux" },
	{ RULE_DEVICE_IRQ_ELSEWHERE, foreign_interrupt, "rt: devs[1]", "devs[2] of linux" },
	{ RULE_IRQ_RANGE, beyond_controller, "rt: devs[1]", "288" },
	{ RULE_IRQ_RANGE, special_id, "rt: devs[1]", "1020" },
	{ RULE_IRQ_RANGE, ipc_beyond_controller, "rt: ipcs[0]", "500" },
	{ RULE_IRQ_RESERVED, sgi, "rt: devs[1]", "software-generated" },
	{ RULE_IRQ_RESERVED, maintenance, "rt: devs[1]", "maintenance" },
	{ RULE_IRQ_RESERVED, console_line, "rt: devs[1]", "console UART" },
	{ RULE_IRQ_SHARED, shared_line, "rt: devs[1]", "devs[1] of linux" },
	{ RULE_IRQ_SHARED, shared_doorbell, "rt: ipcs[0]", "ipcs[0] of linux" },
	{ RULE_IRQ_SHARED, shared_console, "rt: console", "ipcs[0] of linux" },
	{ RULE_IRQ_SHARED, shared_remio, "rt: ipcs[0]", "remio_devs[0] of linux" },
	{ RULE_IRQ_TWICE, twice, "rt: devs[1]", "devs[0] of rt" },
	{ RULE_IRQ_TWICE, doorbell_twice, "rt: console", "ipcs[0] of rt" },
	{ RULE_IRQ_NOT_SPI, ppi_doorbell, "linux: ipcs[0]", "20" },
	{ RULE_IRQ_NOT_SPI, no_console_irq, "rt: console", "interrupt 0" },
	{ RULE_IRQ_HARDWARE_LINE, doorbell_on_used_line, "rt: ipcs[0]",
	  "the board's rtc, which linux has" },
	{ RULE_IRQ_UNUSED_LINE, doorbell_on_line, "rt: ipcs[0]",
	  "the board's rtc, which no VM has" },
	{ 0 },
};
