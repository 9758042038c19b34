/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From configurations to tables: a configuration in the style of Bao v2, what becomes of images,
 * CPUs, channels and remote I/O.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <armv8-a/pagetable.h>

#include "system.h"

extern const struct config_image_record *const __start_bao_images[];
extern const struct config_image_record *const __stop_bao_images[];
extern const char *const __start_bao_config_files[];

static struct system *planned(struct system *s)
{
	if (!system_run(s)) {
		system_print(s);
		fail_msg("not planned");
	}
	return s;
}

static const struct plan_extent *extent_at(const struct plan *plan, uint32_t vm, uint64_t va)
{
	const struct plan_vm *row = &plan->vms[vm];

	for (uint32_t i = 0; i < row->extent_count; i++) {
		const struct plan_extent *extent = &plan->extents[row->extent_first + i];

		if (va - extent->va < extent->size) {
			return extent;
		}
	}
	return NULL;
}

static const struct plan_window *window_at(const struct plan *plan, uint32_t vm, uint64_t va)
{
	const struct plan_vm *row = &plan->vms[vm];

	for (uint32_t i = 0; i < row->window_count; i++) {
		if (plan->windows[row->window_first + i].va == va) {
			return &plan->windows[row->window_first + i];
		}
	}
	fail_msg("no window at 0x%llx", (unsigned long long)va);
	return NULL;
}

static bool owns(const struct plan_vm *vm, uint32_t irq)
{
	return (vm->irqs[irq / 32] >> (irq % 32) & 1) != 0;
}

/* The configuration of v2_config.c, linked in as the planner links a user's. */
static void test_v2_configuration(void **state)
{
	struct system *s = system_new();
	const struct plan *plan = &s->planner.plan;

	(void)state;
	s->planner.inputs.config = &config;
	s->planner.inputs.images = __start_bao_images;
	s->planner.inputs.image_count = (size_t)(__stop_bao_images - __start_bao_images);
	s->planner.inputs.config_path = __start_bao_config_files[0];
	assert_int_equal(s->planner.inputs.image_count, 2);
	if (!planner_run(&s->planner)) {
		system_print(s);
		fail_msg("a v2 configuration is not planned");
	}
	assert_int_equal(plan->system.vm_count, 2);
	assert_string_equal(plan->vms[0].name, "vm0");
	assert_string_equal(plan->vms[1].name, "vm1");
	assert_int_equal(plan->vms[0].vcpu_count, 2);
	assert_int_equal(plan->system.load_count, 2);
	assert_int_equal(plan->loads[1].size, 13);
	assert_true(owns(&plan->vms[0], 27));
	assert_true(owns(&plan->vms[0], 40));
	assert_true(owns(&plan->vms[0], 52));
	assert_false(owns(&plan->vms[1], 40));
	assert_int_equal(plan->ipcs[0].peer_count, 1);
	assert_int_equal(plan->vms[0].boot_arg, 0);
	system_free(s);
}

static void test_defaults(void **state)
{
	struct system *s = system_new();
	const struct plan_vm *vm;

	(void)state;
	planned(s);
	vm = &s->planner.plan.vms[0];
	assert_int_equal(vm->on_fault, PLAN_ON_FAULT_INJECT);
	assert_int_equal(vm->uart_irq, 0);
	assert_int_equal(vm->irq_count, 128); /* up to its doorbell, 100 */
	assert_int_equal(vm->ipa_bits, 32);
	assert_int_equal(extent_at(&s->planner.plan, 0, 0x70000000)->size,
			 0x10000); /* size 0: all */
	assert_int_equal(s->planner.plan.system.hyp_va_bits, 39);
	assert_int_equal(s->planner.plan.system.console_cpu, 0);
	system_free(s);
}

static void test_interrupt_numbers(void **state)
{
	struct system *s = system_new();

	(void)state;
	s->vms[0].platform.arch.gic.interrupt_num = 200;
	s->vms[1].platform.ipc_num = 0;
	s->vms[1].platform.ipcs = NULL;
	planned(s);
	assert_int_equal(s->planner.plan.vms[0].irq_count, 224);
	assert_int_equal(s->planner.plan.vms[1].irq_count, 64);
	system_free(s);
}

