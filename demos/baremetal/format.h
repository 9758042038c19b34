/* SPDX-License-Identifier: Apache-2.0 */
/*
 * printf's formatting for guests that have no C library: %d %u %x %c %s %p %%, with the length
 * modifiers l and ll, a width and the flags 0 and -. Pure: also built and tested on the host.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

/*
 * Writes at most `size` bytes, the terminating zero included; size >= 1. Answers the length of the text
 * written, which is cut off where the buffer ends. An unknown conversion is printed as it stands and
 * takes no argument.
 */
size_t format_list(char *text, size_t size, const char *format, va_list list);

size_t format_text(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
