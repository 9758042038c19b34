/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest that does what it may not, when a key asks for it; what comes of that is its VM's policy. Its
 * own map has all of memory, so nothing but the hypervisor stops it. The second vCPU tells now and then
 * that it is there, and does the deed when the key is a capital letter.
 */
#include <stdatomic.h>
#include <stddef.h>

#include <baremetal/console.h>
#include <baremetal/cpu.h>
#include <baremetal/gic.h>
#include <baremetal/mmio.h>
#include <baremetal/mmu.h>
#include <baremetal/psci.h>
#include <baremetal/timer.h>

/* As in tests/system/faults/config.c. */
#define NOTHING 0x5ff00000
#define HYPERVISOR 0x40200000
#define OF_PEER 0x60000000
#define DEVICE_OF_PEER 0x09010000
#define SHARED 0x70000000
#define CONSOLE_IRQ_FIRST 114 /* the virtual UARTs of the three VMs; each has one of them */
#define CONSOLE_IRQ_LAST 116

static volatile uint32_t pristine = 1;
static _Atomic uint32_t errand; /* key for the second vCPU */

static void go_to(uint64_t address)
{
	/* The handler returns to x30. */
	__asm__ volatile("blr %0" : : "r"(address) : "x30", "memory");
}

static void read_nothing(void)
{
	(void)mmio_read32(NOTHING);
}

static void write_nothing(void)
{
	mmio_write64(NOTHING + 8, 1);
}

static void read_peer(void)
{
	(void)mmio_read64(OF_PEER + 0x1000);
}

static void write_device(void)
{
	mmio_write32(DEVICE_OF_PEER + 8, 0);
}

static void write_hypervisor(void)
{
	mmio_write32(HYPERVISOR + 0x40, 0xd503205f);
}

static void fetch_nothing(void)
{
	go_to(NOTHING + 0x40);
}

static void fetch_hypervisor(void)
{
	go_to(HYPERVISOR);
}

/* Shared memory may be read and written, never executed. */
static void fetch_shared(void)
{
	*(volatile uint32_t *)(SHARED + 0x800) = 0xd65f03c0; /* ret */
	cpu_barrier();
	go_to(SHARED + 0x800);
}

/* A timer that this VM has not. */
static void read_timer(void)
{
	(void)cpu_read(CNTP_CTL_EL0);
}

static void write_implementation_defined(void)
{
	cpu_write(S3_0_C15_C2_0, 1);
}

/* A device that is emulated, by an access that cannot be: two registers at once. */
static void read_pair(void)
{
	uint64_t a, b;

	__asm__ volatile("ldp %0, %1, [%2]" : "=r"(a), "=r"(b) : "r"(GICD_BASE) : "memory");
}

/* Eight bytes where the distributor has four. */
static void read_wide(void)
{
	(void)mmio_read64(GICD_BASE);
}

/* An instruction for the hypervisor's own level. */
static void hypervisor_register(void)
{
	(void)cpu_read(VTTBR_EL2);
}

static const struct {
	char key;
	void (*commit)(void);
} deeds[] = {
	{ 'r', read_nothing },        { 'w', write_nothing },
	{ 'p', read_peer },           { 'd', write_device },
	{ 'h', write_hypervisor },    { 'f', fetch_nothing },
	{ 'j', fetch_hypervisor },    { 's', fetch_shared },
	{ 't', read_timer },          { 'i', write_implementation_defined },
	{ 'l', read_pair },           { 'e', read_wide },
	{ 'v', hypervisor_register },
};

static void commit(char key)
{
	for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++) {
		if (deeds[i].key == key) {
			print("does %c\n", key);
			deeds[i].commit();
			print("done %c\n", key);
		}
	}
}

static void on_exception(struct frame *frame)
{
	uint32_t class = ESR_CLASS(frame->esr);

	print("vcpu %u: class 0x%x, status 0x%x, write %u, far 0x%lx, pc 0x%lx\n", cpu_id(), class,
	      ESR_FAULT_STATUS(frame->esr), (unsigned int)(frame->esr >> 6) & 1, frame->far,
	      class == ESR_CLASS_FETCH_ABORT ? frame->pc : 0);
	frame->pc = class == ESR_CLASS_FETCH_ABORT ? frame->x[30] : frame->pc + 4;
}

static void second(uint64_t argument)
{
	uint32_t beats = 0;

	(void)argument;
	mmu_enable();
	gic_cpu_init();
	for (;;) {
		char key = (char)atomic_exchange(&errand, 0);

		if (key != 0) {
			commit(key);
		}
		timer_delay_us(5000);
		if (++beats % 8 == 0) {
			print("beat %u\n", beats / 8);
		}
	}
}

static void on_key(uint32_t intid)
{
	gic_disable(intid); /* only to wake up; off until the keys are read */
}

static void start(void)
{
	static const struct mmu_region map[] = {
		{ 0x08000000, 0x04000000, MMU_DEVICE },
		{ 0x40000000, 0x40000000, MMU_NORMAL },
	};

	mmu_init(map, 2);
	mmu_enable();
	console_init();
	gic_init();
	gic_cpu_init();
	console_input_interrupt();
	exception_set_handler(on_exception);
}

void guest_main(uint64_t device_tree)
{
	int key;

	(void)device_tree;
	start();
	print("starts, pristine %u\n", pristine);
	pristine = 0;
	__asm__ volatile("dc cvac, %0\n\tdsb sy" : : "r"(&pristine) : "memory");
	if (!cpu_start(1, second, 0)) {
		print("no second vcpu\n");
	}
	for (;;) {
		while ((key = console_read()) >= 0) {
			if (key >= 'A' && key <= 'Z') {
				atomic_store(&errand, (uint32_t)key + 'a' - 'A');
			} else if (key == 'q') {
				psci_system_off();
			} else {
				commit((char)key);
			}
		}
		for (uint32_t irq = CONSOLE_IRQ_FIRST; irq <= CONSOLE_IRQ_LAST; irq++) {
			gic_enable(irq, on_key);
		}
		cpu_wait();
		cpu_interrupts_on();
		cpu_interrupts_off();
	}
}
