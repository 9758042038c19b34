/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/lib/string.c against libc, for every alignment and for sizes around its 8- and 64-byte steps.
 * It is compiled under the names bao_*, since libc has the others.
 */
#include <fake/test.h>

#include <stdlib.h>

void *bao_memcpy(void *restrict destination, const void *restrict source, size_t size);
void *bao_memset(void *destination, int value, size_t size);
void *bao_memmove(void *destination, const void *source, size_t size);
int bao_memcmp(const void *a, const void *b, size_t size);

#define ARENA_SIZE 640
#define MARGIN 128
#define ALIGNMENTS 9
#define SIZES 200

static unsigned char arena[ARENA_SIZE], expected[ARENA_SIZE], source[ARENA_SIZE];

static void fill(void)
{
	for (size_t i = 0; i < ARENA_SIZE; i++) {
		source[i] = (unsigned char)(i * 7 + 1);
		arena[i] = (unsigned char)(i * 13 + 5);
		expected[i] = arena[i];
	}
}

static void copy(void **state)
{
	(void)state;
	for (size_t to = 0; to < ALIGNMENTS; to++) {
		for (size_t from = 0; from < ALIGNMENTS; from++) {
			for (size_t size = 0; size < SIZES; size++) {
				fill();
				memcpy(expected + MARGIN + to, source + from, size);
				assert_ptr_equal(bao_memcpy(arena + MARGIN + to, source + from,
							    size),
						 arena + MARGIN + to);
				assert_memory_equal(arena, expected, ARENA_SIZE);
			}
		}
	}
}

static void set(void **state)
{
	static const int values[] = { 0, 1, 0x80, 0xff, 0x1ab, -1 };

	(void)state;
	for (size_t to = 0; to < ALIGNMENTS; to++) {
		for (size_t size = 0; size < SIZES; size++) {
			for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
				fill();
				memset(expected + MARGIN + to, values[i], size);
				assert_ptr_equal(bao_memset(arena + MARGIN + to, values[i], size),
						 arena + MARGIN + to);
				assert_memory_equal(arena, expected, ARENA_SIZE);
			}
		}
	}
}

/* Overlapping by every distance, both ways. */
static void move(void **state)
{
	(void)state;
	for (int distance = -MARGIN; distance <= MARGIN; distance++) {
		for (size_t size = 0; size < SIZES; size += 1 + size / 24) {
			for (size_t from = 0; from < ALIGNMENTS; from++) {
				size_t to = (size_t)((int)(MARGIN + from) + distance);

				fill();
				memmove(expected + to, expected + MARGIN + from, size);
				assert_ptr_equal(bao_memmove(arena + to, arena + MARGIN + from,
							     size),
						 arena + to);
				assert_memory_equal(arena, expected, ARENA_SIZE);
			}
		}
	}
}

static int sign(int value)
{
	return (value > 0) - (value < 0);
}

static void compare(void **state)
{
	(void)state;
	for (size_t size = 0; size < 80; size++) {
		memset(arena, 0x5a, ARENA_SIZE);
		memset(expected, 0x5a, ARENA_SIZE);
		expected[size] = 0; /* beyond what is compared */
		assert_int_equal(bao_memcmp(arena, expected, size), 0);
		for (size_t i = 0; i < size; i++) {
			arena[i] = 0xff; /* differs with the sign bit set: bytes are unsigned */
			assert_int_equal(sign(bao_memcmp(arena, expected, size)), 1);
			assert_int_equal(sign(bao_memcmp(expected, arena, size)), -1);
			arena[i] = 0x5a;
		}
	}
}

/* Not a byte outside is read or written: the ends of an allocation are watched. */
static void exact_ends(void **state)
{
	(void)state;
	for (size_t size = 1; size < 160; size++) {
		unsigned char *a = malloc(size);
		unsigned char *b = malloc(size);

		assert_non_null(a);
		assert_non_null(b);
		bao_memset(a, 0x33, size);
		bao_memcpy(b, a, size);
		bao_memmove(a, b, size);
		assert_int_equal(bao_memcmp(a, b, size), 0);
		assert_int_equal(b[size - 1], 0x33);
		free(a);
		free(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(copy), TEST(set), TEST(move), TEST(compare), TEST(exact_ends),
	};

	return RUN_TESTS(tests);
}
