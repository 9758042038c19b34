/* SPDX-License-Identifier: Apache-2.0 */
/* Contract: what an architecture adds to a panic report. */
#pragma once

/* Writes the return addresses of the running functions, one line, with panic_line(). */
void arch_panic_backtrace(void);

/* Writes one line of a panic report; declared here for the architecture's use. */
void panic_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
