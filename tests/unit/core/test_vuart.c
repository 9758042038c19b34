/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/vuart.c: every register as a driver sees it, the receive FIFO, flow control, and the interrupt line.
 * vuart.c is included for its table and its state; the console is the test's own.
 */
#include <fake/test.h>

#include <fake/irqchip.h>
#include <fake/machine.h>

#include <core/vuart.c>

#define DR 0x000
#define FR 0x018
#define IMSC 0x038
#define RIS 0x03c
#define MIS 0x040
#define ICR 0x044

#define CAPACITY 16u
#define ALPHA_IRQ 40

/* ---- the console's side --------------------------------------------------------------------------- */

static char written[CAPACITY + 1];
static size_t queued_now;

size_t console_vm_write(uint32_t vm, const char *text, size_t length)
{
	assert_int_equal(vm, fake_self->vcpu.vm);
	assert_int_equal(length, 1);
	if (queued_now == CAPACITY) {
		return 0;
	}
	written[queued_now++] = *text;
	return 1;
}

size_t console_vm_queued(uint32_t vm)
{
	(void)vm;
	return queued_now;
}

size_t console_vm_capacity(void)
{
	return CAPACITY;
}

void console_service(void)
{
}

void console_flush(void)
{
}

/* The console has sent all but `left` characters. */
static void drain(size_t left)
{
	queued_now = left;
}

/* ---- the guest's side -------------------------------------------------------------------------------- */

static bool access_uart(uint64_t offset, uint32_t size, bool write, uint64_t *value)
{
	static const struct plan_window window = { 0x09000000, 0x1000, PLAN_WINDOW_UART, 0 };
	struct mmio_access access = {
		.offset = offset, .size = size, .write = write, .value = *value
	};
	bool known = vuart_access(&window, &access);

	*value = access.value;
	return known;
}

static uint32_t read_register(uint64_t offset)
{
	uint64_t value = 0x5a5a5a5a;

	assert_true(access_uart(offset, 4, false, &value));
	assert_true(value <= UINT32_MAX);
	return (uint32_t)value;
}

static void write_register(uint64_t offset, uint64_t value)
{
	assert_true(access_uart(offset, 4, true, &value));
}

/* Whether the interrupt is pending, as the physical controller saw it last. */
static bool line_is_up(void)
{
	return vuarts[ALPHA].line != 0;
}

static int setup(void **state)
{
	(void)state;
	fake_machine_boot(CPU_ALPHA_1);
	fake_irqchip_reset();
	cpus_init();
	memset(vuarts, 0, sizeof(vuarts));
	memset(written, 0, sizeof(written));
	queued_now = 0;
	vuart_reset(ALPHA);
	vuart_reset(BETA);
	return 0;
}

/* ---- registers ------------------------------------------------------------------------------------------ */

static void table_is_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(vuart_registers); i++) {
		const struct mmio_register *row = &vuart_registers[i];

		assert_int_equal(row->first % 4, 0);
		assert_int_equal(row->length % 4, 0);
		assert_true(row->length > 0);
		assert_true(row->first + row->length <= 0x1000);
		if (i > 0) {
			assert_true(row[-1].first + row[-1].length <= row->first);
		}
	}
}

/* Offset, value at reset, and the bits that keep what is written, of every register. */
static const struct {
	uint32_t offset, reset, writable;
} registers[] = {
	{ 0x000, 0, 0 },      { 0x004, 0, 0 },          { 0x018, 0x90, 0 },
	{ 0x020, 0, 0xffff }, { 0x024, 0, 0xffff },     { 0x028, 0, 0xffff },
	{ 0x02c, 0, 0xffff }, { 0x030, 0x300, 0xffff }, { 0x034, 0x12, 0xffff },
	{ 0x038, 0, 0x7ff },  { 0x03c, 0, 0 },          { 0x040, 0, 0 },
	{ 0x044, 0, 0 },      { 0x048, 0, 0xffff },     { 0xfe0, 0x11, 0 },
	{ 0xfe4, 0x10, 0 },   { 0xfe8, 0x34, 0 },       { 0xfec, 0, 0 },
	{ 0xff0, 0x0d, 0 },   { 0xff4, 0xf0, 0 },       { 0xff8, 0x05, 0 },
	{ 0xffc, 0xb1, 0 },
};

