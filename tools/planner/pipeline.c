/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The planner from configuration to tables, one stage per line. Every rule runs even when others
 * failed, so that all errors are seen at once; only the tables need a model without errors.
 */
#include "planner.h"

static void check_configuration(struct planner *p)
{
	check_board(p);
	check_support(p);
	check_cpus(p);
	check_memory(p);
	check_va(p);
	check_devices(p);
	check_interrupts(p);
	check_channels(p);
	check_remio(p);
	check_dtbs(p);
}

bool planner_run(struct planner *p)
{
	model_build(p);
	blobs_build(p);
	channel_buses_build(p);
	check_configuration(p);
	place_cpus(p);

	/*
	 * A tree has the address of the initrd in it, whose place depends on the size of the tree.
	 */
	generate_dtbs(p);
	layout_blobs(p);
	generate_dtbs(p);
	check_blobs(p);

	place_images(p);
	check_physical(p);
	place_memory(p);
	if (p->report.error_count == 0) {
		plan_tables(p);
		plan_count_tables(p);
	}
	return p->report.error_count == 0;
}

void planner_free(struct planner *p)
{
	arena_free(&p->arena);
}
