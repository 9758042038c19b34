/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every rule of the audit, broken: one change to a correct system, linked, and the finding named.
 * The last tests compare the rules broken here, the rules in the audit's sources and those in
 * docs/audit.md.
 */
#include "audit.h"
#include "breakage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct breakage_list *const lists[] = { &broken_files, &broken_rows, &broken_systems,
						     &broken_tables };

#define LIST_COUNT (sizeof(lists) / sizeof(lists[0]))

/* Rules with tests of their own. */
static const char *const rules_elsewhere[] = { "elf-format" };

static bool audit_system(struct test_system *system, struct audit *audit)
{
	size_t size;
	uint8_t *bytes = system_link(system, &size);
	bool good = audit_run(audit, bytes, size);

	free(bytes);
	return good;
}

static void test_correct_system_passes(void **state)
{
	static const char *const proofs[] = { "tables",     "elf",    "sections", "stage2",
					      "hyp",        "loader", "frames",   "cpus",
					      "interrupts", "loads",  "windows",  "channels" };
	struct test_system system;
	struct audit audit;
	bool good;

	(void)state;
	system_make(&system);
	good = audit_system(&system, &audit);
	report_print(&audit.report, stderr, !good);
	assert_true(good);
	assert_int_equal(audit.report.findings.count, 0);
	assert_int_equal(audit.report.proofs.count, sizeof(proofs) / sizeof(proofs[0]));
	for (size_t i = 0; i < audit.report.proofs.count; i++) {
		assert_string_equal(audit.report.proofs.lines[i].rule, proofs[i]);
		assert_true(audit.report.proofs.lines[i].holds);
	}
	/* RAM 16384 + 256, image 1, devices 2, and the shared 16 once. */
	assert_int_equal(audit.frame_count, 16384 + 256 + 1 + 2 + 16);
	assert_int_equal(audit.interrupt_count, 10);
	assert_int_equal(audit.cpu_count, 3);
	audit_free(&audit);
}

/* Whether the broken system gives a finding of the rule. */
static bool is_found(const struct breakage *breakage)
{
	struct test_system system;
	struct audit audit;
	bool found;

	system_make(&system);
	breakage->mutate(&system);
	breakage_change_tables(breakage->change);
	found = !audit_system(&system, &audit) && report_count(&audit.report, breakage->rule) > 0;
	breakage_change_tables((struct table_change){ 0 });
	if (!found) {
		print_error("%s not found; instead:\n", breakage->rule);
		report_print(&audit.report, stderr, false);
	}
	audit_free(&audit);
	return found;
}

static void test_every_breakage_is_found(void **state)
{
	uint32_t missed = 0;

	(void)state;
	for (size_t i = 0; i < LIST_COUNT; i++) {
		for (size_t j = 0; j < lists[i]->count; j++) {
			if (!is_found(&lists[i]->rows[j])) {
				print_error("list %zu, row %zu\n", i, j);
				missed++;
			}
		}
	}
	assert_int_equal(missed, 0);
}

/* Findings of a rule name both owners. */
static void test_messages_name_both(void **state)
{
	struct test_system system;
	struct audit audit;

	(void)state;
	system_make(&system);
	system.extents[RT_RAM].pa = LINUX_RAM_PA + 0x100000;
	assert_false(audit_system(&system, &audit));
	assert_int_equal(report_count(&audit.report, "frame-shared"), 1);
	for (size_t i = 0; i < audit.report.findings.count; i++) {
		const struct report_line *line = &audit.report.findings.lines[i];

		if (strcmp(line->rule, "frame-shared") == 0) {
			assert_non_null(strstr(line->text, "VM linux"));
			assert_non_null(strstr(line->text, "VM rt"));
			assert_non_null(strstr(line->text, "0x48100000-0x48200000"));
		}
	}
	audit_free(&audit);
}

/* A proof that does not hold says so, and those that have nothing to do with it still hold. */
static void test_proofs_fail_one_by_one(void **state)
{
	struct test_system system;
	struct audit audit;

	(void)state;
	system_make(&system);
	irq_set(&system.vms[RT], 40);
	assert_false(audit_system(&system, &audit));
	for (size_t i = 0; i < audit.report.proofs.count; i++) {
		const struct report_line *line = &audit.report.proofs.lines[i];

		assert_int_equal(line->holds, strcmp(line->rule, "interrupts") != 0);
	}
	audit_free(&audit);
}

