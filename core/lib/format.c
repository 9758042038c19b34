/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Formatted text, see format.h. No lock, no state; entered from the log, the panic report and the
 * console.
 */
#include <bao/format.h>

#include <stdbool.h>
#include <stdint.h>

struct output {
	char *buffer;
	size_t size; /* bytes, the terminating zero included */
	size_t length;
};

/* One conversion, as written between % and its letter. */
struct conversion {
	bool zero;
	bool left;
	unsigned int width;
	unsigned int length; /* 0: int, 1: long or size_t, 2: long long */
};

static void put(struct output *out, char c)
{
	if (out->length + 1 < out->size) {
		out->buffer[out->length] = c;
		out->length++;
	}
}

static void pad(struct output *out, char c, unsigned int width, size_t used)
{
	for (size_t i = used; i < width; i++) {
		put(out, c);
	}
}

static void put_string(struct output *out, const struct conversion *how, const char *text)
{
	size_t length = 0;

	while (text[length] != '\0') {
		length++;
	}
	if (!how->left) {
		pad(out, ' ', how->width, length);
	}
	for (size_t i = 0; i < length; i++) {
		put(out, text[i]);
	}
	if (how->left) {
		pad(out, ' ', how->width, length);
	}
}

static void put_number(struct output *out, const struct conversion *how, uint64_t value,
		       unsigned int base, bool negative)
{
	char digits[20]; /* the longest: 2^64 - 1 in decimal */
	size_t count = 0;

	do {
		digits[count] = "0123456789abcdef"[value % base];
		count++;
		value /= base;
	} while (value != 0);
	if (negative && how->zero) {
		put(out, '-');
	}
	pad(out, how->zero ? '0' : ' ', how->width, count + (negative ? 1 : 0));
	if (negative && !how->zero) {
		put(out, '-');
	}
	while (count > 0) {
		count--;
		put(out, digits[count]);
	}
}

static uint64_t next_unsigned(const struct conversion *how, va_list *arguments)
{
	switch (how->length) {
	case 0:
		return va_arg(*arguments, unsigned int);
	case 1:
		return va_arg(*arguments, unsigned long);
	default:
		return va_arg(*arguments, unsigned long long);
	}
}

static int64_t next_signed(const struct conversion *how, va_list *arguments)
{
	switch (how->length) {
	case 0:
		return va_arg(*arguments, int);
	case 1:
		return va_arg(*arguments, long);
	default:
		return va_arg(*arguments, long long);
	}
}

/* Reads flags, width and length; returns the conversion letter's position. */
static const char *parse_conversion(const char *at, struct conversion *how)
{
	*how = (struct conversion){ 0 };
	for (; *at == '0' || *at == '-'; at++) {
		how->zero = how->zero || *at == '0';
		how->left = how->left || *at == '-';
	}
	for (; *at >= '0' && *at <= '9'; at++) {
		how->width = how->width * 10 + (unsigned int)(*at - '0');
	}
	for (; *at == 'l' || *at == 'z'; at++) {
		how->length++;
	}
	return at;
}

/* False: not one of ours. */
static bool convert(struct output *out, char letter, const struct conversion *how,
		    va_list *arguments)
{
	int64_t number;

	switch (letter) {
	case 's':
		put_string(out, how, va_arg(*arguments, const char *));
		return true;
	case 'c':
		put(out, (char)va_arg(*arguments, int));
		return true;
	case 'd':
		number = next_signed(how, arguments);
		put_number(out, how, number < 0 ? 0 - (uint64_t)number : (uint64_t)number, 10,
			   number < 0);
		return true;
	case 'u':
		put_number(out, how, next_unsigned(how, arguments), 10, false);
		return true;
	case 'x':
		put_number(out, how, next_unsigned(how, arguments), 16, false);
		return true;
	case '%':
		put(out, '%');
		return true;
	default:
		return false;
	}
}

size_t format_text(char *buffer, size_t size, const char *format, va_list arguments)
{
	struct output out = { .buffer = buffer, .size = size };
	struct conversion how;
	va_list list;

	va_copy(list, arguments);
	for (const char *at = format; *at != '\0'; at++) {
		if (*at == '%') {
			const char *letter = parse_conversion(at + 1, &how);

			if (*letter != '\0' && convert(&out, *letter, &how, &list)) {
				at = letter;
				continue;
			}
		}
		put(&out, *at);
	}
	va_end(list);
	buffer[out.length] = '\0';
	return out.length;
}

size_t format_string(char *buffer, size_t size, const char *format, ...)
{
	va_list arguments;
	size_t length;

	va_start(arguments, format);
	length = format_text(buffer, size, format, arguments);
	va_end(arguments);
	return length;
}
