/* SPDX-License-Identifier: Apache-2.0 */
/* In place of core/log.c: log lines become notes, with the level's number, and a panic ends the run. */
#include <stdarg.h>
#include <stdio.h>

#include <bao/check.h>
#include <bao/log.h>
#include <fake/machine.h>

#define TEXT_SIZE 256

void log_line(enum log_level level, const char *format, ...)
{
	char text[TEXT_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	fake_note("log%d %s", (int)level, text);
}

void panic(const char *format, ...)
{
	char text[TEXT_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	fake_note("panic %s", text);
	fake_end_run(FAKE_PANICKED);
}
