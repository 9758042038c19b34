/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sizes of the plan that the host tests run with, in place of the planner's <plan.h>; its tables are in
 * plan.c, and the names by which tests speak of them at the end of this file.
 */
#pragma once

#define PLAN_CPU_COUNT 24
#define PLAN_VM_COUNT 4
#define PLAN_VCPU_COUNT 23
#define PLAN_REMIO_COUNT 2
#define PLAN_REMIO_SLOT_COUNT 4
#define PLAN_STAGE2_TABLE_COUNT 24
#define PLAN_STAGE2_ALIGN 8192
#define PLAN_LOADER_TABLE_COUNT 16
#define PLAN_HYP_TABLE_COUNT 8
#define PLAN_HYP_DEVICE_COUNT 3
#define PLAN_IRQ_COUNT 160
#define PLAN_PA_BITS 40
#define PLAN_HYP_VA_BITS 39
#define PLAN_CONSOLE_CPU 4
#define PLAN_CONSOLE_IRQ 33
#define PLAN_MAINTENANCE_IRQ 25
#define PLAN_TIMER_PHYSICAL_IRQ 30
#define PLAN_HYP_BASE 0x40200000
#define PLAN_HYP_SIZE 0x100000
#define PLAN_IMAGES_BASE 0x40300000
#define PLAN_IMAGES_SIZE 0x200000
#define PLAN_BOARD_NAME "fake"

/* VMs. alpha and beta have a virtual UART; faults are injected, halt, restart and restart. */
#define ALPHA 0u
#define BETA 1u
#define GAMMA 2u
#define WIDE 3u

/* CPUs: alpha's vCPUs are 0, 2 and 3; wide's eighteen follow each other. */
#define CPU_ALPHA_0 0u
#define CPU_BETA 1u
#define CPU_ALPHA_1 2u
#define CPU_ALPHA_2 3u
#define CPU_GAMMA 4u
#define CPU_UNUSED 5u
#define CPU_WIDE_0 6u
