/* SPDX-License-Identifier: Apache-2.0 */
/* core/lib/format.c: every conversion, flag and length, truncation, and what is not a conversion. */
#include <fake/test.h>

#include <limits.h>

#include <bao/format.h>

/* Formats are wrong on purpose here, so the compiler is not asked. */
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-security"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
#pragma GCC diagnostic ignored "-Wformat-zero-length"

#define BUFFER_SIZE 128

static char buffer[BUFFER_SIZE];

#define assert_format(expected, ...)                                                               \
	do {                                                                                       \
		size_t format_length;                                                              \
		memset(buffer, 'X', sizeof(buffer));                                               \
		format_length = format_string(buffer, sizeof(buffer), __VA_ARGS__);                \
		assert_string_equal(buffer, expected);                                             \
		assert_int_equal(format_length, strlen(expected));                                 \
		assert_int_equal(buffer[format_length + 1], 'X');                                  \
	} while (0)

static void plain_text(void **state)
{
	(void)state;
	assert_format("", "");
	assert_format("nothing to convert\n", "nothing to convert\n");
	assert_format("100%", "100%%");
}

static void strings(void **state)
{
	(void)state;
	assert_format("a guest b", "a %s b", "guest");
	assert_format("", "%s", "");
	assert_format("[   ab]", "[%5s]", "ab");
	assert_format("[ab   ]", "[%-5s]", "ab");
	assert_format("[abcdef]", "[%3s]", "abcdef");
	assert_format("[abcdef]", "[%-3s]", "abcdef");
	assert_format("%d", "%s", "%d");
	assert_format("x=y", "%c=%c", 'x', 'y');
	assert_format("\xff", "%c", 0xff);
}

static void decimal(void **state)
{
	(void)state;
	assert_format("0 1 -1 42", "%d %d %d %d", 0, 1, -1, 42);
	assert_format("2147483647 -2147483648", "%d %d", INT_MAX, INT_MIN);
	assert_format("9223372036854775807", "%lld", LLONG_MAX);
	assert_format("-9223372036854775808", "%lld", LLONG_MIN);
	assert_format("4294967295", "%u", UINT_MAX);
	assert_format("18446744073709551615", "%llu", ULLONG_MAX);
	assert_format("[   7][  -7][0007][-007]", "[%4d][%4d][%04d][%04d]", 7, -7, 7, -7);
	assert_format("[12345]", "[%3d]", 12345);
	assert_format("[00]", "[%02u]", 0);
	assert_format("[         7]", "[%10u]", 7);
}

static void hexadecimal(void **state)
{
	(void)state;
	assert_format("0 9 a f 10", "%x %x %x %x %x", 0, 9, 10, 15, 16);
	assert_format("deadbeef", "%x", 0xdeadbeefU);
	assert_format("0123456789abcdef", "%016llx", 0x123456789abcdefULL);
	assert_format("ffffffffffffffff", "%llx", ULLONG_MAX);
	assert_format("[  ff][00ff]", "[%4x][%04x]", 0xff, 0xff);
}

/* What long and size_t are depends on the word size; the conversions must take the same. */
static void lengths(void **state)
{
	char expected[BUFFER_SIZE];

	(void)state;
	snprintf(expected, sizeof(expected), "%ld %ld %lu %lx|", LONG_MIN, LONG_MAX, ULONG_MAX,
		 ULONG_MAX);
	assert_format(expected, "%ld %ld %lu %lx|", LONG_MIN, LONG_MAX, ULONG_MAX, ULONG_MAX);
	snprintf(expected, sizeof(expected), "%zu %zx|", SIZE_MAX, SIZE_MAX);
	assert_format(expected, "%zu %zx|", SIZE_MAX, SIZE_MAX);
	/* Arguments after a wide one are found. */
	assert_format("1 18446744073709551615 2 x 4294967296 y", "%d %llu %u %s %llx %c", 1,
		      ULLONG_MAX, 2U, "x", 0x4294967296ULL, 'y');
}

static void unknown_conversions(void **state)
{
	(void)state;
	assert_format("%q", "%q", 1);
	assert_format("%p", "%p", (void *)0);
	assert_format("%hd", "%hd", 1);
	assert_format("%", "%");
	assert_format("50% of", "50% of");
	assert_format("%5", "%5");
	assert_format("%-08ll", "%-08ll");
	assert_format("%X 3", "%X %d", 3);
	assert_format("%.3s", "%.3s", "abcdef");
}

static void truncation(void **state)
{
	(void)state;
	for (size_t size = 1; size <= 12; size++) {
		memset(buffer, 'X', sizeof(buffer));
		assert_int_equal(format_string(buffer, size, "ab%d%s%5x", 345, "fgh", 0x1b),
				 size - 1 < 13 ? size - 1 : 13);
		assert_int_equal(strlen(buffer), size - 1);
		assert_memory_equal(buffer, "ab345fgh   1b", size - 1);
		assert_int_equal(buffer[size], 'X');
	}
	assert_int_equal(format_string(buffer, 13, "ab%d%s%5x", 345, "fgh", 0x1b), 12);
	assert_int_equal(format_string(buffer, 14, "ab%d%s%5x", 345, "fgh", 0x1b), 13);
	assert_int_equal(format_string(buffer, 4, "%u", UINT_MAX), 3);
	assert_string_equal(buffer, "429");
	assert_int_equal(format_string(buffer, 4, "%60s", "x"), 3);
	assert_string_equal(buffer, "   ");
}

/* Against libc, over all widths and both flags, for values around every power of two. */
static void numbers_as_libc(void **state)
{
	static const char *const formats[] = { "%lld",    "%llu",   "%llx",    "%24lld",
					       "%024lld", "%03llx", "%020llu", "%1lld" };
	char expected[BUFFER_SIZE];

	(void)state;
	for (unsigned int bit = 0; bit < 64; bit++) {
		for (int delta = -1; delta <= 1; delta++) {
			unsigned long long value = (1ULL << bit) + (unsigned long long)delta;

			for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
				snprintf(expected, sizeof(expected), formats[i], value);
				format_string(buffer, sizeof(buffer), formats[i], value);
				assert_string_equal(buffer, expected);
				snprintf(expected, sizeof(expected), formats[i], 0 - value);
				format_string(buffer, sizeof(buffer), formats[i], 0 - value);
				assert_string_equal(buffer, expected);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(plain_text),  TEST(strings),         TEST(decimal),
		TEST(hexadecimal), TEST(lengths),         TEST(unknown_conversions),
		TEST(truncation),  TEST(numbers_as_libc),
	};

	return RUN_TESTS(tests);
}
