/* SPDX-License-Identifier: Apache-2.0 */
/* core/log.c: levels, cut lines, and the one panic report. The console is the test's own. */
#include <fake/test.h>

#include <bao/arch/panic.h>
#include <bao/check.h>
#include <bao/console.h>
#include <bao/log.h>
#include <fake/machine.h>

#define LINE_SIZE 160             /* as log.c has it */
#define TEXT_SIZE (LINE_SIZE - 3) /* without \r\n and the formatter's zero */

static char console_text[4096];
static unsigned int writes;

static void append(const char *text, size_t length)
{
	size_t used = strlen(console_text);

	assert_true(used + length < sizeof(console_text));
	memcpy(console_text + used, text, length);
	console_text[used + length] = '\0';
	writes++;
}

void console_log_write(const char *text, size_t length)
{
	append(text, length);
}

void console_panic_write(const char *text, size_t length)
{
	append("!", 1);
	append(text, length);
}

void arch_panic_backtrace(void)
{
	panic_line("backtrace");
}

static int setup(void **state)
{
	(void)state;
	fake_machine_boot(CPU_ALPHA_1);
	console_text[0] = '\0';
	writes = 0;
	return 0;
}

static void one_write_a_line(void **state)
{
	(void)state;
	log_line(LOG_INFO, "%s has %d", "alpha", 3);
	assert_string_equal(console_text, "alpha has 3\r\n");
	assert_int_equal(writes, 1);
}

static void levels_are_named(void **state)
{
	(void)state;
	log_line(LOG_ERROR, "a");
	log_line(LOG_WARNING, "b");
	log_line(LOG_INFO, "c");
	log_line(LOG_DEBUG, "d");
	assert_string_equal(console_text, "error: a\r\nwarning: b\r\nc\r\ndebug: d\r\n");
}

static void log_all(void)
{
	log_error("e");
	log_warning("w");
	log_info("i");
	log_debug("d");
}

#undef CONFIG_LOG_LEVEL
#define CONFIG_LOG_LEVEL 0
static void log_errors_only(void)
{
	log_error("e");
	log_warning("w");
	log_info("i");
	log_debug("d");
}

#undef CONFIG_LOG_LEVEL
#define CONFIG_LOG_LEVEL 2
static void log_without_debug(void)
{
	log_error("e");
	log_warning("w");
	log_info("i");
	log_debug("d");
}

static void level_chooses(void **state)
{
	(void)state;
	log_errors_only();
	assert_string_equal(console_text, "error: e\r\n");
	console_text[0] = '\0';
	log_without_debug();
	assert_string_equal(console_text, "error: e\r\nwarning: w\r\ni\r\n");
	console_text[0] = '\0';
	log_all();
	assert_string_equal(console_text, "error: e\r\nwarning: w\r\ni\r\ndebug: d\r\n");
}

static void long_lines_are_cut(void **state)
{
	char text[2 * LINE_SIZE];

	(void)state;
	for (size_t length = LINE_SIZE - 12; length < LINE_SIZE + 12; length++) {
		memset(text, 'x', sizeof(text));
		text[length] = '\0';
		console_text[0] = '\0';
		log_line(LOG_ERROR, "%s", text);
		assert_int_equal(strlen(console_text) - 2,
				 length + 7 < TEXT_SIZE ? length + 7 : TEXT_SIZE);
		assert_string_equal(console_text + strlen(console_text) - 3, "x\r\n");
		console_text[0] = '\0';
		panic_line("%s", text);
		assert_int_equal(strlen(console_text) - 3, length < TEXT_SIZE ? length : TEXT_SIZE);
		assert_string_equal(console_text + strlen(console_text) - 3, "x\r\n");
	}
}

static void panic_here(void)
{
	panic("%s is %u", "answer", 42U);
}

static void failed_check(void)
{
	CHECK(1 + 1 == 3);
}

/*
 * The report belongs to the first CPU that fails, so these are one test. That CPU may fail again while it
 * reports, a few times; others that fail just stop. All that are up are asked to.
 */
static void panic_reports(void **state)
{
	(void)state;
	cpus[CPU_BETA].online = 0;
	assert_int_equal(fake_run(CPU_ALPHA_1, panic_here), FAKE_STOPPED);
	assert_string_equal(console_text, "!panic on CPU 2, phase running: answer is 42\r\n"
					  "!backtrace\r\n"
					  "!panic: all CPUs stop\r\n");
	for (uint32_t i = 0; i < PLAN_CPU_COUNT; i++) {
		assert_int_equal(cpus[i].requests,
				 i == CPU_ALPHA_1 || i == CPU_BETA ? 0 : CPU_REQUEST_PANIC);
	}
	console_text[0] = '\0';
	assert_int_equal(fake_run(CPU_ALPHA_0, failed_check), FAKE_STOPPED);
	assert_string_equal(console_text, "");
	assert_int_equal(fake_run(CPU_ALPHA_1, failed_check), FAKE_STOPPED);
	assert_non_null(strstr(console_text, "test_log.c:"));
	assert_non_null(strstr(console_text, ": 1 + 1 == 3\r\n"));
	for (int i = 0; i < 100; i++) {
		assert_int_equal(fake_run(CPU_ALPHA_1, failed_check), FAKE_STOPPED);
		assert_true(strlen(console_text) < 600);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_SETUP(one_write_a_line, setup), TEST_SETUP(levels_are_named, setup),
		TEST_SETUP(level_chooses, setup),    TEST_SETUP(long_lines_are_cut, setup),
		TEST_SETUP(panic_reports, setup),
	};

	return RUN_TESTS(tests);
}
