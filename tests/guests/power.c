/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PSCI and the SMC Calling Convention as a guest sees them. The VM has four vCPUs, and lives three times:
 * it resets itself from its first and second life, and switches itself off in the third. Which life it
 * is stands in memory shared with the VM `peer`, which must not notice.
 */
#include <stdatomic.h>
#include <stddef.h>

#include <abi/bao.h>
#include <baremetal/cpu.h>
#include <baremetal/hypercall.h>
#include <baremetal/psci.h>
#include <baremetal/timer.h>

#include "gic_view.h"
#include "power.h"
#include "suite.h"

#define VCPUS 4
#define SPI 96
#define SPI_LEFT_ENABLED 97 /* the channel's */

static volatile struct power_shared *const shared = (volatile struct power_shared *)POWER_SHARED;

/* In the image as 1, and made 2 in every life: a restarted VM has its image anew. */
static volatile uint32_t pristine = 1;
static volatile uint32_t zeroed;

/* ---- the other vCPUs ------------------------------------------------------------------------------ */

static _Atomic uint32_t starts; /* all of them, ever */
static _Atomic uint64_t last_argument;
static _Atomic uint32_t leave; /* vCPU 1 may go off */

static void come_and_go(uint64_t argument)
{
	suite_start_secondary();
	atomic_store(&last_argument, argument);
	atomic_fetch_add(&starts, 1);
	psci_cpu_off();
}

static void come_and_stay(uint64_t argument)
{
	suite_start_secondary();
	atomic_store(&last_argument, argument);
	atomic_fetch_add(&starts, 1);
	while (atomic_load(&leave) == 0) {
	}
	psci_cpu_off();
}

static void wait_off(uint32_t vcpu)
{
	WAIT_FOR(psci_affinity_info(vcpu) == PSCI_AFFINITY_OFF);
}

static void test_on_off(void)
{
	uint32_t before;

	suite_section("on_off");
	CHECK_EQUAL(psci_affinity_info(0), PSCI_AFFINITY_ON);
	for (uint32_t vcpu = 1; vcpu < VCPUS; vcpu++) {
		CHECK_EQUAL(psci_affinity_info(vcpu), PSCI_AFFINITY_OFF);
	}
	/* On and off again, often. */
	for (uint32_t i = 0; i < 60; i++) {
		uint32_t vcpu = 1 + i % (VCPUS - 1);

		before = atomic_load(&starts);
		CHECK(cpu_start(vcpu, come_and_go, 0x5000 + i));
		WAIT_FOR(atomic_load(&starts) == before + 1);
		CHECK_EQUAL(atomic_load(&last_argument), 0x5000 + i);
		wait_off(vcpu);
	}
	/* One that is on. */
	before = atomic_load(&starts);
	CHECK(cpu_start(1, come_and_stay, 7));
	WAIT_FOR(atomic_load(&starts) == before + 1);
	CHECK_EQUAL(psci_affinity_info(1), PSCI_AFFINITY_ON);
	CHECK_EQUAL((int64_t)psci_cpu_on(1, POWER_BASE, 0), PSCI_ALREADY_ON);
	CHECK_EQUAL((int64_t)psci_cpu_on(0, POWER_BASE, 0), PSCI_ALREADY_ON);
	atomic_store(&leave, 1);
	wait_off(1);
	/* Impossible ones. */
	CHECK_EQUAL((int64_t)psci_cpu_on(VCPUS, POWER_BASE, 0), PSCI_INVALID_PARAMETERS);
	CHECK_EQUAL((int64_t)psci_cpu_on(0x100, POWER_BASE, 0), PSCI_INVALID_PARAMETERS);
	CHECK_EQUAL((int64_t)psci_cpu_on(0x80000001, POWER_BASE, 0), PSCI_INVALID_PARAMETERS);
	CHECK_EQUAL((int64_t)psci_cpu_on(2, 0, 0), PSCI_INVALID_ADDRESS);
	CHECK_EQUAL((int64_t)psci_cpu_on(2, GICD_BASE, 0), PSCI_INVALID_ADDRESS);
	CHECK_EQUAL((int64_t)psci_cpu_on(2, POWER_SHARED, 0), PSCI_INVALID_ADDRESS);
	CHECK_EQUAL((int64_t)psci_cpu_on(2, POWER_BASE + 2, 0), PSCI_INVALID_ADDRESS);
	CHECK_EQUAL((int64_t)psci_affinity_info(VCPUS), PSCI_INVALID_PARAMETERS);
	CHECK_EQUAL((int64_t)psci_call(PSCI_AFFINITY_INFO, 0, 1, 0), PSCI_INVALID_PARAMETERS);
	CHECK_EQUAL(psci_affinity_info(2), PSCI_AFFINITY_OFF);
}

