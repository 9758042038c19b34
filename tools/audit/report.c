/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeps and prints the audit's findings and proofs. Entered from every check.
 */
#include "report.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void report_out_of_memory(void)
{
	fputs("audit: out of memory\n", stderr);
	exit(2);
}

/* The next free line, zeroed; ends the program when there is no memory, for then nothing is
 * proved. */
static struct report_line *lines_add(struct report_lines *lines)
{
	struct report_line *line;

	if (lines->count == lines->capacity) {
		size_t capacity = lines->capacity == 0 ? 16 : 2 * lines->capacity;

		lines->lines = realloc(lines->lines, capacity * sizeof(*lines->lines));
		if (lines->lines == NULL) {
			report_out_of_memory();
		}
		lines->capacity = capacity;
	}
	line = &lines->lines[lines->count++];
	memset(line, 0, sizeof(*line));
	return line;
}

void report_finding(struct report *report, const char *rule, const char *format, ...)
{
	va_list arguments;
	struct report_line *line;

	if (report->findings.count == REPORT_LIMIT) {
		return;
	}
	line = lines_add(&report->findings);
	line->rule = rule;
	va_start(arguments, format);
	vsnprintf(line->text, sizeof(line->text), format, arguments);
	va_end(arguments);
}

void report_proof(struct report *report, size_t before, const char *rule, const char *format, ...)
{
	va_list arguments;
	struct report_line *line = lines_add(&report->proofs);

	line->rule = rule;
	/* A full report says no more: nothing after it is proved. */
	line->holds = report->findings.count == before && before < REPORT_LIMIT;
	va_start(arguments, format);
	vsnprintf(line->text, sizeof(line->text), format, arguments);
	va_end(arguments);
}

size_t report_count(const struct report *report, const char *rule)
{
	size_t count = 0;

	for (size_t i = 0; i < report->findings.count; i++) {
		if (strcmp(report->findings.lines[i].rule, rule) == 0) {
			count++;
		}
	}
	return count;
}

void report_print(const struct report *report, FILE *out, bool proofs)
{
	for (size_t i = 0; proofs && i < report->proofs.count; i++) {
		const struct report_line *line = &report->proofs.lines[i];

		fprintf(out, "audit: %s %s: %s\n", line->holds ? "proved" : "NOT PROVED",
			line->rule, line->text);
	}
	for (size_t i = 0; i < report->findings.count; i++) {
		fprintf(out, "audit: %s: %s\n", report->findings.lines[i].rule,
			report->findings.lines[i].text);
	}
	if (report->findings.count == REPORT_LIMIT) {
		fprintf(out, "audit: too many findings, only the first %d are shown\n",
			REPORT_LIMIT);
	}
}

void report_free(struct report *report)
{
	free(report->findings.lines);
	free(report->proofs.lines);
	memset(report, 0, sizeof(*report));
}
