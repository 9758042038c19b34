/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PL011 UART (Arm DDI 0183G) as the hypervisor's console. Its baud rate divisors are the firmware's
 * unless the board gives the clock. No lock: used by one CPU at a time, see core/console.c.
 */
#include <bao/drivers/uart.h>

#include <bao/io.h>
#include <bao/util.h>
#include <plan.h>

#define UARTDR 0x000
#define UARTFR 0x018
#define UARTIBRD 0x024
#define UARTFBRD 0x028
#define UARTLCR_H 0x02c
#define UARTCR 0x030
#define UARTIFLS 0x034
#define UARTIMSC 0x038
#define UARTICR 0x044

#define FR_RXFE BIT32(4)
#define FR_TXFF BIT32(5)
#define LCR_H_8N1_FIFO (BIT32(4) | BIT32(5) | BIT32(6)) /* FEN, WLEN = 8 bits */
#define CR_ENABLED (BIT32(0) | BIT32(8) | BIT32(9))     /* UARTEN, TXE, RXE */
#define IFLS_RX_EIGHTH_TX_HALF (UINT32_C(0) << 3 | UINT32_C(2))
#define INT_RX BIT32(4)
#define INT_TX BIT32(5)
#define INT_RT BIT32(6)
#define INT_ALL UINT32_C(0x7ff)

#define BAUD_RATE UINT64_C(115200)

/* Polls before a character is sent regardless: a second at 1 GHz is far less than this many reads. */
#define SEND_POLLS 10000000u

void uart_init(void)
{
	mmio_write32(PLAN_UART_BASE + UARTIMSC, 0);
	if (PLAN_UART_CLOCK_HZ != 0) {
		/* Divisor in 1/64: clock / (16 * baud), rounded. */
		uint64_t divisor = (UINT64_C(4) * PLAN_UART_CLOCK_HZ + BAUD_RATE / 2) / BAUD_RATE;

		mmio_write32(PLAN_UART_BASE + UARTCR, 0);
		mmio_write32(PLAN_UART_BASE + UARTIBRD, (uint32_t)(divisor >> 6));
		mmio_write32(PLAN_UART_BASE + UARTFBRD, (uint32_t)(divisor & 63));
		mmio_write32(PLAN_UART_BASE + UARTLCR_H, LCR_H_8N1_FIFO);
	}
	mmio_write32(PLAN_UART_BASE + UARTCR, CR_ENABLED);
}

bool uart_can_send(void)
{
	return (mmio_read32(PLAN_UART_BASE + UARTFR) & FR_TXFF) == 0;
}

void uart_send(char character)
{
	mmio_write32(PLAN_UART_BASE + UARTDR, (uint8_t)character);
}

void uart_early_write(char character)
{
	for (uint32_t i = 0; i < SEND_POLLS && !uart_can_send(); i++) {
	}
	uart_send(character);
}

bool uart_receive(char *character)
{
	if ((mmio_read32(PLAN_UART_BASE + UARTFR) & FR_RXFE) != 0) {
		return false;
	}
	*character = (char)mmio_read32(PLAN_UART_BASE + UARTDR);
	return true;
}

void uart_interrupts_init(void)
{
	mmio_write32(PLAN_UART_BASE + UARTIFLS, IFLS_RX_EIGHTH_TX_HALF);
	mmio_write32(PLAN_UART_BASE + UARTICR, INT_ALL);
	mmio_write32(PLAN_UART_BASE + UARTIMSC, INT_RX | INT_RT);
}

void uart_transmit_interrupt(bool enable)
{
	mmio_write32(PLAN_UART_BASE + UARTIMSC,
		     enable ? INT_RX | INT_RT | INT_TX : INT_RX | INT_RT);
}
