/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the audit found out: findings (a rule that is broken, in words that name both owners) and
 * proofs (a rule that holds for the whole system, or not). Everything is kept, in order, so that
 * all findings of a build are seen at once and tests can look for one by its rule.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define REPORT_TEXT_SIZE                                                                           \
	320               /* bytes of a message, with the terminating zero; longer ones are cut */
#define REPORT_LIMIT 4096 /* findings kept; a damaged table could give as many as it has rows */

struct report_line {
	const char *rule; /* a string constant */
	bool holds;       /* of a proof: no finding was made while it was attempted */
	char text[REPORT_TEXT_SIZE];
};

struct report_lines {
	struct report_line *lines; /* owned */
	size_t count;
	size_t capacity;
};

/* All zeros is an empty report. */
struct report {
	struct report_lines findings;
	struct report_lines proofs;
};

/* Adds a finding under `rule`, a string constant. */
void report_finding(struct report *report, const char *rule, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Ends the attempt at a proof that began when the report had `before` findings; it holds if there
 * are no more now. The text says what was looked at, with numbers.
 */
void report_proof(struct report *report, size_t before, const char *rule, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Findings of `rule`. */
size_t report_count(const struct report *report, const char *rule);

/* Prints every finding, one line each, after every proof if `proofs` is set. */
void report_print(const struct report *report, FILE *out, bool proofs);

/* Without memory nothing is proved: ends the program with status 2. */
void report_out_of_memory(void) __attribute__((noreturn));

void report_free(struct report *report);
