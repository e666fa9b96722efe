/* SPDX-License-Identifier: Apache-2.0
 * The rows of CREATE TABLE: all that the query emits, within the session's memory. */
#include "engine/runtime/run.h"

struct table_tap {
  struct vs_tap tap;
  struct vs_rows **rows;
  struct vs_memory *memory;
};

static vs_status table_open(struct vs_tap *tap, const struct vs_schema *schema, vs_change_mode mode,
                            struct vs_error *err) {
  struct table_tap *table = (struct table_tap *)tap;
  (void)mode;
  return vs_rows_new(schema, table->memory, table->rows, err);
}

static vs_status table_batch(struct vs_tap *tap, const struct vs_batch *batch, struct vs_error *err) {
  struct table_tap *table = (struct table_tap *)tap;
  return vs_rows_append(*table->rows, batch, err);
}

static void table_close(struct vs_tap *tap, vs_status status, const struct vs_error *err) {
  (void)tap, (void)status, (void)err;
}

static const struct vs_tap_ops table_ops = {table_open, table_batch, NULL, table_close};

vs_status vs_table_tap_new(struct vs_rows **rows, struct vs_memory *memory, struct vs_arena *arena,
                           struct vs_tap **ret_tap, struct vs_error *err) {
  struct table_tap *table = VS_ARENA_NEW(arena, struct table_tap);
  if (!table) return vs_fail_memory(err);
  *table = (struct table_tap){{&table_ops}, rows, memory};
  *ret_tap = &table->tap;
  return VS_OK;
}
