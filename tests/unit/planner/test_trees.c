/* SPDX-License-Identifier: Apache-2.0 */
/* Generated device trees, read back with libfdt; and trees of the user's that fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <libfdt.h>

#include <string.h>

#include "fdt_tree.h"
#include "system.h"

void use_correct_tree(struct system *s);
void use_tree_with_initrd(struct system *s);
void use_tree_beyond_bus(struct system *s);

static struct system *with_tree(void)
{
	struct system *s = system_new();

	s->vms[0].dtb.generate = true;
	return s;
}

static const void *tree_of(struct system *s)
{
	if (!system_run(s)) {
		system_print(s);
		fail_msg("not planned");
	}
	assert_int_equal(fdt_check_full(s->planner.model.vms[0].dtb.file->data,
					(size_t)s->planner.model.vms[0].dtb.file->size),
			 0);
	return s->planner.model.vms[0].dtb.file->data;
}

static int node_at(const void *fdt, const char *path)
{
	int node = fdt_path_offset(fdt, path);

	if (node < 0) {
		fail_msg("no node %s", path);
	}
	return node;
}

static const char *string_of(const void *fdt, const char *path, const char *name)
{
	const char *value = fdt_getprop(fdt, node_at(fdt, path), name, NULL);

	if (value == NULL) {
		fail_msg("no %s in %s", name, path);
	}
	return value;
}

static void assert_cells(const void *fdt, const char *path, const char *name, int count,
			 const uint32_t *wanted)
{
	int length = 0;
	const fdt32_t *cells = fdt_getprop(fdt, node_at(fdt, path), name, &length);

	assert_non_null(cells);
	assert_int_equal(length, 4 * count);
	for (int i = 0; i < count; i++) {
		assert_int_equal(fdt32_to_cpu(cells[i]), wanted[i]);
	}
}

#define ASSERT_CELLS(fdt, path, name, ...)                                                         \
	assert_cells(fdt, path, name, sizeof((uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t),      \
		     (uint32_t[]){ __VA_ARGS__ })

static void test_machine(void **state)
{
	struct system *s = with_tree();
	const void *fdt = tree_of(s);

	(void)state;
	assert_string_equal(string_of(fdt, "/cpus/cpu@1", "enable-method"), "psci");
	assert_string_equal(string_of(fdt, "/cpus/cpu@1", "compatible"), "arm,cortex-a53");
	ASSERT_CELLS(fdt, "/cpus/cpu@1", "reg", 1);
	assert_true(fdt_path_offset(fdt, "/cpus/cpu@2") < 0);
	assert_string_equal(string_of(fdt, "/psci", "method"), "hvc");
	ASSERT_CELLS(fdt, "/memory@40000000", "reg", 0, 0x40000000, 0, 0x8000000);
	ASSERT_CELLS(fdt, "/interrupt-controller@8000000", "reg", 0, 0x8000000, 0, 0x10000, 0,
		     0x80a0000, 0, 0x40000);
	ASSERT_CELLS(fdt, "/timer", "interrupts", 1, 13, 8, 1, 14, 8, 1, 11, 8, 1, 10, 8);
	assert_true(fdt_path_offset(fdt, "/chosen") >= 0);
	assert_null(fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), "linux,initrd-start", NULL));
	system_free(s);
}

static void test_many_cpus(void **state)
{
	struct system *s = with_tree();
	const void *fdt;

	(void)state;
	s->board.cpu_count = 20;
	s->vms[0].platform.cpu_num = 18;
	s->vms[0].platform.arch.gic.gicr_addr = 0x10000000;
	fdt = tree_of(s);
	ASSERT_CELLS(fdt, "/cpus/cpu@101", "reg", 0x101);
	assert_true(fdt_path_offset(fdt, "/cpus/cpu@10") < 0);
	system_free(s);
}

static void test_chosen(void **state)
{
	struct system *s = with_tree();
	const struct model_vm *vm;
	uint64_t start = 0;
	uint64_t end = 0;
	const void *fdt;

	(void)state;
	s->vms[0].initrd.file = "initrd.gz";
	s->vms[0].bootargs = "console=ttyAMA0 \"a b\"";
	s->vms[0].console = (struct vm_console){ 0x9000000, 120 };
	fdt = tree_of(s);
	vm = &s->planner.model.vms[0];
	assert_true(fdt_tree_property(fdt, node_at(fdt, "/chosen"), "linux,initrd-start", &start));
	assert_true(fdt_tree_property(fdt, node_at(fdt, "/chosen"), "linux,initrd-end", &end));
	assert_int_equal(start, vm->initrd.va);
	assert_int_equal(end - start, 0x1234);
	assert_string_equal(string_of(fdt, "/chosen", "bootargs"), "console=ttyAMA0 \"a b\"");
	assert_string_equal(string_of(fdt, "/chosen", "stdout-path"), "/serial@9000000");
	assert_string_equal(string_of(fdt, "/serial@9000000", "compatible"), "arm,pl011");
	ASSERT_CELLS(fdt, "/serial@9000000", "interrupts", 0, 88, 4);
	assert_int_equal(s->planner.plan.vms[0].boot_arg, vm->dtb.va);
	system_free(s);
}

static void test_devices(void **state)
{
	struct system *s = with_tree();
	struct vm_dev_region *uart = &s->lists[0].devs[1];
	struct vm_dev_region *page;
	static irqid_t both[] = { 48, 49 };
	const void *fdt;

	(void)state;
	uart->compatible = "arm,pl011|arm,primecell";
	uart->clock_hz = 1000000;
	page = system_add_device(s, 0, 0xa000000, 0x1000, 0);
	page->va = 0xd000000;
	page->interrupts = both;
	page->interrupt_num = 2;
	page->compatible = "virtio,mmio";
	page->edge = true;
	system_add_device(s, 0, 0x9010000, 0x1000, 34)->compatible = "arm,pl031|arm,primecell";
	s->lists[0].devs[3].clock_hz = 24000000;
	s->lists[0].devs[3].clock_names = "apb_pclk";
	s->lists[0].devs[3].name = "my clock/1";
	system_add_device(s, 0, 0, 0, 23)->compatible = "arm,armv8-pmuv3";
	s->lists[0].devs[4].name = "pmu";
	fdt = tree_of(s);
	ASSERT_CELLS(fdt, "/pmu-dev4", "interrupts", 1, 7, 4); /* a PPI, no registers */
	assert_string_equal(string_of(fdt, "/chosen", "stdout-path"), "/serial@9040000");
	assert_string_equal(string_of(fdt, "/serial@9040000", "clock-names"), "uartclk");
	ASSERT_CELLS(fdt, "/clock-dev1", "clock-frequency", 1000000);
	ASSERT_CELLS(fdt, "/serial@9040000", "interrupts", 0, 8, 4);
	/* Two devices of the board on one page: a node each, where the VM sees them. */
	ASSERT_CELLS(fdt, "/virtio_mmio@d000000", "reg", 0, 0xd000000, 0, 0x200);
	ASSERT_CELLS(fdt, "/virtio_mmio@d000200", "reg", 0, 0xd000200, 0, 0x200);
	ASSERT_CELLS(fdt, "/virtio_mmio@d000200", "interrupts", 0, 17, 1);
	assert_string_equal(string_of(fdt, "/my-clock-1@9010000", "clock-names"), "apb_pclk");
	system_free(s);
}