static void test_high_addresses(void **state)
{
	struct system *s = system_new();

	(void)state;
	s->board.pa_bits = 48;
	system_add_region(s, 1, UINT64_C(0x8000000000), 0x200000);   /* 40 bits */
	system_add_region(s, 0, UINT64_C(0xfff000000000), 0x200000); /* 48 bits */
	system_add_region(s, 0, 0x60000000, 0x1000);                 /* one more table */
	s->memories[1] = (struct board_memory){ UINT64_C(0x4000000000), 0x1000000 };
	s->board.memory_count = 2;
	planned(s);
	assert_int_equal(s->planner.plan.vms[0].ipa_bits, 48);
	assert_int_equal(s->planner.plan.vms[1].ipa_bits, 40);
	/* 40 bits start at level 1 with two root tables, which lie together. */
	assert_int_equal(s->planner.plan.stage2_align, 2 * 4096);
	assert_int_equal(s->planner.plan.vms[0].stage2_count % 2,
			 1); /* or there is nothing to see */
	assert_int_equal(s->planner.plan.vms[1].stage2_first % 2, 0);
	assert_int_equal(s->planner.plan.system.hyp_va_bits, 48);
	system_free(s);
}

static void test_cpus(void **state)
{
	struct system *s = system_new();

	(void)state;
	s->vms[0].cpu_affinity = 0x7; /* could take 0 and 1 */
	s->vms[1].cpu_affinity = 0x1; /* needs 0 */
	planned(s);
	assert_int_equal(s->planner.report.count, 0);
	assert_int_equal(s->planner.plan.vcpu_cpus[0], 1);
	assert_int_equal(s->planner.plan.vcpu_cpus[1], 2);
	assert_int_equal(s->planner.plan.vcpu_cpus[2], 0);
	assert_int_equal(s->planner.plan.cpus[2].vcpu, 1);
	system_free(s);
}

/* Without affinities: the lowest CPUs, in the order of the VMs. */
static void test_cpus_without_affinity(void **state)
{
	struct system *s = system_new();

	(void)state;
	s->vms[1].cpu_affinity = 0x2;
	s->vms[1].console = (struct vm_console){ 0x9000000, 120 };
	planned(s);
	assert_int_equal(s->planner.plan.vcpu_cpus[0], 0);
	assert_int_equal(s->planner.plan.vcpu_cpus[1], 2);
	assert_int_equal(s->planner.plan.vcpu_cpus[2], 1);
	assert_int_equal(s->planner.plan.system.console_cpu, 0); /* the first VM's */
	assert_int_equal(s->planner.plan.vms[1].uart_irq, 120);
	system_free(s);
}

/* One file that two VMs copy is there once. */
static void test_common_image(void **state)
{
	struct system *s = planned(system_new());
	const struct plan *plan = &s->planner.plan;

	(void)state;
	assert_int_equal(s->planner.model.stored_count, 1);
	assert_int_equal(plan->loads[0].source_pa, plan->loads[1].source_pa);
	assert_int_equal(plan->loads[0].source_pa, 0x40300000);
	assert_int_equal(plan->system.images_size, IMAGE_SIZE);
	assert_int_equal(plan->loads[1].destination_pa,
			 extent_at(plan, 1, 0x40200000)->pa + 0x200000);
	system_free(s);
}

static void test_part_of_image(void **state)
{
	struct system *s = system_new();

	(void)state;
	s->vms[1].image.size = 0x123;
	planned(s);
	assert_int_equal(s->planner.plan.loads[1].size, 0x123);
	system_free(s);
}

static void test_in_place(void **state)
{
	struct system *s = system_new();
	const struct plan *plan = &s->planner.plan;
	const struct plan_extent *extent;

	(void)state;
	s->vms[1].image.inplace = true;
	planned(s);
	extent = extent_at(plan, 1, 0x40200000);
	assert_int_equal(extent->va, 0x40200000);
	assert_int_equal(extent->size, IMAGE_SIZE);
	assert_int_equal(s->planner.model.stored_count, 2); /* linux copies, rt has its own */
	assert_int_equal(extent->pa, s->planner.model.stored[1].pa);
	assert_int_equal(s->planner.model.images_copied_size, IMAGE_SIZE);
	assert_int_equal(plan->vms[1].load_count, 0);
	assert_int_equal(extent_at(plan, 1, 0x40000000)->size, 0x200000);
	assert_int_equal(extent_at(plan, 1, 0x40205000)->size, 0x1000000 - 0x205000);
	system_free(s);
}

