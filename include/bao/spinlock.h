/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ticket lock: first come, first served, so that waiting is bounded by the CPUs that can contend. Only
 * CPUs of one VM ever contend for a lock a guest can make us take. Not recursive.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#include <bao/arch/inline.h>

struct spinlock {
	_Atomic uint32_t next;
	_Atomic uint32_t serving;
};

static inline void spin_lock(struct spinlock *lock)
{
	uint32_t ticket = atomic_fetch_add_explicit(&lock->next, 1, memory_order_relaxed);

	/* Pairs with the release in spin_unlock(). */
	while (atomic_load_explicit(&lock->serving, memory_order_acquire) != ticket) {
		arch_cpu_relax();
	}
}

static inline void spin_unlock(struct spinlock *lock)
{
	uint32_t serving = atomic_load_explicit(&lock->serving, memory_order_relaxed);

	atomic_store_explicit(&lock->serving, serving + 1, memory_order_release);
}
