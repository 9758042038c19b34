/* SPDX-License-Identifier: Apache-2.0 */
/* The identity map of mmu.h: VMSAv8-64, 4 KiB granule, 39-bit addresses, so a level-1 root and up to
 * LEVEL2_COUNT level-2 tables of 2 MiB blocks (Arm ARM DDI 0487, D8). */

#include "mmu.h"

#include "console.h"
#include "cpu.h"
#include "psci.h"

#define ENTRIES 512
#define LEVEL2_COUNT 6 /* each maps 1 GiB */
#define GIB UINT64_C(0x40000000)

#define DESCRIPTOR_TABLE 3u
#define DESCRIPTOR_BLOCK 1u
#define DESCRIPTOR_ATTRIBUTE(index) ((uint64_t)(index) << 2)
#define DESCRIPTOR_INNER_SHAREABLE (UINT64_C(3) << 8)
#define DESCRIPTOR_ACCESS (UINT64_C(1) << 10)
#define DESCRIPTOR_XN (UINT64_C(3) << 53) /* neither EL1 nor EL0 executes */

/* MAIR_EL1: one byte per enum mmu_kind. */
#define MAIR_VALUE (UINT64_C(0xff) << (8 * MMU_NORMAL) | UINT64_C(0x44) << (8 * MMU_UNCACHED))

/* TCR_EL1: T0SZ = 25, walks cacheable and inner-shareable, no TTBR1 walks, 40-bit output. */
#define TCR_VALUE                                                                                  \
	(UINT64_C(25) | UINT64_C(1) << 8 | UINT64_C(1) << 10 | UINT64_C(3) << 12 |                 \
	 UINT64_C(1) << 23 | UINT64_C(2) << 32)

#define SCTLR_M (UINT64_C(1) << 0)
#define SCTLR_C (UINT64_C(1) << 2)
#define SCTLR_I (UINT64_C(1) << 12)

static uint64_t level1[ENTRIES] __attribute__((aligned(4096)));
static uint64_t level2[LEVEL2_COUNT][ENTRIES] __attribute__((aligned(4096)));
static size_t level2_used;

extern char __image_start[], __image_end[];

static const uint64_t kind_attributes[] = {
	[MMU_NORMAL] = 0,
	[MMU_UNCACHED] = DESCRIPTOR_XN,
	[MMU_DEVICE] = DESCRIPTOR_XN,
};

static uint64_t *block_entry(uint64_t address)
{
	uint64_t *entry = &level1[address / GIB];

	if (*entry == 0) {
		if (level2_used == LEVEL2_COUNT) {
			print("mmu: more than %u GiB of addresses in use; raise LEVEL2_COUNT\n",
			      LEVEL2_COUNT);
			psci_system_off();
		}
		*entry = (uintptr_t)level2[level2_used++] | DESCRIPTOR_TABLE;
	}
	return &((uint64_t *)(uintptr_t)(*entry & ~UINT64_C(0xfff)))[address / MMU_BLOCK % ENTRIES];
}

/*
 * Everything written so far went past the caches, which may hold older copies of the same lines: drop
 * them before the caches are used.
 */
static void drop_stale_lines(void)
{
	uint64_t line = UINT64_C(4) << (cpu_read(CTR_EL0) >> 16 & 15); /* CTR_EL0.DminLine */

	cpu_barrier();
	for (uintptr_t at = (uintptr_t)__image_start; at < (uintptr_t)__image_end; at += line) {
		__asm__ volatile("dc ivac, %0" : : "r"(at) : "memory");
	}
	cpu_barrier();
}

void mmu_init(const struct mmu_region *regions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t end = regions[i].base + regions[i].size;

		for (uint64_t at = regions[i].base; at < end; at += MMU_BLOCK) {
			*block_entry(at) = at | DESCRIPTOR_BLOCK |
					   DESCRIPTOR_ATTRIBUTE(regions[i].kind) |
					   DESCRIPTOR_INNER_SHAREABLE | DESCRIPTOR_ACCESS |
					   kind_attributes[regions[i].kind];
		}
	}
	drop_stale_lines();
}

void mmu_enable(void)
{
	cpu_write(MAIR_EL1, MAIR_VALUE);
	cpu_write(TCR_EL1, TCR_VALUE);
	cpu_write(TTBR0_EL1, (uintptr_t)level1);
	cpu_isb();
	__asm__ volatile("tlbi vmalle1\n\tic iallu\n\tdsb nsh\n\tisb" : : : "memory");
	cpu_write(SCTLR_EL1, cpu_read(SCTLR_EL1) | SCTLR_M | SCTLR_C | SCTLR_I);
	cpu_isb();
}