/* A boot loader's image, in the region's own frames: nothing to copy, one extent. */
static void test_in_place_loaded(void **state)
{
	struct system *s = system_new();
	const struct plan *plan = &s->planner.plan;

	(void)state;
	s->vms[1].image = (struct vm_image_config)VM_IMAGE_LOADED(0x40200000, 0x60200000, 0x1800);
	s->vms[1].image.inplace = true;
	s->lists[1].regions[0].place_phys = true;
	s->lists[1].regions[0].phys = 0x60000000;
	planned(s);
	assert_int_equal(plan->vms[1].load_count, 0);
	assert_int_equal(extent_at(plan, 1, 0x40200000)->size, 0x1000000);
	assert_int_equal(extent_at(plan, 1, 0x40200000)->pa, 0x60000000);
	system_free(s);
}

/* An initrd that lies over the border between an image in place and the rest is copied in two. */
static void test_load_over_extents(void **state)
{
	struct system *s = system_new();
	const struct plan *plan = &s->planner.plan;
	uint64_t size = 0;

	(void)state;
	s->vms[0].image.inplace = true;
	s->vms[0].initrd = (struct vm_initrd){ "initrd.gz", 0x40200800 };
	s->vms[0].image.load_addr = image_offset(IMAGE_OTHER);
	s->vms[0].image.size = image_size(IMAGE_OTHER); /* 100 bytes, one page */
	s->vms[0].dtb.generate = true;
	planned(s);
	for (uint32_t i = 0; i < plan->vms[0].load_count; i++) {
		if (plan->loads[i].source_pa < s->planner.model.stored[0].pa + 0x1234) {
			size += plan->loads[i].size;
		}
	}
	assert_int_equal(size, 0x1234);
	assert_int_equal(plan->vms[0].load_count, 3); /* 0x800 and 0xa34 bytes, and the tree */
	assert_int_equal(plan->loads[0].size, 0x800);
	assert_int_equal(plan->loads[1].source_pa, plan->loads[0].source_pa + 0x800);
	system_free(s);
}

static void test_layout(void **state)
{
	struct system *s = system_new();
	const struct model_vm *vm;

	(void)state;
	s->vms[0].image.load_addr = image_offset(IMAGE_KERNEL);
	s->vms[0].image.size = image_size(IMAGE_KERNEL);
	s->vms[0].initrd.file = "initrd.gz";
	s->vms[0].dtb.generate = true;
	planned(s);
	vm = &s->planner.model.vms[0];
	assert_int_equal(vm->dtb.va, 0x47e00000);
	assert_int_equal(vm->initrd.va, 0x48000000 - 0x2000);
	assert_int_equal(vm->image.memory_size, KERNEL_MEMORY_SIZE);
	assert_int_equal(s->planner.plan.vms[0].boot_arg, 0x47e00000);
	system_free(s);
}

/* With much memory: not farther than old kernels look for it. */
static void test_layout_large(void **state)
{
	struct system *s = system_new();

	(void)state;
	s->vms[0].dtb.generate = true;
	s->lists[0].regions[0].size = 0x30000000;
	planned(s);
	assert_int_equal(s->planner.model.vms[0].dtb.va, 0x40200000 + 0x20000000 - 0x200000);
	system_free(s);
}

/* With little memory: below the image, page by page, still clear of what the kernel clears. */
static void test_layout_tight(void **state)
{
	struct system *s = system_new();
	const struct model_vm *vm;

	(void)state;
	s->vms[0].image.load_addr = image_offset(IMAGE_KERNEL);
	s->vms[0].image.size = image_size(IMAGE_KERNEL);
	s->vms[0].initrd.file = "initrd.gz";
	s->vms[0].dtb.generate = true;
	s->lists[0].regions[0] =
		(struct vm_mem_region){ .base = 0x401fe000,
					.size = 0x2000 + KERNEL_MEMORY_SIZE + 0x1000 };
	planned(s);
	vm = &s->planner.model.vms[0];
	assert_int_equal(vm->dtb.va, 0x40200000 + KERNEL_MEMORY_SIZE);
	assert_int_equal(vm->initrd.va, 0x401fe000);
	system_free(s);
}

