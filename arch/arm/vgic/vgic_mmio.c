/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registers of the virtual GICv3 distributor and redistributors, one table row each, in offset order
 * (IHI 0069H, "The GIC Distributor / Redistributor register map"). A VM sees one security state
 * (GICD_CTLR.DS = 1), affinity routing only, no LPIs, and no interrupt but its own: others read as zero
 * and ignore writes. Runs under vgic->lock.
 */
#include <arm/affinity.h>
#include <arm/vgic/vgic.h>
#include <bao/arch/inline.h>
#include <bao/arch/vm.h>
#include <bao/mmio.h>

#define GICR_FRAME_SIZE UINT64_C(0x20000) /* RD_base and SGI_base, 64 KiB each */

#define GICD_CTLR_ENABLE_GRP1 UINT64_C(0x02)
#define GICD_CTLR_ARE UINT64_C(0x10)
#define GICD_CTLR_DS UINT64_C(0x40)

#define GICD_TYPER_ID_BITS (UINT64_C(9) << 19) /* 10-bit INTIDs */
#define GICD_TYPER_NO_1_OF_N BIT64(25)

/* ProductID 'B', Implementer Arm as JEP106 has it for the architecture's users. */
#define GIC_IIDR UINT64_C(0x4200043b)
#define GIC_PIDR2_V3 UINT64_C(0x3b)

#define WAKER_PROCESSOR_SLEEP UINT32_C(2)
#define WAKER_CHILDREN_ASLEEP UINT32_C(4)

/* Index of the 32-bit word within an array of bitmap registers, which start at multiples of 0x80. */
static uint32_t word_of(const struct mmio_access *access)
{
	return (uint32_t)(access->offset & 0x7f) / 4;
}

static uint64_t read_gicd_ctlr(void *context, const struct mmio_access *access)
{
	const struct vgic_context *vgic = context;

	(void)access;
	return GICD_CTLR_DS | GICD_CTLR_ARE |
	       (atomic_load_explicit(&vgic->vgic->group_enabled, memory_order_relaxed) != 0
			? GICD_CTLR_ENABLE_GRP1
			: 0);
}

static void write_gicd_ctlr(void *context, const struct mmio_access *access)
{
	vgic_write_group_enable(context, (access->value & GICD_CTLR_ENABLE_GRP1) != 0);
}

static uint64_t read_gicd_typer(void *context, const struct mmio_access *access)
{
	const struct vgic_context *vgic = context;

	(void)access;
	return GICD_TYPER_NO_1_OF_N | GICD_TYPER_ID_BITS | (vgic->plan->irq_count / 32 - 1);
}

static uint64_t read_iidr(void *context, const struct mmio_access *access)
{
	(void)context;
	(void)access;
	return GIC_IIDR;
}

static uint64_t read_pidr2(void *context, const struct mmio_access *access)
{
	(void)context;
	(void)access;
	return GIC_PIDR2_V3;
}

/* Everything is Group 1; writing changes nothing. */
static uint64_t read_igroupr(void *context, const struct mmio_access *access)
{
	const struct vgic_context *vgic = context;

	return vgic_owned(vgic->plan, word_of(access));
}

static uint64_t read_enabler(void *context, const struct mmio_access *access)
{
	return vgic_read_enable(context, word_of(access));
}

static void write_isenabler(void *context, const struct mmio_access *access)
{
	vgic_write_enable(context, word_of(access), (uint32_t)access->value, true);
}

static void write_icenabler(void *context, const struct mmio_access *access)
{
	vgic_write_enable(context, word_of(access), (uint32_t)access->value, false);
}

static uint64_t read_pendr(void *context, const struct mmio_access *access)
{
	return vgic_read_pending(context, word_of(access));
}

static void write_ispendr(void *context, const struct mmio_access *access)
{
	vgic_write_pending(context, word_of(access), (uint32_t)access->value, true);
}

