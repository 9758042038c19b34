/* SPDX-License-Identifier: Apache-2.0 */
/* Files of the planner's outputs. */
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool has_content(const char *path, const void *data, size_t size)
{
	FILE *stream = fopen(path, "rb");
	char *old;
	bool same;

	if (stream == NULL) {
		return false;
	}
	old = malloc(size + 1);
	same = old != NULL && fread(old, 1, size + 1, stream) == size &&
	       memcmp(old, data, size) == 0;
	free(old);
	fclose(stream);
	return same;
}

bool output_write(const char *path, const void *data, size_t size)
{
	FILE *stream;
	bool written;

	if (has_content(path, data, size)) {
		return true;
	}
	stream = fopen(path, "wb");
	written = stream != NULL && fwrite(data, 1, size, stream) == size;
	if (stream != NULL && fclose(stream) != 0) {
		written = false;
	}
	if (!written) {
		fprintf(stderr, "error: planner: cannot write %s: %s\n", path, strerror(errno));
	}
	return written;
}

static bool write_text(struct planner *p, const char *folder, const char *name, struct text *text)
{
	bool written = output_write(arena_printf(&p->arena, "%s/%s", folder, name), text->data,
				    text->size);

	text_free(text);
	return written;
}

static bool write_images(struct planner *p, const char *folder)
{
	char *absolute = realpath(folder, NULL);
	struct text text = { 0 };

	if (absolute == NULL) {
		fprintf(stderr, "error: planner: cannot use the folder %s: %s\n", folder,
			strerror(errno));
		return false;
	}
	emit_images(p, &text, absolute);
	free(absolute);
	return write_text(p, folder, "images.S", &text);
}

/* What the planner made for the images area: trees and buses. */
static bool write_generated(struct planner *p, const char *folder)
{
	for (uint32_t i = 0; i < p->model.stored_count; i++) {
		const struct file *file = p->model.stored[i].file;

		if (file->generated &&
		    !output_write(arena_printf(&p->arena, "%s/%s", folder, file->path), file->data,
				  file->size)) {
			return false;
		}
	}
	return true;
}

bool output_plan(struct planner *p, const char *folder)
{
	static const struct {
		const char *name;
		void (*emit)(struct planner *p, struct text *out);
	} outputs[] = {
		{ "plan.c", emit_plan_c }, { "plan.h", emit_plan_h }, { "plan.json", emit_json },
		{ "plan.txt", emit_txt },  { "plan.svg", emit_svg },
	};

	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++) {
		struct text text = { 0 };

		outputs[i].emit(p, &text);
		if (!write_text(p, folder, outputs[i].name, &text)) {
			return false;
		}
	}
	return write_generated(p, folder) && write_images(p, folder);
}

/* A path as Make and Ninja read it in a dependency file. */
static void depfile_path(struct text *out, const char *path)
{
	for (; *path != '\0'; path++) {
		if (*path == ' ' || *path == '#') {
			text_append(out, "\\", 1);
		} else if (*path == '$') {
			text_append(out, "$", 1);
		}
		text_append(out, path, 1);
	}
}

bool output_depfile(struct planner *p, const char *path, const char *target)
{
	struct text text = { 0 };
	bool written;

	depfile_path(&text, target);
	text_printf(&text, ":");
	for (uint32_t i = 0; i < p->model.all_file_count; i++) {
		text_printf(&text, " \\\n  ");
		depfile_path(&text, p->model.all_files[i]->path);
	}
	text_printf(&text, "\n");
	written = output_write(path, text.data, text.size);
	text_free(&text);
	return written;
}
