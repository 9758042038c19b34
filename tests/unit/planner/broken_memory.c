/* SPDX-License-Identifier: Apache-2.0 */
/* Configurations whose memory, address space or virtual interrupt controller is wrong. */
#include "breakage.h"

static void empty_region(struct system *s)
{
	system_add_region(s, 0, 0x60000000, 0);
}

static void odd_base(struct system *s)
{
	system_add_region(s, 0, 0x60000800, 0x1000);
}

static void odd_size(struct system *s)
{
	system_add_region(s, 1, 0x60000000, 0x1001);
}

static void odd_phys(struct system *s)
{
	struct vm_mem_region *region = system_add_region(s, 1, 0x60000000, 0x1000);

	region->place_phys = true;
	region->phys = 0x70000010;
}

static void high_region(struct system *s)
{
	system_add_region(s, 1, UINT64_C(0xfffffff000), 0x2000);
}

static void wrapping_region(struct system *s)
{
	system_add_region(s, 1, UINT64_C(0xfffffffffffff000), 0x2000);
}

static void regions_overlap(struct system *s)
{
	system_add_region(s, 0, 0x47fff000, 0x2000);
}

static void device_on_region(struct system *s)
{
	s->lists[0].devs[1].va = 0x40000000;
}

static void ipc_on_region(struct system *s)
{
	s->lists[1].ipcs[0].base = 0x40ff8000;
}

static void ipcs_overlap(struct system *s)
{
	system_add_ipc(s, 0, 0x7000f000, 110);
}

static void doorbell_on_window(struct system *s)
{
	s->lists[0].ipcs[0].doorbell = 0x70001000;
}

static void doorbell_on_device(struct system *s)
{
	s->lists[0].ipcs[0].doorbell = 0x9040000;
}

static void console_on_device(struct system *s)
{
	s->vms[0].console = (struct vm_console){ 0x9040000, 120 };
}

static void gicd_on_region(struct system *s)
{
	s->vms[1].platform.arch.gic.gicd_addr = 0x40000000;
}

static void gicr_on_gicd(struct system *s)
{
	s->vms[0].platform.arch.gic.gicr_addr = 0x7ff0000;
}

static void gicr_on_device(struct system *s)
{
	s->lists[0].devs[1].va = 0x80d0000; /* in the frame of vCPU 1 */
}

static void no_gicr(struct system *s)
{
	s->vms[1].platform.arch.gic.gicr_addr = 0;
}

static void no_gicd(struct system *s)
{
	s->vms[0].platform.arch.gic.gicd_addr = 0;
}

static void odd_gicr(struct system *s)
{
	s->vms[1].platform.arch.gic.gicr_addr = 0x80a1000;
}

static void few_interrupts(struct system *s)
{
	s->vms[1].platform.arch.gic.interrupt_num = 101;
}

static void tiny_gic(struct system *s)
{
	s->vms[1].platform.arch.gic.interrupt_num = 31;
}

static void huge_gic(struct system *s)
{
	s->vms[1].platform.arch.gic.interrupt_num = 1025;
}

static void odd_console(struct system *s)
{
	s->vms[1].console = (struct vm_console){ 0x9000800, 120 };
}

static void console_on_gic(struct system *s)
{
	s->vms[1].console = (struct vm_console){ 0x8000000, 120 };
}

/* ---- physical memory ------------------------------------------------------------------------- */

static struct vm_mem_region *fix(struct system *s, unsigned int vm, uint64_t phys)
{
	struct vm_mem_region *region = system_add_region(s, vm, 0x60000000, 0x200000);

	region->place_phys = true;
	region->phys = phys;
	return region;
}

static void outside_ram(struct system *s)
{
	fix(s, 1, 0x80000000);
}

static void across_the_end(struct system *s)
{
	fix(s, 1, 0x7ff00000);
}

static void shmem_outside_ram(struct system *s)
{
	s->shmems[0].place_phys = true;
	s->shmems[0].phys = 0x1000;
}

