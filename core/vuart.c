/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Virtual PL011. The guest's CPUs write registers under `lock`; the console's CPU only puts characters
 * into the receive FIFO and sets bits of `raised`, without it. Register names: Arm DDI 0183.
 */
#include <bao/vuart.h>

#include <stdatomic.h>

#include <bao/arch/inline.h>
#include <bao/console.h>
#include <bao/cpu.h>
#include <bao/drivers/irqchip.h>
#include <bao/spinlock.h>

#define FIFO_SIZE 32u /* characters, as PL011 r1p5; a power of two */

#define FR_RXFE BIT32(4)
#define FR_TXFF BIT32(5)
#define FR_RXFF BIT32(6)
#define FR_TXFE BIT32(7)

#define INT_RX BIT32(4)
#define INT_TX BIT32(5)
#define INT_RT BIT32(6)
#define INT_ALL UINT32_C(0x7ff)

#define CR_RESET UINT32_C(0x300)  /* RXE, TXE */
#define IFLS_RESET UINT32_C(0x12) /* both triggers at half */

struct vuart {
	struct spinlock lock;
	uint32_t ilpr, ibrd, fbrd, lcr_h, cr, ifls, dmacr; /* kept, without effect */
	_Atomic uint32_t imsc;
	_Atomic uint32_t tx_raised; /* INT_TX or 0: the transmit interrupt is latched */
	_Atomic uint32_t line;      /* 1: the interrupt was made pending and not taken back */
	_Atomic uint32_t fifo_head; /* written by the console's CPU */
	_Atomic uint32_t fifo_tail; /* written under lock */
	char fifo[FIFO_SIZE];
};

static struct vuart vuarts[PLAN_VM_COUNT];

static uint32_t vm_of(const struct vuart *uart)
{
	return (uint32_t)(uart - vuarts);
}

static uint32_t fifo_level(const struct vuart *uart)
{
	return atomic_load_explicit(&uart->fifo_head, memory_order_acquire) -
	       atomic_load_explicit(&uart->fifo_tail, memory_order_acquire);
}

static bool transmit_full(const struct vuart *uart)
{
	return console_vm_queued(vm_of(uart)) >= console_vm_capacity();
}

static uint32_t raw_status(const struct vuart *uart)
{
	uint32_t raw = atomic_load_explicit(&uart->tx_raised, memory_order_relaxed);

	return fifo_level(uart) > 0 ? raw | INT_RX | INT_RT : raw;
}

static bool asserted(const struct vuart *uart)
{
	return (raw_status(uart) & atomic_load_explicit(&uart->imsc, memory_order_relaxed)) != 0;
}

static void raise_line(struct vuart *uart)
{
	atomic_store_explicit(&uart->line, 1, memory_order_relaxed);
	irqchip_raise(plan_vms[vm_of(uart)].uart_irq);
}

/*
 * Makes the interrupt line follow the registers. A character may arrive from the console's CPU between
 * the look and the lowering, hence the second look.
 */
static void update_line(struct vuart *uart)
{
	if (asserted(uart)) {
		raise_line(uart);
	} else if (atomic_exchange_explicit(&uart->line, 0, memory_order_relaxed) != 0) {
		irqchip_lower(plan_vms[vm_of(uart)].uart_irq);
		if (asserted(uart)) {
			raise_line(uart);
		}
	}
}

static uint64_t read_dr(void *context, const struct mmio_access *access)
{
	struct vuart *uart = context;
	uint32_t tail = atomic_load_explicit(&uart->fifo_tail, memory_order_relaxed);
	char character;

	(void)access;
	if (fifo_level(uart) == 0) {
		return 0;
	}
	character = uart->fifo[tail % FIFO_SIZE];
	/* Pairs with the acquire in vuart_receive(): the place is free. */
	atomic_store_explicit(&uart->fifo_tail, tail + 1, memory_order_release);
	return (uint8_t)character;
}

static void write_dr(void *context, const struct mmio_access *access)
{
	struct vuart *uart = context;
	char character = (char)access->value;

	/* What does not fit is lost, as in a full FIFO. */
	(void)console_vm_write(vm_of(uart), &character, 1);
	if (console_vm_queued(vm_of(uart)) <= console_vm_capacity() / 2) {
		atomic_store_explicit(&uart->tx_raised, INT_TX, memory_order_relaxed);
	}
}

static uint64_t read_fr(void *context, const struct mmio_access *access)
{
	struct vuart *uart = context;
	uint32_t level = fifo_level(uart);

	(void)access;
	return (level == 0 ? FR_RXFE : 0) | (level == FIFO_SIZE ? FR_RXFF : 0) |
	       (transmit_full(uart) ? FR_TXFF : FR_TXFE);
}

