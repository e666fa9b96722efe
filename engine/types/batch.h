/* SPDX-License-Identifier: Apache-2.0
 * Schemas and batches: what travels between operators.
 *
 * A batch is borrowed by its receiver until the push returns. Kernels work on all `row_count` rows; which of them count
 * is said by the selection: NULL = all, else selection[selected_count], ascending row numbers. An operator that does
 * not look at selections calls vs_batch_compact first. */
#ifndef VS_TYPES_BATCH_H
#define VS_TYPES_BATCH_H

#include "engine/types/vector.h"

/* What a column is for; display and charts read these instead of guessing from names. */
typedef enum {
  VS_ROLE_NONE, /* a value as any other: nominal when text, measure when numeric */
  VS_ROLE_KEY,  /* GROUP BY, PRIMARY KEY or DISTINCT column */
  VS_ROLE_WINDOW_START,
  VS_ROLE_WINDOW_END,
  VS_ROLE_TIME,    /* event time, or a DATE/TIMESTAMP value */
  VS_ROLE_MEASURE, /* numeric result */
  VS_ROLE_ALERT    /* BOOLEAN: the row satisfies alert `alert_index` of the statement; hidden */
} vs_role;

typedef enum {
  VS_MEASURE_RAW,      /* a plain expression over a row */
  VS_MEASURE_ADDITIVE, /* SUM, COUNT: may be stacked and added up */
  VS_MEASURE_RATIO,    /* AVG, STDDEV, quotients: never added up */
  VS_MEASURE_EXTREME,  /* MIN, MAX, DELTA */
  VS_MEASURE_FIRST,    /* FIRST_VALUE, LAST_VALUE: with MIN and MAX of the same input they make a candle */
  VS_MEASURE_LAST
} vs_measure_kind;

struct vs_field {
  struct vs_str name; /* lives as long as the schema */
  struct vs_type type;
  bool is_nullable;
  bool is_hidden; /* travels along (window bounds, alert conditions, sort keys) and is not part of SELECT's list */
  vs_role role;
  vs_measure_kind measure;
  uint32_t measure_input; /* identity of the aggregated input expression, so that OHLC can be told; 0: none */
  uint32_t alert_index;   /* VS_ROLE_ALERT */
};

/* Immutable once made; shared by pointer. Hidden fields come after all shown ones. */
struct vs_schema {
  struct vs_field *fields;
  uint32_t field_count;
  uint32_t shown_count;
};

int vs_schema_find(const struct vs_schema *schema,
                   struct vs_str name); /* exact, else unique ignoring case; -1, -2 ambiguous */
int vs_schema_find_role(const struct vs_schema *schema, vs_role role); /* the first one; -1 */
vs_status vs_schema_copy(const struct vs_schema *schema, struct vs_arena *arena, const struct vs_schema **ret_schema,
                         struct vs_error *err) VS_NODISCARD;

struct vs_batch {
  const struct vs_schema *schema;
  struct vs_vector *columns; /* columns[schema->field_count]; a column the plan does not read has data NULL */
  uint32_t row_count;
  const uint16_t *selection;
  uint32_t selected_count;      /* row_count when selection is NULL */
  const int64_t *event_time_us; /* per row, microseconds UTC; INT64_MIN: the row has none; NULL: the stream has none */
  const int8_t *weight;         /* +1 or -1 per row: RETRACT edges, and deletes of UPSERT edges; NULL: all +1 */
  uint64_t first_row;           /* number of row 0 in its source, from 1; for messages */
  const uint16_t *row_offsets;  /* row i has number first_row + row_offsets[i], after rows were dropped; NULL: + i */
  const int64_t *watermark_us;  /* per row, the watermark just before it; NULL: the one last sent in line. Lateness is
                                 * decided by it, so that it does not depend on where batches are cut. exec only. */
};

static inline uint64_t vs_batch_row_number(const struct vs_batch *batch, uint32_t row) {
  return batch->first_row + (batch->row_offsets ? batch->row_offsets[row] : row);
}

vs_status vs_batch_init(struct vs_batch *batch, const struct vs_schema *schema, uint32_t capacity,
                        struct vs_arena *arena, struct vs_error *err) VS_NODISCARD;
/* Drops the rows outside the selection, which must live as long as the result; a batch without one is returned as it
 * is. */
vs_status vs_batch_compact(const struct vs_batch *batch, struct vs_arena *arena, struct vs_batch *ret_batch,
                           struct vs_error *err) VS_NODISCARD;
/* Same rows, columns[columns_count] only, under another schema. */
vs_status vs_batch_select(const struct vs_batch *batch, const struct vs_schema *schema, const uint32_t *columns,
                          struct vs_arena *arena, struct vs_batch *ret_batch, struct vs_error *err) VS_NODISCARD;

#endif
