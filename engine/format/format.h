/* SPDX-License-Identifier: Apache-2.0
 * Formats: bytes <-> batches, and the schema a file's bytes suggest. One file and one row per format.
 *
 * A decoder is schema-guided and projection-aware: it turns bytes straight into columns and skips what no one reads.
 * Calls: new, decode... (with more bytes each time), free. One thread. The dictionaries of STRING columns live in the
 * decoder and die with it; other values live in the arena of each decode, or point into `bytes`, which must then live
 * as long as the batch. */
#ifndef VS_FORMAT_FORMAT_H
#define VS_FORMAT_FORMAT_H

#include "engine/base/env.h"
#include "engine/types/row_error.h"
#include "engine/types/time.h"

struct vs_format_options {
  char delimiter, quote;       /* CSV: ',' and '"' */
  bool has_header;             /* CSV: true */
  uint64_t skip_lines;         /* CSV: lines before the header; 0 */
  struct vs_str time_format;   /* event.time.format pattern or epoch word for `time_column`; NULL data: detect */
  int time_column;             /* index in the schema that time_format applies to; -1 */
  bool json_decimal_as_number; /* encoder */
  bool has_declared_schema;    /* names were declared: header and JSON names must match them */
};
void vs_format_options_default(struct vs_format_options *options);

/* Random access to a source's bytes, for inference. size < 0: unknown. */
struct vs_bytes_reader {
  void *context;
  int64_t size;
  vs_status (*read)(void *context, uint64_t offset, char *buffer, size_t capacity, size_t *ret_size,
                    struct vs_error *err);
};

struct vs_inferred {
  struct vs_schema schema;
  int time_column;      /* the column whose values are times, by the name order of spec/sql.md 9.3; -1 */
  vs_epoch_unit *units; /* per column: unit of an INTEGER column that could be a time (from its largest |x|) */
  uint64_t sampled_rows;
  bool is_whole; /* every row was looked at */
};

/* How good a name for an event time this is: 1 is best, 0 is none (spec/sql.md 9.3). */
int vs_time_name_rank(struct vs_str name);

struct vs_decoder;
struct vs_encoder;

struct vs_format {
  const char *name;       /* "csv" */
  const char *aliases;    /* "csv_no_header" */
  const char *extensions; /* ".csv .tsv" */
  const char *doc;
  vs_status (*infer)(const struct vs_format_options *options, const struct vs_bytes_reader *reader,
                     struct vs_arena *arena, struct vs_inferred *ret_inferred, struct vs_error *err);
  /* `projection[field_count]`: columns to decode; others get data NULL. NULL: all. */
  vs_status (*decoder_new)(const struct vs_format_options *options, const struct vs_schema *schema,
                           const bool *projection, const struct vs_env *env, struct vs_decoder **ret_decoder,
                           struct vs_error *err);
  vs_status (*encoder_new)(const struct vs_format_options *options, const struct vs_schema *schema,
                           const struct vs_env *env, struct vs_encoder **ret_encoder, struct vs_error *err);
};
const struct vs_format *vs_format_find(struct vs_str name);    /* name or alias; NULL */
const struct vs_format *vs_format_of_path(struct vs_str path); /* by extension; NULL */
extern const struct vs_format *const vs_format_all[];          /* NULL at the end */

struct vs_decoder_ops {
  /* Decodes whole rows from the front of bytes[0..size): at most VS_BATCH_ROWS, into a batch of `arena`. *ret_consumed
   * bytes are done with; when it is 0 and no row came, the caller brings more bytes (or `is_end`, then the rest is one
   * last row, or a bad row). Bad rows are left out of the batch, counted and sampled in `errors` with their line. */
  vs_status (*decode)(struct vs_decoder *decoder, const char *bytes, size_t size, bool is_end, struct vs_arena *arena,
                      struct vs_row_errors *errors, size_t *ret_consumed, struct vs_batch *ret_batch,
                      struct vs_error *err);
  void (*free)(struct vs_decoder *decoder);
  /* One more decoder for the same bytes, which begins at any line end behind the header; it knows what `decoder` has
   * learnt (the header's columns), not where it is. *ret_fork NULL: rows can only be told apart from the beginning on.
   * The op may be NULL: likewise. */
  vs_status (*fork)(const struct vs_decoder *decoder, struct vs_decoder **ret_fork, struct vs_error *err);
  /* The next bytes decoded begin with a new row on line `line`. Set where fork is. */
  void (*seek)(struct vs_decoder *decoder, uint64_t line);
  uint64_t (*line)(const struct vs_decoder *decoder); /* of the row that comes next, from 1 */
};
struct vs_decoder {
  const struct vs_decoder_ops *ops;
};

struct vs_encoder_ops {
  void (*begin)(struct vs_encoder *encoder, struct vs_text *ret_text); /* a CSV header; may be NULL */
  void (*rows)(struct vs_encoder *encoder, const struct vs_batch *batch,
               struct vs_text *ret_text);                            /* shown columns, selected rows */
  void (*end)(struct vs_encoder *encoder, struct vs_text *ret_text); /* may be NULL */
  void (*free)(struct vs_encoder *encoder);
};
struct vs_encoder {
  const struct vs_encoder_ops *ops;
};

#endif
