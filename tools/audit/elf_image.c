/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads an ELF file (System V gABI, "Object Files"): little endian, 64-bit. Nothing in the file is
 * trusted: every table and string is checked to lie inside the bytes given.
 */
#include "elf_image.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(
	__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	"headers and plan tables are copied as they are: the build machine is little endian");

/* Where a table of headers is. */
struct header_table {
	uint64_t offset;
	uint32_t count;
	uint32_t row_size; /* bytes */
};

/* What the ELF header says, whatever its class. */
struct file_header {
	struct header_table sections;
	struct header_table segments;
	uint32_t names; /* index of the section with the section names */
};

static bool inside(uint64_t offset, uint64_t size, uint64_t limit)
{
	return offset <= limit && size <= limit - offset;
}

/* ---- decoding of one class: what a 32-bit target would add to -------------------------------- */

static const char *decode_header(struct elf_image *elf, struct file_header *out)
{
	Elf64_Ehdr header;

	if (elf->size < sizeof(header)) {
		return "the file is shorter than an ELF header";
	}
	memcpy(&header, elf->bytes, sizeof(header));
	if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
		return "not an ELF file";
	}
	if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB) {
		return "not a 64-bit little-endian ELF file";
	}
	elf->type = header.e_type;
	elf->machine = header.e_machine;
	elf->entry = header.e_entry;
	out->sections = (struct header_table){ header.e_shoff, header.e_shnum, header.e_shentsize };
	out->segments = (struct header_table){ header.e_phoff, header.e_phnum, header.e_phentsize };
	out->names = header.e_shstrndx;
	if (out->sections.row_size != sizeof(Elf64_Shdr) ||
	    out->segments.row_size != sizeof(Elf64_Phdr)) {
		return "the ELF header gives a wrong size of section or program headers";
	}
	return NULL;
}

/* Gives the name as an offset, since the name table may not be read yet. */
static struct elf_section decode_section(const uint8_t *bytes, uint32_t *name)
{
	Elf64_Shdr header;

	memcpy(&header, bytes, sizeof(header));
	*name = header.sh_name;
	return (struct elf_section){
		.type = header.sh_type,
		.link = header.sh_link,
		.flags = header.sh_flags,
		.address = header.sh_addr,
		.offset = header.sh_offset,
		.size = header.sh_size,
	};
}

static struct elf_segment decode_segment(const uint8_t *bytes)
{
	Elf64_Phdr header;

	memcpy(&header, bytes, sizeof(header));
	return (struct elf_segment){
		.type = header.p_type,
		.flags = header.p_flags,
		.offset = header.p_offset,
		.virtual_address = header.p_vaddr,
		.physical_address = header.p_paddr,
		.file_size = header.p_filesz,
		.memory_size = header.p_memsz,
	};
}

static const uint32_t symbol_row_size = sizeof(Elf64_Sym);

/* False: an undefined or nameless symbol, which the audit has no use for. */
static bool decode_symbol(const uint8_t *bytes, uint32_t *name, struct elf_symbol *out)
{
	Elf64_Sym symbol;

	memcpy(&symbol, bytes, sizeof(symbol));
	*name = symbol.st_name;
	*out = (struct elf_symbol){ .value = symbol.st_value, .size = symbol.st_size };
	return symbol.st_shndx != SHN_UNDEF && symbol.st_name != 0;
}

/* ---- whatever the class ---------------------------------------------------------------------- */

/* The string at `offset` of a string table; NULL: the table is not one, or the offset is
 * outside. */
static const char *string_at(const struct elf_image *elf, uint32_t section, uint32_t offset)
{
	const struct elf_section *table;

	if (section >= elf->section_count) {
		return NULL;
	}
	table = &elf->sections[section];
	if (table->type != SHT_STRTAB || offset >= table->size ||
	    elf->bytes[table->offset + table->size - 1] != 0) {
		return NULL;
	}
	return (const char *)elf->bytes + table->offset + offset;
}

static const char *read_sections(struct elf_image *elf, const struct file_header *header)
{
	const struct header_table *table = &header->sections;
	uint32_t name;

	if (table->count == 0 ||
	    !inside(table->offset, (uint64_t)table->count * table->row_size, elf->size)) {
		return "the section headers lie outside the file";
	}
	elf->sections = calloc(table->count, sizeof(*elf->sections));
	if (elf->sections == NULL) {
		return "not enough memory for the section headers";
	}
	elf->section_count = table->count;
	for (uint32_t i = 0; i < table->count; i++) {
		struct elf_section *section = &elf->sections[i];

		*section = decode_section(elf->bytes + table->offset + i * table->row_size, &name);
		if (section->type != SHT_NOBITS && section->type != SHT_NULL &&
		    !inside(section->offset, section->size, elf->size)) {
			return "a section lies outside the file";
		}
		if ((section->flags & SHF_ALLOC) != 0 &&
		    section->size > UINT64_MAX - section->address) {
			return "a section ends outside the address space";
		}
	}
	for (uint32_t i = 0; i < table->count; i++) {
		(void)decode_section(elf->bytes + table->offset + i * table->row_size, &name);
		elf->sections[i].name = string_at(elf, header->names, name);
		if (elf->sections[i].name == NULL) {
			return "a section name lies outside its string table";
		}
	}
	return NULL;
}