static void registers_at_reset(void **state)
{
	size_t next = 0;

	(void)state;
	for (uint32_t offset = 0; offset < 0x1000; offset += 4) {
		bool listed = next < ARRAY_SIZE(registers) && registers[next].offset == offset;

		assert_int_equal(read_register(offset), listed ? registers[next].reset : 0);
		next += listed ? 1 : 0;
	}
	assert_int_equal(next, ARRAY_SIZE(registers));
}

static void registers_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(registers); i++) {
		uint32_t offset = registers[i].offset;

		if (offset == DR) {
			continue;
		}
		setup(NULL);
		write_register(offset, UINT32_MAX);
		assert_int_equal(read_register(offset), registers[i].writable != 0
								? registers[i].writable
								: registers[i].reset);
		/* Nothing else changed, and alpha's reset puts it back. Its neighbour has its own. */
		for (size_t j = 0; j < ARRAY_SIZE(registers); j++) {
			if (j != i) {
				assert_int_equal(read_register(registers[j].offset),
						 registers[j].reset);
			}
		}
		fake_be(CPU_BETA);
		assert_int_equal(read_register(offset), registers[i].reset);
		fake_be(CPU_ALPHA_1);
		vuart_reset(ALPHA);
		assert_int_equal(read_register(offset), registers[i].reset);
	}
}

static void sizes(void **state)
{
	uint64_t value = 0;

	(void)state;
	for (uint32_t size = 1; size <= 4; size *= 2) {
		for (size_t i = 0; i < ARRAY_SIZE(registers); i++) {
			assert_true(access_uart(registers[i].offset, size, false, &value));
		}
	}
	assert_false(access_uart(0x020, 8, false, &value));
	assert_false(access_uart(0x020, 8, true, &value));
	assert_false(access_uart(0xfe0, 8, false, &value));
	assert_false(access_uart(0x024, 8, false, &value));
	/* Above a word's first byte there is nothing. */
	value = 0x77;
	assert_true(access_uart(0x031, 1, false, &value));
	assert_u64(value, 0);
	value = 'x';
	assert_true(access_uart(0x001, 1, true, &value));
	assert_true(access_uart(0x002, 2, true, &value));
	assert_int_equal(queued_now, 0);
}

/* ---- sending --------------------------------------------------------------------------------------------- */

static void characters_go_to_the_console(void **state)
{
	uint64_t value = 'b';

	(void)state;
	write_register(DR, 'a');
	assert_true(access_uart(DR, 1, true, &value));
	value = 0x4263; /* the upper bits of DR are not data */
	assert_true(access_uart(DR, 2, true, &value));
	assert_string_equal(written, "abc");
	assert_int_equal(read_register(FR), FR_RXFE | FR_TXFE);
	assert_trace("");
}

static void full_ring(void **state)
{
	(void)state;
	for (size_t i = 0; i < CAPACITY; i++) {
		assert_int_equal(read_register(FR) & FR_TXFF, 0);
		write_register(DR, 'a' + i);
	}
	assert_int_equal(read_register(FR), FR_RXFE | FR_TXFF);
	write_register(DR, 'Z'); /* lost */
	assert_string_equal(written, "abcdefghijklmnop");
	drain(CAPACITY - 1);
	assert_int_equal(read_register(FR), FR_RXFE | FR_TXFE);
}