static void on_hypervisor(struct system *s)
{
	fix(s, 0, 0x40100000);
}

static void on_images(struct system *s)
{
	fix(s, 0, 0x40300000);
}

static void on_firmware(struct system *s)
{
	fix(s, 1, 0x40000000);
}

static void on_other_vm(struct system *s)
{
	fix(s, 0, 0x70000000);
	fix(s, 1, 0x70100000);
}

static void on_own_region(struct system *s)
{
	fix(s, 0, 0x70000000);
	fix(s, 0, 0x70000000)->base = 0x61000000;
}

static void on_shmem(struct system *s)
{
	fix(s, 1, 0x70000000);
	s->shmems[0].place_phys = true;
	s->shmems[0].phys = 0x701f0000;
}

static void shmems_overlap(struct system *s)
{
	s->config.shmemlist_size = 2;
	s->shmems[0] = (struct shmem){ .size = 0x10000, .place_phys = true, .phys = 0x70000000 };
	s->shmems[1] = (struct shmem){ .size = 0x1000, .place_phys = true, .phys = 0x7000f000 };
}

static void on_loaded_image(struct system *s)
{
	fix(s, 0, 0x70000000);
	s->vms[1].image = (struct vm_image_config)VM_IMAGE_LOADED(0x40200000, 0x70000000, 0x1000);
}

/* In its own region's frames, but not where the region expects it. */
static void loaded_elsewhere_in_region(struct system *s)
{
	fix(s, 1, 0x70000000);
	s->vms[1].image = (struct vm_image_config)VM_IMAGE_LOADED(0x60000000, 0x70100000, 0x1000);
	s->vms[1].image.inplace = true;
	s->vms[1].entry = 0x60000000;
}

static void too_much(struct system *s)
{
	s->lists[0].regions[0].size = 0x30000000; /* fits, alone */
	system_add_region(s, 1, 0x80000000, 0x20000000);
}

static void shmem_too_large(struct system *s)
{
	s->shmems[0].size = 0x40000000;
}

static void empty_shmem(struct system *s)
{
	s->shmems[0].size = 0;
}

static void odd_shmem(struct system *s)
{
	s->shmems[0].size = 0x1800;
}

static void odd_shmem_phys(struct system *s)
{
	s->shmems[0].place_phys = true;
	s->shmems[0].phys = 0x70000100;
}

static void unused_shmem(struct system *s)
{
	s->config.shmemlist_size = 2;
	s->shmems[1].size = 0x1000;
}

