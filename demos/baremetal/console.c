/* SPDX-License-Identifier: Apache-2.0 */
/* A PL011 driver (PrimeCell UART, DDI 0183) and print(). Any vCPU may call it; what one print() writes
 * stays together once the MMU is on, which exclusive accesses, and so locks, need. */

#include "console.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "cpu.h"
#include "format.h"
#include "mmio.h"

#define UARTDR (CONSOLE_BASE + 0x00)
#define UARTFR (CONSOLE_BASE + 0x18)
#define UARTLCR_H (CONSOLE_BASE + 0x2c)
#define UARTCR (CONSOLE_BASE + 0x30)
#define UARTIMSC (CONSOLE_BASE + 0x38)

#define UARTFR_RXFE (1u << 4) /* receive FIFO empty */
#define UARTFR_TXFF (1u << 5) /* transmit FIFO full */
#define UARTLCR_H_FEN (1u << 4)
#define UARTLCR_H_WLEN_8 (3u << 5)
#define UARTCR_UARTEN (1u << 0)
#define UARTCR_TXE (1u << 8)
#define UARTCR_RXE (1u << 9)
#define UARTINT_RX (1u << 4)
#define UARTINT_RT (1u << 6) /* receive time-out: fewer characters than the FIFO's trigger level */

#define SCTLR_M (UINT64_C(1) << 0)

#define NOBODY UINT32_MAX

/* Which vCPU is writing. */
static _Atomic uint32_t writer = NOBODY;

void console_init(void)
{
	mmio_write32(UARTCR, 0);
	mmio_write32(UARTLCR_H, UARTLCR_H_WLEN_8 | UARTLCR_H_FEN);
	mmio_write32(UARTCR, UARTCR_UARTEN | UARTCR_TXE | UARTCR_RXE);
}

static void put(char c)
{
	while ((mmio_read32(UARTFR) & UARTFR_TXFF) != 0) {
	}
	mmio_write32(UARTDR, (uint8_t)c);
}

/*
 * Interrupts stay on, since a slow UART must not delay them; a handler that prints in the middle of a
 * line is let through.
 */
void console_write(const char *text, size_t length)
{
	uint32_t nobody = NOBODY;
	bool locks = (cpu_read(SCTLR_EL1) & SCTLR_M) != 0 &&
		     atomic_load_explicit(&writer, memory_order_relaxed) != cpu_id();

	while (locks &&
	       !atomic_compare_exchange_weak_explicit(&writer, &nobody, cpu_id(),
						      memory_order_acquire, memory_order_relaxed)) {
		nobody = NOBODY;
	}
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\n') {
			put('\r');
		}
		put(text[i]);
	}
	if (locks) {
		atomic_store_explicit(&writer, NOBODY, memory_order_release);
	}
}

int console_read(void)
{
	if ((mmio_read32(UARTFR) & UARTFR_RXFE) != 0) {
		return -1;
	}
	return (int)(mmio_read32(UARTDR) & 0xff);
}

void console_input_interrupt(void)
{
	mmio_write32(UARTIMSC, UARTINT_RX | UARTINT_RT);
}

void print(const char *format, ...)
{
	char text[256];
	size_t length;
	va_list list;

	va_start(list, format);
	length = format_list(text, sizeof(text), format, list);
	va_end(list);
	console_write(text, length);
}
