/* SPDX-License-Identifier: Apache-2.0 */
/* Statistics of a periodic task: how late its handler ran. Times are counter ticks. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct stats {
	uint64_t periods; /* handled */
	uint64_t missed;  /* periods whose handler had not run when the next began */
	uint64_t latency_min;
	uint64_t latency_max;
	uint64_t latency_sum;
};

void stats_reset(struct stats *stats);

/*
 * Records that the handler of the period that began at `deadline` runs at `now`. Answers the begin of
 * the next period that is still to come: more than `period` later if some were missed.
 */
uint64_t stats_add(struct stats *stats, uint64_t deadline, uint64_t now, uint64_t period);

/* Writes "12000 periods, latency min/avg/max 1.2/1.5/3.0 us, missed 0"; size >= 1. Answers its length. */
size_t stats_describe(const struct stats *stats, uint64_t hz, char *text, size_t size);
