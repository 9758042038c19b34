/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Architecture dispatcher: the handful of operations that must be inlined. Every architecture's
 * header defines
 *   struct cpu *arch_cpu_self(void)   this CPU
 *   void arch_cpu_relax(void)         hint inside a busy-wait
 *   void arch_wait_for_interrupt(void) sleeps until an interrupt is pending, even if masked
 *   uint64_t arch_counter(void)       monotonic counter, the same on every CPU
 *   uint64_t arch_counter_hz(void)    its rate
 *   void arch_alarm_set(uint64_t at)  interrupts this CPU with ARCH_ALARM_IRQ when the counter gets there
 *   void arch_alarm_clear(void)       takes that back
 */
#pragma once

#include <autoconf.h>

#if defined(CONFIG_ARCH_ARM)
#include <arm/inline.h>
#elif defined(CONFIG_ARCH_FAKE)
#include <fake/inline.h>
#else
#error "no architecture selected"
#endif
