/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arch/arm/aarch64/trap.c: what a trapped instruction asks for, and what its registers hold after. What
 * handles it is the test's own. DDI 0487, ESR_EL2.
 */
#include <fake/test.h>

#include <arm/aarch64/sysreg.h>
#include <arm/aarch64/trap.h>
#include <arm/smccc.h>
#include <arm/vgic/vgic.h>
#include <bao/arch/inline.h>
#include <bao/fault.h>
#include <bao/mmio.h>
#include <fake/machine.h>

#define PC UINT64_C(0x40001000)
#define EC(value) ((uint64_t)(value) << 26)
#define IL BIT64(25)
#define DATA_ABORT (EC(0x24) | IL | BIT64(24) | 0x07) /* ISV, translation fault at level 3 */
#define SAS(log2) ((uint64_t)(log2) << 22)
#define SSE BIT64(21)
#define SRT(reg) ((uint64_t)(reg) << 16)
#define SF BIT64(15)
#define WNR BIT64(6)

static struct trap_frame frame;
static uint64_t answer;
static bool refuse;

bool mmio_emulate(uint64_t ipa, struct mmio_access *access)
{
	fake_note("%s%u 0x%llx", access->write ? "store" : "load", access->size,
		  (unsigned long long)ipa);
	if (access->write) {
		fake_note("0x%llx", (unsigned long long)access->value);
	} else {
		access->value = answer;
	}
	return !refuse;
}

void vcpu_fault(const struct fault *fault)
{
	fake_note("fault%d 0x%llx pc 0x%llx", (int)fault->kind, (unsigned long long)fault->address,
		  (unsigned long long)fault->pc);
	assert_u64(fault->syndrome, sysreg_read(esr_el2));
}

void smccc_handle(uint64_t *x)
{
	fake_note("smccc 0x%llx", (unsigned long long)x[0]);
	x[0] = 7;
	x[17] = 8;
}

void vgic_send_sgi(uint64_t value)
{
	fake_note("sgi 0x%llx", (unsigned long long)value);
}

static uint64_t pattern(uint32_t reg)
{
	return UINT64_C(0x8877665544332200) + reg;
}

static int setup(void **state)
{
	(void)state;
	fake_machine_boot(CPU_ALPHA_0);
	for (uint32_t reg = 0; reg < 31; reg++) {
		*trap_frame_register(&frame, reg) = pattern(reg);
	}
	answer = UINT64_C(0xf1e2d3c4b5a69788);
	refuse = false;
	sysreg_write(elr_el2, PC);
	sysreg_write(far_el2, UINT64_C(0xffff800012345678));
	sysreg_write(hpfar_el2, UINT64_C(0x9000000) >> 8);
	return 0;
}

/* Takes the trap; says by how much the guest goes on. */
static uint64_t trap(uint64_t syndrome)
{
	sysreg_write(elr_el2, PC);
	sysreg_write(esr_el2, syndrome);
	trap_handle(&frame);
	return sysreg_read(elr_el2) - PC;
}

static void assert_others_kept(uint32_t changed)
{
	for (uint32_t reg = 0; reg < 31; reg++) {
		if (reg != changed) {
			assert_u64(*trap_frame_register(&frame, reg), pattern(reg));
		}
	}
}

/* ---- data aborts ---------------------------------------------------------------------------------------- */

static void loads(void **state)
{
	static const struct {
		uint64_t syndrome;
		uint64_t expected;
	} cases[] = {
		{ SAS(0), 0x88 },
		{ SAS(1), 0x9788 },
		{ SAS(2), 0xb5a69788 },
		{ SAS(3) | SF, UINT64_C(0xf1e2d3c4b5a69788) },
		{ SAS(0) | SSE, 0xffffff88 },
		{ SAS(1) | SSE, 0xffff9788 },
		{ SAS(0) | SSE | SF, UINT64_C(0xffffffffffffff88) },
		{ SAS(1) | SSE | SF, UINT64_C(0xffffffffffff9788) },
		{ SAS(2) | SSE | SF, UINT64_C(0xffffffffb5a69788) },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint32_t size = 1u << (cases[i].syndrome >> 22 & 3);

		setup(NULL);
		if (size < 8) { /* as mmio_emulate() leaves it */
			answer &= BIT64(8 * size) - 1;
		}
		assert_u64(trap(DATA_ABORT | cases[i].syndrome | SRT(5)), 4);
		assert_u64(*trap_frame_register(&frame, 5), cases[i].expected);
		assert_others_kept(5);
	}
	/* A positive number stays one. */
	answer = 0x7f;
	assert_u64(trap(DATA_ABORT | SAS(0) | SSE | SF | SRT(5)), 4);
	assert_u64(*trap_frame_register(&frame, 5), 0x7f);
}

static void stores(void **state)
{
	(void)state;
	assert_u64(trap(DATA_ABORT | WNR | SAS(0) | SRT(3)), 4);
	assert_u64(trap(DATA_ABORT | WNR | SAS(1) | SRT(3)), 4);
	assert_u64(trap(DATA_ABORT | WNR | SAS(2) | SRT(3)), 4);
	assert_u64(trap(DATA_ABORT | WNR | SAS(3) | SF | SRT(3)), 4);
	assert_trace(
		"store1 0x9000678; 0x3; store2 0x9000678; 0x2203; store4 0x9000678; 0x44332203; "
		"store8 0x9000678; 0x8877665544332203");
	assert_others_kept(31);
	assert_u64(trap((DATA_ABORT | WNR | SRT(3)) & ~IL), 2);
}

