/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies the plan's tables out of the ELF. What the rows say is not looked at here, only that they
 * are there: a count may be anything until its table's symbol is as big as it says.
 */
#include "plan_tables.h"

#include <stdlib.h>
#include <string.h>

/* Where a table goes and where its count comes from. */
struct table_row {
	const char *symbol;
	size_t rows;  /* offset in struct plan_tables of the pointer to its rows */
	size_t count; /* offset in struct plan_system */
	size_t row_size;
};

#define TABLE(field, type, count_field)                                                            \
	{                                                                                          \
		"plan_" #field, offsetof(struct plan_tables, field),                               \
			offsetof(struct plan_system, count_field), sizeof(type)                    \
	}

static const struct table_row tables[] = {
	TABLE(cpus, struct plan_cpu, cpu_count),
	TABLE(vms, struct plan_vm, vm_count),
	TABLE(vcpu_cpus, uint32_t, vcpu_count),
	TABLE(extents, struct plan_extent, extent_count),
	TABLE(loads, struct plan_load, load_count),
	TABLE(windows, struct plan_window, window_count),
	TABLE(ipcs, struct plan_ipc, ipc_count),
	TABLE(ipc_peers, struct plan_ipc_peer, ipc_peer_count),
	TABLE(ipc_irqs, uint32_t, ipc_irq_count),
	TABLE(remios, struct plan_remio, remio_count),
	TABLE(hyp_devices, struct plan_device, hyp_device_count),
};

#define TABLE_COUNT (sizeof(tables) / sizeof(tables[0]))
_Static_assert(TABLE_COUNT + 2 == TABLE_PLACE_COUNT, "places for all tables");

/* Finds a symbol that must have one value. */
static bool find_one(const struct elf_image *elf, const char *name, struct elf_symbol *symbol,
		     struct report *report)
{
	uint32_t found = elf_find_symbol(elf, name, symbol);

	if (found == 0) {
		report_finding(report, "table-missing", "there is no symbol `%s`", name);
	} else if (found > 1) {
		report_finding(report, "table-missing", "`%s` names %u places", name, found);
	}
	return found == 1;
}

/* `size` bytes of zeros. */
static void *new_rows(size_t size)
{
	void *rows = calloc(1, size);

	if (rows == NULL) {
		report_out_of_memory();
	}
	return rows;
}

/* Copies `size` bytes at `address`. NULL, with a finding made, if they are not in the file. */
static void *copy_table(struct plan_tables *plan, const struct elf_image *elf, const char *name,
			uint64_t address, uint64_t size, struct report *report)
{
	const uint8_t *bytes = elf_bytes_at(elf, address, size);
	void *copy;

	if (bytes == NULL) {
		report_finding(report, "table-missing",
			       "`%s`, %llu bytes at 0x%llx, is not in the file", name,
			       (unsigned long long)size, (unsigned long long)address);
		return NULL;
	}
	/* The size is one of bytes in the file, so it is not more than the file's. */
	copy = new_rows((size_t)size);
	memcpy(copy, bytes, (size_t)size);
	plan->places[plan->place_count++] = (struct table_place){ name, address, size };
	return copy;
}

static bool load_system(struct plan_tables *plan, const struct elf_image *elf,
			struct report *report)
{
	struct elf_symbol symbol;
	void *copy;

	if (!find_one(elf, "plan_system", &symbol, report)) {
		return false;
	}
	if (symbol.size != sizeof(plan->system)) {
		report_finding(report, "table-size", "`plan_system` has %llu bytes, expected %zu",
			       (unsigned long long)symbol.size, sizeof(plan->system));
		return false;
	}
	copy = copy_table(plan, elf, "plan_system", symbol.value, symbol.size, report);
	if (copy == NULL) {
		return false;
	}
	memcpy(&plan->system, copy, sizeof(plan->system));
	free(copy);
	if (plan->system.magic != PLAN_MAGIC) {
		report_finding(report, "plan-magic",
			       "plan_system begins with 0x%llx, expected 0x%llx",
			       (unsigned long long)plan->system.magic,
			       (unsigned long long)PLAN_MAGIC);
		return false;
	}
	return true;
}

