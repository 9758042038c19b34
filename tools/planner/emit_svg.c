/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.svg: the partition map as a picture. A colour is an owner (the Okabe-Ito palette, which
 * people with colour vision deficiencies can tell apart), and every box also says the owner's name.
 * Lengths are pixels. Self-contained: no script, no font of its own.
 */
#include "map.h"

#include <inttypes.h>
#include <string.h>

#define WIDTH 1200u
#define MARGIN 32u
#define GAP 14u
#define COLUMN_GAP 44u
#define LEFT_WIDTH 560u
#define RIGHT_X (MARGIN + LEFT_WIDTH + COLUMN_GAP)
#define RIGHT_WIDTH (WIDTH - MARGIN - RIGHT_X)
#define ADDRESS_WIDTH 112u
#define CARD_HEIGHT 86u
#define CARDS_PER_ROW 4u
#define CPUS_PER_ROW 8u
#define CPU_HEIGHT 48u
#define ROW_HEIGHT 26u
#define SECTION_HEIGHT 34u /* a heading and its distance */

#define HYPERVISOR_COLOR "#3b3f46"
#define IMAGES_COLOR "#737a86"
#define RESERVED_COLOR "#b9bec7"

static const struct {
	const char *fill;
	const char *ink; /* text on it */
} palette[] = {
	{ "#0072b2", "#ffffff" }, { "#e69f00", "#000000" }, { "#009e73", "#000000" },
	{ "#cc79a7", "#000000" }, { "#56b4e9", "#000000" }, { "#d55e00", "#000000" },
	{ "#f0e442", "#000000" },
};

#define PALETTE_SIZE (sizeof(palette) / sizeof(palette[0]))

static const char *vm_fill(uint32_t vm)
{
	return palette[vm % PALETTE_SIZE].fill;
}

static const char *vm_ink(uint32_t vm)
{
	return palette[vm % PALETTE_SIZE].ink;
}

/* ---- primitives ------------------------------------------------------------------------------ */

/* Text with XML's special characters escaped, cut to `most` characters. */
static void escaped(struct text *out, const char *string, size_t most)
{
	for (size_t i = 0; string[i] != '\0'; i++) {
		if (i + 1 == most && string[i + 1] != '\0') {
			text_printf(out, "\xe2\x80\xa6"); /* an ellipsis */
			return;
		}
		switch (string[i]) {
		case '&':
			text_printf(out, "&amp;");
			break;
		case '<':
			text_printf(out, "&lt;");
			break;
		case '>':
			text_printf(out, "&gt;");
			break;
		default:
			text_append(out, &string[i], 1);
		}
	}
}

/* `style` is a class of the style sheet. */
static void write_at(struct text *out, uint32_t x, uint32_t y, const char *style, const char *ink,
		     const char *string, size_t most)
{
	text_printf(out, "<text x=\"%u\" y=\"%u\" class=\"%s\" fill=\"%s\">", x, y, style, ink);
	escaped(out, string, most);
	text_printf(out, "</text>\n");
}

static void box(struct text *out, uint32_t x, uint32_t y, uint32_t width, uint32_t height,
		const char *fill, const char *extra)
{
	text_printf(
		out,
		"<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" rx=\"3\" fill=\"%s\" %s/>\n", x,
		y, width, height, fill, extra);
}

static void section(struct text *out, uint32_t x, uint32_t y, const char *title, const char *remark)
{
	text_printf(out, "<text x=\"%u\" y=\"%u\" class=\"section\">%s", x, y + 20, title);
	text_printf(out, "<tspan class=\"remark\" dx=\"10\">%s</tspan></text>\n", remark);
}

/* "26.0 MiB": a size at a glance; plan.txt has it exactly. */
static const char *about_text(struct planner *p, uint64_t size)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
	uint64_t whole = size;
	uint64_t rest = 0;
	unsigned int unit = 0;

	for (; whole >= 1024 && unit < 4; unit++) {
		rest = whole % 1024;
		whole /= 1024;
	}
	if (rest == 0) {
		return arena_printf(&p->arena, "%llu %s", (unsigned long long)whole, units[unit]);
	}
	return arena_printf(&p->arena, "%llu.%llu %s", (unsigned long long)whole,
			    (unsigned long long)(rest * 10 / 1024), units[unit]);
}

/* ---- cards: who there is --------------------------------------------------------------------- */

