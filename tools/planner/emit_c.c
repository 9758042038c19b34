/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.c and plan.h: the plan as C, in the order in which a person reviews it. No path of the build
 * machine enters either.
 */
#include "planner.h"

#include <inttypes.h>

static const char *const memory_kinds[] = {
	[PLAN_MEMORY_RAM] = "PLAN_MEMORY_RAM",
	[PLAN_MEMORY_SHARED] = "PLAN_MEMORY_SHARED",
	[PLAN_MEMORY_DEVICE] = "PLAN_MEMORY_DEVICE",
};

static const char *const window_kinds[] = {
	[PLAN_WINDOW_GICD] = "PLAN_WINDOW_GICD",   [PLAN_WINDOW_GICR] = "PLAN_WINDOW_GICR",
	[PLAN_WINDOW_UART] = "PLAN_WINDOW_UART",   [PLAN_WINDOW_DOORBELL] = "PLAN_WINDOW_DOORBELL",
	[PLAN_WINDOW_REMIO] = "PLAN_WINDOW_REMIO", [PLAN_WINDOW_EMPTY] = "PLAN_WINDOW_EMPTY",
};

static const char *const fault_policies[] = {
	[PLAN_ON_FAULT_INJECT] = "PLAN_ON_FAULT_INJECT",
	[PLAN_ON_FAULT_HALT] = "PLAN_ON_FAULT_HALT",
	[PLAN_ON_FAULT_RESTART] = "PLAN_ON_FAULT_RESTART",
};

/* ---- plan.c ---------------------------------------------------------------------------------- */

static void open_table(struct text *out, const char *type, const char *name, const char *meaning)
{
	text_printf(out, "\n/* %s */\nconst %s %s[] = {\n", meaning, type, name);
}

static void close_table(struct text *out, uint32_t rows)
{
	text_printf(out, "%s};\n", rows == 0 ? "\t{ 0 }, /* no rows */\n" : "");
}

static void vm_heading(struct text *out, const struct plan_vm *vm, uint32_t index)
{
	text_printf(out, "\t/* VM %u, %s */\n", index, vm->name);
}

static void emit_system(const struct plan_system *s, struct text *out)
{
	text_printf(out, "\nconst struct plan_system plan_system = {\n\t.magic = PLAN_MAGIC,\n");
	text_printf(out, "\t.hyp_base = 0x%" PRIx64 ",\n\t.hyp_size = 0x%" PRIx64 ",\n",
		    s->hyp_base, s->hyp_size);
	text_printf(out, "\t.images_base = 0x%" PRIx64 ",\n\t.images_size = 0x%" PRIx64 ",\n",
		    s->images_base, s->images_size);
	text_printf(out, "\t.cpu_count = %u,\n\t.vm_count = %u,\n", s->cpu_count, s->vm_count);
	text_printf(out, "\t.pa_bits = %u,\n\t.hyp_va_bits = %u,\n", s->pa_bits, s->hyp_va_bits);
	text_printf(out, "\t.console_cpu = %u,\n\t.console_irq = %u,\n", s->console_cpu,
		    s->console_irq);
	text_printf(out, "\t.irq_count = %u,\n\t.maintenance_irq = %u,\n", s->irq_count,
		    s->maintenance_irq);
	text_printf(out, "\t.vcpu_count = %u,\n\t.extent_count = %u,\n", s->vcpu_count,
		    s->extent_count);
	text_printf(out, "\t.load_count = %u,\n\t.window_count = %u,\n", s->load_count,
		    s->window_count);
	text_printf(out, "\t.ipc_count = %u,\n\t.ipc_peer_count = %u,\n\t.ipc_irq_count = %u,\n",
		    s->ipc_count, s->ipc_peer_count, s->ipc_irq_count);
	text_printf(out, "\t.remio_count = %u,\n\t.remio_slot_count = %u,\n", s->remio_count,
		    s->remio_slot_count);
	text_printf(out, "\t.stage2_table_count = %u,\n\t.loader_table_count = %u,\n",
		    s->stage2_table_count, s->loader_table_count);
	text_printf(out, "\t.hyp_table_count = %u,\n\t.hyp_device_count = %u,\n};\n",
		    s->hyp_table_count, s->hyp_device_count);
}

