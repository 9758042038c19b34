/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The linked file against the plan: what is loaded lies in the areas the plan set aside, and the
 * section table by which the hypervisor maps itself agrees with the sections there are.
 */
#include "audit.h"

#include <elf.h>

#define PAGE_MASK (PAGETABLE_BYTES - 1)

/* Whether memory lies in the hypervisor's area or in that of the images. */
static bool in_areas(const struct plan_system *system, uint64_t start, uint64_t size)
{
	return range_inside(start, size, system->hyp_base, system->hyp_size) ||
	       range_inside(start, size, system->images_base, system->images_size);
}

static void check_header(struct audit *audit)
{
	const struct elf_image *elf = &audit->elf;

	if (elf->type != ET_EXEC || elf->machine != EM_AARCH64) {
		report_finding(&audit->report, "elf-header",
			       "type %u, machine %u: expected an AArch64 executable linked at a "
			       "fixed address (%u, %u)",
			       elf->type, elf->machine, ET_EXEC, EM_AARCH64);
	}
	if (elf->entry != audit->plan.system.hyp_base) {
		report_finding(&audit->report, "elf-entry",
			       "the entry point is " HEX ", but the hypervisor is entered at " HEX,
			       elf->entry, audit->plan.system.hyp_base);
	}
}

static void check_segment(struct audit *audit, uint32_t index, const struct elf_segment *segment)
{
	if ((segment->flags & PF_W) != 0 && (segment->flags & PF_X) != 0) {
		report_finding(&audit->report, "elf-segment-wx",
			       "segment %u at " HEX " is both writable and executable", index,
			       segment->virtual_address);
	}
	if (segment->virtual_address != segment->physical_address) {
		report_finding(&audit->report, "elf-segment-address",
			       "segment %u runs at " HEX " but is loaded at " HEX
			       ": the hypervisor is mapped one to one",
			       index, segment->virtual_address, segment->physical_address);
	}
	if (!in_areas(&audit->plan.system, segment->virtual_address, segment->memory_size) ||
	    !in_areas(&audit->plan.system, segment->physical_address, segment->memory_size)) {
		report_finding(&audit->report, "elf-segment-outside",
			       "segment %u, " HEX " bytes at " HEX
			       ", is neither in the hypervisor's area " HEX "-" HEX
			       " nor in that of the images " HEX "-" HEX,
			       index, segment->memory_size, segment->physical_address,
			       audit->plan.system.hyp_base,
			       audit->plan.system.hyp_base + audit->plan.system.hyp_size,
			       audit->plan.system.images_base,
			       audit->plan.system.images_base + audit->plan.system.images_size);
	}
}

/* Whether loading the file puts the section's bytes where its address says. */
static bool section_is_loaded(const struct elf_image *elf, const struct elf_section *section)
{
	for (uint32_t i = 0; i < elf->segment_count; i++) {
		const struct elf_segment *segment = &elf->segments[i];
		uint64_t offset = section->address - segment->virtual_address;

		if (segment->type != PT_LOAD ||
		    !range_inside(section->address, section->size, segment->virtual_address,
				  segment->memory_size)) {
			continue;
		}
		if (section->type == SHT_NOBITS
			    ? offset >= segment->file_size
			    : range_inside(offset, section->size, 0, segment->file_size) &&
				      segment->offset + offset == section->offset) {
			return true;
		}
	}
	return false;
}

static void check_section(struct audit *audit, uint32_t index)
{
	const struct elf_section *section = &audit->elf.sections[index];

	if (!section_is_loaded(&audit->elf, section)) {
		report_finding(&audit->report, "elf-section-unloaded",
			       "section %s at " HEX " is not what a load segment puts there",
			       section->name, section->address);
	}
	for (uint32_t i = 0; i < index; i++) {
		const struct elf_section *other = &audit->elf.sections[i];

		if (elf_section_is_allocated(other) &&
		    ranges_overlap(section->address, section->size, other->address, other->size)) {
			report_finding(&audit->report, "elf-section-overlap",
				       "sections %s and %s overlap at " HEX, other->name,
				       section->name,
				       section->address > other->address ? section->address
									 : other->address);
		}
	}
}