/* ---- what there is -------------------------------------------------------------------------------- */

static int64_t features(uint32_t function)
{
	return psci_call(PSCI_FEATURES, function, 0, 0);
}

static void test_versions(void)
{
	static const uint32_t there[] = {
		PSCI_VERSION,
		PSCI_CPU_SUSPEND,
		PSCI_CPU_OFF,
		PSCI_CPU_ON,
		PSCI_AFFINITY_INFO,
		PSCI_MIGRATE_INFO_TYPE,
		PSCI_SYSTEM_OFF,
		PSCI_SYSTEM_RESET,
		PSCI_FEATURES,
		PSCI_SYSTEM_RESET2,
		PSCI_CPU_SUSPEND & 0xbfffffff,
		PSCI_CPU_ON & 0xbfffffff,
		PSCI_AFFINITY_INFO & 0xbfffffff,
		PSCI_SYSTEM_RESET2 & 0xbfffffff,
		SMCCC_VERSION,
	};
	/* MIGRATE, MIGRATE_INFO_UP_CPU, CPU_FREEZE, SYSTEM_SUSPEND, MEM_PROTECT, and what is no 64-bit call. */
	static const uint32_t absent[] = { 0x84000005,
					   0xc4000005,
					   0x84000007,
					   0x8400000b,
					   0x8400000e,
					   0x84000013,
					   0xc4000000,
					   0xc4000002,
					   0xc4000008,
					   0x84000020,
					   0x84000001 | 1 << 30 | 1 << 16 };

	suite_section("versions");
	CHECK_EQUAL(psci_call(PSCI_VERSION, 0, 0, 0), 0x10001);
	CHECK_EQUAL(psci_call(PSCI_MIGRATE_INFO_TYPE, 0, 0, 0), 2);
	for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++) {
		CHECK_EQUAL(features(there[i]), 0);
	}
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
		CHECK_EQUAL(features(absent[i]), PSCI_NOT_SUPPORTED);
		CHECK_EQUAL((int64_t)psci_call(absent[i], 0, 0, 0), PSCI_NOT_SUPPORTED);
	}
	CHECK_EQUAL(smccc_hvc(SMCCC_VERSION, 0, 0, 0, 0, 0, 0).x[0], 0x10001);
	CHECK_EQUAL(smccc_hvc(SMCCC_ARCH_FEATURES, SMCCC_VERSION, 0, 0, 0, 0, 0).x[0], 0);
	CHECK_EQUAL(smccc_hvc(SMCCC_ARCH_FEATURES, 0x80008000, 0, 0, 0, 0, 0).x[0],
		    SMCCC_NOT_SUPPORTED);
	/* By SMC as by HVC. */
	CHECK_EQUAL(smccc_smc(PSCI_VERSION, 0, 0, 0, 0, 0, 0).x[0], 0x10001);
	CHECK_EQUAL(smccc_smc(SMCCC_VERSION, 0, 0, 0, 0, 0, 0).x[0], 0x10001);
	/* A function is a 32-bit number; what is above it in x0 is not part of it. */
	CHECK_EQUAL(smccc_hvc(PSCI_VERSION | UINT64_C(0xabcd) << 32, 0, 0, 0, 0, 0, 0).x[0],
		    0x10001);
	/* The 32-bit forms take 32-bit arguments. */
	CHECK_EQUAL(
		smccc_hvc(PSCI_AFFINITY_INFO & 0xbfffffff, UINT64_C(1) << 32, 0, 0, 0, 0, 0).x[0],
		0);
}

static void test_identity(void)
{
	struct smccc_result result = smccc_hvc(BAO_SMCCC_CALL_UID, 0, 0, 0, 0, 0, 0);

	suite_section("identity");
	CHECK_EQUAL(result.x[0], BAO_UID_0);
	CHECK_EQUAL(result.x[1], BAO_UID_1);
	CHECK_EQUAL(result.x[2], BAO_UID_2);
	CHECK_EQUAL(result.x[3], BAO_UID_3);
	result = smccc_smc(BAO_SMCCC_REVISION, 0, 0, 0, 0, 0, 0);
	CHECK_EQUAL(result.x[0], BAO_REVISION_MAJOR);
	CHECK_EQUAL(result.x[1], BAO_REVISION_MINOR);
}

