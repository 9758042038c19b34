/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether every field of the plan's tables, and of the section table, is in its range: indexes
 * refer to rows, addresses to the address space, enumerations to values that exist. After it the
 * other checks follow indexes and add sizes without asking again.
 */
#include "plan_tables.h"

#include <inttypes.h>
#include <string.h>

#define INTID_LIMIT 1020u /* 1020..1023 are special, GIC spec (IHI 0069) */
#define CPU_LIMIT 256u    /* bounds stacks and CPUs; the planner knows 64 */
#define PAGE_MASK (PAGETABLE_BYTES - 1)

#define HEX "0x%" PRIx64

/* The plan and where to complain. */
struct checker {
	const struct plan_tables *plan;
	struct report *report;
};

#define COMPLAIN(checker, ...) report_finding((checker)->report, __VA_ARGS__)

static bool page_range(uint64_t start, uint64_t size, uint64_t limit)
{
	return ((start | size) & PAGE_MASK) == 0 && size != 0 &&
	       range_inside(start, size, 0, limit);
}

static uint64_t pa_limit(const struct plan_tables *plan)
{
	return UINT64_C(1) << plan->system.pa_bits;
}

static bool check_sizes(struct checker c)
{
	const struct plan_system *system = &c.plan->system;

	if (system->pa_bits < 32 || system->pa_bits > 48) {
		COMPLAIN(&c, "system-row", "pa_bits is %u, expected 32 to 48", system->pa_bits);
		return false;
	}
	if (system->hyp_va_bits != 39 && system->hyp_va_bits != 48) {
		COMPLAIN(&c, "system-row", "hyp_va_bits is %u, expected 39 or 48",
			 system->hyp_va_bits);
		return false;
	}
	if (!page_range(system->hyp_base, system->hyp_size, pa_limit(c.plan))) {
		COMPLAIN(&c, "system-row",
			 "the hypervisor's area, " HEX " bytes at " HEX
			 ", is not of whole pages inside %u-bit memory",
			 system->hyp_size, system->hyp_base, system->pa_bits);
		return false;
	}
	/* There may be no images at all. */
	if (((system->images_base | system->images_size) & PAGE_MASK) != 0 ||
	    !range_inside(system->images_base, system->images_size, 0, pa_limit(c.plan)) ||
	    ranges_overlap(system->images_base, system->images_size, system->hyp_base,
			   system->hyp_size)) {
		COMPLAIN(&c, "system-row",
			 "the images, " HEX " bytes at " HEX ", are not whole pages of memory "
			 "apart from the hypervisor's",
			 system->images_size, system->images_base);
	}
	return true;
}

static void check_system(struct checker c)
{
	const struct plan_system *system = &c.plan->system;

	if (system->cpu_count == 0 || system->cpu_count > CPU_LIMIT ||
	    system->vm_count >= PLAN_NONE8) {
		COMPLAIN(&c, "system-row", "%u CPUs and %u VMs: expected 1 to %u, 0 to 254",
			 system->cpu_count, system->vm_count, CPU_LIMIT);
	}
	if (system->console_cpu >= system->cpu_count) {
		COMPLAIN(&c, "system-row", "console CPU %u of %u", system->console_cpu,
			 system->cpu_count);
	}
	if (system->irq_count < 32 || system->irq_count > INTID_LIMIT) {
		COMPLAIN(&c, "system-row", "irq_count is %u, expected 32 to %u", system->irq_count,
			 INTID_LIMIT);
	}
	if (system->console_irq >= system->irq_count ||
	    system->maintenance_irq >= system->irq_count) {
		COMPLAIN(&c, "system-row", "console interrupt %u or maintenance interrupt %u of %u",
			 system->console_irq, system->maintenance_irq, system->irq_count);
	}
}

static void check_cpu_rows(struct checker c)
{
	const struct plan_system *system = &c.plan->system;

	for (uint32_t i = 0; i < system->cpu_count; i++) {
		const struct plan_cpu *cpu = &c.plan->cpus[i];

		if (cpu->vm == PLAN_NONE8) {
			continue;
		}
		if (cpu->vm >= system->vm_count || cpu->vcpu >= c.plan->vms[cpu->vm].vcpu_count) {
			COMPLAIN(&c, "cpu-row", "CPU %u runs VM %u vCPU %u, which does not exist",
				 i, cpu->vm, cpu->vcpu);
		}
	}
	for (uint32_t i = 0; i < system->vcpu_count; i++) {
		if (c.plan->vcpu_cpus[i] >= system->cpu_count) {
			COMPLAIN(&c, "cpu-row", "plan_vcpu_cpus[%u] is CPU %u of %u", i,
				 c.plan->vcpu_cpus[i], system->cpu_count);
		}
	}
}

