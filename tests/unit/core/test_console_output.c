/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/console.c, output: prefixes, whose turn it is, waiting and being woken, full rings, and how much
 * one interrupt may do.
 */
#include "console_rig.h"

#define HALF (CONFIG_CONSOLE_RING_SIZE / 2)
#define HOLD_TICKS (FAKE_COUNTER_HZ / 1000 * LINE_HOLD_MS)

#define assert_output(expected) assert_string_equal(fake_uart_output(), expected)

static char *letters(char *text, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		text[i] = (char)('a' + i % 26);
	}
	text[count] = '\0';
	return text;
}

/* ---- before it starts, and in a panic ------------------------------------------------------------------ */

static void written_at_once_while_booting(void **state)
{
	(void)state;
	cpu_logs(CPU_BETA, "hello\r\n");
	assert_output("[bao] hello\r\n");
	assert_true(fake_uart_waited);
	console_panic_write("panic\r\n", 7);
	cpu_logs(CPU_BETA, "not in its midst\r\n");
	assert_output("\r\n[bao] panic\r\n");
	assert_int_equal(cpus[PLAN_CONSOLE_CPU].requests, 0);
}

static void starting(void **state)
{
	(void)state;
	console_start();
	assert_trace("uart_init; uart_interrupts_init; own irq 33 on 4");
	cpu_logs(CPU_BETA, "hello\r\n");
	assert_output("");
	assert_int_equal(cpus[PLAN_CONSOLE_CPU].requests, CPU_REQUEST_CONSOLE);
}

static void panic_speaks_alone(void **state)
{
	(void)state;
	vm_writes(ALPHA, "half a li");
	pump();
	vm_writes(BETA, "waits\r\n");
	console_panic_write("one\r\n", 5);
	cpu_logs(CPU_BETA, "log\r\n");
	vm_writes(ALPHA, "ne\r\n");
	fake_clock += 10 * HOLD_TICKS;
	pump();
	console_panic_write("two\r\n", 5);
	pump();
	assert_output("[alpha] half a li\r\n[bao] one\r\n[bao] two\r\n");
	assert_false(fake_uart_tx_interrupt);
}

/* Before power goes: everything that waits, finished or not, and the character on its way. */
static void flush(void **state)
{
	(void)state;
	fake_uart_room = 3;
	vm_writes(ALPHA, "one\r\nhalf");
	vm_writes(BETA, "unfinished");
	cpu_logs(CPU_GAMMA, "a\r\n");
	cpu_logs(CPU_GAMMA, "b\r\n");
	pump();
	assert_output("[ba");
	console_flush();
	assert_output("o] a\r\n[bao] b\r\n[alpha] one\r\n[alpha] half\r\n[beta] unfinished\r\n");
}

static void flush_of_an_open_line(void **state)
{
	(void)state;
	vm_writes(BETA, "line\r\n");
	vm_writes(ALPHA, "prompt> ");
	pump();
	assert_output("[alpha] prompt> ");
	console_flush();
	assert_output("\r\n[beta] line\r\n");
	assert_int_equal(console_vm_queued(ALPHA), 0);
}

/* ---- whose turn it is ------------------------------------------------------------------------------------ */

static void log_lines(void **state)
{
	(void)state;
	fake_uart_waited = false;
	cpu_logs(CPU_WIDE_0, "from six\r\n");
	pump();
	assert_output("[bao] from six\r\n");
	assert_false(fake_uart_waited);
	cpu_logs(CPU_ALPHA_0, "one\r\n");
	cpu_logs(CPU_ALPHA_0, "two\r\n");
	pump();
	assert_output("[bao] one\r\n[bao] two\r\n");
}

static void focus_is_shown_as_it_writes(void **state)
{
	(void)state;
	vm_writes(ALPHA, "a");
	pump();
	assert_output("[alpha] a");
	vm_writes(ALPHA, "b");
	pump_with_alarm();
	assert_output("b");
	fake_clock += 10 * HOLD_TICKS;
	vm_writes(ALPHA, "c\n");
	pump();
	assert_output("c\n");
	vm_writes(ALPHA, "d\n");
	pump();
	assert_output("[alpha] d\n");
}

static void others_are_shown_by_line(void **state)
{
	(void)state;
	vm_writes(BETA, "not yet");
	pump_with_alarm();
	assert_output("");
	vm_writes(BETA, " now\nand this");
	pump();
	assert_output("[beta] not yet now\n");
	vm_writes(BETA, "\n");
	pump();
	assert_output("[beta] and this\n");
}

/* Or when half a ring of it has come without a line's end. */
static void long_lines_of_others(void **state)
{
	char text[HALF + 1], expected[HALF + 32];

	(void)state;
	vm_writes(BETA, letters(text, HALF - 1));
	pump_with_alarm();
	assert_output("");
	vm_writes(BETA, "!");
	pump_with_alarm();
	snprintf(expected, sizeof(expected), "[beta] %s!", text);
	assert_output(expected);
	vm_writes(BETA, "rest\n");
	pump_with_alarm();
	assert_output("rest\n");
}

