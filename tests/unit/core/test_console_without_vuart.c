/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/console.c built without CONFIG_VIRTUAL_UART: nobody gets the input, and the UART's interrupt must
 * end all the same.
 */
#include "console_rig.h"

static void input_is_thrown_away(void **state)
{
	(void)state;
	fake_uart_type("anything\x1d"
		       "1");
	pump();
	assert_false(fake_uart_input_left());
	for (uint32_t i = 0; i < PLAN_VM_COUNT; i++) {
		assert_string_equal(received[i], "");
	}
	assert_trace("");
}

static void log_is_shown(void **state)
{
	(void)state;
	cpu_logs(CPU_ALPHA_0, "line\r\n");
	pump();
	assert_string_equal(fake_uart_output(), "[bao] line\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_SETUP(input_is_thrown_away, console_rig_start),
		TEST_SETUP(log_is_shown, console_rig_start),
	};

	return RUN_TESTS(tests);
}
