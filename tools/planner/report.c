/* SPDX-License-Identifier: Apache-2.0 */
/* The list of what the rules found. The lines live in the context's arena. */
#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	enum severity severity;
} rules[] = {
#define RULE(id, rule_text, rule_severity) { rule_text, SEVERITY_##rule_severity },
#include "rules.def"
#undef RULE
};

const char *rule_name(enum rule rule)
{
	return rules[rule].name;
}

enum severity rule_severity(enum rule rule)
{
	return rules[rule].severity;
}

static void append(struct report *report, struct arena *arena, struct report_line line)
{
	for (size_t i = 0; i < report->count; i++) {
		if (strcmp(report->lines[i].text, line.text) == 0) {
			return;
		}
	}
	if (report->count == report->capacity) {
		struct report_line *more;

		report->capacity = 2 * report->capacity + 16;
		more = arena_alloc(arena, report->capacity, sizeof(*more));
		if (report->count != 0) {
			memcpy(more, report->lines, report->count * sizeof(*more));
		}
		report->lines = more;
	}
	report->lines[report->count++] = line;
	if (rule_severity(line.rule) == SEVERITY_ERROR) {
		report->error_count++;
	}
}

void report_add(struct report *report, struct arena *arena, enum rule rule, const char *where,
		const char *format, ...)
{
	struct text message = { 0 };
	struct report_line line = { .rule = rule };
	char buffer[2048]; /* a message that is longer is cut, the rule's name is kept */
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(buffer, sizeof(buffer), format, arguments);
	va_end(arguments);
	text_printf(&message, "%s: %s: %s [%s]",
		    rule_severity(rule) == SEVERITY_ERROR ? "error" : "warning", where, buffer,
		    rule_name(rule));
	line.text = arena_printf(arena, "%s", message.data);
	text_free(&message);
	append(report, arena, line);
}
