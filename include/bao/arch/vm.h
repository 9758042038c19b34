/* SPDX-License-Identifier: Apache-2.0 */
/* Contract: what an architecture does for a whole VM. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <bao/mmio.h>
#include <bao/plan.h>
#include <bao/util.h>

/* Builds the VM's stage-2 translation from its extents. Once, by vCPU 0's CPU. */
void arch_vm_build_stage2(uint32_t vm);

/*
 * Copies the VM's loads into its memory, visible to a guest that starts with its caches off. On vCPU
 * 0's CPU, no vCPU running. `restart`: the guest ran before, its cached writes must not surface later.
 */
void arch_vm_load(uint32_t vm, bool restart);

/* Puts the VM's virtual interrupt controller in its reset state. No vCPU running. */
void arch_vm_reset_interrupts(uint32_t vm);

/* An access to a window of the virtual interrupt controller. */
bool arch_irqchip_access(const struct plan_window *window, struct mmio_access *access) MUST_CHECK;
