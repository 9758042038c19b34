/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GICv3 distributor, redistributors and the EL2 view of the CPU interface (IHI 0069H). Interrupts are
 * ended in two steps (EOImode = 1): acknowledging drops the priority at once, and deactivation comes
 * from the guest through the list register, or from irqchip_deactivate().
 *
 * Priorities: the hypervisor's own interrupts have 0, guests' 0x80..0xe0, so that a priority mask of 0x80
 * leaves the hypervisor reachable. 0xe0 is the least that gets past the most permissive mask where only
 * the 16 levels that every GIC has are implemented (0xf0 is equal to that mask). No lock: the set/clear registers need none,
 * and GICD_ICFGR goes through a shadow.
 */
#include <stddef.h>

#include <arm/aarch64/sysreg.h>
#include <bao/arch/inline.h>
#include <bao/cpu.h>
#include <bao/drivers/gic.h>
#include <bao/drivers/irqchip.h>
#include <bao/io.h>
#include <bao/util.h>

#define GICD_CTLR 0x0000
#define GICD_TYPER 0x0004
#define GICD_IGROUPR 0x0080
#define GICD_ISENABLER 0x0100
#define GICD_ICENABLER 0x0180
#define GICD_ISPENDR 0x0200
#define GICD_ICPENDR 0x0280
#define GICD_ISACTIVER 0x0300
#define GICD_ICACTIVER 0x0380
#define GICD_IPRIORITYR 0x0400
#define GICD_ICFGR 0x0c00
#define GICD_IROUTER 0x6000
#define GICD_PIDR2 0xffe8

#define GICD_CTLR_ENABLE_GRP1 BIT32(1) /* EnableGrp1A as a Non-secure access sees it */
#define GICD_CTLR_ARE BIT32(4)
#define GICD_CTLR_DS BIT32(6) /* one security state */
#define GICD_CTLR_RWP BIT32(31)

#define GICR_CTLR 0x0000
#define GICR_TYPER 0x0008
#define GICR_WAKER 0x0014
#define GICR_SGI_BASE 0x10000 /* the SGI_base frame mirrors the distributor's word 0 */
#define GICR_STRIDE UINT64_C(0x20000)
#define GICR_STRIDE_VLPI UINT64_C(0x40000)
#define GICR_TYPER_VLPIS BIT64(1)
#define GICR_TYPER_LAST BIT64(4)
#define GICR_WAKER_PROCESSOR_SLEEP BIT32(1)
#define GICR_WAKER_CHILDREN_ASLEEP BIT32(2)
#define GICR_CTLR_RWP BIT32(3)

#define PIDR2_ARCH_SHIFT 4
#define ICC_SRE_EL2_VALUE UINT64_C(0xf) /* SRE, DFB, DIB, and EL1 may use system registers */
#define ICC_CTLR_EOIMODE BIT64(1)
#define ICC_CTLR_PRIBITS_SHIFT 8
#define ICC_INTID_MASK UINT64_C(0xffffff)
#define INTID_SPECIAL UINT32_C(1020)
#define ICH_VTR_LIST_REGS UINT64_C(0x1f)

#define PRIORITY_OWN UINT8_C(0x00)
#define PRIORITY_GUEST_MOST 0x80u
#define PRIORITY_GUEST_LEAST 0xe0u
#define MASK_NONE UINT64_C(0xff)
#define MASK_GUESTS UINT64_C(0x80)

#define WAIT_POLLS 1000000u

/*
 * Whether ICC_PMR_EL1 holds priorities as the distributor does, not as we write them there. Where the GIC
 * has two security states (GICD_CTLR.DS = 0), what we write to GICD_IPRIORITYR<n> lands in the lower half of
 * the range. If firmware leaves Group 0 to us (SCR_EL3.FIQ = 0), ICC_PMR_EL1 does not follow (IHI 0069H,
 * "Software accesses of interrupt priority"). Constant after irqchip_init().
 */
static bool mask_is_unshifted;

/* Redistributor of each CPU; constant after irqchip_init(). */
static uint64_t redistributors[PLAN_CPU_COUNT];

/* Upper bits of the two-bit fields of GICD_ICFGR, as last written. */
static _Atomic uint32_t icfgr_shadow[PLAN_IRQ_COUNT / 16];

