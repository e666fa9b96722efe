/* SPDX-License-Identifier: Apache-2.0
 * Calls: window bounds by function, conditionals, aggregates, scalar functions, and what is no function at all. */
#include "engine/plan/binder.h"

#include <stdio.h>

/* TUMBLE_START(..), WINDOW_END(): the arguments repeat the window and say nothing new. */
static bool is_window_bound_call(struct vs_str name, bool *ret_is_end) {
  static const struct {
    const char *name;
    bool is_end;
  } rows[] = {{"TUMBLE_START", false}, {"TUMBLE_END", true},    {"HOP_START", false},
              {"HOP_END", true},       {"WINDOW_START", false}, {"WINDOW_END", true}};
  for (size_t i = 0; i < VS_COUNT_OF(rows); i++)
    if (vs_str_equal_nocase(name, vs_str_of(rows[i].name))) {
      *ret_is_end = rows[i].is_end;
      return true;
    }
  return false;
}

static vs_status bind_window_bound(struct vs_scope *scope, const struct vs_expr *expr, bool is_end,
                                   struct vs_bound **ret_bound, struct vs_error *err) {
  struct vs_ident part = {.text = is_end ? VS_STR("_window_end") : VS_STR("_window_start"), .span = expr->span};
  struct vs_expr column = {.kind = VS_EXPR_COLUMN, .span = expr->span};
  column.as.name = (struct vs_name){&part, 1, expr->span};
  return vs_bind_name(scope, &column, ret_bound, err);
}

/* TIMESTAMP() is the record's own time, what _timestamp is; with an argument it is a function like any other. */
static bool is_record_time(const struct vs_call *call) {
  return call->arguments.count == 0 && vs_str_equal_nocase(call->name.text, VS_STR("TIMESTAMP"));
}

static const char *const over_only[] = {"LAG",   "LEAD",      "ROW_NUMBER",   "RANK",     "DENSE_RANK",
                                        "NTILE", "CUME_DIST", "PERCENT_RANK", "NTH_VALUE"};

static bool is_over_function(struct vs_str name) {
  for (size_t i = 0; i < VS_COUNT_OF(over_only); i++)
    if (vs_str_equal_nocase(name, vs_str_of(over_only[i]))) return true;
  return false;
}

static void offer_functions(struct vs_suggest *suggest) {
  for (const struct vs_scalar_family *const *family = vs_scalar_families(); *family; family++)
    for (uint32_t i = 0; i < (*family)->row_count; i++)
      if (!((*family)->rows[i].flags & VS_FN_HIDDEN)) vs_suggest_offer(suggest, vs_str_of((*family)->rows[i].name));
  for (const struct vs_aggregate_family *const *family = vs_aggregate_families(); *family; family++)
    for (uint32_t i = 0; i < (*family)->row_count; i++)
      vs_suggest_offer(suggest, vs_str_of((*family)->rows[i].name));
}

static vs_status unknown_function(const struct vs_call *call, struct vs_error *err) {
  struct vs_suggest suggest;
  char text[200], construct[96];
  snprintf(construct, sizeof construct, "the function %.*s", (int)VS_MIN(call->name.text.size, 60),
           call->name.text.data);
  if (vs_function_is_planned(call->name.text) || is_over_function(call->name.text))
    return vs_not_yet(err, call->name.span, construct);
  vs_suggest_init(&suggest, call->name.text);
  offer_functions(&suggest);
  vs_status status =
      vs_fail(err, VS_CODE_UNKNOWN_FUNCTION, call->name.span, "no function '%.*s'", VS_STR_ARG(call->name.text));
  if (suggest.count) return vs_fail_hint(err, status, "%s", vs_suggest_print(&suggest, text, sizeof text));
  return vs_fail_hint(err, status, "SHOW FUNCTIONS lists what there is");
}

static vs_status reject_decorations(const struct vs_call *call, const struct vs_scalar *row, struct vs_span span,
                                    struct vs_error *err) {
  const char *what = call->filter         ? "FILTER"
                     : call->is_distinct  ? "DISTINCT"
                     : call->within.count ? "WITHIN GROUP"
                                          : NULL;
  if (!what) return VS_OK;
  return vs_fail_hint(
      err, vs_fail(err, VS_CODE_WRONG_ARGUMENTS, span, "%s is no aggregate: %s does not go with it", row->name, what),
      "%s%s", row->name, row->signature);
}

static vs_status bind_scalar(struct vs_scope *scope, const struct vs_expr *expr, const struct vs_scalar *row,
                             struct vs_bound **ret_bound, struct vs_error *err) {
  const struct vs_call *call = &expr->as.call;
  struct vs_bound **arguments = vs_binder_alloc(scope->binder, sizeof *arguments, call->arguments.count);
  if (!arguments) return vs_fail_memory(err);
  VS_TRY(reject_decorations(call, row, expr->span, err));
  for (uint32_t i = 0; i < call->arguments.count; i++)
    VS_TRY(vs_bind_expr(scope, call->arguments.items[i], &arguments[i], err));
  VS_TRY(vs_unit_arguments(scope, row, arguments, call->arguments.count, err));
  return vs_apply_row(scope->binder, row, arguments, call->arguments.count, expr->span, ret_bound, err);
}

vs_status vs_bind_call(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                       struct vs_error *err) {
  const struct vs_call *call = &expr->as.call;
  bool is_end = false;
  if (call->over) return vs_not_yet(err, vs_span_is_known(call->over->span) ? call->over->span : expr->span, "OVER");
  if (is_window_bound_call(call->name.text, &is_end)) return bind_window_bound(scope, expr, is_end, ret_bound, err);
  if (is_record_time(call)) return vs_apply(scope->binder, "NOW", NULL, 0, expr->span, ret_bound, err);
  VS_TRY(vs_bind_conditional(scope, expr, ret_bound, err));
  if (*ret_bound) return VS_OK;
  const struct vs_aggregate *aggregate = vs_aggregate_find(call->name.text);
  if (aggregate) return vs_bind_aggregate(scope, expr, aggregate, ret_bound, err);
  const struct vs_scalar *row = vs_scalar_find(call->name.text);
  if (!row) return unknown_function(call, err);
  return bind_scalar(scope, expr, row, ret_bound, err);
}
