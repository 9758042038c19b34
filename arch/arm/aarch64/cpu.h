/* SPDX-License-Identifier: Apache-2.0 */
/* What assembly, linker script and C share about CPUs, and where boot hands over. */
#pragma once

#include <stdint.h>

#include <bao/util.h>

/* Linker script: per CPU a guard page and CONFIG_STACK_SIZE bytes. */
extern char hyp_stacks[];

extern const uint64_t cpu_struct_size;

/* start.S */
void secondary_start(void);

/* vectors.S */
NORETURN void enter_guest(uint64_t argument, uint64_t stack_top);
NORETURN void call_on_stack(void (*function)(void), uint64_t stack_top);

/* Called by start.S: with the MMU off; then with it on. */
void boot_build_hyp_map(void);
NORETURN void boot_primary(void);
NORETURN void boot_secondary(void);

/* Called by start.S before anything works, `boot_refuse` at whatever address the image was put. */
NORETURN void boot_refuse(uint64_t exception_level, uint64_t address);
NORETURN void boot_refuse_cpu(uint64_t affinity);

/* <armv8-a/memory.c>: VTCR_EL2 and VTTBR_EL2 of this CPU's VM. */
void stage2_cpu_init(uint32_t vm);
