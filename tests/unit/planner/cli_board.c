/* SPDX-License-Identifier: Apache-2.0 */
/* The board of the planner that cli.sh runs. */
#include <bao/board.h>

static const uint64_t hw_ids[] = { 0, 1, 2, 3 };
static const struct board_memory memories[] = { { 0x40000000, 0x40000000 } };

const struct board board = {
	.name = "cli-board",
	.cpu_count = 4,
	.cpu_hw_ids = hw_ids,
	.memories = memories,
	.memory_count = 1,
	.pa_bits = 40,
	.uart = { 0x9000000, 0x1000, 33, 24000000 },
	.gic = {
		.version = 3,
		.gicd = 0x8000000,
		.gicd_size = 0x10000,
		.gicr = 0x80a0000,
		.gicr_size = 0x80000,
		.interrupt_count = 288,
		.maintenance_irq = 25,
	},
	.timer_virtual_irq = 27,
	.timer_physical_irq = 30,
};
