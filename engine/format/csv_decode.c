/* SPDX-License-Identifier: Apache-2.0
 * CSV rows straight into columns: each row is cut into fields first, so a row is written whole or not at all. */
#include "engine/format/csv.h"
#include "engine/format/csv_plain.h"

struct csv_decoder {
  struct vs_decoder base;
  struct vs_memory *memory;
  struct vs_format_options options;
  struct vs_columns columns;
  struct vs_csv_field *fields; /* fields[field_capacity] of the current row */
  uint32_t field_capacity;
  uint32_t field_count;          /* of every sound row */
  struct vs_csv_target *targets; /* by field */
  uint32_t target_count;
  struct vs_csv_plain plain;    /* ends NULL: not started */
  uint64_t line;                /* of the next row, from 1 */
  bool is_started, is_skipping; /* skipping: inside a row over the limit */
  struct vs_str *shown;         /* fields of a refused row, per column; NULL: none was refused */
};

/* What one decode call hands around. */
struct pass {
  struct vs_csv_scan scan;
  size_t at;
  uint32_t row;
  uint64_t first_line;
  struct vs_row_errors *errors;
};

static bool make_room(struct csv_decoder *decoder, uint32_t field_count) {
  if (field_count <= decoder->field_capacity) return true;
  decoder->field_capacity = VS_MAX(field_count, 64u);
  decoder->fields = VS_ARENA_ARRAY(&decoder->columns.keep, struct vs_csv_field, decoder->field_capacity);
  return decoder->fields != NULL;
}

/* A column the header lacks is an error of the source: what was bound is not what the file holds now. */
static vs_status map_names(struct csv_decoder *decoder, const struct vs_str *names, uint32_t count,
                           struct vs_error *err) {
  const struct vs_schema *schema = decoder->columns.schema;
  for (uint32_t i = 0; i < schema->field_count; i++) {
    uint32_t at = 0;
    while (at < count && !vs_str_equal(names[at], schema->fields[i].name))
      at++;
    for (uint32_t k = 0; at == count && k < count; k++)
      at = vs_str_equal_nocase(names[k], schema->fields[i].name) ? k : at;
    if (at == count)
      return vs_fail(err, VS_CODE_READ_FAILED, VS_NO_SPAN, "the header has no column %.*s",
                     VS_STR_ARG(schema->fields[i].name));
    if (decoder->columns.items[i].is_read)
      decoder->targets[decoder->target_count++] = (struct vs_csv_target){at, &decoder->columns.items[i]};
  }
  decoder->field_count = count;
  return VS_OK;
}

static void map_positions(struct csv_decoder *decoder) {
  uint32_t count = decoder->columns.schema->field_count;
  for (uint32_t i = 0; i < count; i++)
    if (decoder->columns.items[i].is_read)
      decoder->targets[decoder->target_count++] = (struct vs_csv_target){i, &decoder->columns.items[i]};
  decoder->field_count = count;
}

static vs_status read_header(struct csv_decoder *decoder, struct pass *pass, struct vs_error *err) {
  struct vs_csv_row row;
  vs_csv_outcome outcome = vs_csv_scan_row(&pass->scan, pass->at, decoder->fields, decoder->field_capacity, &row);
  if (outcome == VS_CSV_BROKEN)
    return vs_fail(err, VS_CODE_BROKEN_QUOTE, VS_NO_SPAN, "the header line has a quote that is never closed");
  if (outcome == VS_CSV_MORE) return VS_OK;
  if (row.field_count > decoder->field_capacity) {
    if (!make_room(decoder, row.field_count)) return vs_fail_memory(err);
    vs_csv_scan_seek(&pass->scan, pass->at);
    return read_header(decoder, pass, err);
  }
  struct vs_str *names =
      vs_csv_header_names(decoder->fields, row.field_count, decoder->options.quote, &decoder->columns.keep);
  if (!names) return vs_fail_memory(err);
  VS_TRY(map_names(decoder, names, row.field_count, err));
  pass->at = row.next;
  decoder->line += row.lines;
  decoder->is_started = true;
  return VS_OK;
}

