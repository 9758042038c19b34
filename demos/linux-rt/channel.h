/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One end of a Bao channel in Linux user space, through the kernel's own uio_pci_generic driver: the
 * shared memory, the doorbell, and waiting for the peer's doorbell. Copy it into your own program.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct channel {
	volatile void
		*memory; /* the shared memory: aligned accesses of at most 8 bytes, no memcpy() */
	size_t memory_size;
	volatile uint32_t *doorbell;
	int interrupt;   /* file descriptor of /dev/uioN; readable when the peer has rung */
	char error[512]; /* what went wrong, when a function answers false */
};

/* Opens channel `index` of this VM. Only one program at a time may have it; waits for another's end. */
bool channel_open(struct channel *channel, unsigned int index);

/* Raises interrupt number `event` of the other end. */
void channel_ring(struct channel *channel, uint32_t event);

enum channel_event { CHANNEL_RUNG, CHANNEL_TIMEOUT, CHANNEL_ERROR };

/* Waits until the other end rings, `timeout_ms` at most. */
enum channel_event channel_wait(struct channel *channel, int timeout_ms);