static void card(struct text *out, uint32_t index, uint32_t y, const char *fill, const char *ink,
		 const char *title, const char *const lines[3])
{
	uint32_t width = (WIDTH - 2 * MARGIN - (CARDS_PER_ROW - 1) * GAP) / CARDS_PER_ROW;
	uint32_t x = MARGIN + index % CARDS_PER_ROW * (width + GAP);

	y += index / CARDS_PER_ROW * (CARD_HEIGHT + GAP);
	box(out, x, y, width, CARD_HEIGHT, "#ffffff", "stroke=\"#c8ccd2\"");
	box(out, x, y, width, 26, fill, "");
	write_at(out, x + 10, y + 18, "name", ink, title, 30);
	for (uint32_t i = 0; i < 3; i++) {
		write_at(out, x + 10, y + 43 + 17 * i, "small", "#222222", lines[i], 42);
	}
}

static uint64_t vm_memory(const struct model_vm *vm)
{
	uint64_t size = 0;

	for (uint32_t i = 0; i < vm->piece_count; i++) {
		size += vm->pieces[i].va.size;
	}
	return size;
}

/* "CPU 0", "CPUs 0-3, 6": ascending numbers, runs joined. */
static const char *cpus_text(struct planner *p, const struct model_vm *vm)
{
	const char *string = vm->cpu_count == 1 ? "CPU" : "CPUs";
	uint32_t n = 0;

	while (n < vm->cpu_count) {
		uint32_t last = n;

		while (last + 1 < vm->cpu_count && vm->cpus[last + 1] == vm->cpus[last] + 1) {
			last++;
		}
		string = arena_printf(&p->arena, "%s%s %u", string, n != 0 ? "," : "", vm->cpus[n]);
		if (last > n) {
			string = arena_printf(&p->arena, "%s%s%u", string,
					      last > n + 1 ? "-" : ", ", vm->cpus[last]);
		}
		n = last + 1;
	}
	return string;
}

static void vm_card(struct planner *p, struct text *out, uint32_t y, const struct model_vm *vm)
{
	static const char *const faults[] = { "inject", "halt", "restart" };
	const struct vm_config *wanted = &vm->config;
	const char *lines[] = {
		arena_printf(&p->arena, "%s, %s of memory", cpus_text(p, vm),
			     about_text(p, vm_memory(vm))),
		arena_printf(&p->arena, "%zu device%s, %zu channel%s%s", wanted->platform.dev_num,
			     wanted->platform.dev_num == 1 ? "" : "s", wanted->platform.ipc_num,
			     wanted->platform.ipc_num == 1 ? "" : "s",
			     wanted->console.base != 0 ? ", virtual UART" : ""),
		arena_printf(&p->arena, "entry 0x%llx, on fault: %s",
			     (unsigned long long)wanted->entry, faults[wanted->on_fault]),
	};

	card(out, vm->index + 1, y, vm_fill(vm->index), vm_ink(vm->index), vm->name, lines);
}

static uint32_t emit_cards(struct planner *p, struct text *out, uint32_t y)
{
	const struct plan_system *s = &p->plan.system;
	const char *lines[] = {
		arena_printf(&p->arena, "%s of code and data", about_text(p, s->hyp_size)),
		arena_printf(&p->arena, "%s of builtin images", about_text(p, s->images_size)),
		arena_printf(&p->arena, "GIC, console UART; console on CPU %u", s->console_cpu),
	};

	card(out, 0, y, HYPERVISOR_COLOR, "#ffffff", "hypervisor", lines);
	for (uint32_t v = 0; v < s->vm_count; v++) {
		vm_card(p, out, y, &p->model.vms[v]);
	}
	return y + (s->vm_count / CARDS_PER_ROW + 1) * (CARD_HEIGHT + GAP);
}

/* ---- CPUs ------------------------------------------------------------------------------------ */

static uint32_t emit_cpus(struct planner *p, struct text *out, uint32_t y)
{
	uint32_t count = p->inputs.board->cpu_count;
	uint32_t width = (WIDTH - 2 * MARGIN - (CPUS_PER_ROW - 1) * GAP) / CPUS_PER_ROW;

	section(out, MARGIN, y, "CPUs", "each runs one vCPU");
	y += SECTION_HEIGHT;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t x = MARGIN + i % CPUS_PER_ROW * (width + GAP);
		uint32_t top = y + i / CPUS_PER_ROW * (CPU_HEIGHT + GAP);
		const char *title = arena_printf(&p->arena, "CPU %u", i);
		const struct plan_cpu *cpu = &p->plan.cpus[i];

		if (i >= p->plan.system.cpu_count || cpu->vm == PLAN_NONE8) {
			box(out, x, top, width, CPU_HEIGHT, "#ffffff", "class=\"free\"");
			write_at(out, x + 10, top + 20, "name", "#6b7280", title, 16);
			write_at(out, x + 10, top + 38, "small", "#6b7280", "unused", 16);
			continue;
		}
		box(out, x, top, width, CPU_HEIGHT, vm_fill(cpu->vm), "");
		write_at(out, x + 10, top + 20, "name", vm_ink(cpu->vm), title, 16);
		text_printf(out,
			    "<text x=\"%u\" y=\"%u\" class=\"size\" fill=\"%s\">vCPU %u</text>\n",
			    x + width - 10, top + 20, vm_ink(cpu->vm), cpu->vcpu);
		write_at(out, x + 10, top + 38, "small", vm_ink(cpu->vm), p->plan.vms[cpu->vm].name,
			 16);
	}
	return y + (count + CPUS_PER_ROW - 1) / CPUS_PER_ROW * (CPU_HEIGHT + GAP);
}

