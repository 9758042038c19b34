/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every rule, with configurations that break it: the message comes, names both owners and the way
 * out, and errors keep the planner from planning. Also: the correct system breaks none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "breakage.h"

static bool seen[RULE_COUNT];

static void print_and_fail(const struct system *s, const struct breakage *row, const char *why)
{
	system_print(s);
	fail_msg("%s at \"%s\", \"%s\": %s", rule_name(row->rule), row->where, row->other, why);
}

/* The form of a line: severity, where, message; way out, rule. */
static void check_form(const struct system *s, const struct breakage *row, const char *line)
{
	bool error = rule_severity(row->rule) == SEVERITY_ERROR;
	char *start = NULL;
	char *end = NULL;

	if (asprintf(&start, "%s: %s: ", error ? "error" : "warning", row->where) < 0 ||
	    asprintf(&end, " [%s]", rule_name(row->rule)) < 0) {
		abort();
	}
	if (strncmp(line, start, strlen(start)) != 0) {
		print_and_fail(s, row, "the line begins otherwise");
	}
	if (strcmp(line + strlen(line) - strlen(end), end) != 0) {
		print_and_fail(s, row, "the line ends otherwise");
	}
	if (strstr(line, "; ") == NULL) {
		print_and_fail(s, row, "the line names no way out");
	}
	free(start);
	free(end);
}

static void check_row(const struct breakage *row)
{
	struct system *s = system_new();
	char *where = NULL;
	const char *line;
	bool planned;

	row->apply(s);
	planned = system_run(s);
	if (asprintf(&where, ": %s: ", row->where) < 0) {
		abort();
	}
	line = system_find(s, row->rule, where, row->other);
	if (line == NULL) {
		print_and_fail(s, row, "not reported");
	}
	if (planned != (s->planner.report.error_count == 0)) {
		print_and_fail(s, row, "planned in spite of errors");
	}
	if (planned && rule_severity(row->rule) == SEVERITY_ERROR) {
		print_and_fail(s, row, "an error is no error");
	}
	check_form(s, row, line);
	seen[row->rule] = true;
	free(where);
	system_free(s);
}

static void check_rows(const struct breakage *rows)
{
	for (; rows->apply != NULL; rows++) {
		check_row(rows);
	}
}

static void test_lists(void **state)
{
	(void)state;
	check_rows(breakages_lists);
}

static void test_support(void **state)
{
	(void)state;
	check_rows(breakages_support);
}

static void test_memory(void **state)
{
	(void)state;
	check_rows(breakages_memory);
}

static void test_devices(void **state)
{
	(void)state;
	check_rows(breakages_devices);
}

static void test_images(void **state)
{
	(void)state;
	check_rows(breakages_images);
}

static void test_channels(void **state)
{
	(void)state;
	check_rows(breakages_channels);
}

static void test_trees(void **state)
{
	(void)state;
	check_rows(breakages_trees);
}

/* Runs last: no rule without a configuration that breaks it. */
static void test_every_rule_is_tested(void **state)
{
	(void)state;
	for (unsigned int rule = 0; rule < RULE_COUNT; rule++) {
#ifdef PLANNER_WITHOUT_FDT
		if (strncmp(rule_name((enum rule)rule), "dtb-", 4) == 0) {
			continue;
		}
#endif
		if (!seen[rule]) {
			fail_msg("no test breaks rule %s", rule_name((enum rule)rule));
		}
	}
}

static void test_every_rule_is_documented(void **state)
{
	FILE *stream = fopen(PLANNER_DOCUMENT, "rb");
	char *text = calloc(1, 1 << 20);

	(void)state;
	assert_non_null(stream);
	assert_non_null(text);
	assert_true(fread(text, 1, (1 << 20) - 1, stream) > 0);
	for (unsigned int rule = 0; rule < RULE_COUNT; rule++) {
		char quoted[80];

		snprintf(quoted, sizeof(quoted), "| `%s` |", rule_name((enum rule)rule));
		if (strstr(text, quoted) == NULL) {
			fail_msg("docs/planner.md has no row for %s", quoted);
		}
	}
	fclose(stream);
	free(text);
}

static void test_correct_system(void **state)
{
	struct system *s = system_new();

	(void)state;
	if (!system_run(s) || s->planner.report.count != 0) {
		system_print(s);
		fail_msg("the correct system breaks rules");
	}
	system_free(s);
}

/* Several errors in different places are all there after one run. */
static void test_all_errors_at_once(void **state)
{
	struct system *s = system_new();

	(void)state;
	s->vms[0].platform.cpu_num = 9;
	s->lists[0].devs[1].va = 0x40000000;
	s->lists[1].irqs[SYSTEM_LIST] = 100;
	s->vms[1].entry = 0x10;
	system_add_region(s, 1, 0x80000000, 0x40000000);
	assert_false(system_run(s));
	assert_non_null(system_find(s, RULE_CPU_OVERCOMMIT, "linux 9", NULL));
	assert_non_null(system_find(s, RULE_VA_OVERLAP, "linux: devs[1]", NULL));
	assert_non_null(system_find(s, RULE_IRQ_SHARED, "rt: ipcs[0]", NULL));
	assert_non_null(system_find(s, RULE_ENTRY_OUTSIDE, "rt: entry", NULL));
	assert_non_null(system_find(s, RULE_RAM_MISSING, "rt: regions[1]", NULL));
	system_free(s);
}

/* How many bytes are missing is the truth: with that much less it fits. */
static void test_missing_bytes(void **state)
{
	struct system *s = system_new();
	unsigned long long missing = 0;
	const char *line;

	(void)state;
	system_add_region(s, 1, 0x80000000, 0x40000000);
	assert_false(system_run(s));
	line = system_find(s, RULE_RAM_MISSING, "rt: regions[1]", "so 0x");
	assert_non_null(line);
	assert_int_equal(sscanf(strstr(line, "so 0x"), "so 0x%llx", &missing), 1);
	system_free(s);

	s = system_new();
	system_add_region(s, 1, 0x80000000, 0x40000000 - missing);
	assert_true(system_run(s));
	system_free(s);
}

/* What several VMs may have in common. */
static void test_what_is_allowed(void **state)
{
	struct system *s = system_new();

	(void)state;
	s->vms[0].image = (struct vm_image_config)VM_IMAGE_LOADED(0x40200000, 0x70000800, 0x1000);
	s->vms[1].image = s->vms[0].image; /* one source for two copies */
	s->record_pointers[IMAGE_PLAIN] = NULL;
	s->lists[1].regions[0].place_phys = true; /* fixed, beside everything */
	s->lists[1].regions[0].phys = 0x60000000;
	system_add_device(s, 0, 0xa000000, 0x1000, 48);
	system_add_device(s, 1, 0x9010000, 0x1000, 34);
	if (!system_run(s) || s->planner.report.count != 0) {
		system_print(s);
		fail_msg("a correct system breaks rules");
	}
	system_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_correct_system),
		cmocka_unit_test(test_what_is_allowed),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_support),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_images),
		cmocka_unit_test(test_channels),
		cmocka_unit_test(test_trees),
		cmocka_unit_test(test_all_errors_at_once),
		cmocka_unit_test(test_missing_bytes),
		cmocka_unit_test(test_every_rule_is_tested),
		cmocka_unit_test(test_every_rule_is_documented),
	};
	int failed;

	system_files_create();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	system_files_remove();
	return failed;
}
