/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interrupts as a guest sees them: the virtual interrupt controller's registers, the timer, interrupts
 * between vCPUs, shared ones, priorities, and more of them at once than there are list registers.
 * Here: what the sections share, registers, timer. Four vCPUs; vCPU 0 runs the tests.
 */
#include "interrupts.h"

#include <stdatomic.h>
#include <stddef.h>

#include <baremetal/cpu.h>
#include <baremetal/psci.h>
#include <baremetal/timer.h>

#include "gic_view.h"
#include "suite.h"

struct taken taken[VCPUS];

static void (*_Atomic task)(void);
static _Atomic uint32_t task_vcpu; /* 0: nobody's turn */

void taken_reset(void)
{
	for (uint32_t i = 0; i < VCPUS; i++) {
		taken[i].count = 0;
	}
	cpu_barrier();
}

void take(uint32_t intid)
{
	struct taken *mine = &taken[cpu_id()];

	mine->intids[mine->count % LOG_SIZE] = intid;
	cpu_barrier();
	mine->count++;
}

uint32_t taken_times(uint32_t vcpu, uint32_t intid)
{
	uint32_t times = 0;

	for (uint32_t i = 0; i < taken[vcpu].count && i < LOG_SIZE; i++) {
		times += taken[vcpu].intids[i] == intid ? 1 : 0;
	}
	return times;
}

void wait_taken(uint32_t vcpu, uint32_t count)
{
	uint64_t end = suite_deadline_ms(1000);

	while (taken[vcpu].count < count && !suite_is_past(end)) {
	}
}

void settle(void)
{
	timer_delay_us(2000);
}

void run_on(uint32_t vcpu, void (*function)(void))
{
	atomic_store(&task, function);
	atomic_store(&task_vcpu, vcpu);
	WAIT_FOR(atomic_load(&task_vcpu) == 0);
}

void enable_logged(uint32_t intid, uint8_t priority)
{
	gic_enable(intid, take);
	gic_set_priority(cpu_id(), intid, priority);
}

void reset_spis(void)
{
	for (uint32_t intid = SPI_FIRST; intid < SPI_FIRST + SPI_COUNT; intid++) {
		gic_write_bit(0, GIC_CLEAR_ENABLE, intid);
		gic_write_bit(0, GIC_CLEAR_PENDING, intid);
		gic_write_bit(0, GIC_CLEAR_ACTIVE, intid);
		gic_set_edge(intid, true);
		gic_route(intid, 0);
	}
	taken_reset();
}

static void secondary(uint64_t argument)
{
	(void)argument;
	suite_start_secondary();
	for (uint32_t intid = 0; intid < 16; intid++) {
		gic_enable(intid, take);
	}
	cpu_interrupts_on();
	for (;;) {
		if (atomic_load(&task_vcpu) == cpu_id()) {
			atomic_load (&task)();
			atomic_store(&task_vcpu, 0);
		}
	}
}

/* ---- registers ---------------------------------------------------------------------------------- */

static void check_redistributors(void)
{
	for (uint32_t vcpu = 0; vcpu < VCPUS; vcpu++) {
		uint64_t type = mmio_read64(GICR_TYPER_ADDRESS(vcpu));

		CHECK_EQUAL(type >> 32, vcpu);
		CHECK_EQUAL(type >> 8 & 0xffff, vcpu);
		CHECK_EQUAL(type >> 4 & 1, vcpu == VCPUS - 1 ? 1 : 0);
		CHECK_EQUAL(mmio_read32(GICR_TYPER_ADDRESS(vcpu) + 4), vcpu);
	}
}

/* An interrupt of another VM, or of none, does not exist here: all zero, and writes change nothing. */
static void check_absent(uint32_t intid)
{
	static const uint32_t offsets[] = { GIC_SET_ENABLE, GIC_SET_PENDING, GIC_SET_ACTIVE };

	for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		gic_write_bit(0, offsets[i], intid);
		CHECK(!gic_bit(0, offsets[i], intid));
	}
	gic_set_priority(0, intid, 0x50);
	CHECK_EQUAL(gic_priority(0, intid), 0);
	if (intid >= 32) {
		mmio_write64(GICD_ROUTER_ADDRESS(intid), 2);
		CHECK_EQUAL(mmio_read64(GICD_ROUTER_ADDRESS(intid)), 0);
	}
}

static void check_own(uint32_t intid)
{
	gic_write_bit(0, GIC_SET_ENABLE, intid);
	CHECK(gic_bit(0, GIC_SET_ENABLE, intid));
	CHECK(gic_bit(0, GIC_CLEAR_ENABLE, intid));
	CHECK(gic_bit(0, GIC_GROUP, intid));
	gic_write_bit(0, GIC_CLEAR_ENABLE, intid);
	CHECK(!gic_bit(0, GIC_SET_ENABLE, intid));
	gic_set_priority(0, intid, 0x70);
	CHECK_EQUAL(gic_priority(0, intid), 0x70);
	CHECK_EQUAL(gic_priority(0, intid + 1), 0);
	mmio_write64(GICD_ROUTER_ADDRESS(intid), 3);
	CHECK_EQUAL(mmio_read64(GICD_ROUTER_ADDRESS(intid)), 3);
	CHECK_EQUAL(mmio_read32(GICD_ROUTER_ADDRESS(intid)), 3);
	gic_set_edge(intid, true);
	CHECK_EQUAL(mmio_read32(GICD_BASE + GIC_CONFIG + intid / 16 * 4) >> (intid % 16 * 2) & 3,
		    2);
	gic_set_edge(intid, false);
	CHECK_EQUAL(mmio_read32(GICD_BASE + GIC_CONFIG + intid / 16 * 4) >> (intid % 16 * 2) & 3,
		    0);
	gic_set_priority(0, intid, 0);
	mmio_write64(GICD_ROUTER_ADDRESS(intid), 0);
}

