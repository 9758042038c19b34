/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the planner's outputs to files, touching only those whose content changed. */
#pragma once

#include "planner.h"

/* Writes the bytes unless the file has them already. False, with a line on stderr, on failure. */
bool output_write(const char *path, const void *data, size_t size);

/*
 * Writes plan.c, plan.h, images.S, plan.json, plan.txt, plan.svg and generated trees to `folder`.
 */
bool output_plan(struct planner *p, const char *folder);

/* Writes a Make rule: `target` depends on every file that was read. */
bool output_depfile(struct planner *p, const char *path, const char *target);
