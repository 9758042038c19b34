/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The smallest system: one bare-metal guest on one CPU, with a virtual UART and a timer. The first thing
 * to run on a new board, and the first thing to copy.
 */
#include <config.h>

VM_IMAGE(hello, XSTR(GUESTS/hello.bin))

struct config config = {
	VMS({
		.name = "hello",
		.image = VM_IMAGE_BUILTIN(hello, 0x40200000),
		.entry = 0x40200000,
		.console = { .base = 0x09000000, .interrupt = 112 },
		.platform = {
			.cpu_num = 1,
			REGIONS({ .base = 0x40200000, .size = 0x100000 }),
			DEVS({ .name = "timer", INTERRUPTS(27) }),
			.arch.gic = { .gicd_addr = 0x08000000, .gicr_addr = 0x080a0000 },
		},
	}),
};
