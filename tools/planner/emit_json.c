/* SPDX-License-Identifier: Apache-2.0 */
/* plan.json: the plan for scripts, such as the one that starts the emulator or a test. */
#include "planner.h"

#include <inttypes.h>

static const char *const kinds[] = {
	[PLAN_MEMORY_RAM] = "ram",
	[PLAN_MEMORY_SHARED] = "shared",
	[PLAN_MEMORY_DEVICE] = "device",
};

static void string(struct text *out, const char *value)
{
	text_append(out, "\"", 1);
	for (; *value != '\0'; value++) {
		unsigned char c = (unsigned char)*value;

		if (c == '"' || c == '\\') {
			text_printf(out, "\\%c", c);
		} else if (c < 0x20) {
			text_printf(out, "\\u%04x", c);
		} else {
			text_append(out, value, 1);
		}
	}
	text_append(out, "\"", 1);
}

static void emit_cpus(const struct plan *plan, struct text *out)
{
	uint32_t needed = 0;

	text_printf(out, "  \"cpus\": [\n");
	for (uint32_t i = 0; i < plan->system.cpu_count; i++) {
		const struct plan_cpu *cpu = &plan->cpus[i];

		text_printf(out, "    {\"index\": %u, \"hw_id\": %" PRIu64 ", ", i, cpu->hw_id);
		if (cpu->vm == PLAN_NONE8) {
			text_printf(out, "\"vm\": null, \"vcpu\": null}");
		} else {
			text_printf(out, "\"vm\": \"%s\", \"vcpu\": %u}", plan->vms[cpu->vm].name,
				    cpu->vcpu);
			needed = i + 1;
		}
		text_printf(out, "%s\n", i + 1 < plan->system.cpu_count ? "," : "");
	}
	text_printf(out, "  ],\n  \"cpus_needed\": %u,\n", needed);
}

static void emit_images_list(const struct model *model, struct text *out)
{
	text_printf(out, "  \"images\": [");
	for (uint32_t i = 0; i < model->stored_count; i++) {
		const struct stored *stored = &model->stored[i];

		text_printf(out,
			    "%s\n    {\"name\": \"%s\", \"base\": %" PRIu64 ", \"size\": %" PRIu64
			    ", \"in_place\": %s}",
			    i != 0 ? "," : "", stored->owner, stored->pa, stored->file->size,
			    stored->in_place ? "true" : "false");
	}
	text_printf(out, "%s],\n", model->stored_count != 0 ? "\n  " : "");
}

static void emit_vm_lists(const struct plan *plan, const struct plan_vm *vm, struct text *out)
{
	text_printf(out, "      \"vcpus\": [");
	for (uint32_t n = 0; n < vm->vcpu_count; n++) {
		text_printf(out, "%s%u", n != 0 ? ", " : "", plan->vcpu_cpus[vm->vcpu_first + n]);
	}
	text_printf(out, "],\n      \"extents\": [");
	for (uint32_t i = 0; i < vm->extent_count; i++) {
		const struct plan_extent *e = &plan->extents[vm->extent_first + i];

		text_printf(out,
			    "%s\n        {\"va\": %" PRIu64 ", \"pa\": %" PRIu64
			    ", \"size\": %" PRIu64 ", \"kind\": \"%s\", \"shmem\": ",
			    i != 0 ? "," : "", e->va, e->pa, e->size, kinds[e->kind]);
		if (e->shmem == PLAN_NONE32) {
			text_printf(out, "null}");
		} else {
			text_printf(out, "%u}", e->shmem);
		}
	}
	text_printf(out, "\n      ],\n      \"irqs\": [");
	for (uint32_t irq = 0, count = 0; irq < 32 * PLAN_IRQ_WORDS; irq++) {
		if ((vm->irqs[irq / 32] & (UINT32_C(1) << (irq % 32))) != 0) {
			text_printf(out, "%s%u", count++ != 0 ? ", " : "", irq);
		}
	}
	text_printf(out, "],\n");
}

static void emit_vm(struct planner *p, const struct model_vm *model, struct text *out)
{
	const struct vm_platform *platform = &model->config.platform;
	const struct plan_vm *vm = &p->plan.vms[model->index];

	text_printf(out, "    {\n      \"name\": \"%s\",\n", vm->name);
	emit_vm_lists(&p->plan, vm, out);
	text_printf(out, "      \"entry\": %" PRIu64 ",\n      \"boot_arg\": %" PRIu64 ",\n",
		    vm->entry, vm->boot_arg);
	text_printf(out, "      \"uart_irq\": %u,\n      \"console\": \"%s\",\n", vm->uart_irq,
		    vm->uart_irq != 0 ? "virtual" : "none");
	text_printf(out, "      \"devices\": [");
	for (size_t i = 0; i < platform->dev_num; i++) {
		text_printf(out, "%s", i != 0 ? ", " : "");
		string(out, device_name(p, &platform->devs[i]));
	}
	text_printf(out, "]\n    }");
}

void emit_json(struct planner *p, struct text *out)
{
	const struct plan_system *s = &p->plan.system;

	text_printf(out, "{\n  \"board\": ");
	string(out, p->inputs.board->name);
	text_printf(out, ",\n  \"hyp_base\": %" PRIu64 ",\n  \"hyp_size\": %" PRIu64 ",\n",
		    s->hyp_base, s->hyp_size);
	text_printf(out, "  \"images_base\": %" PRIu64 ",\n  \"images_size\": %" PRIu64 ",\n",
		    s->images_base, s->images_size);
	emit_images_list(&p->model, out);
	emit_cpus(&p->plan, out);
	text_printf(out, "  \"vms\": [\n");
	for (uint32_t v = 0; v < s->vm_count; v++) {
		emit_vm(p, &p->model.vms[v], out);
		text_printf(out, "%s\n", v + 1 < s->vm_count ? "," : "");
	}
	text_printf(out, "  ]\n}\n");
}
