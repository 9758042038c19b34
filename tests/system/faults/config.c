/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Three VMs that do what they may not, one for each policy, and a peer that must not notice. The peer
 * has a device and memory at known physical addresses, for the others to reach for
 * (tests/guests/offender.c).
 */
#include <config.h>

VM_IMAGE(offender, XSTR(GUESTS/offender.bin))
VM_IMAGE(peer, XSTR(GUESTS/peer.bin))

#define GIC .arch.gic = { .gicd_addr = 0x08000000, .gicr_addr = 0x080a0000 }
#define CHANNEL(own_interrupt)                                                                     \
	IPCS({ .base = 0x70000000, .size = 0x1000, .shmem_id = 0, INTERRUPTS(own_interrupt) })

/* Its memory begins at 48000000, so that physical addresses of others are not its own. */
#define OFFENDER(vm_name, policy, console_interrupt, channel_interrupt)                            \
	{                                                                                          \
		.name = vm_name, .image = VM_IMAGE_BUILTIN(offender, 0x48000000),                  \
		.entry = 0x48000000, .on_fault = policy,                                           \
		.console = { .base = 0x09000000, .interrupt = console_interrupt },                 \
		.platform = {                                                                      \
			.cpu_num = 2,                                                              \
			REGIONS({ .base = 0x48000000, .size = 0x400000 }),                         \
			DEVS({ .name = "timer", INTERRUPTS(27) }),                                 \
			CHANNEL(channel_interrupt),                                                \
			GIC,                                                                       \
		},                                                                                 \
	}

struct config config = {
	SHMEMS({ .name = "shared", .size = 0x1000 }),
	VMS(OFFENDER("inject", VM_ON_FAULT_INJECT, 114, 96),
	    OFFENDER("halt", VM_ON_FAULT_HALT, 115, 97),
	    OFFENDER("restart", VM_ON_FAULT_RESTART, 116, 98),
	{
		.name = "peer",
		.image = VM_IMAGE_BUILTIN(peer, 0x40200000),
		.entry = 0x40200000,
		.console = { .base = 0x09000000, .interrupt = 117 },
		.platform = {
			.cpu_num = 1,
			REGIONS({
				.base = 0x40200000,
				.size = 0x400000,
				.place_phys = true,
				.phys = 0x60000000,
			}),
			DEVS({ .name = "timer", INTERRUPTS(27) },
			     { .name = "rtc", .pa = 0x09010000, .va = 0x09010000, .size = 0x1000 }),
			CHANNEL(99),
			GIC,
		},
	}),
};
