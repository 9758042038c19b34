/* SPDX-License-Identifier: Apache-2.0 */
/* Configurations with wrong lists, names, CPUs, boards, and features this build does not have. */
#include "breakage.h"

/* ---- lists and names ------------------------------------------------------------------------- */

static void no_region_pointer(struct system *s)
{
	s->vms[1].platform.regions = NULL;
}

static void no_vmlist(struct system *s)
{
	s->config.vmlist = NULL;
}

static void no_shmemlist(struct system *s)
{
	s->config.shmemlist = NULL;
}

static void no_interrupts_pointer(struct system *s)
{
	s->lists[0].devs[1].interrupts = NULL;
}

static void no_ipc_interrupts(struct system *s)
{
	s->lists[1].ipcs[0].interrupts = NULL;
}

static void uncounted_devices(struct system *s)
{
	s->vms[0].platform.dev_num = 0;
}

static void no_vms(struct system *s)
{
	s->config.vmlist_size = 0;
	s->config.vmlist = NULL;
}

static void many_vms(struct system *s)
{
	static struct vm_config vms[255];

	for (unsigned int i = 0; i < 255; i++) {
		vms[i] = s->vms[1];
		vms[i].name = NULL;
	}
	s->config.vmlist = vms;
	s->config.vmlist_size = 255;
}

static void long_name(struct system *s)
{
	s->vms[0].name = "sixteen-letters!";
}

static void name_with_space(struct system *s)
{
	s->vms[1].name = "r t";
}

static void name_with_path(struct system *s)
{
	s->vms[1].name = "../rt";
}

static void empty_name(struct system *s)
{
	s->vms[1].name = "";
}

static void same_names(struct system *s)
{
	s->vms[1].name = "linux";
}

static void name_like_default(struct system *s)
{
	s->vms[0].name = "vm1";
	s->vms[1].name = NULL;
}

static void no_memory(struct system *s)
{
	s->vms[1].platform.region_num = 0;
	s->vms[1].platform.regions = NULL;
}

static void unknown_policy(struct system *s)
{
	s->vms[0].on_fault = (enum vm_on_fault)3;
}

static void unknown_remio_type(struct system *s)
{
	system_add_remio(s, 0, (enum remio_dev_type)2, 1, 120);
}

const struct breakage breakages_lists[] = {
	{ RULE_LIST_MISSING, no_region_pointer, "rt", "region_num is 1 but regions" },
	{ RULE_LIST_MISSING, no_vmlist, "config", "vmlist_size is 2 but vmlist" },
	{ RULE_LIST_MISSING, no_shmemlist, "config", "shmemlist_size is 1 but shmemlist" },
	{ RULE_LIST_MISSING, no_interrupts_pointer, "linux: devs[1]", "interrupt_num is 1" },
	{ RULE_LIST_MISSING, no_ipc_interrupts, "rt: ipcs[0]", "interrupt_num is 1" },
	{ RULE_LIST_UNCOUNTED, uncounted_devices, "linux", "devs is set but dev_num is 0" },
	{ RULE_NO_VMS, no_vms, "config", "no VM" },
	{ RULE_VM_LIMIT, many_vms, "config", "255 VMs" },
	{ RULE_VM_NAME, long_name, "vmlist[0]", "sixteen-letters!" },
	{ RULE_VM_NAME, name_with_space, "vmlist[1]", "r t" },
	{ RULE_VM_NAME, name_with_path, "vmlist[1]", "../rt" },
	{ RULE_VM_NAME, empty_name, "vmlist[1]", "\"\"" },
	{ RULE_VM_NAME_DUPLICATE, same_names, "vmlist[1]", "vmlist[0]" },
	{ RULE_VM_NAME_DUPLICATE, name_like_default, "vmlist[1]", "vmlist[0]" },
	{ RULE_VM_NO_MEMORY, no_memory, "rt: regions", "no memory" },
	{ RULE_ENUM_INVALID, unknown_policy, "linux: on_fault", "3" },
	{ RULE_ENUM_INVALID, unknown_remio_type, "linux: remio_devs[0]", "type 2" },
	{ 0 },
};

/*
 * ---- board, hypervisor, support, CPUs ----------------------------------------------------------
 */

static void no_cpus(struct system *s)
{
	s->board.cpu_count = 0;
}

static void board_of_65(struct system *s)
{
	s->board.cpu_count = 65;
}

