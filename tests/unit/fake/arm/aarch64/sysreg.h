/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System registers of the fake machine: the real header's fields, and accessors that go to gic.c (the
 * virtual CPU interface) or to one variable per CPU and register. A register that is not listed here does
 * not compile.
 */
#pragma once

#include_next <arm/aarch64/sysreg.h>

enum fake_sysreg {
	/* Virtual CPU interface, modelled by gic.c; list registers first. */
	FAKE_SYSREG_ich_lr0_el2,
	FAKE_SYSREG_ich_lr1_el2,
	FAKE_SYSREG_ich_lr2_el2,
	FAKE_SYSREG_ich_lr3_el2,
	FAKE_SYSREG_ich_lr4_el2,
	FAKE_SYSREG_ich_lr5_el2,
	FAKE_SYSREG_ich_lr6_el2,
	FAKE_SYSREG_ich_lr7_el2,
	FAKE_SYSREG_ich_lr8_el2,
	FAKE_SYSREG_ich_lr9_el2,
	FAKE_SYSREG_ich_lr10_el2,
	FAKE_SYSREG_ich_lr11_el2,
	FAKE_SYSREG_ich_lr12_el2,
	FAKE_SYSREG_ich_lr13_el2,
	FAKE_SYSREG_ich_lr14_el2,
	FAKE_SYSREG_ich_lr15_el2,
	FAKE_SYSREG_ich_elrsr_el2,
	/* Variables. */
	FAKE_SYSREG_ich_hcr_el2,
	FAKE_SYSREG_ich_vmcr_el2,
	FAKE_SYSREG_ich_ap0r0_el2,
	FAKE_SYSREG_ich_ap1r0_el2,
	FAKE_SYSREG_elr_el1,
	FAKE_SYSREG_elr_el2,
	FAKE_SYSREG_esr_el1,
	FAKE_SYSREG_esr_el2,
	FAKE_SYSREG_far_el1,
	FAKE_SYSREG_far_el2,
	FAKE_SYSREG_hpfar_el2,
	FAKE_SYSREG_hcr_el2,
	FAKE_SYSREG_spsr_el1,
	FAKE_SYSREG_spsr_el2,
	FAKE_SYSREG_vbar_el1,
	FAKE_SYSREG_ctr_el0,
	FAKE_SYSREG_id_aa64mmfr0_el1,
	FAKE_SYSREG_ttbr0_el2,
	FAKE_SYSREG_vtcr_el2,
	FAKE_SYSREG_vttbr_el2,
	FAKE_SYSREG_COUNT,
};

uint64_t fake_sysreg_read(enum fake_sysreg reg);
void fake_sysreg_write(enum fake_sysreg reg, uint64_t value);

#undef sysreg_read
#undef sysreg_write
#undef barrier_isb
#undef barrier_dsb_sy
#undef barrier_dsb_ish
#define sysreg_read(name) fake_sysreg_read(FAKE_SYSREG_##name)
#define sysreg_write(name, value) fake_sysreg_write(FAKE_SYSREG_##name, (value))
#define barrier_isb() ((void)0)
#define barrier_dsb_sy() ((void)0)
#define barrier_dsb_ish() ((void)0)
