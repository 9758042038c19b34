/* SPDX-License-Identifier: Apache-2.0 */
/* core/mmio.c: from a VM address to a window, and from an offset to a row of a register table. */
#include <fake/test.h>

#include <bao/arch/inline.h>
#include <bao/ipc.h>
#include <bao/mmio.h>
#include <bao/remio.h>
#include <bao/vuart.h>
#include <fake/irqchip.h>
#include <fake/machine.h>

/* ---- windows: the handlers of the devices note who was called -------------------------------------- */

static uint64_t answer;

static bool note_access(const char *who, const struct plan_window *window,
			struct mmio_access *access)
{
	fake_note("%s %u 0x%llx", who, window->argument, (unsigned long long)access->offset);
	if (!access->write) {
		access->value = answer;
	}
	return access->offset != 0x666;
}

bool vuart_access(const struct plan_window *window, struct mmio_access *access)
{
	return note_access("uart", window, access);
}

bool ipc_doorbell_access(const struct plan_window *window, struct mmio_access *access)
{
	return note_access("doorbell", window, access);
}

bool remio_access(const struct plan_window *window, struct mmio_access *access)
{
	return note_access("remio", window, access);
}

static bool read_at(uint64_t ipa, uint32_t size, uint64_t *value)
{
	struct mmio_access access = { .size = size };
	bool known = mmio_emulate(ipa, &access);

	*value = access.value;
	return known;
}

static int setup(void **state)
{
	(void)state;
	fake_machine_boot(CPU_ALPHA_1);
	fake_irqchip_reset();
	answer = 0x11;
	return 0;
}

static void every_kind_of_window(void **state)
{
	uint64_t value;

	(void)state;
	assert_true(read_at(0x08000104, 4, &value));
	assert_true(read_at(0x080a0004, 4, &value));
	assert_true(read_at(0x09000018, 4, &value));
	assert_true(read_at(0x60000ff8, 8, &value));
	assert_true(read_at(0x60001000, 4, &value));
	assert_trace("irqchip 0 0x104; irqchip 1 0x4; uart 0 0x18; remio 0 0xff8; doorbell 1 0x0");
	/* The same address is another VM's window, or none. */
	fake_be(CPU_GAMMA);
	assert_true(read_at(0x60000010, 4, &value));
	assert_false(read_at(0x09000018, 4, &value));
	fake_be(CPU_BETA);
	assert_false(read_at(0x60000010, 4, &value));
	assert_true(read_at(0x70010ffc, 4, &value));
	assert_trace("remio 1 0x10; doorbell 0 0xffc");
}

static void window_ends(void **state)
{
	uint64_t value;

	(void)state;
	assert_true(read_at(0x09000000, 1, &value));
	assert_true(read_at(0x09000fff, 1, &value));
	assert_true(read_at(0x09000ff8, 8, &value));
	(void)fake_trace();
	assert_false(read_at(0x08ffffff, 1, &value));
	assert_false(read_at(0x09001000, 1, &value));
	assert_false(read_at(0x09000ff9, 8, &value)); /* runs over the end */
	assert_false(read_at(0x09000ffd, 4, &value));
	assert_false(read_at(0x09000fff, 2, &value));
	assert_false(read_at(0, 4, &value));
	assert_false(read_at(UINT64_MAX, 1, &value));
	assert_false(read_at(0x40000000, 4, &value)); /* memory is no window */
	assert_false(read_at(0x60000ffc, 8, &value)); /* from one into the next */
	assert_trace("");
	fake_be(CPU_GAMMA); /* a window that does not end on a word */
	assert_true(read_at(0x60000204, 2, &value));
	assert_false(read_at(0x60000204, 4, &value));
}

static void device_may_refuse(void **state)
{
	uint64_t value;

	(void)state;
	assert_false(read_at(0x09000666, 2, &value));
	assert_trace("uart 0 0x666");
}

/* Whatever a device answers, a load of one byte gets a byte. */
static void reads_are_cut_to_their_size(void **state)
{
	uint64_t value;

	(void)state;
	answer = UINT64_C(0xfedcba9876543210);
	assert_true(read_at(0x09000000, 1, &value));
	assert_u64(value, 0x10);
	assert_true(read_at(0x09000000, 2, &value));
	assert_u64(value, 0x3210);
	assert_true(read_at(0x60000000, 4, &value));
	assert_u64(value, 0x76543210);
	assert_true(read_at(0x60000000, 8, &value));
	assert_u64(value, UINT64_C(0xfedcba9876543210));
}

/* ---- tables ---------------------------------------------------------------------------------------- */

static uint64_t read_row(void *context, const struct mmio_access *access)
{
	*(uint64_t *)context = access->offset;
	return 0xabc;
}

static void write_row(void *context, const struct mmio_access *access)
{
	*(uint64_t *)context = access->offset | access->value << 32;
}

static const struct mmio_register table[] = {
	{ 0x10, 4, MMIO_32, read_row, write_row },
	{ 0x14, 4, MMIO_8 | MMIO_16 | MMIO_32, read_row, NULL },
	{ 0x20, 16, MMIO_32 | MMIO_64, NULL, write_row },
	{ 0x40, 8, MMIO_64, read_row, write_row },
	{ 0xffc, 4, MMIO_32, read_row, write_row },
};

#define UNTOUCHED UINT64_MAX

static uint64_t touched;

static bool do_access(size_t rows, uint64_t offset, uint32_t size, bool write, uint64_t *value)
{
	struct mmio_access access = {
		.offset = offset, .size = size, .write = write, .value = *value
	};
	bool known;

	touched = UNTOUCHED;
	known = mmio_table_access(table, rows, &touched, &access);
	*value = access.value;
	return known;
}

/* The row of an offset, looked for the slow way. */
static const struct mmio_register *row_at(size_t rows, uint64_t offset)
{
	for (size_t i = 0; i < rows; i++) {
		if (offset >= table[i].first && offset < table[i].first + table[i].length) {
			return &table[i];
		}
	}
	return NULL;
}

/* Every offset, size and direction, with tables of every length. */
static void every_access(void **state)
{
	(void)state;
	for (size_t rows = 0; rows <= ARRAY_SIZE(table); rows++) {
		for (uint64_t offset = 0; offset < 0x1010; offset++) {
			for (uint32_t size = 1; size <= 8; size *= 2) {
				const struct mmio_register *row = row_at(rows, offset);
				bool aligned = offset % size == 0;
				bool allowed = row == NULL || (row->sizes & (1U << size)) != 0;
				uint64_t value = 0x55;

				assert_int_equal(do_access(rows, offset, size, false, &value),
						 aligned && allowed);
				if (aligned && allowed) {
					bool reads = row != NULL && row->read != NULL;

					assert_u64(value, reads ? 0xabc : 0);
					assert_u64(touched, reads ? offset : UNTOUCHED);
				} else {
					assert_u64(touched, UNTOUCHED);
				}
				value = 0x55;
				assert_int_equal(do_access(rows, offset, size, true, &value),
						 aligned && allowed);
				assert_u64(touched,
					   aligned && allowed && row != NULL && row->write != NULL
						   ? offset | UINT64_C(0x55) << 32
						   : UNTOUCHED);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_SETUP(every_kind_of_window, setup),
		TEST_SETUP(window_ends, setup),
		TEST_SETUP(device_may_refuse, setup),
		TEST_SETUP(reads_are_cut_to_their_size, setup),
		TEST_SETUP(every_access, setup),
	};

	return RUN_TESTS(tests);
}
