/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stands in for the files that need libfdt where it is not available (32-bit builds): a generated
 * tree is some bytes of a tree's usual size, a user's tree is not looked into.
 */
#include "breakage.h"

const struct breakage breakages_trees[] = { { 0 } };

void check_dtbs(struct planner *p)
{
	(void)p;
}

void generate_dtbs(struct planner *p)
{
	static const uint8_t bytes[1900];

	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		struct blob *dtb = &p->model.vms[v].dtb;

		if (!p->model.vms[v].config.dtb.generate) {
			continue;
		}
		dtb->file = file_generated(p,
					   arena_printf(&p->arena, "%s.dtb", p->model.vms[v].name),
					   bytes, sizeof(bytes));
		if (dtb->source == BLOB_NONE) {
			dtb->source = BLOB_BUILT_IN;
			dtb->va = p->model.vms[v].config.dtb.base_addr;
			dtb->va_known = dtb->va != 0;
		}
		dtb->size = dtb->file->size;
		dtb->memory_size = dtb->size;
	}
}