void check_elf(struct audit *audit)
{
	const struct elf_image *elf = &audit->elf;
	size_t before = audit->report.findings.count;
	uint32_t segments = 0, sections = 0;

	check_header(audit);
	for (uint32_t i = 0; i < elf->segment_count; i++) {
		if (elf->segments[i].type == PT_LOAD && elf->segments[i].memory_size > 0) {
			check_segment(audit, i, &elf->segments[i]);
			segments++;
		}
	}
	for (uint32_t i = 0; i < elf->section_count; i++) {
		if (elf_section_is_allocated(&elf->sections[i])) {
			check_section(audit, i);
			sections++;
		}
	}
	report_proof(&audit->report, before, "elf",
		     "%u segments, %u sections: none writable and executable, all inside the "
		     "hypervisor's and the images' areas, entered at " HEX,
		     segments, sections, elf->entry);
}

/* ---- the section table ----------------------------------------------------------------------- */

static const char *kind_name(uint64_t kind)
{
	static const char *const names[] = { "text", "rodata", "data", "stacks" };

	return names[kind];
}

/* Whether a section may be in a part of this kind: code in text, and only code; what is written
 * in data or stacks; what is not written in rodata. */
static bool section_fits(const struct elf_section *section, uint64_t kind)
{
	bool writable = (section->flags & SHF_WRITE) != 0;

	if ((section->flags & SHF_EXECINSTR) != 0) {
		return kind == HYP_EXTENT_TEXT && !writable;
	}
	return writable ? kind == HYP_EXTENT_DATA || kind == HYP_EXTENT_STACKS
			: kind == HYP_EXTENT_RODATA;
}

/* A section must lie in one row of the table, of its own kind, or in none if it is an image that
 * the hypervisor does not map. */
static void check_section_row(struct audit *audit, const struct elf_section *section)
{
	const struct plan_system *system = &audit->plan.system;
	bool found = false;

	for (uint32_t i = 0; i < audit->plan.hyp_extent_count; i++) {
		const struct hyp_extent *row = &audit->plan.hyp_extents[i];

		if (!ranges_overlap(section->address, section->size, row->start,
				    row->end - row->start)) {
			continue;
		}
		found = found || range_inside(section->address, section->size, row->start,
					      row->end - row->start);
		if (!section_fits(section, row->kind)) {
			report_finding(&audit->report, "section-kind",
				       "section %s at " HEX " (%s%s) is mapped as %s",
				       section->name, section->address,
				       (section->flags & SHF_WRITE) != 0 ? "writable" : "constant",
				       (section->flags & SHF_EXECINSTR) != 0 ? ", code" : "",
				       kind_name(row->kind));
		}
	}
	if (!found && !range_inside(section->address, section->size, system->images_base,
				    system->images_size)) {
		report_finding(&audit->report, "section-unmapped",
			       "section %s, " HEX " bytes at " HEX
			       ", is not in one row of hyp_extents",
			       section->name, section->size, section->address);
	}
}

/* Every page of a text row must hold code: from the row's start, section after section without a
 * whole page between them, to the row's end. */
static void check_text_row(struct audit *audit, const struct hyp_extent *row)
{
	uint64_t at = row->start;
	bool advanced = true;

	while (at < row->end && advanced) {
		advanced = false;
		for (uint32_t i = 0; i < audit->elf.section_count; i++) {
			const struct elf_section *section = &audit->elf.sections[i];
			uint64_t end = (section->address + section->size + PAGE_MASK) & ~PAGE_MASK;

			if (elf_section_is_allocated(section) &&
			    (section->flags & SHF_EXECINSTR) != 0 &&
			    (section->address & ~PAGE_MASK) <= at && end > at) {
				at = end;
				advanced = true;
			}
		}
	}
	if (at != row->end) {
		report_finding(&audit->report, "section-text",
			       "the text " HEX "-" HEX " is executable at " HEX
			       ", where the file has no code",
			       row->start, row->end, at < row->end ? at : row->end);
	}
}

