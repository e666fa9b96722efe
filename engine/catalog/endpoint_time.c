/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/catalog/endpoint_time.h"

#include "engine/base/suggest.h"
#include "engine/format/field.h"

static vs_status find_named(const struct vs_schema *schema, struct vs_str name, struct vs_span span, int *ret_column,
                            struct vs_error *err) {
  struct vs_suggest suggest;
  char nearest[200];
  *ret_column = vs_schema_find(schema, name);
  if (*ret_column >= 0) return VS_OK;
  vs_suggest_init(&suggest, name);
  for (uint32_t i = 0; i < schema->field_count; i++)
    vs_suggest_offer(&suggest, schema->fields[i].name);
  vs_status status =
      vs_fail(err, VS_CODE_UNKNOWN_COLUMN, span, "the event time column %.*s does not exist", VS_STR_ARG(name));
  vs_suggest_print(&suggest, nearest, sizeof nearest);
  return vs_fail_hint(err, status, "%s", *nearest ? nearest : "name a column of the source");
}

/* Declared columns have no samples of their own; what was inferred for an INTEGER is in `units`. */
static bool holds_times(const struct vs_inferred *inferred, uint32_t column) {
  vs_type_id id = inferred->schema.fields[column].type.id;
  return id == VS_TYPE_TIMESTAMP || id == VS_TYPE_DATE ||
         (id == VS_TYPE_INTEGER && inferred->units[column] != VS_EPOCH_AUTO);
}

static int find_by_name(const struct vs_inferred *inferred) {
  int best = -1, best_rank = INT32_MAX;
  for (uint32_t i = 0; i < inferred->schema.field_count; i++) {
    int rank = vs_time_name_rank(inferred->schema.fields[i].name);
    if (rank && rank < best_rank && holds_times(inferred, i)) {
      best = (int)i;
      best_rank = rank;
    }
  }
  return best;
}

static vs_status find_column(const struct vs_options_scope *options, const struct vs_create *declaration,
                             const struct vs_inferred *inferred, int *ret_column, struct vs_error *err) {
  const struct vs_option_entry *field = vs_options_find(options, "event.time.field");
  if (field) return find_named(&inferred->schema, field->value.text, field->value_span, ret_column, err);
  if (declaration && declaration->watermark_column.text.data)
    return find_named(&inferred->schema, declaration->watermark_column.text, declaration->watermark_column.span,
                      ret_column, err);
  *ret_column = find_by_name(inferred);
  return VS_OK;
}

static vs_status check_type(const struct vs_field *field, struct vs_span span, struct vs_error *err) {
  static const vs_type_id times[] = {VS_TYPE_TIMESTAMP, VS_TYPE_TIMESTAMP_MS, VS_TYPE_DATE,  VS_TYPE_INTEGER,
                                     VS_TYPE_FLOAT,     VS_TYPE_DECIMAL,      VS_TYPE_STRING};
  char type[32];
  for (size_t i = 0; i < VS_COUNT_OF(times); i++)
    if (field->type.id == times[i]) return VS_OK;
  return vs_fail_hint(err,
                      vs_fail(err, VS_CODE_NO_EVENT_TIME, span, "%.*s is %s, which is no time", VS_STR_ARG(field->name),
                              vs_type_print(field->type, type)),
                      "name a TIMESTAMP, DATE, INTEGER or STRING column");
}

static vs_status set_format(struct vs_endpoint *endpoint, const struct vs_options_scope *options, bool is_declared,
                            struct vs_arena *arena, struct vs_inferred *inferred, struct vs_error *err) {
  struct vs_field *field = &inferred->schema.fields[endpoint->time_column];
  const struct vs_option_entry *format = vs_options_find(options, "event.time.format");
  endpoint->time_unit = inferred->units[endpoint->time_column];
  if (!format) return VS_OK;
  struct vs_str text = format->value.text;
  char *copy = vs_arena_copy(arena, text.data, text.size);
  if (!copy) return vs_fail_memory(err);
  endpoint->format_options.time_column = endpoint->time_column;
  endpoint->format_options.time_format = (struct vs_str){copy, text.size};
  vs_epoch_unit unit = vs_epoch_unit_of_word(text);
  if (unit != VS_EPOCH_AUTO)
    endpoint->time_unit = unit;
  else if (!is_declared)
    field->type = VS_TYPE(TIMESTAMP);
  return VS_OK;
}