static void every_register(void **state)
{
	(void)state;
	for (uint32_t reg = 0; reg < 31; reg++) {
		char expected[64];

		setup(NULL);
		trap(DATA_ABORT | WNR | SAS(3) | SF | SRT(reg));
		snprintf(expected, sizeof(expected), "store8 0x9000678; 0x%llx",
			 (unsigned long long)pattern(reg));
		assert_trace(expected);
		trap(DATA_ABORT | SAS(3) | SF | SRT(reg));
		assert_u64(*trap_frame_register(&frame, reg), answer);
		assert_others_kept(reg);
	}
	/* As vectors.S has laid them out. */
	setup(NULL);
	assert_u64(frame.x0_x18[18], pattern(18));
	assert_u64(frame.x19_x29[0], pattern(19));
	assert_u64(frame.x19_x29[10], pattern(29));
	assert_u64(frame.x30, pattern(30));
	/* Number 31 is the zero register. */
	assert_u64(trap(DATA_ABORT | WNR | SAS(3) | SF | SRT(31)), 4);
	assert_trace("store8 0x9000678; 0x0");
	assert_u64(trap(DATA_ABORT | SAS(3) | SF | SRT(31)), 4);
	assert_others_kept(31);
}

static void addresses(void **state)
{
	(void)state;
	sysreg_write(hpfar_el2, UINT64_C(0xfffffffff0)); /* IPA bits 47:12 */
	sysreg_write(far_el2, UINT64_C(0xffffffffffffffff));
	trap(DATA_ABORT | SRT(1));
	assert_trace("load1 0xffffffffffff");
	/* HPFAR_EL2.NS and reserved bits are no address. */
	sysreg_write(hpfar_el2, UINT64_C(0x800000000000000f));
	sysreg_write(far_el2, 0);
	trap(DATA_ABORT | SRT(1));
	assert_trace("load1 0x0");
}

/* What can't be decoded, or is no translation fault, is the guest's fault and is not skipped. */
static void faults(void **state)
{
	static const uint64_t syndromes[] = {
		DATA_ABORT & ~BIT64(24),               /* no valid syndrome */
		DATA_ABORT | BIT64(7),                 /* a walk of the guest's own tables */
		(DATA_ABORT & ~UINT64_C(0x3f)) | 0x0f, /* permission */
		(DATA_ABORT & ~UINT64_C(0x3f)) | 0x10, /* external abort */
		(DATA_ABORT & ~UINT64_C(0x3f)) | 0x21, /* alignment */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(syndromes); i++) {
		assert_u64(trap(syndromes[i] | SRT(2)), 0);
		assert_trace("fault0 0x9000678 pc 0x40001000");
	}
	refuse = true;
	assert_u64(trap(DATA_ABORT | SRT(2)), 0);
	assert_trace("load1 0x9000678; fault0 0x9000678 pc 0x40001000");
	assert_others_kept(31);
}

/* ---- the others ------------------------------------------------------------------------------------------- */

static void calls(void **state)
{
	(void)state;
	assert_u64(trap(EC(0x17) | IL), 4);
	assert_trace("smccc 0x8877665544332200");
	assert_u64(frame.x0_x18[0], 7);
	assert_u64(frame.x0_x18[17], 8);
}

#define SYSREG(op0, op1, crn, crm, op2)                                                            \
	(EC(0x18) | IL | (op0) << 20 | (op2) << 17 | (op1) << 14 | (crn) << 10 | (crm) << 1)

static void system_registers(void **state)
{
	(void)state;
	assert_u64(trap(SYSREG(3u, 0u, 12u, 11u, 5u) | 9 << 5), 4); /* ICC_SGI1R_EL1, x9 */
	assert_trace("sgi 0x8877665544332209");
	assert_u64(trap(SYSREG(3u, 0u, 12u, 11u, 5u) | 31 << 5), 4);
	assert_trace("sgi 0x0");
	assert_u64(trap(SYSREG(3u, 0u, 12u, 11u, 6u) | 9 << 5), 4); /* other groups: nothing */
	assert_u64(trap(SYSREG(3u, 0u, 12u, 11u, 7u) | 9 << 5), 4);
	assert_trace("");
	/* They can't be read, and others do not exist. */
	assert_u64(trap(SYSREG(3u, 0u, 12u, 11u, 5u) | 9 << 5 | 1), 0);
	assert_trace("fault2 0x0 pc 0x40001000");
	assert_u64(trap(SYSREG(3u, 3u, 9u, 12u, 0u)), 0);
	assert_trace("fault2 0x0 pc 0x40001000");
	assert_others_kept(31);
}

static void unknown_classes(void **state)
{
	(void)state;
	for (uint64_t class = 0; class < 64; class ++) {
		if (class == 0x17 || class == 0x24) {
			continue;
		}
		assert_u64(trap(EC(class) | IL), 0);
		assert_trace(class == 0x20 ? "fault1 0x9000678 pc 0x40001000"
					   : "fault2 0x0 pc 0x40001000");
	}
	sysreg_write(esr_el2, EC(0x2f));
	trap_serror();
	assert_trace("fault3 0x0 pc 0x40001000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_SETUP(loads, setup),
		TEST_SETUP(stores, setup),
		TEST_SETUP(every_register, setup),
		TEST_SETUP(addresses, setup),
		TEST_SETUP(faults, setup),
		TEST_SETUP(calls, setup),
		TEST_SETUP(system_registers, setup),
		TEST_SETUP(unknown_classes, setup),
	};

	return RUN_TESTS(tests);
}
