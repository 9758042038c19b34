/* SPDX-License-Identifier: Apache-2.0 */
/* Two VMs with virtual UARTs on the hypervisor's console, and one without between them. */
#include <config.h>

VM_IMAGE(talker, XSTR(GUESTS/talker.bin))
VM_IMAGE(idle, XSTR(GUESTS/idle.bin))

#define IMAGE(image_name) .image = VM_IMAGE_BUILTIN(image_name, 0x40200000), .entry = 0x40200000
#define PLATFORM                                                                                   \
	.platform = {                                                                              \
		.cpu_num = 1,                                                                      \
		REGIONS({ .base = 0x40200000, .size = 0x400000 }),                                 \
		.arch.gic = { .gicd_addr = 0x08000000, .gicr_addr = 0x080a0000 },                  \
	}

struct config config = {
	VMS(
		{
			.name = "left",
			IMAGE(talker),
			.console = { .base = 0x09000000, .interrupt = 114 },
			PLATFORM,
		},
		{
			.name = "silent",
			IMAGE(idle),
			PLATFORM,
		},
		{
			.name = "right",
			IMAGE(talker),
			.console = { .base = 0x09000000, .interrupt = 115 },
			PLATFORM,
		}),
};
