/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/format/column.h"

static vs_read_kind kind_of(struct vs_type type) {
  switch (type.id) {
  case VS_TYPE_NULL: return VS_READ_BOOLEAN;
  case VS_TYPE_BOOLEAN: return VS_READ_BOOLEAN;
  case VS_TYPE_INTEGER: return VS_READ_INTEGER;
  case VS_TYPE_FLOAT: return VS_READ_FLOAT;
  case VS_TYPE_DECIMAL: return type.precision <= VS_DECIMAL_I64_MAX ? VS_READ_DECIMAL64 : VS_READ_DECIMAL128;
  case VS_TYPE_STRING: return VS_READ_DICTIONARY;
  case VS_TYPE_DATE: return VS_READ_DATE;
  case VS_TYPE_TIME: return VS_READ_TIME;
  case VS_TYPE_TIMESTAMP: return VS_READ_TIMESTAMP;
  case VS_TYPE_TIMESTAMP_MS: return VS_READ_INTEGER;
  case VS_TYPE_INTERVAL: return VS_READ_INTERVAL;
  case VS_TYPE_BYTES:
  case VS_TYPE_JSON:
  case VS_TYPE_ARRAY:
  case VS_TYPE_MAP:
  case VS_TYPE_STRUCT: return VS_READ_PLAIN;
  }
  return VS_READ_PLAIN;
}

static void column_init(struct vs_columns *columns, struct vs_column *column, const struct vs_field *field,
                        bool is_read) {
  *column = (struct vs_column){.field = field, .kind = kind_of(field->type), .is_read = is_read};
  if (column->kind == VS_READ_DECIMAL64)
    column->places = (struct vs_places){field->type.precision - field->type.scale, field->type.scale};
  vs_pool_init(&column->pool, &columns->keep);
  columns->read_count += is_read;
}

vs_status vs_columns_init(struct vs_columns *columns, const struct vs_format_options *options,
                          const struct vs_schema *schema, const bool *projection, const struct vs_env *env,
                          struct vs_error *err) {
  *columns = (struct vs_columns){.schema = schema};
  vs_arena_init(&columns->keep, env->memory, 0);
  columns->items = VS_ARENA_ARRAY(&columns->keep, struct vs_column, schema->field_count);
  if (!columns->items) return vs_fail_memory(err);
  for (uint32_t i = 0; i < schema->field_count; i++)
    column_init(columns, &columns->items[i], &schema->fields[i], !projection || projection[i]);
  if (options->time_column >= 0 && options->time_format.data) {
    struct vs_column *column = &columns->items[options->time_column];
    column->unit = vs_epoch_unit_of_word(options->time_format);
    if (column->unit == VS_EPOCH_AUTO && !vs_str_equal_nocase(options->time_format, VS_STR("iso8601")))
      column->time_format = options->time_format;
  }
  return VS_OK;
}

vs_status vs_columns_fork(const struct vs_columns *from, struct vs_columns *columns, struct vs_error *err) {
  *columns = (struct vs_columns){.schema = from->schema};
  vs_arena_init(&columns->keep, from->keep.memory, 0);
  columns->items = VS_ARENA_ARRAY(&columns->keep, struct vs_column, from->schema->field_count);
  if (!columns->items) return vs_fail_memory(err);
  for (uint32_t i = 0; i < from->schema->field_count; i++) {
    const struct vs_column *known = &from->items[i];
    struct vs_column *column = &columns->items[i];
    column_init(columns, column, known->field, known->is_read);
    column->kind = known->kind; /* too many distinct values for a dictionary there are too many here */
    column->time_format = known->time_format;
    column->unit = known->unit;
  }
  return VS_OK;
}

void vs_columns_release(struct vs_columns *columns) {
  vs_arena_release(&columns->keep);
}

static size_t value_size(const struct vs_column *column) {
  return column->kind == VS_READ_DICTIONARY ? sizeof(uint16_t)
                                            : vs_physical_size(vs_type_physical(column->field->type));
}

vs_status vs_columns_begin(struct vs_columns *columns, struct vs_arena *arena, struct vs_error *err) {
  columns->batch = arena;
  columns->row_offsets = NULL;
  columns->offset_count = 0;
  columns->shift = 0;
  columns->vectors = VS_ARENA_ARRAY(arena, struct vs_vector, columns->schema->field_count);
  for (uint32_t i = 0; i < columns->schema->field_count; i++) {
    struct vs_column *column = &columns->items[i];
    column->null_count = column->seen_row = 0;
    if (!column->is_read) continue;
    column->data = vs_arena_alloc(arena, value_size(column) * VS_BATCH_ROWS);
    column->validity = vs_arena_alloc(arena, sizeof(uint64_t) * VS_BATCH_WORDS);
    if (!column->data || !column->validity) return vs_fail_memory(err);
    memset(column->validity, 0xff, sizeof(uint64_t) * VS_BATCH_WORDS);
  }
  return columns->vectors || !columns->schema->field_count ? VS_OK : vs_fail_memory(err);
}

