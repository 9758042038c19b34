/* SPDX-License-Identifier: Apache-2.0 */
/* core/console.c, input: focus, the escape key, and what happens to characters nobody takes. */
#include "console_rig.h"

#define ESC "\x1d"

static void type(const char *text)
{
	fake_uart_type(text);
	pump();
	assert_false(fake_uart_input_left());
}

static void focus_is_the_first_vm_with_a_uart(void **state)
{
	(void)state;
	assert_int_equal(console.focus, ALPHA);
	type("hello\r");
	assert_string_equal(received[ALPHA], "hello\r");
	assert_string_equal(received[BETA], "");
	assert_trace("");
}

static void focus_moves(void **state)
{
	(void)state;
	type("a" ESC "1b");
	assert_string_equal(received[ALPHA], "a");
	assert_string_equal(received[BETA], "b");
	assert_trace("log2 input goes to beta");
	type(ESC "0c");
	assert_string_equal(received[ALPHA], "ac");
	assert_string_equal(received[BETA], "b");
	assert_trace("log2 input goes to alpha");
	/* Output follows the focus: beta is shown as it writes. */
	type(ESC "1");
	vm_writes(BETA, "x");
	pump();
	assert_string_equal(fake_uart_output(), "[beta] x");
}

/* The two keys may come in two interrupts. */
static void escape_is_remembered(void **state)
{
	(void)state;
	type(ESC);
	assert_trace("");
	type("1");
	assert_trace("log2 input goes to beta");
	type("1");
	assert_string_equal(received[BETA], "1");
}

static void escape_twice(void **state)
{
	(void)state;
	type("x" ESC ESC "y");
	assert_string_equal(received[ALPHA], "x" ESC "y");
	type(ESC ESC ESC "1z");
	assert_string_equal(received[ALPHA], "x" ESC "y" ESC);
	assert_string_equal(received[BETA], "z");
}

#define HELP                                                                                       \
	"log2 escape, then 0: input to alpha (now); log2 escape, then 1: input to beta; "          \
	"log2 escape twice: the escape character itself"

/* Unknown keys, VMs without a virtual UART and VMs that do not exist. */
static void help_for_everything_else(void **state)
{
	static const char *const keys[] = { "h", "?", "2", "3", "4", "9", "/", ":", "\r", "\xff" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		char text[4];

		snprintf(text, sizeof(text), ESC "%s", keys[i]);
		type(text);
		assert_trace(HELP);
		assert_int_equal(console.focus, ALPHA);
	}
	assert_string_equal(received[ALPHA], "");
	type("on");
	assert_string_equal(received[ALPHA], "on");
}

static void full_fifo_loses_characters(void **state)
{
	(void)state;
	received_room = 3;
	type("abcdef");
	assert_string_equal(received[ALPHA], "abc");
	type(ESC "1g"); /* the escape key always works */
	assert_string_equal(received[BETA], "g");
}

static void one_interrupt_reads_little(void **state)
{
	char text[SERVICE_BATCH * 2 + 6];

	(void)state;
	memset(text, 'k', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	fake_uart_type(text);
	console_service();
	assert_int_equal(strlen(received[ALPHA]), SERVICE_BATCH);
	pump();
	assert_string_equal(received[ALPHA], text);
}

static void nobody_has_the_focus(void **state)
{
	(void)state;
	console.focus = PLAN_NONE32;
	type("lost");
	for (uint32_t i = 0; i < PLAN_VM_COUNT; i++) {
		assert_string_equal(received[i], "");
	}
	/* Output goes on without a focus, by line. */
	vm_writes(ALPHA, "a");
	pump();
	assert_string_equal(fake_uart_output(), "");
	vm_writes(ALPHA, "b\n");
	pump();
	assert_string_equal(fake_uart_output(), "[alpha] ab\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_SETUP(focus_is_the_first_vm_with_a_uart, console_rig_start),
		TEST_SETUP(focus_moves, console_rig_start),
		TEST_SETUP(escape_is_remembered, console_rig_start),
		TEST_SETUP(escape_twice, console_rig_start),
		TEST_SETUP(help_for_everything_else, console_rig_start),
		TEST_SETUP(full_fifo_loses_characters, console_rig_start),
		TEST_SETUP(one_interrupt_reads_little, console_rig_start),
		TEST_SETUP(nobody_has_the_focus, console_rig_start),
	};

	return RUN_TESTS(tests);
}
