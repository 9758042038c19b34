/* SPDX-License-Identifier: Apache-2.0 */
/*
 * List registers of the GICv3 virtual CPU interface (IHI 0069H, "ICH_*_EL2"). Each CPU touches its own
 * only, so there is no lock.
 */
#include <arm/aarch64/sysreg.h>
#include <arm/vgic/vgic.h>
#include <bao/arch/inline.h>
#include <bao/check.h>

/* ICH_LR<n>_EL2. */
#define LR_PENDING BIT64(62)
#define LR_ACTIVE BIT64(63)
#define LR_STATE_MASK (LR_PENDING | LR_ACTIVE)
#define LR_HW BIT64(61)
#define LR_GROUP1 BIT64(60)
#define LR_PRIORITY_SHIFT 48
#define LR_PRIORITY(value) ((uint8_t)((value) >> LR_PRIORITY_SHIFT))
#define LR_PHYSICAL_SHIFT 32

/* ICH_HCR_EL2. */
#define ICH_HCR_EN BIT64(0)
#define ICH_HCR_UIE BIT64(1)  /* underflow: none or one list register in use */
#define ICH_HCR_NPIE BIT64(3) /* no list register is pending */

/* ICH_VMCR_EL2 at reset: nothing enabled, binary points at their minimum for 5 priority bits. */
#define ICH_VMCR_VBPR0_SHIFT 21
#define ICH_VMCR_VBPR1_SHIFT 18
#define ICH_VMCR_RESET                                                                             \
	((UINT64_C(2) << ICH_VMCR_VBPR0_SHIFT) | (UINT64_C(3) << ICH_VMCR_VBPR1_SHIFT))

#define FOR_EACH_LR(X)                                                                             \
	X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)

