/* SPDX-License-Identifier: Apache-2.0 */
/* Contract: the console's UART. One driver is linked; its address is PLAN_UART_BASE. */
#pragma once

#include <stdbool.h>

/*
 * Makes the UART usable, polled. Runs before the MMU and at any load address, so it refers to no data,
 * only to registers; so does uart_early_write().
 */
void uart_init(void);

/* Waits (bounded) for room and sends. For boot and panics. */
void uart_early_write(char character);

/* Whether a character can be sent without waiting, and sending it. */
bool uart_can_send(void);
void uart_send(char character);

/* Takes a received character; false: none. */
bool uart_receive(char *character);

/* Interrupt on received characters, always; and on room to send, while `enable`. */
void uart_interrupts_init(void);
void uart_transmit_interrupt(bool enable);
