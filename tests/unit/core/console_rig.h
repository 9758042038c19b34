/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The console on the fake machine, for the tests of core/console.c, which is included so that its state
 * can be reset: a pump that calls it as the interrupts would, and the ends towards the virtual UARTs.
 */
#pragma once

#include <fake/test.h>

#include <fake/irqchip.h>
#include <fake/machine.h>
#include <fake/uart.h>

#include <core/console.c>

static char received[PLAN_VM_COUNT][256]; /* typed for each VM */
static size_t received_room;              /* of every VM's FIFO */
static unsigned int ready[PLAN_VM_COUNT]; /* vuart_transmit_ready() calls */
static size_t queued_when_ready;

bool vuart_receive(uint32_t vm, char character)
{
	size_t length = strlen(received[vm]);

	if (length >= received_room) {
		return false;
	}
	received[vm][length] = character;
	received[vm][length + 1] = '\0';
	return true;
}

void vuart_transmit_ready(uint32_t vm)
{
	ready[vm]++;
	queued_when_ready = console_vm_queued(vm);
}

static int console_rig_setup(void **state)
{
	(void)state;
	fake_machine_boot(PLAN_CONSOLE_CPU);
	fake_irqchip_reset();
	fake_uart_reset();
	memset(rings, 0, sizeof(rings));
	memset(&console, 0, sizeof(console));
	memset(received, 0, sizeof(received));
	memset(ready, 0, sizeof(ready));
	received_room = sizeof(received[0]) - 1;
	console_init();
	return 0;
}

static int console_rig_start(void **state)
{
	console_rig_setup(state);
	console_start();
	(void)fake_trace();
	return 0;
}

/* Whether anything would call the console's CPU now; takes the request. */
static bool interrupted(void)
{
	struct cpu *cpu = &cpus[PLAN_CONSOLE_CPU];

	if ((cpu->requests & CPU_REQUEST_CONSOLE) != 0) {
		cpu->requests &= ~CPU_REQUEST_CONSOLE;
		return true;
	}
	return (fake_uart_tx_interrupt && fake_uart_room > 0) || fake_uart_input_left() ||
	       (fake_alarm != 0 && fake_clock >= fake_alarm);
}

/* Serves interrupts until there are none; says how many there were. */
static unsigned int pump(void)
{
	unsigned int count = 0;

	while (interrupted()) {
		fake_be(PLAN_CONSOLE_CPU);
		console_service();
		count++;
		assert_true(count < 100000); /* a storm */
	}
	return count;
}

/* Lets time pass until the alarm, if one is set, and serves it. */
static inline void pump_with_alarm(void)
{
	pump();
	while (fake_alarm != 0) {
		fake_clock = fake_alarm;
		pump();
	}
}

static inline size_t vm_writes(uint32_t vm, const char *text)
{
	return console_vm_write(vm, text, strlen(text));
}

static inline void cpu_logs(uint32_t cpu, const char *text)
{
	fake_be(cpu);
	console_log_write(text, strlen(text));
}
