/* SPDX-License-Identifier: Apache-2.0 */
/* What every host test includes: cmocka with what it needs before it, and a few macros. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TEST(function) cmocka_unit_test(function)
#define RUN_TESTS(tests) cmocka_run_group_tests(tests, NULL, NULL)

/* With a setup, run before each test, that puts everything in its first state. */
#define TEST_SETUP(function, setup) cmocka_unit_test_setup(function, setup)

/* cmocka compares what fits uintmax_t; this says so for what may be 64 bits wide on 32-bit hosts. */
#define assert_u64(value, expected)                                                                \
	do {                                                                                       \
		unsigned long long assert_value = (value);                                         \
		unsigned long long assert_expected = (expected);                                   \
		if (assert_value != assert_expected) {                                             \
			fail_msg("%s is 0x%llx, not 0x%llx", #value, assert_value,                 \
				 assert_expected);                                                 \
		}                                                                                  \
	} while (0)

/* Pseudo-random numbers (xorshift64*), the same on every machine for a seed other than 0. */
struct test_random {
	uint64_t state;
};

static inline uint64_t test_random(struct test_random *random)
{
	random->state ^= random->state >> 12;
	random->state ^= random->state << 25;
	random->state ^= random->state >> 27;
	return random->state * UINT64_C(0x2545f4914f6cdd1d);
}

/* 0 .. limit - 1 */
static inline uint32_t test_random_below(struct test_random *random, uint32_t limit)
{
	return (uint32_t)((test_random(random) >> 32) % limit);
}
