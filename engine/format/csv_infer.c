/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/format/csv.h"
#include "engine/format/guess.h"
#include "engine/format/pool.h"
#include "engine/format/sample.h"

struct inference {
  const struct vs_format_options *options;
  struct vs_arena arena; /* names and guesses until the end */
  struct vs_csv_field *fields;
  uint32_t field_capacity, column_count;
  struct vs_guess *guesses; /* guesses[column_count]; NULL until the first row */
};

static vs_status grow(struct inference *inference, uint32_t field_count, struct vs_error *err) {
  if (field_count > VS_CSV_COLUMNS_MAX)
    return vs_fail(err, VS_CODE_NO_SCHEMA, VS_NO_SPAN, "the first line has %u fields, more than %d", field_count,
                   VS_CSV_COLUMNS_MAX);
  inference->field_capacity = field_count;
  inference->fields = VS_ARENA_ARRAY(&inference->arena, struct vs_csv_field, field_count);
  return inference->fields ? VS_OK : vs_fail_memory(err);
}

/* The header, or the first row of a file without one (which is then looked at again as a row). */
static vs_status take_names(struct inference *inference, struct vs_csv_scan *scan, size_t *at, struct vs_error *err) {
  struct vs_csv_row row;
  vs_csv_outcome outcome = vs_csv_scan_row(scan, *at, inference->fields, inference->field_capacity, &row);
  if (outcome == VS_CSV_BROKEN)
    return vs_fail(err, VS_CODE_BROKEN_QUOTE, VS_NO_SPAN, "the first line has a quote that is never closed");
  if (outcome == VS_CSV_MORE) return VS_OK;
  if (row.field_count > inference->field_capacity) {
    VS_TRY(grow(inference, row.field_count, err));
    vs_csv_scan_seek(scan, *at);
    return take_names(inference, scan, at, err);
  }
  bool has_header = inference->options->has_header;
  struct vs_arena *arena = &inference->arena;
  struct vs_str *names = has_header
                             ? vs_csv_header_names(inference->fields, row.field_count, inference->options->quote, arena)
                             : vs_csv_default_names(row.field_count, arena);
  inference->guesses = VS_ARENA_ARRAY(arena, struct vs_guess, row.field_count);
  if (!names || !inference->guesses) return vs_fail_memory(err);
  inference->column_count = row.field_count;
  for (uint32_t i = 0; i < row.field_count; i++)
    if (!vs_is_utf8(names[i].data, names[i].size))
      return vs_fail_hint(err, vs_fail(err, VS_CODE_NO_SCHEMA, VS_NO_SPAN, "the header line is not UTF-8"),
                          "convert the file to UTF-8");
  for (uint32_t i = 0; i < row.field_count; i++)
    vs_guess_init(&inference->guesses[i], names[i]);
  *at = has_header ? row.next : *at;
  vs_csv_scan_seek(scan, *at);
  return VS_OK;
}

static void take_row(struct inference *inference, const struct vs_csv_row *row, uint64_t *row_count) {
  if (row->field_count != inference->column_count) return;
  for (uint32_t i = 0; i < row->field_count; i++)
    if (inference->fields[i].is_quoted || inference->fields[i].text.size)
      vs_guess_add_text(&inference->guesses[i], inference->fields[i].text);
  ++*row_count;
}

static vs_status begin(struct inference *inference, struct vs_csv_scan *scan, size_t *at, struct vs_error *err) {
  uint64_t lines;
  size_t first;
  if (vs_csv_find_start(inference->options, scan->bytes, scan->size, scan->is_end, &first, &lines) == VS_CSV_MORE)
    return VS_OK;
  if (first == scan->size) return VS_OK;
  vs_csv_scan_seek(scan, first);
  VS_TRY(take_names(inference, scan, &first, err));
  *at = inference->guesses ? first : 0;
  return VS_OK;
}

/* Behind a row that is over the limit: its quote was never closed. */
static size_t next_line(struct vs_csv_scan *scan, size_t at) {
  const char *line = memchr(scan->bytes + at, '\n', scan->size - at);
  at = line ? (size_t)(line - scan->bytes) + 1 : scan->size;
  vs_csv_scan_seek(scan, at);
  return at;
}

static vs_status take(void *context, vs_sample_part part, const char *bytes, size_t size, bool is_end,
                      uint64_t *row_count, size_t *ret_consumed, struct vs_error *err) {
  enum { ROWS_A_CALL = 1000 };
  struct inference *inference = context;
  struct vs_csv_scan scan;
  struct vs_csv_row row;
  size_t at = 0;
  vs_csv_scan_init(&scan, bytes, size, inference->options->delimiter, inference->options->quote, is_end);
  if (part == VS_SAMPLE_BLOCK) {
    const char *line = memchr(bytes, '\n', size);
    at = line ? (size_t)(line - bytes) + 1 : size;
    vs_csv_scan_seek(&scan, at);
  } else if (!inference->guesses) {
    VS_TRY(begin(inference, &scan, &at, err));
  }
  for (int rows = 0; inference->guesses && at < size && (rows < ROWS_A_CALL || part == VS_SAMPLE_BLOCK); rows++) {
    vs_csv_outcome outcome = vs_csv_scan_row(&scan, at, inference->fields, inference->field_capacity, &row);
    if (outcome == VS_CSV_MORE && size - at <= VS_ROW_LIMIT) break;
    if (outcome == VS_CSV_ROW) take_row(inference, &row, row_count);
    at = outcome == VS_CSV_MORE ? next_line(&scan, at) : row.next;
  }
  *ret_consumed = at;
  return VS_OK;
}

vs_status vs_csv_infer(const struct vs_format_options *options, const struct vs_bytes_reader *reader,
                       struct vs_arena *arena, struct vs_inferred *ret_inferred, struct vs_error *err) {
  VS_CLEANUP(vs_arena_release) struct vs_arena scratch;
  vs_arena_init(&scratch, arena->memory, 0);
  struct inference inference = {.options = options, .arena = scratch};
  struct vs_guess_rules rules = {0};
  struct vs_sample sample = {&inference, take};
  vs_status status = vs_sample_run(&sample, reader, options->has_declared_schema, arena->memory, &rules.row_count,
                                   &rules.is_whole, err);
  scratch = inference.arena; /* released whatever happened */
  VS_TRY(status);
  if (!inference.guesses) return vs_fail(err, VS_CODE_NO_SCHEMA, VS_NO_SPAN, "the file has no header line");
  return vs_guess_finish(inference.guesses, inference.column_count, &rules, arena, ret_inferred, err);
}