static void check_row(struct audit *audit, uint32_t index)
{
	const struct plan_system *system = &audit->plan.system;
	const struct hyp_extent *row = &audit->plan.hyp_extents[index];
	uint64_t size = row->end - row->start;
	bool image = row->kind == HYP_EXTENT_RODATA &&
		     range_inside(row->start, size, system->images_base, system->images_size);

	if (!image && !range_inside(row->start, size, system->hyp_base, system->hyp_size)) {
		report_finding(
			&audit->report, "section-outside",
			"hyp_extents[%u] (%s) " HEX "-" HEX
			" is not in the hypervisor's area, nor read-only in that of the images",
			index, kind_name(row->kind), row->start, row->end);
	}
	for (uint32_t i = 0; i < index; i++) {
		const struct hyp_extent *other = &audit->plan.hyp_extents[i];

		if (ranges_overlap(row->start, size, other->start, other->end - other->start)) {
			report_finding(
				&audit->report, "section-overlap",
				"hyp_extents[%u] (%s) and hyp_extents[%u] (%s) overlap at " HEX, i,
				kind_name(other->kind), index, kind_name(row->kind),
				row->start > other->start ? row->start : other->start);
		}
	}
	if (row->kind == HYP_EXTENT_TEXT) {
		check_text_row(audit, row);
	}
}

/* Whether one row of the kind holds the whole range. */
static bool row_holds(const struct plan_tables *plan, enum hyp_extent_kind kind, uint64_t start,
		      uint64_t size)
{
	for (uint32_t i = 0; i < plan->hyp_extent_count; i++) {
		const struct hyp_extent *row = &plan->hyp_extents[i];

		if (row->kind == kind &&
		    range_inside(start, size, row->start, row->end - row->start)) {
			return true;
		}
	}
	return false;
}

/* The plan must be constant at run time; pools of tables writable, aligned, apart. */
static void check_places(struct audit *audit)
{
	const struct plan_tables *plan = &audit->plan;

	for (uint32_t i = 0; i < plan->place_count; i++) {
		const struct table_place *place = &plan->places[i];

		if (!row_holds(plan, HYP_EXTENT_RODATA, place->address, place->size)) {
			report_finding(&audit->report, "plan-writable",
				       "`%s` at " HEX " is not in the hypervisor's read-only data",
				       place->symbol, place->address);
		}
	}
	for (uint32_t i = 0; i < POOL_COUNT; i++) {
		const struct table_pool *pool = &plan->pools[i];

		if (pool->size != 0 && ((pool->pa & PAGE_MASK) != 0 ||
					!row_holds(plan, HYP_EXTENT_DATA, pool->pa, pool->size))) {
			report_finding(&audit->report, "pool-place",
				       "`%s`, " HEX " bytes at " HEX
				       ", is not of whole pages in the hypervisor's data",
				       pool->name, pool->size, pool->pa);
		}
		for (uint32_t j = 0; j < i; j++) {
			if (ranges_overlap(pool->pa, pool->size, plan->pools[j].pa,
					   plan->pools[j].size)) {
				report_finding(&audit->report, "pool-place",
					       "`%s` and `%s` overlap", plan->pools[j].name,
					       pool->name);
			}
		}
	}
}

/* One stack for every CPU. */
static void check_stacks(struct audit *audit)
{
	const struct plan_tables *plan = &audit->plan;
	uint64_t stacks = 0;

	for (uint32_t i = 0; i < plan->hyp_extent_count; i++) {
		const struct hyp_extent *row = &plan->hyp_extents[i];

		if (row->kind == HYP_EXTENT_STACKS) {
			stacks += (row->end - row->start) / row->stride;
		}
	}
	if (stacks != plan->system.cpu_count) {
		report_finding(&audit->report, "section-stacks",
			       "hyp_extents has %" PRIu64 " guarded stacks for %u CPUs", stacks,
			       plan->system.cpu_count);
	}
}

void check_sections(struct audit *audit)
{
	size_t before = audit->report.findings.count;

	for (uint32_t i = 0; i < audit->elf.section_count; i++) {
		if (elf_section_is_allocated(&audit->elf.sections[i])) {
			check_section_row(audit, &audit->elf.sections[i]);
		}
	}
	for (uint32_t i = 0; i < audit->plan.hyp_extent_count; i++) {
		check_row(audit, i);
	}
	check_stacks(audit);
	check_places(audit);
	report_proof(&audit->report, before, "sections",
		     "%u parts: text is exactly the code, what is constant is read-only, every CPU "
		     "has a guarded stack",
		     audit->plan.hyp_extent_count);
}
