/* SPDX-License-Identifier: Apache-2.0 */
/* Wrong systems: every row is good by itself, but VMs are not apart. */
#include "breakage.h"

#include <string.h>

MUTATION(loader_pool_unaligned, SYMBOL("loader_tables")->value += 0x800)
/* The 40-bit VM's root is of two tables. */
MUTATION(root_unaligned, SYMBOL("stage2_tables")->value += 0x1000;
	 SYMBOL("stage2_tables")->size -= 0x1000)
MUTATION(stage2_too_few, s->vms[RT].stage2_count--)
MUTATION(stage2_no_root, s->vms[LINUX].stage2_count = 1)
MUTATION(loader_too_few, s->vms[RT].loader_count--)
MUTATION(loader_no_root, s->vms[RT].loader_count = 0)
MUTATION(hyp_too_few, s->system.hyp_table_count = 2)
MUTATION(hyp_no_root, s->system.hyp_table_count = 0)
MUTATION(ram_in_hyp, s->extents[RT_RAM].pa = HYP_BASE)
MUTATION(ram_shared, s->extents[RT_RAM].pa = LINUX_RAM_PA + 0x100000)
MUTATION(ram_twice, s->extents[RT_IMAGE].pa = RT_RAM_PA)
MUTATION(device_shared, s->extents[RT_DEVICE].pa = s->extents[LINUX_DEVICE].pa)
MUTATION(device_is_console, s->extents[RT_DEVICE].pa = 0x9000000)
MUTATION(device_is_gic, s->extents[RT_DEVICE].pa = 0x8000000)
MUTATION(device_in_ram, s->extents[LINUX_DEVICE].pa = RT_RAM_PA)
MUTATION(shared_other, s->extents[RT_SHARED].shmem = 1)
MUTATION(shared_with_ram, s->extents[RT_SHARED].kind = PLAN_MEMORY_RAM;
	 s->extents[RT_SHARED].shmem = PLAN_NONE32)
MUTATION(image_of_source, s->extents[RT_IMAGE].pa = IMAGES_BASE)
/* The last bytes of a source share a page with the image used in place. */
MUTATION(image_neighbour, s->loads[RT_LOAD].source_pa = IMAGES_BASE + 0x2c00)
MUTATION(image_as_shared, s->extents[LINUX_SHARED].pa = IMAGES_BASE + 0x3000;
	 s->extents[LINUX_SHARED].size = 0x1000)
