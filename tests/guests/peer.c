/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The neighbour of a VM that is reset or does what it should not: keeps a timer period and a pattern in
 * its memory, and says every so often how both do, until the neighbour says that it is done.
 */
#include <baremetal/cpu.h>
#include <baremetal/gic.h>
#include <baremetal/psci.h>
#include <baremetal/timer.h>

#include "power.h"
#include "suite.h"

#define PERIOD_US 500
#define REPORT_TICKS 100
#define PATTERN_WORDS 0x2000

static uint64_t pattern[PATTERN_WORDS];
static volatile uint32_t ticks;
static volatile uint32_t late; /* ticks that ran when the next was due already */
static uint64_t due, period;
static uint32_t damaged, rounds;

static volatile struct power_shared *const shared = (volatile struct power_shared *)POWER_SHARED;

static void on_tick(uint32_t intid)
{
	uint64_t now = timer_now();

	(void)intid;
	ticks++;
	if (now - due >= period) {
		late++;
		due = now;
	}
	due += period;
	timer_set(due);
}

static uint64_t pattern_word(uint32_t n)
{
	return (n + rounds) * UINT64_C(0x9e3779b97f4a7c15);
}

/* Compares the pattern with what it should be, and writes the next one. */
static void go_round(void)
{
	for (uint32_t n = 0; n < PATTERN_WORDS; n++) {
		damaged += pattern[n] != pattern_word(n) ? 1 : 0;
	}
	rounds++;
	for (uint32_t n = 0; n < PATTERN_WORDS; n++) {
		pattern[n] = pattern_word(n);
	}
}

static void report(void)
{
	print("ticks %u, late %u, rounds %u, damaged %u\n", ticks, late, rounds, damaged);
}

void guest_main(uint64_t device_tree)
{
	uint32_t reported = 0;

	(void)device_tree;
	suite_start(POWER_SHARED);
	print("peer starts\n");
	for (uint32_t n = 0; n < PATTERN_WORDS; n++) {
		pattern[n] = pattern_word(n);
	}
	period = timer_hz() / 1000000 * PERIOD_US;
	due = timer_now() + period;
	gic_enable(TIMER_IRQ, on_tick);
	timer_set(due);
	cpu_interrupts_on();
	while (shared->done != POWER_DONE) {
		go_round();
		if (ticks - reported >= REPORT_TICKS) {
			reported = ticks;
			report();
		}
	}
	report();
	psci_system_off();
}