/* ---- memory and devices ---------------------------------------------------------------------- */

struct look {
	const char *fill;
	const char *ink;
	const char *extra;
};

static struct look look_of(struct planner *p, enum map_kind kind, uint32_t vm, uint32_t shmem)
{
	switch (kind) {
	case MAP_VM:
		return (struct look){ vm_fill(vm), vm_ink(vm), "" };
	case MAP_SHARED:
		return (struct look){ arena_printf(&p->arena, "url(#shared%u)", shmem), "#000000",
				      "stroke=\"#3b3f46\"" };
	case MAP_HYPERVISOR:
		return (struct look){ HYPERVISOR_COLOR, "#ffffff", "" };
	case MAP_IMAGES:
		return (struct look){ IMAGES_COLOR, "#ffffff", "" };
	case MAP_RESERVED:
		return (struct look){ RESERVED_COLOR, "#000000", "" };
	case MAP_FREE:
		break;
	}
	return (struct look){ "#ffffff", "#6b7280", "class=\"free\"" };
}

/* Grows with the logarithm of the size, so that a page is readable beside a gigabyte. */
static uint32_t height_of(const struct map_range *range)
{
	uint32_t doublings = 0;

	for (uint64_t size = PAGE_SIZE; size < range->range.size; size *= 2) {
		doublings++;
	}
	if (range->kind == MAP_FREE) {
		return ROW_HEIGHT;
	}
	return ROW_HEIGHT + doublings * doublings / 4;
}

static void address(struct planner *p, struct text *out, uint32_t x, uint32_t y, uint64_t value)
{
	write_at(out, x, y, "address", "#222222",
		 arena_printf(&p->arena, "0x%08llx", (unsigned long long)value), 20);
}

/* A row: address, and a box with owner, what and size. `y` is its top. */
static void range_row(struct planner *p, struct text *out, uint32_t x, uint32_t y, uint32_t width,
		      uint32_t height, const struct map_range *range)
{
	struct look look = look_of(p, range->kind, range->vm, range->shmem);
	uint32_t left = x + ADDRESS_WIDTH;
	uint32_t middle = y + height / 2 + 5;
	const char *size = about_text(p, range->range.size);
	size_t room = (width - ADDRESS_WIDTH - 70) / 7;

	address(p, out, x, y + 16, range->range.base);
	box(out, left, y + 1, width - ADDRESS_WIDTH, height - 2, look.fill, look.extra);
	if (range->kind == MAP_SHARED) {
		box(out, left + 8, middle - 14, width - ADDRESS_WIDTH - 16, 19, "#ffffff",
		    "fill-opacity=\"0.88\"");
	}
	if (range->owner[0] == '\0') {
		write_at(out, left + 12, middle, "label", look.ink, range->label, room);
	} else {
		text_printf(out,
			    "<text x=\"%u\" y=\"%u\" class=\"label\" fill=\"%s\"><tspan "
			    "class=\"bold\">",
			    left + 12, middle, look.ink);
		escaped(out, range->owner, room);
		text_printf(out, "</tspan><tspan dx=\"8\">");
		escaped(out, range->label,
			room > strlen(range->owner) + 3 ? room - strlen(range->owner) : 3);
		text_printf(out, "</tspan></text>\n");
	}
	text_printf(out, "<text x=\"%u\" y=\"%u\" class=\"size\" fill=\"%s\">%s</text>\n",
		    x + width - 12, middle, look.ink, size);
}

