/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exception vectors at EL2. From a guest: save what C may clobber, handle, restore, return; the frame
 * (struct trap_frame, trap.h) is always at the top of the CPU's empty stack. From EL2 itself: nothing
 * legitimate comes that way, so report on the emergency stack, which is there even if the stack
 * overflowed. Hypercalls and interrupts, the fast paths, leave x19-x29 to the C compiler.
 */
#include <arm/aarch64/sysreg.h>

#define FRAME_SIZE 256

	.macro save_caller_saved
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
	stp	x18, x30, [sp, #144]
	.endm

	.macro restore_caller_saved_and_return
	ldp	x0, x1, [sp, #0]
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x30, [sp, #144]
	add	sp, sp, #FRAME_SIZE
	eret
	dsb	nsh				/* no speculation past the return */
	isb
	.endm

	.macro vector_bug number
	.balign	128
	msr	sp_el0, x0			/* the guest's, which will not run again */
	mov	x0, #\number
	b	report_bug
	.endm

	.section .text.vectors, "ax"
	.balign	2048
	.global exception_vectors
exception_vectors:
	vector_bug 0
	vector_bug 1
	vector_bug 2
	vector_bug 3
	vector_bug 4
	vector_bug 5
	vector_bug 6
	vector_bug 7

	.balign	128				/* synchronous, from AArch64 */
	save_caller_saved
	mrs	x1, esr_el2
	ubfx	x2, x1, #ESR_EC_SHIFT, #6
	cmp	x2, #EC_HVC64
	b.ne	trap_slow
	mov	x0, sp
	bl	smccc_handle
	b	return_to_guest

	.balign	128				/* IRQ, from AArch64 */
	save_caller_saved
	bl	irq_handle
	restore_caller_saved_and_return

	.balign	128				/* FIQ: as IRQ */
	save_caller_saved
	bl	irq_handle
	b	return_to_guest

	.balign	128				/* SError */
	b	serror_from_guest

	vector_bug 12				/* AArch32 guests do not exist: HCR_EL2.RW = 1 */
	vector_bug 13
	vector_bug 14
	vector_bug 15

trap_slow:
	stp	x19, x20, [sp, #160]
	stp	x21, x22, [sp, #176]
	stp	x23, x24, [sp, #192]
	stp	x25, x26, [sp, #208]
	stp	x27, x28, [sp, #224]
	str	x29, [sp, #240]
	mov	x0, sp
	bl	trap_handle
	.global return_from_trap
return_from_trap:
	ldp	x19, x20, [sp, #160]
	ldp	x21, x22, [sp, #176]
	ldp	x23, x24, [sp, #192]
	ldp	x25, x26, [sp, #208]
	ldp	x27, x28, [sp, #224]
	ldr	x29, [sp, #240]
return_to_guest:
	restore_caller_saved_and_return

serror_from_guest:
	save_caller_saved
	stp	x19, x20, [sp, #160]
	stp	x21, x22, [sp, #176]
	stp	x23, x24, [sp, #192]
	stp	x25, x26, [sp, #208]
	stp	x27, x28, [sp, #224]
	str	x29, [sp, #240]
	bl	trap_serror
	b	return_from_trap

/* x0: vector number; the guest's SP_EL0: our x0. */
report_bug:
	msr	tpidr_el0, x1			/* likewise the guest's */
	mrs	x1, tpidr_el2
	ldr	x1, [x1]			/* struct cpu: emergency_stack */
	sub	x1, x1, #272
	stp	x2, x3, [x1, #16]
	stp	x4, x5, [x1, #32]
	stp	x6, x7, [x1, #48]
	stp	x8, x9, [x1, #64]
	stp	x10, x11, [x1, #80]
	stp	x12, x13, [x1, #96]
	stp	x14, x15, [x1, #112]
	stp	x16, x17, [x1, #128]
	stp	x18, x19, [x1, #144]
	stp	x20, x21, [x1, #160]
	stp	x22, x23, [x1, #176]
	stp	x24, x25, [x1, #192]
	stp	x26, x27, [x1, #208]
	stp	x28, x29, [x1, #224]
	mov	x2, sp
	stp	x30, x2, [x1, #240]
	mrs	x2, sp_el0
	mrs	x3, tpidr_el0
	stp	x2, x3, [x1]
	mov	sp, x1
	mov	x1, x0
	mov	x0, sp
	b	panic_exception

/* Enters the guest with every register zero but x0; ELR_EL2 and SPSR_EL2 are set. */
	.section .text.enter, "ax"
	.global enter_guest
enter_guest:					/* x0: first argument, x1: stack top */
	mov	sp, x1
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	mov	x\n, xzr
	.endr
	eret
	dsb	nsh
	isb

	.global call_on_stack
call_on_stack:					/* x0: function, x1: stack top */
	mov	sp, x1
	mov	x29, xzr
	mov	x30, xzr
	br	x0
