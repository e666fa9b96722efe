/* SPDX-License-Identifier: Apache-2.0
 * The display tap: folds what a query emits into a bounded result with memory of its own. Keyed by (group key, window)
 * in update mode, a ring of the newest rows in append mode, plus exact totals. Written by the job thread, read by the
 * executor, both under one mutex; readers copy, nothing is lent. */
#ifndef VS_EXEC_RESULT_H
#define VS_EXEC_RESULT_H

#include "engine/exec/tap.h"

enum { VS_RESULT_ROWS = 10000 };
#define VS_RESULT_BYTES ((size_t)64 << 20)

struct vs_result_totals {
  uint64_t emitted; /* rows the query emitted (changes) */
  uint64_t folded;  /* rows it has now: shown / folded */
  uint64_t dropped; /* rows that fell out of the ring */
  uint64_t alerts;  /* folded rows that satisfy any alert */
  bool is_keyed;
  uint64_t version; /* changes whenever rows change */
};

struct vs_result;
vs_status vs_result_new(const struct vs_plan *plan, const struct vs_env *env, struct vs_result **ret_result,
                        struct vs_error *err) VS_NODISCARD;
void vs_result_free(struct vs_result *result); /* NULL allowed */
struct vs_tap *vs_result_tap(struct vs_result *result);

/* A copy: the first `head` and the last `tail` folded rows, and up to `chart` rows evenly chosen (all when they fit),
 * in shown order (ORDER BY of the query, else key order of first sight, ring: oldest first). Hidden columns included.
 * Batches may exceed VS_BATCH_ROWS rows here; they are FLAT. */
struct vs_result_view {
  const struct vs_schema *schema;
  struct vs_batch head, tail, chart;
  struct vs_result_totals totals;
};
vs_status vs_result_copy(struct vs_result *result, uint32_t head, uint32_t tail, uint32_t chart, struct vs_arena *arena,
                         struct vs_result_view *ret_view, struct vs_error *err) VS_NODISCARD;
/* The folded rows as a memory relation (shown columns; window bounds kept hidden with their roles). */
vs_status vs_result_rows(struct vs_result *result, struct vs_memory *memory, struct vs_rows **ret_rows,
                         struct vs_error *err) VS_NODISCARD;

#endif
