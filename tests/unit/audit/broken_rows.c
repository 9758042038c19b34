/* SPDX-License-Identifier: Apache-2.0 */
/* Wrong rows: fields out of range, in tables that are all there. */
#include "breakage.h"

#include <string.h>

MUTATION(system_pa_bits, s->system.pa_bits = 64)
MUTATION(system_va_bits, s->system.hyp_va_bits = 40)
MUTATION(system_hyp_unaligned, s->system.hyp_base += 1)
MUTATION(system_hyp_overflow, s->system.hyp_size = UINT64_C(0) - 0x1000)
MUTATION(system_images, s->system.images_base -= 0x1000)
/* The rows are whatever is in the file there. */
MUTATION(system_cpus, s->system.cpu_count = 257; SYMBOL("plan_cpus")->value = RODATA_BASE;
	 SYMBOL("plan_cpus")->size = 257 * sizeof(s->cpus[0]))
MUTATION(system_console_cpu, s->system.console_cpu = 4)
MUTATION(system_irqs, s->system.irq_count = 1021)
MUTATION(system_console_irq, s->system.console_irq = 288)
MUTATION(system_maintenance_irq, s->system.maintenance_irq = 288)
MUTATION(cpu_vm, s->cpus[3].vm = 2)
MUTATION(cpu_vcpu, s->cpus[0].vcpu = 1)
MUTATION(vcpu_cpu, s->vcpu_cpus[1] = 4)
MUTATION(name_empty, s->vms[RT].name[0] = 0)
MUTATION(name_unterminated, memset(s->vms[RT].name, 'x', PLAN_NAME_SIZE))
MUTATION(name_unprintable, s->vms[RT].name[1] = 27)
MUTATION(name_twice, memcpy(s->vms[RT].name, s->vms[LINUX].name, PLAN_NAME_SIZE))
MUTATION(vm_vcpus, s->vms[RT].vcpu_count = 2)
MUTATION(vm_no_vcpu, s->vms[RT].vcpu_count = 0)
MUTATION(vm_extents, s->vms[RT].extent_first = UINT32_MAX)
MUTATION(vm_loads, s->vms[RT].load_count = UINT32_MAX)
MUTATION(vm_windows, s->vms[RT].window_first++)
MUTATION(vm_ipcs, s->vms[RT].ipc_first++)
MUTATION(vm_stage2, s->vms[RT].stage2_count += 100)
MUTATION(vm_loader, s->vms[RT].loader_first += 100)
MUTATION(vm_ipa_bits_small, s->vms[RT].ipa_bits = 31)
MUTATION(vm_ipa_bits_big, s->vms[RT].ipa_bits = 41)
MUTATION(vm_on_fault, s->vms[RT].on_fault = 3)
MUTATION(vm_irq_count, s->vms[RT].irq_count = 100)
MUTATION(extent_unaligned, s->extents[LINUX_RAM].pa += 8)
MUTATION(extent_empty, s->extents[LINUX_RAM].size = 0)
MUTATION(extent_overflow, s->extents[LINUX_RAM].size = UINT64_C(0) - 0x1000)
MUTATION(extent_kind, s->extents[LINUX_RAM].kind = 3)
MUTATION(extent_shmem, s->extents[LINUX_RAM].shmem = 0)
MUTATION(extent_no_shmem, s->extents[LINUX_SHARED].shmem = PLAN_NONE32)
MUTATION(extents_unordered, struct plan_extent extent = s->extents[LINUX_DEVICE];
	 s->extents[LINUX_DEVICE] = s->extents[LINUX_RAM]; s->extents[LINUX_RAM] = extent)
