/* SPDX-License-Identifier: Apache-2.0 */
/* The formatter of format.h. No floating point, no allocation, no state. */

#include "format.h"

#include <stdbool.h>
#include <stdint.h>

struct output {
	char *text;
	size_t size;
	size_t length;
};

/* One conversion: flags, width, length modifier. */
struct conversion {
	bool left;
	bool zero;
	size_t width;
	int longs; /* number of l */
};

static void put(struct output *out, char c)
{
	if (out->length + 1 < out->size) {
		out->text[out->length++] = c;
	}
}

static void put_repeated(struct output *out, char c, size_t count)
{
	while (count-- > 0) {
		put(out, c);
	}
}

/* `sign` is what comes before the digits: "" or "-" or "0x". */
static void put_padded(struct output *out, const struct conversion *how, const char *sign,
		       const char *text, size_t length)
{
	size_t sign_length = 0;
	size_t padding;

	while (sign[sign_length] != '\0') {
		sign_length++;
	}
	padding = how->width > length + sign_length ? how->width - length - sign_length : 0;
	if (!how->left && !how->zero) {
		put_repeated(out, ' ', padding);
	}
	for (size_t i = 0; i < sign_length; i++) {
		put(out, sign[i]);
	}
	if (how->zero && !how->left) {
		put_repeated(out, '0', padding);
	}
	for (size_t i = 0; i < length; i++) {
		put(out, text[i]);
	}
	if (how->left) {
		put_repeated(out, ' ', padding);
	}
}

static void put_number(struct output *out, const struct conversion *how, const char *sign,
		       uint64_t value, uint32_t base)
{
	char digits[20]; /* 2^64 - 1 has 20 */
	size_t at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value != 0);
	put_padded(out, how, sign, &digits[at], sizeof(digits) - at);
}

static void put_string(struct output *out, const struct conversion *how, const char *text)
{
	struct conversion plain = *how;
	size_t length = 0;

	if (text == NULL) {
		text = "(null)";
	}
	while (text[length] != '\0') {
		length++;
	}
	plain.zero = false;
	put_padded(out, &plain, "", text, length);
}

static const char *parse_conversion(const char *at, struct conversion *how)
{
	*how = (struct conversion){ 0 };
	for (; *at == '-' || *at == '0'; at++) {
		how->left = how->left || *at == '-';
		how->zero = how->zero || *at == '0';
	}
	for (; *at >= '0' && *at <= '9'; at++) {
		if (how->width < 1000) { /* more is a mistake, and must not overflow */
			how->width = how->width * 10 + (size_t)(*at - '0');
		}
	}
	for (; *at == 'l' && how->longs < 2; at++) {
		how->longs++;
	}
	return at;
}

/* va_list is an array on some machines: a struct lets its address be passed everywhere. */
struct arguments {
	va_list list;
};

static uint64_t next_unsigned(struct arguments *arguments, int longs)
{
	if (longs == 0) {
		return va_arg(arguments->list, unsigned int);
	}
	if (longs == 1) {
		return va_arg(arguments->list, unsigned long);
	}
	return va_arg(arguments->list, unsigned long long);
}

static int64_t next_signed(struct arguments *arguments, int longs)
{
	if (longs == 0) {
		return va_arg(arguments->list, int);
	}
	if (longs == 1) {
		return va_arg(arguments->list, long);
	}
	return va_arg(arguments->list, long long);
}

static void put_signed(struct output *out, const struct conversion *how, int64_t value)
{
	/* Negated as unsigned: INT64_MIN has no positive counterpart. */
	uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;

	put_number(out, how, value < 0 ? "-" : "", magnitude, 10);
}

/* Answers false for a letter that is no conversion. */
static bool convert(struct output *out, char letter, const struct conversion *how,
		    struct arguments *arguments)
{
	char c;

	switch (letter) {
	case 'd':
		put_signed(out, how, next_signed(arguments, how->longs));
		return true;
	case 'u':
		put_number(out, how, "", next_unsigned(arguments, how->longs), 10);
		return true;
	case 'x':
		put_number(out, how, "", next_unsigned(arguments, how->longs), 16);
		return true;
	case 'p':
		put_number(out, how, "0x", (uintptr_t)va_arg(arguments->list, void *), 16);
		return true;
	case 'c':
		c = (char)va_arg(arguments->list, int);
		put_padded(out, how, "", &c, 1);
		return true;
	case 's':
		put_string(out, how, va_arg(arguments->list, const char *));
		return true;
	case '%':
		put(out, '%');
		return true;
	default:
		return false;
	}
}

size_t format_list(char *text, size_t size, const char *format, va_list list)
{
	struct output out = { .text = text, .size = size };
	struct arguments arguments;

	va_copy(arguments.list, list);
	while (*format != '\0') {
		struct conversion how;
		const char *letter;

		if (*format != '%') {
			put(&out, *format++);
			continue;
		}
		letter = parse_conversion(format + 1, &how);
		if (convert(&out, *letter, &how, &arguments)) {
			format = letter + 1;
		} else {
			put(&out, *format++);
		}
	}
	va_end(arguments.list);
	text[out.length] = '\0';
	return out.length;
}

size_t format_text(char *text, size_t size, const char *format, ...)
{
	va_list list;
	size_t length;

	va_start(list, format);
	length = format_list(text, size, format, list);
	va_end(list);
	return length;
}