static void no_ids(struct system *s)
{
	s->board.cpu_hw_ids = NULL;
}

static void few_bits(struct system *s)
{
	s->board.pa_bits = 31;
}

static void no_ram(struct system *s)
{
	s->board.memory_count = 0;
}

static void odd_ram(struct system *s)
{
	s->memories[0].size = 0x3ffff800;
}

static void ram_beyond_bits(struct system *s)
{
	s->memories[1] = (struct board_memory){ UINT64_C(1) << 40, 0x1000 };
	s->board.memory_count = 2;
}

static void ram_beyond_map(struct system *s)
{
	s->board.pa_bits = 48;
	s->memories[1] = (struct board_memory){ UINT64_C(1) << 47, 0x1000 };
	s->board.memory_count = 2;
}

static void ram_twice(struct system *s)
{
	s->memories[1] = s->memories[0];
	s->board.memory_count = 2;
}

static void gicv2(struct system *s)
{
	s->board.gic.version = 2;
}

static void odd_gicd(struct system *s)
{
	s->board.gic.gicd_size = 0x800;
}

static void uart_in_ram(struct system *s)
{
	s->board.uart.base = 0x50000000;
}

static void short_gicr(struct system *s)
{
	s->board.gic.gicr_size = 0x20000;
}

static void many_irqs(struct system *s)
{
	s->board.gic.interrupt_count = 1024;
}

static void maintenance_spi(struct system *s)
{
	s->board.gic.maintenance_irq = 40;
}

static void hyp_outside(struct system *s)
{
	s->planner.inputs.settings.hyp_base = 0x80000000;
}

static void hyp_unaligned(struct system *s)
{
	s->planner.inputs.settings.hyp_size = 0x100800;
}

static void hyp_on_firmware(struct system *s)
{
	s->planner.inputs.settings.hyp_base = 0x40000000;
}

static void images_outside(struct system *s)
{
	s->planner.inputs.settings.hyp_base = 0x7ff00000;
}

static void tables_too_many(struct system *s)
{
	s->planner.inputs.settings.hyp_size = 0x6000;
}

static void ipc_off(struct system *s)
{
	s->planner.inputs.settings.ipc = false;
}

static void remio_off(struct system *s)
{
	s->planner.inputs.settings.remio = false;
	system_add_remio(s, 0, REMIO_DEV_FRONTEND, 1, 120);
	system_add_remio(s, 1, REMIO_DEV_BACKEND, 1, 121);
}

static void uart_off(struct system *s)
{
	s->planner.inputs.settings.virtual_uart = false;
	s->vms[1].console = (struct vm_console){ 0x9000000, 120 };
}

static void hyp_colors(struct system *s)
{
	s->config.hyp.colors = 1;
}

static void vm_colors(struct system *s)
{
	s->vms[0].colors = 0xf0;
}

static void region_colors(struct system *s)
{
	s->lists[1].regions[0].colors = 3;
}

static void shmem_colors(struct system *s)
{
	s->shmems[0].colors = 3;
}

static void relocate(struct system *s)
{
	s->config.hyp.relocate = true;
}

static void direct(struct system *s)
{
	s->vms[1].irq_delivery = VM_IRQ_DIRECT;
}

static void mmu(struct system *s)
{
	s->vms[0].platform.mmu = true;
}

static void plic(struct system *s)
{
	s->vms[0].platform.arch.irqc.plic.base = 0xc000000;
}

static void imsic(struct system *s)
{
	s->vms[0].platform.arch.irqc.aia.imsic.base = 0x28000000;
}

static void smmu(struct system *s)
{
	s->vms[0].platform.arch.smmu.group_num = 1;
}

static void bus_master(struct system *s)
{
	s->lists[0].devs[1].id = 7;
}

static void no_vcpus(struct system *s)
{
	s->vms[1].platform.cpu_num = 0;
}

static void vcpus_65(struct system *s)
{
	s->vms[1].platform.cpu_num = 65;
}

static void overcommit(struct system *s)
{
	s->vms[1].platform.cpu_num = 3;
}

static void absent_cpu(struct system *s)
{
	s->vms[0].cpu_affinity = 0x13;
}

static void same_affinity(struct system *s)
{
	s->vms[0].cpu_affinity = 0x3;
	s->vms[1].cpu_affinity = 0x1;
}

static void small_affinity(struct system *s)
{
	s->vms[0].cpu_affinity = 0x4;
}

