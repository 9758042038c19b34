/* SPDX-License-Identifier: Apache-2.0 */
/* Configurations whose images, initrds, trees or entry points are wrong. */
#include "breakage.h"

static void no_image(struct system *s)
{
	s->vms[1].image = (struct vm_image_config){ .base_addr = 0x40200000 };
}

static void built_in_and_loaded(struct system *s)
{
	s->vms[1].image.separately_loaded = true;
}

static void undeclared(struct system *s)
{
	s->vms[1].image.load_addr = BAO_IMAGE_OFFSET_HANDLE | 77;
}

static void use(struct system *s, unsigned int vm, enum system_image image)
{
	s->vms[vm].image.load_addr = image_offset(image);
	s->vms[vm].image.size = image_size(image);
}

static void absent(struct system *s)
{
	use(s, 1, IMAGE_ABSENT);
}

static void empty(struct system *s)
{
	use(s, 0, IMAGE_EMPTY);
}

static void a_folder(struct system *s)
{
	s->records[IMAGE_PLAIN].path = "/tmp";
}

static void absent_initrd(struct system *s)
{
	s->vms[0].initrd.file = "no-initrd.gz";
}

static void larger_than_file(struct system *s)
{
	s->vms[1].image.size = IMAGE_SIZE + 1;
}

static void size_of_other(struct system *s)
{
	s->vms[1].image.size = image_size(IMAGE_OTHER);
}

static void loaded_without_size(struct system *s)
{
	s->vms[1].image = (struct vm_image_config)VM_IMAGE_LOADED(0x40200000, 0x70000000, 0);
}

static void unused(struct system *s)
{
	s->record_pointers[IMAGE_OTHER] = &s->records[IMAGE_OTHER];
}

static void outside_region(struct system *s)
{
	s->vms[1].image.base_addr = 0x3fffff00;
}

static void across_region_end(struct system *s)
{
	s->vms[1].image.base_addr = 0x40fff000;
	s->vms[1].entry = 0x40fff000;
}

static void no_room_for_bss(struct system *s)
{
	use(s, 1, IMAGE_KERNEL);
	s->lists[1].regions[0].size = 0x240000; /* the file ends well before */
}

static void kernel_between_blocks(struct system *s)
{
	use(s, 1, IMAGE_KERNEL);
	s->vms[1].image.base_addr = 0x40210000;
	s->vms[1].entry = 0x40210000;
}

static void load(struct system *s, unsigned int vm, uint64_t address)
{
	s->vms[vm].image = (struct vm_image_config)VM_IMAGE_LOADED(0x40200000, 0, 0x1000);
	s->vms[vm].image.load_addr = address;
}

static void loaded_outside_ram(struct system *s)
{
	load(s, 1, 0x1000);
}

static void in_place_unaligned(struct system *s)
{
	load(s, 1, 0x70000800);
	s->vms[1].image.inplace = true;
}

static void in_place_odd_base(struct system *s)
{
	s->vms[1].image.inplace = true;
	s->vms[1].image.base_addr = 0x40200800;
	s->vms[1].entry = 0x40200800;
}

static void in_place_in_fixed(struct system *s)
{
	s->vms[1].image.inplace = true;
	s->lists[1].regions[0].place_phys = true;
	s->lists[1].regions[0].phys = 0x70000000;
}

static void in_place_restart(struct system *s)
{
	s->vms[1].image.inplace = true;
	s->vms[1].on_fault = VM_ON_FAULT_RESTART;
}

static void entry_elsewhere(struct system *s)
{
	s->vms[1].entry = 0x30000000;
}

static void entry_in_other_region(struct system *s)
{
	system_add_region(s, 1, 0x60000000, 0x1000);
	s->vms[1].entry = 0x60000000;
}

static void entry_odd(struct system *s)
{
	s->vms[1].entry = 0x40200002;
}

static void entry_behind_image(struct system *s)
{
	s->vms[1].entry = 0x40300000;
}

static void linux_with(struct system *s, const char *initrd)
{
	s->vms[0].initrd.file = initrd;
	s->vms[0].dtb.generate = true;
}

static void initrd_outside(struct system *s)
{
	linux_with(s, "initrd.gz");
	s->vms[0].initrd.base_addr = 0x47fff000;
}

static void dtb_outside(struct system *s)
{
	linux_with(s, NULL);
	s->vms[0].dtb.base_addr = 0x60000000;
}

static void initrd_on_image(struct system *s)
{
	linux_with(s, "initrd.gz");
	s->vms[0].initrd.base_addr = 0x40204000;
}

static void initrd_on_bss(struct system *s)
{
	linux_with(s, "initrd.gz");
	use(s, 0, IMAGE_KERNEL);
	s->vms[0].initrd.base_addr = 0x40240000;
}

static void dtb_on_initrd(struct system *s)
{
	linux_with(s, "initrd.gz");
	s->vms[0].initrd.base_addr = 0x42000000;
	s->vms[0].dtb.base_addr = 0x42001000;
}

static void no_room(struct system *s)
{
	linux_with(s, "initrd.gz");
	s->lists[0].regions[0] = (struct vm_mem_region){ .base = 0x40200000, .size = 0x6000 };
}

