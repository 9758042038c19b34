/* SPDX-License-Identifier: Apache-2.0 */
/* Contract: what an architecture does for virtual CPUs. All on the vCPU's own CPU. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <bao/fault.h>
#include <bao/util.h>

/* Puts every guest-visible register in its architectural reset state. The vCPU is off. */
void arch_vcpu_reset(uint64_t entry, uint64_t argument);

/* Enters the guest as arch_vcpu_reset() left it. */
NORETURN void arch_vcpu_enter(void);

/*
 * Takes the vCPU off its interrupts: the timer stops, pending interrupts go back to the interrupt
 * controller, and only the hypervisor's own interrupts reach this CPU until arch_vcpu_reset().
 */
void arch_vcpu_stop(void);

/* Makes the guest see the exception a real machine would answer this fault with. */
void arch_vcpu_inject(const struct fault *fault);

/* Delivers a physical interrupt, acknowledged and not yet deactivated, to this CPU's vCPU. */
void arch_vcpu_interrupt(uint32_t irq);

/* The virtual interrupt interface wants attention (maintenance interrupt). */
void arch_vcpu_maintenance(void);

/* Another CPU changed this vCPU's interrupts (CPU_REQUEST_INTERRUPTS). */
void arch_vcpu_interrupts_changed(void);
