/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens when the hypervisor itself is wrong. A guest's doing never comes here (fault.h), nor
 * does a bad configuration (the planner refuses it).
 */
#pragma once

#include <bao/kconfig.h>
#include <bao/util.h>

/*
 * Reports a bug of ours, with CPU, phase, registers and backtrace, and stops every CPU. Callable from
 * anywhere. `format` is as for log_info().
 */
NORETURN void panic(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Stops with the text of the condition when it does not hold; CONFIG_CHECKS=n leaves it out. */
#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (IS_ENABLED(CONFIG_CHECKS) && !(condition)) {                                   \
			panic("%s:%d: %s", __FILE_NAME__, __LINE__, #condition);                   \
		}                                                                                  \
	} while (0)