MUTATION(hyp_device_in_area, s->hyp_devices[2].pa = HYP_BASE + 0x80000)
MUTATION(hyp_devices_overlap, s->hyp_devices[2].pa = 0x8000000)
MUTATION(hyp_maps_device, s->hyp_devices[2].pa = s->extents[RT_DEVICE].pa)
MUTATION(cpus_swapped, s->cpus[1].vcpu = 1; s->cpus[2].vcpu = 0)
MUTATION(cpu_twice, s->cpus[3] = s->cpus[0]; s->cpus[3].hw_id = 0x103)
MUTATION(cpu_unused_named, s->vcpu_cpus[1] = 3)
MUTATION(cpu_hw_id, s->cpus[3].hw_id = s->cpus[0].hw_id)
MUTATION(console_cpu_off, s->system.console_cpu = 3)
MUTATION(irq_both, irq_set(&s->vms[RT], 40))
MUTATION(irq_sgi, irq_set(&s->vms[RT], 3))
MUTATION(irq_console, irq_set(&s->vms[RT], 33))
MUTATION(irq_maintenance, irq_set(&s->vms[RT], 25))
MUTATION(irq_hidden, irq_set(&s->vms[RT], 128))
MUTATION(irq_special, irq_set(&s->vms[RT], 1023))
MUTATION(uart_irq_elsewhere, s->vms[RT].uart_irq = 120)
MUTATION(uart_irq_ppi, s->vms[RT].uart_irq = 27)
MUTATION(load_from_guest, s->loads[RT_LOAD].source_pa = LINUX_RAM_PA)
MUTATION(load_from_self, s->loads[RT_LOAD].source_pa = RT_RAM_PA + 0x80000)
MUTATION(load_from_hyp, s->loads[RT_LOAD].source_pa = HYP_BASE + HYP_SIZE - 0x400)
MUTATION(load_from_device, s->loads[RT_LOAD].source_pa = 0x9000000)
MUTATION(load_from_elsewhere, s->loads[RT_LOAD].source_pa = 0x50000000)
MUTATION(load_from_unmapped_image, s->hyp_extents[ROW_IMAGES].end -= 0x1000)
MUTATION(in_place_not_said, s->vms[RT].image_in_place = 0)
MUTATION(in_place_image_mapped, s->hyp_extents[ROW_IMAGES].end += 0x1000)
MUTATION(load_into_other, s->loads[RT_LOAD].destination_pa = LINUX_RAM_PA + 0x1000)
MUTATION(load_into_shared, s->loads[RT_LOAD].destination_pa = SHARED_PA)
MUTATION(load_across_end, s->loads[RT_LOAD].destination_pa = RT_RAM_PA + 0x100000 - 0x400)
MUTATION(loads_overlap, s->loads[LINUX_LOAD_DTB].destination_pa = LINUX_RAM_PA + 0x80000 + 0x17ff)
MUTATION(entry_in_shared, s->vms[RT].entry = 0x70000000)
MUTATION(entry_nowhere, s->vms[RT].entry = 0x50000000)
MUTATION(entry_odd, s->vms[RT].entry += 2)
MUTATION(boot_arg_nowhere, s->vms[LINUX].boot_arg = 0x9040000)
MUTATION(window_over_ram, s->windows[RT_DOORBELL].va = 0x7000f000)
MUTATION(windows_overlap, s->windows[LINUX_GICR].va = 0x800f000)
MUTATION(window_beyond, s->windows[RT_DOORBELL].va = UINT64_C(1) << 32)
MUTATION(window_uart_missing, s->vms[RT].uart_irq = 0)
MUTATION(window_two_gicds, s->windows[RT_GICR].kind = PLAN_WINDOW_GICD)
MUTATION(doorbell_argument, s->windows[RT_DOORBELL].argument = 1)
MUTATION(remio_window_elsewhere, s->remios[0].window_va += 0x1000)
MUTATION(remio_window_of_other, s->windows[RT_DOORBELL].kind = PLAN_WINDOW_REMIO)
MUTATION(remio_argument, s->windows[LINUX_REMIO].argument = 1)
MUTATION(ipc_own_irq, s->ipc_irqs[0] = 100)
MUTATION(ipc_nobodys_irq, s->ipc_irqs[0] = 102)
MUTATION(ipc_ppi, s->ipc_irqs[0] = 27)
MUTATION(ipc_not_shared, s->extents[RT_SHARED].pa = 0x47100000)
static void add_vm(struct test_system *s)
{
	s->system.vm_count = VM_COUNT + 1;
	SYMBOL("plan_vms")->size = (VM_COUNT + 1) * sizeof(s->vms[0]);
	s->system.vcpu_count = VCPU_COUNT + 1;
	SYMBOL("plan_vcpu_cpus")->size = (VCPU_COUNT + 1) * sizeof(s->vcpu_cpus[0]);
	s->vcpu_cpus[VCPU_COUNT] = 3;
	s->cpus[3].vm = VM_COUNT;
	s->vms[VM_COUNT] = (struct plan_vm){
		.name = "third",
		.vcpu_first = VCPU_COUNT,
		.vcpu_count = 1,
		.ipa_bits = 32,
		.irq_count = 128,
	};
}
/* One peer of linux's channel with interrupts of two VMs. */
MUTATION(ipc_two_receivers, add_vm(s); irq_set(&s->vms[VM_COUNT], 122); s->ipc_irqs[1] = 122;
	 s->ipc_peers[0].irq_count = 2)
MUTATION(remio_not_owner, s->remios[0].backend_irq = 110)
MUTATION(remio_no_backend_irq, s->remios[0].backend_irq = 0)
MUTATION(remio_frontend_irq, s->remios[0].frontend_irq = 27)
MUTATION(remio_too_few_slots, s->remios[0].slot_count = 1)
MUTATION(remio_same_vm, s->remios[0].backend_vm = LINUX; s->remios[0].backend_irq = 100)
MUTATION(two_remios, s->system.remio_count = 2; SYMBOL("plan_remios")->size = sizeof(s->remios);
	 s->remios[1] = s->remios[0])

