/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The physical console, shared by line: each VM's virtual UART and each CPU's log writes into a ring of
 * its own, and the console's CPU alone empties them into the UART. So nobody ever waits for the UART,
 * nor for another VM. Input goes to the VM in focus.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Boot CPU, once: the UART works, lines are written at once. */
void console_init(void);

/* Boot CPU, when the console's CPU takes interrupts: from now on lines are written from there. */
void console_start(void);

/* Queues text of a VM. Returns the bytes taken; the rest does not fit now. */
size_t console_vm_write(uint32_t vm, const char *text, size_t length);

/* Bytes of a VM's output that are queued, and how many fit in all. */
size_t console_vm_queued(uint32_t vm);
size_t console_vm_capacity(void);

/* Queues text of the hypervisor on this CPU, or drops it when the ring is full. */
void console_log_write(const char *text, size_t length);

/* On the console's CPU: moves queued text to the UART, and input to the focused VM. */
void console_service(void);

/* On the console's CPU: sends everything that is queued, waiting for the UART. No VM runs any more. */
void console_flush(void);

/* A panic speaks alone from here on, at once, from any CPU. */
void console_panic_write(const char *text, size_t length);