/* Byte order mark, skipped lines, header. Leaves is_started false when more bytes are needed. */
static vs_status start(struct csv_decoder *decoder, struct pass *pass, struct vs_error *err) {
  const struct vs_csv_scan *scan = &pass->scan;
  uint64_t lines;
  size_t at;
  if (vs_csv_find_start(&decoder->options, scan->bytes, scan->size, scan->is_end, &at, &lines) == VS_CSV_MORE)
    return VS_OK;
  pass->at = at;
  vs_csv_scan_seek(&pass->scan, at);
  if (!decoder->options.has_header) {
    map_positions(decoder);
    decoder->is_started = true;
  } else if (at < scan->size) {
    VS_TRY(read_header(decoder, pass, err));
  }
  if (decoder->is_started)
    decoder->line += lines;
  else
    pass->at = 0;
  return VS_OK;
}

/* A row that is about to be refused, for those who read failed rows: its fields, as far as they are there. */
static void show_fields(struct csv_decoder *decoder, struct pass *pass, uint32_t field_count) {
  uint32_t count = decoder->columns.schema->field_count;
  if (!pass->errors->aside || vs_aside_is_full(pass->errors->aside)) return;
  if (!decoder->shown) decoder->shown = VS_ARENA_ARRAY(&decoder->columns.keep, struct vs_str, VS_MAX(count, 1u));
  for (uint32_t i = 0; decoder->shown && i < decoder->target_count; i++) {
    const struct vs_csv_target *target = &decoder->targets[i];
    bool is_there = target->field < VS_MIN(field_count, decoder->field_capacity);
    const struct vs_csv_field *field = is_there ? &decoder->fields[target->field] : NULL;
    bool is_null = !field || (!field->is_quoted && field->text.size == 0);
    decoder->shown[target->column - decoder->columns.items] =
        is_null ? (struct vs_str){NULL, 0} : vs_csv_unescape(field, decoder->options.quote, decoder->columns.batch);
  }
  pass->errors->values = decoder->shown;
}

/* A row that cannot be cut into fields: its text up to `end`. */
static void show_text(struct pass *pass, size_t end) {
  while (end > pass->at && (pass->scan.bytes[end - 1] == '\n' || pass->scan.bytes[end - 1] == '\r'))
    end--;
  pass->errors->text = (struct vs_str){pass->scan.bytes + pass->at, end - pass->at};
}

/* false: the row is bad (or memory is short, which the arena remembers). */
static inline bool put_row(struct csv_decoder *decoder, struct pass *pass) {
  for (uint32_t i = 0; i < decoder->target_count; i++) {
    struct vs_column *column = decoder->targets[i].column;
    const struct vs_csv_field *field = &decoder->fields[decoder->targets[i].field];
    struct vs_str text = field->text;
    if (field->has_escape) text = vs_csv_unescape(field, decoder->options.quote, decoder->columns.batch);
    bool is_null = !field->is_quoted && field->text.size == 0;
    vs_put put =
        is_null ? vs_column_put_null(column, pass->row) : vs_column_put(&decoder->columns, column, pass->row, text);
    if (__builtin_expect(put != VS_PUT_DONE, 0)) {
      vs_columns_undo(&decoder->columns, pass->row);
      if (put != VS_PUT_NO_MEMORY) show_fields(decoder, pass, decoder->field_count);
      if (put != VS_PUT_NO_MEMORY) vs_column_refuse(column, put, text, decoder->line, pass->errors);
      return false;
    }
  }
  return true;
}

static void take_row(struct csv_decoder *decoder, struct pass *pass, const struct vs_csv_row *row) {
  const struct vs_csv_field *first = decoder->fields;
  if (row->field_count != decoder->field_count) {
    bool is_blank = row->field_count == 1 && !first->is_quoted && first->text.size == 0;
    if (!is_blank) show_fields(decoder, pass, row->field_count);
    if (!is_blank)
      vs_bad_row_add(pass->errors, decoder->line, VS_CODE_RAGGED_ROW, "line %llu: %u field%s, the other rows have %u",
                     (unsigned long long)decoder->line, row->field_count, row->field_count == 1 ? "" : "s",
                     decoder->field_count);
  } else if (put_row(decoder, pass)) {
    if (pass->row++ == 0) pass->first_line = decoder->line;
  }
  decoder->line += row->lines;
  pass->at = row->next;
}

