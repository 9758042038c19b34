/* SPDX-License-Identifier: Apache-2.0 */
/* Physical interrupts: what is ours, and what goes to the guest. */
#pragma once

/*
 * Takes one physical interrupt of this CPU and delivers it. Entered from the exception vectors and
 * from cpu_idle(), with interrupts masked. May not return (a stop was requested).
 */
void irq_handle(void);
