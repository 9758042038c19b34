/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Translation on the target: the hypervisor's own map, each VM's stage 2, and filling a VM's memory
 * through the loader map. What goes into the tables is mappings.c's. No lock: the hypervisor's tables
 * are built before another CPU runs, a VM's by vCPU 0's CPU before any of its vCPUs does.
 */
#include <arm/aarch64/cpu.h>
#include <arm/aarch64/sysreg.h>
#include <armv8-a/mappings.h>
#include <bao/arch/inline.h>
#include <bao/arch/vm.h>
#include <bao/check.h>
#include <bao/cpu.h>
#include <bao/io.h>
#include <plan.h>

/* Read by the audit, by name. */
uint64_t hyp_tables[PLAN_HYP_TABLE_COUNT][PAGETABLE_ENTRIES] __attribute__((aligned(4096)));
uint64_t stage2_tables[PLAN_STAGE2_TABLE_COUNT][PAGETABLE_ENTRIES]
	__attribute__((aligned(PLAN_STAGE2_ALIGN)));
uint64_t loader_tables[PLAN_LOADER_TABLE_COUNT][PAGETABLE_ENTRIES] __attribute__((aligned(4096)));

/* Linker script. */
extern const struct hyp_extent hyp_extents[];
extern const struct hyp_extent hyp_extents_end[];

/* MAIR_EL2 fields in the order of MAIR_INDEX_*: Device-nGnRnE 0x00, Normal write-back 0xff. */
const uint64_t hyp_mair = UINT64_C(0xff) << (8 * MAIR_INDEX_NORMAL);

#define HYP_START_LEVEL (PLAN_HYP_VA_BITS <= 39 ? 1u : 0u)

/* VTCR_EL2: RES1 bit 31, write-back inner-shareable walks, 4 KiB granule. */
#define VTCR_COMMON (BIT64(31) | (UINT64_C(3) << 12) | (UINT64_C(1) << 10) | (UINT64_C(1) << 8))
#define VTCR_SL0_SHIFT 6
#define VTCR_PS_SHIFT 16
#define VTTBR_VMID_SHIFT 48

static uint64_t address_of(const void *object)
{
	return (uint64_t)(uintptr_t)object;
}

/* MMU and caches off; a failure can only be our bug, and the console works polled. */
void boot_build_hyp_map(void)
{
	struct pagetable pt;

	pagetable_init(&pt, PLAN_HYP_VA_BITS, HYP_START_LEVEL, hyp_tables[0],
		       address_of(hyp_tables), PLAN_HYP_TABLE_COUNT);
	if (!mappings_hyp(&pt, hyp_extents, (uint32_t)(hyp_extents_end - hyp_extents),
			  plan_hyp_devices, PLAN_HYP_DEVICE_COUNT)) {
		panic("the hypervisor's own map does not fit its tables");
	}
}

static struct pagetable stage2_of(const struct plan_vm *plan)
{
	struct pagetable pt;

	pagetable_init(&pt, plan->ipa_bits, pagetable_stage2_start_level(plan->ipa_bits),
		       stage2_tables[plan->stage2_first],
		       address_of(stage2_tables[plan->stage2_first]), plan->stage2_count);
	return pt;
}

void arch_vm_build_stage2(uint32_t vm)
{
	const struct plan_vm *plan = &plan_vms[vm];
	struct pagetable pt = stage2_of(plan);

	if (!mappings_stage2(&pt, &plan_extents[plan->extent_first], plan->extent_count)) {
		panic("stage 2 of %s does not fit its tables", plan->name);
	}
	barrier_dsb_ish();
}

void stage2_cpu_init(uint32_t vm)
{
	const struct plan_vm *plan = &plan_vms[vm];
	struct pagetable pt = stage2_of(plan);
	uint64_t range = sysreg_read(id_aa64mmfr0_el1) & 7;
	uint64_t level = pt.start_level == 1 ? 1 : 2; /* SL0 for the 4 KiB granule */

	sysreg_write(vtcr_el2, VTCR_COMMON | (64 - plan->ipa_bits) | (level << VTCR_SL0_SHIFT) |
				       ((range < 5 ? range : 5) << VTCR_PS_SHIFT));
	/* VMID 0 is never used, so that a register left alone names no VM. */
	sysreg_write(vttbr_el2, pt.tables_pa | ((uint64_t)(vm + 1) << VTTBR_VMID_SHIFT));
	barrier_isb();
	__asm__ volatile("tlbi alle1\n\tdsb nsh\n\tisb" ::: "memory");
}