/* Gives a table its rows, which it owns from now on. */
static bool set_rows(struct plan_tables *plan, const struct table_row *table, void *rows)
{
	memcpy((char *)plan + table->rows, &rows, sizeof(rows));
	return rows != NULL;
}

static bool load_table(struct plan_tables *plan, const struct elf_image *elf,
		       const struct table_row *table, struct report *report)
{
	struct elf_symbol symbol;
	uint32_t count;
	uint64_t expected;

	memcpy(&count, (const char *)&plan->system + table->count, sizeof(count));
	if (count == 0 && elf_find_symbol(elf, table->symbol, &symbol) == 0) {
		/* No rows, so nothing refers to it and the linker may have dropped it. */
		return set_rows(plan, table, new_rows(table->row_size));
	}
	if (!find_one(elf, table->symbol, &symbol, report)) {
		return false;
	}
	/* A table without rows has one of zeros. */
	expected = (uint64_t)(count == 0 ? 1 : count) * table->row_size;
	if (symbol.size != expected) {
		report_finding(report, "table-size",
			       "`%s` has %llu bytes, %u rows of %zu bytes need %llu", table->symbol,
			       (unsigned long long)symbol.size, count, table->row_size,
			       (unsigned long long)expected);
		return false;
	}
	return set_rows(plan, table,
			copy_table(plan, elf, table->symbol, symbol.value, symbol.size, report));
}

/* The table of the hypervisor's sections lies between two symbols of the linker script. */
static bool load_sections(struct plan_tables *plan, const struct elf_image *elf,
			  struct report *report)
{
	struct elf_symbol start, end;
	uint64_t size;

	if (!find_one(elf, "hyp_extents", &start, report) ||
	    !find_one(elf, "hyp_extents_end", &end, report)) {
		return false;
	}
	size = end.value - start.value;
	if (end.value <= start.value || size % sizeof(struct hyp_extent) != 0 ||
	    size / sizeof(struct hyp_extent) > UINT32_MAX) {
		report_finding(report, "table-size", "hyp_extents is not a whole number of rows");
		return false;
	}
	plan->hyp_extents = copy_table(plan, elf, "hyp_extents", start.value, size, report);
	plan->hyp_extent_count = (uint32_t)(size / sizeof(struct hyp_extent));
	return plan->hyp_extents != NULL;
}

/* A pool is in bss, so there is nothing to copy; it must have as many tables as the plan says. */
static bool load_pool(struct plan_tables *plan, const struct elf_image *elf, enum table_pool_id id,
		      const char *name, uint32_t count, struct report *report)
{
	struct elf_symbol symbol;

	if (count == 0 && elf_find_symbol(elf, name, &symbol) == 0) {
		plan->pools[id] = (struct table_pool){ .name = name };
		return true;
	}
	if (!find_one(elf, name, &symbol, report)) {
		return false;
	}
	plan->pools[id] = (struct table_pool){ name, symbol.value, symbol.size };
	if (symbol.size / PAGETABLE_BYTES < count) {
		report_finding(report, "table-size", "`%s` has %llu bytes, too few for %u tables",
			       name, (unsigned long long)symbol.size, count);
		return false;
	}
	return true;
}

bool plan_tables_load(struct plan_tables *plan, const struct elf_image *elf, struct report *report)
{
	const struct plan_system *system = &plan->system;
	bool complete = true;

	memset(plan, 0, sizeof(*plan));
	if (!load_system(plan, elf, report)) {
		return false;
	}
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		complete = load_table(plan, elf, &tables[i], report) && complete;
	}
	complete = load_sections(plan, elf, report) && complete;
	complete = load_pool(plan, elf, POOL_STAGE2, "stage2_tables", system->stage2_table_count,
			     report) &&
		   complete;
	complete = load_pool(plan, elf, POOL_LOADER, "loader_tables", system->loader_table_count,
			     report) &&
		   complete;
	complete = load_pool(plan, elf, POOL_HYP, "hyp_tables", system->hyp_table_count, report) &&
		   complete;
	return complete;
}

void plan_tables_free(struct plan_tables *plan)
{
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		void *rows;

		memcpy(&rows, (char *)plan + tables[i].rows, sizeof(rows));
		free(rows);
	}
	free(plan->hyp_extents);
	memset(plan, 0, sizeof(*plan));
}
