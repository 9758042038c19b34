/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A linked ELF file in memory, read with every offset checked against the file's size. Sections,
 * segments and symbols come out in structures that do not depend on the ELF class; only the
 * decoding in elf_image.c does, so that a 32-bit target means one more set of decoders there.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct elf_section {
	const char *name; /* inside the file's bytes */
	uint32_t type;    /* SHT_* */
	uint32_t link;
	uint64_t flags; /* SHF_* */
	uint64_t address;
	uint64_t offset;
	uint64_t size; /* bytes */
};

struct elf_segment {
	uint32_t type;  /* PT_* */
	uint32_t flags; /* PF_* */
	uint64_t offset;
	uint64_t virtual_address;
	uint64_t physical_address;
	uint64_t file_size;   /* bytes */
	uint64_t memory_size; /* bytes, >= file_size for PT_LOAD */
};

struct elf_symbol {
	const char *name;
	uint64_t value;
	uint64_t size; /* bytes; 0 for symbols made by a linker script */
};

struct elf_image {
	const uint8_t *bytes; /* the caller's; outlives this */
	uint64_t size;
	uint32_t type;    /* ET_* */
	uint32_t machine; /* EM_* */
	uint64_t entry;
	struct elf_section *sections; /* owned */
	uint32_t section_count;
	struct elf_segment *segments; /* owned */
	uint32_t segment_count;
	struct elf_symbol *symbols; /* owned; named, defined symbols only */
	uint32_t symbol_count;
};

/*
 * Reads `size` bytes as an ELF file. NULL: done, elf_close() it. Else one line that says what is
 * wrong with the file; nothing is left to close.
 */
const char *elf_open(struct elf_image *elf, const uint8_t *bytes, uint64_t size)
	__attribute__((warn_unused_result));

void elf_close(struct elf_image *elf);

/* How many different values symbols of this name have; the first such symbol in *symbol. */
uint32_t elf_find_symbol(const struct elf_image *elf, const char *name, struct elf_symbol *symbol);

/* Whether the section takes up memory when the system runs. */
bool elf_section_is_allocated(const struct elf_section *section);

/* The allocated section that holds all of [address, address + size); NULL: none. */
const struct elf_section *elf_section_at(const struct elf_image *elf, uint64_t address,
					 uint64_t size);

/* The file's bytes of [address, address + size); NULL if a section does not hold all of them. */
const uint8_t *elf_bytes_at(const struct elf_image *elf, uint64_t address, uint64_t size);
