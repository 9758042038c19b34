/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Emulated registers. A trapped access finds its window in the VM's plan, and the window's device finds
 * the register in a constant table, one row per register or array of registers.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <bao/plan.h>
#include <bao/util.h>

/* One trapped load or store. `offset` is from the start of the window. */
struct mmio_access {
	uint64_t offset;
	uint64_t value; /* write: what is stored, zero-extended; read: filled in */
	uint32_t size;  /* bytes: 1, 2, 4 or 8 */
	bool write;
};

#define MMIO_8 BIT32(1)
#define MMIO_16 BIT32(2)
#define MMIO_32 BIT32(4)
#define MMIO_64 BIT32(8)

/*
 * A register, or an array of equal ones: offsets [first, first + length). `sizes` is a set of MMIO_*.
 * A NULL handler reads as zero or ignores the write. `context` is the device's own.
 */
struct mmio_register {
	uint32_t first;
	uint32_t length; /* bytes */
	uint32_t sizes;
	uint64_t (*read)(void *context, const struct mmio_access *access);
	void (*write)(void *context, const struct mmio_access *access);
};

/*
 * Carries out an access by a table in ascending order of `first`. Offsets between rows read as zero and
 * ignore writes, for any naturally aligned access. False: a row does not allow this size, or the
 * access is misaligned.
 */
bool mmio_table_access(const struct mmio_register *table, size_t rows, void *context,
		       struct mmio_access *access) MUST_CHECK;

/*
 * Emulates an access of this CPU's vCPU to VM address `ipa`, with `access->offset` yet to be filled in.
 * False: no window there, or the device refuses the access; the caller reports a fault.
 */
bool mmio_emulate(uint64_t ipa, struct mmio_access *access) MUST_CHECK;
