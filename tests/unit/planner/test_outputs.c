/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Outputs: texts, images.S, the dependency file, and that files are left alone when nothing
 * changed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"
#include "system.h"

static struct system *planned(struct system *s)
{
	if (!system_run(s)) {
		system_print(s);
		fail_msg("not planned");
	}
	return s;
}

static char *emitted(struct system *s, void (*emit)(struct planner *p, struct text *out))
{
	struct text text = { 0 };

	emit(&s->planner, &text);
	return text.data;
}

static void assert_has(const char *text, const char *wanted)
{
	if (strstr(text, wanted) == NULL) {
		fail_msg("\"%s\" is not in:\n%s", wanted, text);
	}
}

static void assert_has_not(const char *text, const char *unwanted)
{
	if (strstr(text, unwanted) != NULL) {
		fail_msg("\"%s\" is in:\n%s", unwanted, text);
	}
}

static void test_sizes(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	assert_string_equal(size_text(&arena, 0), "0 bytes");
	assert_string_equal(size_text(&arena, 1023), "1023 bytes");
	assert_string_equal(size_text(&arena, 0x1000), "4 KiB");
	assert_string_equal(size_text(&arena, 0x100000), "1 MiB");
	assert_string_equal(size_text(&arena, 0x180000), "1.5 MiB");
	assert_string_equal(size_text(&arena, 0x180400), "1537 KiB");
	assert_string_equal(size_text(&arena, 0x40000000), "1 GiB");
	assert_string_equal(size_text(&arena, UINT64_C(1) << 45), "32 TiB");
	assert_string_equal(size_text(&arena, UINT64_C(1) << 60), "1048576 TiB");
	arena_free(&arena);
}

static void test_ranges(void **state)
{
	struct range top = { UINT64_MAX - 0xfff, 0x1000 };

	(void)state;
	assert_true(range_valid(top));
	assert_false(range_valid((struct range){ UINT64_MAX, 2 }));
	assert_true(range_overlaps(top, (struct range){ UINT64_MAX, 1 }));
	assert_true(range_overlaps(top, (struct range){ 0x1000, UINT64_MAX }));
	assert_false(range_overlaps(top, (struct range){ 0, 0 }));
	assert_false(range_overlaps((struct range){ 0, 0x1000 }, (struct range){ 0x1000, 1 }));
	assert_true(range_contains(top, (struct range){ UINT64_MAX, 1 }));
	assert_false(range_contains(top, (struct range){ UINT64_MAX, 2 }));
	assert_false(
		range_contains((struct range){ 0x1000, 0x1000 }, (struct range){ 0x800, 0x1000 }));
	assert_int_equal(align_up(1, 0x1000), 0x1000);
	assert_int_equal(align_up(UINT64_MAX, 0x1000), UINT64_MAX - 0xfff);
	assert_int_equal(range_pages((struct range){ 0x1fff, 2 }).size, 0x2000);
}

/* No path of the build machine enters what is compiled into the hypervisor or shown to people. */
static void test_no_paths(void **state)
{
	void (*const emitters[])(struct planner *, struct text *) = { emit_plan_c, emit_plan_h,
								      emit_txt, emit_svg,
								      emit_json };
	struct system *s = planned(system_new());

	(void)state;
	for (size_t i = 0; i < sizeof(emitters) / sizeof(emitters[0]); i++) {
		char *text = emitted(s, emitters[i]);

		assert_has_not(text, "/tmp");
		assert_has_not(text, "plain.bin");
		free(text);
	}
	system_free(s);
}

static void test_plan_c(void **state)
{
	struct system *s = system_new();
	char *text;

	(void)state;
	s->vms[1].name = "r-t.1_";
	s->vms[0].on_fault = VM_ON_FAULT_HALT;
	planned(s);
	text = emitted(s, emit_plan_c);
	assert_has(text, "SPDX-License-Identifier: Apache-2.0");
	assert_has(text, ".name = \"r-t.1_\"");
	assert_has(text, ".on_fault = PLAN_ON_FAULT_HALT");
	assert_has(text, "{ 0 }, /* no rows */");
	assert_has(text, ".irqs = { /* 27 40 100 */");
	assert_has(text, "const uint32_t plan_ipc_irqs[] = {\n\t101,\n\t100,\n};");
	free(text);
	system_free(s);
}

static void test_plan_h(void **state)
{
	struct system *s = system_new();
	char *text;

	(void)state;
	s->vms[0].image = (struct vm_image_config)VM_IMAGE_LOADED(0x40200000, 0x70000800, 0x1000);
	planned(s);
	text = emitted(s, emit_plan_h);
	assert_has(text, "#define PLAN_VM_COUNT 2\n");
	assert_has(text, "#define PLAN_HYP_BASE 0x40200000\n");
	assert_has(text, "#define PLAN_IMAGES_SIZE 0x5000\n");
	assert_has(text, "#define PLAN_UART_CLOCK_HZ 24000000\n");
	free(text);
	system_free(s);
}

/* Every section fills the area up to the next image. */
static void test_images(void **state)
{
	struct system *s = system_new();
	struct text text = { 0 };

	(void)state;
	s->vms[0].image.load_addr = image_offset(IMAGE_OTHER);
	s->vms[0].image.size = image_size(IMAGE_OTHER);
	planned(s);
	emit_images(&s->planner, &text, "/out put/\"x\"");
	assert_has(text.data, ".section .images.0, \"a\", %progbits");
	assert_has(text.data, ", 0, 0x64\n\t.space 0xf9c\n");
	assert_has(text.data, ".section .images.1");
	assert_has(text.data, "plain.bin\", 0, 0x5000\n");
	text_free(&text);
	system_free(s);

	s = system_new();
	s->vms[0].dtb.generate = true;
	planned(s);
	emit_images(&s->planner, &text, "/out put/\"x\"");
	assert_has(text.data, ".incbin \"/out put/\\\"x\\\"/linux.dtb\", 0, 0x");
	text_free(&text);
	system_free(s);
}

