/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan of the host tests: four VMs that between them have everything a plan can have. Interrupt
 * 27 is everybody's private timer; alpha's vCPUs are not on neighbouring CPUs; wide has more vCPUs than
 * fit one affinity level, and a root of two concatenated tables.
 */
#include <plan.h>

#include <bao/plan.h>
#include <bao/util.h>

const struct plan_system plan_system = {
	.magic = PLAN_MAGIC,
	.images_base = PLAN_IMAGES_BASE,
	.images_size = PLAN_IMAGES_SIZE,
	.cpu_count = PLAN_CPU_COUNT,
	.vm_count = PLAN_VM_COUNT,
	.irq_count = PLAN_IRQ_COUNT,
	.remio_count = PLAN_REMIO_COUNT,
	.remio_slot_count = PLAN_REMIO_SLOT_COUNT,
};

#define ROW_WIDE(n) [CPU_WIDE_0 + (n)] = { 0x100 + (n), WIDE, n, { 0 } }

const struct plan_cpu plan_cpus[PLAN_CPU_COUNT] = {
	[CPU_ALPHA_0] = { 0x0, ALPHA, 0, { 0 } },
	[CPU_BETA] = { 0x1, BETA, 0, { 0 } },
	[CPU_ALPHA_1] = { 0x2, ALPHA, 1, { 0 } },
	[CPU_ALPHA_2] = { 0x3, ALPHA, 2, { 0 } },
	[CPU_GAMMA] = { 0x4, GAMMA, 0, { 0 } },
	[CPU_UNUSED] = { 0x5, PLAN_NONE8, 0, { 0 } },
	ROW_WIDE(0),
	ROW_WIDE(1),
	ROW_WIDE(2),
	ROW_WIDE(3),
	ROW_WIDE(4),
	ROW_WIDE(5),
	ROW_WIDE(6),
	ROW_WIDE(7),
	ROW_WIDE(8),
	ROW_WIDE(9),
	ROW_WIDE(10),
	ROW_WIDE(11),
	ROW_WIDE(12),
	ROW_WIDE(13),
	ROW_WIDE(14),
	ROW_WIDE(15),
	ROW_WIDE(16),
	ROW_WIDE(17),
};

const uint32_t plan_vcpu_cpus[PLAN_VCPU_COUNT] = {
	CPU_ALPHA_0, CPU_ALPHA_1, CPU_ALPHA_2, /* alpha */
	CPU_BETA,                              /* beta */
	CPU_GAMMA,                             /* gamma */
	6,           7,           8,           9,  10, 11, 12, 13, 14,
	15,          16,          17,          18, 19, 20, 21, 22, 23, /* wide */
};

const struct plan_vm plan_vms[PLAN_VM_COUNT] = {
	[ALPHA] = {
		.name = "alpha",
		.entry = 0x40000000, .boot_arg = 0x40f00000,
		.vcpu_first = 0, .vcpu_count = 3,
		.extent_first = 0, .extent_count = 4,
		.load_first = 0, .load_count = 2,
		.window_first = 0, .window_count = 5,
		.ipc_first = 0, .ipc_count = 2,
		.stage2_first = 0, .stage2_count = 8,
		.loader_first = 0, .loader_count = 4,
		.ipa_bits = 32,
		.on_fault = PLAN_ON_FAULT_INJECT,
		.uart_irq = 40,
		.irq_count = 96,
		.irqs = {
			[0] = BIT32(27) | BIT32(30),
			[1] = BIT32(40 - 32) | BIT32(50 - 32) | BIT32(51 - 32) | BIT32(63 - 32),
			[2] = BIT32(64 - 64) | BIT32(70 - 64) | BIT32(71 - 64) | BIT32(72 - 64),
		},
	},
	[BETA] = {
		.name = "beta",
		.entry = 0x80000000, .boot_arg = 0,
		.vcpu_first = 3, .vcpu_count = 1,
		.extent_first = 4, .extent_count = 2,
		.load_first = 2, .load_count = 1,
		.window_first = 5, .window_count = 4,
		.ipc_first = 2, .ipc_count = 2,
		.stage2_first = 8, .stage2_count = 4,
		.loader_first = 4, .loader_count = 4,
		.ipa_bits = 32,
		.on_fault = PLAN_ON_FAULT_HALT,
		.image_in_place = 1,
		.uart_irq = 41,
		.irq_count = 96,
		.irqs = {
			[0] = BIT32(27),
			[1] = BIT32(41 - 32) | BIT32(60 - 32),
			[2] = BIT32(80 - 64) | BIT32(81 - 64) | BIT32(82 - 64) | BIT32(83 - 64) |
			      BIT32(84 - 64),
		},
	},
	[GAMMA] = {
		.name = "gamma",
		.entry = 0x40080000, .boot_arg = 0,
		.vcpu_first = 4, .vcpu_count = 1,
		.extent_first = 6, .extent_count = 1,
		.load_first = 3, .load_count = 1,
		.window_first = 9, .window_count = 3,
		.ipc_first = 4, .ipc_count = 1,
		.stage2_first = 12, .stage2_count = 4,
		.loader_first = 8, .loader_count = 4,
		.ipa_bits = 32,
		.on_fault = PLAN_ON_FAULT_RESTART,
		.irq_count = 96,
		.irqs = { [0] = BIT32(27), [2] = BIT32(90 - 64) | BIT32(91 - 64) },
	},
	[WIDE] = {
		.name = "wide",
		.entry = 0x40000000, .boot_arg = 0,
		.vcpu_first = 5, .vcpu_count = 18,
		.extent_first = 7, .extent_count = 2,
		.load_first = 4, .load_count = 0,
		.window_first = 12, .window_count = 2,
		.stage2_first = 16, .stage2_count = 6,
		.loader_first = 12, .loader_count = 4,
		.ipa_bits = 40,
		.on_fault = PLAN_ON_FAULT_RESTART,
		.irq_count = 128,
		.irqs = {
			[0] = BIT32(27),
			[3] = BIT32(100 - 96) | BIT32(101 - 96) | BIT32(127 - 96),
		},
	},
};

