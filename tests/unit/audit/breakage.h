/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One way to break the correct system, and the rule that must find it. The ways are in four files
 * by what they break; test_rules.c tries each.
 */
#pragma once

#include "system.h"

/* Which of the target's functions makes the tables to be changed. */
enum which_tables { MAP_STAGE2, MAP_HYP, MAP_LOADER };

/* A change to tables the target's code made. */
struct table_change {
	void (*hook)(struct pagetable *pt); /* NULL: none */
	enum which_tables which;
	uint64_t first_pa; /* of the first extent: which VM's tables; 0: any */
	bool fails;        /* the mapping code reports failure */
};

struct breakage {
	const char *rule;
	void (*mutate)(struct test_system *s); /* before linking */
	struct table_change change;
};

struct breakage_list {
	const struct breakage *rows;
	size_t count;
};

extern const struct breakage_list broken_files, broken_rows, broken_systems, broken_tables;

/* From now on change tables in this way; all zeros: not at all. */
void breakage_change_tables(struct table_change wanted);

#define SYMBOL(name) system_symbol(s, name)

/* A function that changes the system `s`. */
#define MUTATION(name, ...)                                                                        \
	static void name(struct test_system *s)                                                    \
	{                                                                                          \
		__VA_ARGS__;                                                                       \
	}

/* A row: the mutation breaks the rule. */
#define BREAKS(rule, mutation)                                                                     \
	{                                                                                          \
		rule, mutation,                                                                    \
		{                                                                                  \
			NULL, MAP_STAGE2, 0, false                                                 \
		}                                                                                  \
	}

#define BREAKAGES(list, rows)                                                                      \
	const struct breakage_list list = { rows, sizeof(rows) / sizeof((rows)[0]) };