static void emit_cpus(const struct plan *plan, struct text *out)
{
	open_table(out, "struct plan_cpu", "plan_cpus",
		   "Physical CPUs: hardware id, and the VM and vCPU each runs.");
	for (uint32_t i = 0; i < plan->system.cpu_count; i++) {
		const struct plan_cpu *cpu = &plan->cpus[i];

		text_printf(out, "\t[%u] = { .hw_id = 0x%" PRIx64, i, cpu->hw_id);
		if (cpu->vm == PLAN_NONE8) {
			text_printf(out,
				    ", .vm = PLAN_NONE8, .vcpu = PLAN_NONE8 }, /* unused */\n");
		} else {
			text_printf(out, ", .vm = %u, .vcpu = %u }, /* %s */\n", cpu->vm, cpu->vcpu,
				    plan->vms[cpu->vm].name);
		}
	}
	close_table(out, plan->system.cpu_count);
	open_table(out, "uint32_t", "plan_vcpu_cpus", "The CPU of every vCPU, VM by VM.");
	for (uint32_t v = 0; v < plan->system.vm_count; v++) {
		const struct plan_vm *vm = &plan->vms[v];

		text_printf(out, "\t");
		for (uint32_t n = 0; n < vm->vcpu_count; n++) {
			text_printf(out, "%u, ", plan->vcpu_cpus[vm->vcpu_first + n]);
		}
		text_printf(out, "/* %s */\n", vm->name);
	}
	close_table(out, plan->system.vcpu_count);
}

static void emit_irqs(const struct plan_vm *vm, struct text *out)
{
	text_printf(out, "\t\t.irqs = { /*");
	for (uint32_t irq = 0; irq < 32 * PLAN_IRQ_WORDS; irq++) {
		if ((vm->irqs[irq / 32] & (UINT32_C(1) << (irq % 32))) != 0) {
			text_printf(out, " %u", irq);
		}
	}
	text_printf(out, " */\n");
	for (uint32_t word = 0; word < PLAN_IRQ_WORDS; word++) {
		if (vm->irqs[word] != 0) {
			text_printf(out, "\t\t\t[%u] = 0x%08" PRIx32 ",\n", word, vm->irqs[word]);
		}
	}
	if (vm->irqs[0] == 0) {
		text_printf(out, "\t\t\t[0] = 0,\n");
	}
	text_printf(out, "\t\t},\n");
}

static void emit_vm(const struct plan_vm *vm, uint32_t index, struct text *out)
{
	text_printf(out, "\t[%u] = {\n\t\t.name = \"%s\",\n", index, vm->name);
	text_printf(out, "\t\t.entry = 0x%" PRIx64 ",\n\t\t.boot_arg = 0x%" PRIx64 ",\n", vm->entry,
		    vm->boot_arg);
	text_printf(out, "\t\t.vcpu_first = %u, .vcpu_count = %u,\n", vm->vcpu_first,
		    vm->vcpu_count);
	text_printf(out, "\t\t.extent_first = %u, .extent_count = %u,\n", vm->extent_first,
		    vm->extent_count);
	text_printf(out, "\t\t.load_first = %u, .load_count = %u,\n", vm->load_first,
		    vm->load_count);
	text_printf(out, "\t\t.window_first = %u, .window_count = %u,\n", vm->window_first,
		    vm->window_count);
	text_printf(out, "\t\t.ipc_first = %u, .ipc_count = %u,\n", vm->ipc_first, vm->ipc_count);
	text_printf(out, "\t\t.stage2_first = %u, .stage2_count = %u,\n", vm->stage2_first,
		    vm->stage2_count);
	text_printf(out, "\t\t.loader_first = %u, .loader_count = %u,\n", vm->loader_first,
		    vm->loader_count);
	text_printf(out, "\t\t.ipa_bits = %u,\n\t\t.on_fault = %s,\n", vm->ipa_bits,
		    fault_policies[vm->on_fault]);
	if (vm->image_in_place != 0) {
		text_printf(out, "\t\t.image_in_place = 1,\n");
	}
	text_printf(out, "\t\t.uart_irq = %u,\n\t\t.irq_count = %u,\n", vm->uart_irq,
		    vm->irq_count);
	emit_irqs(vm, out);
	text_printf(out, "\t},\n");
}

