/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hypervisor's log: one line per call on the console, levels chosen by CONFIG_LOG_LEVEL. A
 * guest's faults cause one line per start of a vCPU (fault.h), stopping or restarting its VM a few; what
 * comes faster than the UART takes it is dropped.
 */
#pragma once

#include <bao/kconfig.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/*
 * Writes one line; a newline is added. Formats are those of format.h. Never waits once the system
 * runs: what does not fit in the CPU's ring is dropped. Callable from anywhere.
 */
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_at(level, ...)                                                                         \
	do {                                                                                       \
		if ((int)(level) <= CONFIG_LOG_LEVEL) {                                            \
			log_line((level), __VA_ARGS__);                                            \
		}                                                                                  \
	} while (0)

#define log_error(...) log_at(LOG_ERROR, __VA_ARGS__)
#define log_warning(...) log_at(LOG_WARNING, __VA_ARGS__)
#define log_info(...) log_at(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_at(LOG_DEBUG, __VA_ARGS__)
