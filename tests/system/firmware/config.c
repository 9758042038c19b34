/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Three VMs that say hello and power off, above Trusted Firmware: on the boot CPU, whose VM ends last and
 * which then serves the console with its vCPU off, and on two others.
 */
#include <config.h>

VM_IMAGE(hello, XSTR(GUESTS/hello.bin))

#define HELLO(vm_name, cpu)                                                                        \
	{                                                                                          \
		.name = vm_name, .image = VM_IMAGE_BUILTIN(hello, 0x40200000),                     \
		.entry = 0x40200000, .cpu_affinity = 1 << (cpu),                                   \
		.console = { .base = 0x09000000, .interrupt = 112 + (cpu) },                       \
		.platform = {                                                                      \
			.cpu_num = 1,                                                              \
			REGIONS({ .base = 0x40200000, .size = 0x100000 }),                         \
			DEVS({ .name = "timer", INTERRUPTS(27) }),                                 \
			.arch.gic = { .gicd_addr = 0x08000000, .gicr_addr = 0x080a0000 },          \
		},                                                                                 \
	}

struct config config = {
	VMS(HELLO("first", 0), HELLO("second", 1), HELLO("third", 2)),
};
