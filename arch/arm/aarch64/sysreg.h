/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System registers: access, and the fields the hypervisor uses. Arm Architecture Reference Manual
 * DDI 0487 (issue J.a), D19; GIC registers IHI 0069H.
 */
#pragma once

#ifndef __ASSEMBLER__
#include <stdint.h>

#define sysreg_read(name)                                                                          \
	__extension__({                                                                            \
		uint64_t sysreg_value;                                                             \
		__asm__ volatile("mrs %0, " #name : "=r"(sysreg_value));                           \
		sysreg_value;                                                                      \
	})

#define sysreg_write(name, value)                                                                  \
	do {                                                                                       \
		__asm__ volatile("msr " #name ", %0" ::"r"((uint64_t)(value)));                    \
	} while (0)

#define barrier_isb() __asm__ volatile("isb" ::: "memory")
#define barrier_dsb_sy() __asm__ volatile("dsb sy" ::: "memory")
#define barrier_dsb_ish() __asm__ volatile("dsb ish" ::: "memory")

#define BIT(n) (UINT64_C(1) << (n))
#else
#define BIT(n) (1 << (n))
#endif

/* HCR_EL2, Hypervisor Configuration Register. */
#define HCR_VM BIT(0)     /* stage 2 on */
#define HCR_SWIO BIT(1)   /* invalidate by set/way also cleans: no guest loses another's lines */
#define HCR_FMO BIT(3)    /* physical FIQ to EL2 */
#define HCR_IMO BIT(4)    /* physical IRQ to EL2 */
#define HCR_AMO BIT(5)    /* SError to EL2 */
#define HCR_VSE BIT(8)    /* virtual SError pending */
#define HCR_TSC BIT(19)   /* trap SMC */
#define HCR_TIDCP BIT(20) /* trap implementation-defined registers */
#define HCR_RW BIT(31)    /* EL1 is AArch64 */
#define HCR_APK BIT(40)   /* pointer authentication keys are the guest's */
#define HCR_API BIT(41)   /* pointer authentication instructions too */

/* CNTHCTL_EL2, Counter-timer Hypervisor Control. */
#define CNTHCTL_EL1PCTEN BIT(0) /* EL1 may read the physical counter */
#define CNTHCTL_EL1PCEN BIT(1)  /* EL1 may use the physical timer */

/* CPTR_EL2 with HCR_EL2.E2H = 0: RES1 bits 13, 12, 9, 7:0; nothing trapped but SVE (TZ) and trace. */
#define CPTR_VALUE (UINT64_C(0x32ff) | BIT(8) | BIT(20))

/* SCTLR_EL2: RES1 bits; M MMU, C data cache, I instruction cache, WXN write implies execute-never. */
#define SCTLR_EL2_RES1 0x30c50830
#define SCTLR_EL2_M (1 << 0)
#define SCTLR_EL2_C (1 << 2)
#define SCTLR_EL2_SA (1 << 3)
#define SCTLR_EL2_I (1 << 12)
#define SCTLR_EL2_WXN (1 << 19)

/* SCTLR_EL1 at reset: RES1 bits, MMU and caches off, EL0 accesses little endian. */
#define SCTLR_EL1_RESET UINT64_C(0x30d00800)

/* SPSR: EL1 with its own stack pointer, D A I F masked. */
#define SPSR_EL1H_MASKED UINT64_C(0x3c5)
#define SPSR_MODE_MASK UINT64_C(0x1f)
#define SPSR_MODE_EL1T UINT64_C(0x4)
#define SPSR_MODE_EL1H UINT64_C(0x5)
#define SPSR_AARCH32 BIT(4)

/* ESR_EL2, Exception Syndrome Register. */
#define ESR_EC_SHIFT 26
#define ESR_EC_MASK UINT64_C(0x3f)
#define ESR_IL BIT(25)
#define EC_UNKNOWN 0x00
#define EC_HVC64 0x16
#define EC_SMC64 0x17
#define EC_SYSREG 0x18
#define EC_INSTRUCTION_ABORT_LOWER 0x20
#define EC_INSTRUCTION_ABORT_SAME 0x21
#define EC_DATA_ABORT_LOWER 0x24
#define EC_DATA_ABORT_SAME 0x25

/* ISS of a data abort. */
#define DABT_ISV BIT(24)
#define DABT_SAS_SHIFT 22
#define DABT_SSE BIT(21)
#define DABT_SRT_SHIFT 16
#define DABT_SF BIT(15)
#define DABT_S1PTW BIT(7)
#define DABT_WNR BIT(6)
#define ABORT_FSC_TYPE_MASK UINT64_C(0x3c)
#define ABORT_FSC_TRANSLATION UINT64_C(0x04)
#define ABORT_FSC_EXTERNAL UINT64_C(0x10)

/* MPIDR_EL1 affinity fields. */
#define MPIDR_AFFINITY_MASK 0xff00ffffff
