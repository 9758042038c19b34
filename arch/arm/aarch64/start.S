/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entry of every CPU. The boot CPU arrives at _start, from a boot loader or as a Linux-style image
 * (Documentation/arm64/booting: the 64-byte header); the others at secondary_start, from PSCI CPU_ON.
 * Runs at the link address at EL2, or says why it can't.
 */
#include <arm/aarch64/sysreg.h>
#include <autoconf.h>
#include <plan.h>

#define STACK_STRIDE (4096 + CONFIG_STACK_SIZE)
#define HCR_RW_VALUE 0x80000000		/* EL1 is AArch64; E2H = 0, TGE = 0 */

/* A link-time value without a literal pool, which may be misaligned where the image was put. */
	.macro	load_value register, value
	movz	\register, #:abs_g3:\value
	movk	\register, #:abs_g2_nc:\value
	movk	\register, #:abs_g1_nc:\value
	movk	\register, #:abs_g0_nc:\value
	.endm

	.section .text.start, "ax"
	.global _start
_start:
	b	primary_start
	.word	0
	.quad	PLAN_HYP_BASE - PLAN_RAM_BASE		/* text_offset */
	.quad	PLAN_HYP_SIZE + PLAN_IMAGES_SIZE	/* image_size */
	.quad	2					/* flags: little endian, 4 KiB pages */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.word	0

primary_start:
	msr	daifset, #0xf
	adr	x19, _start
	load_value x20, _start
	mrs	x21, CurrentEL
	lsr	x21, x21, #2
	cmp	x21, #2
	b.ne	refuse
	cmp	x19, x20
	b.ne	refuse
	ldr	x0, =HCR_RW_VALUE
	msr	hcr_el2, x0
	isb
	bl	mmu_off
	bl	clear_bss
	bl	find_cpu				/* x22: index */
	bl	cpu_setup
	bl	boot_build_hyp_map
	bl	forget_stale_lines
	bl	mmu_on
	bl	boot_primary
	b	.

	.global secondary_start
secondary_start:
	msr	daifset, #0xf
	mov	x22, x0					/* PSCI context: CPU index */
	ldr	x0, =HCR_RW_VALUE
	msr	hcr_el2, x0
	ldr	x0, =SCTLR_EL2_RES1
	msr	sctlr_el2, x0
	isb
	bl	cpu_setup
	bl	mmu_on
	bl	boot_secondary
	b	.

/*
 * Cannot run here: let C say so. Only registers and PC-relative addresses may be used, since nothing
 * is where it was linked. When a whole machine arrives at EL3 at once, one CPU speaks.
 */
refuse:
	mrs	x0, mpidr_el1
	tst	x0, #0xffffff
	b.ne	1f
	load_value x1, boot_stack_top
	sub	x1, x1, x20
	add	x1, x19, x1
	and	sp, x1, #~15
	mov	x0, x21
	mov	x1, x19
	bl	boot_refuse
1:	wfi
	b	1b

/*
 * A loader may have left the MMU and caches on, identity-mapped: push the image out of the caches while
 * they can still be reached, then switch them off.
 */
mmu_off:
	mrs	x0, sctlr_el2
	tbz	x0, #0, 2f
	mrs	x1, ctr_el0
	ubfx	x1, x1, #16, #4				/* DminLine: log2 of words */
	mov	x2, #4
	lsl	x2, x2, x1
	ldr	x3, =PLAN_HYP_BASE
	ldr	x4, =(PLAN_HYP_BASE + PLAN_HYP_SIZE + PLAN_IMAGES_SIZE)
1:	dc	civac, x3
	add	x3, x3, x2
	cmp	x3, x4
	b.lo	1b
	dsb	sy
2:	ldr	x0, =SCTLR_EL2_RES1
	msr	sctlr_el2, x0
	isb
	ic	iallu
	tlbi	alle2
	dsb	sy
	isb
	ret

