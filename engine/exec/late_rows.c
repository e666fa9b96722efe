/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/exec/late_rows.h"

#include "engine/types/time.h"
#include <stdio.h>

/* A fresh half. A column nobody reads has no data, and would look like one of NULLs. */
static bool turn(struct vs_late_rows *late, const struct vs_batch *batch, struct vs_memory *memory) {
  struct vs_arena arena;
  vs_arena_init(&arena, memory, 0);
  bool *wanted = VS_ARENA_ARRAY(&arena, bool, VS_MAX(batch->schema->field_count, 1));
  for (uint32_t i = 0; wanted && i < batch->schema->field_count; i++)
    wanted[i] = batch->columns[i].data != NULL;
  vs_aside_release(&late->older);
  late->older = late->newer;
  late->newer = (struct vs_aside){0};
  bool is_ready = wanted && vs_aside_init(&late->newer, batch->schema, wanted, memory, NULL) == VS_OK;
  vs_arena_release(&arena);
  return is_ready;
}

void vs_late_rows_add(struct vs_late_rows *late, const struct vs_batch *batch, uint32_t row, int64_t window_end_us,
                      int64_t watermark_us, struct vs_memory *memory) {
  char end[32], watermark[32], reason[128];
  bool has_room = late->newer.schema && !vs_aside_is_full(&late->newer);
  if (!has_room && !turn(late, batch, memory)) {
    late->is_short = true;
    return;
  }
  end[vs_timestamp_print(window_end_us, end)] = '\0';
  watermark[vs_timestamp_print(watermark_us, watermark)] = '\0';
  snprintf(reason, sizeof reason, "late: its window ended %s, the watermark stood at %s", end, watermark);
  vs_aside_add_row(&late->newer, vs_batch_row_number(batch, row), vs_str_of(reason), batch, row);
  late->is_short |= late->newer.arena.is_failed;
}

void vs_late_rows_release(struct vs_late_rows *late) {
  vs_aside_release(&late->older);
  vs_aside_release(&late->newer);
}
