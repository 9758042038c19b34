/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest as written for another version of the hypervisor: a UART and a timer of its own, four CPUs,
 * nothing of the newer features.
 */
#include <stdatomic.h>

#include <baremetal/console.h>
#include <baremetal/cpu.h>
#include <baremetal/gic.h>
#include <baremetal/hypercall.h>
#include <baremetal/mmu.h>
#include <baremetal/psci.h>
#include <baremetal/timer.h>

#define CPUS 4
#define MEMORY 0x50000000

static _Atomic uint32_t up;
static volatile uint32_t ticks;

static void on_tick(uint32_t intid)
{
	(void)intid;
	ticks++;
	timer_set(timer_now() + timer_hz() / 1000);
}

static void other(uint64_t argument)
{
	(void)argument;
	mmu_enable();
	atomic_fetch_add(&up, 1);
}

void guest_main(uint64_t device_tree)
{
	static const struct mmu_region map[] = {
		{ 0x08000000, 0x02000000, MMU_DEVICE },
		{ MEMORY, 0x4000000, MMU_NORMAL },
	};

	(void)device_tree;
	mmu_init(map, 2);
	mmu_enable();
	console_init();
	gic_init();
	gic_cpu_init();
	for (uint32_t id = 1; id < CPUS; id++) {
		(void)cpu_start(id, other, 0);
	}
	gic_enable(TIMER_IRQ, on_tick);
	timer_set(timer_now());
	cpu_interrupts_on();
	while (atomic_load(&up) != CPUS - 1 || ticks < 5) {
	}
	print("plain guest: %u CPUs, %u ticks\n", atomic_load(&up) + 1, 5);
	psci_system_off();
}
