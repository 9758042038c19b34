/* SPDX-License-Identifier: Apache-2.0 */
/* The architecture's part of a panic report: registers and backtrace. Runs on any stack. */
#include <bao/arch/panic.h>

#include <stdbool.h>

#include <arm/aarch64/cpu.h>
#include <arm/aarch64/sysreg.h>
#include <arm/aarch64/trap.h>
#include <bao/arch/inline.h>
#include <bao/check.h>
#include <bao/cpu.h>
#include <bao/kconfig.h>
#include <plan.h>

#define FRAMES_MAX 12u
#define LOADER_OFFSET (UINT64_C(1) << (PLAN_HYP_VA_BITS - 1)) /* mappings_loader_offset() */

static const char *const vector_names[] = {
	"synchronous, EL2t",
	"IRQ, EL2t",
	"FIQ, EL2t",
	"SError, EL2t",
	"synchronous",
	"IRQ",
	"FIQ",
	"SError",
	"",
	"",
	"",
	"",
	"synchronous, A32",
	"IRQ, A32",
	"FIQ, A32",
	"SError, A32",
};

/* Whether a frame record {previous, return address} can be read there. */
static bool is_readable(uint64_t frame)
{
	return (frame & 15) == 0 && frame >= PLAN_HYP_BASE &&
	       frame <= PLAN_HYP_BASE + PLAN_HYP_SIZE - 16;
}

static void backtrace(uint64_t frame)
{
	for (uint32_t i = 0; i < FRAMES_MAX && is_readable(frame); i++) {
		const uint64_t *record = (const uint64_t *)(uintptr_t)frame;

		/* The first function on a stack returns nowhere; and callers' records are above. */
		if (record[1] == 0) {
			return;
		}
		panic_line("  called from 0x%llx", (unsigned long long)record[1]);
		if (record[0] <= frame) {
			return;
		}
		frame = record[0];
	}
}

void arch_panic_backtrace(void)
{
	backtrace((uint64_t)(uintptr_t)__builtin_frame_address(0));
}

void panic_exception(const uint64_t *registers, uint64_t vector)
{
	uint64_t guard = (registers[31] & ~(PAGE_SIZE - 1));

	panic_begin();
	panic_line(
		"exception at EL2: %s, ESR 0x%llx, ELR 0x%llx, FAR 0x%llx, SPSR 0x%llx, SP 0x%llx",
		vector_names[vector & 15], (unsigned long long)sysreg_read(esr_el2),
		(unsigned long long)sysreg_read(elr_el2), (unsigned long long)sysreg_read(far_el2),
		(unsigned long long)sysreg_read(spsr_el2), (unsigned long long)registers[31]);
	/* The last row ends with SP. */
	for (uint32_t i = 0; i < 32; i += 4) {
		panic_line("  x%u: 0x%llx 0x%llx 0x%llx 0x%llx", i,
			   (unsigned long long)registers[i], (unsigned long long)registers[i + 1],
			   (unsigned long long)registers[i + 2],
			   (unsigned long long)registers[i + 3]);
	}
	if (arch_cpu_self()->phase == CPU_PHASE_LOAD && sysreg_read(far_el2) >= LOADER_OFFSET) {
		panic_line("  no memory at physical address 0x%llx: less RAM than planned for?",
			   (unsigned long long)(sysreg_read(far_el2) - LOADER_OFFSET));
	}
	if ((sysreg_read(far_el2) & ~(PAGE_SIZE - 1)) == guard ||
	    (sysreg_read(far_el2) & ~(PAGE_SIZE - 1)) == guard - PAGE_SIZE) {
		panic_line("  the address is at the stack pointer: stack overflow?");
	}
	/* The frame records of an overflowed stack are above its guard page. */
	backtrace(registers[29]);
	panic("exception taken at EL2");
}
