/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shared console. Producers put text into rings (a VM's under the VM's own lock, a CPU's log
 * without); the console's CPU alone takes it out, line by line, when a producer or the UART calls it.
 * Before console_start() the boot CPU does both.
 *
 * Whose turn it is: a source keeps the console until its line ends. The VM in focus is shown as it
 * writes; the others when a line is complete or their ring is half full. An unfinished line of the VM
 * in focus, a prompt perhaps, gives way to others once it has rested for LINE_HOLD_MS.
 */
#include <bao/console.h>

#include <stdatomic.h>

#include <bao/arch/inline.h>
#include <bao/cpu.h>
#include <bao/drivers/irqchip.h>
#include <bao/drivers/uart.h>
#include <bao/format.h>
#include <bao/kconfig.h>
#include <bao/log.h>
#include <bao/spinlock.h>
#include <bao/vuart.h>

#define RING_SIZE ((uint32_t)CONFIG_CONSOLE_RING_SIZE)
#define LINE_HOLD_MS 50u
#define SERVICE_BATCH 32u /* characters per call: bounds the time taken from the console CPU's VM */
#define PREFIX_SIZE (PLAN_NAME_SIZE + 4u)

_Static_assert((CONFIG_CONSOLE_RING_SIZE & (CONFIG_CONSOLE_RING_SIZE - 1)) == 0,
	       "CONFIG_CONSOLE_RING_SIZE must be a power of two");

/* head - tail = bytes queued. head and lines_in: producer; tail and lines_out: the console's CPU. */
struct ring {
	struct spinlock lock; /* producers */
	_Atomic uint32_t head;
	_Atomic uint32_t tail;
	_Atomic uint32_t lines_in;
	uint32_t lines_out;
	bool was_full; /* console's CPU: half was passed upwards, tell the VM when there is room */
	char data[RING_SIZE];
};

/* Sources: a log per CPU, then the VMs. */
#define SOURCE_COUNT (PLAN_CPU_COUNT + PLAN_VM_COUNT)
#define SOURCE_OF_VM(vm) (PLAN_CPU_COUNT + (vm))

static struct ring rings[SOURCE_COUNT];

/* What the console's CPU is doing. Written by it alone, but `active`. */
static struct {
	_Atomic uint32_t started; /* 1: interrupts do the work */
	_Atomic uint32_t
		active; /* 1: the console's CPU will look at the rings without being asked */
	_Atomic uint32_t panicking;
	uint32_t source;           /* who has the console */
	bool line_open;            /* its line has begun and not ended */
	uint64_t last_sent;        /* counter when its last character was sent */
	uint32_t focus;            /* VM that gets the input; PLAN_NONE32: none */
	bool escaped;              /* the escape key was pressed */
	char pending[PREFIX_SIZE]; /* text to send before anything else */
	uint32_t pending_length, pending_at;
} console;

static uint32_t queued(const struct ring *ring)
{
	return atomic_load_explicit(&ring->head, memory_order_acquire) -
	       atomic_load_explicit(&ring->tail, memory_order_acquire);
}

/* ---- producers ------------------------------------------------------------------------------- */

static size_t ring_put(struct ring *ring, const char *text, size_t length)
{
	uint32_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
	uint32_t room = RING_SIZE - queued(ring);
	size_t taken = length < room ? length : room;

	for (size_t i = 0; i < taken; i++) {
		ring->data[(head + (uint32_t)i) % RING_SIZE] = text[i];
		if (text[i] == '\n') {
			atomic_fetch_add_explicit(&ring->lines_in, 1, memory_order_relaxed);
		}
	}
	atomic_store_explicit(&ring->head, head + (uint32_t)taken, memory_order_release);
	return taken;
}

/* Wakes the console's CPU unless it is at work; seq_cst pairs with the same in console_rest(). */
static void announce(void)
{
	if (atomic_exchange(&console.active, 1) == 0) {
		cpu_request(&cpus[PLAN_CONSOLE_CPU], CPU_REQUEST_CONSOLE);
	}
}

size_t console_vm_write(uint32_t vm, const char *text, size_t length)
{
	struct ring *ring = &rings[SOURCE_OF_VM(vm)];
	size_t taken;

	spin_lock(&ring->lock);
	taken = ring_put(ring, text, length);
	spin_unlock(&ring->lock);
	announce();
	return taken;
}

