/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hypervisor's image: [PLAN_HYP_BASE, + PLAN_HYP_SIZE) for what is here, builtin images after it at
 * the addresses the planner chose. Every section that is mapped with rights of its own starts on a page;
 * hyp_extents says so to the boot code and to the audit (struct hyp_extent, <armv8-a/mappings.h>).
 */
#include <autoconf.h>
#include <plan.h>

#define PAGE 4096
#define STACK_STRIDE (PAGE + CONFIG_STACK_SIZE)

/* enum hyp_extent_kind */
#define KIND_TEXT 0
#define KIND_RODATA 1
#define KIND_DATA 2
#define KIND_STACKS 3

#define EXTENT(start, end, kind, stride) QUAD(start) QUAD(end) QUAD(kind) QUAD(stride)

ENTRY(_start)

PHDRS
{
	text PT_LOAD FLAGS(5);
	rodata PT_LOAD FLAGS(4);
	data PT_LOAD FLAGS(6);
	images PT_LOAD FLAGS(4);
}

SECTIONS
{
	. = PLAN_HYP_BASE;
	hyp_text_start = .;
	.text : {
		*(.text.start)
		*(.text.vectors)
		*(.text .text.*)
		. = ALIGN(PAGE);
	} :text
	hyp_text_end = .;

	hyp_rodata_start = .;
	.rodata : {
		*(.rodata .rodata.*)
		. = ALIGN(8);
		hyp_extents = .;
		EXTENT(hyp_text_start, hyp_text_end, KIND_TEXT, 0)
		EXTENT(hyp_rodata_start, hyp_rodata_end, KIND_RODATA, 0)
		EXTENT(hyp_data_start, hyp_data_end, KIND_DATA, 0)
		EXTENT(hyp_stacks, hyp_stacks_end, KIND_STACKS, STACK_STRIDE)
		EXTENT(PLAN_IMAGES_BASE, (PLAN_IMAGES_BASE + PLAN_IMAGES_COPIED_SIZE), KIND_RODATA, 0)
		hyp_extents_end = .;
		. = ALIGN(PAGE);
	} :rodata
	hyp_rodata_end = .;

	hyp_data_start = .;
	.data : {
		*(.data .data.*)
		. = ALIGN(64);
	} :data
	.bss (NOLOAD) : {
		hyp_zero_start = .;
		*(.bss .bss.*)
		*(COMMON)
		. = ALIGN(PAGE);
		hyp_zero_end = .;
	} :data
	hyp_data_end = .;
	.stacks (NOLOAD) : {
		hyp_stacks = .;
		. += PLAN_CPU_COUNT * STACK_STRIDE;
	} :data
	hyp_stacks_end = .;
	hyp_nobits_end = .;
	ASSERT(hyp_nobits_end <= PLAN_HYP_BASE + PLAN_HYP_SIZE,
	       "the hypervisor does not fit in CONFIG_HYP_SIZE: raise it")

	. = PLAN_IMAGES_BASE;
	.images : {
		KEEP(*(.images.*))
	} :images

	/DISCARD/ : {
		*(.comment)
		*(.note.*)
		*(.eh_frame*)
	}
}
