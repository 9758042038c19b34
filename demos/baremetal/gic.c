/* SPDX-License-Identifier: Apache-2.0 */
/* GICv3 driver (IHI 0069); start.S enters irq_handle() on every interrupt. Handlers are set before
 * their interrupt is enabled and never removed, so no lock is needed. */

#include "gic.h"

#include <stddef.h>

#include "cpu.h"
#include "mmio.h"

#define GICD_CTLR (GICD_BASE + 0x0000)
#define GICD_CTLR_ENABLE_GRP1 (1u << 1)
#define GICD_CTLR_ARE (1u << 4)
#define GICD_CTLR_RWP (1u << 31)
#define GICD_IROUTER (GICD_BASE + 0x6000)

/* One redistributor: a 64 KiB frame for control, one for SGIs and PPIs. */
#define GICR_STRIDE 0x20000
#define GICR_TYPER 0x0008
#define GICR_TYPER_LAST (UINT64_C(1) << 4)
#define GICR_WAKER 0x0014
#define GICR_WAKER_PROCESSOR_SLEEP (1u << 1)
#define GICR_WAKER_CHILDREN_ASLEEP (1u << 2)
#define GICR_SGI_FRAME 0x10000

/* Same offsets in the distributor and in the SGI frame of a redistributor. */
#define IGROUPR 0x0080
#define ISENABLER 0x0100
#define ICENABLER 0x0180
#define ISPENDR 0x0200
#define IPRIORITYR 0x0400
#define ICFGR 0x0c00

#define PRIORITY_DEFAULT 0x80
#define INTID_SPURIOUS_FIRST 1020

/* SGIs and PPIs are different interrupts on every vCPU. */
static irq_handler private_handlers[GUEST_CPU_MAX][GIC_SPI_FIRST];
static irq_handler spi_handlers[GIC_INTID_COUNT - GIC_SPI_FIRST];

/* Entered from start.S. */
void irq_handle(struct frame *frame);

static irq_handler *handler_of(uint32_t intid)
{
	return intid < GIC_SPI_FIRST ? &private_handlers[cpu_id()][intid]
				     : &spi_handlers[intid - GIC_SPI_FIRST];
}

static uintptr_t redistributor(void)
{
	uint32_t id = cpu_id();
	uintptr_t base = GICR_BASE;

	for (;;) {
		uint64_t type = mmio_read64(base + GICR_TYPER);

		if ((uint32_t)(type >> 32) == id || (type & GICR_TYPER_LAST) != 0) {
			return base;
		}
		base += GICR_STRIDE;
	}
}

/* Where the registers of `intid` are: the distributor, or this vCPU's redistributor. */
static uintptr_t registers(uint32_t intid)
{
	return intid >= GIC_SPI_FIRST ? GICD_BASE : redistributor() + GICR_SGI_FRAME;
}

static void write_bit(uintptr_t offset, uint32_t intid)
{
	mmio_write32(registers(intid) + offset + intid / 32 * 4, 1u << (intid % 32));
}

static void wait_for_distributor(void)
{
	while ((mmio_read32(GICD_CTLR) & GICD_CTLR_RWP) != 0) {
	}
}

void gic_init(void)
{
	mmio_write32(GICD_CTLR, GICD_CTLR_ARE);
	wait_for_distributor();
	mmio_write32(GICD_CTLR, GICD_CTLR_ARE | GICD_CTLR_ENABLE_GRP1);
	wait_for_distributor();
}

void gic_cpu_init(void)
{
	uintptr_t base = redistributor();

	mmio_write32(base + GICR_WAKER,
		     mmio_read32(base + GICR_WAKER) & ~GICR_WAKER_PROCESSOR_SLEEP);
	while ((mmio_read32(base + GICR_WAKER) & GICR_WAKER_CHILDREN_ASLEEP) != 0) {
	}
	cpu_write(S3_0_C12_C12_5, 1); /* ICC_SRE_EL1.SRE */
	cpu_isb();
	cpu_write(S3_0_C4_C6_0, 0xff); /* ICC_PMR_EL1: every priority */
	cpu_write(S3_0_C12_C12_3, 0);  /* ICC_BPR1_EL1 */
	cpu_write(S3_0_C12_C12_4, 0);  /* ICC_CTLR_EL1: EOIR also deactivates */
	cpu_write(S3_0_C12_C12_7, 1);  /* ICC_IGRPEN1_EL1 */
	cpu_isb();
}

void gic_enable(uint32_t intid, irq_handler handler)
{
	uintptr_t base = registers(intid);
	uintptr_t group = base + IGROUPR + intid / 32 * 4;

	*handler_of(intid) = handler;
	cpu_barrier();
	mmio_write32(group, mmio_read32(group) | 1u << (intid % 32));
	mmio_write8(base + IPRIORITYR + intid, PRIORITY_DEFAULT);
	if (intid >= GIC_SPI_FIRST) {
		gic_route(intid, cpu_id());
	}
	write_bit(ISENABLER, intid);
}

void gic_disable(uint32_t intid)
{
	write_bit(ICENABLER, intid);
}

void gic_route(uint32_t intid, uint32_t vcpu)
{
	mmio_write64(GICD_IROUTER + (uintptr_t)intid * 8, vcpu);
}

void gic_set_edge(uint32_t intid, bool edge)
{
	uintptr_t address = GICD_BASE + ICFGR + intid / 16 * 4;
	uint32_t bit = 2u << (intid % 16 * 2);
	uint32_t value = mmio_read32(address);

	mmio_write32(address, edge ? value | bit : value & ~bit);
}

void gic_set_pending(uint32_t intid)
{
	write_bit(ISPENDR, intid);
}

void gic_send_sgi(uint32_t vcpu, uint32_t intid)
{
	/* ICC_SGI1R_EL1: INTID, target list (Aff0 0-15), range selector (Aff0 / 16). */
	cpu_barrier();
	cpu_write(S3_0_C12_C11_5,
		  (uint64_t)intid << 24 | (uint64_t)(vcpu / 16) << 44 | UINT64_C(1) << (vcpu % 16));
	cpu_isb();
}

void irq_handle(struct frame *frame)
{
	uint32_t intid = (uint32_t)cpu_read(S3_0_C12_C12_0); /* ICC_IAR1_EL1 */
	irq_handler handler;

	(void)frame;
	if (intid >= INTID_SPURIOUS_FIRST) {
		return;
	}
	handler = *handler_of(intid);
	if (handler != NULL) {
		handler(intid);
	}
	cpu_write(S3_0_C12_C12_1, intid); /* ICC_EOIR1_EL1 */
	cpu_isb();
}
