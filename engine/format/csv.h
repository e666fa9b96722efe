/* SPDX-License-Identifier: Apache-2.0
 * What the parts of the CSV format share. Private to this room. */
#ifndef VS_FORMAT_CSV_H
#define VS_FORMAT_CSV_H

#include "engine/format/bad_row.h"
#include "engine/format/csv_scan.h"
#include "engine/format/format.h"

enum { VS_CSV_COLUMNS_MAX = 16384 };

vs_status vs_csv_infer(const struct vs_format_options *options, const struct vs_bytes_reader *reader,
                       struct vs_arena *arena, struct vs_inferred *ret_inferred, struct vs_error *err);
vs_status vs_csv_decoder_new(const struct vs_format_options *options, const struct vs_schema *schema,
                             const bool *projection, const struct vs_env *env, struct vs_decoder **ret_decoder,
                             struct vs_error *err);
vs_status vs_csv_encoder_new(const struct vs_format_options *options, const struct vs_schema *schema,
                             const struct vs_env *env, struct vs_encoder **ret_encoder, struct vs_error *err);

/* Where the header (or the first row) begins: behind a byte order mark and skip_lines lines. */
vs_csv_outcome vs_csv_find_start(const struct vs_format_options *options, const char *bytes, size_t size, bool is_end,
                                 size_t *ret_start, uint64_t *ret_lines);
/* Column names of a header: unescaped, the empty ones column_<i>, repeated ones name_2, name_3. NULL: no memory. */
struct vs_str *vs_csv_header_names(const struct vs_csv_field *fields, uint32_t count, char quote,
                                   struct vs_arena *arena);
/* column_1 ... column_<count> */
struct vs_str *vs_csv_default_names(uint32_t count, struct vs_arena *arena);

#endif
