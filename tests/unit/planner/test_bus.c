/* SPDX-License-Identifier: Apache-2.0 */
/* The channels' PCI bus: configuration space as Linux reads it, memory, window and tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <libfdt.h>

#include "system.h"

#define BUS 0x3f000000u

static struct system *with_bus(void)
{
	struct system *s = system_new();

	s->vms[0].dtb.generate = true;
	s->vms[0].channel_bus = BUS;
	system_add_ipc(s, 0, 0x71000000, 121)->shmem_id = 0;
	s->lists[0].ipcs[0].doorbell = 0x70010000;
	if (!system_run(s)) {
		system_print(s);
		fail_msg("not planned");
	}
	return s;
}

static uint32_t word(const struct system *s, uint32_t function, uint32_t offset)
{
	const uint8_t *at = s->planner.model.vms[0].bus.file->data + function * 4096 + offset;

	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* An Enhanced Allocation entry, decoded the way the specification says. */
static void assert_entry(const struct system *s, uint32_t function, uint32_t offset, uint32_t bar,
			 uint64_t base, uint64_t size)
{
	uint32_t head = word(s, function, offset);
	uint64_t low = word(s, function, offset + 4);
	uint64_t last = word(s, function, offset + 8);

	assert_int_equal(head >> 31, 1); /* enabled */
	assert_int_equal(head & 7, 4);   /* double words that follow */
	assert_int_equal((head >> 4) & 15, bar);
	assert_int_equal((head >> 8) & 0xff, 0); /* memory, not prefetchable */
	assert_int_equal(low & last & 2, 2);     /* upper halves follow */
	assert_true((((uint64_t)word(s, function, offset + 12) << 32) | (low & ~UINT64_C(3))) ==
		    base);
	assert_true((((uint64_t)word(s, function, offset + 16) << 32) | last | 3) + 1 == size);
}

static void test_functions(void **state)
{
	struct system *s = with_bus();
	const struct ipc *first = &s->lists[0].ipcs[0];

	(void)state;
	for (uint32_t function = 0; function < 2; function++) {
		assert_int_equal(word(s, function, 0x00), 0x00010ba0);
		assert_int_equal(word(s, function, 0x04), 0x00180000); /* capabilities, pending */
		assert_int_equal(word(s, function, 0x0c), 0x00800000); /* several functions */
		assert_int_equal(word(s, function, 0x2c), function << 16 | 0x0ba0);
		assert_int_equal(word(s, function, 0x34), 0x40);
		assert_int_equal(word(s, function, 0x3c), 0x0100); /* INTA */
		assert_int_equal(word(s, function, 0x40) & 0xffff, 0x0014);
		for (uint32_t bar = 0x10; bar < 0x28; bar += 4) {
			assert_int_equal(word(s, function, bar), 0);
		}
	}
	assert_int_equal(word(s, 0, 0x40) >> 16, 2);
	assert_entry(s, 0, 0x44, 0, first->base, 0x10000);
	assert_entry(s, 0, 0x58, 2, 0x70010000, 0x1000);
	assert_int_equal(word(s, 1, 0x40) >> 16, 1); /* no doorbell */
	assert_entry(s, 1, 0x44, 0, 0x71000000, 0x10000);
	system_free(s);
}

/* The functions' pages are loaded memory; behind them nothing answers. */
static void test_plan(void **state)
{
	struct system *s = with_bus();
	const struct plan *plan = &s->planner.plan;
	const struct plan_vm *vm = &plan->vms[0];
	uint64_t pa = 0;
	unsigned int windows = 0, loads = 0;

	(void)state;
	for (uint32_t i = 0; i < vm->extent_count; i++) {
		const struct plan_extent *extent = &plan->extents[vm->extent_first + i];

		if (extent->va == BUS) {
			assert_int_equal(extent->kind, PLAN_MEMORY_RAM);
			assert_true(extent->size == 2 * 4096);
			pa = extent->pa;
		}
	}
	assert_true(pa != 0);
	for (uint32_t i = 0; i < vm->load_count; i++) {
		loads += plan->loads[vm->load_first + i].destination_pa == pa;
	}
	assert_int_equal(loads, 1);
	for (uint32_t i = 0; i < vm->window_count; i++) {
		const struct plan_window *window = &plan->windows[vm->window_first + i];

		if (window->kind == PLAN_WINDOW_EMPTY) {
			assert_true(window->va == BUS + 2 * 4096);
			assert_true(window->size == 0x200000 - 2 * 4096);
			windows++;
		}
	}
	assert_int_equal(windows, 1);
	system_free(s);
}

static void test_tree(void **state)
{
	struct system *s = with_bus();
	const void *fdt = s->planner.model.vms[0].dtb.file->data;
	int node = fdt_path_offset(fdt, "/pcie@3f000000");
	int length = 0;
	const fdt32_t *map;

	(void)state;
	assert_true(node >= 0);
	assert_int_equal(fdt_node_check_compatible(fdt, node, "pci-host-ecam-generic"), 0);
	map = fdt_getprop(fdt, node, "interrupt-map", &length);
	assert_int_equal(length, 2 * 8 * 4);
	assert_int_equal(fdt32_to_cpu(map[8]), 1 << 8);       /* function 1, */
	assert_int_equal(fdt32_to_cpu(map[8 + 6]), 121 - 32); /* its interrupt */
	fdt_getprop(fdt, node, "ranges", &length);
	assert_int_equal(length, 4 * 7 * 4); /* two memories, a doorbell, ROMs */
	assert_true(fdt_path_offset(fdt, "/memory@3f000000") < 0);
	system_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_tree),
	};
	int failed;

	system_files_create();
	failed = cmocka_run_group_tests_name("channel bus", tests, NULL, NULL);
	system_files_remove();
	return failed;
}
