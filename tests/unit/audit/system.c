/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The small correct system and its linker.
 */
#include "system.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define POOL_TABLES 16
#define PAGE UINT64_C(4096)
#define STRINGS_SIZE 2048

void irq_set(struct plan_vm *vm, uint32_t irq)
{
	vm->irqs[irq / 32] |= UINT32_C(1) << (irq % 32);
}

void irq_clear(struct plan_vm *vm, uint32_t irq)
{
	vm->irqs[irq / 32] &= ~(UINT32_C(1) << (irq % 32));
}

static void make_plan_system(struct plan_system *system)
{
	*system = (struct plan_system){
		.magic = PLAN_MAGIC,
		.hyp_base = HYP_BASE,
		.hyp_size = HYP_SIZE,
		.images_base = IMAGES_BASE,
		.images_size = IMAGES_SIZE,
		.cpu_count = CPU_COUNT,
		.vm_count = VM_COUNT,
		.pa_bits = 40,
		.hyp_va_bits = 39,
		.console_cpu = 1,
		.console_irq = 33,
		.irq_count = 288,
		.maintenance_irq = 25,
		.vcpu_count = VCPU_COUNT,
		.extent_count = EXTENT_COUNT,
		.load_count = LOAD_COUNT,
		.window_count = WINDOW_COUNT,
		.ipc_count = 2,
		.ipc_peer_count = 2,
		.ipc_irq_count = 2,
		.remio_count = 1,
		.remio_slot_count = 2,
		.hyp_table_count = POOL_TABLES,
		.hyp_device_count = 3,
	};
}

static void make_vms(struct test_system *system)
{
	static const uint32_t linux_irqs[] = { 27, 40, 100, 110, 120 };
	static const uint32_t rt_irqs[] = { 27, 48, 101, 111, 121 };

	system->vms[LINUX] = (struct plan_vm){
		.name = "linux",
		.entry = 0x40080000,
		.boot_arg = 0x43000000,
		.vcpu_first = 0,
		.vcpu_count = 2,
		.extent_first = LINUX_DEVICE,
		.extent_count = RT_DEVICE,
		.load_first = LINUX_LOAD_KERNEL,
		.load_count = RT_LOAD,
		.window_first = LINUX_GICD,
		.window_count = RT_GICD,
		.ipc_first = 0,
		.ipc_count = 1,
		.ipa_bits = 40,
		.on_fault = PLAN_ON_FAULT_INJECT,
		.uart_irq = 120,
		.irq_count = 128,
	};
	system->vms[RT] = (struct plan_vm){
		.name = "rt",
		.entry = 0x40100000,
		.vcpu_first = 2,
		.vcpu_count = 1,
		.extent_first = RT_DEVICE,
		.extent_count = EXTENT_COUNT - RT_DEVICE,
		.load_first = RT_LOAD,
		.load_count = 1,
		.window_first = RT_GICD,
		.window_count = WINDOW_COUNT - RT_GICD,
		.ipc_first = 1,
		.ipc_count = 1,
		.ipa_bits = 32,
		.on_fault = PLAN_ON_FAULT_HALT,
		.image_in_place = 1,
		.uart_irq = 121,
		.irq_count = 128,
	};
	for (size_t i = 0; i < sizeof(linux_irqs) / sizeof(linux_irqs[0]); i++) {
		irq_set(&system->vms[LINUX], linux_irqs[i]);
	}
	for (size_t i = 0; i < sizeof(rt_irqs) / sizeof(rt_irqs[0]); i++) {
		irq_set(&system->vms[RT], rt_irqs[i]);
	}
}

static void make_cpus(struct test_system *system)
{
	static const uint32_t cpus[] = { 1, 2, 0 };

	for (uint32_t i = 0; i < CPU_COUNT; i++) {
		system->cpus[i] = (struct plan_cpu){ .hw_id = 0x100 + i, .vm = PLAN_NONE8 };
	}
	memcpy(system->vcpu_cpus, cpus, sizeof(cpus));
	system->cpus[1].vm = LINUX;
	system->cpus[1].vcpu = 0;
	system->cpus[2].vm = LINUX;
	system->cpus[2].vcpu = 1;
	system->cpus[0].vm = RT;
	system->cpus[0].vcpu = 0;
}

