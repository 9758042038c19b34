/* SPDX-License-Identifier: Apache-2.0 */
/* Broken configurations: what is broken, and what the planner must say about it. */
#pragma once

#include "system.h"

struct breakage {
	enum rule rule;
	void (*apply)(struct system *s);
	const char *where; /* "linux: devs[1]": what the message begins with, after the severity */
	const char *other; /* the other owner, or what the message must tell */
};

/* Lists end with a row without `apply`. */
extern const struct breakage breakages_lists[];
extern const struct breakage breakages_support[];
extern const struct breakage breakages_memory[];
extern const struct breakage breakages_devices[];
extern const struct breakage breakages_images[];
extern const struct breakage breakages_channels[];
extern const struct breakage breakages_trees[]; /* with libfdt */
