/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/charts/chart_shape.h"

#include "engine/types/decimal.h"
#include "engine/types/time.h"
#include "engine/types/value.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

/* ---- single values ---- */
static double number_at(const struct vs_vector *vector, uint32_t row) {
  if (vs_vector_is_null(vector, row)) return NAN;
  struct vs_value value = vs_value_get(vector, row);
  double number = NAN;
  if (value.type.id == VS_TYPE_DECIMAL)
    number = vs_decimal_to_double(value.as.decimal, value.type.scale);
  else if (value.type.id == VS_TYPE_FLOAT)
    number = value.as.real;
  else if (vs_type_physical(value.type) == VS_PHYSICAL_I64)
    number = (double)value.as.integer;
  return isfinite(number) ? number : NAN;
}

static double time_at(const struct vs_vector *vector, uint32_t row, vs_epoch_unit unit) {
  if (vs_vector_is_null(vector, row)) return NAN;
  int64_t value = vs_value_get(vector, row).as.integer, us;
  switch (vector->type.id) {
  case VS_TYPE_DATE: return (double)value * 86400e3;
  case VS_TYPE_TIMESTAMP: return (double)value / 1e3;
  case VS_TYPE_TIMESTAMP_MS: return (double)value;
  default: return vs_epoch_to_us(value, unit, &us) ? (double)us / 1e3 : NAN;
  }
}

/* ---- names ---- */
static bool has_word(struct vs_str name, const char *words) {
  for (const char *word = words; *word;) {
    size_t size = strcspn(word, " ");
    for (size_t at = 0; at + size <= name.size; at++) {
      bool is_begin = at == 0 || !isalnum((unsigned char)name.data[at - 1]);
      bool is_end = at + size == name.size || !isalnum((unsigned char)name.data[at + size]);
      if (is_begin && is_end && vs_str_equal_nocase((struct vs_str){name.data + at, size}, (struct vs_str){word, size}))
        return true;
    }
    word += size + (word[size] == ' ');
  }
  return false;
}

/* Two measures of one unit may share an axis. */
static const struct {
  const char *words, *unit;
} units[] = {
    {"pct percent percentage ratio share volatility rate", "ratio"},
    {"price open high low close bid ask vwap mid", "price"},
    {"seconds sec secs duration elapsed latency", "seconds"},
    {"ms millis milliseconds", "milliseconds"},
    {"bytes kb mb gb", "bytes"},
    {"temp temperature", "temperature"},
    {"count trades rows n events orders flights", "count"},
    {"delay", "delay"},
    {"volume quantity amount qty size", "quantity"},
    {"turnover notional revenue value", "value"},
};

static const char *unit_of(struct vs_str name) {
  for (size_t i = 0; i < VS_COUNT_OF(units); i++)
    if (has_word(name, units[i].words)) return units[i].unit;
  return "";
}

static bool ends_nocase(struct vs_str name, const char *ending) {
  struct vs_str end = vs_str_of(ending);
  return name.size > end.size && vs_str_equal_nocase((struct vs_str){name.data + name.size - end.size, end.size}, end);
}

static bool is_named_time(struct vs_str name) {
  return ends_nocase(name, "_at") || ends_nocase(name, "timestamp") || has_word(name, "ts time timestamp datetime");
}

static bool is_identifier(struct vs_str name) {
  return has_word(name, "id");
}

/* ---- columns ---- */
static double largest(const struct vsk_shape *shape, const struct vs_vector *vector) {
  double result = 0;
  for (uint32_t i = 0; i < shape->row_count; i++)
    result = fmax(result, fabs(number_at(vector, shape->rows[i]))); /* fmax ignores NAN */
  return result;
}

/* An integer named like a time whose values lie between 1990 and 2100 in some unit. */
static bool is_epoch(const struct vsk_shape *shape, uint32_t column, vs_epoch_unit *ret_unit) {
  const struct vs_field *field = &shape->input->schema->fields[column];
  if (field->type.id != VS_TYPE_INTEGER || !is_named_time(field->name)) return false;
  double magnitude = largest(shape, &shape->input->rows->columns[column]);
  *ret_unit = vs_epoch_unit_of((int64_t)fmin(magnitude, 9e18));
  int64_t us;
  return vs_epoch_to_us((int64_t)fmin(magnitude, 9e18), *ret_unit, &us) && us > INT64_C(631152000000000) &&
         us < INT64_C(4102444800000000);
}