static void open_line_is_not_broken_at_once(void **state)
{
	(void)state;
	vm_writes(ALPHA, "prompt> ");
	pump();
	assert_output("[alpha] prompt> ");
	vm_writes(BETA, "beta speaks\n");
	cpu_logs(CPU_GAMMA, "log\r\n");
	fake_clock += HOLD_TICKS - 1;
	cpus[PLAN_CONSOLE_CPU].requests |= CPU_REQUEST_CONSOLE;
	pump();
	assert_output("");
	/* An alarm says when it gives way. */
	assert_true(fake_alarm > fake_clock && fake_alarm <= fake_clock + HOLD_TICKS / 10);
	fake_clock = fake_alarm;
	pump();
	assert_output("\r\n[beta] beta speaks\n[bao] log\r\n");
	assert_u64(fake_alarm, 0);
	vm_writes(ALPHA, "ls\n");
	pump();
	assert_output("[alpha] ls\n");
}

/* The alarm goes off while nothing can be sent: once, not until something can. */
static void alarm_while_the_uart_is_full(void **state)
{
	(void)state;
	vm_writes(ALPHA, "prompt> ");
	pump();
	vm_writes(BETA, "line\r\n");
	fake_uart_room = 0;
	fake_clock = fake_alarm;
	assert_int_equal(pump(), 1);
	fake_uart_room = UINT32_MAX;
	pump();
	assert_output("[alpha] prompt> \r\n[beta] line\r\n");
}

/* What continues in time keeps the console. */
static void open_line_goes_on(void **state)
{
	(void)state;
	vm_writes(ALPHA, "one ");
	pump();
	vm_writes(BETA, "x\n");
	fake_clock += HOLD_TICKS / 2;
	vm_writes(ALPHA, "two ");
	cpus[PLAN_CONSOLE_CPU].requests |= CPU_REQUEST_CONSOLE;
	pump();
	fake_clock += HOLD_TICKS / 2 + 1;
	vm_writes(ALPHA, "three\n");
	pump_with_alarm();
	assert_output("[alpha] one two three\n[beta] x\n");
}

static void sources_take_turns(void **state)
{
	(void)state;
	vm_writes(BETA, "b1\nb2\nb3\n");
	vm_writes(GAMMA, "g1\ng2\n");
	cpu_logs(CPU_ALPHA_1, "l1\r\n");
	cpu_logs(CPU_ALPHA_1, "l2\r\n");
	pump();
	assert_output("[bao] l1\r\n[beta] b1\n[gamma] g1\n[bao] l2\r\n[beta] b2\n[gamma] g2\n"
		      "[beta] b3\n");
}

/* ---- being woken --------------------------------------------------------------------------------------------- */

static void woken_once(void **state)
{
	struct cpu *cpu = &cpus[PLAN_CONSOLE_CPU];

	(void)state;
	vm_writes(ALPHA, "a\n");
	assert_int_equal(cpu->requests, CPU_REQUEST_CONSOLE);
	cpu->requests = 0;
	vm_writes(ALPHA, "b\n"); /* it will look anyway */
	assert_int_equal(cpu->requests, 0);
	console_service();
	pump();
	assert_output("[alpha] a\n[alpha] b\n");
	assert_false(fake_uart_tx_interrupt);
	vm_writes(ALPHA, "c\n");
	assert_int_equal(cpu->requests, CPU_REQUEST_CONSOLE);
}

static bool write_at_rest;

/* The moment between the last look at the rings and the word that nobody looks any more. */
static void on_transmit_interrupt_off(void)
{
	if (write_at_rest) {
		write_at_rest = false;
		vm_writes(BETA, "just then\n");
	}
}

static void text_that_comes_as_it_rests(void **state)
{
	(void)state;
	fake_uart_on_rest = on_transmit_interrupt_off;
	vm_writes(ALPHA, "a\n");
	write_at_rest = true;
	pump();
	assert_false(write_at_rest);
	assert_output("[alpha] a\n[beta] just then\n");
}

/* ---- bounds ------------------------------------------------------------------------------------------------------ */

static void one_interrupt_sends_little(void **state)
{
	char text[HALF + 1];
	size_t shown;

	(void)state;
	vm_writes(ALPHA, letters(text, HALF));
	vm_writes(ALPHA, "\n");
	interrupted();
	for (size_t left = HALF + 9; left > 0; left -= shown) {
		console_service();
		shown = strlen(fake_uart_output());
		assert_in_range(shown, 1, SERVICE_BATCH);
		assert_true(shown <= left);
		assert_int_equal(fake_uart_tx_interrupt, shown < left);
	}
	pump();
	assert_output("");
	assert_false(fake_uart_tx_interrupt);
}