size_t console_vm_queued(uint32_t vm)
{
	return queued(&rings[SOURCE_OF_VM(vm)]);
}

size_t console_vm_capacity(void)
{
	return RING_SIZE;
}

static void send_now(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		uart_early_write(text[i]);
	}
}

/* A panic speaks alone: what others wanted to say would be in the middle of it, or after it. */
static bool is_panicking(void)
{
	return atomic_load_explicit(&console.panicking, memory_order_relaxed) != 0;
}

void console_log_write(const char *text, size_t length)
{
	struct ring *ring = &rings[arch_cpu_self()->id];

	if (is_panicking()) {
		return;
	}
	if (atomic_load_explicit(&console.started, memory_order_acquire) == 0) {
		static struct spinlock boot_lock; /* several CPUs may speak while booting */

		spin_lock(&boot_lock);
		send_now("[bao] ", 6);
		send_now(text, length);
		spin_unlock(&boot_lock);
	} else if (length <= RING_SIZE - queued(ring)) {
		(void)ring_put(ring, text, length);
		announce();
	}
}

void console_panic_write(const char *text, size_t length)
{
	if (atomic_exchange_explicit(&console.panicking, 1, memory_order_relaxed) == 0) {
		send_now("\r\n", 2);
	}
	send_now("[bao] ", 6);
	send_now(text, length);
}

/* ---- the console's CPU: output --------------------------------------------------------------- */

static bool is_focus(uint32_t source)
{
	return console.focus != PLAN_NONE32 && source == SOURCE_OF_VM(console.focus);
}

/* Whether a source that has not the console wants it. */
static bool wants_turn(uint32_t source)
{
	const struct ring *ring = &rings[source];
	uint32_t length = queued(ring);

	return length > 0 &&
	       (is_focus(source) || length >= RING_SIZE / 2 ||
		atomic_load_explicit(&ring->lines_in, memory_order_relaxed) != ring->lines_out);
}

/* Gives the console to the next source, in turn, that wants it. */
static bool next_source(void)
{
	for (uint32_t i = 1; i <= SOURCE_COUNT; i++) {
		uint32_t source = (console.source + i) % SOURCE_COUNT;

		if (wants_turn(source)) {
			console.source = source;
			return true;
		}
	}
	return false;
}

static void queue_pending(const char *end_of_line, uint32_t source)
{
	const char *name = source < PLAN_CPU_COUNT ? "bao" : plan_vms[source - PLAN_CPU_COUNT].name;

	console.pending_length = (uint32_t)format_string(console.pending, sizeof(console.pending),
							 "%s[%s] ", end_of_line, name);
	console.pending_at = 0;
	console.line_open = true;
}

static bool line_rests(void)
{
	uint64_t hold = arch_counter_hz() / 1000 * LINE_HOLD_MS;

	return arch_counter() - console.last_sent >= hold;
}

/*
 * Makes sure that the source that has the console has a character to send. False: nobody has, or the
 * open line must be waited for; `*wait` says which.
 */
static bool choose_source(bool *wait)
{
	uint32_t before = console.source;

	*wait = false;
	if (console.line_open && queued(&rings[before]) > 0) {
		return true;
	}
	if (console.line_open && !line_rests()) {
		*wait = true;
		return false;
	}
	if (!next_source()) {
		return false;
	}
	if (!console.line_open) {
		queue_pending("", console.source);
	} else if (console.source != before) {
		queue_pending("\r\n", console.source);
	}
	return true;
}

static void tell_of_room(uint32_t source, struct ring *ring)
{
	uint32_t length = queued(ring);

	if (!IS_ENABLED(CONFIG_VIRTUAL_UART)) {
		return;
	}
	if (length > RING_SIZE / 2) {
		ring->was_full = true;
	} else if (ring->was_full && source >= PLAN_CPU_COUNT) {
		ring->was_full = false;
		vuart_transmit_ready(source - PLAN_CPU_COUNT);
	}
}

/* Takes the next character of the source that has the console; it has one. */
static char take(void)
{
	struct ring *ring = &rings[console.source];
	uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
	char character = ring->data[tail % RING_SIZE];

	tell_of_room(console.source, ring);
	atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
	if (character == '\n') {
		ring->lines_out++;
		console.line_open = false;
	}
	return character;
}

