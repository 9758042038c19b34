/* SPDX-License-Identifier: Apache-2.0 */
/* The fake console UART, see uart.h. */
#include <fake/uart.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bao/drivers/uart.h>
#include <fake/machine.h>

#define OUTPUT_SIZE 65536

uint32_t fake_uart_room;
bool fake_uart_tx_interrupt;
bool fake_uart_waited;
void (*fake_uart_on_rest)(void);

static char sent[OUTPUT_SIZE], shown[OUTPUT_SIZE];
static size_t sent_count;
static char typed[OUTPUT_SIZE];
static size_t typed_at, typed_count;

void fake_uart_reset(void)
{
	fake_uart_room = UINT32_MAX;
	fake_uart_tx_interrupt = false;
	fake_uart_waited = false;
	fake_uart_on_rest = NULL;
	sent_count = 0;
	typed_at = 0;
	typed_count = 0;
}

const char *fake_uart_output(void)
{
	memcpy(shown, sent, sent_count);
	shown[sent_count] = '\0';
	sent_count = 0;
	return shown;
}

void fake_uart_type(const char *text)
{
	for (; *text != '\0'; text++) {
		typed[typed_count++] = *text;
	}
}

bool fake_uart_input_left(void)
{
	return typed_at < typed_count;
}

void uart_init(void)
{
	fake_note("uart_init");
}

static void append(char character)
{
	if (sent_count + 1 >= OUTPUT_SIZE) {
		fputs("the fake UART's output is full\n", stderr);
		abort();
	}
	sent[sent_count++] = character;
}

void uart_early_write(char character)
{
	fake_uart_waited = true;
	append(character);
}

bool uart_can_send(void)
{
	return fake_uart_room > 0;
}

void uart_send(char character)
{
	if (fake_uart_room == 0) {
		fputs("uart_send() without room\n", stderr);
		abort();
	}
	if (fake_uart_room != UINT32_MAX) {
		fake_uart_room--;
	}
	append(character);
}

bool uart_receive(char *character)
{
	if (typed_at == typed_count) {
		return false;
	}
	*character = typed[typed_at++];
	return true;
}

void uart_interrupts_init(void)
{
	fake_note("uart_interrupts_init");
}

void uart_transmit_interrupt(bool enable)
{
	fake_uart_tx_interrupt = enable;
	if (!enable && fake_uart_on_rest != NULL) {
		fake_uart_on_rest();
	}
}