MUTATION(extents_overlap, s->extents[LINUX_SHARED].va = 0x43fff000)
MUTATION(extent_beyond_vm, s->extents[RT_SHARED].va = UINT64_C(1) << 32)
MUTATION(rows_of_two, s->vms[RT].load_first--)
MUTATION(rows_of_none, s->vms[RT].window_count--)
MUTATION(slices_overlap, s->vms[RT].stage2_first--)
MUTATION(loader_slices_overlap, s->vms[RT].loader_first--)
MUTATION(load_empty, s->loads[RT_LOAD].size = 0)
MUTATION(load_overflow, s->loads[RT_LOAD].source_pa = UINT64_MAX - 8)
MUTATION(window_empty, s->windows[RT_UART].size = 0)
MUTATION(window_kind_bad, s->windows[RT_UART].kind = 6)
MUTATION(ipc_peers_bad, s->ipcs[1].peer_count = 2)
MUTATION(ipc_irqs_bad, s->ipc_peers[1].irq_first = 2)
MUTATION(ipc_irq_bad, s->ipc_irqs[1] = 288)
MUTATION(remio_vm_bad, s->remios[0].backend_vm = 2)
MUTATION(remio_irq_bad, s->remios[0].backend_irq = 288)
MUTATION(remio_slots_bad, s->remios[0].slot_count = 3)
MUTATION(device_unaligned, s->hyp_devices[2].size = 0x800)

static const struct breakage breakages[] = {
	BREAKS("system-row", system_pa_bits),
	BREAKS("system-row", system_va_bits),
	BREAKS("system-row", system_hyp_unaligned),
	BREAKS("system-row", system_hyp_overflow),
	BREAKS("system-row", system_images),
	BREAKS("system-row", system_cpus),
	BREAKS("system-row", system_console_cpu),
	BREAKS("system-row", system_irqs),
	BREAKS("system-row", system_console_irq),
	BREAKS("system-row", system_maintenance_irq),
	BREAKS("cpu-row", cpu_vm),
	BREAKS("cpu-row", cpu_vcpu),
	BREAKS("cpu-row", vcpu_cpu),
	BREAKS("vm-name", name_empty),
	BREAKS("vm-name", name_unterminated),
	BREAKS("vm-name", name_unprintable),
	BREAKS("vm-name", name_twice),
	BREAKS("vm-row", vm_vcpus),
	BREAKS("vm-row", vm_no_vcpu),
	BREAKS("vm-row", vm_extents),
	BREAKS("vm-row", vm_loads),
	BREAKS("vm-row", vm_windows),
	BREAKS("vm-row", vm_ipcs),
	BREAKS("vm-row", vm_stage2),
	BREAKS("vm-row", vm_loader),
	BREAKS("vm-row", vm_ipa_bits_small),
	BREAKS("vm-row", vm_ipa_bits_big),
	BREAKS("vm-row", vm_on_fault),
	BREAKS("vm-row", vm_irq_count),
	BREAKS("extent-row", extent_unaligned),
	BREAKS("extent-row", extent_empty),
	BREAKS("extent-row", extent_overflow),
	BREAKS("extent-row", extent_kind),
	BREAKS("extent-row", extent_shmem),
	BREAKS("extent-row", extent_no_shmem),
	BREAKS("extent-order", extents_unordered),
	BREAKS("extent-order", extents_overlap),
	BREAKS("extent-order", extent_beyond_vm),
	BREAKS("row-owner", rows_of_two),
	BREAKS("row-owner", rows_of_none),
	BREAKS("row-owner", slices_overlap),
	BREAKS("row-owner", loader_slices_overlap),
	BREAKS("load-row", load_empty),
	BREAKS("load-row", load_overflow),
	BREAKS("window-row", window_empty),
	BREAKS("window-row", window_kind_bad),
	BREAKS("ipc-row", ipc_peers_bad),
	BREAKS("ipc-row", ipc_irqs_bad),
	BREAKS("ipc-row", ipc_irq_bad),
	BREAKS("remio-row", remio_vm_bad),
	BREAKS("remio-row", remio_irq_bad),
	BREAKS("remio-row", remio_slots_bad),
	BREAKS("device-row", device_unaligned),
};

BREAKAGES(broken_rows, breakages)
