/* SPDX-License-Identifier: Apache-2.0 */
/* A VM that tests power control on itself, and a peer that must not notice. */
#include <config.h>

VM_IMAGE(power, XSTR(GUESTS/power.bin))
VM_IMAGE(peer, XSTR(GUESTS/peer.bin))

#define GIC .arch.gic = { .gicd_addr = 0x08000000, .gicr_addr = 0x080a0000 }
#define CHANNEL(own_interrupt)                                                                     \
	IPCS({ .base = 0x70000000, .size = 0x1000, .shmem_id = 0, INTERRUPTS(own_interrupt) })

struct config config = {
	SHMEMS({ .name = "lives", .size = 0x1000 }),
	VMS({
		.name = "guest",
		.image = VM_IMAGE_BUILTIN(power, 0x40200000),
		.entry = 0x40200000,
		.console = { .base = 0x09000000, .interrupt = 114 },
		.platform = {
			.cpu_num = 4,
			REGIONS({ .base = 0x40200000, .size = 0x400000 }),
			DEVS({ .name = "timer", INTERRUPTS(27) }, { .name = "spare", INTERRUPTS(96) }),
			CHANNEL(97),
			GIC,
		},
	}, {
		.name = "peer",
		.image = VM_IMAGE_BUILTIN(peer, 0x40200000),
		.entry = 0x40200000,
		.console = { .base = 0x09000000, .interrupt = 115 },
		.platform = {
			.cpu_num = 1,
			REGIONS({ .base = 0x40200000, .size = 0x400000 }),
			DEVS({ .name = "timer", INTERRUPTS(27) }),
			CHANNEL(98),
			GIC,
		},
	}),
};