/* A row over the limit: its quote was never closed, so its first line alone is bad; or the line itself is that long. */
static void give_up_row(struct csv_decoder *decoder, struct pass *pass) {
  const char *begin = pass->scan.bytes + pass->at, *end = memchr(begin, '\n', pass->scan.size - pass->at);
  unsigned long long line = decoder->line;
  show_text(pass, end ? (size_t)(end - pass->scan.bytes) : pass->scan.size);
  if (end)
    vs_bad_row_add(pass->errors, line, VS_CODE_BROKEN_QUOTE, "line %llu: a quoted field is never closed", line);
  else
    vs_bad_row_add(pass->errors, line, VS_CODE_FIELD_LIMIT, "line %llu: longer than 16 MiB", line);
  decoder->is_skipping = !end;
  decoder->line += end != NULL;
  pass->at = end ? (size_t)(end - pass->scan.bytes) + 1 : pass->scan.size;
  vs_csv_scan_seek(&pass->scan, pass->at);
}

static void skip_line(struct csv_decoder *decoder, struct pass *pass) {
  const char *begin = pass->scan.bytes + pass->at, *end = memchr(begin, '\n', pass->scan.size - pass->at);
  decoder->is_skipping = !end;
  decoder->line += end != NULL;
  pass->at = end ? (size_t)(end - pass->scan.bytes) + 1 : pass->scan.size;
  vs_csv_scan_seek(&pass->scan, pass->at);
}

static void refuse_quote(struct csv_decoder *decoder, struct pass *pass, const struct vs_csv_row *row) {
  unsigned long long line = decoder->line;
  show_text(pass, row->next);
  vs_bad_row_add(pass->errors, line, VS_CODE_BROKEN_QUOTE,
                 "line %llu: a quoted field is not closed before its delimiter", line);
  decoder->line += row->lines;
  pass->at = row->next;
}

static bool is_full(const struct csv_decoder *decoder) {
  return decoder->columns.batch->is_failed || decoder->columns.keep.is_failed;
}

static void read_plain_rows(struct csv_decoder *decoder, struct pass *pass) {
  for (uint32_t count; pass->row < VS_BATCH_ROWS; pass->row += count, decoder->line += count) {
    count = vs_csv_plain_rows(&decoder->plain, &pass->scan, pass->at, pass->row, VS_BATCH_ROWS - pass->row, &pass->at);
    if (!count) break;
    if (pass->row == 0) pass->first_line = decoder->line;
  }
  vs_csv_scan_seek(&pass->scan, pass->at);
}

static vs_status start_plain(struct csv_decoder *decoder, struct vs_error *err) {
  decoder->plain = (struct vs_csv_plain){.columns = &decoder->columns,
                                         .targets = decoder->targets,
                                         .target_count = decoder->target_count,
                                         .field_count = decoder->field_count};
  return vs_csv_plain_init(&decoder->plain, &decoder->columns.keep, err);
}

static void read_rows(struct csv_decoder *decoder, struct pass *pass) {
  struct vs_csv_row row;
  while (pass->row < VS_BATCH_ROWS && pass->at < pass->scan.size && !is_full(decoder)) {
    if (pass->row && decoder->line - pass->first_line >= VS_LINES_MOST) return;
    vs_columns_at_line(&decoder->columns, pass->row, decoder->line - pass->first_line);
    read_plain_rows(decoder, pass);
    if (pass->row == VS_BATCH_ROWS || pass->at == pass->scan.size) return;
    switch (vs_csv_scan_row(&pass->scan, pass->at, decoder->fields, decoder->field_capacity, &row)) {
    case VS_CSV_ROW: take_row(decoder, pass, &row); break;
    case VS_CSV_BROKEN: refuse_quote(decoder, pass, &row); break;
    case VS_CSV_MORE:
      if (pass->scan.size - pass->at <= VS_ROW_LIMIT) return;
      give_up_row(decoder, pass);
    }
  }
}

