/* SPDX-License-Identifier: Apache-2.0 */
/* Formatted text into a buffer, with the few conversions the hypervisor's messages need. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

/*
 * Writes at most `size` bytes, the terminating zero included, and returns the length of the text
 * written (< size). Conversions: %s %c %d %u %x %% with optional 0 flag, width, and l / ll / z length;
 * %s takes a `-` flag too. Anything else is copied as it stands. `size` >= 1.
 */
size_t format_text(char *buffer, size_t size, const char *format, va_list arguments)
	__attribute__((format(printf, 3, 0)));

/* The same from a call's own arguments. */
size_t format_string(char *buffer, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