static void test_channels(void **state)
{
	struct system *s = with_tree();
	const void *fdt;

	(void)state;
	s->lists[0].ipcs[0].doorbell = 0x70010000;
	s->lists[0].ipcs[0].name = "to-rt";
	fdt = tree_of(s);
	ASSERT_CELLS(fdt, "/ipc@70000000", "reg", 0, 0x70000000, 0, 0x10000, 0, 0x70010000, 0,
		     0x1000);
	ASSERT_CELLS(fdt, "/ipc@70000000", "interrupts", 0, 68, 1);
	assert_int_equal(fdt_node_check_compatible(fdt, node_at(fdt, "/ipc@70000000"), "bao,ipc"),
			 0);
	assert_int_equal(fdt_node_check_compatible(fdt, node_at(fdt, "/ipc@70000000"),
						   "generic-uio"),
			 0);
	assert_string_equal(string_of(fdt, "/ipc@70000000", "linux,uio-name"), "to-rt");
	assert_string_equal(string_of(fdt, "/ipc@70000000", "reg-names"), "shmem");
	system_free(s);
}

static void test_remio(void **state)
{
	struct system *s = with_tree();
	const void *fdt;
	int pool;

	(void)state;
	system_add_remio(s, 0, REMIO_DEV_FRONTEND, 1, 120)->shmem =
		(struct remio_shmem){ 0x78000000, 0x2000, 0 };
	system_add_remio(s, 1, REMIO_DEV_BACKEND, 1, 121)->shmem =
		(struct remio_shmem){ 0x78000000, 0x2000, 0 };
	fdt = tree_of(s);
	ASSERT_CELLS(fdt, "/virtio_mmio@c001000", "reg", 0, 0xc001000, 0, 0x1000);
	ASSERT_CELLS(fdt, "/virtio_mmio@c001000", "interrupts", 0, 88, 1);
	pool = node_at(fdt, "/reserved-memory/pool@78000000");
	ASSERT_CELLS(fdt, "/virtio_mmio@c001000", "memory-region", fdt_get_phandle(fdt, pool));
	ASSERT_CELLS(fdt, "/memory@78000000", "reg", 0, 0x78000000, 0, 0x2000);
	system_free(s);
}