/* The batch gets the dictionary as it is now: the pool's goes on growing, perhaps while another thread reads the batch.
 */
static vs_status finish_vector(struct vs_column *column, uint32_t row_count, struct vs_arena *arena,
                               struct vs_vector *ret_vector, struct vs_error *err) {
  bool is_dictionary = column->kind == VS_READ_DICTIONARY;
  ret_vector->type = column->field->type;
  if (!column->is_read) return VS_OK;
  ret_vector->encoding = is_dictionary ? VS_VECTOR_DICTIONARY : VS_VECTOR_FLAT;
  ret_vector->data = column->data;
  ret_vector->validity = column->null_count && row_count ? column->validity : NULL;
  if (!is_dictionary) return VS_OK;
  struct vs_dictionary *dictionary = vs_arena_alloc(arena, sizeof *dictionary);
  if (!dictionary) return vs_fail_memory(err);
  *dictionary = column->pool.dictionary;
  ret_vector->dictionary = dictionary;
  return VS_OK;
}

void vs_columns_shift(struct vs_columns *columns, uint32_t row, int64_t shift) {
  if (!columns->row_offsets)
    columns->row_offsets = vs_arena_alloc(columns->batch, sizeof *columns->row_offsets * VS_BATCH_ROWS);
  for (uint32_t i = columns->offset_count; columns->row_offsets && i < row; i++)
    columns->row_offsets[i] = (uint16_t)(i + columns->shift);
  columns->offset_count = row;
  columns->shift = shift;
}

vs_status vs_columns_finish(struct vs_columns *columns, uint32_t row_count, uint64_t first_row,
                            struct vs_batch *ret_batch, struct vs_error *err) {
  for (uint32_t i = 0; i < columns->schema->field_count; i++)
    VS_TRY(finish_vector(&columns->items[i], row_count, columns->batch, &columns->vectors[i], err));
  if (columns->row_offsets) vs_columns_shift(columns, row_count, columns->shift);
  *ret_batch = (struct vs_batch){.schema = columns->schema,
                                 .columns = columns->vectors,
                                 .row_count = row_count,
                                 .selected_count = row_count,
                                 .first_row = first_row,
                                 .row_offsets = columns->row_offsets};
  return VS_OK;
}

void vs_columns_undo(struct vs_columns *columns, uint32_t row) {
  for (uint32_t i = 0; i < columns->schema->field_count; i++) {
    struct vs_column *column = &columns->items[i];
    if (column->is_read) {
      vs_bit_set(column->validity, row);
      column->seen_row = 0;
    }
  }
}

/* The values of this batch so far, as strings; later ones are stored plain. */
static bool make_plain(struct vs_columns *columns, struct vs_column *column, uint32_t row) {
  struct vs_string *strings = vs_arena_zalloc(columns->batch, sizeof *strings * VS_BATCH_ROWS);
  const uint16_t *codes = column->data;
  if (!strings) return false;
  for (uint32_t i = 0; i < row; i++)
    if (vs_bit_get(column->validity, i)) strings[i] = column->pool.dictionary.values[codes[i]];
  column->data = strings;
  column->kind = VS_READ_PLAIN;
  return true;
}

static vs_put put_plain(struct vs_column *column, uint32_t row, struct vs_str text) {
  if (!vs_is_utf8(text.data, text.size)) return VS_PUT_NOT_UTF8;
  ((struct vs_string *)column->data)[row] = vs_string_make(text.data, text.size);
  return VS_PUT_DONE;
}

static vs_put put_dictionary(struct vs_columns *columns, struct vs_column *column, uint32_t row, struct vs_str text) {
  uint16_t code;
  switch (vs_pool_find(&column->pool, text, &code)) {
  case VS_POOL_FOUND: return ((uint16_t *)column->data)[row] = code, VS_PUT_DONE;
  case VS_POOL_NOT_UTF8: return VS_PUT_NOT_UTF8;
  case VS_POOL_NO_MEMORY: return VS_PUT_NO_MEMORY;
  case VS_POOL_FULL: break;
  }
  return make_plain(columns, column, row) ? put_plain(column, row, text) : VS_PUT_NO_MEMORY;
}