static void emit_vms(const struct plan *plan, struct text *out)
{
	open_table(out, "struct plan_vm", "plan_vms", "The virtual machines.");
	for (uint32_t v = 0; v < plan->system.vm_count; v++) {
		emit_vm(&plan->vms[v], v, out);
	}
	close_table(out, plan->system.vm_count);
}

static void emit_extents(const struct plan *plan, struct text *out)
{
	open_table(out, "struct plan_extent", "plan_extents",
		   "What each VM's addresses are mapped to.");
	for (uint32_t v = 0; v < plan->system.vm_count; v++) {
		const struct plan_vm *vm = &plan->vms[v];

		vm_heading(out, vm, v);
		for (uint32_t i = 0; i < vm->extent_count; i++) {
			const struct plan_extent *e = &plan->extents[vm->extent_first + i];

			text_printf(out,
				    "\t{ .va = 0x%" PRIx64 ", .pa = 0x%" PRIx64
				    ", .size = 0x%" PRIx64 ", .kind = %s, .shmem = ",
				    e->va, e->pa, e->size, memory_kinds[e->kind]);
			if (e->shmem == PLAN_NONE32) {
				text_printf(out, "PLAN_NONE32 },\n");
			} else {
				text_printf(out, "%u },\n", e->shmem);
			}
		}
	}
	close_table(out, plan->system.extent_count);
}

static void emit_loads(const struct plan *plan, struct text *out)
{
	open_table(out, "struct plan_load", "plan_loads",
		   "What is copied before each VM is entered, at boot and at every restart.");
	for (uint32_t v = 0; v < plan->system.vm_count; v++) {
		const struct plan_vm *vm = &plan->vms[v];

		for (uint32_t i = 0; i < vm->load_count; i++) {
			const struct plan_load *load = &plan->loads[vm->load_first + i];

			text_printf(out,
				    "\t{ .destination_pa = 0x%" PRIx64 ", .source_pa = 0x%" PRIx64
				    ", .size = 0x%" PRIx64 " }, /* %s */\n",
				    load->destination_pa, load->source_pa, load->size,
				    plan->load_notes[vm->load_first + i]);
		}
	}
	close_table(out, plan->system.load_count);
}

static void emit_windows(const struct plan *plan, struct text *out)
{
	open_table(out, "struct plan_window", "plan_windows",
		   "VM addresses that the hypervisor emulates.");
	for (uint32_t v = 0; v < plan->system.vm_count; v++) {
		const struct plan_vm *vm = &plan->vms[v];

		vm_heading(out, vm, v);
		for (uint32_t i = 0; i < vm->window_count; i++) {
			const struct plan_window *w = &plan->windows[vm->window_first + i];

			text_printf(out,
				    "\t{ .va = 0x%" PRIx64 ", .size = 0x%" PRIx64
				    ", .kind = %s, .argument = %u },\n",
				    w->va, w->size, window_kinds[w->kind], w->argument);
		}
	}
	close_table(out, plan->system.window_count);
}

