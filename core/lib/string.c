/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory functions a freestanding compiler may call. memcpy and memset move 64 bytes a turn where
 * alignment allows, since booting a VM is copying its image.
 */
#include <stddef.h>
#include <stdint.h>

/* Compilers emit calls to these without a declaration in sight. */
void *memcpy(void *restrict destination, const void *restrict source, size_t size);
void *memset(void *destination, int value, size_t size);
void *memmove(void *destination, const void *source, size_t size);
int memcmp(const void *a, const void *b, size_t size);

typedef uint64_t __attribute__((may_alias)) word_t;

struct block {
	word_t words[8];
};

void *memcpy(void *restrict destination, const void *restrict source, size_t size)
{
	uint8_t *to = destination;
	const uint8_t *from = source;

	if ((((uintptr_t)to | (uintptr_t)from) & (sizeof(word_t) - 1)) == 0) {
		for (; size >= sizeof(struct block); size -= sizeof(struct block)) {
			const word_t *in = (const word_t *)(const void *)from;
			word_t *out = (word_t *)(void *)to;
			word_t a = in[0], b = in[1], c = in[2], d = in[3];
			word_t e = in[4], f = in[5], g = in[6], h = in[7];

			out[0] = a, out[1] = b, out[2] = c, out[3] = d;
			out[4] = e, out[5] = f, out[6] = g, out[7] = h;
			to += sizeof(struct block);
			from += sizeof(struct block);
		}
	}
	for (; size > 0; size--) {
		*to = *from;
		to++;
		from++;
	}
	return destination;
}

void *memset(void *destination, int value, size_t size)
{
	uint8_t *to = destination;
	word_t word = (uint8_t)value * UINT64_C(0x0101010101010101);

	for (; size > 0 && ((uintptr_t)to & (sizeof(word_t) - 1)) != 0; size--) {
		*to = (uint8_t)value;
		to++;
	}
	for (; size >= sizeof(word_t); size -= sizeof(word_t)) {
		*(word_t *)(void *)to = word;
		to += sizeof(word_t);
	}
	for (; size > 0; size--) {
		*to = (uint8_t)value;
		to++;
	}
	return destination;
}

void *memmove(void *destination, const void *source, size_t size)
{
	uint8_t *to = destination;
	const uint8_t *from = source;

	if ((uintptr_t)to - (uintptr_t)from >= size) {
		return memcpy(destination, source, size);
	}
	while (size > 0) {
		size--;
		to[size] = from[size];
	}
	return destination;
}

int memcmp(const void *a, const void *b, size_t size)
{
	const uint8_t *left = a;
	const uint8_t *right = b;

	for (size_t i = 0; i < size; i++) {
		if (left[i] != right[i]) {
			return left[i] < right[i] ? -1 : 1;
		}
	}
	return 0;
}
