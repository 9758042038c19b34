/* SPDX-License-Identifier: Apache-2.0 */
/* One VM with as many vCPUs as the test says: -DVCPUS=n. */
#include <config.h>

#ifndef VCPUS
#define VCPUS 2
#endif

VM_IMAGE(boot, XSTR(GUESTS/boot.bin))

struct config config = {
	VMS({
		.name = "guest",
		.image = VM_IMAGE_BUILTIN(boot, 0x40200000),
		.entry = 0x40200000,
		.console = { .base = 0x09000000, .interrupt = 114 },
		.platform = {
			.cpu_num = VCPUS,
			REGIONS({ .base = 0x40200000, .size = 0x400000 }),
			DEVS({ .name = "timer", INTERRUPTS(27) }),
			.arch.gic = { .gicd_addr = 0x08000000, .gicr_addr = 0x080a0000 },
		},
	}),
};
