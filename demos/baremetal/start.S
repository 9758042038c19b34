/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entry, exception vectors and per-vCPU stacks. A guest is entered at EL1 with MMU and caches off and
 * x0 = address of the device tree, or 0. vCPU 0 clears .bss and calls guest_main(x0); the others come
 * through `secondary_start`, where PSCI CPU_ON sends them.
 *
 * Every exception saves one `struct frame` (cpu.h) on the current stack. With GUEST_FLOAT the floating
 * point registers are saved too, so that handlers may use them.
 */

#define FRAME_SIZE 288
#define FRAME_PC 248
#define FRAME_ESR 264

	.section .text.start, "ax"
	.global _start
_start:
	mov	x19, x0
	adrp	x1, __bss_start
	add	x1, x1, :lo12:__bss_start
	adrp	x2, __bss_end
	add	x2, x2, :lo12:__bss_end
1:	cmp	x1, x2 /* both are 16-byte aligned */
	b.hs	2f
	stp	xzr, xzr, [x1], #16
	b	1b
2:	bl	cpu_setup
	mov	x0, x19
	bl	guest_main
	b	guest_end

	/* x0 = argument of CPU_ON: the address of a struct cpu_start_call */
	.global secondary_start
secondary_start:
	mov	x19, x0
	bl	cpu_setup
	mov	x0, x19
	bl	cpu_started
	b	guest_end

	/* Stack, vectors, floating point. Changes x0-x2. */
cpu_setup:
	mrs	x0, MPIDR_EL1
	and	x0, x0, #0xff
	cmp	x0, #GUEST_CPU_MAX
	b.hs	guest_end
	add	x0, x0, #1
	mov	x1, #GUEST_STACK_SIZE
	adrp	x2, __stacks
	add	x2, x2, :lo12:__stacks
	madd	x0, x0, x1, x2
	msr	SPSel, #1
	mov	sp, x0
	adrp	x0, vectors
	add	x0, x0, :lo12:vectors
	msr	VBAR_EL1, x0
	mov	x0, #(3 << 20) /* CPACR_EL1.FPEN: no trap */
	msr	CPACR_EL1, x0
	isb
	ret

	/* A vCPU with nothing left to do sleeps; interrupts are masked. */
guest_end:
	msr	DAIFSet, #15
1:	wfi
	b	1b

	.macro save_frame
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp, #0]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	str	x30, [sp, #240]
	mrs	x0, ELR_EL1
	mrs	x1, SPSR_EL1
	stp	x0, x1, [sp, #FRAME_PC]
	mrs	x0, ESR_EL1
	mrs	x1, FAR_EL1
	stp	x0, x1, [sp, #FRAME_ESR]
	.endm

	.macro restore_frame
	ldp	x0, x1, [sp, #FRAME_PC]
	msr	ELR_EL1, x0
	msr	SPSR_EL1, x1
	ldp	x0, x1, [sp, #0]
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x19, [sp, #144]
	ldp	x20, x21, [sp, #160]
	ldp	x22, x23, [sp, #176]
	ldp	x24, x25, [sp, #192]
	ldp	x26, x27, [sp, #208]
	ldp	x28, x29, [sp, #224]
	ldr	x30, [sp, #240]
	add	sp, sp, #FRAME_SIZE
	.endm

	.macro float_registers, operation
	.arch_extension fp
	\operation	q0, q1, [sp, #0]
	\operation	q2, q3, [sp, #32]
	\operation	q4, q5, [sp, #64]
	\operation	q6, q7, [sp, #96]
	\operation	q8, q9, [sp, #128]
	\operation	q10, q11, [sp, #160]
	\operation	q12, q13, [sp, #192]
	\operation	q14, q15, [sp, #224]
	\operation	q16, q17, [sp, #256]
	\operation	q18, q19, [sp, #288]
	\operation	q20, q21, [sp, #320]
	\operation	q22, q23, [sp, #352]
	\operation	q24, q25, [sp, #384]
	\operation	q26, q27, [sp, #416]
	\operation	q28, q29, [sp, #448]
	\operation	q30, q31, [sp, #480]
	.endm

	.macro vector, handler
	.balign	128
	save_frame
	mov	x0, sp
	adr	x1, \handler
	b	handle
	.endm

	/* x0 = frame, x1 = handler(frame); returns to the interrupted context. */
handle:
#ifdef GUEST_FLOAT
	mrs	x2, FPCR
	mrs	x3, FPSR
	stp	x2, x3, [sp, #-16]!
	sub	sp, sp, #512
	float_registers stp
#endif
	blr	x1
#ifdef GUEST_FLOAT
	float_registers ldp
	add	sp, sp, #512
	ldp	x2, x3, [sp], #16
	msr	FPCR, x2
	msr	FPSR, x3
#endif
	restore_frame
	eret

go_exception:
	b	exception_handle
go_interrupt:
	b	irq_handle

	.balign	2048
vectors:
	/* Current EL with SP_EL0: not used. */
	vector	go_exception
	vector	go_exception
	vector	go_exception
	vector	go_exception
	/* Current EL with SP_EL1: synchronous, IRQ, FIQ, SError. */
	vector	go_exception
	vector	go_interrupt
	vector	go_exception
	vector	go_exception
	/* Lower EL: not used. */
	.rept	8
	vector	go_exception
	.endr

	.section .bss.stacks, "aw", %nobits
	.balign	16
__stacks:
	.space	GUEST_CPU_MAX * GUEST_STACK_SIZE