static vs_status decode(struct vs_decoder *base, const char *bytes, size_t size, bool is_end, struct vs_arena *arena,
                        struct vs_row_errors *errors, size_t *ret_consumed, struct vs_batch *ret_batch,
                        struct vs_error *err) {
  struct csv_decoder *decoder = (struct csv_decoder *)base;
  struct pass pass = {.errors = errors, .first_line = decoder->line};
  vs_csv_scan_init(&pass.scan, bytes, size, decoder->options.delimiter, decoder->options.quote, is_end);
  VS_TRY(vs_columns_begin(&decoder->columns, arena, err));
  if (!decoder->is_started) VS_TRY(start(decoder, &pass, err));
  if (decoder->is_started && !decoder->plain.ends) VS_TRY(start_plain(decoder, err));
  if (decoder->is_skipping) skip_line(decoder, &pass);
  if (decoder->is_started && !decoder->is_skipping) read_rows(decoder, &pass);
  if (is_full(decoder)) return vs_fail_memory(err);
  VS_TRY(vs_columns_finish(&decoder->columns, pass.row, pass.first_line, ret_batch, err));
  *ret_consumed = pass.at;
  return VS_OK;
}

static void decoder_free(struct vs_decoder *base) {
  struct csv_decoder *decoder = (struct csv_decoder *)base;
  vs_columns_release(&decoder->columns);
  vs_memory_free(decoder->memory, decoder, sizeof *decoder);
}

static void decoder_seek(struct vs_decoder *base, uint64_t line) {
  struct csv_decoder *decoder = (struct csv_decoder *)base;
  decoder->line = line;
  decoder->is_skipping = false;
}

static uint64_t decoder_line(const struct vs_decoder *base) {
  return ((const struct csv_decoder *)base)->line;
}

static vs_status copy_targets(const struct csv_decoder *from, struct csv_decoder *decoder, struct vs_error *err) {
  decoder->targets = VS_ARENA_ARRAY(&decoder->columns.keep, struct vs_csv_target, from->columns.schema->field_count);
  if (!make_room(decoder, from->field_capacity) || !decoder->targets) return vs_fail_memory(err);
  for (uint32_t i = 0; i < from->target_count; i++) {
    decoder->targets[i].field = from->targets[i].field;
    decoder->targets[i].column = &decoder->columns.items[from->targets[i].column - from->columns.items];
  }
  decoder->target_count = from->target_count;
  decoder->field_count = from->field_count;
  decoder->is_started = true;
  return VS_OK;
}

/* Without the header, which column a field belongs to is not known. */
static vs_status decoder_fork(const struct vs_decoder *base, struct vs_decoder **ret_fork, struct vs_error *err) {
  const struct csv_decoder *from = (const struct csv_decoder *)base;
  if (!from->is_started) return *ret_fork = NULL, VS_OK;
  struct csv_decoder *decoder = vs_memory_alloc(from->memory, sizeof *decoder);
  if (!decoder) return vs_fail_memory(err);
  *decoder = (struct csv_decoder){.base = from->base, .memory = from->memory, .options = from->options, .line = 1};
  vs_status status = vs_columns_fork(&from->columns, &decoder->columns, err);
  if (status == VS_OK) status = copy_targets(from, decoder, err);
  if (status != VS_OK)
    decoder_free(&decoder->base);
  else
    *ret_fork = &decoder->base;
  return status;
}

vs_status vs_csv_decoder_new(const struct vs_format_options *options, const struct vs_schema *schema,
                             const bool *projection, const struct vs_env *env, struct vs_decoder **ret_decoder,
                             struct vs_error *err) {
  static const struct vs_decoder_ops ops = {decode, decoder_free, decoder_fork, decoder_seek, decoder_line};
  struct csv_decoder *decoder = vs_memory_alloc(env->memory, sizeof *decoder);
  if (!decoder) return vs_fail_memory(err);
  *decoder = (struct csv_decoder){.base.ops = &ops, .memory = env->memory, .options = *options, .line = 1};
  vs_status status = vs_columns_init(&decoder->columns, options, schema, projection, env, err);
  if (status == VS_OK) {
    decoder->targets = VS_ARENA_ARRAY(&decoder->columns.keep, struct vs_csv_target, schema->field_count);
    if (!make_room(decoder, schema->field_count) || !decoder->targets) status = vs_fail_memory(err);
  }
  if (status != VS_OK)
    decoder_free(&decoder->base);
  else
    *ret_decoder = &decoder->base;
  return status;
}