#define NO_SHMEM PLAN_NONE32

const struct plan_extent plan_extents[] = {
	/* alpha: a hole below 0x40000000, memory, and the two kinds that are not memory */
	{ 0x0a000000, 0x0a000000, 0x1000, PLAN_MEMORY_DEVICE, NO_SHMEM },
	{ 0x40000000, 0x51000000, 0x1000000, PLAN_MEMORY_RAM, NO_SHMEM },
	{ 0x50000000, 0x52800000, 0x3000, PLAN_MEMORY_RAM, NO_SHMEM },
	{ 0x70000000, 0x60000000, 0x10000, PLAN_MEMORY_SHARED, 0 },
	/* beta */
	{ 0x70000000, 0x60000000, 0x10000, PLAN_MEMORY_SHARED, 0 },
	{ 0x80000000, 0x53000000, 0x200000, PLAN_MEMORY_RAM, NO_SHMEM },
	/* gamma */
	{ 0x40000000, 0x54000000, 0x200000, PLAN_MEMORY_RAM, NO_SHMEM },
	/* wide: in the second of its root tables as well */
	{ 0x40000000, 0x80000000, 0x40000000, PLAN_MEMORY_RAM, NO_SHMEM },
	{ 0x8040000000, 0xd0000000, 0x200000, PLAN_MEMORY_RAM, NO_SHMEM },
};

const struct plan_load plan_loads[] = {
	{ 0x51000000, 0x40300000, 0x1241 }, /* alpha: a byte beyond a cache line */
	{ 0x52800ff0, 0x40302000, 0x20 },
	{ 0x53100001, 0x40303000, 0x7 },    /* beta */
	{ 0x54000000, 0x61000800, 0x1000 }, /* gamma: put there by a boot loader */
};

const struct plan_window plan_windows[] = {
	/* alpha */
	{ 0x08000000, 0x10000, PLAN_WINDOW_GICD, 0 },
	{ 0x080a0000, 0x60000, PLAN_WINDOW_GICR, 0 },
	{ 0x09000000, 0x1000, PLAN_WINDOW_UART, 0 },
	{ 0x60000000, 0x1000, PLAN_WINDOW_REMIO, 0 },
	{ 0x60001000, 0x1000, PLAN_WINDOW_DOORBELL, 1 }, /* right after the one before */
	/* beta */
	{ 0x08000000, 0x10000, PLAN_WINDOW_GICD, 0 },
	{ 0x080a0000, 0x20000, PLAN_WINDOW_GICR, 0 },
	{ 0x09000000, 0x1000, PLAN_WINDOW_UART, 0 },
	{ 0x70010000, 0x1000, PLAN_WINDOW_DOORBELL, 0 },
	/* gamma */
	{ 0x08000000, 0x10000, PLAN_WINDOW_GICD, 0 },
	{ 0x080a0000, 0x20000, PLAN_WINDOW_GICR, 0 },
	{ 0x60000000, 0x206, PLAN_WINDOW_REMIO, 1 },
	/* wide */
	{ 0x08000000, 0x10000, PLAN_WINDOW_GICD, 0 },
	{ 0x080a0000, 0x240000, PLAN_WINDOW_GICR, 0 },
};

/* Two channels: one of alpha and beta; and one of alpha, beta and gamma. */
const struct plan_ipc plan_ipcs[] = {
	{ 0, 1 }, { 1, 2 }, /* alpha */
	{ 3, 1 }, { 4, 2 }, /* beta */
	{ 6, 2 },           /* gamma */
};

const struct plan_ipc_peer plan_ipc_peers[] = {
	{ 0, 2 },           /* alpha, first channel: beta */
	{ 2, 1 }, { 3, 2 }, /* alpha, second: beta, gamma */
	{ 5, 1 },           /* beta, first: alpha */
	{ 6, 1 }, { 3, 2 }, /* beta, second: alpha, gamma */
	{ 6, 1 }, { 2, 1 }, /* gamma: alpha, beta */
};

const uint32_t plan_ipc_irqs[] = {
	80, 81, /* beta, first channel */
	84,     /* beta, second */
	90, 91, /* gamma */
	70,     /* alpha, first */
	71,     /* alpha, second */
};

/* beta answers for a device of alpha, and for one of gamma that can't be notified. */
const struct plan_remio plan_remios[PLAN_REMIO_COUNT] = {
	{ .frontend_vm = ALPHA,
	  .backend_vm = BETA,
	  .frontend_irq = 72,
	  .backend_irq = 82,
	  .backend_device = 0,
	  .slot_first = 0,
	  .slot_count = 3,
	  .window_va = 0x60000000 },
	{ .frontend_vm = GAMMA,
	  .backend_vm = BETA,
	  .frontend_irq = 0,
	  .backend_irq = 83,
	  .backend_device = 2,
	  .slot_first = 3,
	  .slot_count = 1,
	  .window_va = 0x60000000 },
};

const struct plan_device plan_hyp_devices[PLAN_HYP_DEVICE_COUNT] = {
	{ 0x08000000, 0x10000 },
	{ 0x080a0000, 0x300000 },
	{ 0x09000000, 0x1000 },
};