/* Base of the register file that has word `word`, so that base + GICD_x + 4 * word is the register. */
static uint64_t bank(uint32_t cpu, uint32_t word)
{
	return word == 0 ? redistributors[cpu] + GICR_SGI_BASE : PLAN_GICD_BASE;
}

/* ---- discovery ---------------------------------------------------------------------------------- */

static bool find_redistributors(void)
{
	uint32_t found = 0;
	uint64_t typer = 0;

	for (uint64_t at = PLAN_GICR_BASE;
	     at < PLAN_GICR_BASE + PLAN_GICR_SIZE && (typer & GICR_TYPER_LAST) == 0;
	     at += (typer & GICR_TYPER_VLPIS) != 0 ? GICR_STRIDE_VLPI : GICR_STRIDE) {
		uint64_t affinity;

		typer = mmio_read64(at + GICR_TYPER);
		affinity = ((typer >> 56) << 32) | ((typer >> 32) & UINT64_C(0xffffff));
		for (uint32_t i = 0; i < PLAN_CPU_COUNT; i++) {
			if (plan_cpus[i].hw_id == affinity) {
				redistributors[i] = at;
				found++;
			}
		}
	}
	return found == PLAN_CPU_COUNT;
}

const char *irqchip_check(void)
{
	uint32_t version;

	/* First what can be asked without touching a register that may not exist. */
	if (((sysreg_read(id_aa64pfr0_el1) >> 24) & 15) == 0) {
		return "expected a GICv3, found CPUs without its system registers (a GICv2 machine?)";
	}
	version = (mmio_read32(PLAN_GICD_BASE + GICD_PIDR2) >> PIDR2_ARCH_SHIFT) & 15;
	if (version != 3 && version != 4) {
		return "expected a GICv3, found a distributor of another version";
	}
	if (((mmio_read32(PLAN_GICD_BASE + GICD_TYPER) & 31) + 1) * 32 < PLAN_IRQ_COUNT) {
		return "the interrupt controller has fewer interrupts than the plan relies on";
	}
	if (!find_redistributors()) {
		return "a CPU is missing: fewer GIC redistributors than CPUs planned for";
	}
	return NULL;
}

/* ---- words of interrupts ------------------------------------------------------------------------- */

static void wait_distributor(void)
{
	for (uint32_t i = 0; i < WAIT_POLLS; i++) {
		if ((mmio_read32(PLAN_GICD_BASE + GICD_CTLR) & GICD_CTLR_RWP) == 0) {
			return;
		}
	}
}

static void wait_redistributor(uint32_t cpu)
{
	for (uint32_t i = 0; i < WAIT_POLLS; i++) {
		if ((mmio_read32(redistributors[cpu] + GICR_CTLR) & GICR_CTLR_RWP) == 0) {
			return;
		}
	}
}

void gic_set_enable(uint32_t cpu, uint32_t word, uint32_t bits)
{
	mmio_write32(bank(cpu, word) + GICD_ISENABLER + 4 * word, bits);
}

void gic_clear_enable(uint32_t cpu, uint32_t word, uint32_t bits)
{
	mmio_write32(bank(cpu, word) + GICD_ICENABLER + 4 * word, bits);
	if (word == 0) {
		wait_redistributor(cpu);
	} else {
		wait_distributor();
	}
}

uint32_t gic_pending(uint32_t cpu, uint32_t word)
{
	return mmio_read32(bank(cpu, word) + GICD_ISPENDR + 4 * word);
}

void gic_set_pending(uint32_t cpu, uint32_t word, uint32_t bits)
{
	mmio_write32(bank(cpu, word) + GICD_ISPENDR + 4 * word, bits);
}

void gic_clear_pending(uint32_t cpu, uint32_t word, uint32_t bits)
{
	mmio_write32(bank(cpu, word) + GICD_ICPENDR + 4 * word, bits);
}

uint32_t gic_active(uint32_t cpu, uint32_t word)
{
	return mmio_read32(bank(cpu, word) + GICD_ISACTIVER + 4 * word);
}

