/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QEMU's `virt` machine, AArch64, with GICv3. Addresses and interrupts are those of QEMU 9 and 10
 * (documentation "virt generic virtual platform"; the tree that `-M virt,dumpdtb=` writes). INTIDs:
 * SPI n is 32 + n, PPI n is 16 + n. Built for the build machine and read by the planner alone.
 */
#include <bao/board.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define CPU_COUNT 8         /* up to 8 CPUs need one redistributor region and one affinity level */
#define GICR_STRIDE 0x20000 /* bytes per CPU: RD_base and SGI_base frames */

/* MPIDR_EL1 affinity: QEMU puts up to 16 CPUs in a cluster with GICv3. */
static const uint64_t cpu_hw_ids[CPU_COUNT] = { 0, 1, 2, 3, 4, 5, 6, 7 };

static const struct board_memory memories[] = {
	{ .base = 0x40000000, .size = 0x40000000 },
};

static const uint32_t uart1_interrupts[] = { 40 };
static const uint32_t rtc_interrupts[] = { 34 };
static const uint32_t gpio_interrupts[] = { 39 };

/* 32 windows of 0x200 bytes, eight to a page, interrupts 48 + n. */
#define VIRTIO_MMIO(n, address, intid)                                                             \
	{                                                                                          \
		.name = "virtio-mmio" #n, .base = (address), .size = 0x200,                        \
		.interrupts = (const uint32_t[]){ intid }, .interrupt_count = 1,                   \
	}

/* Whoever has the ITS can have the interrupt controller write to memory. */
static const struct board_reserved reserved[] = {
	{ .name = "GIC ITS", .base = 0x8080000, .size = 0x20000 },
};

static const struct board_device devices[] = {
	{ .name = "flash", .base = 0x0, .size = 0x8000000 },
	{
		.name = "uart1",
		.base = 0x9040000,
		.size = 0x1000,
		.interrupts = uart1_interrupts,
		.interrupt_count = COUNT(uart1_interrupts),
	},
	{
		.name = "rtc",
		.base = 0x9010000,
		.size = 0x1000,
		.interrupts = rtc_interrupts,
		.interrupt_count = COUNT(rtc_interrupts),
	},
	{ .name = "fw-cfg", .base = 0x9020000, .size = 0x18 },
	{
		.name = "gpio",
		.base = 0x9030000,
		.size = 0x1000,
		.interrupts = gpio_interrupts,
		.interrupt_count = COUNT(gpio_interrupts),
	},
	VIRTIO_MMIO(0, 0xa000000, 48),
	VIRTIO_MMIO(1, 0xa000200, 49),
	VIRTIO_MMIO(2, 0xa000400, 50),
	VIRTIO_MMIO(3, 0xa000600, 51),
	VIRTIO_MMIO(4, 0xa000800, 52),
	VIRTIO_MMIO(5, 0xa000a00, 53),
	VIRTIO_MMIO(6, 0xa000c00, 54),
	VIRTIO_MMIO(7, 0xa000e00, 55),
	VIRTIO_MMIO(8, 0xa001000, 56),
	VIRTIO_MMIO(9, 0xa001200, 57),
	VIRTIO_MMIO(10, 0xa001400, 58),
	VIRTIO_MMIO(11, 0xa001600, 59),
	VIRTIO_MMIO(12, 0xa001800, 60),
	VIRTIO_MMIO(13, 0xa001a00, 61),
	VIRTIO_MMIO(14, 0xa001c00, 62),
	VIRTIO_MMIO(15, 0xa001e00, 63),
	VIRTIO_MMIO(16, 0xa002000, 64),
	VIRTIO_MMIO(17, 0xa002200, 65),
	VIRTIO_MMIO(18, 0xa002400, 66),
	VIRTIO_MMIO(19, 0xa002600, 67),
	VIRTIO_MMIO(20, 0xa002800, 68),
	VIRTIO_MMIO(21, 0xa002a00, 69),
	VIRTIO_MMIO(22, 0xa002c00, 70),
	VIRTIO_MMIO(23, 0xa002e00, 71),
	VIRTIO_MMIO(24, 0xa003000, 72),
	VIRTIO_MMIO(25, 0xa003200, 73),
	VIRTIO_MMIO(26, 0xa003400, 74),
	VIRTIO_MMIO(27, 0xa003600, 75),
	VIRTIO_MMIO(28, 0xa003800, 76),
	VIRTIO_MMIO(29, 0xa003a00, 77),
	VIRTIO_MMIO(30, 0xa003c00, 78),
	VIRTIO_MMIO(31, 0xa003e00, 79),
};

const struct board board = {
	.name = "qemu-aarch64-virt",
	.model = "QEMU virt (AArch64, Cortex-A53, GICv3)",
	.cpu_count = CPU_COUNT,
	.cpu_hw_ids = cpu_hw_ids,
	.memories = memories,
	.memory_count = COUNT(memories),
	.reserved = reserved,
	.reserved_count = COUNT(reserved),
	.devices = devices,
	.device_count = COUNT(devices),
	.pa_bits = 40, /* ID_AA64MMFR0_EL1.PARange of the Cortex-A53 */
	.uart = {
		.base = 0x9000000,
		.size = 0x1000,
		.irq = 33,
		.clock_hz = 24000000,
	},
	.gic = {
		.version = 3,
		.gicd = 0x8000000,
		.gicd_size = 0x10000,
		.gicr = 0x80a0000,
		.gicr_size = CPU_COUNT * GICR_STRIDE,
		.interrupt_count = 288, /* 32 + 256 SPIs */
		.maintenance_irq = 25,
	},
	.timer_virtual_irq = 27,
	.timer_physical_irq = 30,
	.cpu_compatible = "arm,cortex-a53",
};
