/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guest's console: a PL011 (DDI 0183), real or Bao's virtual one, at CONSOLE_BASE. Output waits for
 * room. Input is polled, or announced by interrupt CONSOLE_IRQ once console_input_interrupt() asked.
 */
#pragma once

#include <stddef.h>

#ifndef CONSOLE_BASE
#define CONSOLE_BASE 0x09000000
#endif
#ifndef CONSOLE_IRQ
#define CONSOLE_IRQ 33
#endif

/* Optional: enables a UART that firmware left off. Output works without it under Bao and QEMU. */
void console_init(void);

void console_write(const char *text, size_t length);

/* The next character of input, or -1. */
int console_read(void);

/* Makes input raise CONSOLE_IRQ until it has been read. */
void console_input_interrupt(void);

/* printf to the console (format.h); at most 255 characters, written in one go. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
