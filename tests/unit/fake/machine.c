/* SPDX-License-Identifier: Apache-2.0 */
/* The fake machine, see machine.h: the contract <bao/arch/cpu.h>, carried out by notes and longjmp(). */
#include <fake/machine.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bao/arch/cpu.h>
#include <bao/arch/inline.h>

#define TRACE_SIZE 4096
#define JUMP_CALL 1 /* longjmp values: call `next`, or end */
#define JUMP_END 2
#define PATIENCE 10000u /* turns of a busy-wait */

struct cpu *fake_self;
uint64_t fake_clock;
uint64_t fake_alarm;
void (*fake_on_relax)(void);
void (*fake_on_wait)(void);
const char *fake_start_answers[PLAN_CPU_COUNT];

static jmp_buf *top;
static void (*next)(void);
static unsigned int turns_waited;
static char traces[2][TRACE_SIZE];
static unsigned int trace_now;

void fake_machine_reset(void)
{
	fake_clock = 123456789;
	fake_alarm = 0;
	fake_on_relax = NULL;
	fake_on_wait = NULL;
	memset(fake_start_answers, 0, sizeof(fake_start_answers));
	memset(cpus, 0, sizeof(cpus));
	(void)fake_trace();
	fake_be(0);
}

void fake_machine_boot(uint32_t cpu)
{
	fake_machine_reset();
	for (uint32_t i = 0; i < PLAN_CPU_COUNT; i++) {
		cpus[i].id = i;
		cpus[i].phase = CPU_PHASE_RUNNING;
		cpus[i].online = 1;
		if (plan_cpus[i].vm != PLAN_NONE8) {
			cpus[i].vcpu.plan = &plan_vms[plan_cpus[i].vm];
			cpus[i].vcpu.vm = plan_cpus[i].vm;
			cpus[i].vcpu.id = plan_cpus[i].vcpu;
		}
	}
	fake_be(cpu);
}

void fake_be(uint32_t cpu)
{
	fake_self = &cpus[cpu];
}

enum fake_end fake_run(uint32_t cpu, void (*function)(void))
{
	struct cpu *outer_self = fake_self;
	jmp_buf *outer = top;
	unsigned int outer_turns = turns_waited;
	jmp_buf here;
	int code;

	next = function;
	top = &here;
	turns_waited = 0;
	fake_be(cpu);
	code = setjmp(here);
	if (code < JUMP_END) {
		fake_be(cpu);
		next();
		code = JUMP_END + FAKE_RETURNED;
	}
	top = outer;
	turns_waited = outer_turns;
	fake_self = outer_self;
	return (enum fake_end)(code - JUMP_END);
}

void fake_end_run(enum fake_end end)
{
	if (top == NULL) {
		fputs("something that does not return was called outside fake_run()\n", stderr);
		abort();
	}
	longjmp(*top, JUMP_END + (int)end);
}

void fake_relax(void)
{
	if (fake_on_relax != NULL) {
		fake_on_relax();
	}
	fake_clock += FAKE_COUNTER_HZ / 1000;
	turns_waited++;
	if (turns_waited > PATIENCE) {
		fake_end_run(FAKE_SPINNING);
	}
}

void fake_wait_for_interrupt(void)
{
	if (fake_on_wait != NULL) {
		fake_on_wait();
	}
	if (!fake_interrupt_waits(fake_self->id)) {
		fake_end_run(FAKE_SLEEPING);
	}
}

/* ---- <bao/arch/cpu.h> ------------------------------------------------------------------------ */

void arch_check_assumptions(void)
{
	fake_note("check %u", fake_self->id);
}

void arch_cpu_init(void)
{
	fake_note("cpu_init %u", fake_self->id);
}

const char *arch_cpu_start(const struct cpu *cpu)
{
	fake_note("cpu_start %u", cpu->id);
	return fake_start_answers[cpu->id];
}

void arch_cpu_off(void)
{
	fake_end_run(FAKE_CPU_OFF);
}

void arch_system_off(void)
{
	fake_end_run(FAKE_SYSTEM_OFF);
}

void arch_cpu_stop(void)
{
	fake_end_run(FAKE_STOPPED);
}

void arch_call_on_empty_stack(void (*function)(void))
{
	next = function;
	if (top == NULL) {
		fake_end_run(FAKE_RETURNED);
	}
	longjmp(*top, JUMP_CALL);
}

/* ---- the trace ------------------------------------------------------------------------------- */

void fake_note(const char *format, ...)
{
	char *trace = traces[trace_now];
	size_t length = strlen(trace);
	va_list arguments;

	if (length > 0) {
		length += (size_t)snprintf(trace + length, TRACE_SIZE - length, "; ");
	}
	va_start(arguments, format);
	if (length >= TRACE_SIZE || vsnprintf(trace + length, TRACE_SIZE - length, format,
					      arguments) >= (int)(TRACE_SIZE - length)) {
		fputs("the trace is full\n", stderr);
		abort();
	}
	va_end(arguments);
}

const char *fake_trace(void)
{
	const char *trace = traces[trace_now];

	trace_now = 1 - trace_now;
	traces[trace_now][0] = '\0';
	return trace;
}