/* Registers that only hold what was written, by offset. */
static uint32_t *plain_register(struct vuart *uart, uint64_t offset)
{
	switch (offset) {
	case 0x20:
		return &uart->ilpr;
	case 0x24:
		return &uart->ibrd;
	case 0x28:
		return &uart->fbrd;
	case 0x2c:
		return &uart->lcr_h;
	case 0x30:
		return &uart->cr;
	case 0x34:
		return &uart->ifls;
	default:
		return &uart->dmacr;
	}
}

static uint64_t read_plain(void *context, const struct mmio_access *access)
{
	return *plain_register(context, access->offset);
}

static void write_plain(void *context, const struct mmio_access *access)
{
	*plain_register(context, access->offset) = (uint32_t)access->value & UINT32_C(0xffff);
}

static uint64_t read_imsc(void *context, const struct mmio_access *access)
{
	struct vuart *uart = context;

	(void)access;
	return atomic_load_explicit(&uart->imsc, memory_order_relaxed);
}

static void write_imsc(void *context, const struct mmio_access *access)
{
	struct vuart *uart = context;

	atomic_store_explicit(&uart->imsc, (uint32_t)access->value & INT_ALL, memory_order_relaxed);
}

static uint64_t read_ris(void *context, const struct mmio_access *access)
{
	(void)access;
	return raw_status(context);
}

static uint64_t read_mis(void *context, const struct mmio_access *access)
{
	return raw_status(context) & read_imsc(context, access);
}

static void write_icr(void *context, const struct mmio_access *access)
{
	struct vuart *uart = context;

	atomic_fetch_and_explicit(&uart->tx_raised, ~(uint32_t)access->value, memory_order_relaxed);
}

/* UARTPeriphID0-3 and UARTPCellID0-3 of revision r1p5. */
static uint64_t read_id(void *context, const struct mmio_access *access)
{
	static const uint8_t ids[] = { 0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

	(void)context;
	return ids[(access->offset - 0xfe0) / sizeof(uint32_t)];
}

#define SIZES (MMIO_8 | MMIO_16 | MMIO_32)

static const struct mmio_register vuart_registers[] = {
	{ 0x000, 4, SIZES, read_dr, write_dr },
	{ 0x004, 4, SIZES, NULL, NULL }, /* RSR/ECR: no error ever */
	{ 0x018, 4, SIZES, read_fr, NULL },
	{ 0x020, 24, SIZES, read_plain, write_plain }, /* ILPR, IBRD, FBRD, LCR_H, CR, IFLS */
	{ 0x038, 4, SIZES, read_imsc, write_imsc },
	{ 0x03c, 4, SIZES, read_ris, NULL },
	{ 0x040, 4, SIZES, read_mis, NULL },
	{ 0x044, 4, SIZES, NULL, write_icr },
	{ 0x048, 4, SIZES, read_plain, write_plain }, /* DMACR */
	{ 0xfe0, 32, SIZES, read_id, NULL },
};

bool vuart_access(const struct plan_window *window, struct mmio_access *access)
{
	struct vuart *uart = &vuarts[arch_cpu_self()->vcpu.vm];
	bool known;

	(void)window;
	/* Registers are words; the bytes above the first read as zero. */
	if ((access->offset & (sizeof(uint32_t) - 1)) != 0) {
		access->value = 0;
		return true;
	}
	spin_lock(&uart->lock);
	known = mmio_table_access(vuart_registers, ARRAY_SIZE(vuart_registers), uart, access);
	update_line(uart);
	spin_unlock(&uart->lock);
	return known;
}

bool vuart_receive(uint32_t vm, char character)
{
	struct vuart *uart = &vuarts[vm];
	uint32_t head = atomic_load_explicit(&uart->fifo_head, memory_order_relaxed);

	if (fifo_level(uart) == FIFO_SIZE) {
		return false;
	}
	uart->fifo[head % FIFO_SIZE] = character;
	/* Pairs with the acquire in fifo_level(): the character is there. */
	atomic_store_explicit(&uart->fifo_head, head + 1, memory_order_release);
	update_line(uart);
	return true;
}

void vuart_transmit_ready(uint32_t vm)
{
	struct vuart *uart = &vuarts[vm];

	atomic_store_explicit(&uart->tx_raised, INT_TX, memory_order_relaxed);
	update_line(uart);
}

void vuart_reset(uint32_t vm)
{
	struct vuart *uart = &vuarts[vm];
	uint32_t head = atomic_load_explicit(&uart->fifo_head, memory_order_acquire);

	uart->ilpr = 0;
	uart->ibrd = 0;
	uart->fbrd = 0;
	uart->lcr_h = 0;
	uart->cr = CR_RESET;
	uart->ifls = IFLS_RESET;
	uart->dmacr = 0;
	atomic_store_explicit(&uart->imsc, 0, memory_order_relaxed);
	atomic_store_explicit(&uart->tx_raised, 0, memory_order_relaxed);
	atomic_store_explicit(&uart->line, 0, memory_order_relaxed);
	atomic_store_explicit(&uart->fifo_tail, head, memory_order_relaxed);
}