static vs_status refuse_watermark(struct vs_span span, struct vs_error *err) {
  return vs_fail_hint(err, vs_fail(err, VS_CODE_NOT_YET, span, "this form of WATERMARK does not run yet"),
                      "write WATERMARK FOR ts AS ts - INTERVAL '5' SECOND");
}

static bool is_column(const struct vs_expr *expr, struct vs_str name) {
  return expr->kind == VS_EXPR_COLUMN && expr->as.name.part_count == 1 &&
         vs_str_equal_nocase(expr->as.name.parts[0].text, name);
}

/* `ts` or `ts - INTERVAL ...` */
static vs_status declared_delay(const struct vs_create *declaration, int64_t *ret_us, struct vs_error *err) {
  const struct vs_expr *expr = declaration->watermark;
  struct vs_str name = declaration->watermark_column.text;
  *ret_us = 0;
  if (!expr || is_column(expr, name)) return VS_OK;
  bool is_difference = expr->kind == VS_EXPR_BINARY && expr->as.binary.op == VS_OP_SUBTRACT &&
                       is_column(expr->as.binary.left, name) && expr->as.binary.right->kind == VS_EXPR_INTERVAL;
  if (!is_difference) return refuse_watermark(expr->span, err);
  const struct vs_duration *duration = &expr->as.binary.right->as.duration;
  if (duration->parameter.text.data) return refuse_watermark(duration->span, err);
  if (duration->value.months || duration->value.nanoseconds < 0)
    return vs_fail_hint(
        err, vs_fail(err, VS_CODE_BAD_VALUE, duration->span, "a watermark delay is a fixed time and not negative"),
        "write days instead of months");
  *ret_us = duration->value.nanoseconds / 1000;
  return VS_OK;
}

static vs_status set_watermark(struct vs_endpoint *endpoint, const struct vs_options_scope *options,
                               const struct vs_create *declaration, struct vs_error *err) {
  const struct vs_option_entry *delay = vs_options_find(options, "watermark.max_out_of_orderness");
  endpoint->has_watermark = delay != NULL;
  endpoint->watermark_delay_us = delay ? delay->value.integer : 0;
  if (!declaration || !declaration->watermark_column.text.data) return VS_OK;
  endpoint->has_watermark = true;
  return delay ? VS_OK : declared_delay(declaration, &endpoint->watermark_delay_us, err);
}

static void set_roles(const struct vs_endpoint *endpoint, struct vs_schema *schema) {
  for (uint32_t i = 0; i < schema->field_count; i++) {
    vs_type_id id = schema->fields[i].type.id;
    bool is_time = (int)i == endpoint->time_column || id == VS_TYPE_DATE || id == VS_TYPE_TIMESTAMP;
    if (is_time && schema->fields[i].role == VS_ROLE_NONE) schema->fields[i].role = VS_ROLE_TIME;
  }
}

vs_status vs_endpoint_set_time(const struct vs_endpoint_request *request, const struct vs_options_scope *options,
                               struct vs_arena *arena, struct vs_inferred *inferred, struct vs_endpoint *endpoint,
                               struct vs_error *err) {
  bool is_declared = endpoint->format_options.has_declared_schema;
  VS_TRY(find_column(options, request->declaration, inferred, &endpoint->time_column, err));
  VS_TRY(set_watermark(endpoint, options, request->declaration, err));
  if (endpoint->time_column >= 0) {
    VS_TRY(set_format(endpoint, options, is_declared, arena, inferred, err));
    VS_TRY(check_type(&inferred->schema.fields[endpoint->time_column], request->span, err));
  } else if (endpoint->replay_speed > 0) {
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_NO_EVENT_TIME, request->span,
                                "replay needs an event time and '%.*s' has none", VS_STR_ARG(endpoint->shown_path)),
                        "name a time column: '%.*s.event.time.field' = '...'", VS_STR_ARG(options->name));
  }
  set_roles(endpoint, &inferred->schema);
  return VS_OK;
}
