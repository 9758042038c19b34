/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Damaged files: every kind of broken ELF gives one line and no more, and random damage, thousands
 * of times, never makes the audit crash, hang or read outside the file (the sanitizers watch). The
 * files are copied to memory of exactly their size.
 */
#include "audit.h"
#include "system.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS 4000
#define SEED UINT64_C(0x9e3779b97f4a7c15)

static uint8_t *good_bytes;
static size_t good_size;

static int set_up(void **state)
{
	struct test_system system;

	(void)state;
	system_make(&system);
	good_bytes = system_link(&system, &good_size);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(good_bytes);
	return 0;
}

/* A copy without a byte to spare, so that a read beyond it is seen. */
static uint8_t *exact_copy(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);

	assert_non_null(copy);
	memcpy(copy, bytes, size);
	return copy;
}

/* The file is refused with this one line. */
static void expect_refused(uint8_t *bytes, size_t size, const char *text)
{
	struct audit audit;

	assert_false(audit_run(&audit, bytes, size));
	assert_int_equal(audit.report.findings.count, 1);
	assert_string_equal(audit.report.findings.lines[0].rule, "elf-format");
	if (strstr(audit.report.findings.lines[0].text, text) == NULL) {
		print_error("expected \"%s\", got \"%s\"\n", text,
			    audit.report.findings.lines[0].text);
		fail();
	}
	audit_free(&audit);
	free(bytes);
}

#define HEADER_U16(bytes, field, value) (((Elf64_Ehdr *)(void *)(bytes))->field = (uint16_t)(value))

static Elf64_Shdr *section_of(uint8_t *bytes, uint32_t type)
{
	Elf64_Ehdr *header = (Elf64_Ehdr *)(void *)bytes;
	Elf64_Shdr *sections = (Elf64_Shdr *)(void *)(bytes + header->e_shoff);

	for (uint32_t i = 0; i < header->e_shnum; i++) {
		if (sections[i].sh_type == type) {
			return &sections[i];
		}
	}
	abort();
}

static Elf64_Phdr *segments_of(uint8_t *bytes)
{
	return (Elf64_Phdr *)(void *)(bytes + ((Elf64_Ehdr *)(void *)bytes)->e_phoff);
}

static void test_headers_are_checked(void **state)
{
	uint8_t *bytes;

	(void)state;
	expect_refused(exact_copy(good_bytes, 0), 0, "shorter than an ELF header");
	expect_refused(exact_copy(good_bytes, 63), 63, "shorter than an ELF header");
	bytes = exact_copy(good_bytes, good_size);
	bytes[0] = 0;
	expect_refused(bytes, good_size, "not an ELF file");
	bytes = exact_copy(good_bytes, good_size);
	bytes[EI_CLASS] = ELFCLASS32;
	expect_refused(bytes, good_size, "not a 64-bit little-endian");
	bytes = exact_copy(good_bytes, good_size);
	bytes[EI_DATA] = ELFDATA2MSB;
	expect_refused(bytes, good_size, "not a 64-bit little-endian");
	bytes = exact_copy(good_bytes, good_size);
	HEADER_U16(bytes, e_shentsize, 63);
	expect_refused(bytes, good_size, "wrong size of section or program headers");
	bytes = exact_copy(good_bytes, good_size);
	HEADER_U16(bytes, e_phentsize, 0);
	expect_refused(bytes, good_size, "wrong size of section or program headers");
	bytes = exact_copy(good_bytes, good_size);
	HEADER_U16(bytes, e_shnum, 0xffff);
	expect_refused(bytes, good_size, "section headers lie outside");
	bytes = exact_copy(good_bytes, good_size);
	HEADER_U16(bytes, e_shnum, 0);
	expect_refused(bytes, good_size, "section headers lie outside");
	bytes = exact_copy(good_bytes, good_size);
	HEADER_U16(bytes, e_phnum, 0xffff);
	expect_refused(bytes, good_size, "program headers lie outside");
	bytes = exact_copy(good_bytes, good_size);
	((Elf64_Ehdr *)(void *)bytes)->e_phoff = UINT64_MAX - 8;
	expect_refused(bytes, good_size, "program headers lie outside");
}

