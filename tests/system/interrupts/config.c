/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A VM of four vCPUs with interrupts that no device raises, and another that owns the ones next to
 * them (tests/guests/interrupts.h has the numbers).
 */
#include <config.h>

VM_IMAGE(interrupts, XSTR(GUESTS/interrupts.bin))
VM_IMAGE(idle, XSTR(GUESTS/idle.bin))

#define GIC .arch.gic = { .gicd_addr = 0x08000000, .gicr_addr = 0x080a0000 }

struct config config = {
	VMS({
		.name = "guest",
		.image = VM_IMAGE_BUILTIN(interrupts, 0x40200000),
		.entry = 0x40200000,
		.console = { .base = 0x09000000, .interrupt = 114 },
		.platform = {
			.cpu_num = 4,
			REGIONS({ .base = 0x40200000, .size = 0x400000 }),
			DEVS({ .name = "timer", INTERRUPTS(27) },
			     { .name = "spare", INTERRUPTS(96, 97, 98, 99, 100, 101, 102, 103, 104, 105,
							   106, 107, 108, 109, 110, 111) }),
			GIC,
		},
	}, {
		.name = "other",
		.image = VM_IMAGE_BUILTIN(idle, 0x40200000),
		.entry = 0x40200000,
		.platform = {
			.cpu_num = 1,
			REGIONS({ .base = 0x40200000, .size = 0x400000 }),
			DEVS({ .name = "spare", INTERRUPTS(112) }),
			GIC,
		},
	}),
};