static uint32_t emit_memory(struct planner *p, struct text *out, uint32_t y, const struct map *map)
{
	section(out, MARGIN, y, "Physical memory", "in address order, heights not to scale");
	y += SECTION_HEIGHT;
	for (uint32_t i = 0; i < map->memory_count; i++) {
		const struct map_range *range = &map->memory[i];
		uint64_t end = range->range.base + range->range.size;
		uint32_t height = height_of(range);

		range_row(p, out, MARGIN, y, LEFT_WIDTH, height, range);
		y += height;
		if (i + 1 == map->memory_count || map->memory[i + 1].range.base != end) {
			address(p, out, MARGIN, y + 14, end); /* the end of a bank */
			y += ROW_HEIGHT;
		}
	}
	return y;
}

static uint32_t emit_devices(struct planner *p, struct text *out, uint32_t y, const struct map *map)
{
	section(out, RIGHT_X, y, "Devices", "physical addresses");
	y += SECTION_HEIGHT;
	for (uint32_t i = 0; i < map->device_count; i++) {
		range_row(p, out, RIGHT_X, y, RIGHT_WIDTH, ROW_HEIGHT, &map->devices[i]);
		y += ROW_HEIGHT;
	}
	return y + GAP;
}

/*
 * ---- interrupts and channels ------------------------------------------------------------------
 */

static uint32_t emit_irqs(struct planner *p, struct text *out, uint32_t y, const struct map *map)
{
	uint32_t width = (RIGHT_WIDTH - GAP) / 2;
	uint32_t rows = (map->irq_count + 1) / 2;

	section(out, RIGHT_X, y, "Interrupts", "INTID, owner");
	y += SECTION_HEIGHT;
	for (uint32_t i = 0; i < map->irq_count; i++) {
		const struct map_irq *irq = &map->irqs[i];
		struct look look = look_of(p, irq->kind, irq->vm, 0);
		uint32_t x = RIGHT_X + i / rows * (width + GAP);
		uint32_t top = y + i % rows * ROW_HEIGHT;

		text_printf(out, "<text x=\"%u\" y=\"%u\" class=\"number\">%u</text>\n", x + 34,
			    top + 18, irq->irq);
		box(out, x + 42, top + 1, width - 42, ROW_HEIGHT - 2, look.fill, look.extra);
		text_printf(out,
			    "<text x=\"%u\" y=\"%u\" class=\"label\" fill=\"%s\"><tspan "
			    "class=\"bold\">",
			    x + 52, top + 18, look.ink);
		escaped(out, irq->owner, 16);
		text_printf(out, "</tspan><tspan dx=\"6\">");
		escaped(out, irq->label, 29 - strlen(irq->owner));
		text_printf(out, "</tspan></text>\n");
	}
	return y + rows * ROW_HEIGHT + GAP;
}

static void channel_end(struct planner *p, struct text *out, uint32_t x, uint32_t y, uint32_t width,
			const struct model_vm *vm, const struct ipc *ipc)
{
	const char *hears = ipc->interrupt_num == 0 ? "nothing" : "interrupt";

	for (size_t i = 0; i < ipc->interrupt_num; i++) {
		hears = arena_printf(&p->arena, "%s%s %llu", hears, i != 0 ? "," : "",
				     (unsigned long long)ipc->interrupts[i]);
	}
	box(out, x, y + 1, width, ROW_HEIGHT - 2, vm_fill(vm->index), "");
	text_printf(out,
		    "<text x=\"%u\" y=\"%u\" class=\"label\" fill=\"%s\"><tspan class=\"bold\">",
		    x + 12, y + 18, vm_ink(vm->index));
	escaped(out, vm->name, 16);
	text_printf(out, "</tspan><tspan dx=\"8\">");
	escaped(out,
		arena_printf(&p->arena, "%s at VM address 0x%llx, hears %s", ipc->name,
			     (unsigned long long)ipc->base, hears),
		56);
	text_printf(out, "</tspan></text>\n");
}

static uint32_t emit_channel(struct planner *p, struct text *out, uint32_t y, uint32_t shmem)
{
	const struct model_shmem *memory = &p->model.shmems[shmem];
	uint32_t top = y;

	write_at(out, RIGHT_X + 16, y + 18, "label", "#222222",
		 arena_printf(&p->arena, "%s, %s", memory->name,
			      about_text(p, memory->config.size)),
		 50);
	y += ROW_HEIGHT;
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct vm_platform *platform = &p->model.vms[v].config.platform;

		for (size_t i = 0; i < platform->ipc_num; i++) {
			if (platform->ipcs[i].shmem_id == shmem) {
				channel_end(p, out, RIGHT_X + 16, y, RIGHT_WIDTH - 16,
					    &p->model.vms[v], &platform->ipcs[i]);
				y += ROW_HEIGHT;
			}
		}
	}
	box(out, RIGHT_X, top + 4, 8, y - top - 6, arena_printf(&p->arena, "url(#shared%u)", shmem),
	    "");
	return y + 6;
}