void gic_set_active(uint32_t cpu, uint32_t word, uint32_t bits)
{
	mmio_write32(bank(cpu, word) + GICD_ISACTIVER + 4 * word, bits);
}

void gic_clear_active(uint32_t cpu, uint32_t word, uint32_t bits)
{
	mmio_write32(bank(cpu, word) + GICD_ICACTIVER + 4 * word, bits);
}

/* A guest's priority among the physical ones; its least urgent quarter becomes one. */
static uint8_t physical_priority(uint32_t priority)
{
	uint32_t physical = PRIORITY_GUEST_MOST | priority >> 1;

	return (uint8_t)(physical < PRIORITY_GUEST_LEAST ? physical : PRIORITY_GUEST_LEAST);
}

void gic_set_priority(uint32_t cpu, uint32_t irq, uint8_t priority)
{
	mmio_write8(bank(cpu, irq / 32) + GICD_IPRIORITYR + irq, physical_priority(priority));
}

/*
 * Sixteen interrupts share the register, perhaps those of several VMs. Who writes it looks again
 * whether another CPU changed the shadow meanwhile, so the last write always has everybody's bits.
 */
void gic_set_edge(uint32_t cpu, uint32_t irq, bool edge)
{
	_Atomic uint32_t *shadow = &icfgr_shadow[irq / 16];
	uint32_t bit = BIT32(2 * (irq % 16) + 1);
	uint64_t address = bank(cpu, irq / 32) + GICD_ICFGR + 4 * (irq / 16);
	uint32_t value;

	/* PPIs' trigger is the hardware's: usually fixed, and per CPU. */
	if (irq < 32) {
		return;
	}
	if (edge) {
		atomic_fetch_or(shadow, bit);
	} else {
		atomic_fetch_and(shadow, ~bit);
	}
	do {
		value = atomic_load(shadow);
		mmio_write32(address, value);
		barrier_dsb_sy();
	} while (value != atomic_load(shadow));
}

void gic_set_target(uint32_t irq, uint32_t cpu)
{
	mmio_write64(PLAN_GICD_BASE + GICD_IROUTER + 8 * irq, plan_cpus[cpu].hw_id);
}

/* ---- initialisation ------------------------------------------------------------------------------ */

static void write_mask(uint64_t mask)
{
	sysreg_write(icc_pmr_el1, mask_is_unshifted ? UINT64_C(0x80) | mask >> 1 : mask);
	barrier_isb();
}

static void enable_system_registers(void)
{
	sysreg_write(icc_sre_el2, ICC_SRE_EL2_VALUE);
	barrier_isb();
	sysreg_write(icc_sre_el1, 1);
	barrier_isb();
}

/*
 * The least significant priority bit that is implemented survives in ICC_PMR_EL1 only where the register
 * is not shifted for us.
 */
static bool probe_mask_is_unshifted(void)
{
	uint64_t bits = ((sysreg_read(icc_ctlr_el1) >> ICC_CTLR_PRIBITS_SHIFT) & 7) + 1;
	uint64_t least = UINT64_C(1) << (8 - bits);

	if ((mmio_read32(PLAN_GICD_BASE + GICD_CTLR) & GICD_CTLR_DS) != 0) {
		return false;
	}
	sysreg_write(icc_pmr_el1, least);
	return sysreg_read(icc_pmr_el1) == least;
}

void irqchip_init(void)
{
	mmio_write32(PLAN_GICD_BASE + GICD_CTLR, 0);
	wait_distributor();
	for (uint32_t word = 1; word < PLAN_IRQ_COUNT / 32; word++) {
		mmio_write32(PLAN_GICD_BASE + GICD_ICENABLER + 4 * word, ~UINT32_C(0));
		mmio_write32(PLAN_GICD_BASE + GICD_ICPENDR + 4 * word, ~UINT32_C(0));
		mmio_write32(PLAN_GICD_BASE + GICD_ICACTIVER + 4 * word, ~UINT32_C(0));
		mmio_write32(PLAN_GICD_BASE + GICD_IGROUPR + 4 * word, ~UINT32_C(0));
		mmio_write32(PLAN_GICD_BASE + GICD_ICFGR + 8 * word, 0);
		mmio_write32(PLAN_GICD_BASE + GICD_ICFGR + 8 * word + 4, 0);
	}
	wait_distributor();
	mmio_write32(PLAN_GICD_BASE + GICD_CTLR, GICD_CTLR_ARE | GICD_CTLR_ENABLE_GRP1);
	wait_distributor();
	enable_system_registers();
	mask_is_unshifted = probe_mask_is_unshifted();
}