static vs_put put_timestamp(struct vs_column *column, uint32_t row, struct vs_str text) {
  int64_t *us = (int64_t *)column->data + row;
  if (column->time_format.data)
    return vs_timestamp_parse_format(text, column->time_format, us) ? VS_PUT_DONE : VS_PUT_NO_TIME;
  if (vs_field_timestamp(text, &column->day, us) || vs_field_epoch(text, column->unit, us)) return VS_PUT_DONE;
  return column->unit == VS_EPOCH_AUTO ? VS_PUT_MISFIT : VS_PUT_NO_TIME;
}

static vs_put fits(bool is_fitting) {
  return is_fitting ? VS_PUT_DONE : VS_PUT_MISFIT;
}

vs_put vs_column_put_other(struct vs_columns *columns, struct vs_column *column, uint32_t row, struct vs_str text) {
  switch (column->kind) {
  case VS_READ_INTEGER: return fits(vs_field_integer(text, (int64_t *)column->data + row));
  case VS_READ_DECIMAL64: return fits(vs_field_decimal64(text, column->field->type, (int64_t *)column->data + row));
  case VS_READ_DECIMAL128: return fits(vs_field_decimal(text, column->field->type, (vs_i128 *)column->data + row));
  case VS_READ_FLOAT: return fits(vs_field_float(text, (double *)column->data + row));
  case VS_READ_BOOLEAN: return fits(vs_field_boolean(text, (uint8_t *)column->data + row));
  case VS_READ_DATE: return fits(vs_date_parse(text, (int64_t *)column->data + row));
  case VS_READ_TIME: return fits(vs_time_parse(text, (int64_t *)column->data + row));
  case VS_READ_TIMESTAMP: return put_timestamp(column, row, text);
  case VS_READ_INTERVAL: return fits(vs_duration_parse(text, (struct vs_interval *)column->data + row));
  case VS_READ_DICTIONARY: return put_dictionary(columns, column, row, text);
  case VS_READ_PLAIN: return put_plain(column, row, text);
  }
  return VS_PUT_MISFIT;
}

/* The value under a NULL is initialised, and a code in range: an empty dictionary gets the empty string. */
vs_put vs_column_put_null(struct vs_column *column, uint32_t row) {
  if (!column->field->is_nullable) return VS_PUT_NULL;
  size_t size = value_size(column);
  memset((char *)column->data + row * size, 0, size);
  uint16_t code;
  if (column->kind == VS_READ_DICTIONARY && !column->pool.dictionary.value_count &&
      vs_pool_find(&column->pool, VS_STR(""), &code) != VS_POOL_FOUND)
    return VS_PUT_NO_MEMORY;
  vs_bit_clear(column->validity, row);
  column->null_count++;
  return VS_PUT_DONE;
}

/* What to declare so that the value is read: the narrowest type that holds every number, else text. */
static const char *better_type(const struct vs_column *column, struct vs_str text) {
  double number;
  vs_type_id id = column->field->type.id;
  bool is_numeric = id == VS_TYPE_INTEGER || id == VS_TYPE_DECIMAL;
  return is_numeric && vs_field_float(text, &number) ? "DECIMAL(38,10), or CAST" : "STRING, then CAST";
}

void vs_column_refuse(const struct vs_column *column, vs_put reason, struct vs_str text, uint64_t line,
                      struct vs_row_errors *errors) {
  char shown[VS_SHOWN_VALUE], type[32];
  struct vs_str name = column->field->name;
  unsigned long long at = line;
  switch (reason) {
  case VS_PUT_NOT_UTF8:
    vs_bad_row_add(errors, line, VS_CODE_ROW_NOT_UTF8, "line %llu, column %.*s: not UTF-8", at, VS_STR_ARG(name));
    break;
  case VS_PUT_NULL:
    vs_bad_row_add(errors, line, VS_CODE_BAD_FIELD, "line %llu, column %.*s: no value, and it is NOT NULL", at,
                   VS_STR_ARG(name));
    break;
  case VS_PUT_NO_TIME:
    vs_bad_row_add(errors, line, VS_CODE_BAD_EVENT_TIME,
                   "line %llu, column %.*s: '%s' does not match event.time.format", at, VS_STR_ARG(name),
                   vs_shown_value(text, shown));
    break;
  case VS_PUT_MISFIT:
  case VS_PUT_DONE:
  case VS_PUT_NO_MEMORY:
    vs_bad_row_add(errors, line, VS_CODE_BAD_FIELD, "line %llu, column %.*s: '%s' is no %s; declare it %s", at,
                   VS_STR_ARG(name), vs_shown_value(text, shown), vs_type_print(column->field->type, type),
                   better_type(column, text));
    break;
  }
}
