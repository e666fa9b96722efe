/* SPDX-License-Identifier: Apache-2.0
 * Rows set aside: those that failed and those that came too late, with why and where, so that they can be read like any
 * table. Values are text, since a failed row is one that could not be decoded. Bounded in rows and bytes; what does not
 * fit any more, or finds no memory (then the arena has failed), is counted by others and left out here. One thread at a
 * time. */
#ifndef VS_TYPES_ASIDE_H
#define VS_TYPES_ASIDE_H

#include "engine/types/batch.h"

enum { VS_ASIDE_ROWS = 10000, VS_ASIDE_COLUMNS = 256, VS_ASIDE_BYTES = 16 << 20, VS_ASIDE_TEXT = 64 << 10 };

struct vs_aside_row {
  uint64_t line;         /* in its file, or the number in its source; from 1 */
  struct vs_str reason;  /* "line 17, column price: 'abc' is no DECIMAL(18,2)" */
  struct vs_str text;    /* the row as it was read, where it could not be cut into columns; else data NULL */
  struct vs_str *values; /* per column; data NULL: NULL */
};
struct vs_aside {
  struct vs_arena arena;
  const struct vs_schema *schema; /* the columns that are kept, in `arena` */
  uint32_t *sources;              /* per column: its index in the schema given to init */
  struct vs_aside_row *rows;
  uint32_t count, capacity;
};

/* Keeps the columns of `schema` with `wanted[i]` (NULL: all) that are not hidden, at most VS_ASIDE_COLUMNS. */
vs_status vs_aside_init(struct vs_aside *aside, const struct vs_schema *schema, const bool *wanted,
                        struct vs_memory *memory, struct vs_error *err) VS_NODISCARD;
void vs_aside_release(struct vs_aside *aside); /* a zeroed one is allowed */
bool vs_aside_is_full(const struct vs_aside *aside);
/* `values` per field of the schema given to init, or NULL; texts are copied, long ones cut to VS_ASIDE_TEXT. */
void vs_aside_add(struct vs_aside *aside, uint64_t line, struct vs_str reason, struct vs_str text,
                  const struct vs_str *values);
/* One row of a batch; its columns are found by name, those that are not there are NULL. */
void vs_aside_add_row(struct vs_aside *aside, uint64_t line, struct vs_str reason, const struct vs_batch *batch,
                      uint32_t row);

#endif