/* Calls that do not exist, of every owner and both kinds: one answer, and no other register changes. */
static void test_unknown_calls(void)
{
	static const uint32_t numbers[] = { 0x0077, 0x7fff, 0xff00, 0xffff };

	suite_section("unknown_calls");
	for (uint64_t owner = 0; owner < 64; owner++) {
		for (size_t i = 0; i < 4; i++) {
			uint32_t id = 0x80000000 | (uint32_t)(owner << 24) | numbers[i];
			int64_t want = owner == 6 ? BAO_HC_INVALID_ID : SMCCC_NOT_SUPPORTED;
			struct smccc_result result = smccc_hvc(id, 11, 22, 33, 44, 55, 66);

			CHECK_EQUAL(result.x[0], want);
			CHECK(result.x[1] == 11 && result.x[2] == 22 && result.x[3] == 33);
			CHECK(result.x[4] == 44 && result.x[5] == 55 && result.x[6] == 66);
			CHECK_EQUAL(smccc_smc(id, 0, 0, 0, 0, 0, 0).x[0], want);
			/* Yielding. */
			CHECK_EQUAL(smccc_hvc(id & 0x7fffffff, 0, 0, 0, 0, 0, 0).x[0],
				    SMCCC_NOT_SUPPORTED);
		}
	}
	/* Hypercall ids that are none. */
	CHECK_EQUAL(smccc_hvc(BAO_SMCCC_HC64(0), 0, 0, 0, 0, 0, 0).x[0], BAO_HC_INVALID_ID);
	CHECK_EQUAL(smccc_hvc(BAO_SMCCC_HC32(3), 0, 0, 0, 0, 0, 0).x[0], BAO_HC_INVALID_ID);
	CHECK_EQUAL(smccc_hvc(BAO_SMCCC_HC64(0xff02), 0, 0, 0, 0, 0, 0).x[0], BAO_HC_INVALID_ID);
	/* Known ones, of what this VM has not. */
	CHECK_EQUAL(bao_ipc_notify(9, 0), BAO_HC_INVALID_ARGS);
	CHECK_EQUAL(bao_remio_notify(0), BAO_HC_INVALID_ARGS);
}

/* ---- suspending ------------------------------------------------------------------------------------ */

#define POWER_DOWN (UINT64_C(1) << 16)

static volatile uint32_t ticks;
static _Atomic uint64_t woken;

static void on_tick(uint32_t intid)
{
	(void)intid;
	timer_stop();
	ticks++;
}

extern const char secondary_start[];

/* As cpu_start() passes it. */
static struct {
	void (*function)(uint64_t argument);
	uint64_t argument;
} wake_call;

static void wake(uint64_t argument)
{
	suite_start_secondary();
	atomic_store(&woken, argument);
	psci_cpu_off();
}

static void suspend_deep(uint64_t argument)
{
	(void)argument;
	suite_start_secondary();
	gic_enable(TIMER_IRQ, on_tick);
	timer_set(timer_now() + timer_hz() / 1000);
	(void)psci_call(PSCI_CPU_SUSPEND, POWER_DOWN, (uintptr_t)secondary_start,
			(uintptr_t)&wake_call);
	atomic_store(&woken, 1); /* it must not come back here */
	psci_cpu_off();
}

static void test_suspend(void)
{
	suite_section("suspend");
	gic_enable(TIMER_IRQ, on_tick);
	for (uint32_t i = 0; i < 5; i++) {
		uint32_t before = ticks;

		timer_set(timer_now() + timer_hz() / 1000);
		/* It may return early, which PSCI allows; it must return. */
		CHECK_EQUAL(psci_call(PSCI_CPU_SUSPEND, 0, 0, 0), PSCI_SUCCESS);
		cpu_interrupts_on();
		WAIT_FOR(ticks == before + 1);
		cpu_interrupts_off();
	}
	CHECK_EQUAL((int64_t)psci_call(PSCI_CPU_SUSPEND, 0x80000000, 0, 0),
		    PSCI_INVALID_PARAMETERS);
	CHECK_EQUAL((int64_t)psci_call(PSCI_CPU_SUSPEND, POWER_DOWN, GICD_BASE, 0),
		    PSCI_INVALID_ADDRESS);

	wake_call.function = wake;
	wake_call.argument = 0xfeed;
	__asm__ volatile("dc cvac, %0\n\tdsb sy" : : "r"(&wake_call) : "memory");
	CHECK(cpu_start(3, suspend_deep, 0));
	WAIT_FOR(atomic_load(&woken) != 0);
	CHECK_EQUAL(atomic_load(&woken), 0xfeed);
	wait_off(3);
}

