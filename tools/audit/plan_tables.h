/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan and the hypervisor's section table, as the linked ELF has them: copied by symbol out of
 * its sections, and the places of the pools of translation tables. plan_tables_load() makes sure
 * that every row announced is there; plan_tables_check() that every row means something, so that
 * the checks after it can follow any index.
 */
#pragma once

#include "elf_image.h"
#include "report.h"

#include <armv8-a/mappings.h>
#include <bao/plan.h>

/* Tables of 512 descriptors in the hypervisor's bss. */
struct table_pool {
	const char *name; /* of its symbol */
	uint64_t pa;
	uint64_t size; /* bytes */
};

enum table_pool_id { POOL_STAGE2, POOL_LOADER, POOL_HYP, POOL_COUNT };

/* A table's place in the ELF. */
struct table_place {
	const char *symbol;
	uint64_t address;
	uint64_t size; /* bytes */
};

#define TABLE_PLACE_COUNT 13 /* plan_system, eleven tables, the section table */

/* All rows are copies, owned; the counts are those of `system`. */
struct plan_tables {
	struct plan_system system;
	struct plan_cpu *cpus;
	struct plan_vm *vms;
	uint32_t *vcpu_cpus;
	struct plan_extent *extents;
	struct plan_load *loads;
	struct plan_window *windows;
	struct plan_ipc *ipcs;
	struct plan_ipc_peer *ipc_peers;
	uint32_t *ipc_irqs;
	struct plan_remio *remios;
	struct plan_device *hyp_devices;
	struct hyp_extent *hyp_extents;
	uint32_t hyp_extent_count;
	struct table_pool pools[POOL_COUNT];
	struct table_place places[TABLE_PLACE_COUNT];
	uint32_t place_count;
};

/* False, with findings made, if a table is missing or has not the size it should. Free it either
 * way. */
bool plan_tables_load(struct plan_tables *plan, const struct elf_image *elf, struct report *report)
	__attribute__((warn_unused_result));

void plan_tables_free(struct plan_tables *plan);

/* Whether every field of every row is in its range; a finding for each that is not. */
bool plan_tables_check(const struct plan_tables *plan, struct report *report)
	__attribute__((warn_unused_result));

/* Whether [start, start + size) lies in [base, base + limit); nothing overflows. */
static inline bool range_inside(uint64_t start, uint64_t size, uint64_t base, uint64_t limit)
{
	return start >= base && start - base <= limit && size <= limit - (start - base);
}

/* Whether two ranges that do not leave the address space share a byte. */
static inline bool ranges_overlap(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
	return a_size != 0 && b_size != 0 && a < b + b_size && b < a + a_size;
}
