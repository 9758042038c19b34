/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In place of arch/arm/aarch64/vcpu.c and the memory of VMs, for tests of the virtual GIC with core/ as it
 * is: a vCPU's life is what the virtual GIC sees of it, and a guest is entered by ending the run.
 */
#include <bao/arch/vcpu.h>
#include <bao/arch/vm.h>

#include <arm/vgic/vgic.h>
#include <bao/arch/inline.h>
#include <fake/gic.h>
#include <fake/machine.h>

void arch_vcpu_reset(uint64_t entry, uint64_t argument)
{
	fake_note("reset %u 0x%llx 0x%llx", fake_self->id, (unsigned long long)entry,
		  (unsigned long long)argument);
	fake_guest_reset(fake_self->id);
	vgic_cpu_start();
}

void arch_vcpu_enter(void)
{
	fake_end_run(FAKE_IN_GUEST);
}

void arch_vcpu_stop(void)
{
	fake_note("stop %u", fake_self->id);
	vgic_cpu_stop();
}

void arch_vcpu_inject(const struct fault *fault)
{
	fake_note("inject %u kind %d", fake_self->id, (int)fault->kind);
}

void arch_vm_build_stage2(uint32_t vm)
{
	(void)vm;
}

void arch_vm_load(uint32_t vm, bool restart)
{
	(void)vm;
	(void)restart;
}
