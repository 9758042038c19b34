/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Three VMs with the same guest: a channel between the first two, and one between all three
 * (tests/guests/channel.c).
 */
#include <config.h>

VM_IMAGE(channel, XSTR(GUESTS/channel.bin))

#define PAIR(...)                                                                                  \
	{                                                                                          \
		.base = 0x70000000, .size = 0x1000, .shmem_id = 0, INTERRUPTS(__VA_ARGS__),        \
		.doorbell = 0x70010000,                                                            \
	}
#define GROUP(interrupt)                                                                           \
	{                                                                                          \
		.base = 0x70020000, .size = 0x1000, .shmem_id = 1, INTERRUPTS(interrupt),          \
		.doorbell = 0x70030000,                                                            \
	}

#define COMMON .image = VM_IMAGE_BUILTIN(channel, 0x40200000), .entry = 0x40200000
#define PLATFORM                                                                                   \
	.cpu_num = 1, REGIONS({ .base = 0x40200000, .size = 0x400000 }),                           \
	.arch.gic = { .gicd_addr = 0x08000000, .gicr_addr = 0x080a0000 }

struct config config = {
	SHMEMS({ .name = "pair", .size = 0x1000 }, { .name = "group", .size = 0x1000 }),
	VMS({
		.name = "one",
		COMMON,
		.console = { .base = 0x09000000, .interrupt = 120 },
		.platform = { PLATFORM, IPCS(PAIR(100, 101), GROUP(102)) },
	}, {
		.name = "two",
		COMMON,
		.console = { .base = 0x09000000, .interrupt = 121 },
		.platform = { PLATFORM, IPCS(PAIR(104, 105), GROUP(106)) },
	}, {
		.name = "three",
		COMMON,
		.console = { .base = 0x09000000, .interrupt = 122 },
		.platform = {
			PLATFORM,
			DEVS({ .name = "spare", INTERRUPTS(108, 109) }),
			IPCS(GROUP(110)),
		},
	}),
};