static void check_rows_of(struct checker c, uint32_t vm, const char *what, uint32_t first,
			  uint32_t count, uint32_t limit)
{
	if (first > limit || count > limit - first) {
		COMPLAIN(&c, "vm-row", "VM %u: %s %u, %u of them, of %u", vm, what, first, count,
			 limit);
	}
}

static bool name_is_good(const char *name)
{
	const char *end = memchr(name, 0, PLAN_NAME_SIZE);

	for (const char *at = name; end != NULL && at < end; at++) {
		if (*at <= ' ' || *at > '~') {
			return false;
		}
	}
	return end != NULL && end > name;
}

static void check_vm_name(struct checker c, uint32_t index)
{
	const char *name = c.plan->vms[index].name;

	if (!name_is_good(name)) {
		COMPLAIN(&c, "vm-name", "VM %u: the name is empty, unterminated or unprintable",
			 index);
		return;
	}
	for (uint32_t i = 0; i < index; i++) {
		if (strncmp(c.plan->vms[i].name, name, PLAN_NAME_SIZE) == 0) {
			COMPLAIN(&c, "vm-name", "VM %u and VM %u are both named %s", i, index,
				 name);
		}
	}
}

static void check_vm_tables(struct checker c, uint32_t i)
{
	const struct plan_system *system = &c.plan->system;
	const struct plan_vm *vm = &c.plan->vms[i];

	check_rows_of(c, i, "vCPUs from", vm->vcpu_first, vm->vcpu_count, system->vcpu_count);
	check_rows_of(c, i, "extents from", vm->extent_first, vm->extent_count,
		      system->extent_count);
	check_rows_of(c, i, "loads from", vm->load_first, vm->load_count, system->load_count);
	check_rows_of(c, i, "windows from", vm->window_first, vm->window_count,
		      system->window_count);
	check_rows_of(c, i, "ipcs from", vm->ipc_first, vm->ipc_count, system->ipc_count);
	check_rows_of(c, i, "stage-2 tables from", vm->stage2_first, vm->stage2_count,
		      system->stage2_table_count);
	check_rows_of(c, i, "loader tables from", vm->loader_first, vm->loader_count,
		      system->loader_table_count);
}

static void check_vm_fields(struct checker c, uint32_t i)
{
	const struct plan_vm *vm = &c.plan->vms[i];

	if (vm->ipa_bits < 32 || vm->ipa_bits > c.plan->system.pa_bits) {
		/* A larger input than physical size is unpredictable, DDI 0487 D8.2.2. */
		COMPLAIN(&c, "vm-row", "VM %u: ipa_bits is %u, expected 32 to pa_bits, %u", i,
			 vm->ipa_bits, c.plan->system.pa_bits);
	}
	if (vm->on_fault > PLAN_ON_FAULT_RESTART) {
		COMPLAIN(&c, "vm-row", "VM %u: on_fault is %u", i, vm->on_fault);
	}
	if (vm->irq_count < 32 || vm->irq_count % 32 != 0 || vm->irq_count > 32 * PLAN_IRQ_WORDS) {
		COMPLAIN(&c, "vm-row", "VM %u: irq_count is %u, expected a multiple of 32 up to %u",
			 i, vm->irq_count, 32 * PLAN_IRQ_WORDS);
	}
	if (vm->vcpu_count == 0) {
		COMPLAIN(&c, "vm-row", "VM %u has no vCPU", i);
	}
}

static void check_vm_rows(struct checker c)
{
	for (uint32_t i = 0; i < c.plan->system.vm_count; i++) {
		check_vm_name(c, i);
		check_vm_tables(c, i);
		check_vm_fields(c, i);
	}
}

static void check_extent_rows(struct checker c)
{
	for (uint32_t i = 0; i < c.plan->system.extent_count; i++) {
		const struct plan_extent *extent = &c.plan->extents[i];

		if (!page_range(extent->va, extent->size, UINT64_C(1) << 48) ||
		    !page_range(extent->pa, extent->size, pa_limit(c.plan))) {
			COMPLAIN(&c, "extent-row",
				 "extent %u: " HEX " to " HEX ", " HEX
				 " bytes, is not of whole pages inside the address space",
				 i, extent->va, extent->pa, extent->size);
		}
		if (extent->kind > PLAN_MEMORY_DEVICE) {
			COMPLAIN(&c, "extent-row", "extent %u: kind %u does not exist", i,
				 extent->kind);
		}
		if ((extent->kind == PLAN_MEMORY_SHARED) != (extent->shmem != PLAN_NONE32)) {
			COMPLAIN(&c, "extent-row", "extent %u: kind %u with shared memory %u", i,
				 extent->kind, extent->shmem);
		}
	}
}