static void test_channels(void **state)
{
	struct system *s = system_new();
	const struct plan *plan = &s->planner.plan;

	(void)state;
	system_add_vm(s, "third");
	system_add_ipc(s, 2, 0x70000000, 110)->doorbell = 0x71000000;
	s->lists[2].ipcs[0].size = 0x1000;
	planned(s);
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(plan->ipcs[i].peer_count, 2);
	}
	/* linux is heard by rt, then third. */
	assert_int_equal(plan->ipc_irqs[plan->ipc_peers[plan->ipcs[0].peer_first].irq_first], 101);
	assert_int_equal(plan->ipc_irqs[plan->ipc_peers[plan->ipcs[0].peer_first + 1].irq_first],
			 110);
	assert_int_equal(extent_at(plan, 2, 0x70000000)->size, 0x1000);
	assert_int_equal(extent_at(plan, 0, 0x70000000)->pa, extent_at(plan, 2, 0x70000000)->pa);
	assert_int_equal(extent_at(plan, 2, 0x70000000)->kind, PLAN_MEMORY_SHARED);
	assert_int_equal(plan->windows[plan->vms[2].window_first + 2].kind, PLAN_WINDOW_DOORBELL);
	assert_int_equal(plan->windows[plan->vms[2].window_first + 2].va, 0x71000000);
	assert_true(owns(&plan->vms[2], 110));
	system_free(s);
}

static void test_remio(void **state)
{
	struct system *s = system_new();
	const struct plan *plan = &s->planner.plan;

	(void)state;
	system_add_remio(s, 1, REMIO_DEV_FRONTEND, 7, 120);
	system_add_remio(s, 0, REMIO_DEV_FRONTEND, 8, 121);
	system_add_remio(s, 0, REMIO_DEV_BACKEND, 7, 122);
	system_add_remio(s, 1, REMIO_DEV_BACKEND, 8, 123);
	s->lists[0].remios[1].shmem = (struct remio_shmem){ 0x78000000, 0x2000, 0 };
	s->lists[1].remios[0].shmem = (struct remio_shmem){ 0x79000000, 0x2000, 0 };
	planned(s);
	assert_int_equal(plan->system.remio_count, 2);
	assert_int_equal(plan->remios[0].frontend_vm, 0); /* pairs in the order of frontends */
	assert_int_equal(plan->remios[0].backend_vm, 1);
	assert_int_equal(plan->remios[0].backend_device, 1);
	assert_int_equal(plan->remios[0].slot_count, 2);
	assert_int_equal(plan->remios[1].frontend_vm, 1);
	assert_int_equal(plan->remios[1].frontend_irq, 120);
	assert_int_equal(plan->remios[1].backend_irq, 122);
	assert_int_equal(plan->remios[1].backend_device, 1);
	assert_int_equal(plan->remios[1].slot_first, 2);
	assert_int_equal(plan->system.remio_slot_count, 3);
	assert_int_equal(window_at(plan, 0, 0xc008000)->argument, 0);
	assert_int_equal(window_at(plan, 1, 0xc007000)->argument, 1);
	assert_int_equal(window_at(plan, 1, 0xc007000)->kind, PLAN_WINDOW_REMIO);
	assert_int_equal(plan->remios[1].window_va, 0xc007000);
	assert_int_equal(extent_at(plan, 0, 0x78000000)->size, 0x2000);
	assert_int_equal(extent_at(plan, 1, 0x79000000)->pa, extent_at(plan, 0, 0x78000000)->pa);
	system_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_v2_configuration),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_interrupt_numbers),
		cmocka_unit_test(test_high_addresses),
		cmocka_unit_test(test_cpus),
		cmocka_unit_test(test_cpus_without_affinity),
		cmocka_unit_test(test_common_image),
		cmocka_unit_test(test_part_of_image),
		cmocka_unit_test(test_in_place),
		cmocka_unit_test(test_in_place_loaded),
		cmocka_unit_test(test_load_over_extents),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_layout_large),
		cmocka_unit_test(test_layout_tight),
		cmocka_unit_test(test_channels),
		cmocka_unit_test(test_remio),
	};
	int failed;

	system_files_create();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	system_files_remove();
	return failed;
}