/* ---- filling a VM's memory ------------------------------------------------------------------- */

static void use_hyp_root(const void *root)
{
	barrier_dsb_ish();
	sysreg_write(ttbr0_el2, address_of(root));
	__asm__ volatile("isb\n\ttlbi alle2\n\tdsb nsh\n\tisb" ::: "memory");
}

static uint64_t cache_line(void)
{
	return UINT64_C(4) << ((sysreg_read(ctr_el0) >> 16) & 15);
}

/* A guest with its caches off sees what was written here. */
static void clean_to_memory(uint64_t va, uint64_t size)
{
	uint64_t line = cache_line();

	for (uint64_t at = va & ~(line - 1); at < va + size; at += line) {
		__asm__ volatile("dc cvac, %0" ::"r"(at) : "memory");
	}
}

/* What an earlier life of the guest left in caches must not be written back over the new one. */
static void clean_and_invalidate_ram(const struct plan_vm *plan)
{
	uint64_t offset = mappings_loader_offset(PLAN_HYP_VA_BITS);
	uint64_t line = cache_line();

	for (uint32_t i = 0; i < plan->extent_count; i++) {
		const struct plan_extent *extent = &plan_extents[plan->extent_first + i];
		uint64_t start = extent->pa + offset;

		if (extent->kind != PLAN_MEMORY_RAM) {
			continue;
		}
		for (uint64_t at = start; at < start + extent->size; at += line) {
			__asm__ volatile("dc civac, %0" ::"r"(at) : "memory");
		}
	}
	barrier_dsb_sy();
}

/*
 * Touches the far end of every piece of RAM: where the machine has less than the plan relies on, the
 * access aborts now, and the panic report says what was being done (phase load).
 */
static void probe_ram(const struct plan_vm *plan)
{
	uint64_t offset = mappings_loader_offset(PLAN_HYP_VA_BITS);

	for (uint32_t i = 0; i < plan->extent_count; i++) {
		const struct plan_extent *extent = &plan_extents[plan->extent_first + i];

		if (extent->kind == PLAN_MEMORY_RAM) {
			uint64_t last = extent->pa + extent->size - sizeof(uint64_t);

			(void)mmio_read64(last + offset);
			barrier_dsb_sy();
		}
	}
}

static void copy_loads(const struct plan_vm *plan)
{
	uint64_t offset = mappings_loader_offset(PLAN_HYP_VA_BITS);

	for (uint32_t i = 0; i < plan->load_count; i++) {
		const struct plan_load *load = &plan_loads[plan->load_first + i];
		uint64_t to = load->destination_pa + offset;
		uint64_t from = load->source_pa +
				(mappings_is_loaded(load, &plan_system) ? offset : 0);

		__builtin_memcpy((void *)(uintptr_t)to, (const void *)(uintptr_t)from, load->size);
		clean_to_memory(to, load->size);
	}
	__asm__ volatile("dsb sy\n\tic ialluis\n\tdsb ish\n\tisb" ::: "memory");
}

void arch_vm_load(uint32_t vm, bool restart)
{
	const struct plan_vm *plan = &plan_vms[vm];
	uint64_t *root = loader_tables[plan->loader_first];
	struct pagetable pt;

	pagetable_init(&pt, PLAN_HYP_VA_BITS, HYP_START_LEVEL, root, address_of(root),
		       plan->loader_count);
	if (!restart && (!mappings_loader(&pt, hyp_tables[0], &plan_extents[plan->extent_first],
					  plan->extent_count) ||
			 !mappings_loader_sources(&pt, &plan_loads[plan->load_first],
						  plan->load_count, &plan_system))) {
		panic("the loader map of %s does not fit its tables", plan->name);
	}
	use_hyp_root(root);
	probe_ram(plan);
	if (restart) {
		clean_and_invalidate_ram(plan);
	}
	copy_loads(plan);
	use_hyp_root(hyp_tables);
}
