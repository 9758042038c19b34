/* SPDX-License-Identifier: Apache-2.0 */
/* Memory and text of the planner. Takes no lock: the planner is one thread. */
#include "util.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
	struct arena_block *next;
	_Alignas(max_align_t) unsigned char bytes[];
};

static void *must(void *memory)
{
	if (memory == NULL) {
		fputs("error: planner: out of memory\n", stderr);
		exit(1);
	}
	return memory;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
	struct arena_block *block;

	if (size != 0 && count > (SIZE_MAX - sizeof(*block)) / size) {
		must(NULL);
	}
	block = must(calloc(1, sizeof(*block) + count * size));
	block->next = arena->blocks;
	arena->blocks = block;
	return block->bytes;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	va_list again;
	char *string;
	int length;

	va_start(arguments, format);
	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	string = arena_alloc(arena, (size_t)length + 1, 1);
	vsnprintf(string, (size_t)length + 1, format, again);
	va_end(again);
	return string;
}

void arena_free(struct arena *arena)
{
	while (arena->blocks != NULL) {
		struct arena_block *block = arena->blocks;

		arena->blocks = block->next;
		free(block);
	}
}

static void text_reserve(struct text *text, size_t more)
{
	if (text->capacity - text->size > more) {
		return;
	}
	text->capacity = 2 * (text->size + more + 256);
	text->data = must(realloc(text->data, text->capacity));
}

void text_append(struct text *text, const void *data, size_t size)
{
	text_reserve(text, size);
	memcpy(text->data + text->size, data, size);
	text->size += size;
	text->data[text->size] = '\0';
}

void text_printf(struct text *text, const char *format, ...)
{
	va_list arguments;
	va_list again;
	int length;

	va_start(arguments, format);
	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	text_reserve(text, (size_t)length);
	vsnprintf(text->data + text->size, (size_t)length + 1, format, again);
	va_end(again);
	text->size += (size_t)length;
}

void text_free(struct text *text)
{
	free(text->data);
	*text = (struct text){ 0 };
}

const char *size_text(struct arena *arena, uint64_t size)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	unsigned int unit = 0;

	if (size < 1024 || size % 1024 != 0) {
		return arena_printf(arena, "%llu bytes", (unsigned long long)size);
	}
	size /= 1024;
	for (; unit < 3 && size >= 1024 && size * 10 % 1024 == 0; unit++) {
		if (size % 1024 != 0) {
			return arena_printf(arena, "%llu.%llu %s",
					    (unsigned long long)(size / 1024),
					    (unsigned long long)(size % 1024 * 10 / 1024),
					    units[unit + 1]);
		}
		size /= 1024;
	}
	return arena_printf(arena, "%llu %s", (unsigned long long)size, units[unit]);
}
