/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The header at the start of an arm64 Linux `Image` (Linux, Documentation/arm64/booting: "Call the
 * kernel image"): a kernel needs more memory than its file has, and a certain alignment.
 */
#pragma once

#include "util.h"

#define ARM64_IMAGE_HEADER_SIZE 64u

static inline uint64_t arm64_image_word(const uint8_t *data, unsigned int offset)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < 8; i++) {
		value |= (uint64_t)data[offset + i] << (8 * i);
	}
	return value;
}

/* Whether the bytes begin with such a header: its magic is "ARM\x64" at byte 56. */
static inline bool arm64_image_present(const uint8_t *data, uint64_t size)
{
	return size >= ARM64_IMAGE_HEADER_SIZE && data[56] == 'A' && data[57] == 'R' &&
	       data[58] == 'M' && data[59] == 0x64;
}

/* Bytes from a 2 MiB boundary at which the image must start. */
static inline uint64_t arm64_image_text_offset(const uint8_t *data)
{
	return arm64_image_word(data, 8);
}

/* Bytes the kernel occupies, BSS included; 0: an old kernel that does not say. */
static inline uint64_t arm64_image_memory_size(const uint8_t *data)
{
	return arm64_image_word(data, 16);
}
