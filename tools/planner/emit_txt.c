/* SPDX-License-Identifier: Apache-2.0 */
/* plan.txt: the partition map as tables, for review. First the machine, then VM by VM. */
#include "map.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const fault_texts[] = {
	[PLAN_ON_FAULT_INJECT] = "inject (the guest gets an abort)",
	[PLAN_ON_FAULT_HALT] = "halt (the VM stops)",
	[PLAN_ON_FAULT_RESTART] = "restart (the VM is reloaded)",
};

static const char *const kind_texts[] = {
	[PLAN_MEMORY_RAM] = "ram rwx",
	[PLAN_MEMORY_SHARED] = "shared rw-",
	[PLAN_MEMORY_DEVICE] = "device rw-",
};

static const char *const window_texts[] = {
	[PLAN_WINDOW_GICD] = "virtual distributor",
	[PLAN_WINDOW_GICR] = "virtual redistributors",
	[PLAN_WINDOW_UART] = "virtual UART (PL011)",
	[PLAN_WINDOW_DOORBELL] = "doorbell",
	[PLAN_WINDOW_REMIO] = "remote I/O",
	[PLAN_WINDOW_EMPTY] = "rest of the channel bus",
};

static void heading(struct text *out, const char *title)
{
	text_printf(out, "\n%s\n", title);
	for (size_t i = 0; i < strlen(title); i++) {
		text_append(out, "-", 1);
	}
	text_append(out, "\n", 1);
}

/* ---- the machine ----------------------------------------------------------------------------- */

static void emit_summary(struct planner *p, struct text *out)
{
	const struct plan_system *s = &p->plan.system;
	const struct board *machine = p->inputs.board;

	text_printf(out, "SPDX-License-Identifier: Apache-2.0\n");
	text_printf(out, "Partition map of board %s: %s\n", machine->name,
		    machine->model != NULL ? machine->model : "");
	text_printf(out, "%u VM%s with %u vCPUs on %u CPUs; %u-bit physical addresses\n",
		    s->vm_count, s->vm_count == 1 ? "" : "s", s->vcpu_count, s->cpu_count,
		    s->pa_bits);
	text_printf(out,
		    "Translation tables: %u for the hypervisor, %u for the VMs, %u for loading\n",
		    s->hyp_table_count, s->stage2_table_count, s->loader_table_count);
}

static void emit_cpus(const struct plan *plan, struct text *out)
{
	heading(out, "CPUs");
	text_printf(out, "CPU  hardware id  VM               vCPU\n");
	for (uint32_t i = 0; i < plan->system.cpu_count; i++) {
		const struct plan_cpu *cpu = &plan->cpus[i];

		if (cpu->vm == PLAN_NONE8) {
			text_printf(out, "%3u  0x%-9" PRIx64 "  -\n", i, cpu->hw_id);
		} else {
			text_printf(out, "%3u  0x%-9" PRIx64 "  %-15s  %4u%s\n", i, cpu->hw_id,
				    plan->vms[cpu->vm].name, cpu->vcpu,
				    i == plan->system.console_cpu ? "  serves the console" : "");
		}
	}
}

/* Characters of the longest owner, so that columns stay columns. */
static int owner_width(const struct map_range *ranges, uint32_t count)
{
	size_t width = strlen("hypervisor");

	for (uint32_t i = 0; i < count; i++) {
		size_t length = strlen(ranges[i].owner);

		width = length > width ? length : width;
	}
	return (int)width;
}

static void emit_ranges(struct planner *p, struct text *out, const char *title,
			const struct map_range *ranges, uint32_t count)
{
	int width = owner_width(ranges, count);

	heading(out, title);
	text_printf(out, "%-14s %-14s %12s  %-*s  %s\n", "first", "last", "size", width, "owner",
		    "what");
	for (uint32_t i = 0; i < count; i++) {
		const struct map_range *r = &ranges[i];

		text_printf(out, "0x%012" PRIx64 " 0x%012" PRIx64 " %12s  %-*s  %s\n",
			    r->range.base, range_last(r->range),
			    size_text(&p->arena, r->range.size), width,
			    r->kind == MAP_FREE ? "-" : r->owner, r->label);
	}
}

static void emit_irqs(struct planner *p, struct text *out, const struct map *map)
{
	heading(out, "Interrupts");
	text_printf(out, "INTID  line     owner            what\n");
	for (uint32_t i = 0; i < map->irq_count; i++) {
		const struct map_irq *irq = &map->irqs[i];

		text_printf(out, "%5u  %-7s  %-15s  %s\n", irq->irq, map_irq_text(p, irq->irq),
			    irq->owner, irq->label);
	}
}