const struct breakage breakages_support[] = {
	{ RULE_BOARD_INVALID, no_cpus, "board: cpu_count", "0 CPUs" },
	{ RULE_BOARD_INVALID, board_of_65, "board: cpu_count", "65 CPUs" },
	{ RULE_BOARD_INVALID, no_ids, "board: cpu_count", "no cpu_hw_ids" },
	{ RULE_BOARD_INVALID, few_bits, "board: pa_bits", "31" },
	{ RULE_BOARD_INVALID, no_ram, "board: memories", "no RAM" },
	{ RULE_BOARD_INVALID, odd_ram, "board: memories[0]", "0x3ffff800" },
	{ RULE_BOARD_INVALID, ram_beyond_bits, "board: memories[1]", "40 physical address bits" },
	{ RULE_BOARD_INVALID, ram_beyond_map, "board: memories[1]", "47 bits" },
	{ RULE_BOARD_INVALID, ram_twice, "board: memories[1]", "memories[0]" },
	{ RULE_BOARD_INVALID, gicv2, "board: gic.version", "version 2" },
	{ RULE_BOARD_INVALID, odd_gicd, "board: gic.gicd", "0x800" },
	{ RULE_BOARD_INVALID, uart_in_ram, "board: uart", "memories" },
	{ RULE_BOARD_INVALID, short_gicr, "board: gic.gicr_size", "4 CPUs" },
	{ RULE_BOARD_INVALID, many_irqs, "board: gic.interrupt_count", "1024" },
	{ RULE_BOARD_INVALID, maintenance_spi, "board: gic.maintenance_irq", "40" },
	{ RULE_HYP_AREA, hyp_outside, "hypervisor", "HYP_BASE" },
	{ RULE_HYP_AREA, hyp_unaligned, "hypervisor", "0x100800" },
	{ RULE_HYP_AREA, hyp_on_firmware, "board: reserved[0]", "the hypervisor" },
	{ RULE_HYP_AREA, images_outside, "hypervisor: images", "HYP_BASE" },
	{ RULE_HYP_SIZE, tables_too_many, "hypervisor", "HYP_SIZE" },
	{ RULE_FEATURE_OFF, ipc_off, "linux: ipcs", "IPC" },
	{ RULE_FEATURE_OFF, remio_off, "rt: remio_devs", "REMIO" },
	{ RULE_FEATURE_OFF, uart_off, "rt: console", "VIRTUAL_UART" },
	{ RULE_COLORS_UNSUPPORTED, hyp_colors, "config: hyp", "no cache colouring" },
	{ RULE_COLORS_UNSUPPORTED, vm_colors, "linux: colors", "0xf0" },
	{ RULE_COLORS_UNSUPPORTED, region_colors, "rt: regions[0]", "0x3" },
	{ RULE_COLORS_UNSUPPORTED, shmem_colors, "shmemlist[0]", "0x3" },
	{ RULE_HYP_RELOCATE_UNSUPPORTED, relocate, "config: hyp", "relocate" },
	{ RULE_IRQ_DELIVERY_UNSUPPORTED, direct, "rt: irq_delivery", "virtual delivery only" },
	{ RULE_MMU_UNSUPPORTED, mmu, "linux: platform.mmu", "Armv8-R" },
	{ RULE_IRQC_UNSUPPORTED, plic, "linux: platform.arch.irqc", "GIC" },
	{ RULE_IRQC_UNSUPPORTED, imsic, "linux: platform.arch.irqc", "GIC" },
	{ RULE_SMMU_UNSUPPORTED, smmu, "linux: platform.arch.smmu", "SMMU" },
	{ RULE_DEVICE_DMA, bus_master, "linux: devs[1]", "uart1" },
	{ RULE_CPU_COUNT, no_vcpus, "rt: platform.cpu_num", "0 virtual CPUs" },
	{ RULE_CPU_COUNT, vcpus_65, "rt: platform.cpu_num", "65 virtual CPUs" },
	{ RULE_CPU_OVERCOMMIT, overcommit, "config: vmlist", "linux 2, rt 3" },
	{ RULE_CPU_AFFINITY, absent_cpu, "linux: cpu_affinity", "0x10" },
	{ RULE_CPU_AFFINITY_TAKEN, same_affinity, "rt: cpu_affinity", "CPU 0 is with linux" },
	{ RULE_CPU_AFFINITY_TAKEN, small_affinity, "linux: cpu_affinity", "fewer CPUs" },
	{ 0 },
};
