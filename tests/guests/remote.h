/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The device that the remote-I/O tests emulate in one VM for another (tests/system/remote/config.c has
 * the addresses): 256 bytes of memory, registers that tell how the last request looked to the backend,
 * and one for commands.
 */
#pragma once

#define REMOTE_BASE 0x0a000000   /* device 0, which the first registers below are of */
#define REMOTE_SECOND 0x0a001000 /* device 1: every register reads as its offset + 1 */
#define REMOTE_IRQ 100
#define REMOTE_SECOND_IRQ 101
#define BACKEND_IRQ 104
#define BACKEND_SECOND_IRQ 105

#define REMOTE_MEMORY 0x000
#define REMOTE_MEMORY_SIZE 0x100
/* Of the last access to the memory, as the backend was told. */
#define REMOTE_LAST_OFFSET 0x100
#define REMOTE_LAST_WIDTH 0x108
#define REMOTE_LAST_VALUE 0x110
#define REMOTE_SERVED 0x118 /* requests since the backend started */
#define REMOTE_LIFE 0x120   /* how often it has been started */
#define REMOTE_BOTH 0x128   /* how often it was told, since its start, that another request waits */
#define REMOTE_RESULTS 0x200 /* eight bytes for each of enum misuse */
#define REMOTE_COMMAND 0xf00

enum remote_command {
	REMOTE_NOTIFY = 1,
	REMOTE_MISUSE,  /* with the next read: do everything wrong first */
	REMOTE_COLLECT, /* reset the VM when two requests are taken and not answered */
	REMOTE_RESTART, /* reset the VM with the next request taken and not answered */
	REMOTE_OFF,
};

enum misuse {
	MISUSE_WRONG_REQUEST,
	MISUSE_WRONG_SLOT,
	MISUSE_WRONG_KIND,
	MISUSE_OTHER_DEVICE,
	MISUSE_NO_DEVICE,
	MISUSE_OPERATION,
	MISUSE_TWICE,
	MISUSE_NOTHING_TO_ASK,
	MISUSE_COUNT,
};
