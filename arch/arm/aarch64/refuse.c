/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Says why the image can't run, before anything works. Compiled for the tiny code model: every address
 * is relative to the instruction, to the byte, so it speaks wherever the image was put.
 */
#include <stddef.h>
#include <stdint.h>

#include <arm/aarch64/cpu.h>
#include <bao/drivers/uart.h>
#include <plan.h>

static void say(const char *text)
{
	for (; *text != '\0'; text++) {
		uart_early_write(*text);
	}
}

static void say_hex(uint64_t value)
{
	say("0x");
	for (int shift = 60; shift >= 0; shift -= 4) {
		uint64_t digit = (value >> shift) & 15;

		uart_early_write((char)(digit < 10 ? '0' + digit : 'a' + digit - 10));
	}
}

static NORETURN void stop(void)
{
	say(": stopped\r\n");
	for (;;) {
		__asm__ volatile("wfi");
	}
}

void boot_refuse(uint64_t exception_level, uint64_t address)
{
	uart_init();
	if (exception_level != 2) {
		say("[bao] error: started at EL");
		uart_early_write((char)('0' + exception_level));
		say(", expected EL2 (QEMU: -M virt,virtualization=on; firmware: enter at EL2)");
	} else {
		say("[bao] error: loaded at ");
		say_hex(address);
		say(", expected ");
		say_hex(PLAN_HYP_BASE);
	}
	stop();
}

void boot_refuse_cpu(uint64_t affinity)
{
	uart_init();
	say("[bao] error: booted on the CPU with MPIDR affinity ");
	say_hex(affinity);
	say(", which the plan does not know");
	stop();
}
