/* SPDX-License-Identifier: Apache-2.0 */
/* Reads images, initrds and device trees, each once, and remembers them for the depfile. */
#include "planner.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* FNV-1a, 64 bits: tells a changed file from an unchanged one. */
static uint64_t hash_bytes(const uint8_t *data, uint64_t size)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (uint64_t i = 0; i < size; i++) {
		hash = (hash ^ data[i]) * UINT64_C(0x100000001b3);
	}
	return hash;
}

static const char *resolve(struct planner *p, const char *path, const char *beside)
{
	const char *slash = beside != NULL ? strrchr(beside, '/') : NULL;

	if (path[0] == '/' || slash == NULL) {
		return path;
	}
	return arena_printf(&p->arena, "%.*s/%s", (int)(slash - beside), beside, path);
}

static struct file *add_file(struct planner *p, const char *path)
{
	struct model *model = &p->model;
	struct file *file = arena_alloc(&p->arena, 1, sizeof(*file));

	if (model->all_file_count == model->all_file_capacity) {
		struct file **more;

		model->all_file_capacity = 2 * model->all_file_capacity + 16;
		more = arena_alloc(&p->arena, model->all_file_capacity, sizeof(struct file *));
		if (model->all_file_count != 0) {
			memcpy(more, model->all_files,
			       model->all_file_count * sizeof(struct file *));
		}
		model->all_files = more;
	}
	file->path = path;
	model->all_files[model->all_file_count++] = file;
	return file;
}

/* The content, or NULL with a reason in *why. */
static uint8_t *read_bytes(struct planner *p, const char *path, uint64_t *size, const char **why)
{
	FILE *stream = fopen(path, "rb");
	struct stat status;
	uint8_t *data = NULL;

	if (stream == NULL) {
		*why = strerror(errno);
		return NULL;
	}
	if (fstat(fileno(stream), &status) != 0 || !S_ISREG(status.st_mode)) {
		*why = "it is not a regular file";
	} else if (status.st_size == 0) {
		*why = "it is empty";
	} else {
		*size = (uint64_t)status.st_size;
		data = arena_alloc(&p->arena, (size_t)*size, 1);
		if (fread(data, 1, (size_t)*size, stream) != *size) {
			*why = "it can't be read to its end";
			data = NULL;
		}
	}
	fclose(stream);
	return data;
}

struct file *file_read(struct planner *p, const char *path, const char *beside, const char *where)
{
	const char *resolved = resolve(p, path, beside);
	struct file *file = NULL;

	for (uint32_t i = 0; i < p->model.all_file_count; i++) {
		if (strcmp(p->model.all_files[i]->path, resolved) == 0) {
			file = p->model.all_files[i];
		}
	}
	if (file == NULL) {
		file = add_file(p, resolved);
		file->data = read_bytes(p, resolved, &file->size, &file->why);
	}
	if (file->data == NULL) {
		REPORT(p, IMAGE_FILE, where,
		       "cannot use \"%s\": %s; build it first, or mend the path%s", resolved,
		       file->why,
		       path[0] == '/' ? ""
				      : " (relative paths start in the configuration's folder)");
		return NULL;
	}
	file->hash = hash_bytes(file->data, file->size);
	return file;
}

struct file *file_generated(struct planner *p, const char *name, const void *data, uint64_t size)
{
	struct file *file = arena_alloc(&p->arena, 1, sizeof(*file));
	uint8_t *copy = arena_alloc(&p->arena, (size_t)size, 1);

	memcpy(copy, data, (size_t)size);
	*file = (struct file){
		.path = name,
		.generated = true,
		.data = copy,
		.size = size,
		.hash = hash_bytes(copy, size),
	};
	return file;
}
