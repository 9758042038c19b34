/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the VMs `linux` and `rt` write into the memory they share: a slot for requests, written by
 * Linux alone, and a slot for answers, written by rt alone. docs/guests.md has the protocol.
 *
 * Both sides map this memory uncached. Linux maps it as Device memory, where only aligned accesses of
 * natural width are allowed: every field is a 32-bit word, and no memcpy() may touch it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MESSAGE_MAGIC UINT32_C(0x676d7472) /* "rtmg" in memory */
#define MESSAGE_TEXT_SIZE 1024             /* bytes, a multiple of 4 */

/* Status of an answer. In a request it is 0. */
enum message_status {
	MESSAGE_OK = 0,
	MESSAGE_UNKNOWN = 1,   /* no such request */
	MESSAGE_MALFORMED = 2, /* the request's header is wrong */
};

/* One slot. `sequence` is written last: a reader that sees a new one sees the rest too. */
struct message {
	uint32_t magic;
	uint32_t sequence;                    /* of the request; its answer has the same */
	uint32_t status;                      /* enum message_status */
	uint32_t length;                      /* bytes of text, 0 .. MESSAGE_TEXT_SIZE */
	uint32_t text[MESSAGE_TEXT_SIZE / 4]; /* four characters a word, the first lowest */
};

struct message_window {
	struct message request;
	struct message answer;
};

/* Orders accesses to the slots among themselves and with the doorbell. */
static inline void message_barrier(void)
{
#ifdef __aarch64__
	__asm__ volatile("dsb sy" : : : "memory");
#else
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

/* Fills a slot; cuts the text off after MESSAGE_TEXT_SIZE bytes. */
void message_write(volatile struct message *slot, uint32_t sequence, uint32_t status,
		   const char *text, size_t length);

/* What a slot held when it was read. */
struct message_copy {
	uint32_t sequence;
	uint32_t status;
	size_t length;
	char text[MESSAGE_TEXT_SIZE + 1]; /* zero-terminated */
};

/*
 * Copies a slot, each word once, and then checks the copy: the other side may write meanwhile, by
 * mistake or on purpose. False if the header is wrong; then only `sequence` means anything.
 */
bool message_read(const volatile struct message *slot, struct message_copy *copy);