static void emit_shmems(struct planner *p, struct text *out)
{
	if (p->model.shmem_count == 0) {
		return;
	}
	heading(out, "Channels");
	for (uint32_t i = 0; i < p->model.shmem_count; i++) {
		const struct model_shmem *shmem = &p->model.shmems[i];

		text_printf(out, "%s, %s at 0x%" PRIx64 "\n", shmem->name,
			    size_text(&p->arena, shmem->config.size), shmem->pa);
		for (uint32_t v = 0; v < p->model.vm_count; v++) {
			const struct vm_platform *platform = &p->model.vms[v].config.platform;

			for (size_t n = 0; n < platform->ipc_num; n++) {
				const struct ipc *ipc = &platform->ipcs[n];

				if (ipc->shmem_id != i) {
					continue;
				}
				text_printf(
					out, "  %-15s ipcs[%zu] at 0x%" PRIx64 ", %s%s; hears",
					p->model.vms[v].name, n, ipc->base,
					size_text(&p->arena, ipc->size),
					ipc->doorbell != 0
						? arena_printf(&p->arena, ", doorbell at 0x%llx",
							       (unsigned long long)ipc->doorbell)
						: "");
				for (size_t k = 0; k < ipc->interrupt_num; k++) {
					text_printf(out, " %llu",
						    (unsigned long long)ipc->interrupts[k]);
				}
				text_printf(out, "%s\n", ipc->interrupt_num == 0 ? " nothing" : "");
			}
		}
	}
}

static void emit_remios(const struct plan *plan, struct text *out)
{
	if (plan->system.remio_count == 0) {
		return;
	}
	heading(out, "Remote I/O");
	for (uint32_t i = 0; i < plan->system.remio_count; i++) {
		const struct plan_remio *r = &plan->remios[i];

		text_printf(out,
			    "window 0x%" PRIx64 " of %s (interrupt %u) is served by %s, device %u "
			    "(interrupt %u)\n",
			    r->window_va, plan->vms[r->frontend_vm].name, r->frontend_irq,
			    plan->vms[r->backend_vm].name, r->backend_device, r->backend_irq);
	}
}

/* ---- one VM ---------------------------------------------------------------------------------- */

static void emit_blob(struct planner *p, struct text *out, const struct blob *blob)
{
	static const char *const how[] = { "built in, copied from", "built in, used in place at",
					   "loaded by the boot loader, copied from",
					   "loaded by the boot loader, used in place at" };

	if (blob->source != BLOB_NONE) {
		text_printf(out, "%-12s %s at 0x%" PRIx64 "; %s 0x%" PRIx64 "\n", blob->what,
			    size_text(&p->arena, blob->size), blob->va,
			    how[2 * (blob->source == BLOB_LOADED) + blob->in_place], blob->pa);
	}
}

static void emit_settings(struct planner *p, const struct model_vm *vm, struct text *out)
{
	const struct plan_vm *row = &p->plan.vms[vm->index];

	text_printf(out, "CPUs        ");
	for (uint32_t n = 0; n < vm->cpu_count; n++) {
		text_printf(out, " %u", vm->cpus[n]);
	}
	text_printf(out, "\nentry        0x%" PRIx64 ", device tree at ", row->entry);
	text_printf(out, row->boot_arg != 0 ? "0x%" PRIx64 "\n" : "none\n", row->boot_arg);
	emit_blob(p, out, &vm->image);
	emit_blob(p, out, &vm->initrd);
	emit_blob(p, out, &vm->dtb);
	if (vm->config.bootargs != NULL) {
		text_printf(out, "bootargs     %s\n", vm->config.bootargs);
	}
	text_printf(out, "on fault     %s\n", fault_texts[row->on_fault]);
	text_printf(out, "addresses    %u bits, %u translation tables; interrupts up to %u\n",
		    row->ipa_bits, row->stage2_count, row->irq_count - 1);
}

static void emit_space(struct planner *p, const struct plan_vm *vm, struct text *out)
{
	const struct plan *plan = &p->plan;
	uint32_t e = 0;
	uint32_t w = 0;

	text_printf(out, "\n%-14s %-14s %12s  %-14s  %-10s  %s\n", "VM first", "VM last", "size",
		    "physical", "access", "what");
	while (e < vm->extent_count || w < vm->window_count) {
		const struct plan_extent *extent = &plan->extents[vm->extent_first + e];
		const struct plan_window *window = &plan->windows[vm->window_first + w];

		if (e < vm->extent_count && (w == vm->window_count || extent->va < window->va)) {
			text_printf(out,
				    "0x%012" PRIx64 " 0x%012" PRIx64 " %12s  0x%012" PRIx64
				    "  %-10s  %s\n",
				    extent->va, extent->va + (extent->size - 1),
				    size_text(&p->arena, extent->size), extent->pa,
				    kind_texts[extent->kind],
				    plan->extent_notes[vm->extent_first + e]);
			e++;
		} else {
			text_printf(out,
				    "0x%012" PRIx64 " 0x%012" PRIx64 " %12s  %-14s  %-10s  %s\n",
				    window->va, window->va + (window->size - 1),
				    size_text(&p->arena, window->size), "-", "emulated",
				    window_texts[window->kind]);
			w++;
		}
	}
}

static void emit_vm(struct planner *p, const struct model_vm *vm, struct text *out)
{
	const struct plan_vm *row = &p->plan.vms[vm->index];

	heading(out, arena_printf(&p->arena, "VM %u: %s", vm->index, vm->name));
	emit_settings(p, vm, out);
	emit_space(p, row, out);
}

void emit_txt(struct planner *p, struct text *out)
{
	struct map map = map_build(p);

	emit_summary(p, out);
	emit_cpus(&p->plan, out);
	emit_ranges(p, out, "Physical memory", map.memory, map.memory_count);
	emit_ranges(p, out, "Devices", map.devices, map.device_count);
	emit_irqs(p, out, &map);
	emit_shmems(p, out);
	emit_remios(&p->plan, out);
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		emit_vm(p, &p->model.vms[v], out);
	}
}
