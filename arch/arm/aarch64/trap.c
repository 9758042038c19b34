/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Synchronous exceptions from the guest, by exception class. A handler either deals with the exception
 * or says which fault it was; policy is core/fault.c's. No lock. DDI 0487 D19.2.37, ESR_EL2.
 */
#include <arm/aarch64/trap.h>

#include <stdbool.h>

#include <arm/aarch64/sysreg.h>
#include <arm/smccc.h>
#include <arm/vgic/vgic.h>
#include <bao/fault.h>
#include <bao/mmio.h>
#include <bao/util.h>

typedef void (*trap_handler_t)(struct trap_frame *frame, uint64_t syndrome);

static void skip_instruction(uint64_t syndrome)
{
	sysreg_write(elr_el2, sysreg_read(elr_el2) + ((syndrome & ESR_IL) != 0 ? 4 : 2));
}

static void fault(enum fault_kind kind, uint64_t address, uint64_t syndrome)
{
	struct fault f = {
		.kind = kind,
		.pc = sysreg_read(elr_el2),
		.address = address,
		.syndrome = syndrome,
	};

	vcpu_fault(&f);
}

/* Address of a stage-2 fault as the VM sees it: page from HPFAR_EL2, offset from FAR_EL2. */
static uint64_t faulting_ipa(void)
{
	return ((sysreg_read(hpfar_el2) & UINT64_C(0xfffffffff0)) << 8) |
	       (sysreg_read(far_el2) & (PAGE_SIZE - 1));
}

/* What a load puts into its register: sign-extended to 32 or 64 bits if it asks for it. */
static uint64_t extend_load(uint64_t value, uint32_t size, uint64_t syndrome)
{
	uint32_t bits = size * 8;

	if ((syndrome & DABT_SSE) != 0 && bits < 64) {
		uint64_t sign = UINT64_C(1) << (bits - 1);

		value = ((value & ((sign << 1) - 1)) ^ sign) - sign;
	}
	return (syndrome & DABT_SF) != 0 ? value : (uint32_t)value;
}

/* Emulates the access; false if it can't be decoded or nothing is there. */
static bool emulate_access(struct trap_frame *frame, uint64_t ipa, uint64_t syndrome)
{
	uint32_t reg = (uint32_t)(syndrome >> DABT_SRT_SHIFT) & 31u;
	struct mmio_access access = {
		.size = 1u << ((syndrome >> DABT_SAS_SHIFT) & 3u),
		.write = (syndrome & DABT_WNR) != 0,
	};

	if ((syndrome & DABT_ISV) == 0 || (syndrome & DABT_S1PTW) != 0 ||
	    (syndrome & ABORT_FSC_TYPE_MASK) != ABORT_FSC_TRANSLATION) {
		return false;
	}
	if (access.write && reg != 31) {
		access.value = *trap_frame_register(frame, reg);
		if (access.size < sizeof(uint64_t)) {
			access.value &= BIT64(access.size * 8) - 1;
		}
	}
	if (!mmio_emulate(ipa, &access)) {
		return false;
	}
	if (!access.write && reg != 31) {
		*trap_frame_register(frame, reg) = extend_load(access.value, access.size, syndrome);
	}
	return true;
}

static void data_abort(struct trap_frame *frame, uint64_t syndrome)
{
	uint64_t ipa = faulting_ipa();

	if (emulate_access(frame, ipa, syndrome)) {
		skip_instruction(syndrome);
	} else {
		fault(FAULT_DATA_ACCESS, ipa, syndrome);
	}
}

static void instruction_abort(struct trap_frame *frame, uint64_t syndrome)
{
	(void)frame;
	fault(FAULT_INSTRUCTION_FETCH, faulting_ipa(), syndrome);
}

static void smc(struct trap_frame *frame, uint64_t syndrome)
{
	smccc_handle(frame->x0_x18);
	skip_instruction(syndrome);
}

/* Op0, Op1, CRn, CRm, Op2 of a trapped MSR or MRS, as ISS has them; direction and register left out. */
#define SYSREG_ISS(op0, op1, crn, crm, op2)                                                        \
	((UINT64_C(op0) << 20) | (UINT64_C(op2) << 17) | (UINT64_C(op1) << 14) |                   \
	 (UINT64_C(crn) << 10) | (UINT64_C(crm) << 1))
#define SYSREG_ISS_MASK UINT64_C(0x3ffc1e)
#define SYSREG_ISS_READ BIT64(0)
#define SYSREG_ISS_RT(syndrome) ((uint32_t)((syndrome) >> 5) & 31u)

/* Registers a guest may write through us; a NULL handler ignores the write. None may be read. */
static const struct {
	uint64_t iss;
	void (*write)(uint64_t value);
} sysregs[] = {
	{ SYSREG_ISS(3, 0, 12, 11, 5), vgic_send_sgi }, /* ICC_SGI1R_EL1 */
	{ SYSREG_ISS(3, 0, 12, 11, 6), NULL }, /* ICC_ASGI1R_EL1: there is no other group */
	{ SYSREG_ISS(3, 0, 12, 11, 7), NULL }, /* ICC_SGI0R_EL1 */
};

static void sysreg(struct trap_frame *frame, uint64_t syndrome)
{
	uint32_t reg = SYSREG_ISS_RT(syndrome);

	for (size_t i = 0; i < ARRAY_SIZE(sysregs); i++) {
		if ((syndrome & SYSREG_ISS_MASK) == sysregs[i].iss &&
		    (syndrome & SYSREG_ISS_READ) == 0) {
			if (sysregs[i].write != NULL) {
				sysregs[i].write(reg != 31 ? *trap_frame_register(frame, reg) : 0);
			}
			skip_instruction(syndrome);
			return;
		}
	}
	fault(FAULT_UNDEFINED, 0, syndrome);
}

static const trap_handler_t handlers[ESR_EC_MASK + 1] = {
	[EC_SMC64] = smc,
	[EC_SYSREG] = sysreg,
	[EC_INSTRUCTION_ABORT_LOWER] = instruction_abort,
	[EC_DATA_ABORT_LOWER] = data_abort,
};

void trap_handle(struct trap_frame *frame)
{
	uint64_t syndrome = sysreg_read(esr_el2);
	trap_handler_t handler = handlers[(syndrome >> ESR_EC_SHIFT) & ESR_EC_MASK];

	if (handler != NULL) {
		handler(frame, syndrome);
	} else {
		fault(FAULT_UNDEFINED, 0, syndrome);
	}
}

void trap_serror(void)
{
	fault(FAULT_SERROR, 0, sysreg_read(esr_el2));
}