/* Rows of one VM: ascending, apart, inside its address space. Only for VMs whose rows exist. */
static void check_extent_order(struct checker c)
{
	for (uint32_t i = 0; i < c.plan->system.vm_count; i++) {
		const struct plan_vm *vm = &c.plan->vms[i];
		const struct plan_extent *extents = &c.plan->extents[vm->extent_first];
		uint64_t from = 0;

		for (uint32_t e = 0; e < vm->extent_count; e++) {
			uint64_t end = extents[e].va + extents[e].size;

			if (extents[e].va < from) {
				COMPLAIN(&c, "extent-order",
					 "VM %s: extent %u at " HEX " begins before " HEX
					 ", where the one before it ends",
					 vm->name, vm->extent_first + e, extents[e].va, from);
			}
			if (end > UINT64_C(1) << vm->ipa_bits) {
				COMPLAIN(&c, "extent-order",
					 "VM %s: extent %u ends at " HEX
					 ", beyond its %u-bit address space",
					 vm->name, vm->extent_first + e, end, vm->ipa_bits);
			}
			from = end;
		}
	}
}

static void check_load_rows(struct checker c)
{
	for (uint32_t i = 0; i < c.plan->system.load_count; i++) {
		const struct plan_load *load = &c.plan->loads[i];

		if (load->size == 0 ||
		    !range_inside(load->source_pa, load->size, 0, pa_limit(c.plan)) ||
		    !range_inside(load->destination_pa, load->size, 0, pa_limit(c.plan))) {
			COMPLAIN(&c, "load-row",
				 "load %u: " HEX " bytes from " HEX " to " HEX
				 " are none, or outside memory",
				 i, load->size, load->source_pa, load->destination_pa);
		}
	}
}

static void check_window_rows(struct checker c)
{
	for (uint32_t i = 0; i < c.plan->system.window_count; i++) {
		const struct plan_window *window = &c.plan->windows[i];

		if (window->size == 0 ||
		    !range_inside(window->va, window->size, 0, UINT64_C(1) << 48)) {
			COMPLAIN(&c, "window-row",
				 "window %u: " HEX " bytes at " HEX
				 " are none, or outside the address space",
				 i, window->size, window->va);
		}
		if (window->kind > PLAN_WINDOW_EMPTY) {
			COMPLAIN(&c, "window-row", "window %u: kind %u does not exist", i,
				 window->kind);
		}
	}
}

static void check_ipc_rows(struct checker c)
{
	const struct plan_system *system = &c.plan->system;

	for (uint32_t i = 0; i < system->ipc_count; i++) {
		const struct plan_ipc *ipc = &c.plan->ipcs[i];

		if (!range_inside(ipc->peer_first, ipc->peer_count, 0, system->ipc_peer_count)) {
			COMPLAIN(&c, "ipc-row", "ipc %u: peers from %u, %u of them, of %u", i,
				 ipc->peer_first, ipc->peer_count, system->ipc_peer_count);
		}
	}
	for (uint32_t i = 0; i < system->ipc_peer_count; i++) {
		const struct plan_ipc_peer *peer = &c.plan->ipc_peers[i];

		if (!range_inside(peer->irq_first, peer->irq_count, 0, system->ipc_irq_count)) {
			COMPLAIN(&c, "ipc-row", "peer %u: interrupts from %u, %u of them, of %u", i,
				 peer->irq_first, peer->irq_count, system->ipc_irq_count);
		}
	}
	for (uint32_t i = 0; i < system->ipc_irq_count; i++) {
		if (c.plan->ipc_irqs[i] >= system->irq_count) {
			COMPLAIN(&c, "ipc-row", "plan_ipc_irqs[%u] is %u of %u", i,
				 c.plan->ipc_irqs[i], system->irq_count);
		}
	}
}

static void check_remio_rows(struct checker c)
{
	const struct plan_system *system = &c.plan->system;

	for (uint32_t i = 0; i < system->remio_count; i++) {
		const struct plan_remio *remio = &c.plan->remios[i];

		if (remio->frontend_vm >= system->vm_count ||
		    remio->backend_vm >= system->vm_count) {
			COMPLAIN(&c, "remio-row", "remote I/O %u: VM %u or %u of %u does not exist",
				 i, remio->frontend_vm, remio->backend_vm, system->vm_count);
		}
		if (remio->frontend_irq >= system->irq_count ||
		    remio->backend_irq >= system->irq_count) {
			COMPLAIN(&c, "remio-row", "remote I/O %u: interrupt %u or %u of %u", i,
				 remio->frontend_irq, remio->backend_irq, system->irq_count);
		}
		if (!range_inside(remio->slot_first, remio->slot_count, 0,
				  system->remio_slot_count)) {
			COMPLAIN(&c, "remio-row", "remote I/O %u: slots from %u, %u of them, of %u",
				 i, remio->slot_first, remio->slot_count, system->remio_slot_count);
		}
	}
}

