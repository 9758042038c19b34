/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Says whether its image is fresh, spoils it, and resets the VM. Memory that no image covers survives a
 * reset, so a word there tells which life this is.
 */
#include <baremetal/console.h>
#include <baremetal/cpu.h>
#include <baremetal/psci.h>

#include <stdint.h>

#define PRISTINE UINT32_C(0x600dda7a)
#define LIFE_MARK UINT32_C(0x11fe0000)

static volatile uint32_t in_image = PRISTINE;
static volatile uint32_t *const life = (volatile uint32_t *)0x40100000;

void guest_main(uint64_t device_tree)
{
	(void)device_tree;
	if ((*life & UINT32_C(0xffff0000)) != LIFE_MARK) {
		*life = LIFE_MARK;
	}
	(*life)++;
	print("life %u, image %s\n", (unsigned int)(*life & 0xffff),
	      in_image == PRISTINE ? "fresh" : "spoilt");
	in_image = 0;
	if ((*life & 0xffff) < 2) {
		psci_system_reset();
	}
	psci_system_off();
}
