/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about remote I/O: every frontend has one backend, in another VM, over the same memory. */
#include "planner.h"

static const char *const type_names[] = {
	[REMIO_DEV_FRONTEND] = "frontend",
	[REMIO_DEV_BACKEND] = "backend",
};

/* A row of some VM's remio_devs. */
struct end {
	const struct model_vm *vm;
	size_t index;
	const struct remio_dev *dev;
};

/* The first row with this key and type that is not `self`; false if there is none. */
static bool find_end(const struct planner *p, const struct end *self, enum remio_dev_type type,
		     struct end *found)
{
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct vm_platform *platform = &p->model.vms[v].config.platform;

		for (size_t i = 0; i < platform->remio_dev_num; i++) {
			const struct remio_dev *dev = &platform->remio_devs[i];

			if (dev != self->dev && dev->bind_key == self->dev->bind_key &&
			    dev->type == type) {
				*found = (struct end){ &p->model.vms[v], i, dev };
				return true;
			}
		}
	}
	return false;
}

static void check_pair_shmem(struct planner *p, const struct end *self, const struct end *other,
			     const char *where)
{
	const struct remio_shmem *a = &self->dev->shmem;
	const struct remio_shmem *b = &other->dev->shmem;
	bool differ = (a->size == 0) != (b->size == 0) ||
		      (a->size != 0 && a->shmem_id != b->shmem_id);

	if (differ && self->dev->type == REMIO_DEV_FRONTEND) {
		REPORT(p, REMIO_SHMEM, where,
		       "its shared memory (shmem_id %zu, size 0x%llx) is not that of its "
		       "backend, %s (shmem_id "
		       "%zu, size 0x%llx); give both the same shmem_id, or neither one",
		       a->shmem_id, (unsigned long long)a->size,
		       owner_text(p, other->vm, "remio_devs", other->index), b->shmem_id,
		       (unsigned long long)b->size);
	}
}

static void check_pairing(struct planner *p, const struct end *self, const char *where)
{
	enum remio_dev_type type = self->dev->type;
	enum remio_dev_type opposite = type == REMIO_DEV_FRONTEND ? REMIO_DEV_BACKEND
								  : REMIO_DEV_FRONTEND;
	unsigned long long key = self->dev->bind_key;
	struct end other;

	if (find_end(p, self, type, &other)) {
		REPORT(p, REMIO_DUPLICATE, where,
		       "bind_key %llu has two %ss, this one and %s; give each pair a key of its "
		       "own",
		       key, type_names[type], owner_text(p, other.vm, "remio_devs", other.index));
	}
	if (!find_end(p, self, opposite, &other)) {
		REPORT(p, REMIO_UNPAIRED, where,
		       "this %s with bind_key %llu has no %s; add one with the same key to "
		       "another VM",
		       type_names[type], key, type_names[opposite]);
		return;
	}
	if (other.vm == self->vm) {
		REPORT(p, REMIO_SAME_VM, where,
		       "bind_key %llu pairs it with %s, in the same VM, which would wait for "
		       "itself; move one "
		       "of them to another VM",
		       key, owner_text(p, other.vm, "remio_devs", other.index));
	}
	check_pair_shmem(p, self, &other, where);
}

static void check_shmem_of(struct planner *p, const struct remio_shmem *shmem, const char *where)
{
	uint64_t limit;

	if (shmem->size == 0) {
		return;
	}
	if (shmem->shmem_id >= p->model.shmem_count) {
		REPORT(p, REMIO_SHMEM, where,
		       "shmem.shmem_id %zu, but shmemlist has %u shared memories; use an index "
		       "below %u, or add "
		       "one to shmemlist",
		       shmem->shmem_id, p->model.shmem_count, p->model.shmem_count);
		return;
	}
	limit = p->model.shmems[shmem->shmem_id].config.size;
	if (shmem->size > limit || !is_aligned(shmem->base | shmem->size, PAGE_SIZE)) {
		REPORT(p, REMIO_SHMEM, where,
		       "shmem.base 0x%llx, shmem.size 0x%llx do not fit %s, 0x%llx bytes, in "
		       "whole pages; use "
		       "multiples of 0x1000 and at most that size",
		       (unsigned long long)shmem->base, (unsigned long long)shmem->size,
		       p->model.shmems[shmem->shmem_id].where, (unsigned long long)limit);
	}
}

static void check_remio_dev(struct planner *p, const struct end *self)
{
	const struct remio_dev *dev = self->dev;
	const char *where = where_text(p, self->vm, "remio_devs", self->index);

	if ((unsigned int)dev->type > REMIO_DEV_BACKEND) {
		return; /* reported by check_support() */
	}
	if (dev->type == REMIO_DEV_FRONTEND &&
	    (dev->size == 0 || !is_aligned(dev->va | dev->size, PAGE_SIZE))) {
		REPORT(p, REMIO_WINDOW, where,
		       "a frontend needs a window of whole pages, and va is 0x%llx, size 0x%llx; "
		       "use multiples "
		       "of 0x1000",
		       (unsigned long long)dev->va, (unsigned long long)dev->size);
	}
	check_pairing(p, self, where);
	check_shmem_of(p, &dev->shmem, where);
}

void check_remio(struct planner *p)
{
	for (uint32_t v = 0; v < p->model.vm_count; v++) {
		const struct model_vm *vm = &p->model.vms[v];

		for (size_t i = 0; i < vm->config.platform.remio_dev_num; i++) {
			struct end self = { vm, i, &vm->config.platform.remio_devs[i] };

			check_remio_dev(p, &self);
		}
	}
}