static void make_memory(struct test_system *system)
{
	static const struct plan_extent extents[EXTENT_COUNT] = {
		[LINUX_DEVICE] = { 0x9040000, 0x9040000, 0x1000, PLAN_MEMORY_DEVICE, PLAN_NONE32 },
		[LINUX_RAM] = { 0x40000000, LINUX_RAM_PA, 0x4000000, PLAN_MEMORY_RAM, PLAN_NONE32 },
		[LINUX_SHARED] = { 0x70000000, SHARED_PA, 0x10000, PLAN_MEMORY_SHARED, 0 },
		[RT_DEVICE] = { 0xa000000, 0xa001000, 0x1000, PLAN_MEMORY_DEVICE, PLAN_NONE32 },
		[RT_RAM] = { 0x40000000, RT_RAM_PA, 0x100000, PLAN_MEMORY_RAM, PLAN_NONE32 },
		[RT_IMAGE] = { 0x40100000, IMAGES_BASE + 0x3000, 0x1000, PLAN_MEMORY_RAM,
			       PLAN_NONE32 },
		[RT_SHARED] = { 0x70000000, SHARED_PA, 0x10000, PLAN_MEMORY_SHARED, 0 },
	};
	static const struct plan_load loads[LOAD_COUNT] = {
		[LINUX_LOAD_KERNEL] = { LINUX_RAM_PA + 0x80000, IMAGES_BASE, 0x1800 },
		[LINUX_LOAD_DTB] = { LINUX_RAM_PA + 0x3000000, IMAGES_BASE + 0x1800, 0x400 },
		[RT_LOAD] = { RT_RAM_PA + 0x10000, IMAGES_BASE + 0x2000, 0x800 },
	};
	static const struct plan_window windows[WINDOW_COUNT] = {
		[LINUX_GICD] = { 0x8000000, 0x10000, PLAN_WINDOW_GICD, 0 },
		[LINUX_GICR] = { 0x80a0000, 0x40000, PLAN_WINDOW_GICR, 0 },
		[LINUX_UART] = { 0x9000000, 0x1000, PLAN_WINDOW_UART, 0 },
		[LINUX_REMIO] = { 0xb000000, 0x1000, PLAN_WINDOW_REMIO, 0 },
		[LINUX_DOORBELL] = { 0x70010000, 0x1000, PLAN_WINDOW_DOORBELL, 0 },
		[RT_GICD] = { 0x8000000, 0x10000, PLAN_WINDOW_GICD, 0 },
		[RT_GICR] = { 0x80a0000, 0x20000, PLAN_WINDOW_GICR, 0 },
		[RT_UART] = { 0x9000000, 0x1000, PLAN_WINDOW_UART, 0 },
		[RT_DOORBELL] = { 0x70010000, 0x1000, PLAN_WINDOW_DOORBELL, 0 },
	};

	memcpy(system->extents, extents, sizeof(extents));
	memcpy(system->loads, loads, sizeof(loads));
	memcpy(system->windows, windows, sizeof(windows));
}

static void make_channels(struct test_system *system)
{
	system->ipcs[0] = (struct plan_ipc){ .peer_first = 0, .peer_count = 1 };
	system->ipcs[1] = (struct plan_ipc){ .peer_first = 1, .peer_count = 1 };
	system->ipc_peers[0] = (struct plan_ipc_peer){ .irq_first = 0, .irq_count = 1 };
	system->ipc_peers[1] = (struct plan_ipc_peer){ .irq_first = 1, .irq_count = 1 };
	system->ipc_irqs[0] = 101;
	system->ipc_irqs[1] = 100;
	system->remios[0] = (struct plan_remio){
		.frontend_vm = LINUX,
		.backend_vm = RT,
		.frontend_irq = 110,
		.backend_irq = 111,
		.backend_device = 0,
		.slot_first = 0,
		.slot_count = 2,
		.window_va = 0xb000000,
	};
}

static void make_hyp(struct test_system *system)
{
	static const struct plan_device devices[] = {
		{ 0x8000000, 0x10000 },
		{ 0x80a0000, 0x80000 },
		{ 0x9000000, 0x1000 },
	};
	static const struct hyp_extent rows[ROW_COUNT] = {
		[ROW_TEXT] = { HYP_BASE, RODATA_BASE, HYP_EXTENT_TEXT, 0 },
		[ROW_RODATA] = { RODATA_BASE, DATA_BASE, HYP_EXTENT_RODATA, 0 },
		[ROW_DATA] = { DATA_BASE, STACKS_BASE, HYP_EXTENT_DATA, 0 },
		[ROW_STACKS] = { STACKS_BASE, STACKS_BASE + CPU_COUNT * STACK_STRIDE,
				 HYP_EXTENT_STACKS, STACK_STRIDE },
		[ROW_IMAGES] = { IMAGES_BASE, IMAGES_BASE + IMAGES_COPIED, HYP_EXTENT_RODATA, 0 },
	};

	memcpy(system->hyp_devices, devices, sizeof(devices));
	memcpy(system->hyp_extents, rows, sizeof(rows));
}

