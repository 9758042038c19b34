/* SPDX-License-Identifier: Apache-2.0 */
/* The fake console UART: what is sent goes into a text, what is received comes out of one. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

void fake_uart_reset(void);

/* Returns what was sent since the last call. */
const char *fake_uart_output(void);

/* Adds characters to those received and not yet read. */
void fake_uart_type(const char *text);
bool fake_uart_input_left(void);

extern uint32_t fake_uart_room;     /* characters that can be sent now; UINT32_MAX: any number */
extern bool fake_uart_tx_interrupt; /* uart_transmit_interrupt() */
extern bool fake_uart_waited;       /* uart_early_write() was used */

/* Called when the transmit interrupt is switched off; NULL: nobody. */
extern void (*fake_uart_on_rest)(void);
