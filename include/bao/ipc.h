/* SPDX-License-Identifier: Apache-2.0 */
/* Notifications over shared-memory channels. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <bao/mmio.h>

/*
 * Raises interrupt `event` of every other VM on channel `channel` of this CPU's VM. Returns
 * BAO_HC_SUCCESS, or BAO_HC_INVALID_ARGS when there is no such channel or no peer has such an event.
 */
int64_t ipc_notify(uint64_t channel, uint64_t event);

/* An access to a channel's doorbell page. */
bool ipc_doorbell_access(const struct plan_window *window, struct mmio_access *access);
