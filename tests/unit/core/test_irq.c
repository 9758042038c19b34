/* SPDX-License-Identifier: Apache-2.0 */
/* core/irq.c: who gets which physical interrupt, and in what order it is ended. */
#include <fake/test.h>

#include <bao/arch/inline.h>
#include <bao/irq.h>
#include <bao/vm.h>
#include <fake/irqchip.h>
#include <fake/machine.h>

static int setup(void **state)
{
	(void)state;
	fake_machine_boot(CPU_ALPHA_1);
	fake_irqchip_reset();
	return 0;
}

static void nothing_pending(void **state)
{
	(void)state;
	irq_handle();
	assert_trace("");
}

/* A guest's interrupt is not deactivated here: that is the guest's to do. */
static void guest_interrupts(void **state)
{
	static const uint32_t irqs[] = { 27, 30, 40, 63, 64, 159 };
	char expected[32];

	(void)state;
	for (size_t i = 0; i < sizeof(irqs) / sizeof(irqs[0]); i++) {
		fake_irqchip_queue(CPU_ALPHA_1, irqs[i]);
		irq_handle();
		snprintf(expected, sizeof(expected), "guest irq %u", irqs[i]);
		assert_trace(expected);
	}
}

static void own_interrupts(void **state)
{
	(void)state;
	fake_irqchip_queue(CPU_ALPHA_1, PLAN_MAINTENANCE_IRQ);
	irq_handle();
	assert_trace("maintenance 2; deactivate 25");
	fake_be(PLAN_CONSOLE_CPU);
	fake_irqchip_queue(PLAN_CONSOLE_CPU, PLAN_CONSOLE_IRQ);
	irq_handle();
	assert_trace("console_service 4; deactivate 33");
	fake_irqchip_queue(PLAN_CONSOLE_CPU, ARCH_ALARM_IRQ);
	irq_handle();
	assert_trace("console_service 4; deactivate 26");
}

static void park(void)
{
	vms[ALPHA].state = VM_STOPPING;
	cpu_request(&cpus[CPU_ALPHA_1], CPU_REQUEST_STOP | CPU_REQUEST_INTERRUPTS);
	irq_handle();
}

/* A request may not return, so the kick has ended before: the next one must come through. */
static void kicks(void **state)
{
	(void)state;
	assert_int_equal(fake_run(CPU_ALPHA_1, park), FAKE_SLEEPING);
	assert_trace("interrupts_changed 2; stop 2");
	cpu_request(&cpus[CPU_ALPHA_1], CPU_REQUEST_CONSOLE);
	irq_handle();
	assert_trace("console_service 2");
}

static void one_at_a_time(void **state)
{
	(void)state;
	fake_irqchip_queue(CPU_ALPHA_1, 50);
	fake_irqchip_queue(CPU_ALPHA_1, 51);
	irq_handle();
	assert_trace("guest irq 50");
	irq_handle();
	assert_trace("guest irq 51");
	irq_handle();
	assert_trace("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_SETUP(nothing_pending, setup), TEST_SETUP(guest_interrupts, setup),
		TEST_SETUP(own_interrupts, setup),  TEST_SETUP(kicks, setup),
		TEST_SETUP(one_at_a_time, setup),
	};

	return RUN_TESTS(tests);
}