static void uart_without_room(void **state)
{
	(void)state;
	fake_uart_room = 0;
	vm_writes(ALPHA, "abc\n");
	pump();
	assert_output("");
	assert_true(fake_uart_tx_interrupt);
	fake_uart_room = 10;
	pump();
	assert_output("[alpha] ab");
	fake_uart_room = UINT32_MAX;
	pump();
	assert_output("c\n");
}

/* A full ring takes no more; when half of it is free again, the VM hears of it, once. */
static void full_ring(void **state)
{
	char text[CONFIG_CONSOLE_RING_SIZE + 1];

	(void)state;
	assert_int_equal(console_vm_capacity(), CONFIG_CONSOLE_RING_SIZE);
	letters(text, CONFIG_CONSOLE_RING_SIZE);
	fake_uart_room = 0;
	assert_int_equal(console_vm_write(ALPHA, text, 200), 200);
	assert_int_equal(console_vm_write(ALPHA, text + 200, 56), 56);
	assert_int_equal(console_vm_queued(ALPHA), CONFIG_CONSOLE_RING_SIZE);
	assert_int_equal(vm_writes(ALPHA, "more"), 0);
	fake_uart_room = 8 + HALF - 1;
	pump();
	assert_int_equal(ready[ALPHA], 0);
	assert_int_equal(console_vm_write(ALPHA, "......", 6), 6);
	fake_uart_room = 20;
	pump();
	assert_int_equal(ready[ALPHA], 1);
	assert_int_equal(queued_when_ready, HALF);
	fake_uart_room = UINT32_MAX;
	pump();
	assert_int_equal(ready[ALPHA], 1);
	assert_int_equal(ready[BETA], 0);
	assert_memory_equal(fake_uart_output() + 8, text, CONFIG_CONSOLE_RING_SIZE);
	assert_int_equal(console_vm_queued(ALPHA), 0);
}

/* What was never more than half full has nobody waiting. */
static void half_full_ring(void **state)
{
	char text[HALF + 1];

	(void)state;
	vm_writes(ALPHA, letters(text, HALF));
	pump();
	assert_int_equal(ready[ALPHA], 0);
}

static void log_overflow_drops_whole_lines(void **state)
{
	char expected[1024] = "";
	const char *shown;
	unsigned int kept = 0;

	(void)state;
	fake_uart_room = 0;
	for (unsigned int i = 0; i < 50; i++) {
		char line[32];

		snprintf(line, sizeof(line), "line %u %s\r\n", i, i % 2 == 0 ? "" : "longer");
		cpu_logs(CPU_BETA, line);
	}
	fake_uart_room = UINT32_MAX;
	pump();
	shown = fake_uart_output();
	for (unsigned int i = 0; i < 50; i++) {
		char line[48];

		snprintf(line, sizeof(line), "[bao] line %u %s\r\n", i, i % 2 == 0 ? "" : "longer");
		if (strstr(shown, line) != NULL) {
			strcat(expected, line);
			kept++;
		}
	}
	assert_string_equal(shown, expected);
	assert_in_range(kept, 12, 30);
	cpu_logs(CPU_BETA, "after\r\n");
	pump();
	assert_output("[bao] after\r\n");
	/* Exactly to the brim: a line of all that fits, its end counted. */
	console_rig_start(NULL);
	letters(expected, CONFIG_CONSOLE_RING_SIZE - 1);
	strcat(expected, "\n");
	cpu_logs(CPU_BETA, expected);
	assert_int_equal(queued(&rings[CPU_BETA]), CONFIG_CONSOLE_RING_SIZE);
	cpu_logs(CPU_BETA, "\n");
	assert_int_equal(queued(&rings[CPU_BETA]), CONFIG_CONSOLE_RING_SIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_SETUP(written_at_once_while_booting, console_rig_setup),
		TEST_SETUP(starting, console_rig_setup),
		TEST_SETUP(panic_speaks_alone, console_rig_start),
		TEST_SETUP(flush, console_rig_start),
		TEST_SETUP(flush_of_an_open_line, console_rig_start),
		TEST_SETUP(log_lines, console_rig_start),
		TEST_SETUP(focus_is_shown_as_it_writes, console_rig_start),
		TEST_SETUP(others_are_shown_by_line, console_rig_start),
		TEST_SETUP(long_lines_of_others, console_rig_start),
		TEST_SETUP(open_line_is_not_broken_at_once, console_rig_start),
		TEST_SETUP(alarm_while_the_uart_is_full, console_rig_start),
		TEST_SETUP(open_line_goes_on, console_rig_start),
		TEST_SETUP(sources_take_turns, console_rig_start),
		TEST_SETUP(woken_once, console_rig_start),
		TEST_SETUP(text_that_comes_as_it_rests, console_rig_start),
		TEST_SETUP(one_interrupt_sends_little, console_rig_start),
		TEST_SETUP(uart_without_room, console_rig_start),
		TEST_SETUP(full_ring, console_rig_start),
		TEST_SETUP(half_full_ring, console_rig_start),
		TEST_SETUP(log_overflow_drops_whole_lines, console_rig_start),
	};

	return RUN_TESTS(tests);
}
