/* SPDX-License-Identifier: Apache-2.0 */
/* The contracts <bao/arch/vcpu.h> and <bao/arch/vm.h>, for tests of core/: every call is noted. */
#include <bao/arch/vcpu.h>
#include <bao/arch/vm.h>

#include <bao/arch/inline.h>
#include <fake/machine.h>

void arch_vcpu_reset(uint64_t entry, uint64_t argument)
{
	fake_note("reset %u 0x%llx 0x%llx", fake_self->id, (unsigned long long)entry,
		  (unsigned long long)argument);
}

void arch_vcpu_enter(void)
{
	fake_note("enter %u", fake_self->id);
	fake_end_run(FAKE_IN_GUEST);
}

void arch_vcpu_stop(void)
{
	fake_note("stop %u", fake_self->id);
}

void arch_vcpu_inject(const struct fault *fault)
{
	fake_note("inject %u kind %d", fake_self->id, (int)fault->kind);
}

void arch_vcpu_interrupt(uint32_t irq)
{
	fake_note("guest irq %u", irq);
}

void arch_vcpu_maintenance(void)
{
	fake_note("maintenance %u", fake_self->id);
}

void arch_vcpu_interrupts_changed(void)
{
	fake_note("interrupts_changed %u", fake_self->id);
}

void arch_vm_build_stage2(uint32_t vm)
{
	fake_note("stage2 %u", vm);
}

void arch_vm_load(uint32_t vm, bool restart)
{
	fake_note("load %u%s", vm, restart ? " again" : "");
}

void arch_vm_reset_interrupts(uint32_t vm)
{
	fake_note("reset_interrupts %u", vm);
}

bool arch_irqchip_access(const struct plan_window *window, struct mmio_access *access)
{
	fake_note("irqchip %u 0x%llx", window->kind, (unsigned long long)access->offset);
	return true;
}