static bool is_instant(struct vs_type type) {
  return type.id == VS_TYPE_DATE || type.id == VS_TYPE_TIMESTAMP || type.id == VS_TYPE_TIMESTAMP_MS;
}

static double *read_times(const struct vsk_shape *shape, uint32_t column, vs_epoch_unit unit) {
  double *times = VS_ARENA_ARRAY(shape->arena, double, shape->row_count + 1);
  for (uint32_t i = 0; times && i < shape->row_count; i++)
    times[i] = time_at(&shape->input->rows->columns[column], shape->rows[i], unit);
  return times;
}

/* An aggregated instant, MAX(ts) say, is a value of the row and not its time. */
static bool may_be_time(const struct vsk_shape *shape, uint32_t column, vs_epoch_unit *ret_unit) {
  const struct vs_field *field = &shape->input->schema->fields[column];
  *ret_unit = VS_EPOCH_MILLIS;
  if (field->is_hidden || field->role == VS_ROLE_ALERT) return false;
  if (shape->has_aggregate && field->role != VS_ROLE_KEY &&
      (field->measure_input != 0 || field->measure != VS_MEASURE_RAW || field->role == VS_ROLE_MEASURE))
    return false;
  return is_instant(field->type) || is_epoch(shape, column, ret_unit);
}

static int find_time(const struct vsk_shape *shape, vs_epoch_unit *ret_unit) {
  const struct vs_schema *schema = shape->input->schema;
  struct vs_str wanted = shape->input->hint.x;
  int asked = wanted.data ? vs_schema_find(schema, wanted) : -1;
  if (asked >= 0 && (is_instant(schema->fields[asked].type) || is_epoch(shape, (uint32_t)asked, ret_unit)))
    return asked;
  int best = -1;
  for (uint32_t i = 0; i < schema->shown_count; i++) {
    vs_epoch_unit unit;
    if (!may_be_time(shape, i, &unit)) continue;
    bool is_better = best < 0 || (schema->fields[i].role == VS_ROLE_TIME && schema->fields[best].role != VS_ROLE_TIME);
    if (is_better) best = (int)i, *ret_unit = unit;
  }
  return best;
}

static double common_length(const struct vsk_shape *shape) {
  double length = 0;
  for (uint32_t i = 0; i < shape->row_count; i++) {
    double one = shape->ends[i] - shape->starts[i];
    if (isnan(one) || one <= 0 || (length > 0 && one != length)) return 0;
    length = one;
  }
  return length;
}

static vs_status read_time(struct vsk_shape *shape, struct vs_error *err) {
  const struct vs_schema *schema = shape->input->schema;
  int start = vs_schema_find_role(schema, VS_ROLE_WINDOW_START), end = vs_schema_find_role(schema, VS_ROLE_WINDOW_END);
  vs_epoch_unit unit = VS_EPOCH_MILLIS;
  if (start >= 0 && end >= 0) {
    shape->starts = read_times(shape, (uint32_t)start, unit);
    shape->ends = read_times(shape, (uint32_t)end, unit);
    if (!shape->starts || !shape->ends) return vs_fail_memory(err);
    shape->window_ms = common_length(shape);
  }
  int column = end >= 0 ? end : start >= 0 ? start : find_time(shape, &unit);
  if (column < 0) return VS_OK;
  shape->is_window = end >= 0 || start >= 0;
  shape->time_name = end >= 0 && schema->fields[end].is_hidden ? VS_STR("window end") : schema->fields[column].name;
  shape->times = read_times(shape, (uint32_t)column, unit);
  return shape->times ? VS_OK : vs_fail_memory(err);
}

static int by_value(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return a < b ? -1 : a > b;
}

