/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same guest three times: its image built in, put in memory by a boot loader, and used in place. It
 * resets its VM once, finds out whether its image is as it was, and powers off.
 */
#include <config.h>

VM_IMAGE(again, XSTR(GUESTS/again.bin))

#define LOADED_AT 0x60000000
#define LOADED_SIZE 0x8000

#define PLATFORM                                                                                   \
	{                                                                                          \
		.cpu_num = 1, REGIONS({ .base = 0x40000000, .size = 0x400000 }),                   \
		DEVS({ .name = "timer", INTERRUPTS(27) }),                                         \
		.arch.gic = { .gicd_addr = 0x08000000, .gicr_addr = 0x080a0000 },                  \
	}

struct config config = {
	VMS({
		.name = "builtin",
		.image = VM_IMAGE_BUILTIN(again, 0x40200000),
		.entry = 0x40200000,
		.console = { .base = 0x09000000, .interrupt = 112 },
		.platform = PLATFORM,
	}, {
		.name = "loaded",
		.image = VM_IMAGE_LOADED(0x40200000, LOADED_AT, LOADED_SIZE),
		.entry = 0x40200000,
		.console = { .base = 0x09000000, .interrupt = 113 },
		.platform = PLATFORM,
	}, {
		.name = "inplace",
		.image = {
			.base_addr = 0x40200000,
			.load_addr = VM_IMAGE_OFFSET(again),
			.size = VM_IMAGE_SIZE(again),
			.inplace = true,
		},
		.entry = 0x40200000,
		.console = { .base = 0x09000000, .interrupt = 114 },
		.platform = PLATFORM,
	}),
};