static void emit_ipcs(const struct plan *plan, struct text *out)
{
	open_table(out, "struct plan_ipc", "plan_ipcs",
		   "Ends of shared-memory channels, VM by VM.");
	for (uint32_t v = 0; v < plan->system.vm_count; v++) {
		const struct plan_vm *vm = &plan->vms[v];

		for (uint32_t i = 0; i < vm->ipc_count; i++) {
			const struct plan_ipc *ipc = &plan->ipcs[vm->ipc_first + i];

			text_printf(
				out,
				"\t{ .peer_first = %u, .peer_count = %u }, /* ipcs[%u] of %s */\n",
				ipc->peer_first, ipc->peer_count, i, vm->name);
		}
	}
	close_table(out, plan->system.ipc_count);
	open_table(out, "struct plan_ipc_peer", "plan_ipc_peers",
		   "Who is notified through each end.");
	for (uint32_t i = 0; i < plan->system.ipc_peer_count; i++) {
		text_printf(out, "\t{ .irq_first = %u, .irq_count = %u },\n",
			    plan->ipc_peers[i].irq_first, plan->ipc_peers[i].irq_count);
	}
	close_table(out, plan->system.ipc_peer_count);
	open_table(out, "uint32_t", "plan_ipc_irqs", "With which interrupt, by event index.");
	for (uint32_t i = 0; i < plan->system.ipc_irq_count; i++) {
		text_printf(out, "\t%u,\n", plan->ipc_irqs[i]);
	}
	text_printf(out, "%s};\n", plan->system.ipc_irq_count == 0 ? "\t0, /* no rows */\n" : "");
}

static void emit_remios(const struct plan *plan, struct text *out)
{
	open_table(out, "struct plan_remio", "plan_remios", "Remote-I/O pairs.");
	for (uint32_t i = 0; i < plan->system.remio_count; i++) {
		const struct plan_remio *r = &plan->remios[i];

		text_printf(out, "\t[%u] = { /* %s is served by %s */\n", i,
			    plan->vms[r->frontend_vm].name, plan->vms[r->backend_vm].name);
		text_printf(out, "\t\t.frontend_vm = %u,\n\t\t.backend_vm = %u,\n", r->frontend_vm,
			    r->backend_vm);
		text_printf(out, "\t\t.frontend_irq = %u,\n\t\t.backend_irq = %u,\n",
			    r->frontend_irq, r->backend_irq);
		text_printf(out, "\t\t.backend_device = %u,\n\t\t.slot_first = %u,\n",
			    r->backend_device, r->slot_first);
		text_printf(out, "\t\t.slot_count = %u,\n\t\t.window_va = 0x%" PRIx64 ",\n\t},\n",
			    r->slot_count, r->window_va);
	}
	close_table(out, plan->system.remio_count);
}

static void emit_hyp_devices(const struct plan *plan, struct text *out)
{
	open_table(out, "struct plan_device", "plan_hyp_devices",
		   "Devices of the hypervisor: distributor, redistributors, console.");
	for (uint32_t i = 0; i < plan->system.hyp_device_count; i++) {
		text_printf(out, "\t{ .pa = 0x%" PRIx64 ", .size = 0x%" PRIx64 " },\n",
			    plan->hyp_devices[i].pa, plan->hyp_devices[i].size);
	}
	close_table(out, plan->system.hyp_device_count);
}

void emit_plan_c(struct planner *p, struct text *out)
{
	const struct plan *plan = &p->plan;

	text_printf(out,
		    "/* SPDX-License-Identifier: Apache-2.0 */\n"
		    "/*\n * The plan of this system, generated by the planner: do not edit. The "
		    "types are "
		    "explained in\n * <bao/plan.h>; plan.txt beside this file says the same in "
		    "tables.\n */\n"
		    "#include <bao/plan.h>\n");
	emit_system(&plan->system, out);
	emit_cpus(plan, out);
	emit_vms(plan, out);
	emit_extents(plan, out);
	emit_loads(plan, out);
	emit_windows(plan, out);
	emit_ipcs(plan, out);
	emit_remios(plan, out);
	emit_hyp_devices(plan, out);
}