static vs_status read_instants(struct vsk_shape *shape, struct vs_error *err) {
  if (!shape->times) return VS_OK;
  double *instants = VS_ARENA_ARRAY(shape->arena, double, shape->row_count + 1);
  if (!instants) return vs_fail_memory(err);
  uint32_t count = 0, distinct = 0;
  for (uint32_t i = 0; i < shape->row_count; i++)
    if (!isnan(shape->times[i])) instants[count++] = shape->times[i];
  qsort(instants, count, sizeof *instants, by_value);
  for (uint32_t i = 0; i < count; i++)
    if (!distinct || instants[distinct - 1] != instants[i]) instants[distinct++] = instants[i];
  shape->instants = instants;
  shape->instant_count = distinct;
  return VS_OK;
}

/* ---- keys and measures ---- */
static bool is_time_column(const struct vsk_shape *shape, uint32_t column) {
  const struct vs_field *field = &shape->input->schema->fields[column];
  vs_epoch_unit unit;
  return field->role == VS_ROLE_WINDOW_START || field->role == VS_ROLE_WINDOW_END || is_instant(field->type) ||
         (shape->times && is_epoch(shape, column, &unit));
}

static bool is_wanted(const struct vsk_shape *shape, struct vs_str wanted, uint32_t column) {
  return wanted.data && vs_schema_find(shape->input->schema, wanted) == (int)column;
}

static bool is_key(const struct vsk_shape *shape, uint32_t column) {
  const struct vs_field *field = &shape->input->schema->fields[column];
  if (field->is_hidden || is_time_column(shape, column) || field->role == VS_ROLE_ALERT) return false;
  if (is_wanted(shape, shape->input->hint.color, column)) return true;
  if (is_wanted(shape, shape->input->hint.y, column)) return false;
  if (is_wanted(shape, shape->input->hint.x, column)) return shape->has_aggregate;
  if (field->role == VS_ROLE_KEY) return true;
  bool is_nominal = field->type.id == VS_TYPE_STRING || field->type.id == VS_TYPE_BOOLEAN;
  return is_nominal && !shape->has_aggregate;
}

/* Colours first, x second, then the order of the select list. */
static vs_status add_key(struct vsk_shape *shape, uint32_t column, struct vs_error *err) {
  struct vsk_key key;
  VS_TRY(vsk_key_read(shape, column, &key, err));
  shape->key_columns++;
  if (key.count > 1) {
    if (shape->key_count < VSK_SHAPE_KEYS) shape->keys[shape->key_count++] = key;
    return VS_OK;
  }
  if (key.count == 0) return VS_OK;
  bool is_first = shape->constants.size == 0;
  char *text = vs_arena_printf(shape->arena, "%.*s%s%.*s %.*s", VS_STR_ARG(shape->constants), is_first ? "" : ", ",
                               VS_STR_ARG(key.name), VS_STR_ARG(key.labels[0]));
  if (!text) return vs_fail_memory(err);
  shape->constants = vs_str_of(text);
  return VS_OK;
}

static vs_status read_keys(struct vsk_shape *shape, struct vs_error *err) {
  for (uint32_t i = 0; i < shape->input->schema->field_count; i++)
    if (is_key(shape, i)) VS_TRY(add_key(shape, i, err));
  return VS_OK;
}

static bool is_measure(const struct vsk_shape *shape, uint32_t column) {
  const struct vs_field *field = &shape->input->schema->fields[column];
  if (field->is_hidden || !vs_type_is_numeric(field->type) || is_time_column(shape, column) || is_key(shape, column))
    return false;
  struct vs_str y = shape->input->hint.y;
  if (y.data)
    return is_wanted(shape, y, column) || (!shape->has_aggregate && is_wanted(shape, shape->input->hint.x, column));
  return shape->has_aggregate || !is_identifier(field->name);
}

static vs_status add_measure(struct vsk_shape *shape, uint32_t column, struct vs_error *err) {
  shape->measure_total++;
  if (shape->measure_count == VSK_SHAPE_MEASURES) return VS_OK;
  const struct vs_field *field = &shape->input->schema->fields[column];
  double *values = VS_ARENA_ARRAY(shape->arena, double, shape->row_count + 1);
  if (!values) return vs_fail_memory(err);
  for (uint32_t i = 0; i < shape->row_count; i++)
    values[i] = number_at(&shape->input->rows->columns[column], shape->rows[i]);
  shape->measures[shape->measure_count++] = (struct vsk_measure){.column = column,
                                                                 .name = field->name,
                                                                 .values = values,
                                                                 .kind = field->measure,
                                                                 .input = field->measure_input,
                                                                 .unit = unit_of(field->name)};
  return VS_OK;
}