/* An image of other content and the same size changes images.S, so that it is assembled again. */
static void test_content_changes_images(void **state)
{
	static const char contents[2][4] = { "abc", "abd" };
	struct text texts[2] = { 0 };

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		struct system *s = system_new();

		system_file_write("changing.bin", contents[i], 4);
		s->records[IMAGE_PLAIN].path = "changing.bin";
		planned(s);
		emit_images(&s->planner, &texts[i], "/out");
		system_free(s);
	}
	assert_string_not_equal(texts[0].data, texts[1].data);
	text_free(&texts[0]);
	text_free(&texts[1]);
}

static void test_map(void **state)
{
	struct system *s = system_new();
	char *text;

	(void)state;
	s->vms[1].console = (struct vm_console){ 0x9000000, 120 };
	s->vms[1].on_fault = VM_ON_FAULT_RESTART;
	s->shmems[0].name = "messages";
	planned(s);
	text = emitted(s, emit_txt);
	assert_has(text, "0x000040200000 0x0000402fffff        1 MiB  hypervisor");
	assert_has(text, "linux, rt   messages (shared)");
	assert_has(text, "   40  SPI 8    linux            uart1");
	assert_has(text, "   27  PPI 11   rt               virtual timer");
	assert_has(text, "virtual UART (PL011)");
	assert_has(text, "on fault     restart");
	assert_has(text, "firmware");
	free(text);
	system_free(s);
}

static void test_picture(void **state)
{
	struct system *s = system_new();
	char *text;

	(void)state;
	s->lists[0].devs[1].name = "a<b&c>";
	s->shmems[0].name = "m";
	planned(s);
	text = emitted(s, emit_svg);
	assert_has(text, "a&lt;b&amp;c&gt;");
	assert_has(text, "Test board &lt;&amp;&gt;");
	assert_has(text, "<pattern id=\"shared0\"");
	assert_has(text, "</svg>");
	free(text);
	system_free(s);
}

static void test_json(void **state)
{
	struct system *s = system_new();
	char *text;

	(void)state;
	s->lists[0].devs[1].name = "a\"b\\c\n";
	planned(s);
	text = emitted(s, emit_json);
	assert_has(text, "\"a\\\"b\\\\c\\u000a\"");
	assert_has(text, "\"cpus_needed\": 3");
	assert_has(text, "\"vcpus\": [0, 1]");
	free(text);
	system_free(s);
}

/* ---- files ----------------------------------------------------------------------------------- */

static struct timespec modified(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_mtim;
}

static void test_unchanged_files(void **state)
{
	static const char *const names[] = { "plan.c",   "plan.h",   "images.S", "plan.json",
					     "plan.txt", "plan.svg", "linux.dtb" };
	char folder[] = "/tmp/planner-out-XXXXXX";
	struct timespec before[7];
	struct system *s = system_new();
	char path[100];

	(void)state;
	assert_non_null(mkdtemp(folder));
	s->vms[0].dtb.generate = true;
	planned(s);
	assert_true(output_plan(&s->planner, folder));
	for (unsigned int i = 0; i < 7; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		before[i] = modified(path);
	}
	snprintf(path, sizeof(path), "%s/plan.h", folder);
	assert_true(output_write(path, "x", 1)); /* damaged: to be mended */
	usleep(20000);
	assert_true(output_plan(&s->planner, folder));
	for (unsigned int i = 0; i < 7; i++) {
		struct timespec after;

		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		after = modified(path);
		assert_int_equal(memcmp(&after, &before[i], sizeof(after)) == 0, i != 1);
		unlink(path);
	}
	assert_int_equal(rmdir(folder), 0);
	system_free(s);
}

static void test_depfile(void **state)
{
	struct system *s = system_new();
	char content[1000] = "";
	FILE *stream;

	(void)state;
	system_file_write("a b#$.bin", "x", 1);
	s->records[IMAGE_PLAIN].path = "a b#$.bin";
	s->vms[0].initrd.file = "initrd.gz";
	planned(s);
	assert_true(output_depfile(&s->planner, system_path("dep"), "plan/planned"));
	stream = fopen(system_path("dep"), "rb");
	assert_non_null(stream);
	assert_true(fread(content, 1, sizeof(content) - 1, stream) > 0);
	fclose(stream);
	assert_has(content, "plan/planned: \\\n");
	assert_has(content, "/a\\ b\\#$$.bin");
	assert_has(content, "/initrd.gz\n");
	system_free(s);
}

static void test_no_folder(void **state)
{
	struct system *s = planned(system_new());

	(void)state;
	assert_false(output_plan(&s->planner, "/nonexistent/folder"));
	system_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_no_paths),
		cmocka_unit_test(test_plan_c),
		cmocka_unit_test(test_plan_h),
		cmocka_unit_test(test_images),
		cmocka_unit_test(test_content_changes_images),
		cmocka_unit_test(test_map),
		cmocka_unit_test(test_picture),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_unchanged_files),
		cmocka_unit_test(test_depfile),
		cmocka_unit_test(test_no_folder),
	};
	int failed;

	system_files_create();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	system_files_remove();
	return failed;
}
