/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The real-time guest of the demonstration. A timer interrupt every PERIOD_US must have run before the
 * next one is due; how late each ran goes into statistics. Everything else happens in the main loop,
 * which the timer interrupts: printing a line when there is news, reading keys, answering requests
 * that Linux puts into the shared memory.
 */

#include <abi/bao.h>
#include <baremetal/console.h>
#include <baremetal/cpu.h>
#include <baremetal/gic.h>
#include <baremetal/hypercall.h>
#include <baremetal/mmu.h>
#include <baremetal/timer.h>

#include "message.h"
#include "request.h"
#include "stats.h"
#include "system.h"

#define PERIODS_PER_SECOND (1000000 / RT_PERIOD_US)
#define QUIET_SECONDS 10 /* how long nothing is printed if nothing changes */

/* Written by the timer interrupt; the main loop masks it to touch them. */
static struct stats stats;
static uint64_t deadline;
static uint64_t period;

/* Set by interrupts, cleared by the main loop. */
static volatile bool rung;
static volatile bool key_pressed;

static volatile struct message_window *const window = (volatile struct message_window *)SHARED_BASE;

static void on_timer(uint32_t intid)
{
	(void)intid;
	deadline = stats_add(&stats, deadline, timer_now(), period);
	timer_set(deadline);
}

static void on_doorbell(uint32_t intid)
{
	(void)intid;
	rung = true;
}

/* The interrupt lasts until the characters are read, which the main loop does. */
static void on_key(uint32_t intid)
{
	gic_disable(intid);
	key_pressed = true;
}

static struct stats stats_snapshot(void)
{
	struct stats copy;

	cpu_interrupts_off();
	copy = stats;
	cpu_interrupts_on();
	return copy;
}

static void restart_statistics(void)
{
	cpu_interrupts_off();
	stats_reset(&stats);
	cpu_interrupts_on();
}

static void print_statistics(void)
{
	struct stats copy = stats_snapshot();
	char text[160];

	(void)stats_describe(&copy, timer_hz(), text, sizeof(text));
	print("rt: %s\n", text);
}

/* Answers the request in the window unless it has been answered. */
static void serve_request(void)
{
	static uint32_t answered;
	static bool started;
	static struct message_copy request;
	static struct answer answer;
	struct stats copy;
	bool valid;

	if (!started) { /* after a restart of this VM, what was answered before is not news */
		answered = window->answer.sequence;
		started = true;
	}
	valid = message_read(&window->request, &request);
	if (request.sequence == answered) {
		return;
	}
	answered = request.sequence;
	copy = stats_snapshot();
	if (valid) {
		request_answer(&request, &copy, timer_hz(), &answer);
	} else {
		answer = (struct answer){ .status = MESSAGE_MALFORMED };
	}
	if (answer.reset) {
		restart_statistics();
	}
	message_write(&window->answer, answered, answer.status, answer.text, answer.length);
	(void)bao_ipc_notify(RT_CHANNEL, 0);
}

static void serve_keys(void)
{
	int key;

	while ((key = console_read()) >= 0) {
		switch (key) {
		case 's':
			print_statistics();
			break;
		case 'r':
			restart_statistics();
			print("rt: statistics reset\n");
			break;
		case 'h':
		case '?':
			print("rt: keys: s statistics, r reset statistics, h help\n");
			break;
		default: /* a stray key is not worth a line */
			break;
		}
	}
	gic_enable(CONSOLE_IRQ, on_key);
}

/* Prints when a second has passed and the worst case got worse, or after QUIET_SECONDS. */
static void report(void)
{
	static uint64_t last_second, last_report, last_max, last_missed;
	struct stats copy = stats_snapshot();
	uint64_t second = copy.periods / PERIODS_PER_SECOND;

	if (copy.periods < last_second * PERIODS_PER_SECOND) { /* reset meanwhile */
		last_second = last_report = last_max = last_missed = 0;
	}
	if (second == last_second) {
		return;
	}
	last_second = second;
	if (copy.latency_max > last_max || copy.missed != last_missed ||
	    second >= last_report + QUIET_SECONDS) {
		last_report = second;
		last_max = copy.latency_max;
		last_missed = copy.missed;
		print_statistics();
	}
}

static void start_mmu(void)
{
	static const struct mmu_region map[] = {
		{ GICD_BASE, 2 * MMU_BLOCK, MMU_DEVICE },
		{ CONSOLE_BASE, MMU_BLOCK, MMU_DEVICE },
		{ RT_MEMORY_BASE, RT_MEMORY_SIZE, MMU_NORMAL },
		{ SHARED_BASE, SHARED_SIZE, MMU_UNCACHED },
	};

	mmu_init(map, sizeof(map) / sizeof(map[0]));
	mmu_enable();
}

void guest_main(uint64_t device_tree)
{
	(void)device_tree;
	start_mmu();
	console_init();
	console_input_interrupt();
	period = timer_hz() * RT_PERIOD_US / 1000000;
	stats_reset(&stats);
	gic_init();
	gic_cpu_init();
	gic_set_edge(RT_DOORBELL_IRQ, true);
	gic_enable(RT_DOORBELL_IRQ, on_doorbell);
	gic_enable(TIMER_IRQ, on_timer);
	gic_enable(CONSOLE_IRQ, on_key);
	print("rt: a timer interrupt every %d us; keys: s statistics, r reset, h help\n",
	      RT_PERIOD_US);
	deadline = timer_now() + period;
	timer_set(deadline);
	cpu_interrupts_on();

	rung = true; /* a request may have been there before */
	for (;;) {
		if (rung) {
			rung = false;
			serve_request();
		}
		if (key_pressed) {
			key_pressed = false;
			serve_keys();
		}
		report();
		cpu_interrupts_off();
		if (!rung && !key_pressed) {
			cpu_wait(); /* a pending interrupt ends it, masked or not */
		}
		cpu_interrupts_on();
	}
}