/* A VM without shared memory, devices or windows, and tables that the linker dropped as empty. */
static void test_empty_tables_may_be_missing(void **state)
{
	struct test_system system;
	struct audit audit;
	bool good;

	(void)state;
	system_make(&system);
	system.system.remio_count = 0;
	system.windows[LINUX_REMIO].kind = PLAN_WINDOW_GICR;
	system.windows[LINUX_GICR].kind = PLAN_WINDOW_DOORBELL;
	system_symbol(&system, "plan_remios")->name = NULL;
	good = audit_system(&system, &audit);
	report_print(&audit.report, stderr, false);
	assert_true(good);
	audit_free(&audit);
}

/* ---- three lists of rules -------------------------------------------------------------------- */

static bool is_rule(const char *rule, const char *text, size_t length)
{
	return strncmp(rule, text, length) == 0 && rule[length] == 0;
}

static bool is_tested(const char *text, size_t length)
{
	for (size_t i = 0; i < LIST_COUNT; i++) {
		for (size_t j = 0; j < lists[i]->count; j++) {
			if (is_rule(lists[i]->rows[j].rule, text, length)) {
				return true;
			}
		}
	}
	for (size_t i = 0; i < sizeof(rules_elsewhere) / sizeof(rules_elsewhere[0]); i++) {
		if (is_rule(rules_elsewhere[i], text, length)) {
			return true;
		}
	}
	return false;
}

static char *read_text(const char *folder, const char *name)
{
	char path[1024];
	char *text = calloc(1, 1 << 20);
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "rb");
	if (file == NULL) {
		print_error("can't read %s\n", path);
	}
	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
	fclose(file);
	return text;
}

static size_t rule_length(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
}

/* Every string constant of the form "word-word" in the audit's checks is a rule; each is tested
 * here. */
static void test_rules_of_sources_are_tested(void **state)
{
	static const char *const files[] = {
		"audit.c",        "check_channels.c",   "check_cpus.c",  "check_elf.c",
		"check_frames.c", "check_interrupts.c", "check_loads.c", "check_maps.c",
		"check_tables.c", "check_windows.c",    "plan_tables.c",
	};
	uint32_t rules = 0, untested = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char *text = read_text(AUDIT_ROOT "/tools/audit", files[i]);

		for (char *at = strchr(text, '"'); at != NULL; at = strchr(at + 1, '"')) {
			size_t length = rule_length(at + 1);

			if (length < 3 || at[1 + length] != '"' ||
			    memchr(at + 1, '-', length) == NULL) {
				continue;
			}
			rules++;
			if (!is_tested(at + 1, length)) {
				print_error("%s: %.*s is not tested\n", files[i], (int)length,
					    at + 1);
				untested++;
			}
		}
		free(text);
	}
	assert_int_equal(untested, 0);
	assert_true(rules > 80);
}

static bool is_documented(const char *text, const char *rule)
{
	char row[64];

	snprintf(row, sizeof(row), "\n| `%s` |", rule);
	if (strstr(text, row) == NULL) {
		print_error("%s is not in docs/audit.md\n", rule);
		return false;
	}
	return true;
}

/* docs/audit.md has one table row per rule, "| `rule` | ... |", for exactly the rules tested. */
static void test_rules_are_documented(void **state)
{
	char *text = read_text(AUDIT_ROOT "/docs", "audit.md");
	uint32_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < LIST_COUNT; i++) {
		for (size_t j = 0; j < lists[i]->count; j++) {
			wrong += !is_documented(text, lists[i]->rows[j].rule);
		}
	}
	for (char *at = strstr(text, "\n| `"); at != NULL; at = strstr(at + 1, "\n| `")) {
		size_t length = rule_length(at + 4);

		if (!is_tested(at + 4, length)) {
			print_error("docs/audit.md: %.*s is no rule\n", (int)length, at + 4);
			wrong++;
		}
	}
	free(text);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_correct_system_passes),
		cmocka_unit_test(test_every_breakage_is_found),
		cmocka_unit_test(test_messages_name_both),
		cmocka_unit_test(test_proofs_fail_one_by_one),
		cmocka_unit_test(test_empty_tables_may_be_missing),
		cmocka_unit_test(test_rules_of_sources_are_tested),
		cmocka_unit_test(test_rules_are_documented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