static const struct breakage breakages[] = {
	BREAKS("stage2-slice", root_unaligned),
	BREAKS("stage2-slice", stage2_no_root),
	BREAKS("stage2-failed", stage2_too_few),
	BREAKS("loader-slice", loader_no_root),
	BREAKS("loader-slice", loader_pool_unaligned),
	BREAKS("loader-failed", loader_too_few),
	BREAKS("hyp-slice", hyp_no_root),
	BREAKS("hyp-failed", hyp_too_few),
	BREAKS("frame-hyp", ram_in_hyp),
	BREAKS("frame-tables", ram_in_hyp),
	BREAKS("frame-shared", ram_shared),
	BREAKS("frame-shared", shared_with_ram),
	BREAKS("frame-shmem", shared_other),
	BREAKS("frame-device", device_shared),
	BREAKS("frame-device", device_in_ram),
	BREAKS("frame-hyp-device", device_is_console),
	BREAKS("frame-hyp-device", device_is_gic),
	BREAKS("frame-images", image_as_shared),
	BREAKS("frame-twice", ram_twice),
	BREAKS("image-exposed", image_of_source),
	BREAKS("image-exposed", image_neighbour),
	BREAKS("hyp-device-overlap", hyp_device_in_area),
	BREAKS("hyp-device-overlap", hyp_devices_overlap),
	BREAKS("hyp-maps-guest", hyp_maps_device),
	BREAKS("cpu-back-reference", cpus_swapped),
	BREAKS("cpu-back-reference", cpu_unused_named),
	BREAKS("cpu-twice", cpu_twice),
	BREAKS("cpu-hw-id", cpu_hw_id),
	BREAKS("cpu-console", console_cpu_off),
	BREAKS("irq-shared", irq_both),
	BREAKS("irq-sgi", irq_sgi),
	BREAKS("irq-hypervisor", irq_console),
	BREAKS("irq-hypervisor", irq_maintenance),
	BREAKS("irq-range", irq_hidden),
	BREAKS("irq-range", irq_special),
	BREAKS("irq-uart", uart_irq_elsewhere),
	BREAKS("irq-uart", uart_irq_ppi),
	BREAKS("load-source", load_from_guest),
	BREAKS("load-source", load_from_self),
	BREAKS("load-source", load_from_hyp),
	BREAKS("load-source", load_from_device),
	BREAKS("load-unmapped", load_from_elsewhere),
	BREAKS("load-unmapped", load_from_unmapped_image),
	BREAKS("load-unmapped", load_into_other),
	BREAKS("hyp-maps-guest", in_place_image_mapped),
	BREAKS("load-destination", load_into_other),
	BREAKS("load-destination", load_into_shared),
	BREAKS("load-destination", load_across_end),
	BREAKS("load-overlap", loads_overlap),
	BREAKS("vm-entry", entry_in_shared),
	BREAKS("vm-entry", entry_nowhere),
	BREAKS("vm-entry", entry_odd),
	BREAKS("vm-boot-arg", boot_arg_nowhere),
	BREAKS("vm-in-place", in_place_not_said),
	BREAKS("window-mapped", window_over_ram),
	BREAKS("window-order", windows_overlap),
	BREAKS("window-range", window_beyond),
	BREAKS("window-kind", window_uart_missing),
	BREAKS("window-kind", window_two_gicds),
	BREAKS("window-argument", doorbell_argument),
	BREAKS("window-argument", remio_window_elsewhere),
	BREAKS("window-argument", remio_window_of_other),
	BREAKS("window-argument", remio_argument),
	BREAKS("ipc-irq", ipc_own_irq),
	BREAKS("ipc-irq", ipc_nobodys_irq),
	BREAKS("ipc-irq", ipc_ppi),
	BREAKS("ipc-peer", ipc_two_receivers),
	BREAKS("ipc-shmem", ipc_not_shared),
	BREAKS("remio-irq", remio_not_owner),
	BREAKS("remio-irq", remio_no_backend_irq),
	BREAKS("remio-irq", remio_frontend_irq),
	BREAKS("remio-slots", remio_too_few_slots),
	BREAKS("remio-slots", two_remios),
	BREAKS("remio-device", two_remios),
	BREAKS("remio-window", two_remios),
	BREAKS("remio-window", remio_argument),
	BREAKS("remio-pair", remio_same_vm),
};

BREAKAGES(broken_systems, breakages)
