/* SPDX-License-Identifier: Apache-2.0 */
/* Configurations with a device tree of the user's that does not fit the VM. Needs libfdt. */
#include "breakage.h"

#include <libfdt.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a tree says; a correct one for VM linux by default. */
struct wishes {
	uint64_t memory;
	uint64_t memory_size;
	uint32_t cpu;
	const char *console;
	uint64_t uart;
	uint64_t gicd;
	uint64_t initrd; /* 0: not in the tree */
};

static const struct wishes correct = {
	.memory = 0x40000000,
	.memory_size = 0x8000000,
	.cpu = 1,
	.console = "serial0:115200n8",
	.uart = 0x40000, /* on a bus at 0x9000000 */
	.gicd = 0x8000000,
};

static void must(int error)
{
	if (error != 0) {
		abort();
	}
}

static void reg(void *fdt, uint64_t base, uint64_t size)
{
	fdt64_t cells[] = { cpu_to_fdt64(base), cpu_to_fdt64(size) };

	must(fdt_property(fdt, "reg", cells, sizeof(cells)));
}

static void sizes(void *fdt, uint32_t address, uint32_t size)
{
	must(fdt_property_u32(fdt, "#address-cells", address));
	must(fdt_property_u32(fdt, "#size-cells", size));
}

static void write_cpus(void *fdt, const struct wishes *w)
{
	must(fdt_begin_node(fdt, "cpus"));
	sizes(fdt, 1, 0);
	must(fdt_begin_node(fdt, "cpu@1"));
	must(fdt_property_string(fdt, "device_type", "cpu"));
	must(fdt_property_u32(fdt, "reg", w->cpu));
	must(fdt_end_node(fdt));
	must(fdt_end_node(fdt));
}

static void write_bus(void *fdt, const struct wishes *w)
{
	fdt32_t ranges[] = { cpu_to_fdt32(0), cpu_to_fdt32(0), cpu_to_fdt32(0x9000000),
			     cpu_to_fdt32(0x1000000) };
	fdt32_t uart[] = { cpu_to_fdt32((uint32_t)w->uart), cpu_to_fdt32(0x1000) };
	fdt64_t gic[] = { cpu_to_fdt64(w->gicd), cpu_to_fdt64(0x10000), cpu_to_fdt64(0x80a0000),
			  cpu_to_fdt64(0x40000) };

	must(fdt_begin_node(fdt, "intc@8000000"));
	must(fdt_property_string(fdt, "compatible", "arm,gic-v3"));
	must(fdt_property(fdt, "reg", gic, sizeof(gic)));
	must(fdt_end_node(fdt));
	must(fdt_begin_node(fdt, "bus@9000000"));
	sizes(fdt, 1, 1);
	must(fdt_property(fdt, "ranges", ranges, sizeof(ranges)));
	must(fdt_begin_node(fdt, "serial@40000"));
	must(fdt_property(fdt, "reg", uart, sizeof(uart)));
	must(fdt_end_node(fdt));
	must(fdt_end_node(fdt));
}

static void write_chosen(void *fdt, const struct wishes *w)
{
	must(fdt_begin_node(fdt, "chosen"));
	must(fdt_property_string(fdt, "stdout-path", w->console));
	if (w->initrd != 0) {
		must(fdt_property_u32(fdt, "linux,initrd-start", (uint32_t)w->initrd));
		must(fdt_property_u64(fdt, "linux,initrd-end", w->initrd + 0x1234));
	}
	must(fdt_end_node(fdt));
	must(fdt_begin_node(fdt, "aliases"));
	must(fdt_property_string(fdt, "serial0", "/bus@9000000/serial@40000"));
	must(fdt_end_node(fdt));
}

static void use_tree(struct system *s, const struct wishes *w)
{
	char *fdt = calloc(1, 4096);

	if (fdt == NULL) {
		abort();
	}
	must(fdt_create(fdt, 4096));
	must(fdt_finish_reservemap(fdt));
	must(fdt_begin_node(fdt, ""));
	sizes(fdt, 2, 2);
	write_chosen(fdt, w);
	write_cpus(fdt, w);
	must(fdt_begin_node(fdt, "memory@40000000"));
	must(fdt_property_string(fdt, "device_type", "memory"));
	reg(fdt, w->memory, w->memory_size);
	must(fdt_end_node(fdt));
	write_bus(fdt, w);
	must(fdt_end_node(fdt));
	must(fdt_finish(fdt));
	system_file_write("user.dtb", fdt, fdt_totalsize(fdt));
	free(fdt);
	s->vms[0].dtb.file = "user.dtb";
}