void test_registers(void)
{
	uint32_t type = mmio_read32(GICD_TYPER_ADDRESS);

	suite_section("registers");
	CHECK(((type & 31) + 1) * 32 > SPI_CONSOLE);
	CHECK_EQUAL(type >> 17 & 1, 0); /* no LPIs */
	CHECK_EQUAL(mmio_read32(GICD_PIDR2_ADDRESS) >> 4 & 15, 3);
	CHECK_EQUAL(mmio_read32(GICD_CTLR_ADDRESS), 0x52); /* DS, ARE, EnableGrp1 */
	check_redistributors();
	check_own(SPI_FIRST);
	check_absent(SPI_OF_OTHERS);
	check_absent(200);
	check_absent(33); /* the hypervisor's console */
	check_absent(PHYSICAL_TIMER_PPI);
	check_absent(25); /* the hypervisor's maintenance interrupt */
	check_absent(26); /* its alarm */
	/* Holes in the map read as zero. */
	CHECK_EQUAL(mmio_read32(GICD_BASE + 0x0ff0), 0);
	CHECK_EQUAL(mmio_read32(GICD_BASE + 0x8000), 0);
	/* A whole word of priorities, and a byte within it. */
	mmio_write32(GICD_BASE + GIC_PRIORITY + SPI_FIRST, 0x40302010);
	CHECK_EQUAL(gic_priority(0, SPI_FIRST + 2), 0x30);
	CHECK_EQUAL(mmio_read32(GICD_BASE + GIC_PRIORITY + SPI_FIRST), 0x40302010);
	mmio_write32(GICD_BASE + GIC_PRIORITY + SPI_FIRST, 0);
	/* Nothing in the VM is pending yet. */
	CHECK_EQUAL(icc_acknowledge(), INTID_NONE);
}

/* ---- timer --------------------------------------------------------------------------------------- */

static volatile uint32_t ticks;
static uint64_t tick_at, tick_period;
static volatile bool tick_early;

static void on_tick(uint32_t intid)
{
	(void)intid;
	tick_early = tick_early || timer_now() < tick_at;
	ticks++;
	tick_at += tick_period;
	timer_set(tick_at);
}

/* The timer's interrupt is a level: it comes again until the timer is moved. */
static void on_stubborn_tick(uint32_t intid)
{
	(void)intid;
	ticks++;
	if (ticks == 3) {
		timer_stop();
	}
}

static void tick_here(void)
{
	ticks = 0;
	tick_early = false;
	tick_period = timer_hz() / 2000;
	tick_at = timer_now() + tick_period;
	gic_enable(TIMER_PPI, on_tick);
	timer_set(tick_at);
	WAIT_FOR(ticks >= 20);
	timer_stop();
	gic_disable(TIMER_PPI);
	CHECK(!tick_early);
}

static void tick_elsewhere(void)
{
	uint64_t end;

	ticks = 0;
	tick_period = timer_hz() / 2000;
	tick_at = timer_now() + tick_period;
	end = timer_now() + timer_hz();
	gic_enable(TIMER_PPI, on_tick);
	timer_set(tick_at);
	while (ticks < 20 && timer_now() < end) {
	}
	timer_stop();
	gic_disable(TIMER_PPI);
}

void test_timer(void)
{
	suite_section("timer");
	tick_here();
	for (uint32_t vcpu = 1; vcpu < VCPUS; vcpu++) {
		run_on(vcpu, tick_elsewhere);
		CHECK(ticks >= 20);
		CHECK(!tick_early);
	}

	/* Masked at the timer, nothing is pending; unmasked it is, and stays so until handled. */
	ticks = 0;
	cpu_interrupts_off();
	gic_enable(TIMER_PPI, on_stubborn_tick);
	cpu_write(CNTV_CTL_EL0, 3); /* ENABLE, IMASK */
	cpu_write(CNTV_CVAL_EL0, timer_now());
	settle();
	CHECK(!gic_bit(0, GIC_SET_PENDING, TIMER_PPI));
	cpu_write(CNTV_CTL_EL0, 1);
	cpu_isb();
	WAIT_FOR(gic_bit(0, GIC_SET_PENDING, TIMER_PPI));
	/* A sleeping vCPU wakes though it takes no interrupts. */
	cpu_wait();
	CHECK_EQUAL(ticks, 0);
	cpu_interrupts_on();
	WAIT_FOR(ticks == 3);
	settle();
	CHECK_EQUAL(ticks, 3);
	CHECK(!gic_bit(0, GIC_SET_PENDING, TIMER_PPI));
	gic_disable(TIMER_PPI);
}

void guest_main(uint64_t device_tree)
{
	(void)device_tree;
	suite_start(0);
	test_registers();
	for (uint32_t intid = 0; intid < 16; intid++) {
		gic_enable(intid, take);
	}
	cpu_interrupts_on();
	for (uint32_t vcpu = 1; vcpu < VCPUS; vcpu++) {
		CHECK(cpu_start(vcpu, secondary, 0));
	}
	test_timer();
	test_sgis();
	test_state();
	test_routing();
	test_priorities();
	test_overflow();
	suite_end();
	psci_system_off();
}