static void make_elf(struct test_system *system)
{
	static const struct test_section sections[SECTION_COUNT] = {
		[SEC_TEXT] = { ".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, HYP_BASE, 0x1800 },
		[SEC_RODATA] = { ".rodata", SHT_PROGBITS, SHF_ALLOC, RODATA_BASE, 0x4000 },
		[SEC_DATA] = { ".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, DATA_BASE, 0x1000 },
		[SEC_BSS] = { ".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, BSS_BASE, BSS_SIZE },
		[SEC_STACKS] = { ".stacks", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, STACKS_BASE,
				 CPU_COUNT * STACK_STRIDE },
		[SEC_IMAGES] = { ".images", SHT_PROGBITS, SHF_ALLOC, IMAGES_BASE, IMAGES_SIZE },
	};
	static const struct test_segment segments[SEGMENT_COUNT] = {
		[SEG_TEXT] = { PF_R | PF_X, SEC_TEXT, SEC_TEXT, 0 },
		[SEG_RODATA] = { PF_R, SEC_RODATA, SEC_RODATA, 0 },
		[SEG_DATA] = { PF_R | PF_W, SEC_DATA, SEC_STACKS, 0 },
		[SEG_IMAGES] = { PF_R, SEC_IMAGES, SEC_IMAGES, 0 },
	};

	memcpy(system->sections, sections, sizeof(sections));
	memcpy(system->segments, segments, sizeof(segments));
	system->elf_type = ET_EXEC;
	system->elf_machine = EM_AARCH64;
	system->elf_entry = HYP_BASE;
}

/* How many tables the target's code needs; twice as many VMs would do for all of it. */
static uint32_t count_tables(const struct test_system *system, uint32_t vm, bool stage2)
{
	static uint64_t memory[64 * 512];
	static const uint64_t hyp_root[512];
	const struct plan_vm *plan = &system->vms[vm];
	const struct plan_extent *extents = &system->extents[plan->extent_first];
	struct pagetable pt;
	bool mapped;

	memset(memory, 0, sizeof(memory));
	if (stage2) {
		pagetable_init(&pt, plan->ipa_bits, pagetable_stage2_start_level(plan->ipa_bits),
			       memory, 0, 64);
		mapped = mappings_stage2(&pt, extents, plan->extent_count);
	} else {
		pagetable_init(&pt, 39, 1, memory, 0, 64);
		mapped = mappings_loader(&pt, hyp_root, extents, plan->extent_count);
	}
	assert(mapped);
	(void)mapped;
	return pt.table_used;
}

static void place_tables(struct test_system *system)
{
	uint32_t stage2 = 0, loader = 0;

	for (uint32_t i = 0; i < VM_COUNT; i++) {
		struct plan_vm *vm = &system->vms[i];

		vm->stage2_first = stage2;
		vm->stage2_count = count_tables(system, i, true);
		vm->loader_first = loader;
		vm->loader_count = count_tables(system, i, false);
		stage2 += vm->stage2_count;
		loader += vm->loader_count;
	}
	system->system.stage2_table_count = stage2;
	system->system.loader_table_count = loader;
	assert(stage2 <= POOL_TABLES && loader <= POOL_TABLES);
}

static void add_symbol(struct test_system *system, const char *name, uint64_t value, uint64_t size)
{
	assert(system->symbol_count < SYMBOL_LIMIT);
	system->symbols[system->symbol_count++] = (struct test_symbol){ name, value, size };
}

/* Symbols of tables in rodata, one after the other, in the order of rodata_content(). */
static uint64_t add_table(struct test_system *system, const char *name, uint64_t address,
			  uint64_t size)
{
	add_symbol(system, name, address, size);
	return (address + size + 63) & ~UINT64_C(63);
}

static void place_symbols(struct test_system *s)
{
	uint64_t at = RODATA_BASE;

	at = add_table(s, "plan_system", at, sizeof(s->system));
	at = add_table(s, "plan_cpus", at, sizeof(s->cpus));
	at = add_table(s, "plan_vms", at, sizeof(s->vms));
	at = add_table(s, "plan_vcpu_cpus", at, sizeof(s->vcpu_cpus));
	at = add_table(s, "plan_extents", at, sizeof(s->extents));
	at = add_table(s, "plan_loads", at, sizeof(s->loads));
	at = add_table(s, "plan_windows", at, sizeof(s->windows));
	at = add_table(s, "plan_ipcs", at, sizeof(s->ipcs));
	at = add_table(s, "plan_ipc_peers", at, sizeof(s->ipc_peers));
	at = add_table(s, "plan_ipc_irqs", at, sizeof(s->ipc_irqs));
	at = add_table(s, "plan_remios", at, sizeof(s->remios));
	at = add_table(s, "plan_hyp_devices", at, sizeof(s->hyp_devices));
	add_symbol(s, "hyp_extents", at, 0);
	add_symbol(s, "hyp_extents_end", at + sizeof(s->hyp_extents), 0);
	add_symbol(s, "stage2_tables", BSS_BASE, POOL_TABLES * PAGE);
	add_symbol(s, "loader_tables", BSS_BASE + POOL_TABLES * PAGE, POOL_TABLES * PAGE);
	add_symbol(s, "hyp_tables", BSS_BASE + 2 * POOL_TABLES * PAGE, POOL_TABLES * PAGE);
	/* There is room for more rows than the correct system has. */
	system_symbol(s, "plan_vms")->size = VM_COUNT * sizeof(s->vms[0]);
	system_symbol(s, "plan_vcpu_cpus")->size = VCPU_COUNT * sizeof(s->vcpu_cpus[0]);
	system_symbol(s, "plan_remios")->size = sizeof(s->remios[0]);
}

void system_make(struct test_system *system)
{
	memset(system, 0, sizeof(*system));
	make_plan_system(&system->system);
	make_vms(system);
	make_cpus(system);
	make_memory(system);
	make_channels(system);
	make_hyp(system);
	make_elf(system);
	place_tables(system);
	place_symbols(system);
}

struct test_symbol *system_symbol(struct test_system *system, const char *name)
{
	for (uint32_t i = 0; i < system->symbol_count; i++) {
		if (system->symbols[i].name != NULL && strcmp(system->symbols[i].name, name) == 0) {
			return &system->symbols[i];
		}
	}
	abort();
}

/* ---- the linker ------------------------------------------------------------------------------ */

/* The file: ELF header, program headers, section contents, strings, symbols, section headers. */
struct file {
	uint8_t *bytes;
	size_t size;
};

static size_t append(struct file *file, const void *bytes, size_t size)
{
	size_t offset = (file->size + 15) & ~(size_t)15;

	file->bytes = realloc(file->bytes, offset + size + 1);
	assert(file->bytes != NULL);
	memset(file->bytes + file->size, 0, offset - file->size);
	if (bytes != NULL) {
		memcpy(file->bytes + offset, bytes, size);
	} else {
		memset(file->bytes + offset, 0, size);
	}
	file->size = offset + size;
	return offset;
}

static void rodata_content(const struct test_system *s, uint8_t *rodata)
{
	const struct {
		const void *rows;
		size_t size;
	} tables[] = {
		{ &s->system, sizeof(s->system) },
		{ s->cpus, sizeof(s->cpus) },
		{ s->vms, sizeof(s->vms) },
		{ s->vcpu_cpus, sizeof(s->vcpu_cpus) },
		{ s->extents, sizeof(s->extents) },
		{ s->loads, sizeof(s->loads) },
		{ s->windows, sizeof(s->windows) },
		{ s->ipcs, sizeof(s->ipcs) },
		{ s->ipc_peers, sizeof(s->ipc_peers) },
		{ s->ipc_irqs, sizeof(s->ipc_irqs) },
		{ s->remios, sizeof(s->remios) },
		{ s->hyp_devices, sizeof(s->hyp_devices) },
		{ s->hyp_extents, sizeof(s->hyp_extents) },
	};
	uint64_t at = 0;

	/* Where the symbols were placed, wherever a test has moved them since. */
	for (uint32_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		memcpy(rodata + at, tables[i].rows, tables[i].size);
		at = (at + tables[i].size + 63) & ~UINT64_C(63);
	}
}

static uint32_t add_string(char *strings, uint32_t *used, const char *string)
{
	uint32_t offset = *used;

	*used += (uint32_t)strlen(string) + 1;
	assert(*used <= STRINGS_SIZE);
	memcpy(strings + offset, string, *used - offset);
	return offset;
}

static void link_sections(const struct test_system *system, struct file *file, Elf64_Shdr *headers,
			  char *strings, uint32_t *used)
{
	uint8_t *rodata = calloc(1, 0x4000);

	assert(rodata != NULL);
	rodata_content(system, rodata);
	for (uint32_t i = 0; i < SECTION_COUNT; i++) {
		const struct test_section *section = &system->sections[i];
		size_t bytes = section->type == SHT_NOBITS ? 0 : section->size;

		headers[i + 1] = (Elf64_Shdr){
			.sh_name = add_string(strings, used, section->name),
			.sh_type = section->type,
			.sh_flags = section->flags,
			.sh_addr = section->address,
			.sh_offset = append(file, i == SEC_RODATA ? rodata : NULL, bytes),
			.sh_size = section->size,
		};
	}
	free(rodata);
}

static void link_segments(const struct test_system *system, const Elf64_Shdr *sections,
			  Elf64_Phdr *headers)
{
	for (uint32_t i = 0; i < SEGMENT_COUNT; i++) {
		const struct test_segment *segment = &system->segments[i];
		const Elf64_Shdr *first = &sections[segment->first + 1];
		const Elf64_Shdr *last = &sections[segment->last + 1];

		headers[i] = (Elf64_Phdr){
			.p_type = PT_LOAD,
			.p_flags = segment->flags,
			.p_offset = first->sh_offset,
			.p_vaddr = first->sh_addr,
			.p_paddr = first->sh_addr + segment->shift,
			.p_filesz = first->sh_size,
			.p_memsz = last->sh_addr + last->sh_size - first->sh_addr,
		};
	}
}

static uint32_t link_symbols(const struct test_system *system, Elf64_Sym *symbols, char *strings,
			     uint32_t *used)
{
	uint32_t count = 1;

	for (uint32_t i = 0; i < system->symbol_count; i++) {
		if (system->symbols[i].name != NULL) {
			symbols[count++] = (Elf64_Sym){
				.st_name = add_string(strings, used, system->symbols[i].name),
				.st_shndx = SHN_ABS,
				.st_value = system->symbols[i].value,
				.st_size = system->symbols[i].size,
			};
		}
	}
	return count;
}

uint8_t *system_link(const struct test_system *system, size_t *size)
{
	enum { STRTAB = SECTION_COUNT + 1, SYMTAB, HEADER_COUNT };
	Elf64_Ehdr header = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = system->elf_type,
		.e_machine = system->elf_machine,
		.e_version = EV_CURRENT,
		.e_entry = system->elf_entry,
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = SEGMENT_COUNT,
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = HEADER_COUNT,
		.e_shstrndx = STRTAB,
	};
	Elf64_Phdr segments[SEGMENT_COUNT];
	Elf64_Shdr sections[HEADER_COUNT] = { 0 };
	Elf64_Sym symbols[SYMBOL_LIMIT + 1] = { 0 };
	char strings[STRINGS_SIZE] = "";
	struct file file = { 0 };
	uint32_t used = 1, count;

	append(&file, NULL, sizeof(header));
	header.e_phoff = append(&file, NULL, sizeof(segments));
	link_sections(system, &file, sections, strings, &used);
	link_segments(system, sections, segments);
	count = link_symbols(system, symbols, strings, &used);
	sections[STRTAB] = (Elf64_Shdr){ .sh_type = SHT_STRTAB, .sh_size = used };
	sections[STRTAB].sh_offset = append(&file, strings, used);
	sections[SYMTAB] = (Elf64_Shdr){ .sh_type = SHT_SYMTAB,
					 .sh_size = count * sizeof(symbols[0]),
					 .sh_link = STRTAB,
					 .sh_entsize = sizeof(symbols[0]) };
	sections[SYMTAB].sh_offset = append(&file, symbols, count * sizeof(symbols[0]));
	header.e_shoff = append(&file, sections, sizeof(sections));
	memcpy(file.bytes, &header, sizeof(header));
	memcpy(file.bytes + header.e_phoff, segments, sizeof(segments));
	*size = file.size;
	return file.bytes;
}
