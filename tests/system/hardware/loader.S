/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A boot loader that leaves everything on: enters the image at its load address, at EL2, with the MMU
 * and the caches enabled, memory mapped as it is, interrupts open and registers full of junk.
 */
#define IMAGE 0x40200000
#define SCTLR_MMU_AND_CACHES 0x30c51835		/* RES1, M, C, I */
#define TCR 0x80823519				/* RES1, 40 bits, write-back walks, 39-bit addresses */
#define DEVICE_BLOCK 0x00000405			/* attributes 1, accessed */
#define MEMORY_BLOCK 0x40000701			/* attributes 0, accessed, inner shareable */

	.text
	.global _start
_start:
	adrp	x0, table
	add	x0, x0, :lo12:table
	msr	ttbr0_el2, x0
	mov	x1, #0xff			/* attributes 0: write-back; 1: Device-nGnRnE */
	msr	mair_el2, x1
	ldr	x1, =TCR
	msr	tcr_el2, x1
	tlbi	alle2
	dsb	sy
	isb
	ldr	x1, =SCTLR_MMU_AND_CACHES
	msr	sctlr_el2, x1
	isb
	msr	daifclr, #0xf
	ldr	x30, =IMAGE
	mov	x1, #0x1111
	mov	sp, x1
	.irp	n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29
	mov	x\n, x1
	.endr
	br	x30

	.balign	4096
table:
	.quad	DEVICE_BLOCK, MEMORY_BLOCK
	.space	4096 - 16
