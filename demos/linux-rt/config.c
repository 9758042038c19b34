/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The demonstration: an unmodified Debian kernel on two CPUs beside a real-time guest on a CPU of its
 * own, on QEMU's `virt` machine. They share 64 KiB of memory and a doorbell each way. Linux has the
 * board's second UART to itself; rt writes to a virtual one on the hypervisor's console.
 *
 * docs/configuration.md explains every field; plan.txt and plan.svg show what comes of it.
 */
#include <config.h>

#include "system.h"

VM_IMAGE(linux, XSTR(GUESTS/linux))
VM_IMAGE(rt, XSTR(GUESTS/rt.bin))

#ifndef LINUX_CPUS
#define LINUX_CPUS 2 /* SYSTEM_CPPFLAGS=-DLINUX_CPUS=1 tries another number */
#endif
#define LINUX_MEMORY_BASE 0x40000000
#define LINUX_UART_BASE 0x09040000
#define LINUX_CHANNEL_BUS 0x3f000000

struct config config = {
	SHMEMS({ .name = "messages", .size = SHARED_SIZE }),
	VMS({
		.name = "linux",
		.image = VM_IMAGE_BUILTIN(linux, LINUX_MEMORY_BASE),
		.entry = LINUX_MEMORY_BASE,
		.initrd = { .file = XSTR(GUESTS/initramfs.gz) },
		.dtb = { .generate = true },
		.bootargs = "console=ttyAMA0 quiet",
		.cpu_affinity = 0b011,
		.on_fault = VM_ON_FAULT_INJECT,
		.channel_bus = LINUX_CHANNEL_BUS,
		.platform = {
			.cpu_num = LINUX_CPUS,
			REGIONS({ .base = LINUX_MEMORY_BASE, .size = 0x10000000 }),
			DEVS({
				.name = "uart1",
				.pa = LINUX_UART_BASE,
				.va = LINUX_UART_BASE,
				.size = 0x1000,
				INTERRUPTS(40),
				.compatible = "arm,pl011|arm,primecell",
				.clock_names = "uartclk|apb_pclk",
				.clock_hz = 24000000,
			}, {
				.name = "timer",
				INTERRUPTS(27),
			}),
			IPCS({
				.name = "rt",
				.base = SHARED_BASE,
				.size = SHARED_SIZE,
				.shmem_id = 0,
				INTERRUPTS(LINUX_DOORBELL_IRQ),
				.doorbell = DOORBELL_BASE,
			}),
			.arch.gic = { .gicd_addr = 0x08000000, .gicr_addr = 0x080a0000 },
		},
	}, {
		.name = "rt",
		.image = VM_IMAGE_BUILTIN(rt, RT_MEMORY_BASE),
		.entry = RT_MEMORY_BASE,
		.cpu_affinity = 0b100,
		.on_fault = VM_ON_FAULT_RESTART,
		.console = { .base = RT_CONSOLE_BASE, .interrupt = RT_CONSOLE_IRQ },
		.platform = {
			.cpu_num = 1,
			REGIONS({ .base = RT_MEMORY_BASE, .size = RT_MEMORY_SIZE }),
			DEVS({
				.name = "timer",
				INTERRUPTS(27),
			}),
			IPCS({
				.name = "linux",
				.base = SHARED_BASE,
				.size = SHARED_SIZE,
				.shmem_id = 0,
				INTERRUPTS(RT_DOORBELL_IRQ),
				.doorbell = DOORBELL_BASE,
			}),
			.arch.gic = { .gicd_addr = 0x08000000, .gicr_addr = 0x080a0000 },
		},
	}),
};
