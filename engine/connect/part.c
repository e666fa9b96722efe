/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/connect/part.h"

void vs_part_init(struct vs_part *part, struct vs_memory *memory) {
  *part = (struct vs_part){.memory = memory};
  vs_arena_init(&part->arena, memory, 0);
}

void vs_part_release(struct vs_part *part) {
  vs_arena_release(&part->arena);
  vs_memory_free(part->memory, part->bytes, part->capacity);
  vs_part_init(part, part->memory);
}