static void write_icpendr(void *context, const struct mmio_access *access)
{
	vgic_write_pending(context, word_of(access), (uint32_t)access->value, false);
}

static uint64_t read_activer(void *context, const struct mmio_access *access)
{
	return vgic_read_active(context, word_of(access));
}

static void write_isactiver(void *context, const struct mmio_access *access)
{
	vgic_write_active(context, word_of(access), (uint32_t)access->value, true);
}

static void write_icactiver(void *context, const struct mmio_access *access)
{
	vgic_write_active(context, word_of(access), (uint32_t)access->value, false);
}

static uint64_t read_priority(void *context, const struct mmio_access *access)
{
	uint32_t first = (uint32_t)(access->offset & 0x3ff);
	uint64_t value = 0;

	for (uint32_t i = 0; i < access->size; i++) {
		value |= (uint64_t)vgic_read_priority(context, first + i) << (8 * i);
	}
	return value;
}

static void write_priority(void *context, const struct mmio_access *access)
{
	uint32_t first = (uint32_t)(access->offset & 0x3ff);

	for (uint32_t i = 0; i < access->size; i++) {
		vgic_write_priority(context, first + i, (uint8_t)(access->value >> (8 * i)));
	}
}

/* Sixteen interrupts a register, two bits each, the upper one saying edge. */
static uint64_t read_icfgr(void *context, const struct mmio_access *access)
{
	const struct vgic_context *vgic = context;
	uint32_t first = (uint32_t)(access->offset & 0xff) * 4;
	uint32_t edge = first < 32 ? vgic_cpus[vgic->cpu].edge : vgic->vgic->edge[first / 32];
	uint64_t value = 0;

	for (uint32_t i = 0; i < 16; i++) {
		value |= (uint64_t)((edge >> (first % 32 + i)) & 1) << (2 * i + 1);
	}
	return value;
}

static void write_icfgr(void *context, const struct mmio_access *access)
{
	uint32_t first = (uint32_t)(access->offset & 0xff) * 4;

	for (uint32_t i = 0; i < 16; i++) {
		vgic_write_edge(context, first + i, (access->value >> (2 * i + 1) & 1) != 0);
	}
}

/* 64 bits each; the upper half, Aff3, does not exist here. */
static uint64_t read_irouter(void *context, const struct mmio_access *access)
{
	uint32_t irq = (uint32_t)(access->offset & 0x1fff) / 8;
	const struct vgic_context *vgic = context;

	if ((access->offset & 4) != 0 ||
	    (vgic_owned(vgic->plan, irq / 32) & BIT32(irq % 32)) == 0) {
		return 0;
	}
	return vgic_spi_route[irq];
}

static void write_irouter(void *context, const struct mmio_access *access)
{
	if ((access->offset & 4) == 0) {
		vgic_write_route(context, (uint32_t)(access->offset & 0x1fff) / 8,
				 (uint32_t)access->value);
	}
}

static uint64_t read_gicr_typer(void *context, const struct mmio_access *access)
{
	const struct vgic_context *vgic = context;
	uint64_t affinity = affinity_of_vcpu(vgic->vcpu);
	bool last = vgic->vcpu + 1 == vgic->plan->vcpu_count;
	uint64_t value = (affinity << 32) | ((uint64_t)vgic->vcpu << 8) | (last ? BIT64(4) : 0);

	return (access->offset & 4) != 0 ? value >> 32 : value;
}

static uint64_t read_waker(void *context, const struct mmio_access *access)
{
	const struct vgic_context *vgic = context;

	(void)access;
	return vgic_cpus[vgic->cpu].asleep != 0 ? WAKER_PROCESSOR_SLEEP | WAKER_CHILDREN_ASLEEP : 0;
}

static void write_waker(void *context, const struct mmio_access *access)
{
	const struct vgic_context *vgic = context;

	vgic_cpus[vgic->cpu].asleep = (access->value & WAKER_PROCESSOR_SLEEP) != 0 ? 1 : 0;
}

