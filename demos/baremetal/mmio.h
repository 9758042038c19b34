/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Device register access: exactly one load or store of the stated width per call. The instructions are
 * spelt out because a hypervisor that emulates a device can decode only simple ones: a compiler may
 * turn `volatile` accesses into pairs or forms with write-back, which leave no syndrome.
 */
#pragma once

#include <stdint.h>

static inline uint8_t mmio_read8(uintptr_t address)
{
	uint32_t value;

	__asm__ volatile("ldrb %w0, [%1]" : "=r"(value) : "r"(address) : "memory");
	return (uint8_t)value;
}

static inline uint32_t mmio_read32(uintptr_t address)
{
	uint32_t value;

	__asm__ volatile("ldr %w0, [%1]" : "=r"(value) : "r"(address) : "memory");
	return value;
}

static inline uint64_t mmio_read64(uintptr_t address)
{
	uint64_t value;

	__asm__ volatile("ldr %0, [%1]" : "=r"(value) : "r"(address) : "memory");
	return value;
}

static inline void mmio_write8(uintptr_t address, uint8_t value)
{
	__asm__ volatile("strb %w0, [%1]" : : "r"(value), "r"(address) : "memory");
}

static inline void mmio_write32(uintptr_t address, uint32_t value)
{
	__asm__ volatile("str %w0, [%1]" : : "r"(value), "r"(address) : "memory");
}

static inline void mmio_write64(uintptr_t address, uint64_t value)
{
	__asm__ volatile("str %0, [%1]" : : "r"(value), "r"(address) : "memory");
}