const struct breakage breakages_memory[] = {
	{ RULE_REGION_EMPTY, empty_region, "linux: regions[1]", "size is 0" },
	{ RULE_REGION_UNALIGNED, odd_base, "linux: regions[1]", "0x60000800" },
	{ RULE_REGION_UNALIGNED, odd_size, "rt: regions[1]", "0x1001" },
	{ RULE_REGION_UNALIGNED, odd_phys, "rt: regions[1]", "0x70000010" },
	{ RULE_VA_RANGE, high_region, "rt: regions[1]", "40 bits" },
	{ RULE_VA_RANGE, wrapping_region, "rt: regions[1]", "40 bits" },
	{ RULE_VA_OVERLAP, regions_overlap, "linux: regions[1]", "regions[0] of linux" },
	{ RULE_VA_OVERLAP, device_on_region, "linux: devs[1]", "regions[0] of linux" },
	{ RULE_IPC_OVERLAP, ipc_on_region, "rt: ipcs[0]", "regions[0] of rt" },
	{ RULE_IPC_OVERLAP, ipcs_overlap, "linux: ipcs[1]", "ipcs[0] of linux" },
	{ RULE_DOORBELL_OVERLAP, doorbell_on_window, "linux: ipcs[0]", "ipcs[0] of linux" },
	{ RULE_DOORBELL_OVERLAP, doorbell_on_device, "linux: ipcs[0]", "devs[1] of linux" },
	{ RULE_CONSOLE_OVERLAP, console_on_device, "linux: console", "devs[1] of linux" },
	{ RULE_VGIC_OVERLAP, gicd_on_region, "rt: platform.arch.gic.gicd_addr",
	  "regions[0] of rt" },
	{ RULE_VGIC_OVERLAP, gicr_on_gicd, "linux: platform.arch.gic.gicr_addr",
	  "the virtual distributor of linux" },
	{ RULE_VGIC_OVERLAP, gicr_on_device, "linux: platform.arch.gic.gicr_addr",
	  "devs[1] of linux" },
	{ RULE_VGIC_OVERLAP, console_on_gic, "rt: console", "the virtual distributor of rt" },
	{ RULE_VGIC_MISSING, no_gicr, "rt: platform.arch.gic.gicr_addr", "0x80a0000" },
	{ RULE_VGIC_MISSING, no_gicd, "linux: platform.arch.gic.gicd_addr", "0x8000000" },
	{ RULE_VGIC_UNALIGNED, odd_gicr, "rt: platform.arch.gic.gicr_addr", "0x80a1000" },
	{ RULE_VGIC_IRQ_COUNT, few_interrupts, "rt: platform.arch.gic.interrupt_num",
	  "interrupt 101 of ipcs[0] of rt" },
	{ RULE_VGIC_IRQ_COUNT, tiny_gic, "rt: platform.arch.gic.interrupt_num", "31" },
	{ RULE_VGIC_IRQ_COUNT, huge_gic, "rt: platform.arch.gic.interrupt_num", "1025" },
	{ RULE_CONSOLE_UNALIGNED, odd_console, "rt: console", "0x9000800" },
	{ RULE_PHYS_OUTSIDE_RAM, outside_ram, "rt: regions[1]", "RAM of board test-board" },
	{ RULE_PHYS_OUTSIDE_RAM, across_the_end, "rt: regions[1]", "0x7ff00000-0x800fffff" },
	{ RULE_PHYS_OUTSIDE_RAM, shmem_outside_ram, "shmemlist[0]", "0x1000" },
	{ RULE_PHYS_OVERLAP, on_hypervisor, "linux: regions[1]", "the hypervisor" },
	{ RULE_PHYS_OVERLAP, on_images, "linux: regions[1]", "the builtin images" },
	{ RULE_PHYS_OVERLAP, on_firmware, "rt: regions[1]", "firmware" },
	{ RULE_PHYS_OVERLAP, on_other_vm, "rt: regions[1]", "regions[1] of linux" },
	{ RULE_PHYS_OVERLAP, on_own_region, "linux: regions[2]", "regions[1] of linux" },
	{ RULE_PHYS_OVERLAP, on_shmem, "rt: regions[1]", "shmemlist[0]" },
	{ RULE_PHYS_OVERLAP, shmems_overlap, "shmemlist[1]", "shmemlist[0]" },
	{ RULE_PHYS_OVERLAP, on_loaded_image, "rt: image", "regions[1] of linux" },
	{ RULE_PHYS_OVERLAP, loaded_elsewhere_in_region, "rt: image", "regions[1] of rt" },
	{ RULE_RAM_MISSING, too_much, "rt: regions[1]", "missing" },
	{ RULE_RAM_MISSING, shmem_too_large, "shmemlist[0]", "missing" },
	{ RULE_SHMEM_SIZE, empty_shmem, "shmemlist[0]", "size 0x0" },
	{ RULE_SHMEM_SIZE, odd_shmem, "shmemlist[0]", "0x1800" },
	{ RULE_SHMEM_SIZE, odd_shmem_phys, "shmemlist[0]", "0x70000100" },
	{ RULE_SHMEM_UNUSED, unused_shmem, "shmemlist[1]", "no VM uses it" },
	{ 0 },
};