static void wake_redistributor(uint64_t base)
{
	mmio_write32(base + GICR_WAKER,
		     mmio_read32(base + GICR_WAKER) & ~GICR_WAKER_PROCESSOR_SLEEP);
	for (uint32_t i = 0; i < WAIT_POLLS; i++) {
		if ((mmio_read32(base + GICR_WAKER) & GICR_WAKER_CHILDREN_ASLEEP) == 0) {
			return;
		}
	}
}

void irqchip_cpu_init(void)
{
	uint32_t cpu = arch_cpu_self()->id;
	uint64_t sgi_base = redistributors[cpu] + GICR_SGI_BASE;

	wake_redistributor(redistributors[cpu]);
	mmio_write32(sgi_base + GICD_ICENABLER, ~UINT32_C(0));
	mmio_write32(sgi_base + GICD_ICPENDR, ~UINT32_C(0));
	mmio_write32(sgi_base + GICD_ICACTIVER, ~UINT32_C(0));
	mmio_write32(sgi_base + GICD_IGROUPR, ~UINT32_C(0));
	wait_redistributor(cpu);
	enable_system_registers();
	write_mask(MASK_GUESTS);
	sysreg_write(icc_bpr1_el1, 0);
	sysreg_write(icc_ctlr_el1, ICC_CTLR_EOIMODE);
	sysreg_write(icc_igrpen1_el1, 1);
	barrier_isb();
	irqchip_enable_own(IRQCHIP_KICK, cpu);
	irqchip_enable_own(PLAN_MAINTENANCE_IRQ, cpu);
	irqchip_enable_own(ARCH_ALARM_IRQ, cpu);
}

void irqchip_enable_own(uint32_t irq, uint32_t cpu)
{
	if (irq >= 32) {
		gic_set_target(irq, cpu);
	}
	mmio_write8(bank(cpu, irq / 32) + GICD_IPRIORITYR + irq, PRIORITY_OWN);
	gic_set_enable(cpu, irq / 32, BIT32(irq % 32));
}

/* ---- CPU interface -------------------------------------------------------------------------------- */

uint32_t irqchip_acknowledge(void)
{
	uint32_t irq = (uint32_t)(sysreg_read(icc_iar1_el1) & ICC_INTID_MASK);

	if (irq >= INTID_SPECIAL) {
		return IRQCHIP_NONE;
	}
	sysreg_write(icc_eoir1_el1, irq);
	return irq;
}

void irqchip_deactivate(uint32_t irq)
{
	sysreg_write(icc_dir_el1, irq);
}

void irqchip_kick(uint32_t cpu)
{
	uint64_t id = plan_cpus[cpu].hw_id;
	uint64_t aff0 = id & 0xff;
	uint64_t value = (((id >> 32) & 0xff) << 48) | ((aff0 / 16) << 44) |
			 (((id >> 16) & 0xff) << 32) | ((uint64_t)IRQCHIP_KICK << 24) |
			 (((id >> 8) & 0xff) << 16) | BIT64(aff0 % 16);

	barrier_dsb_ish();
	sysreg_write(icc_sgi1r_el1, value);
	barrier_isb();
}

void irqchip_raise(uint32_t irq)
{
	barrier_dsb_sy();
	gic_set_pending(0, irq / 32, BIT32(irq % 32));
}

void irqchip_lower(uint32_t irq)
{
	gic_clear_pending(0, irq / 32, BIT32(irq % 32));
	barrier_dsb_sy();
}

void gic_admit_guest_interrupts(uint32_t limit)
{
	write_mask(limit >= GIC_ADMIT_ALL ? MASK_NONE : physical_priority(limit));
}

uint32_t gic_list_register_count(void)
{
	return (uint32_t)(sysreg_read(ich_vtr_el2) & ICH_VTR_LIST_REGS) + 1;
}