/* As Linux sends: interrupt on, fill, wait for the interrupt, fill again. */
static void transmit_interrupt(void **state)
{
	(void)state;
	write_register(IMSC, INT_TX);
	assert_false(line_is_up());
	write_register(DR, 'a'); /* room is left: more may come at once */
	assert_true(line_is_up());
	assert_trace("raise 40");
	assert_int_equal(read_register(RIS), INT_TX);
	assert_int_equal(read_register(MIS), INT_TX);
	write_register(ICR, INT_TX);
	assert_int_equal(read_register(MIS), 0);
	assert_false(line_is_up());
	(void)fake_trace();
	drain(CAPACITY);
	write_register(DR, 'x');
	assert_false(line_is_up());
	drain(CAPACITY / 2);
	vuart_transmit_ready(ALPHA);
	assert_true(line_is_up());
	assert_trace("raise 40");
	assert_int_equal(fake_irqchip_raised[41], 0);
	/* Masked, it stays latched; unmasked, it is there. */
	write_register(IMSC, 0);
	assert_false(line_is_up());
	assert_trace("lower 40");
	assert_int_equal(read_register(RIS), INT_TX);
	assert_int_equal(read_register(MIS), 0);
	write_register(IMSC, INT_TX);
	assert_trace("raise 40");
}

/* A character written while more than half is queued does not say that there is room. */
static void no_transmit_interrupt_above_half(void **state)
{
	(void)state;
	write_register(IMSC, INT_TX);
	drain(CAPACITY / 2);
	write_register(DR, 'x');
	assert_int_equal(read_register(RIS), 0);
	drain(CAPACITY / 2 - 1);
	write_register(DR, 'x');
	assert_int_equal(read_register(RIS), INT_TX);
}

/* ---- receiving --------------------------------------------------------------------------------------------- */

static void characters_come_in_order(void **state)
{
	(void)state;
	assert_true(vuart_receive(ALPHA, 'h'));
	assert_true(vuart_receive(ALPHA, '\xff'));
	assert_trace(""); /* nobody asked for an interrupt */
	assert_int_equal(read_register(FR), FR_TXFE);
	assert_int_equal(read_register(RIS), INT_RX | INT_RT);
	assert_int_equal(read_register(DR), 'h');
	assert_int_equal(read_register(DR), 0xff);
	assert_int_equal(read_register(FR), FR_TXFE | FR_RXFE);
	assert_int_equal(read_register(DR), 0);
	assert_int_equal(read_register(RIS), 0);
}

static void fifo_overflow(void **state)
{
	(void)state;
	/* From any starting point, so that it wraps. */
	for (uint32_t start = 0; start < FIFO_SIZE + 3; start += 5) {
		setup(NULL);
		for (uint32_t i = 0; i < start; i++) {
			assert_true(vuart_receive(ALPHA, 'x'));
			assert_int_equal(read_register(DR), 'x');
		}
		for (uint32_t i = 0; i < FIFO_SIZE; i++) {
			assert_int_equal(read_register(FR) & FR_RXFF, 0);
			assert_true(vuart_receive(ALPHA, (char)('A' + i)));
		}
		assert_int_equal(read_register(FR), FR_TXFE | FR_RXFF);
		assert_false(vuart_receive(ALPHA, '!'));
		assert_true(vuart_receive(BETA, 'b'));
		for (uint32_t i = 0; i < FIFO_SIZE; i++) {
			assert_int_equal(read_register(DR), 'A' + i);
		}
		assert_int_equal(read_register(FR), FR_TXFE | FR_RXFE);
	}
}

static void receive_interrupt(void **state)
{
	(void)state;
	for (int with = 0; with < 2; with++) {
		setup(NULL);
		write_register(IMSC, with == 0 ? INT_RX : INT_RT);
		assert_true(vuart_receive(ALPHA, 'a'));
		assert_trace("raise 40");
		assert_true(vuart_receive(ALPHA, 'b'));
		(void)fake_trace();
		/* The handler takes one and ends: the line is up again for the other. */
		assert_int_equal(read_register(DR), 'a');
		assert_trace("raise 40");
		assert_int_equal(read_register(DR), 'b');
		assert_trace("lower 40");
		assert_int_equal(read_register(MIS), 0);
		assert_trace("");
		/* ICR has no say: the level is that of the FIFO. */
		assert_true(vuart_receive(ALPHA, 'c'));
		write_register(ICR, INT_ALL);
		assert_int_equal(read_register(RIS), INT_RX | INT_RT);
		assert_true(line_is_up());
	}
}

