/* SPDX-License-Identifier: Apache-2.0 */
/* Latency statistics in integers only; built for rt and for host tests. */

#include "stats.h"

#include <baremetal/format.h>

void stats_reset(struct stats *stats)
{
	*stats = (struct stats){ .latency_min = UINT64_MAX };
}

uint64_t stats_add(struct stats *stats, uint64_t deadline, uint64_t now, uint64_t period)
{
	/* A timer can't fire early; should the counter say so all the same, that is no latency. */
	uint64_t latency = now > deadline ? now - deadline : 0;
	uint64_t missed = latency / period;

	stats->periods++;
	stats->missed += missed;
	stats->latency_sum += latency;
	if (latency < stats->latency_min) {
		stats->latency_min = latency;
	}
	if (latency > stats->latency_max) {
		stats->latency_max = latency;
	}
	return deadline + (missed + 1) * period;
}

/* Tenths of a microsecond; splits off whole seconds so that nothing overflows. */
static uint64_t tenths_of_us(uint64_t ticks, uint64_t hz)
{
	return ticks / hz * 10000000 + ticks % hz * 10000000 / hz;
}

size_t stats_describe(const struct stats *stats, uint64_t hz, char *text, size_t size)
{
	uint64_t min = 0, average = 0, max = 0;

	if (stats->periods > 0) {
		min = tenths_of_us(stats->latency_min, hz);
		average = tenths_of_us(stats->latency_sum / stats->periods, hz);
		max = tenths_of_us(stats->latency_max, hz);
	}
	return format_text(text, size,
			   "%llu periods, latency min/avg/max %llu.%llu/%llu.%llu/%llu.%llu us, "
			   "missed %llu",
			   (unsigned long long)stats->periods, (unsigned long long)(min / 10),
			   (unsigned long long)(min % 10), (unsigned long long)(average / 10),
			   (unsigned long long)(average % 10), (unsigned long long)(max / 10),
			   (unsigned long long)(max % 10), (unsigned long long)stats->missed);
}
