/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a test guest reports what it found: sections of checks, failed ones with what was expected, and a
 * count at the end, so that a check that was not reached is noticed. tests/system/support/report.py
 * reads it. Checks are made by vCPU 0; others hand their findings over in memory.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <baremetal/console.h>

/* MMU, console, interrupt controller of the calling vCPU. `shared`: base of memory shared with another
 * VM, mapped uncached; 0: none. */
void suite_start(uint64_t shared);

/* The same for another vCPU, once it runs. */
void suite_start_secondary(void);

void suite_section(const char *name);

/* Ends the last section and the report. */
void suite_end(void);

void suite_check(bool holds, const char *what, const char *file, int line);
void suite_check_equal(uint64_t got, uint64_t want, const char *what, const char *file, int line);

/* A condition must hold. */
#define CHECK(condition) suite_check((condition), #condition, __FILE_NAME__, __LINE__)

/* A value must be what is wanted; both are printed if not. */
#define CHECK_EQUAL(got, want)                                                                     \
	suite_check_equal((uint64_t)(got), (uint64_t)(want), #got, __FILE_NAME__, __LINE__)

/* Waits until a condition on volatile or atomic memory holds; gives up after a virtual second. */
#define WAIT_FOR(condition)                                                                        \
	do {                                                                                       \
		uint64_t wait_end = suite_deadline_ms(1000);                                       \
		while (!(condition) && !suite_is_past(wait_end)) {                                 \
		}                                                                                  \
		CHECK(condition);                                                                  \
	} while (0)

uint64_t suite_deadline_ms(uint64_t ms);
bool suite_is_past(uint64_t deadline);
