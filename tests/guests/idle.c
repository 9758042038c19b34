/* SPDX-License-Identifier: Apache-2.0 */
/* A guest that is there and goes off at once. */
#include <baremetal/cpu.h>
#include <baremetal/psci.h>

void guest_main(uint64_t device_tree)
{
	(void)device_tree;
	psci_system_off();
}