/* Nothing can be sent now. Sets what will call console_service() again. */
static void console_rest(bool wait)
{
	uart_transmit_interrupt(false);
	if (wait) {
		arch_alarm_set(console.last_sent + arch_counter_hz() / 1000 * (LINE_HOLD_MS + 1));
		return;
	}
	atomic_store(&console.active, 0);
	/* What came between the last look and that store would be left lying: look again. */
	for (uint32_t i = 0; i < SOURCE_COUNT; i++) {
		if (wants_turn(i) && atomic_exchange(&console.active, 1) == 0) {
			cpu_request(&cpus[PLAN_CONSOLE_CPU], CPU_REQUEST_CONSOLE);
		}
	}
}

static void transmit(void)
{
	bool wait;

	for (uint32_t sent = 0; sent < SERVICE_BATCH && !is_panicking() && uart_can_send();
	     sent++) {
		if (console.pending_at < console.pending_length) {
			uart_send(console.pending[console.pending_at]);
			console.pending_at++;
		} else if (choose_source(&wait)) {
			if (console.pending_at == console.pending_length) {
				uart_send(take());
				console.last_sent = arch_counter();
			}
		} else {
			console_rest(wait);
			return;
		}
	}
	uart_transmit_interrupt(!is_panicking());
}

/* ---- the console's CPU: input ---------------------------------------------------------------- */

static void set_focus(uint32_t vm)
{
	console.focus = vm;
	log_line(LOG_INFO, "input goes to %s", plan_vms[vm].name);
}

static void help(void)
{
	for (uint32_t i = 0; i < PLAN_VM_COUNT; i++) {
		if (plan_vms[i].uart_irq != 0) {
			log_line(LOG_INFO, "escape, then %u: input to %s%s", i, plan_vms[i].name,
				 i == console.focus ? " (now)" : "");
		}
	}
	log_line(LOG_INFO, "escape twice: the escape character itself");
}

static void command(char key)
{
	uint32_t vm = (uint32_t)(key - '0');

	if (key >= '0' && key <= '9' && vm < PLAN_VM_COUNT && plan_vms[vm].uart_irq != 0) {
		set_focus(vm);
	} else {
		help();
	}
}

static void receive(char character)
{
	if (console.escaped && character != CONFIG_CONSOLE_ESCAPE) {
		console.escaped = false;
		command(character);
	} else if (!console.escaped && character == CONFIG_CONSOLE_ESCAPE) {
		console.escaped = true;
	} else {
		console.escaped = false;
		if (console.focus != PLAN_NONE32) {
			(void)vuart_receive(console.focus, character);
		}
	}
}

void console_service(void)
{
	char character;

	/* Taken even if nobody wants it: else the UART's interrupt would not end. */
	for (uint32_t i = 0; i < SERVICE_BATCH && uart_receive(&character); i++) {
		if (IS_ENABLED(CONFIG_VIRTUAL_UART)) {
			receive(character);
		}
	}
	atomic_store(&console.active, 1);
	/* If it is why we are here, it would come again at once while the UART has no room. */
	arch_alarm_clear();
	transmit();
}

/* Line by line, source by source; what is left unfinished ends like a line. */
void console_flush(void)
{
	uint32_t first = console.source;

	send_now(&console.pending[console.pending_at], console.pending_length - console.pending_at);
	for (uint32_t i = 0; i < SOURCE_COUNT; i++) {
		uint32_t source = (first + i) % SOURCE_COUNT;

		while (queued(&rings[source]) > 0) {
			if (!console.line_open || source != console.source) {
				queue_pending(console.line_open ? "\r\n" : "", source);
				send_now(console.pending, console.pending_length);
				console.source = source;
			}
			uart_early_write(take());
		}
	}
	if (console.line_open) {
		send_now("\r\n", 2);
	}
}

/* ---- starting -------------------------------------------------------------------------------- */

void console_init(void)
{
	uart_init();
	console.focus = PLAN_NONE32;
	for (uint32_t i = PLAN_VM_COUNT; i > 0; i--) {
		if (plan_vms[i - 1].uart_irq != 0) {
			console.focus = i - 1;
		}
	}
}

void console_start(void)
{
	uart_interrupts_init();
	irqchip_enable_own(PLAN_CONSOLE_IRQ, PLAN_CONSOLE_CPU);
	atomic_store_explicit(&console.started, 1, memory_order_release);
}
