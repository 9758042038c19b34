/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lays out the images area: everything built in, each from a page boundary on, in the order of the
 * VMs; a file that several VMs copy is there once. Images used in place come last, so that the part
 * the hypervisor itself reads is one range, and at the block offset their VM maps them at.
 */
#include "planner.h"

#include <string.h>

static struct stored *add_stored(struct planner *p, const struct model_vm *vm,
				 const struct blob *blob)
{
	struct stored *stored = &p->model.stored[p->model.stored_count++];

	*stored = (struct stored){
		.file = blob->file,
		.owner = arena_printf(&p->arena, "%s of %s", blob->what, vm->name),
		.in_place = blob->in_place,
	};
	return stored;
}

static struct stored *find_stored(struct planner *p, const struct file *file)
{
	for (uint32_t i = 0; i < p->model.stored_count; i++) {
		if (p->model.stored[i].file == file && !p->model.stored[i].in_place) {
			return &p->model.stored[i];
		}
	}
	return NULL;
}

/* Where the next stored file goes; congruent to the VM address so that blocks can map it. */
static uint64_t next_address(uint64_t end, const struct blob *blob)
{
	if (blob->in_place && blob->size >= BLOCK_2M) {
		return end + ((blob->va - end) & (BLOCK_2M - 1));
	}
	return end;
}

static void place_blob(struct planner *p, const struct model_vm *vm, struct blob *blob)
{
	struct stored *stored;
	uint64_t end = p->model.images_base + p->model.images_size;

	if (blob->source != BLOB_BUILT_IN) {
		return;
	}
	stored = blob->in_place ? NULL : find_stored(p, blob->file);
	if (stored == NULL) {
		stored = add_stored(p, vm, blob);
		stored->pa = next_address(end, blob);
		end = stored->pa + align_up(blob->file->size, PAGE_SIZE);
		p->model.images_size = end - p->model.images_base;
	}
	blob->pa = stored->pa;
}

void place_images(struct planner *p)
{
	struct model *model = &p->model;

	model->images_base = p->inputs.settings.hyp_base + p->inputs.settings.hyp_size;
	model->images_size = 0;
	model->stored_count = 0;
	model->stored = arena_alloc(&p->arena, 4 * (size_t)model->vm_count, sizeof(*model->stored));
	for (uint32_t v = 0; v < model->vm_count; v++) {
		struct model_vm *vm = &model->vms[v];

		if (!vm->image.in_place) {
			place_blob(p, vm, &vm->image);
		}
		place_blob(p, vm, &vm->initrd);
		place_blob(p, vm, &vm->dtb);
		place_blob(p, vm, &vm->bus);
	}
	model->images_copied_size = model->images_size;
	for (uint32_t v = 0; v < model->vm_count; v++) {
		if (model->vms[v].image.in_place) {
			place_blob(p, &model->vms[v], &model->vms[v].image);
		}
	}
}
