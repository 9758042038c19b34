/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A virtual PL011 per VM (Arm DDI 0183, "PrimeCell UART"): enough for any driver, with the console's
 * rings where the wire would be. Its interrupt is an unused physical line that the hypervisor pends.
 */
#pragma once

#include <bao/mmio.h>

/* An access to the UART's window. */
bool vuart_access(const struct plan_window *window, struct mmio_access *access);

/* A character typed for this VM; false: the receive FIFO is full. On the console's CPU. */
bool vuart_receive(uint32_t vm, char character);

/* The VM's transmit ring has room again. On the console's CPU. */
void vuart_transmit_ready(uint32_t vm);

/* The VM starts afresh: registers to their reset values, FIFO empty. */
void vuart_reset(uint32_t vm);