static uint32_t emit_channels(struct planner *p, struct text *out, uint32_t y)
{
	if (p->model.shmem_count == 0) {
		return y;
	}
	section(out, RIGHT_X, y, "Channels", "shared memory and its ends");
	y += SECTION_HEIGHT;
	for (uint32_t i = 0; i < p->model.shmem_count; i++) {
		y = emit_channel(p, out, y, i);
	}
	return y;
}

/* ---- the picture ----------------------------------------------------------------------------- */

static bool vm_shares(const struct plan *plan, const struct plan_vm *vm, uint32_t shmem)
{
	for (uint32_t i = 0; i < vm->extent_count; i++) {
		if (plan->extents[vm->extent_first + i].shmem == shmem) {
			return true;
		}
	}
	return false;
}

/* Stripes in the colours of all who share it. */
static void emit_pattern(struct planner *p, struct text *out, uint32_t shmem)
{
	struct text stripes = { 0 };
	uint32_t count = 0;

	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		if (vm_shares(&p->plan, &p->plan.vms[v], shmem)) {
			text_printf(&stripes,
				    "<rect x=\"%u\" width=\"12\" height=\"12\" fill=\"%s\"/>",
				    12 * count++, vm_fill(v));
		}
	}
	if (count == 0) {
		text_printf(&stripes, "<rect width=\"12\" height=\"12\" fill=\"%s\"/>",
			    RESERVED_COLOR);
		count = 1;
	}
	text_printf(out,
		    "<pattern id=\"shared%u\" width=\"%u\" height=\"12\" "
		    "patternUnits=\"userSpaceOnUse\" "
		    "patternTransform=\"rotate(45)\">%s</pattern>\n",
		    shmem, 12 * count, stripes.data);
	text_free(&stripes);
}

static void emit_style(struct planner *p, struct text *out)
{
	text_printf(out,
		    "<style>\n"
		    "text { font-family: \"DejaVu Sans\", Verdana, Arial, sans-serif; }\n"
		    ".title { font-size: 24px; font-weight: bold; }\n"
		    ".section { font-size: 17px; font-weight: bold; }\n"
		    ".remark, .subtitle { font-size: 13px; font-weight: normal; fill: #555555; }\n"
		    ".name { font-size: 14px; font-weight: bold; }\n"
		    ".small, .label { font-size: 12px; }\n"
		    ".bold { font-weight: bold; }\n"
		    ".size { font-size: 12px; text-anchor: end; }\n"
		    ".number { font-size: 13px; font-weight: bold; text-anchor: end; }\n"
		    ".address { font-family: \"DejaVu Sans Mono\", Consolas, monospace; font-size: "
		    "12px; }\n"
		    ".free { stroke: #9aa1ab; stroke-dasharray: 4 3; }\n"
		    "</style>\n<defs>\n");
	for (uint32_t i = 0; i < p->model.shmem_count; i++) {
		emit_pattern(p, out, i);
	}
	text_printf(out, "</defs>\n");
}

static uint32_t emit_title(struct planner *p, struct text *out)
{
	const struct board *machine = p->inputs.board;

	write_at(out, MARGIN, MARGIN + 22, "title", "#111111",
		 arena_printf(&p->arena, "Partition map of %s", machine->name), 80);
	write_at(out, MARGIN, MARGIN + 46, "subtitle", "#555555",
		 machine->model != NULL ? machine->model : "", 120);
	return MARGIN + 64;
}

void emit_svg(struct planner *p, struct text *out)
{
	struct map map = map_build(p);
	struct text body = { 0 };
	uint32_t y = emit_title(p, &body);
	uint32_t left;
	uint32_t right;

	y = emit_cards(p, &body, y);
	y = emit_cpus(p, &body, y);
	left = emit_memory(p, &body, y, &map);
	right = emit_devices(p, &body, y, &map);
	right = emit_irqs(p, &body, right, &map);
	right = emit_channels(p, &body, right);
	y = (left > right ? left : right) + MARGIN;
	text_printf(out,
		    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
		    "viewBox=\"0 0 %u %u\">\n"
		    "<!-- SPDX-License-Identifier: Apache-2.0; generated by the planner -->\n",
		    WIDTH, y, WIDTH, y);
	emit_style(p, out);
	text_printf(out, "<rect width=\"%u\" height=\"%u\" fill=\"#ffffff\"/>\n", WIDTH, y);
	text_append(out, body.data, body.size);
	text_printf(out, "</svg>\n");
	text_free(&body);
}
