/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/console.c under random use: VMs and CPUs write as they like, the UART is slow, time passes. What
 * comes out, taken apart by its prefixes, is what each has written, in order and complete; nobody's line
 * is in the midst of another's but after a line end; and a VM that found its ring full hears when there is room.
 */
#include "console_rig.h"

#define SOURCES (PLAN_VM_COUNT + 1u) /* VMs, and all logs together */
#define LOGS PLAN_VM_COUNT
#define STEPS 3000u
#define SEEDS 20u
#define TEXT_SIZE 65536u

static char written[SOURCES][TEXT_SIZE], shown[SOURCES][TEXT_SIZE];
static size_t written_count[SOURCES], shown_count[SOURCES];
static bool blocked[PLAN_VM_COUNT];
static unsigned int ready_before[PLAN_VM_COUNT];
static struct test_random random_state;

static uint32_t below(uint32_t limit)
{
	return test_random_below(&random_state, limit);
}

static void vm_writes_something(uint32_t vm)
{
	char text[64];
	size_t length = 1 + below(sizeof(text) - 1), taken;

	for (size_t i = 0; i < length; i++) {
		text[i] = below(12) == 0 ? '\n' : (char)('a' + below(26));
	}
	ready_before[vm] = ready[vm];
	taken = console_vm_write(vm, text, length);
	memcpy(&written[vm][written_count[vm]], text, taken);
	written_count[vm] += taken;
	blocked[vm] = taken < length;
}

/* One CPU logs at a time, so that the order of all lines together is known: each waits for the last. */
static void cpu_logs_something(void)
{
	static unsigned int number;
	char line[48];
	int length = snprintf(line, sizeof(line), "line %u\r\n", number++);

	for (uint32_t cpu = 0; cpu < PLAN_CPU_COUNT; cpu++) {
		if (queued(&rings[cpu]) > 0) {
			return;
		}
	}
	cpu_logs(below(PLAN_CPU_COUNT), line);
	memcpy(&written[LOGS][written_count[LOGS]], line, (size_t)length - 2);
	written[LOGS][written_count[LOGS] + (size_t)length - 2] = '\n';
	written_count[LOGS] += (size_t)length - 1;
}

/* The source that a prefix names; `*at` moves behind it. */
static uint32_t parse_prefix(const char **at)
{
	for (uint32_t i = 0; i < SOURCES; i++) {
		char prefix[PREFIX_SIZE];

		snprintf(prefix, sizeof(prefix), "[%s] ", i == LOGS ? "bao" : plan_vms[i].name);
		if (strncmp(*at, prefix, strlen(prefix)) == 0) {
			*at += strlen(prefix);
			return i;
		}
	}
	fail_msg("no prefix: %.20s", *at);
	return 0;
}

static char output[8 * TEXT_SIZE];

/* Takes the whole output apart. "\r\n" ends a line of the log, or interrupts one of a VM. */
static void parse_output(void)
{
	const char *at = output;

	memset(shown_count, 0, sizeof(shown_count));
	while (*at != '\0') {
		uint32_t source = parse_prefix(&at);
		size_t length = strcspn(at, "\r\n");
		char end = at[length];

		memcpy(&shown[source][shown_count[source]], at, length);
		shown_count[source] += length;
		if (end == '\n' || source == LOGS) {
			shown[source][shown_count[source]++] = '\n';
		}
		at += length + (end == '\r' ? 2 : end == '\n' ? 1 : 0);
	}
}

static void step(void)
{
	uint32_t what = below(10);

	if (what < 5) {
		vm_writes_something(below(PLAN_VM_COUNT));
	} else if (what < 6) {
		cpu_logs_something();
	} else if (what < 7) {
		fake_clock += below(100) * FAKE_COUNTER_HZ / 1000;
	} else {
		fake_uart_room = below(120);
	}
	pump();
	strcat(output, fake_uart_output());
}

static void drain(void)
{
	fake_uart_room = UINT32_MAX;
	pump_with_alarm();
	for (uint32_t vm = 0; vm < PLAN_VM_COUNT; vm++) {
		assert_int_equal(console_vm_write(vm, "\n", 1), 1);
		written[vm][written_count[vm]++] = '\n';
	}
	pump_with_alarm();
	strcat(output, fake_uart_output());
}

static void histories(void **state)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		console_rig_start(state);
		random_state.state = seed * 104729;
		memset(written_count, 0, sizeof(written_count));
		memset(blocked, 0, sizeof(blocked));
		output[0] = '\0';
		console.focus = below(3) == 0 ? PLAN_NONE32 : below(2);
		for (uint32_t i = 0; i < STEPS && strlen(output) < 6 * TEXT_SIZE; i++) {
			step();
			for (uint32_t vm = 0; vm < PLAN_VM_COUNT; vm++) {
				assert_true(written_count[vm] < TEXT_SIZE - 64);
			}
		}
		drain();
		parse_output();
		for (uint32_t i = 0; i < SOURCES; i++) {
			assert_int_equal(shown_count[i], written_count[i]);
			assert_memory_equal(shown[i], written[i], written_count[i]);
		}
		for (uint32_t vm = 0; vm < PLAN_VM_COUNT; vm++) {
			assert_true(!blocked[vm] || ready[vm] > ready_before[vm]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(histories) };

	return RUN_TESTS(tests);
}