static void test_no_timer(void **state)
{
	struct system *s = with_tree();

	(void)state;
	s->vms[0].platform.dev_num = 0;
	s->vms[0].platform.devs = NULL;
	assert_true(fdt_path_offset(tree_of(s), "/timer") < 0);
	system_free(s);
}

static void test_long_bootargs(void **state)
{
	static char arguments[100000];
	struct system *s = with_tree();

	(void)state;
	memset(arguments, 'a', sizeof(arguments) - 1);
	s->vms[0].bootargs = arguments;
	assert_string_equal(string_of(tree_of(s), "/chosen", "bootargs"), arguments);
	system_free(s);
}

/* At the top of a small region, but not over a multiple of 2 MiB. */
static void test_tree_in_one_block(void **state)
{
	static char arguments[6000];
	struct system *s = with_tree();

	(void)state;
	memset(arguments, 'a', sizeof(arguments) - 1);
	s->vms[0].bootargs = arguments;
	s->lists[0].regions[0] = (struct vm_mem_region){ .base = 0x40200000, .size = 0x201000 };
	(void)tree_of(s);
	assert_int_equal(s->planner.model.vms[0].dtb.va, 0x403fe000);
	system_free(s);
}

static void test_user_tree(void **state)
{
	struct system *s = system_new();

	(void)state;
	use_correct_tree(s);
	if (!system_run(s) || s->planner.report.count != 0) {
		system_print(s);
		fail_msg("a tree that fits is refused");
	}
	assert_int_equal(s->planner.model.stored[1].file->size,
			 s->planner.model.vms[0].dtb.file->size);
	system_free(s);
}

static void test_user_tree_beyond_bus(void **state)
{
	struct system *s = system_new();

	(void)state;
	use_tree_beyond_bus(s);
	assert_true(system_run(s));
	assert_int_equal(s->planner.report.count, 0);
	system_free(s);
}

/* Where only the tree says where the initrd is, that is where it goes. */
static void test_user_tree_places_initrd(void **state)
{
	struct system *s = system_new();

	(void)state;
	use_tree_with_initrd(s);
	assert_true(system_run(s));
	assert_int_equal(s->planner.model.vms[0].initrd.va, 0x44000000);
	system_free(s);
}

/* Damaged trees are refused or accepted, but never read beyond their end (ASan watches). */
static void test_damaged_trees(void **state)
{
	struct system *s = system_new();
	uint8_t tree[4096];
	size_t size;

	(void)state;
	use_correct_tree(s);
	assert_true(system_run(s));
	size = (size_t)s->planner.model.vms[0].dtb.file->size;
	assert_true(size <= sizeof(tree));
	memcpy(tree, s->planner.model.vms[0].dtb.file->data, size);
	system_free(s);
	for (size_t at = 0; at < size; at++) {
		uint8_t old = tree[at];

		tree[at] = (uint8_t)(old ^ (1u << at % 8));
		system_file_write("damaged.dtb", tree, size);
		tree[at] = old;
		s = system_new();
		s->vms[0].dtb.file = "damaged.dtb";
		(void)system_run(s);
		system_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_machine),
		cmocka_unit_test(test_many_cpus),
		cmocka_unit_test(test_chosen),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_channels),
		cmocka_unit_test(test_remio),
		cmocka_unit_test(test_no_timer),
		cmocka_unit_test(test_long_bootargs),
		cmocka_unit_test(test_tree_in_one_block),
		cmocka_unit_test(test_user_tree),
		cmocka_unit_test(test_user_tree_beyond_bus),
		cmocka_unit_test(test_user_tree_places_initrd),
		cmocka_unit_test(test_damaged_trees),
	};
	int failed;

	system_files_create();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	system_files_remove();
	return failed;
}