/* What was typed before the driver is there is told when it is. */
static void interrupt_when_unmasked(void **state)
{
	(void)state;
	assert_true(vuart_receive(ALPHA, 'a'));
	assert_false(line_is_up());
	write_register(IMSC, INT_RX);
	assert_true(line_is_up());
	assert_trace("raise 40");
}

static void reset_forgets(void **state)
{
	(void)state;
	write_register(IMSC, INT_RX | INT_TX);
	assert_true(vuart_receive(ALPHA, 'a'));
	write_register(DR, 'x');
	vuart_reset(ALPHA);
	assert_int_equal(read_register(FR), FR_TXFE | FR_RXFE);
	assert_int_equal(read_register(RIS), 0);
	assert_false(line_is_up());
	(void)fake_trace();
	assert_true(vuart_receive(ALPHA, 'b'));
	assert_trace("");
	assert_int_equal(read_register(DR), 'b');
}

/* ---- whatever the order, the line is right ------------------------------------------------------------------ */

/*
 * Random accesses and characters. The physical line is modelled as pending or not, and taken at random as
 * a CPU takes it: whenever an interrupt is asserted, it is pending, or was taken after the last change.
 */
static void line_follows_the_registers(void **state)
{
	struct test_random random = { 0x1234567 };
	uint32_t raised = 0, lowered = 0;
	bool pending = false;

	(void)state;
	for (unsigned int step = 0; step < 20000; step++) {
		uint32_t what = test_random_below(&random, 8);

		if (what == 0) {
			(void)vuart_receive(ALPHA, 'r');
		} else if (what == 1) {
			drain(test_random_below(&random, CAPACITY + 1));
			if (queued_now <= CAPACITY / 2) {
				vuart_transmit_ready(ALPHA);
			}
		} else if (what == 2) {
			write_register(IMSC, test_random(&random));
		} else if (what == 3) {
			write_register(ICR, test_random(&random));
		} else if (what == 4) {
			write_register(DR, 'w');
		} else {
			(void)read_register(what == 5 ? DR : what == 6 ? MIS : FR);
		}
		(void)fake_trace();
		if (fake_irqchip_raised[ALPHA_IRQ] != raised) {
			pending = true;
		} else if (fake_irqchip_lowered[ALPHA_IRQ] != lowered) {
			pending = false;
		}
		raised = fake_irqchip_raised[ALPHA_IRQ];
		lowered = fake_irqchip_lowered[ALPHA_IRQ];
		assert_int_equal(pending, (read_register(RIS) & read_register(IMSC)) != 0);
		(void)fake_trace();
		raised = fake_irqchip_raised[ALPHA_IRQ];
		lowered = fake_irqchip_lowered[ALPHA_IRQ];
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_SETUP(table_is_in_order, setup),
		TEST_SETUP(registers_at_reset, setup),
		TEST_SETUP(registers_written, setup),
		TEST_SETUP(sizes, setup),
		TEST_SETUP(characters_go_to_the_console, setup),
		TEST_SETUP(full_ring, setup),
		TEST_SETUP(transmit_interrupt, setup),
		TEST_SETUP(no_transmit_interrupt_above_half, setup),
		TEST_SETUP(characters_come_in_order, setup),
		TEST_SETUP(fifo_overflow, setup),
		TEST_SETUP(receive_interrupt, setup),
		TEST_SETUP(interrupt_when_unmasked, setup),
		TEST_SETUP(reset_forgets, setup),
		TEST_SETUP(line_follows_the_registers, setup),
	};

	return RUN_TESTS(tests);
}
