/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules about what is put in a VM's memory before it starts: image, initrd, device tree, and the
 * first instruction. The boot protocol is that of arm64 Linux (Documentation/arm64/booting).
 */
#include "arm64_image.h"
#include "claims.h"

#define INITRD_WINDOW (UINT64_C(32) << 30)

static struct range blob_range(const struct blob *blob)
{
	return (struct range){ blob->va, blob->memory_size };
}

static void check_in_place(struct planner *p, const struct model_vm *vm, const struct blob *image)
{
	const struct vm_mem_region *region =
		vm_region_of(vm, (struct range){ image->va, image->size });
	bool loaded = image->source == BLOB_LOADED;

	if (!is_aligned(image->va, PAGE_SIZE) || (loaded && !is_aligned(image->pa, PAGE_SIZE))) {
		REPORT(p, IMAGE_IN_PLACE, image->where,
		       "an image used in place is mapped page by page, and base_addr is 0x%llx, "
		       "load_addr "
		       "0x%llx; use multiples of 0x1000, or let it be copied (inplace = false)",
		       (unsigned long long)image->va, (unsigned long long)image->pa);
	}
	if (region != NULL && region->place_phys &&
	    !(loaded && image->pa == region->phys + (image->va - region->base))) {
		REPORT(p, IMAGE_IN_PLACE, image->where,
		       "its region is fixed at physical 0x%llx but the image, used in place, is "
		       "not at the "
		       "address that follows from it; let the planner place the region "
		       "(place_phys = false), or "
		       "let the image be copied (inplace = false)",
		       (unsigned long long)region->phys);
	}
	if (vm->config.on_fault == VM_ON_FAULT_RESTART) {
		REPORT(p, IMAGE_IN_PLACE_RESTART, image->where,
		       "an image used in place has no pristine copy to restart from, and "
		       "on_fault of %s is "
		       "VM_ON_FAULT_RESTART; let it be copied (inplace = false), or choose "
		       "another policy",
		       vm->name);
	}
}

static void check_linux(struct planner *p, const struct blob *image)
{
	uint64_t offset = arm64_image_text_offset(image->file->data);

	if (!is_aligned(image->va - offset, BLOCK_2M)) {
		REPORT(p, IMAGE_LINUX_ALIGNMENT, image->where,
		       "base_addr 0x%llx; this arm64 kernel starts 0x%llx bytes after a multiple "
		       "of 2 MiB, use "
		       "0x%llx",
		       (unsigned long long)image->va, (unsigned long long)offset,
		       (unsigned long long)(align_down(image->va - offset, BLOCK_2M) + offset));
	}
}

static void check_image(struct planner *p, const struct model_vm *vm)
{
	const struct blob *image = &vm->image;
	struct range range = { image->va, image->size };

	if (image->source == BLOB_NONE) {
		return;
	}
	if (vm_region_of(vm, range) == NULL) {
		REPORT(p, IMAGE_OUTSIDE_REGION, image->where,
		       "VM addresses %s are not within one region of %s; move base_addr, or "
		       "enlarge the region",
		       range_text(p, range), vm->name);
	} else if (vm_region_of(vm, blob_range(image)) == NULL) {
		REPORT(p, IMAGE_BSS, image->where,
		       "this kernel needs %s of memory from 0x%llx on (its file is %s), more "
		       "than the region of %s "
		       "has there; enlarge the region",
		       size_text(&p->arena, image->memory_size), (unsigned long long)image->va,
		       size_text(&p->arena, image->size), vm->name);
	}
	if (image->source == BLOB_LOADED &&
	    !ram_contains(p->inputs.board, (struct range){ image->pa, image->size })) {
		REPORT(p, IMAGE_LOADED, image->where,
		       "load_addr: physical %s is not in RAM of board %s; let the boot loader "
		       "put it in RAM",
		       range_text(p, (struct range){ image->pa, image->size }),
		       p->inputs.board->name);
	}
	if (image->in_place) {
		check_in_place(p, vm, image);
	}
	if (image->file != NULL && arm64_image_present(image->file->data, image->file->size)) {
		check_linux(p, image);
	}
}

static void check_entry(struct planner *p, const struct model_vm *vm)
{
	const struct blob *image = &vm->image;
	const char *where = arena_printf(&p->arena, "%s: entry", vm->name);
	struct range instruction = { vm->config.entry, 4 };
	const struct vm_mem_region *home;

	if (image->source == BLOB_NONE) {
		return;
	}
	home = vm_region_of(vm, (struct range){ image->va, image->size });
	if (!is_aligned(vm->config.entry, 4)) {
		REPORT(p, ENTRY_UNALIGNED, where, "0x%llx; an instruction is at a multiple of 4",
		       (unsigned long long)vm->config.entry);
	}
	if (home != NULL && vm_region_of(vm, instruction) != home) {
		REPORT(p, ENTRY_OUTSIDE, where,
		       "0x%llx is not in the region that the image of %s lies in, %s; set entry "
		       "to the image's "
		       "first instruction (its base_addr is 0x%llx)",
		       (unsigned long long)vm->config.entry, vm->name,
		       range_text(p, (struct range){ home->base, home->size }),
		       (unsigned long long)image->va);
	} else if (!range_contains((struct range){ image->va, image->size }, instruction)) {
		REPORT(p, ENTRY_NOT_IN_IMAGE, where,
		       "0x%llx is not within the image of %s, %s, so memory that nothing "
		       "initialised would run; "
		       "set entry to the image's first instruction",
		       (unsigned long long)vm->config.entry, vm->name,
		       range_text(p, (struct range){ image->va, image->size }));
	}
}

