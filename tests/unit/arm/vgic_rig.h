/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The virtual GIC on the model of the physical one, for its tests: every VM booted, all vCPUs on, nothing
 * enabled. Guests' registers are accessed as a trapped access would, through mmio_emulate(), and
 * interrupts go through core/irq.c and core/cpu.c as they are.
 */
#pragma once

#include <fake/test.h>

#include <arm/vgic/vgic.h>
#include <bao/arch/inline.h>
#include <bao/arch/vcpu.h>
#include <bao/arch/vm.h>
#include <bao/drivers/irqchip.h>
#include <bao/irq.h>
#include <bao/mmio.h>
#include <bao/vcpu.h>
#include <bao/vm.h>
#include <fake/gic.h>
#include <fake/machine.h>

#define GICD UINT64_C(0x08000000)
#define GICR(vcpu) (UINT64_C(0x080a0000) + (vcpu)*UINT64_C(0x20000))
#define SGI_BASE(vcpu) (GICR(vcpu) + UINT64_C(0x10000))

#define ISENABLER UINT64_C(0x100)
#define ICENABLER UINT64_C(0x180)
#define ISPENDR UINT64_C(0x200)
#define ICPENDR UINT64_C(0x280)
#define ISACTIVER UINT64_C(0x300)
#define ICACTIVER UINT64_C(0x380)
#define IPRIORITYR UINT64_C(0x400)
#define ICFGR UINT64_C(0xc00)
#define IROUTER UINT64_C(0x6000)

#define GROUP1 2u /* GICD_CTLR.EnableGrp1 */
#define LIST_REGISTERS 4u

static inline bool guest_access(uint32_t cpu, uint64_t ipa, uint32_t size, bool write,
				uint64_t *value)
{
	struct mmio_access access = { .size = size, .write = write, .value = *value };
	struct cpu *before = fake_self;
	bool known;

	fake_be(cpu);
	known = mmio_emulate(ipa, &access);
	fake_self = before;
	*value = access.value;
	return known;
}

static inline void guest_write(uint32_t cpu, uint64_t ipa, uint64_t value)
{
	assert_true(guest_access(cpu, ipa, 4, true, &value));
}

static inline uint32_t guest_read(uint32_t cpu, uint64_t ipa)
{
	uint64_t value = 0;

	assert_true(guest_access(cpu, ipa, 4, false, &value));
	return (uint32_t)value;
}

/* A bit of a bitmap register of interrupt `irq`: vCPU `vcpu`'s if it is private. */
static inline void guest_write_bit(uint32_t cpu, uint32_t vcpu, uint64_t bitmap, uint32_t irq)
{
	guest_write(cpu, (irq < 32 ? SGI_BASE(vcpu) : GICD) + bitmap + irq / 32 * 4,
		    BIT32(irq % 32));
}

static inline bool guest_read_bit(uint32_t cpu, uint32_t vcpu, uint64_t bitmap, uint32_t irq)
{
	uint64_t base = irq < 32 ? SGI_BASE(vcpu) : GICD;

	return (guest_read(cpu, base + bitmap + irq / 32 * 4) & BIT32(irq % 32)) != 0;
}

static inline void guest_write_priority(uint32_t cpu, uint32_t vcpu, uint32_t irq, uint8_t priority)
{
	uint64_t value = priority;

	assert_true(guest_access(cpu, (irq < 32 ? SGI_BASE(vcpu) : GICD) + IPRIORITYR + irq, 1,
				 true, &value));
}

static inline void guest_route(uint32_t cpu, uint32_t irq, uint64_t affinity)
{
	assert_true(guest_access(cpu, GICD + IROUTER + 8 * irq, 8, true, &affinity));
}

static inline void send_sgi(uint32_t cpu, uint64_t value)
{
	struct cpu *before = fake_self;

	fake_be(cpu);
	vgic_send_sgi(value);
	fake_self = before;
}

/* The CPU takes what the physical controller has for it, until there is nothing more. */
static inline void take_interrupts(uint32_t cpu)
{
	unsigned int count = 0;

	while (fake_interrupt_waits(cpu)) {
		(void)fake_run(cpu, irq_handle);
		count++;
		assert_true(count < 100); /* a storm */
	}
}

static inline void take_all_interrupts(void)
{
	for (uint32_t round = 0; round < 2; round++) {
		for (uint32_t cpu = 0; cpu < PLAN_CPU_COUNT; cpu++) {
			take_interrupts(cpu);
		}
	}
}

/* The guest on `cpu` takes and ends its most urgent interrupt; returns it. */
static inline uint32_t guest_serves(uint32_t cpu)
{
	uint32_t irq;

	take_interrupts(cpu);
	irq = fake_guest_acknowledge(cpu);
	if (irq != FAKE_GIC_SPURIOUS) {
		fake_guest_end(cpu, irq);
	}
	take_interrupts(cpu);
	return irq;
}

static inline void enable_group(uint32_t cpu)
{
	guest_write(cpu, GICD, GROUP1);
}

static inline void vgic_rig_boot(uint32_t list_registers)
{
	fake_machine_boot(CPU_ALPHA_0);
	fake_gic_reset(list_registers);
	memset(vms, 0, sizeof(vms));
	memset(vgics, 0, sizeof(vgics));
	memset(vgic_cpus, 0, sizeof(vgic_cpus));
	memset(vgic_spi_priority, 0, sizeof(vgic_spi_priority));
	memset(vgic_spi_route, 0, sizeof(vgic_spi_route));
	for (uint32_t vm = 0; vm < PLAN_VM_COUNT; vm++) {
		vms[vm].state = VM_RUNNING;
		arch_vm_reset_interrupts(vm);
	}
	for (uint32_t cpu = 0; cpu < PLAN_CPU_COUNT; cpu++) {
		if (cpus[cpu].vcpu.plan != NULL) {
			fake_be(cpu);
			cpus[cpu].vcpu.state = VCPU_ON;
			vgic_cpu_start();
		}
	}
	fake_be(CPU_ALPHA_0);
	for (uint32_t irq = 0; irq < PLAN_IRQ_COUNT; irq++) {
		for (uint32_t cpu = 0; cpu < PLAN_CPU_COUNT; cpu++) {
			fake_gic_line(cpu, irq)->touched = 0;
		}
	}
}

static inline int vgic_rig_setup(void **state)
{
	(void)state;
	vgic_rig_boot(LIST_REGISTERS);
	return 0;
}