/* Both ends are multiples of 64. */
clear_bss:
	ldr	x0, =hyp_zero_start
	ldr	x1, =hyp_zero_end
1:	cmp	x0, x1
	b.hs	2f
	stp	xzr, xzr, [x0], #16
	stp	xzr, xzr, [x0], #16
	stp	xzr, xzr, [x0], #16
	stp	xzr, xzr, [x0], #16
	b	1b
2:	ret

/*
 * What was written so far went past the caches: drop lines that an earlier stage may have left there,
 * for everything we wrote, before they can be hit.
 */
forget_stale_lines:
	mrs	x1, ctr_el0
	ubfx	x1, x1, #16, #4				/* DminLine: log2 of words */
	mov	x2, #4
	lsl	x2, x2, x1
	ldr	x3, =hyp_zero_start
	ldr	x4, =hyp_nobits_end
1:	dc	ivac, x3
	add	x3, x3, x2
	cmp	x3, x4
	b.lo	1b
	dsb	sy
	ret

/* Index in plan_cpus of this CPU, in x22. */
find_cpu:
	mrs	x0, mpidr_el1
	ldr	x1, =MPIDR_AFFINITY_MASK
	and	x0, x0, x1
	ldr	x1, =plan_cpus
	mov	x22, #0
1:	ldr	x2, [x1], #16				/* sizeof(struct plan_cpu), hw_id first */
	cmp	x0, x2
	b.eq	2f
	add	x22, x22, #1
	cmp	x22, #PLAN_CPU_COUNT
	b.lo	1b
	ldr	x1, =boot_stack_top
	mov	sp, x1
	bl	boot_refuse_cpu				/* x0: affinity; does not return */
2:	ret

/* Stack, vectors and TPIDR_EL2 of CPU x22. */
cpu_setup:
	ldr	x0, =hyp_stacks
	ldr	x1, =STACK_STRIDE
	add	x2, x22, #1
	madd	x0, x2, x1, x0
	mov	sp, x0
	ldr	x0, =cpus
	ldr	x1, =cpu_struct_size
	ldr	x1, [x1]
	madd	x0, x22, x1, x0
	msr	tpidr_el2, x0
	ldr	x1, =emergency_stacks
	add	x2, x22, #1
	add	x1, x1, x2, lsl #11			/* EMERGENCY_STACK_SIZE */
	str	x1, [x0]				/* struct cpu: emergency_stack */
	ldr	x0, =exception_vectors
	msr	vbar_el2, x0
	mov	x29, xzr
	isb
	ret

mmu_on:
	ldr	x0, =hyp_mair
	ldr	x0, [x0]
	msr	mair_el2, x0
	mrs	x1, id_aa64mmfr0_el1
	and	x1, x1, #7				/* PARange, never above 52 bits */
	cmp	x1, #5
	mov	x2, #5					/* 48 bits: what the 4 KiB granule needs */
	csel	x1, x1, x2, lo
	ldr	x0, =(0x80803500 | (64 - PLAN_HYP_VA_BITS)) /* RES1, SH0, ORGN0, IRGN0, T0SZ */
	orr	x0, x0, x1, lsl #16			/* PS */
	msr	tcr_el2, x0
	ldr	x0, =hyp_tables
	msr	ttbr0_el2, x0
	tlbi	alle2
	ic	iallu
	dsb	sy
	isb
	ldr	x0, =(SCTLR_EL2_RES1 | SCTLR_EL2_M | SCTLR_EL2_C | SCTLR_EL2_SA | SCTLR_EL2_I | SCTLR_EL2_WXN)
	msr	sctlr_el2, x0
	isb
	ret

	.ltorg

	.section .bss.boot_stack, "aw", %nobits
	.balign	16
	.skip	2048
boot_stack_top:

	.section .bss.emergency_stacks, "aw", %nobits
	.balign	16
emergency_stacks:
	.skip	2048 * PLAN_CPU_COUNT
