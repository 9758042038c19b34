/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interrupt controller as a test looks at it: single bits and fields of distributor, redistributors
 * and CPU interface (IHI 0069), without the library's driver in between.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <baremetal/cpu.h>
#include <baremetal/gic.h>
#include <baremetal/mmio.h>

/* Offsets of arrays with a bit per interrupt, in the distributor and in a redistributor's SGI frame. */
#define GIC_GROUP 0x080
#define GIC_SET_ENABLE 0x100
#define GIC_CLEAR_ENABLE 0x180
#define GIC_SET_PENDING 0x200
#define GIC_CLEAR_PENDING 0x280
#define GIC_SET_ACTIVE 0x300
#define GIC_CLEAR_ACTIVE 0x380
#define GIC_PRIORITY 0x400 /* a byte each */
#define GIC_CONFIG 0xc00   /* two bits each */

#define GICD_CTLR_ADDRESS (GICD_BASE + 0x0000)
#define GICD_TYPER_ADDRESS (GICD_BASE + 0x0004)
#define GICD_ROUTER_ADDRESS(intid) (GICD_BASE + 0x6000 + 8 * (uintptr_t)(intid))
#define GICD_PIDR2_ADDRESS (GICD_BASE + 0xffe8)

#define GICR_FRAME(vcpu) (GICR_BASE + 0x20000 * (uintptr_t)(vcpu))
#define GICR_TYPER_ADDRESS(vcpu) (GICR_FRAME(vcpu) + 0x8)
#define GICR_SGI(vcpu) (GICR_FRAME(vcpu) + 0x10000)

/* Where an interrupt's registers are; a private one's in the redistributor of `vcpu`. */
static inline uintptr_t gic_bank(uint32_t vcpu, uint32_t intid)
{
	return intid < 32 ? GICR_SGI(vcpu) : GICD_BASE;
}

static inline bool gic_bit(uint32_t vcpu, uint32_t offset, uint32_t intid)
{
	return (mmio_read32(gic_bank(vcpu, intid) + offset + intid / 32 * 4) >> (intid % 32) & 1) !=
	       0;
}

static inline void gic_write_bit(uint32_t vcpu, uint32_t offset, uint32_t intid)
{
	mmio_write32(gic_bank(vcpu, intid) + offset + intid / 32 * 4, UINT32_C(1) << (intid % 32));
}

static inline uint8_t gic_priority(uint32_t vcpu, uint32_t intid)
{
	return mmio_read8(gic_bank(vcpu, intid) + GIC_PRIORITY + intid);
}

static inline void gic_set_priority(uint32_t vcpu, uint32_t intid, uint8_t priority)
{
	mmio_write8(gic_bank(vcpu, intid) + GIC_PRIORITY + intid, priority);
}

/* CPU interface of the calling vCPU. */
static inline uint32_t icc_acknowledge(void)
{
	uint32_t intid = (uint32_t)cpu_read(S3_0_C12_C12_0); /* ICC_IAR1_EL1 */

	cpu_isb();
	return intid & 0xffffff;
}

static inline void icc_end(uint32_t intid)
{
	cpu_write(S3_0_C12_C12_1, intid); /* ICC_EOIR1_EL1 */
	cpu_isb();
}

static inline void icc_deactivate(uint32_t intid)
{
	cpu_write(S3_0_C12_C11_1, intid); /* ICC_DIR_EL1 */
	cpu_isb();
}

static inline void icc_set_mask(uint8_t priority)
{
	cpu_write(S3_0_C4_C6_0, priority); /* ICC_PMR_EL1 */
	cpu_isb();
}

static inline uint8_t icc_running_priority(void)
{
	return (uint8_t)cpu_read(S3_0_C12_C11_3); /* ICC_RPR_EL1 */
}

static inline uint32_t icc_highest_pending(void)
{
	return (uint32_t)cpu_read(S3_0_C12_C12_2) & 0xffffff; /* ICC_HPPIR1_EL1 */
}

/* True: ending an interrupt only drops the priority, and icc_deactivate() must follow. */
static inline void icc_set_split_end(bool split)
{
	cpu_write(S3_0_C12_C12_4, split ? 2 : 0); /* ICC_CTLR_EL1.EOImode */
	cpu_isb();
}

/* ICC_SGI1R_EL1 as it stands. */
static inline void icc_send_sgi(uint64_t value)
{
	cpu_barrier();
	cpu_write(S3_0_C12_C11_5, value);
	cpu_isb();
}

#define ICC_SGI(intid, targets) ((uint64_t)(intid) << 24 | (targets))
#define ICC_SGI_ALL_OTHERS (UINT64_C(1) << 40)
#define ICC_SGI_AFF1(value) ((uint64_t)(value) << 16)

#define INTID_NONE 1023