static void test_sections_are_checked(void **state)
{
	uint8_t *bytes;

	(void)state;
	bytes = exact_copy(good_bytes, good_size);
	section_of(bytes, SHT_PROGBITS)->sh_size = good_size;
	expect_refused(bytes, good_size, "a section lies outside the file");
	bytes = exact_copy(good_bytes, good_size);
	section_of(bytes, SHT_PROGBITS)->sh_offset = UINT64_MAX;
	expect_refused(bytes, good_size, "a section lies outside the file");
	bytes = exact_copy(good_bytes, good_size);
	section_of(bytes, SHT_NOBITS)->sh_size = UINT64_MAX - 0x1000;
	expect_refused(bytes, good_size, "a section ends outside the address space");
	bytes = exact_copy(good_bytes, good_size);
	section_of(bytes, SHT_PROGBITS)->sh_name = 0x10000;
	expect_refused(bytes, good_size, "a section name lies outside");
	bytes = exact_copy(good_bytes, good_size);
	HEADER_U16(bytes, e_shstrndx, 0xfff0);
	expect_refused(bytes, good_size, "a section name lies outside");
	bytes = exact_copy(good_bytes, good_size);
	section_of(bytes, SHT_STRTAB)->sh_size -= 1; /* no longer ends in a zero */
	bytes[section_of(bytes, SHT_STRTAB)->sh_offset + section_of(bytes, SHT_STRTAB)->sh_size -
	      1] = 'x';
	expect_refused(bytes, good_size, "a section name lies outside");
}

static void test_segments_and_symbols_are_checked(void **state)
{
	uint8_t *bytes;

	(void)state;
	bytes = exact_copy(good_bytes, good_size);
	segments_of(bytes)[1].p_offset = good_size;
	expect_refused(bytes, good_size, "a load segment lies outside the file");
	bytes = exact_copy(good_bytes, good_size);
	segments_of(bytes)[1].p_memsz = 0;
	expect_refused(bytes, good_size, "a load segment has an impossible size");
	bytes = exact_copy(good_bytes, good_size);
	segments_of(bytes)[1].p_paddr = UINT64_MAX;
	expect_refused(bytes, good_size, "a load segment has an impossible size");
	bytes = exact_copy(good_bytes, good_size);
	section_of(bytes, SHT_SYMTAB)->sh_type = SHT_PROGBITS;
	expect_refused(bytes, good_size, "there is no symbol table");
	bytes = exact_copy(good_bytes, good_size);
	((Elf64_Sym *)(void *)(bytes + section_of(bytes, SHT_SYMTAB)->sh_offset))[3].st_name =
		0x10000;
	expect_refused(bytes, good_size, "a symbol name lies outside");
	bytes = exact_copy(good_bytes, good_size);
	section_of(bytes, SHT_SYMTAB)->sh_link = 99;
	expect_refused(bytes, good_size, "a symbol name lies outside");
}

/* An inactive section header is no section, whatever else it says: its bytes need not be in the
 * file. */
static void test_inactive_section(void **state)
{
	uint8_t *bytes = exact_copy(good_bytes, good_size);
	Elf64_Shdr *section = section_of(bytes, SHT_NULL);
	struct audit audit;

	(void)state;
	section->sh_flags = SHF_ALLOC;
	section->sh_addr = RODATA_BASE;
	section->sh_offset = UINT64_C(1) << 40;
	section->sh_size = 0x4000;
	assert_true(audit_run(&audit, bytes, good_size));
	audit_free(&audit);
	free(bytes);
}

/* A file cut anywhere is refused, in one line. */
static void test_truncation(void **state)
{
	(void)state;
	for (size_t size = 0; size < good_size; size += 97) {
		uint8_t *bytes = exact_copy(good_bytes, size);
		struct audit audit;

		assert_false(audit_run(&audit, bytes, size));
		assert_int_equal(audit.report.findings.count, 1);
		audit_free(&audit);
		free(bytes);
	}
}

/* ---- random damage --------------------------------------------------------------------------- */

