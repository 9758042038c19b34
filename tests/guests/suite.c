/* SPDX-License-Identifier: Apache-2.0 */
/* Reporting and start-up of test guests; see suite.h. */
#include "suite.h"

#include <baremetal/cpu.h>
#include <baremetal/gic.h>
#include <baremetal/mmu.h>
#include <baremetal/timer.h>

#define MEMORY_SIZE 0x400000
#define DEVICES_BASE 0x08000000 /* interrupt controller, console, windows of remote devices */
#define DEVICES_SIZE 0x04000000

static struct {
	const char *section; /* NULL: none is open */
	unsigned int sections;
	unsigned int section_checks, section_failed;
	unsigned int checks, failed;
} suite;

extern char __image_start[]; /* the VM's memory begins with its image */

void suite_start(uint64_t shared)
{
	const struct mmu_region map[] = {
		{ DEVICES_BASE, DEVICES_SIZE, MMU_DEVICE },
		{ (uintptr_t)__image_start, MEMORY_SIZE, MMU_NORMAL },
		{ shared, MMU_BLOCK, MMU_UNCACHED },
	};

	mmu_init(map, shared != 0 ? 3 : 2);
	mmu_enable();
	console_init();
	gic_init();
	gic_cpu_init();
}

void suite_start_secondary(void)
{
	mmu_enable();
	gic_cpu_init();
}

static void end_section(void)
{
	if (suite.section == NULL) {
		return;
	}
	print("-- %s: %u checks, %u failed\n", suite.section, suite.section_checks,
	      suite.section_failed);
	suite.checks += suite.section_checks;
	suite.failed += suite.section_failed;
	suite.section = NULL;
}

void suite_section(const char *name)
{
	end_section();
	suite.section = name;
	suite.section_checks = 0;
	suite.section_failed = 0;
	suite.sections++;
	print("== %s\n", name);
}

void suite_end(void)
{
	end_section();
	print("end: %u sections, %u checks, %u failed\n", suite.sections, suite.checks,
	      suite.failed);
}

void suite_check(bool holds, const char *what, const char *file, int line)
{
	suite.section_checks++;
	if (!holds) {
		suite.section_failed++;
		print("FAIL %s: %s (%s:%d)\n", suite.section, what, file, line);
	}
}

void suite_check_equal(uint64_t got, uint64_t want, const char *what, const char *file, int line)
{
	suite.section_checks++;
	if (got != want) {
		suite.section_failed++;
		print("FAIL %s: %s is 0x%llx, want 0x%llx (%s:%d)\n", suite.section, what,
		      (unsigned long long)got, (unsigned long long)want, file, line);
	}
}

uint64_t suite_deadline_ms(uint64_t ms)
{
	return timer_now() + timer_hz() / 1000 * ms;
}

bool suite_is_past(uint64_t deadline)
{
	return timer_now() >= deadline;
}