static void check_device_rows(struct checker c)
{
	for (uint32_t i = 0; i < c.plan->system.hyp_device_count; i++) {
		const struct plan_device *device = &c.plan->hyp_devices[i];

		if (!page_range(device->pa, device->size, pa_limit(c.plan))) {
			COMPLAIN(&c, "device-row",
				 "hypervisor device %u: " HEX " bytes at " HEX
				 " are not whole pages of the address space",
				 i, device->size, device->pa);
		}
	}
}

/* The mapping code runs from start to end in steps of stride: it must get there, and by pages. */
static void check_section_rows(struct checker c)
{
	for (uint32_t i = 0; i < c.plan->hyp_extent_count; i++) {
		const struct hyp_extent *extent = &c.plan->hyp_extents[i];
		bool stacks = extent->kind == HYP_EXTENT_STACKS;
		uint64_t size = extent->end - extent->start;

		if (((extent->start | extent->end) & PAGE_MASK) != 0 ||
		    extent->start > extent->end || extent->end > pa_limit(c.plan)) {
			COMPLAIN(&c, "section-row",
				 "section %u: " HEX " to " HEX " is not of whole pages of memory",
				 i, extent->start, extent->end);
		} else if (extent->kind > HYP_EXTENT_STACKS) {
			COMPLAIN(&c, "section-row", "section %u: kind %" PRIu64 " does not exist",
				 i, extent->kind);
		} else if (stacks &&
			   (extent->stride <= PAGETABLE_BYTES ||
			    (extent->stride & PAGE_MASK) != 0 || size % extent->stride != 0 ||
			    size / extent->stride > CPU_LIMIT)) {
			COMPLAIN(&c, "section-row",
				 "section %u: stacks every " HEX " bytes do not fill " HEX
				 " with a page and a guard page each for up to %u CPUs",
				 i, extent->stride, size, CPU_LIMIT);
		}
	}
}

static uint32_t vm_field(struct checker c, uint32_t vm, size_t offset)
{
	uint32_t value;

	memcpy(&value, (const char *)&c.plan->vms[vm] + offset, sizeof(value));
	return value;
}

/* Every one of `limit` rows must be of exactly one VM; 0: there may be rows that are of none. */
static void check_row_owner(struct checker c, const char *what, size_t first_field,
			    size_t count_field, uint32_t limit)
{
	uint64_t rows = 0;

	for (uint32_t i = 0; i < c.plan->system.vm_count; i++) {
		uint32_t first = vm_field(c, i, first_field);
		uint32_t count = vm_field(c, i, count_field);

		rows += count;
		for (uint32_t j = 0; j < i; j++) {
			uint32_t other = vm_field(c, j, first_field);

			if (ranges_overlap(first, count, other, vm_field(c, j, count_field))) {
				COMPLAIN(&c, "row-owner", "VM %s and VM %s both have %s %u",
					 c.plan->vms[j].name, c.plan->vms[i].name, what,
					 first > other ? first : other);
			}
		}
	}
	if (rows < limit) {
		COMPLAIN(&c, "row-owner", "%u %ss, but the VMs have only %" PRIu64, limit, what,
			 rows);
	}
}

#define ROW_OWNER(c, what, field, limit)                                                           \
	check_row_owner(c, what, offsetof(struct plan_vm, field##_first),                          \
			offsetof(struct plan_vm, field##_count), limit)

static void check_row_owners(struct checker c)
{
	const struct plan_system *system = &c.plan->system;

	ROW_OWNER(c, "vCPU row", vcpu, system->vcpu_count);
	ROW_OWNER(c, "extent", extent, system->extent_count);
	ROW_OWNER(c, "load", load, system->load_count);
	ROW_OWNER(c, "window", window, system->window_count);
	ROW_OWNER(c, "ipc", ipc, system->ipc_count);
	ROW_OWNER(c, "stage-2 table", stage2, 0);
	ROW_OWNER(c, "loader table", loader, 0);
}

bool plan_tables_check(const struct plan_tables *plan, struct report *report)
{
	struct checker c = { plan, report };
	size_t before = report->findings.count;

	if (check_sizes(c)) {
		check_system(c);
		check_vm_rows(c);
		check_extent_rows(c);
		check_load_rows(c);
		check_window_rows(c);
		check_ipc_rows(c);
		check_device_rows(c);
		check_section_rows(c);
		check_remio_rows(c);
		check_cpu_rows(c);
	}
	/* These follow indexes, so they need every row to be good. */
	if (report->findings.count == before) {
		check_extent_order(c);
		check_row_owners(c);
	}
	report_proof(report, before, "tables",
		     "every index, range, enumeration and name in the tables is good");
	return report->findings.count == before;
}