/* A tree that fits breaks no rule: the breakages below start from it. */
void use_correct_tree(struct system *s)
{
	use_tree(s, &correct);
}

void use_tree_with_initrd(struct system *s)
{
	struct wishes w = correct;

	w.initrd = 0x44000000;
	s->vms[0].initrd.file = "initrd.gz";
	use_tree(s, &w);
}

/* A console that its bus does not bring out: nothing can be said about it. */
void use_tree_beyond_bus(struct system *s)
{
	struct wishes w = correct;

	w.uart = 0x1000000;
	use_tree(s, &w);
}

static void no_tree(struct system *s)
{
	s->vms[0].dtb.file = "plain.bin";
}

static void cut_tree(struct system *s)
{
	uint8_t head[64] = { 0xd0, 0x0d, 0xfe, 0xed, 0, 0, 0x10, 0 };

	system_file_write("cut.dtb", head, sizeof(head));
	s->vms[0].dtb.file = "cut.dtb";
}

/* Whole in its header, but not in the file. */
static void half_tree(struct system *s)
{
	uint8_t half[256];
	FILE *stream;

	use_tree(s, &correct);
	stream = fopen(system_path("user.dtb"), "rb");
	if (stream == NULL || fread(half, 1, sizeof(half), stream) != sizeof(half)) {
		abort();
	}
	fclose(stream);
	system_file_write("half.dtb", half, sizeof(half));
	s->vms[0].dtb.file = "half.dtb";
}

static void foreign_memory(struct system *s)
{
	struct wishes w = correct;

	w.memory_size = 0x8001000;
	use_tree(s, &w);
}

static void foreign_cpu(struct system *s)
{
	struct wishes w = correct;

	w.cpu = 2;
	use_tree(s, &w);
}

static void physical_cpu(struct system *s)
{
	struct wishes w = correct;

	w.cpu = 0x100;
	use_tree(s, &w);
}

static void foreign_console(struct system *s)
{
	struct wishes w = correct;

	w.uart = 0;
	use_tree(s, &w);
}

static void no_such_console(struct system *s)
{
	struct wishes w = correct;

	w.console = "/serial@1";
	use_tree(s, &w);
}

static void other_gic(struct system *s)
{
	struct wishes w = correct;

	w.gicd = 0x8010000;
	use_tree(s, &w);
}

static void untold_initrd(struct system *s)
{
	s->vms[0].initrd.file = "initrd.gz";
	use_tree(s, &correct);
}

static void other_initrd(struct system *s)
{
	use_tree_with_initrd(s);
	s->vms[0].initrd.base_addr = 0x45000000;
}

const struct breakage breakages_trees[] = {
	{ RULE_DTB_INVALID, no_tree, "linux: dtb", "FDT_ERR_BADMAGIC" },
	{ RULE_DTB_INVALID, cut_tree, "linux: dtb", "cut.dtb" },
	{ RULE_DTB_INVALID, half_tree, "linux: dtb", "FDT_ERR_TRUNCATED" },
	{ RULE_DTB_MEMORY, foreign_memory, "linux: dtb", "0x48000000 is not" },
	{ RULE_DTB_CPUS, foreign_cpu, "linux: dtb", "cpu@1" },
	{ RULE_DTB_CPUS, physical_cpu, "linux: dtb", "2 virtual CPUs of linux" },
	{ RULE_DTB_CONSOLE, foreign_console, "linux: dtb", "0x9000000" },
	{ RULE_DTB_CONSOLE, no_such_console, "linux: dtb", "/serial@1" },
	{ RULE_DTB_GIC, other_gic, "linux: dtb", "0x8010000" },
	{ RULE_DTB_INITRD, untold_initrd, "linux: initrd", "linux,initrd-start" },
	{ RULE_DTB_INITRD, other_initrd, "linux: initrd", "0x44000000" },
	{ 0 },
};