static vs_status read_measures(struct vsk_shape *shape, struct vs_error *err) {
  for (uint32_t i = 0; i < shape->input->schema->field_count; i++)
    if (is_measure(shape, i)) VS_TRY(add_measure(shape, i, err));
  return VS_OK;
}

/* ---- candles ---- */
static int find_named(const struct vsk_shape *shape, const char *name) {
  for (uint32_t i = 0; i < shape->measure_count; i++)
    if (vs_str_equal_nocase(shape->measures[i].name, vs_str_of(name))) return (int)i;
  return -1;
}

static int find_kind(const struct vsk_shape *shape, vs_measure_kind kind, uint32_t input, int other_than) {
  for (uint32_t i = 0; i < shape->measure_count; i++)
    if (shape->measures[i].kind == kind && shape->measures[i].input == input && (int)i != other_than) return (int)i;
  return -1;
}

static double mean_of(const struct vsk_shape *shape, int measure) {
  double sum = 0;
  for (uint32_t i = 0; i < shape->row_count; i++)
    if (!isnan(shape->measures[measure].values[i])) sum += shape->measures[measure].values[i];
  return sum;
}

/* FIRST, LAST and two extremes of one input; the larger extreme is the high. */
static void find_candle_by_input(struct vsk_shape *shape) {
  for (uint32_t i = 0; i < shape->measure_count; i++) {
    uint32_t input = shape->measures[i].input;
    if (shape->measures[i].kind != VS_MEASURE_FIRST || !input) continue;
    int last = find_kind(shape, VS_MEASURE_LAST, input, -1), one = find_kind(shape, VS_MEASURE_EXTREME, input, -1);
    int two = one < 0 ? -1 : find_kind(shape, VS_MEASURE_EXTREME, input, one);
    if (last < 0 || two < 0) continue;
    bool is_one_high = mean_of(shape, one) >= mean_of(shape, two);
    shape->open = (int)i, shape->close = last;
    shape->high = is_one_high ? one : two, shape->low = is_one_high ? two : one;
    return;
  }
}

static void find_candle(struct vsk_shape *shape) {
  shape->open = find_named(shape, "open"), shape->high = find_named(shape, "high");
  shape->low = find_named(shape, "low"), shape->close = find_named(shape, "close");
  if (shape->open >= 0 && shape->high >= 0 && shape->low >= 0 && shape->close >= 0) return;
  shape->open = shape->high = shape->low = shape->close = -1;
  find_candle_by_input(shape);
}

static void find_alert(struct vsk_shape *shape) {
  for (uint32_t i = 0; i < shape->input->alert_count && !shape->alert; i++)
    for (uint32_t m = 0; m < shape->measure_count; m++)
      if (shape->input->alerts[i].measure_column == (int)shape->measures[m].column) {
        shape->alert = &shape->input->alerts[i];
        shape->alert_measure = m;
        break;
      }
}

bool vsk_shape_is_alert(const struct vsk_shape *shape, uint32_t row) {
  const struct vsk_chart_alert *alert = shape->alert;
  if (!alert) return false;
  if (alert->column >= 0 && shape->input->rows->columns[alert->column].data) {
    const struct vs_vector *vector = &shape->input->rows->columns[alert->column];
    return !vs_vector_is_null(vector, shape->rows[row]) && vs_value_get(vector, shape->rows[row]).as.boolean;
  }
  double value = shape->measures[shape->alert_measure].values[row];
  return alert->is_below ? value < alert->threshold : value > alert->threshold;
}

/* Several measures of raw rows are a line each. Text beside them does not split these lines while every instant has one
 * row; with several rows an instant (five symbols a minute, say) one line would jump between them, and the keys stay.
 */
static void drop_bystanders(struct vsk_shape *shape) {
  bool is_asked = shape->input->hint.color.data != NULL;
  if (!shape->has_aggregate && shape->times && shape->measure_count > 1 && shape->instant_count == shape->row_count &&
      !is_asked)
    shape->key_count = 0;
}

