/* SPDX-License-Identifier: Apache-2.0
 * Windows: size, event time, who drives the watermark. */
#include "engine/plan/binder.h"

static const char *const kind_names[] = {[VS_WINDOW_TUMBLING] = "a tumbling window",
                                         [VS_WINDOW_HOPPING] = "a hopping (sliding) window",
                                         [VS_WINDOW_SESSION] = "a session window",
                                         [VS_WINDOW_CUMULATE] = "a cumulating window"};

/* ---- durations ---- */
static vs_status interval_us(struct vs_interval interval, struct vs_span span, const char *what, int64_t *ret_us,
                             struct vs_error *err) {
  if (interval.months)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_BAD_WINDOW, span, "%s is given in months, whose length changes", what),
                        "use days: INTERVAL '30' DAY");
  if (interval.nanoseconds % 1000)
    return vs_fail(err, VS_CODE_BAD_WINDOW, span, "%s is finer than a microsecond", what);
  *ret_us = interval.nanoseconds / 1000;
  return VS_OK;
}

/* A number is seconds, text is a duration: the one rule of spec/sql.md 1.1. */
static vs_status value_interval(const struct vs_value *value, struct vs_span span, struct vs_interval *ret_interval,
                                struct vs_error *err) {
  if (!value->is_null && value->type.id == VS_TYPE_INTERVAL) {
    *ret_interval = value->as.interval;
    return VS_OK;
  }
  if (!value->is_null && value->type.id == VS_TYPE_INTEGER && value->as.integer <= INT64_MAX / 1000000000 &&
      value->as.integer >= INT64_MIN / 1000000000) {
    *ret_interval = (struct vs_interval){.nanoseconds = value->as.integer * 1000000000};
    return VS_OK;
  }
  if (!value->is_null && value->type.id == VS_TYPE_STRING && vs_duration_parse(value->as.string, ret_interval))
    return VS_OK;
  return vs_fail(err, VS_CODE_BAD_DURATION, span, "this is no duration; write 5m, INTERVAL '5' MINUTE or '5 minutes'");
}

static vs_status window_duration(struct vs_binder *binder, const struct vs_duration *duration, const char *what,
                                 int64_t *ret_us, struct vs_error *err) {
  struct vs_interval interval = duration->value;
  if (duration->parameter.text.data) {
    const struct vs_value *value = NULL;
    VS_TRY(vs_parameter_get(binder->context, &duration->parameter, &value, err));
    VS_TRY(value_interval(value, duration->span, &interval, err));
  }
  return interval_us(interval, duration->span, what, ret_us, err);
}

static vs_status expr_duration(struct vs_binder *binder, const struct vs_expr *expr, const char *what, int64_t *ret_us,
                               struct vs_error *err) {
  const struct vs_value *value = NULL;
  struct vs_interval interval;
  if (expr->kind == VS_EXPR_INTERVAL) return window_duration(binder, &expr->as.duration, what, ret_us, err);
  if (expr->kind == VS_EXPR_LITERAL)
    value = &expr->as.literal;
  else if (expr->kind == VS_EXPR_PARAMETER)
    VS_TRY(vs_parameter_get(binder->context, &expr->as.name.parts[0], &value, err));
  else
    return vs_fail(err, VS_CODE_BAD_DURATION, expr->span, "%s must be a constant duration: 5m, INTERVAL '5' MINUTE",
                   what);
  VS_TRY(value_interval(value, expr->span, &interval, err));
  return interval_us(interval, expr->span, what, ret_us, err);
}

/* ---- time ---- */
vs_status vs_window_time(struct vs_binder *binder, const struct vs_relation *input, struct vs_bound *bound,
                         struct vs_bound **ret_time, vs_epoch_unit *ret_unit, struct vs_error *err) {
  char text[32];
  switch (bound->type.id) {
  case VS_TYPE_INTEGER:
    *ret_unit = bound->is == VS_BOUND_COLUMN && input->units ? input->units[bound->as.column] : VS_EPOCH_AUTO;
    *ret_time = bound;
    return VS_OK;
  case VS_TYPE_FLOAT:
    *ret_unit = VS_EPOCH_MILLIS;
    *ret_time = bound;
    return VS_OK;
  case VS_TYPE_TIMESTAMP:
  case VS_TYPE_TIMESTAMP_MS:
  case VS_TYPE_DATE:
  case VS_TYPE_STRING:
    *ret_unit = VS_EPOCH_AUTO;
    return vs_apply_cast(binder, bound, VS_TYPE(TIMESTAMP), false, bound->span, ret_time, err);
  default:
    return vs_fail_hint(
        err, vs_fail(err, VS_CODE_TYPE_CLASH, bound->span, "%s is no event time", vs_type_print(bound->type, text)),
        "an event time is a TIMESTAMP, a DATE, text of one, or an epoch number");
  }
}

bool vs_window_is_own_time(const struct vs_relation *input, const struct vs_bound *time) {
  if (!input->has_event_time) return false;
  return time->is == VS_BOUND_EVENT_TIME ||
         (time->is == VS_BOUND_COLUMN && input->time_column >= 0 && time->as.column == (uint32_t)input->time_column);
}