static void check_place_of(struct planner *p, const struct model_vm *vm, const struct blob *blob)
{
	if (blob->source != BLOB_NONE && blob->va_known &&
	    vm_region_of(vm, blob_range(blob)) == NULL) {
		REPORT(p, BLOB_OUTSIDE_MEMORY, blob->where,
		       "VM addresses %s are not within one region of %s; move base_addr, or "
		       "leave it 0 for the "
		       "planner to choose",
		       range_text(p, blob_range(blob)), vm->name);
	}
}

static void check_overlaps(struct planner *p, const struct model_vm *vm)
{
	const struct blob *blobs[] = { &vm->image, &vm->initrd, &vm->dtb };

	for (size_t i = 1; i < sizeof(blobs) / sizeof(blobs[0]); i++) {
		for (size_t n = 0; n < i; n++) {
			const struct blob *a = blobs[i];
			const struct blob *b = blobs[n];

			if (a->source == BLOB_NONE || b->source == BLOB_NONE || !a->va_known ||
			    !b->va_known || !range_overlaps(blob_range(a), blob_range(b))) {
				continue;
			}
			REPORT(p, BLOB_OVERLAP, a->where,
			       "VM addresses %s overlap the %s of %s, %s%s; move one of them, or "
			       "leave base_addr 0 "
			       "for the planner to choose",
			       range_text(p, blob_range(a)), b->what, vm->name,
			       range_text(p, blob_range(b)),
			       b->memory_size > b->size ? " with the memory the kernel clears"
							: "");
		}
	}
}

static void check_boot_protocol(struct planner *p, const struct model_vm *vm)
{
	const struct blob *dtb = &vm->dtb;
	const struct blob *initrd = &vm->initrd;
	struct range window = { align_down(vm->image.va, BLOCK_1G), INITRD_WINDOW };

	if (dtb->source != BLOB_NONE && dtb->size > DTB_MAX_SIZE) {
		REPORT(p, BOOT_PROTOCOL, dtb->where,
		       "its size 0x%llx is more than 2 MiB; make it smaller",
		       (unsigned long long)dtb->size);
	} else if (dtb->source != BLOB_NONE && dtb->va_known &&
		   (!is_aligned(dtb->va, 8) ||
		    dtb->va / BLOCK_2M != (dtb->va + dtb->size - 1) / BLOCK_2M)) {
		REPORT(p, BOOT_PROTOCOL, dtb->where,
		       "base_addr 0x%llx, size 0x%llx: a tree starts at a multiple of 8 and "
		       "crosses no multiple of "
		       "2 MiB; use a multiple of 2 MiB, or 0 for the planner to choose",
		       (unsigned long long)dtb->va, (unsigned long long)dtb->size);
	}
	if (initrd->source != BLOB_NONE && initrd->va_known && vm->image.source != BLOB_NONE &&
	    !range_contains(window, blob_range(initrd))) {
		REPORT(p, BOOT_PROTOCOL, initrd->where,
		       "%s is out of reach of the kernel: both lie in one window of 32 GiB that "
		       "starts at a "
		       "multiple of 1 GiB, %s here; move base_addr, or leave it 0 for the "
		       "planner to choose",
		       range_text(p, blob_range(initrd)), range_text(p, window));
	}
}

static void check_unused(struct planner *p, const struct model_vm *vm)
{
	const struct vm_config *wanted = &vm->config;

	if (wanted->dtb.file != NULL && wanted->dtb.generate) {
		REPORT(p, DTB_TWICE, vm->dtb.where,
		       "a file (\"%s\") is given and one is to be generated; keep one of the two",
		       wanted->dtb.file);
	}
	if (wanted->bootargs != NULL && !wanted->dtb.generate) {
		REPORT(p, BOOTARGS_UNUSED, arena_printf(&p->arena, "%s: bootargs", vm->name),
		       "\"%s\" reaches nobody: boot arguments are part of a generated tree; set "
		       "dtb.generate, or "
		       "put them in your tree",
		       wanted->bootargs);
	}
	if (wanted->initrd.file != NULL && !wanted->dtb.generate && wanted->dtb.file == NULL) {
		REPORT(p, INITRD_UNUSED, vm->initrd.where,
		       "the guest is not told where it is, for %s has no device tree; set "
		       "dtb.generate or dtb.file",
		       vm->name);
	}
}

void check_blobs(struct planner *p)
{
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct model_vm *vm = &p->model.vms[v];

		check_image(p, vm);
		check_entry(p, vm);
		check_place_of(p, vm, &vm->initrd);
		check_place_of(p, vm, &vm->dtb);
		check_overlaps(p, vm);
		check_boot_protocol(p, vm);
		check_unused(p, vm);
	}
}
