/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log and the panic report: text made on the caller's stack, handed to the console. Takes no lock.
 */
#include <bao/log.h>

#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>

#include <bao/arch/cpu.h>
#include <bao/arch/inline.h>
#include <bao/arch/panic.h>
#include <bao/check.h>
#include <bao/console.h>
#include <bao/format.h>

#define LINE_SIZE 160 /* bytes; longer lines are cut */
#define END_SIZE 2u   /* carriage return, line feed */

/* Reports begun by a CPU that fails: an exception and the panic it leads to, and once more for a failure
 * in their midst. */
#define REPORTS_MAX 4u

static const char *const level_names[] = {
	[LOG_ERROR] = "error: ",
	[LOG_WARNING] = "warning: ",
	[LOG_INFO] = "",
	[LOG_DEBUG] = "debug: ",
};

static const char *const phase_names[] = {
	[CPU_PHASE_OFF] = "start", [CPU_PHASE_BOOT] = "boot",       [CPU_PHASE_LOAD] = "load",
	[CPU_PHASE_IDLE] = "idle", [CPU_PHASE_RUNNING] = "running",
};

/* Ends a line the way terminals want it; returns its length. */
static size_t end_line(char *line, size_t length)
{
	line[length] = '\r';
	line[length + 1] = '\n';
	return length + END_SIZE;
}

void log_line(enum log_level level, const char *format, ...)
{
	char line[LINE_SIZE];
	va_list arguments;
	size_t length = format_string(line, sizeof(line) - END_SIZE, "%s", level_names[level]);

	va_start(arguments, format);
	length += format_text(line + length, sizeof(line) - END_SIZE - length, format, arguments);
	va_end(arguments);
	console_log_write(line, end_line(line, length));
}

void panic_line(const char *format, ...)
{
	char line[LINE_SIZE];
	va_list arguments;
	size_t length;

	va_start(arguments, format);
	length = format_text(line, sizeof(line) - END_SIZE, format, arguments);
	va_end(arguments);
	console_panic_write(line, end_line(line, length));
}

void panic_begin(void)
{
	static _Atomic uint32_t reporter; /* number of the CPU that reports, from 1; 0: none */
	static uint32_t begun;            /* by that CPU */
	uint32_t nobody = 0;
	uint32_t self = arch_cpu_self()->id + 1;

	if (!atomic_compare_exchange_strong_explicit(&reporter, &nobody, self, memory_order_relaxed,
						     memory_order_relaxed) &&
	    nobody != self) {
		arch_cpu_stop();
	}
	begun++;
	if (begun > REPORTS_MAX) {
		arch_cpu_stop();
	}
}

void panic(const char *format, ...)
{
	char text[LINE_SIZE];
	va_list arguments;
	struct cpu *self = arch_cpu_self();

	panic_begin();
	va_start(arguments, format);
	format_text(text, sizeof(text), format, arguments);
	va_end(arguments);
	panic_line("panic on CPU %u, phase %s: %s", self->id, phase_names[self->phase], text);
	arch_panic_backtrace();
	panic_line("panic: all CPUs stop");
	for (uint32_t i = 0; i < PLAN_CPU_COUNT; i++) {
		if (i != self->id &&
		    atomic_load_explicit(&cpus[i].online, memory_order_relaxed) != 0) {
			cpu_request(&cpus[i], CPU_REQUEST_PANIC);
		}
	}
	arch_cpu_stop();
}
