/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest that talks on its console. A line of input is answered; those that begin with '!' ask for
 * more: !flood for many lines, !part for a line that is not ended, !off. Input comes by interrupt, or
 * with !poll by looking for it.
 */
#include <stdbool.h>
#include <stddef.h>

#include <baremetal/console.h>
#include <baremetal/cpu.h>
#include <baremetal/gic.h>
#include <baremetal/psci.h>

#include "suite.h"

/* The virtual UARTs of the VMs; each has one of them. */
#define CONSOLE_IRQ_FIRST 114
#define CONSOLE_IRQ_LAST 116
#define FLOOD_LINES 300

static char line[64];
static size_t length;
static bool polling;

static bool is_line(const char *text)
{
	size_t i = 0;

	while (text[i] != '\0' && text[i] == line[i]) {
		i++;
	}
	return text[i] == line[i];
}

static void answer(void)
{
	if (is_line("!flood")) {
		for (int n = 0; n < FLOOD_LINES; n++) {
			print("line %03d abcdefghijklmnopqrstuvwxyz 0123456789\n", n);
		}
		print("flooded\n");
	} else if (is_line("!part")) {
		print("no end");
	} else if (is_line("!end")) {
		print(", the end\n");
	} else if (is_line("!poll")) {
		polling = true;
		print("polling\n");
	} else if (is_line("!off")) {
		psci_system_off();
	} else {
		print("got <%s> of %u\n", line, (unsigned int)length);
	}
}

static void read_keys(void)
{
	int key;

	while ((key = console_read()) >= 0) {
		if (key == '\r' || key == '\n') {
			line[length] = '\0';
			answer();
			length = 0;
		} else if (length < sizeof(line) - 1) {
			line[length++] = key == 0x1d ? '^' : (char)key;
		}
	}
}

static void on_key(uint32_t intid)
{
	gic_disable(intid); /* until the keys are read */
}

void guest_main(uint64_t device_tree)
{
	(void)device_tree;
	suite_start(0);
	console_input_interrupt();
	print("ready\n");
	for (;;) {
		read_keys();
		if (!polling) {
			for (uint32_t irq = CONSOLE_IRQ_FIRST; irq <= CONSOLE_IRQ_LAST; irq++) {
				gic_enable(irq, on_key);
			}
			cpu_wait();
			cpu_interrupts_on();
			cpu_interrupts_off();
		}
	}
}
