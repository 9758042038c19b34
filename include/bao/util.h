/* SPDX-License-Identifier: Apache-2.0 */
/* Small vocabulary used everywhere: sizes of arrays, bits, alignment. */
#pragma once

#include <stdint.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define BIT32(n) (UINT32_C(1) << (n))
#define BIT64(n) (UINT64_C(1) << (n))

/* Length of an array that must exist even when its count is 0, since C has no empty arrays. */
#define AT_LEAST_ONE(count) ((count) > 0 ? (count) : 1)

#define PAGE_SIZE UINT64_C(4096)

#define MUST_CHECK __attribute__((warn_unused_result))
#define NORETURN _Noreturn
