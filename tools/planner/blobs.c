/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is put in each VM's memory before it starts: resolves the handles of VM_IMAGE_OFFSET() and
 * VM_IMAGE_SIZE(), reads the files, reads the header of arm64 kernels. Where it goes is checked in
 * check_blobs.c and chosen in layout.c.
 */
#include "planner.h"

#include <string.h>

#include "arm64_image.h"

static bool is_handle(uint64_t value, uint64_t handle)
{
	return (value & BAO_IMAGE_HANDLE_MASK) == handle;
}

static const struct config_image_record *record_of(struct planner *p, uint64_t handle)
{
	for (size_t i = 0; i < p->inputs.image_count; i++) {
		const struct config_image_record *record = p->inputs.images[i];

		if (record != NULL && record->index == (handle & BAO_IMAGE_INDEX_MASK)) {
			return record;
		}
	}
	return NULL;
}

/* The file a handle stands for; NULL, reported, when there is none. */
static struct file *file_of(struct planner *p, const struct blob *blob, uint64_t handle)
{
	const struct config_image_record *record = record_of(p, handle);

	if (record == NULL) {
		REPORT(p, IMAGE_MISSING, blob->where,
		       "it refers to an image that no VM_IMAGE() declares; declare it with "
		       "VM_IMAGE() in the "
		       "configuration file");
		return NULL;
	}
	return file_read(p, record->path, record->file, blob->where);
}

/* image.size as bytes; 0 when it can't be known. */
static uint64_t resolve_size(struct planner *p, struct blob *blob, uint64_t size)
{
	struct file *file = blob->file;

	if (is_handle(size, BAO_IMAGE_SIZE_HANDLE)) {
		file = file_of(p, blob, size);
		if (file == NULL) {
			return 0;
		}
		size = file->size;
	}
	if (blob->file != NULL && size == 0) {
		return blob->file->size;
	}
	if (blob->file != NULL && (size > blob->file->size || file != blob->file)) {
		REPORT(p, IMAGE_SIZE, blob->where,
		       "its size is 0x%llx bytes but \"%s\" has 0x%llx; use VM_IMAGE_SIZE() of "
		       "the same image",
		       (unsigned long long)size, blob->file->path,
		       (unsigned long long)blob->file->size);
		return 0;
	}
	return size;
}

static void resolve_image(struct planner *p, struct model_vm *vm)
{
	const struct vm_image_config *wanted = &vm->config.image;
	struct blob *blob = &vm->image;
	bool handle = is_handle(wanted->load_addr, BAO_IMAGE_OFFSET_HANDLE);

	blob->va = wanted->base_addr;
	blob->va_known = true;
	blob->in_place = wanted->inplace;
	if (handle == wanted->separately_loaded) {
		const char *what = handle ? "an image of a VM_IMAGE() is built in, yet "
					    "separately_loaded is set"
					  : "the VM has no image: it is neither built in nor "
					    "separately loaded";

		REPORT(p, IMAGE_MISSING, blob->where,
		       "%s; use VM_IMAGE_BUILTIN(name, base) with a VM_IMAGE(), or "
		       "VM_IMAGE_LOADED(base, load, size)",
		       what);
		return;
	}
	if (handle) {
		blob->file = file_of(p, blob, wanted->load_addr);
		if (blob->file == NULL) {
			return;
		}
	}
	blob->size = resolve_size(p, blob, wanted->size);
	if (blob->size == 0) {
		if (!handle) {
			REPORT(p, IMAGE_SIZE, blob->where,
			       "its size is 0; say how many bytes the boot loader puts there");
		}
		return;
	}
	blob->source = handle ? BLOB_BUILT_IN : BLOB_LOADED;
	blob->pa = handle ? 0 : wanted->load_addr;
	blob->memory_size = blob->size;
	if (blob->file != NULL && arm64_image_present(blob->file->data, blob->file->size)) {
		uint64_t needed = arm64_image_memory_size(blob->file->data);

		blob->memory_size = needed > blob->size ? needed : blob->size;
	}
}

static void read_blob(struct planner *p, struct blob *blob, const char *path, uint64_t va)
{
	if (path == NULL) {
		return;
	}
	blob->file = file_read(p, path, p->inputs.config_path, blob->where);
	if (blob->file == NULL) {
		return;
	}
	blob->source = BLOB_BUILT_IN;
	blob->size = blob->file->size;
	blob->memory_size = blob->size;
	blob->va = va;
	blob->va_known = va != 0;
}

static void name_blob(struct planner *p, const struct model_vm *vm, struct blob *blob,
		      const char *what)
{
	blob->what = what;
	blob->where = arena_printf(&p->arena, "%s: %s", vm->name, what);
}

static void check_unused(struct planner *p)
{
	for (size_t i = 0; i < p->inputs.image_count; i++) {
		const struct config_image_record *record = p->inputs.images[i];
		bool used = record == NULL;

		for (uint32_t v = 0; v < p->model.vm_count && !used; v++) {
			const struct vm_image_config *image = &p->model.vms[v].config.image;

			used = is_handle(image->load_addr, BAO_IMAGE_OFFSET_HANDLE) &&
			       (image->load_addr & BAO_IMAGE_INDEX_MASK) == record->index;
			used = used || (is_handle(image->size, BAO_IMAGE_SIZE_HANDLE) &&
					(image->size & BAO_IMAGE_INDEX_MASK) == record->index);
		}
		if (!used) {
			REPORT(p, IMAGE_UNUSED, "config",
			       "no VM uses VM_IMAGE(%s, \"%s\"); remove it, or use it in a VM's "
			       "image",
			       record->name, record->path);
		}
	}
}

void blobs_build(struct planner *p)
{
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		struct model_vm *vm = &p->model.vms[v];

		name_blob(p, vm, &vm->image, "image");
		name_blob(p, vm, &vm->initrd, "initrd");
		name_blob(p, vm, &vm->dtb, "dtb");
		resolve_image(p, vm);
		read_blob(p, &vm->initrd, vm->config.initrd.file, vm->config.initrd.base_addr);
		if (!vm->config.dtb.generate) {
			read_blob(p, &vm->dtb, vm->config.dtb.file, vm->config.dtb.base_addr);
		}
	}
	check_unused(p);
}
