/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small correct system for the audit's tests: the plan's tables in memory, and a linker that
 * writes them, with sections, segments and symbols as the real one has them, into the bytes of an
 * ELF file. Tests change what they like before linking, or the bytes after it.
 */
#pragma once

#include <armv8-a/mappings.h>
#include <bao/plan.h>

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LINUX, RT, VM_COUNT, VM_LIMIT };

#define VCPU_COUNT 3

/* Rows of the tables by name; the order is that of the tables. */
enum {
	LINUX_DEVICE,
	LINUX_RAM,
	LINUX_SHARED,
	RT_DEVICE,
	RT_RAM,
	RT_IMAGE,
	RT_SHARED,
	EXTENT_COUNT
};
enum { LINUX_LOAD_KERNEL, LINUX_LOAD_DTB, RT_LOAD, LOAD_COUNT };
enum {
	LINUX_GICD,
	LINUX_GICR,
	LINUX_UART,
	LINUX_REMIO,
	LINUX_DOORBELL,
	RT_GICD,
	RT_GICR,
	RT_UART,
	RT_DOORBELL,
	WINDOW_COUNT
};
enum { ROW_TEXT, ROW_RODATA, ROW_DATA, ROW_STACKS, ROW_IMAGES, ROW_COUNT };
enum { SEC_TEXT, SEC_RODATA, SEC_DATA, SEC_BSS, SEC_STACKS, SEC_IMAGES, SECTION_COUNT };
enum { SEG_TEXT, SEG_RODATA, SEG_DATA, SEG_IMAGES, SEGMENT_COUNT };

/* Addresses that tests refer to. */
#define HYP_BASE UINT64_C(0x40200000)
#define HYP_SIZE UINT64_C(0x100000)
#define IMAGES_BASE (HYP_BASE + HYP_SIZE)
#define IMAGES_SIZE UINT64_C(0x4000)
#define IMAGES_COPIED UINT64_C(0x3000) /* the rest is used in place */
#define RODATA_BASE (HYP_BASE + 0x2000)
#define DATA_BASE (HYP_BASE + 0x6000)
#define BSS_BASE (HYP_BASE + 0x8000)
#define BSS_SIZE UINT64_C(0x30000)
#define STACKS_BASE (BSS_BASE + BSS_SIZE)
#define STACK_STRIDE UINT64_C(0x3000)
#define CPU_COUNT 4
#define LINUX_RAM_PA UINT64_C(0x48000000)
#define RT_RAM_PA UINT64_C(0x46000000)
#define SHARED_PA UINT64_C(0x47000000)
#define SYMBOL_LIMIT 32

struct test_section {
	const char *name;
	uint32_t type;
	uint64_t flags;
	uint64_t address;
	uint64_t size;
};

/* Loads `sections` first .. last. */
struct test_segment {
	uint32_t flags;
	uint32_t first, last;
	uint64_t shift; /* added to its physical address */
};

struct test_symbol {
	const char *name; /* NULL: left out */
	uint64_t value;
	uint64_t size;
};

struct test_system {
	struct plan_system system;
	struct plan_cpu cpus[CPU_COUNT];
	struct plan_vm vms[VM_LIMIT]; /* the last for tests that need a third */
	uint32_t vcpu_cpus[VCPU_COUNT + 1];
	struct plan_extent extents[EXTENT_COUNT];
	struct plan_load loads[LOAD_COUNT];
	struct plan_window windows[WINDOW_COUNT];
	struct plan_ipc ipcs[2];
	struct plan_ipc_peer ipc_peers[2];
	uint32_t ipc_irqs[2];
	struct plan_remio remios[2]; /* the second only where a test makes the count 2 */
	struct plan_device hyp_devices[3];
	struct hyp_extent hyp_extents[ROW_COUNT];

	uint16_t elf_type;
	uint16_t elf_machine;
	uint64_t elf_entry;
	struct test_section sections[SECTION_COUNT];
	struct test_segment segments[SEGMENT_COUNT];
	struct test_symbol symbols[SYMBOL_LIMIT]; /* filled by system_make() */
	uint32_t symbol_count;
};

/* Fills in the correct system, symbols included. */
void system_make(struct test_system *system);

/* The bytes of its ELF file, from malloc(). */
uint8_t *system_link(const struct test_system *system, size_t *size);

/* The symbol of this name, to be changed. */
struct test_symbol *system_symbol(struct test_system *system, const char *name);

void irq_set(struct plan_vm *vm, uint32_t irq);
void irq_clear(struct plan_vm *vm, uint32_t irq);