static uint64_t read_lr(uint32_t n)
{
	switch (n) {
#define READ_LR(number)                                                                            \
	case number:                                                                               \
		return sysreg_read(ich_lr##number##_el2);
		FOR_EACH_LR(READ_LR)
	default:
		return 0;
	}
}

static void write_lr(uint32_t n, uint64_t value)
{
	switch (n) {
#define WRITE_LR(number)                                                                           \
	case number:                                                                               \
		sysreg_write(ich_lr##number##_el2, value);                                         \
		break;
		FOR_EACH_LR(WRITE_LR)
	default:
		break;
	}
}

static struct vgic_cpu *self_vgic(void)
{
	return &vgic_cpus[arch_cpu_self()->id];
}

/* A bit per list register that holds nothing. */
static uint32_t free_lrs(const struct vgic_cpu *cpu)
{
	return (uint32_t)sysreg_read(ich_elrsr_el2) & (BIT32(cpu->lr_count) - 1);
}

/* The list register with this interrupt; lr_count: none. */
static uint32_t find_lr(const struct vgic_cpu *cpu, uint32_t irq)
{
	uint32_t empty = free_lrs(cpu);
	uint32_t n = 0;

	while (n < cpu->lr_count && ((empty & BIT32(n)) != 0 || cpu->lr_irq[n] != irq)) {
		n++;
	}
	return n;
}

bool vgic_lr_insert(uint32_t irq, uint8_t priority, bool hardware)
{
	struct vgic_cpu *cpu = self_vgic();
	uint32_t empty = free_lrs(cpu);
	uint32_t n = find_lr(cpu, irq);

	/*
	 * An SGI that is listed comes again. A physical interrupt is active while it is listed and does so
	 * only when the guest has cleared that from another CPU; its list register is then used anew, since
	 * one interrupt in two of them is unpredictable.
	 */
	if (n < cpu->lr_count && !hardware) {
		write_lr(n, read_lr(n) | LR_PENDING);
		return true;
	}
	if (n == cpu->lr_count) {
		if (empty == 0) {
			return false;
		}
		n = (uint32_t)__builtin_ctz(empty);
	}
	cpu->lr_irq[n] = (uint16_t)irq;
	write_lr(n, LR_PENDING | LR_GROUP1 | ((uint64_t)priority << LR_PRIORITY_SHIFT) |
			    (hardware ? LR_HW | ((uint64_t)irq << LR_PHYSICAL_SHIFT) : 0) | irq);
	return true;
}

static uint32_t listed(uint32_t word, uint64_t state)
{
	const struct vgic_cpu *cpu = self_vgic();
	uint32_t used = ~free_lrs(cpu) & (BIT32(cpu->lr_count) - 1);
	uint32_t bits = 0;

	for (; used != 0; used &= used - 1) {
		uint32_t n = (uint32_t)__builtin_ctz(used);

		if (cpu->lr_irq[n] / 32 == word && (read_lr(n) & state) != 0) {
			bits |= BIT32(cpu->lr_irq[n] % 32);
		}
	}
	return bits;
}

uint32_t vgic_lr_pending(uint32_t word)
{
	return listed(word, LR_PENDING);
}

uint32_t vgic_lr_active(uint32_t word)
{
	return listed(word, LR_ACTIVE);
}

static bool drop(uint32_t irq, uint64_t state)
{
	const struct vgic_cpu *cpu = self_vgic();
	uint32_t n = find_lr(cpu, irq);
	uint64_t value;

	if (n == cpu->lr_count) {
		return false;
	}
	value = read_lr(n) & ~state;
	write_lr(n, (value & LR_STATE_MASK) != 0 ? value : 0);
	return (value & LR_STATE_MASK) == 0;
}

bool vgic_lr_drop_pending(uint32_t irq)
{
	return drop(irq, LR_PENDING);
}

bool vgic_lr_drop_active(uint32_t irq)
{
	return drop(irq, LR_ACTIVE);
}

bool vgic_lr_any_pending(void)
{
	const struct vgic_cpu *cpu = self_vgic();
	uint32_t used = ~free_lrs(cpu) & (BIT32(cpu->lr_count) - 1);

	for (; used != 0; used &= used - 1) {
		if ((read_lr((uint32_t)__builtin_ctz(used)) & LR_PENDING) != 0) {
			return true;
		}
	}
	return false;
}

bool vgic_lr_least_urgent(uint32_t *irq, uint8_t *priority)
{
	const struct vgic_cpu *cpu = self_vgic();
	uint32_t used = ~free_lrs(cpu) & (BIT32(cpu->lr_count) - 1);
	bool found = false;

	for (; used != 0; used &= used - 1) {
		uint32_t n = (uint32_t)__builtin_ctz(used);
		uint64_t value = read_lr(n);

		if ((value & LR_STATE_MASK) == LR_PENDING &&
		    (!found || LR_PRIORITY(value) > *priority)) {
			found = true;
			*irq = cpu->lr_irq[n];
			*priority = LR_PRIORITY(value);
		}
	}
	return found;
}

void vgic_lr_want_room(bool want)
{
	uint64_t value = ICH_HCR_EN;

	if (want) {
		/* With nothing pending, that it is so is no news. */
		value |= ICH_HCR_UIE | (vgic_lr_any_pending() ? ICH_HCR_NPIE : 0);
	}
	sysreg_write(ich_hcr_el2, value);
	barrier_isb();
}

void vgic_lr_start(void)
{
	const struct vgic_cpu *cpu = self_vgic();

	for (uint32_t n = 0; n < cpu->lr_count; n++) {
		write_lr(n, 0);
	}
	sysreg_write(ich_ap0r0_el2, 0);
	sysreg_write(ich_ap1r0_el2, 0);
	sysreg_write(ich_vmcr_el2, ICH_VMCR_RESET);
	sysreg_write(ich_hcr_el2, ICH_HCR_EN);
	barrier_isb();
}

void vgic_lr_stop(void (*recall)(uint32_t irq, bool hardware, bool pending))
{
	const struct vgic_cpu *cpu = self_vgic();
	uint32_t used = ~free_lrs(cpu) & (BIT32(cpu->lr_count) - 1);

	for (; used != 0; used &= used - 1) {
		uint32_t n = (uint32_t)__builtin_ctz(used);
		uint64_t value = read_lr(n);

		write_lr(n, 0);
		recall(cpu->lr_irq[n], (value & LR_HW) != 0, (value & LR_PENDING) != 0);
	}
	sysreg_write(ich_hcr_el2, 0);
	barrier_isb();
}