/* ---- lives ------------------------------------------------------------------------------------------ */

/* Leaves traces everywhere that a reset must remove. */
static void leave_traces(void)
{
	pristine = 2;
	zeroed = 2;
	gic_enable(SPI, on_tick);
	gic_set_priority(0, SPI, 0x30);
	gic_route(SPI, 2);
	gic_write_bit(0, GIC_SET_PENDING, SPI);
	gic_write_bit(0, GIC_CLEAR_ENABLE, SPI);
	gic_enable(SPI_LEFT_ENABLED, on_tick);
	gic_write_bit(0, GIC_CLEAR_ENABLE, 5);
	gic_write_bit(0, GIC_SET_PENDING, 5);
	timer_set(timer_now());
	cpu_write(TPIDR_EL1, 0x1234);
	__asm__ volatile("dc cvac, %0\n\tdc cvac, %1\n\tdsb sy"
			 :
			 : "r"(&pristine), "r"(&zeroed)
			 : "memory");
}

static void reset_from_here(uint64_t argument)
{
	suite_start_secondary();
	(void)psci_call((uint32_t)argument, 0, 0, 0);
	print("FAIL lives: the reset returned\n");
}

static void check_no_traces(uint32_t timer_control)
{
	CHECK_EQUAL(pristine, 1);
	CHECK_EQUAL(zeroed, 0);
	CHECK_EQUAL(timer_control & 1, 0);
	CHECK_EQUAL(cpu_read(TPIDR_EL1), 0);
	for (uint32_t vcpu = 1; vcpu < VCPUS; vcpu++) {
		CHECK_EQUAL(psci_affinity_info(vcpu), PSCI_AFFINITY_OFF);
	}
	CHECK(!gic_bit(0, GIC_SET_ENABLE, SPI));
	CHECK(!gic_bit(0, GIC_SET_PENDING, SPI));
	CHECK(!gic_bit(0, GIC_SET_ENABLE, SPI_LEFT_ENABLED));
	CHECK(!gic_bit(0, GIC_SET_ENABLE, TIMER_IRQ));
	CHECK(!gic_bit(0, GIC_SET_PENDING, 5));
	CHECK_EQUAL(gic_priority(0, SPI), 0);
	CHECK_EQUAL(mmio_read64(GICD_ROUTER_ADDRESS(SPI)), 0);
}

void guest_main(uint64_t device_tree)
{
	uint32_t timer_control = (uint32_t)cpu_read(CNTV_CTL_EL0);
	uint32_t distributor = mmio_read32(GICD_CTLR_ADDRESS);
	uint32_t life;

	(void)device_tree;
	suite_start(POWER_SHARED);
	life = shared->magic == POWER_MAGIC ? shared->life + 1 : 1;
	shared->life = life;
	shared->magic = POWER_MAGIC;
	print("life %u\n", life);
	suite_section("lives");
	CHECK_EQUAL(distributor & 2, 0);
	check_no_traces(timer_control);
	if (life == 1) {
		test_versions();
		test_identity();
		test_unknown_calls();
		test_on_off();
		test_suspend();
		suite_section("resets");
		CHECK_EQUAL((int64_t)psci_call(PSCI_SYSTEM_RESET2, 1, 0, 0),
			    PSCI_INVALID_PARAMETERS);
		CHECK_EQUAL((int64_t)psci_call(PSCI_SYSTEM_RESET2, 0x80000000, 0, 0),
			    PSCI_INVALID_PARAMETERS);
		suite_end();
		leave_traces();
		psci_system_reset();
	}
	if (life == 2) {
		/* From another vCPU, while this one runs and a third has just been asked to start. */
		suite_end();
		leave_traces();
		CHECK(cpu_start(1, reset_from_here, PSCI_SYSTEM_RESET2));
		CHECK(cpu_start(2, come_and_stay, 0));
		for (;;) {
		}
	}
	suite_end();
	/* With other vCPUs running: the whole VM goes off. */
	CHECK(cpu_start(1, come_and_stay, 0));
	CHECK(cpu_start(2, come_and_stay, 0));
	shared->done = POWER_DONE;
	psci_system_off();
}