static vs_status no_event_time(const struct vs_relation *input, struct vs_span span, struct vs_error *err) {
  const struct vs_schema *schema = input->node->schema;
  vs_status status = vs_fail(err, VS_CODE_NO_EVENT_TIME, span, "the window has no event time: %.*s has none",
                             VS_STR_ARG(input->qualifier.size ? input->qualifier : VS_STR("the source")));
  for (uint32_t i = 0; i < schema->shown_count; i++)
    if (vs_type_is_temporal(schema->fields[i].type))
      return vs_fail_hint(err, status, "name a time column: TUMBLING(%.*s, ...)", VS_STR_ARG(schema->fields[i].name));
  return vs_fail_hint(err, status, "name a time column: TUMBLING(ts, 1m), or set event.time.field in WITH");
}

static vs_status bind_time(struct vs_scope *rows, const struct vs_expr *time, struct vs_span span,
                           struct vs_window_plan *window, struct vs_error *err) {
  const struct vs_relation *input = rows->input;
  if (!time && !input->has_event_time) return no_event_time(input, span, err);
  bool is_own = true;
  if (time) {
    struct vs_bound *bound = NULL;
    VS_TRY(vs_bind_expr(rows, time, &bound, err));
    is_own = vs_window_is_own_time(input, bound);
    if (!is_own) VS_TRY(vs_window_time(rows->binder, input, bound, &window->time, &window->time_unit, err));
  }
  window->owns_watermark = !input->is_memory && (is_own ? input->is_retimed : !input->has_own_watermark);
  return VS_OK;
}

static vs_status check_size(const struct vs_window_plan *window, struct vs_span span, struct vs_error *err) {
  if (window->size_us <= 0)
    return vs_fail_hint(err, vs_fail(err, VS_CODE_BAD_WINDOW, span, "the window's size must be above zero"),
                        "write TUMBLING(1m) or TUMBLING(INTERVAL '5' MINUTE)");
  if (window->size_us > (int64_t)3652059 * VS_US_PER_DAY)
    return vs_fail(err, VS_CODE_BAD_WINDOW, span, "the window's size is longer than the calendar");
  return VS_OK;
}

static vs_status new_window(struct vs_scope *rows, vs_window_kind kind, struct vs_span span,
                            struct vs_window_plan **ret_window, struct vs_error *err) {
  if (kind != VS_WINDOW_TUMBLING) return vs_not_yet(err, span, kind_names[kind]);
  *ret_window = VS_ARENA_NEW(rows->binder->arena, struct vs_window_plan);
  if (!*ret_window) return vs_fail_memory(err);
  (*ret_window)->kind = kind;
  return VS_OK;
}

vs_status vs_window_bind(struct vs_scope *rows, const struct vs_window *clause, struct vs_window_plan **ret_window,
                         struct vs_error *err) {
  struct vs_window_plan *window = NULL;
  VS_TRY(new_window(rows, clause->kind, clause->span, &window, err));
  VS_TRY(window_duration(rows->binder, &clause->size, "the window's size", &window->size_us, err));
  VS_TRY(check_size(window, clause->size.span, err));
  window->advance_us = window->size_us;
  if (clause->has_offset) VS_TRY(window_duration(rows->binder, &clause->offset, "OFFSET", &window->offset_us, err));
  if (clause->has_grace) VS_TRY(window_duration(rows->binder, &clause->grace, "GRACE PERIOD", &window->grace_us, err));
  if (window->grace_us < 0)
    return vs_fail(err, VS_CODE_BAD_WINDOW, clause->grace.span, "GRACE PERIOD must not be negative");
  VS_TRY(bind_time(rows, clause->time, clause->span, window, err));
  *ret_window = window;
  return VS_OK;
}

/* ---- GROUP BY TUMBLE(ts, 1m) ---- */
static bool call_kind(const struct vs_expr *expr, vs_window_kind *ret_kind) {
  static const struct {
    const char *name;
    vs_window_kind kind;
  } rows[] = {{"TUMBLE", VS_WINDOW_TUMBLING},
              {"TUMBLING", VS_WINDOW_TUMBLING},
              {"HOP", VS_WINDOW_HOPPING},
              {"SESSION", VS_WINDOW_SESSION},
              {"CUMULATE", VS_WINDOW_CUMULATE}};
  if (expr->kind != VS_EXPR_CALL) return false;
  for (size_t i = 0; i < VS_COUNT_OF(rows); i++)
    if (vs_str_equal_nocase(expr->as.call.name.text, vs_str_of(rows[i].name))) {
      *ret_kind = rows[i].kind;
      return true;
    }
  return false;
}

bool vs_call_is_window(const struct vs_expr *expr) {
  vs_window_kind kind;
  return call_kind(expr, &kind);
}

vs_status vs_window_bind_call(struct vs_scope *rows, const struct vs_expr *expr, struct vs_window_plan **ret_window,
                              struct vs_error *err) {
  const struct vs_exprs *arguments = &expr->as.call.arguments;
  vs_window_kind kind = VS_WINDOW_TUMBLING;
  struct vs_window_plan *window = NULL;
  call_kind(expr, &kind);
  VS_TRY(new_window(rows, kind, expr->span, &window, err));
  if (arguments->count < 1 || arguments->count > 2)
    return vs_fail_hint(err, vs_fail(err, VS_CODE_WRONG_ARGUMENTS, expr->span, "TUMBLE takes a time column and a size"),
                        "GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)");
  const struct vs_expr *size = arguments->items[arguments->count - 1];
  VS_TRY(expr_duration(rows->binder, size, "the window's size", &window->size_us, err));
  VS_TRY(check_size(window, size->span, err));
  window->advance_us = window->size_us;
  VS_TRY(bind_time(rows, arguments->count == 2 ? arguments->items[0] : NULL, expr->span, window, err));
  *ret_window = window;
  return VS_OK;
}
