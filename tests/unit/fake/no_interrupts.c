/* SPDX-License-Identifier: Apache-2.0 */
/* For tests without an interrupt controller: a CPU that waits for an interrupt waits for ever. */
#include <fake/machine.h>

bool fake_interrupt_waits(uint32_t cpu)
{
	(void)cpu;
	return false;
}
