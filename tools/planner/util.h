/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every part of the planner needs: memory that lives as long as the planner's context, growing
 * text, and arithmetic on address ranges that can't overflow.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_SIZE UINT64_C(0x1000)
#define BLOCK_2M UINT64_C(0x200000)
#define BLOCK_1G UINT64_C(0x40000000)

/* ---- memory ---------------------------------------------------------------------------------- */

struct arena_block;

/* Everything allocated from it is freed at once, by arena_free(). Zero-initialised: empty. */
struct arena {
	struct arena_block *blocks;
};

/* Zeroed memory; ends the program when there is none. `count` 0 gives a valid pointer too. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void arena_free(struct arena *arena);

/* ---- text ------------------------------------------------------------------------------------ */

/* A growing buffer, zero-terminated as soon as something was added. Zero-initialised: empty. */
struct text {
	char *data;
	size_t size;     /* bytes, without the terminating zero */
	size_t capacity; /* bytes */
};

void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_append(struct text *text, const void *data, size_t size);
void text_free(struct text *text);

/* "4 KiB", "1.5 MiB": bytes as a person would say them. Exact when not a multiple of 1 KiB. */
const char *size_text(struct arena *arena, uint64_t size);

/* ---- ranges ---------------------------------------------------------------------------------- */

/* [base, base + size). The end may be 2^64; a range beyond it has `range_valid` false. */
struct range {
	uint64_t base;
	uint64_t size;
};

static inline bool is_aligned(uint64_t value, uint64_t alignment)
{
	return (value & (alignment - 1)) == 0;
}

static inline uint64_t align_down(uint64_t value, uint64_t alignment)
{
	return value & ~(alignment - 1);
}

/* Values within `alignment` of 2^64 saturate at the last multiple. */
static inline uint64_t align_up(uint64_t value, uint64_t alignment)
{
	uint64_t padding = (0 - value) & (alignment - 1);

	return value > UINT64_MAX - padding ? align_down(UINT64_MAX, alignment) : value + padding;
}

static inline bool range_valid(struct range range)
{
	return range.size == 0 || range.size - 1 <= UINT64_MAX - range.base;
}

/* The last address; the range is not empty. Ranges that run past 2^64 end there. */
static inline uint64_t range_last(struct range range)
{
	return range_valid(range) ? range.base + (range.size - 1) : UINT64_MAX;
}

static inline bool range_overlaps(struct range a, struct range b)
{
	return a.size != 0 && b.size != 0 && a.base <= range_last(b) && b.base <= range_last(a);
}

static inline bool range_contains(struct range outer, struct range inner)
{
	return range_valid(inner) && outer.size != 0 && inner.base >= outer.base &&
	       inner.base - outer.base <= outer.size &&
	       inner.size <= outer.size - (inner.base - outer.base);
}

/* The whole pages that a range touches. */
static inline struct range range_pages(struct range range)
{
	struct range pages = { align_down(range.base, PAGE_SIZE), 0 };

	if (range.size != 0) {
		pages.size = align_up(range_last(range) - pages.base + 1, PAGE_SIZE);
	}
	return pages;
}
