/* SPDX-License-Identifier: Apache-2.0 */
/* In place of core/console.c, for tests of what calls it: calls are noted, VMs' text is swallowed. */
#include <bao/console.h>

#include <bao/arch/inline.h>
#include <fake/machine.h>

void console_init(void)
{
	fake_note("console_init");
}

void console_start(void)
{
	fake_note("console_start");
}

void console_service(void)
{
	fake_note("console_service %u", fake_self->id);
}

void console_flush(void)
{
	fake_note("console_flush %u", fake_self->id);
}

size_t console_vm_write(uint32_t vm, const char *text, size_t length)
{
	(void)vm;
	(void)text;
	return length;
}

size_t console_vm_queued(uint32_t vm)
{
	(void)vm;
	return 0;
}

size_t console_vm_capacity(void)
{
	return 1;
}