static vs_status read_rows(struct vsk_shape *shape, struct vs_error *err) {
  const struct vs_batch *batch = shape->input->rows;
  shape->row_count = batch->selection ? batch->selected_count : batch->row_count;
  shape->rows = VS_ARENA_ARRAY(shape->arena, uint32_t, shape->row_count + 1);
  if (!shape->rows) return vs_fail_memory(err);
  for (uint32_t i = 0; i < shape->row_count; i++)
    shape->rows[i] = batch->selection ? batch->selection[i] : i;
  return VS_OK;
}

vs_status vsk_shape_read(const struct vsk_chart_input *input, struct vs_arena *arena, struct vsk_shape **ret_shape,
                         struct vs_error *err) {
  struct vsk_shape *shape = VS_ARENA_NEW(arena, struct vsk_shape);
  if (!shape) return vs_fail_memory(err);
  *shape = (struct vsk_shape){.input = input,
                              .arena = arena,
                              .has_aggregate = input->has_aggregate,
                              .open = -1,
                              .high = -1,
                              .low = -1,
                              .close = -1};
  VS_TRY(read_rows(shape, err));
  VS_TRY(read_time(shape, err));
  VS_TRY(read_instants(shape, err));
  VS_TRY(read_keys(shape, err));
  VS_TRY(read_measures(shape, err));
  drop_bystanders(shape);
  find_candle(shape);
  find_alert(shape);
  *ret_shape = shape;
  return VS_OK;
}

/* ---- units ---- */
static double magnitude(const struct vsk_measure *measure, uint32_t row_count) {
  double sum = 0;
  uint32_t count = 0;
  for (uint32_t i = 0; i < row_count; i++)
    if (!isnan(measure->values[i])) sum += fabs(measure->values[i]), count++;
  return count ? sum / count : 0;
}

bool vsk_shape_same_unit(const struct vsk_measure *a, const struct vsk_measure *b, uint32_t row_count) {
  bool is_same = *a->unit && *b->unit ? strcmp(a->unit, b->unit) == 0 : a->input && a->input == b->input;
  double one = magnitude(a, row_count), two = magnitude(b, row_count);
  return is_same && (one == 0 || two == 0 || (one / two < 20 && two / one < 20));
}

static const char *kind_name(const struct vsk_measure *measure) {
  switch (measure->kind) {
  case VS_MEASURE_RAW: return "raw";
  case VS_MEASURE_ADDITIVE: return "additive";
  case VS_MEASURE_RATIO: return "average or ratio";
  case VS_MEASURE_EXTREME: return "extreme";
  case VS_MEASURE_FIRST: return "first";
  case VS_MEASURE_LAST: return "last";
  }
  return "raw";
}

struct vs_str vsk_shape_print(const struct vsk_shape *shape) {
  struct vs_text text;
  vs_text_init(&text, shape->arena->memory, 1 << 16);
  vs_text_printf(&text, "%s, %u row%s", shape->has_aggregate ? "aggregated" : "raw", shape->row_count,
                 shape->row_count == 1 ? "" : "s");
  if (shape->times) vs_text_printf(&text, "; time: %.*s (%u)", VS_STR_ARG(shape->time_name), shape->instant_count);
  for (uint32_t i = 0; i < shape->key_count; i++)
    vs_text_printf(&text, "%s%.*s (%u)", i ? ", " : "; key: ", VS_STR_ARG(shape->keys[i].name), shape->keys[i].count);
  if (shape->constants.size) vs_text_printf(&text, "; constant: %.*s", VS_STR_ARG(shape->constants));
  for (uint32_t i = 0; i < shape->measure_count; i++)
    vs_text_printf(&text, "%s%.*s (%s)", i ? ", " : "; measure: ", VS_STR_ARG(shape->measures[i].name),
                   kind_name(&shape->measures[i]));
  if (shape->alert) vs_text_printf(&text, "; alert: %.*s", VS_STR_ARG(shape->alert->text));
  char *copy = vs_arena_copy(shape->arena, text.data ? text.data : "", text.size);
  struct vs_str result = {copy, copy ? text.size : 0};
  vs_text_release(&text);
  return result;
}
