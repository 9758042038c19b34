/* SPDX-License-Identifier: Apache-2.0 */
/* Contract: what an architecture adds to a panic report. */
#pragma once

/* Writes the return addresses of the running functions, one line, with panic_line(). */
void arch_panic_backtrace(void);

/*
 * Begins a report on this CPU, before its first line; panic() does too. Does not return on a CPU that
 * fails while another one reports, nor when reporting fails again and again.
 */
void panic_begin(void);

/* Writes one line of a panic report; declared here for the architecture's use. */
void panic_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
