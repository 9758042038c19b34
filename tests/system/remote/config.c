/* SPDX-License-Identifier: Apache-2.0 */
/* A VM with two devices that another VM emulates (tests/guests/remote.h). */
#include <config.h>

VM_IMAGE(front, XSTR(GUESTS/remote_front.bin))
VM_IMAGE(back, XSTR(GUESTS/remote_back.bin))

#define PLATFORM                                                                                   \
	REGIONS({ .base = 0x40200000, .size = 0x400000 }),                                         \
		DEVS({ .name = "timer", INTERRUPTS(27) }),                                         \
		.arch.gic = { .gicd_addr = 0x08000000, .gicr_addr = 0x080a0000 }

struct config config = {
	VMS({
		.name = "front",
		.image = VM_IMAGE_BUILTIN(front, 0x40200000),
		.entry = 0x40200000,
		.console = { .base = 0x09000000, .interrupt = 120 },
		.platform = {
			.cpu_num = 2,
			PLATFORM,
			REMIO_DEVS({
				.va = 0x0a000000,
				.size = 0x1000,
				.interrupt = 100,
				.bind_key = 7,
				.type = REMIO_DEV_FRONTEND,
			}, {
				.va = 0x0a001000,
				.size = 0x1000,
				.interrupt = 101,
				.bind_key = 9,
				.type = REMIO_DEV_FRONTEND,
			}),
		},
	}, {
		.name = "back",
		.image = VM_IMAGE_BUILTIN(back, 0x40200000),
		.entry = 0x40200000,
		.console = { .base = 0x09000000, .interrupt = 121 },
		.platform = {
			.cpu_num = 1,
			PLATFORM,
			REMIO_DEVS({ .interrupt = 104, .bind_key = 7, .type = REMIO_DEV_BACKEND },
				   { .interrupt = 105, .bind_key = 9, .type = REMIO_DEV_BACKEND }),
		},
	}),
};