static void useless_initrd(struct system *s)
{
	s->vms[0].initrd.file = "initrd.gz";
}

static void useless_bootargs(struct system *s)
{
	s->vms[0].bootargs = "quiet";
}

static void two_trees(struct system *s)
{
	linux_with(s, NULL);
	s->vms[0].dtb.file = "plain.bin";
}

static void odd_tree(struct system *s)
{
	linux_with(s, NULL);
	s->vms[0].dtb.base_addr = 0x42000004;
}

static void tree_across_block(struct system *s)
{
	linux_with(s, NULL);
	s->vms[0].dtb.base_addr = 0x421ffff8;
}

static void initrd_far(struct system *s)
{
	linux_with(s, "initrd.gz");
	system_add_region(s, 0, UINT64_C(0x840000000), 0x100000);
	s->vms[0].initrd.base_addr = UINT64_C(0x840000000);
}

static void no_timer(struct system *s)
{
	linux_with(s, NULL);
	s->lists[0].irqs[0] = 30;
}

const struct breakage breakages_images[] = {
	{ RULE_IMAGE_MISSING, no_image, "rt: image", "no image" },
	{ RULE_IMAGE_MISSING, built_in_and_loaded, "rt: image", "separately_loaded" },
	{ RULE_IMAGE_MISSING, undeclared, "rt: image", "VM_IMAGE()" },
	{ RULE_IMAGE_FILE, absent, "rt: image", "absent.bin\": No such file" },
	{ RULE_IMAGE_FILE, empty, "linux: image", "empty.bin\": it is empty" },
	{ RULE_IMAGE_FILE, a_folder, "rt: image", "not a regular file" },
	{ RULE_IMAGE_FILE, absent_initrd, "linux: initrd", "no-initrd.gz" },
	{ RULE_IMAGE_SIZE, larger_than_file, "rt: image", "0x5001" },
	{ RULE_IMAGE_SIZE, size_of_other, "rt: image", "plain.bin" },
	{ RULE_IMAGE_SIZE, loaded_without_size, "rt: image", "size is 0" },
	{ RULE_IMAGE_UNUSED, unused, "config", "other.bin" },
	{ RULE_IMAGE_OUTSIDE_REGION, outside_region, "rt: image", "0x3fffff00-0x40004eff" },
	{ RULE_IMAGE_OUTSIDE_REGION, across_region_end, "rt: image", "one region of rt" },
	{ RULE_IMAGE_BSS, no_room_for_bss, "rt: image", "512 KiB" },
	{ RULE_IMAGE_LINUX_ALIGNMENT, kernel_between_blocks, "rt: image", "use 0x40200000" },
	{ RULE_IMAGE_LOADED, loaded_outside_ram, "rt: image", "0x1000-0x1fff" },
	{ RULE_IMAGE_IN_PLACE, in_place_unaligned, "rt: image", "0x70000800" },
	{ RULE_IMAGE_IN_PLACE, in_place_odd_base, "rt: image", "0x40200800" },
	{ RULE_IMAGE_IN_PLACE, in_place_in_fixed, "rt: image", "0x70000000" },
	{ RULE_IMAGE_IN_PLACE_RESTART, in_place_restart, "rt: image", "on_fault of rt" },
	{ RULE_ENTRY_OUTSIDE, entry_elsewhere, "rt: entry", "0x30000000" },
	{ RULE_ENTRY_OUTSIDE, entry_in_other_region, "rt: entry", "0x40000000-0x40ffffff" },
	{ RULE_ENTRY_UNALIGNED, entry_odd, "rt: entry", "0x40200002" },
	{ RULE_ENTRY_NOT_IN_IMAGE, entry_behind_image, "rt: entry", "0x40200000-0x40204fff" },
	{ RULE_BLOB_OUTSIDE_MEMORY, initrd_outside, "linux: initrd", "one region of linux" },
	{ RULE_BLOB_OUTSIDE_MEMORY, dtb_outside, "linux: dtb", "one region of linux" },
	{ RULE_BLOB_OVERLAP, initrd_on_image, "linux: initrd", "the image of linux" },
	{ RULE_BLOB_OVERLAP, initrd_on_bss, "linux: initrd", "the kernel clears" },
	{ RULE_BLOB_OVERLAP, dtb_on_initrd, "linux: dtb", "the initrd of linux" },
	{ RULE_BLOB_NO_ROOM, no_room, "linux: initrd", "memory of linux" },
	{ RULE_INITRD_UNUSED, useless_initrd, "linux: initrd", "linux has no device tree" },
	{ RULE_BOOTARGS_UNUSED, useless_bootargs, "linux: bootargs", "quiet" },
	{ RULE_DTB_TWICE, two_trees, "linux: dtb", "plain.bin" },
	{ RULE_BOOT_PROTOCOL, odd_tree, "linux: dtb", "multiple of 8" },
	{ RULE_BOOT_PROTOCOL, tree_across_block, "linux: dtb", "2 MiB" },
	{ RULE_BOOT_PROTOCOL, initrd_far, "linux: initrd", "32 GiB" },
	{ RULE_TIMER_MISSING, no_timer, "linux: devs", "27" },
	{ 0 },
};