static uint64_t random_state = SEED;

/* xorshift64: the same damage in every run. */
static uint64_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* Values that are likely to go wrong, as well as random ones. */
static uint64_t next_value(void)
{
	static const uint64_t values[] = {
		0,
		1,
		0x7f,
		0xff,
		0xffff,
		0x1000,
		0x7fffffff,
		UINT32_MAX,
		UINT64_MAX,
		0x1001,
		UINT64_MAX - 0xfff,
		UINT64_C(1) << 47,
	};
	uint64_t random = next_random();

	return random % 3 == 0 ? next_random() : values[random / 3 % (sizeof(values) / 8)];
}

/* Changes one to four fields of `size` bytes at `from`. */
static void damage(uint8_t *bytes, uint64_t from, uint64_t size)
{
	uint64_t count = 1 + next_random() % 4;

	for (uint64_t i = 0; i < count; i++) {
		uint64_t width = UINT64_C(1) << (next_random() % 4);
		uint64_t at = from + (next_random() % (size - width + 1) & ~(width - 1));
		uint64_t value = next_value();

		if (next_random() % 4 == 0) {
			bytes[at] ^= (uint8_t)(1 << next_random() % 8);
		} else {
			memcpy(bytes + at, &value, width);
		}
	}
}

/* Damages a part of the file many times; the counts say that it mattered, and that it need not. */
static void run_rounds(uint64_t from, uint64_t size, uint32_t rounds, uint32_t *refused)
{
	*refused = 0;
	for (uint32_t i = 0; i < rounds; i++) {
		uint8_t *bytes = exact_copy(good_bytes, good_size);
		struct audit audit;

		damage(bytes, from, size);
		if (!audit_run(&audit, bytes, good_size)) {
			assert_true(audit.report.findings.count > 0);
			(*refused)++;
		} else {
			assert_int_equal(audit.report.findings.count, 0);
		}
		audit_free(&audit);
		free(bytes);
	}
}

static void test_random_damage_to_headers(void **state)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)(const void *)good_bytes;
	uint32_t refused;

	(void)state;
	run_rounds(0, sizeof(*header) + SEGMENT_COUNT * sizeof(Elf64_Phdr), ROUNDS, &refused);
	assert_true(refused > ROUNDS / 2);
	run_rounds(header->e_shoff, good_size - header->e_shoff, ROUNDS, &refused);
	assert_true(refused > ROUNDS / 2);
}

static void test_random_damage_to_symbols(void **state)
{
	const Elf64_Shdr *symbols = section_of(good_bytes, SHT_SYMTAB);
	const Elf64_Shdr *strings = section_of(good_bytes, SHT_STRTAB);
	uint32_t refused;

	(void)state;
	run_rounds(symbols->sh_offset, symbols->sh_size, ROUNDS, &refused);
	assert_true(refused > ROUNDS / 4);
	run_rounds(strings->sh_offset, strings->sh_size, ROUNDS, &refused);
	assert_true(refused > ROUNDS / 4);
}

/* The plan's tables and the section table. */
static void test_random_damage_to_tables(void **state)
{
	struct elf_symbol symbol;
	struct elf_image elf;
	const uint8_t *tables;
	uint32_t refused;

	(void)state;
	assert_null(elf_open(&elf, good_bytes, good_size));
	assert_int_equal(elf_find_symbol(&elf, "hyp_extents_end", &symbol), 1);
	tables = elf_bytes_at(&elf, RODATA_BASE, symbol.value - RODATA_BASE);
	assert_non_null(tables);
	run_rounds((uint64_t)(tables - good_bytes), symbol.value - RODATA_BASE, 4 * ROUNDS,
		   &refused);
	assert_true(refused > ROUNDS);
	elf_close(&elf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers_are_checked),
		cmocka_unit_test(test_sections_are_checked),
		cmocka_unit_test(test_segments_and_symbols_are_checked),
		cmocka_unit_test(test_inactive_section),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_random_damage_to_headers),
		cmocka_unit_test(test_random_damage_to_symbols),
		cmocka_unit_test(test_random_damage_to_tables),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
