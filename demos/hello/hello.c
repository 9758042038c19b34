/* SPDX-License-Identifier: Apache-2.0 */
/* Says hello, counts three seconds with the timer's interrupt, and switches its VM off. */
#include <baremetal/console.h>
#include <baremetal/cpu.h>
#include <baremetal/gic.h>
#include <baremetal/psci.h>
#include <baremetal/timer.h>

#define SECONDS 3

static volatile uint32_t seconds; /* written by the timer's interrupt */

static void on_timer(uint32_t intid)
{
	(void)intid;
	seconds++;
	timer_set(timer_now() + timer_hz());
}

void guest_main(uint64_t device_tree)
{
	uint32_t shown = 0;

	(void)device_tree;
	console_init();
	print("hello from EL%u\n", (unsigned int)(cpu_read(CurrentEL) >> 2));
	gic_init();
	gic_cpu_init();
	gic_enable(TIMER_IRQ, on_timer);
	timer_set(timer_now() + timer_hz());
	cpu_interrupts_on();
	while (shown < SECONDS) {
		cpu_wait();
		if (seconds != shown) {
			shown = seconds;
			print("%u s\n", shown);
		}
	}
	psci_system_off();
}
