/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing message slots; built for rt, for Linux user space and for host tests. */

#include "message.h"

_Static_assert(offsetof(struct message, text) == 16, "layout is shared by two programs");
_Static_assert(sizeof(struct message_window) == 2 * (16 + MESSAGE_TEXT_SIZE), "no padding");

void message_write(volatile struct message *slot, uint32_t sequence, uint32_t status,
		   const char *text, size_t length)
{
	if (length > MESSAGE_TEXT_SIZE) {
		length = MESSAGE_TEXT_SIZE;
	}
	for (size_t i = 0; i < length; i += 4) {
		uint32_t word = 0;

		for (size_t j = 0; j < 4 && i + j < length; j++) {
			word |= (uint32_t)(uint8_t)text[i + j] << (8 * j);
		}
		slot->text[i / 4] = word;
	}
	slot->magic = MESSAGE_MAGIC;
	slot->status = status;
	slot->length = (uint32_t)length;
	message_barrier();
	slot->sequence = sequence;
	message_barrier();
}

bool message_read(const volatile struct message *slot, struct message_copy *copy)
{
	uint32_t magic, length;

	copy->sequence = slot->sequence;
	message_barrier();
	magic = slot->magic;
	copy->status = slot->status;
	length = slot->length;
	copy->length = 0;
	copy->text[0] = '\0';
	if (magic != MESSAGE_MAGIC || length > MESSAGE_TEXT_SIZE) {
		return false;
	}
	for (size_t i = 0; i < length; i += 4) {
		uint32_t word = slot->text[i / 4];

		for (size_t j = 0; j < 4 && i + j < length; j++) {
			copy->text[i + j] = (char)(word >> (8 * j));
		}
	}
	copy->text[length] = '\0';
	copy->length = length;
	return true;
}