static const char *read_segments(struct elf_image *elf, const struct file_header *header)
{
	const struct header_table *table = &header->segments;

	if (table->count == 0 ||
	    !inside(table->offset, (uint64_t)table->count * table->row_size, elf->size)) {
		return "the program headers lie outside the file";
	}
	elf->segments = calloc(table->count, sizeof(*elf->segments));
	if (elf->segments == NULL) {
		return "not enough memory for the program headers";
	}
	elf->segment_count = table->count;
	for (uint32_t i = 0; i < table->count; i++) {
		struct elf_segment *segment = &elf->segments[i];

		*segment = decode_segment(elf->bytes + table->offset + i * table->row_size);
		if (segment->type != PT_LOAD) {
			continue;
		}
		if (!inside(segment->offset, segment->file_size, elf->size)) {
			return "a load segment lies outside the file";
		}
		if (segment->file_size > segment->memory_size ||
		    segment->memory_size > UINT64_MAX - segment->virtual_address ||
		    segment->memory_size > UINT64_MAX - segment->physical_address) {
			return "a load segment has an impossible size";
		}
	}
	return NULL;
}

static const char *read_symbols(struct elf_image *elf)
{
	const struct elf_section *table = NULL;
	uint64_t rows;
	uint32_t name;

	for (uint32_t i = 0; i < elf->section_count; i++) {
		if (elf->sections[i].type == SHT_SYMTAB) {
			table = &elf->sections[i];
		}
	}
	if (table == NULL) {
		return "there is no symbol table (was the file stripped?)";
	}
	rows = table->size / symbol_row_size;
	elf->symbols = calloc(rows + 1, sizeof(*elf->symbols));
	if (elf->symbols == NULL) {
		return "not enough memory for the symbols";
	}
	for (uint64_t i = 0; i < rows; i++) {
		struct elf_symbol *symbol = &elf->symbols[elf->symbol_count];

		if (!decode_symbol(elf->bytes + table->offset + i * symbol_row_size, &name,
				   symbol)) {
			continue;
		}
		symbol->name = string_at(elf, table->link, name);
		if (symbol->name == NULL) {
			return "a symbol name lies outside its string table";
		}
		elf->symbol_count++;
	}
	return NULL;
}

const char *elf_open(struct elf_image *elf, const uint8_t *bytes, uint64_t size)
{
	struct file_header header;
	const char *error;

	*elf = (struct elf_image){ .bytes = bytes, .size = size };
	error = decode_header(elf, &header);
	if (error == NULL) {
		error = read_sections(elf, &header);
	}
	if (error == NULL) {
		error = read_segments(elf, &header);
	}
	if (error == NULL) {
		error = read_symbols(elf);
	}
	if (error != NULL) {
		elf_close(elf);
	}
	return error;
}

void elf_close(struct elf_image *elf)
{
	free(elf->sections);
	free(elf->segments);
	free(elf->symbols);
	memset(elf, 0, sizeof(*elf));
}

uint32_t elf_find_symbol(const struct elf_image *elf, const char *name, struct elf_symbol *symbol)
{
	uint32_t found = 0;

	for (uint32_t i = 0; i < elf->symbol_count; i++) {
		if (strcmp(elf->symbols[i].name, name) != 0) {
			continue;
		}
		if (found == 0) {
			*symbol = elf->symbols[i];
			found = 1;
		} else if (elf->symbols[i].value != symbol->value) {
			found++;
		}
	}
	return found;
}

bool elf_section_is_allocated(const struct elf_section *section)
{
	/* An inactive header (SHT_NULL) means nothing, and its offset was not checked. */
	return section->type != SHT_NULL && (section->flags & SHF_ALLOC) != 0 && section->size > 0;
}

const struct elf_section *elf_section_at(const struct elf_image *elf, uint64_t address,
					 uint64_t size)
{
	for (uint32_t i = 0; i < elf->section_count; i++) {
		const struct elf_section *section = &elf->sections[i];

		if (elf_section_is_allocated(section) && address >= section->address &&
		    inside(address - section->address, size, section->size)) {
			return section;
		}
	}
	return NULL;
}

const uint8_t *elf_bytes_at(const struct elf_image *elf, uint64_t address, uint64_t size)
{
	const struct elf_section *section = elf_section_at(elf, address, size);

	if (section == NULL || section->type == SHT_NOBITS) {
		return NULL;
	}
	return elf->bytes + section->offset + (address - section->address);
}