/* ---- plan.h ---------------------------------------------------------------------------------- */

static void define(struct text *out, const char *name, uint64_t value)
{
	text_printf(out, "#define PLAN_%s %" PRIu64 "\n", name, value);
}

static void define_address(struct text *out, const char *name, uint64_t value)
{
	text_printf(out, "#define PLAN_%s 0x%" PRIx64 "\n", name, value);
}

/* Start of the board's memory that the hypervisor is linked in. */
static uint64_t ram_base(const struct board *machine, uint64_t address)
{
	for (uint32_t i = 0; i < machine->memory_count; i++) {
		if (address - machine->memories[i].base < machine->memories[i].size) {
			return machine->memories[i].base;
		}
	}
	return address;
}

static void define_addresses(struct planner *p, struct text *out)
{
	const struct board *machine = p->inputs.board;
	const struct plan *plan = &p->plan;

	define_address(out, "RAM_BASE", ram_base(machine, plan->system.hyp_base));
	define_address(out, "HYP_BASE", plan->system.hyp_base);
	define_address(out, "HYP_SIZE", plan->system.hyp_size);
	define_address(out, "IMAGES_BASE", plan->system.images_base);
	define_address(out, "IMAGES_SIZE", plan->system.images_size);
	text_printf(
		out,
		"/* The part of the images that is copied; images used in place follow it. */\n");
	define_address(out, "IMAGES_COPIED_SIZE", p->model.images_copied_size);
	define_address(out, "UART_BASE", machine->uart.base);
	define(out, "UART_CLOCK_HZ", machine->uart.clock_hz);
	define_address(out, "GICD_BASE", machine->gic.gicd);
	define_address(out, "GICD_SIZE", machine->gic.gicd_size);
	define_address(out, "GICR_BASE", machine->gic.gicr);
	define_address(out, "GICR_SIZE", plan->gicr_size);
}

void emit_plan_h(struct planner *p, struct text *out)
{
	const struct plan_system *s = &p->plan.system;

	text_printf(
		out,
		"/* SPDX-License-Identifier: Apache-2.0 */\n"
		"/*\n * Sizes and addresses of the plan, generated by the planner: do not edit. "
		"For C, "
		"assembly and\n * linker scripts; bytes unless the name says otherwise.\n */\n"
		"#pragma once\n\n");
	define(out, "CPU_COUNT", s->cpu_count);
	define(out, "VM_COUNT", s->vm_count);
	define(out, "VCPU_COUNT", s->vcpu_count);
	define(out, "REMIO_COUNT", s->remio_count);
	define(out, "REMIO_SLOT_COUNT", s->remio_slot_count);
	define(out, "STAGE2_TABLE_COUNT", s->stage2_table_count);
	define(out, "STAGE2_ALIGN", p->plan.stage2_align);
	define(out, "LOADER_TABLE_COUNT", s->loader_table_count);
	define(out, "HYP_TABLE_COUNT", s->hyp_table_count);
	define(out, "HYP_DEVICE_COUNT", s->hyp_device_count);
	define(out, "IRQ_COUNT", s->irq_count);
	define(out, "PA_BITS", s->pa_bits);
	define(out, "HYP_VA_BITS", s->hyp_va_bits);
	define(out, "CONSOLE_CPU", s->console_cpu);
	define(out, "CONSOLE_IRQ", s->console_irq);
	define(out, "MAINTENANCE_IRQ", s->maintenance_irq);
	define(out, "TIMER_PHYSICAL_IRQ", p->inputs.board->timer_physical_irq);
	define_addresses(p, out);
	text_printf(out,
		    "#if !defined(__ASSEMBLER__) && !defined(LINKER_SCRIPT)\n"
		    "#define PLAN_BOARD_NAME \"%s\"\n#endif\n",
		    p->inputs.board->name);
}
