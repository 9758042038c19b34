/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Collects what the rules find, so that a user sees every error of a configuration at once. One
 * line each: `error: <where>: <message>; <way out> [rule-name]`.
 */
#pragma once

#include "util.h"

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

enum rule {
#define RULE(id, name, severity) RULE_##id,
#include "rules.def"
#undef RULE
	RULE_COUNT,
};

struct report_line {
	enum rule rule;
	const char *text; /* the whole line, without a newline */
};

struct report {
	struct report_line *lines;
	size_t count;
	size_t capacity;
	size_t error_count;
};

const char *rule_name(enum rule rule);
enum severity rule_severity(enum rule rule);

/*
 * Adds a line. `where` names the owner, e.g. "linux: devs[2]". A line said before is not repeated.
 */
void report_add(struct report *report, struct arena *arena, enum rule rule, const char *where,
		const char *format, ...) __attribute__((format(printf, 5, 6)));