/* With affinity routing SGIs and PPIs are the redistributors': the arrays start at interrupt 32. */
static const struct mmio_register gicd_registers[] = {
	{ 0x0000, 4, MMIO_32, read_gicd_ctlr, write_gicd_ctlr },
	{ 0x0004, 4, MMIO_32, read_gicd_typer, NULL },
	{ 0x0008, 4, MMIO_32, read_iidr, NULL },
	{ 0x0084, 0x7c, MMIO_32, read_igroupr, NULL },
	{ 0x0104, 0x7c, MMIO_32, read_enabler, write_isenabler },
	{ 0x0184, 0x7c, MMIO_32, read_enabler, write_icenabler },
	{ 0x0204, 0x7c, MMIO_32, read_pendr, write_ispendr },
	{ 0x0284, 0x7c, MMIO_32, read_pendr, write_icpendr },
	{ 0x0304, 0x7c, MMIO_32, read_activer, write_isactiver },
	{ 0x0384, 0x7c, MMIO_32, read_activer, write_icactiver },
	{ 0x0420, 0x3dc, MMIO_8 | MMIO_32, read_priority, write_priority },
	{ 0x0c08, 0xf8, MMIO_32, read_icfgr, write_icfgr },
	{ 0x6100, 0x1ee0, MMIO_32 | MMIO_64, read_irouter, write_irouter },
	{ 0xffe8, 4, MMIO_32, read_pidr2, NULL },
};

static const struct mmio_register gicr_registers[] = {
	{ 0x00004, 4, MMIO_32, read_iidr, NULL },
	{ 0x00008, 8, MMIO_32 | MMIO_64, read_gicr_typer, NULL },
	{ 0x00014, 4, MMIO_32, read_waker, write_waker },
	{ 0x0ffe8, 4, MMIO_32, read_pidr2, NULL },
	{ 0x10080, 4, MMIO_32, read_igroupr, NULL },
	{ 0x10100, 4, MMIO_32, read_enabler, write_isenabler },
	{ 0x10180, 4, MMIO_32, read_enabler, write_icenabler },
	{ 0x10200, 4, MMIO_32, read_pendr, write_ispendr },
	{ 0x10280, 4, MMIO_32, read_pendr, write_icpendr },
	{ 0x10300, 4, MMIO_32, read_activer, write_isactiver },
	{ 0x10380, 4, MMIO_32, read_activer, write_icactiver },
	{ 0x10400, 32, MMIO_8 | MMIO_32, read_priority, write_priority },
	{ 0x10c00, 8, MMIO_32, read_icfgr, write_icfgr },
};

static bool gicd_access(struct vgic_context *context, struct mmio_access *access)
{
	return mmio_table_access(gicd_registers, ARRAY_SIZE(gicd_registers), context, access);
}

static bool gicr_access(struct vgic_context *context, struct mmio_access *access)
{
	context->vcpu = (uint32_t)(access->offset / GICR_FRAME_SIZE);
	if (context->vcpu >= context->plan->vcpu_count) {
		return false;
	}
	context->cpu = cpu_of_vcpu(context->plan, context->vcpu)->id;
	access->offset %= GICR_FRAME_SIZE;
	return mmio_table_access(gicr_registers, ARRAY_SIZE(gicr_registers), context, access);
}

bool arch_irqchip_access(const struct plan_window *window, struct mmio_access *access)
{
	const struct cpu *self = arch_cpu_self();
	struct vgic_context context = {
		.plan = self->vcpu.plan,
		.vgic = &vgics[self->vcpu.vm],
		.cpu = self->id,
		.vcpu = self->vcpu.id,
	};
	bool known;

	spin_lock(&context.vgic->lock);
	known = window->kind == PLAN_WINDOW_GICD ? gicd_access(&context, access)
						 : gicr_access(&context, access);
	spin_unlock(&context.vgic->lock);
	return known;
}
