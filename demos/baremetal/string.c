/* SPDX-License-Identifier: Apache-2.0 */
/* The memory functions that compilers call on their own, byte by byte: with the MMU off, memory is
 * Device memory, where an unaligned access faults. Built with -fno-builtin, or they would call
 * themselves. */

#include <stddef.h>

void *memcpy(void *destination, const void *source, size_t size);
void *memmove(void *destination, const void *source, size_t size);
void *memset(void *destination, int value, size_t size);
int memcmp(const void *left, const void *right, size_t size);

void *memcpy(void *destination, const void *source, size_t size)
{
	unsigned char *to = destination;
	const unsigned char *from = source;

	while (size-- > 0) {
		*to++ = *from++;
	}
	return destination;
}

void *memmove(void *destination, const void *source, size_t size)
{
	unsigned char *to = destination;
	const unsigned char *from = source;

	if (to <= from) {
		return memcpy(destination, source, size);
	}
	while (size-- > 0) {
		to[size] = from[size];
	}
	return destination;
}

void *memset(void *destination, int value, size_t size)
{
	unsigned char *to = destination;

	while (size-- > 0) {
		*to++ = (unsigned char)value;
	}
	return destination;
}

int memcmp(const void *left, const void *right, size_t size)
{
	const unsigned char *a = left;
	const unsigned char *b = right;

	for (size_t i = 0; i < size; i++) {
		if (a[i] != b[i]) {
			return a[i] - b[i];
		}
	}
	return 0;
}
