/* SPDX-License-Identifier: Apache-2.0 */
/* Wrong files: headers, segments, sections, symbols, and the section table. */
#include "breakage.h"

#include <string.h>

MUTATION(header_type, s->elf_type = ET_DYN)
MUTATION(header_machine, s->elf_machine = EM_X86_64)
MUTATION(entry_elsewhere, s->elf_entry += 4)
MUTATION(segment_wx, s->segments[SEG_DATA].flags |= PF_X)
MUTATION(segment_shifted, s->segments[SEG_TEXT].shift = 0x1000)
MUTATION(segment_outside, s->sections[SEC_IMAGES].size += 0x1000)
MUTATION(section_not_loaded, s->segments[SEG_DATA].last = SEC_BSS)
/* rodata's section and segment disagree about where in the file its bytes are. */
MUTATION(section_wrong_bytes, s->segments[SEG_RODATA].first = SEC_IMAGES;
	 s->segments[SEG_RODATA].last = SEC_IMAGES)
MUTATION(sections_overlap, s->sections[SEC_DATA].size += 0x2000)
MUTATION(symbol_missing, SYMBOL("plan_extents")->name = NULL)
MUTATION(system_missing, SYMBOL("plan_system")->name = NULL)
MUTATION(sections_missing, SYMBOL("hyp_extents_end")->name = NULL)
MUTATION(pool_missing, SYMBOL("stage2_tables")->name = NULL)
MUTATION(symbol_ambiguous,
	 s->symbols[s->symbol_count++] = (struct test_symbol){ "loader_tables", BSS_BASE, 0x10000 })
MUTATION(symbol_outside, SYMBOL("plan_cpus")->value = 0x1000)
MUTATION(symbol_in_bss, SYMBOL("plan_cpus")->value = BSS_BASE)
MUTATION(table_short, SYMBOL("plan_extents")->size -= 1)
MUTATION(table_count, s->system.extent_count++)
MUTATION(system_short, SYMBOL("plan_system")->size -= 8)
MUTATION(sections_ragged, SYMBOL("hyp_extents_end")->value += 8)
MUTATION(pool_short, SYMBOL("loader_tables")->size = 4096)
MUTATION(magic, s->system.magic++)
/* All of rodata is written. */
MUTATION(plan_in_data, s->hyp_extents[ROW_RODATA].kind = HYP_EXTENT_DATA)
MUTATION(pool_in_rodata, SYMBOL("hyp_tables")->value = RODATA_BASE)
MUTATION(pools_overlap, SYMBOL("hyp_tables")->value = SYMBOL("loader_tables")->value + 0x1000)
MUTATION(pool_unaligned, SYMBOL("hyp_tables")->value += 0x800)
MUTATION(text_is_data, s->hyp_extents[ROW_TEXT].kind = HYP_EXTENT_DATA)
MUTATION(rodata_is_text, s->hyp_extents[ROW_RODATA].kind = HYP_EXTENT_TEXT)
MUTATION(data_is_rodata, s->hyp_extents[ROW_DATA].kind = HYP_EXTENT_RODATA)
MUTATION(section_half_mapped, s->hyp_extents[ROW_DATA].end -= 0x1000)
MUTATION(text_longer_than_code, s->sections[SEC_TEXT].size = 0x800)
MUTATION(text_starts_early, s->sections[SEC_TEXT].address += 0x1000;
	 s->sections[SEC_TEXT].size -= 0x1000)
MUTATION(row_outside, s->hyp_extents[ROW_IMAGES].end += 0x2000)
MUTATION(images_writable, s->hyp_extents[ROW_IMAGES].kind = HYP_EXTENT_DATA)
MUTATION(rows_overlap, s->hyp_extents[ROW_RODATA].end += 0x1000)
MUTATION(too_few_stacks, s->hyp_extents[ROW_STACKS].end -= STACK_STRIDE)
MUTATION(row_unaligned, s->hyp_extents[ROW_DATA].start += 8)
MUTATION(row_backwards, s->hyp_extents[ROW_DATA].end = s->hyp_extents[ROW_DATA].start - 0x1000)
MUTATION(row_kind, s->hyp_extents[ROW_DATA].kind = 4)
MUTATION(row_stride_zero, s->hyp_extents[ROW_STACKS].stride = 0)
MUTATION(row_stride_guard_only, s->hyp_extents[ROW_STACKS].stride = 0x1000)
MUTATION(row_stride_ragged, s->hyp_extents[ROW_STACKS].stride = 0x5000)

static const struct breakage breakages[] = {
	BREAKS("elf-header", header_type),
	BREAKS("elf-header", header_machine),
	BREAKS("elf-entry", entry_elsewhere),
	BREAKS("elf-segment-wx", segment_wx),
	BREAKS("elf-segment-address", segment_shifted),
	BREAKS("elf-segment-outside", segment_outside),
	BREAKS("elf-section-unloaded", section_not_loaded),
	BREAKS("elf-section-unloaded", section_wrong_bytes),
	BREAKS("elf-section-overlap", sections_overlap),
	BREAKS("table-missing", symbol_missing),
	BREAKS("table-missing", system_missing),
	BREAKS("table-missing", sections_missing),
	BREAKS("table-missing", pool_missing),
	BREAKS("table-missing", symbol_ambiguous),
	BREAKS("table-missing", symbol_outside),
	BREAKS("table-missing", symbol_in_bss),
	BREAKS("table-size", table_short),
	BREAKS("table-size", table_count),
	BREAKS("table-size", system_short),
	BREAKS("table-size", sections_ragged),
	BREAKS("table-size", pool_short),
	BREAKS("plan-magic", magic),
	BREAKS("plan-writable", plan_in_data),
	BREAKS("pool-place", pool_in_rodata),
	BREAKS("pool-place", pools_overlap),
	BREAKS("pool-place", pool_unaligned),
	BREAKS("section-kind", text_is_data),
	BREAKS("section-kind", rodata_is_text),
	BREAKS("section-kind", data_is_rodata),
	BREAKS("section-kind", plan_in_data),
	BREAKS("section-unmapped", section_half_mapped),
	BREAKS("section-text", text_longer_than_code),
	BREAKS("section-text", text_starts_early),
	BREAKS("section-text", rodata_is_text),
	BREAKS("section-outside", row_outside),
	BREAKS("section-outside", images_writable),
	BREAKS("section-overlap", rows_overlap),
	BREAKS("section-stacks", too_few_stacks),
	BREAKS("section-row", row_unaligned),
	BREAKS("section-row", row_backwards),
	BREAKS("section-row", row_kind),
	BREAKS("section-row", row_stride_zero),
	BREAKS("section-row", row_stride_guard_only),
	BREAKS("section-row", row_stride_ragged),
	BREAKS("hyp-slice", pool_unaligned),
};

BREAKAGES(broken_files, breakages)
