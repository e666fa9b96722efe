/* SPDX-License-Identifier: Apache-2.0
 * A function row applied to bound arguments: count and types checked by the row, casts inserted, constants folded. */
#include "engine/plan/binder.h"

#include <stdio.h>

vs_status vs_binding_init(struct vs_binder *binder, struct vs_bound **arguments, uint32_t argument_count,
                          struct vs_span span, struct vs_binding *ret_binding, struct vs_error *err) {
  struct vs_type *types = vs_binder_alloc(binder, sizeof *types, argument_count);
  const struct vs_value **constants = vs_binder_alloc(binder, sizeof *constants, argument_count);
  struct vs_span *spans = vs_binder_alloc(binder, sizeof *spans, argument_count);
  if (!types || !constants || !spans) return vs_fail_memory(err);
  for (uint32_t i = 0; i < argument_count; i++) {
    if (!arguments[i]) return vs_fail_memory(err);
    types[i] = arguments[i]->type;
    constants[i] = vs_bound_is_constant(arguments[i]) ? &arguments[i]->as.constant : NULL;
    spans[i] = arguments[i]->span;
  }
  *ret_binding = (struct vs_binding){.arguments = types,
                                     .constants = constants,
                                     .argument_count = argument_count,
                                     .span = span,
                                     .argument_spans = spans,
                                     .arena = binder->arena,
                                     .env = binder->context->env};
  return VS_OK;
}

vs_status vs_binding_casts(struct vs_binder *binder, const struct vs_binding *binding, struct vs_bound **arguments,
                           struct vs_error *err) {
  for (uint32_t i = 0; i < binding->argument_count; i++)
    VS_TRY(vs_apply_cast(binder, arguments[i], binding->arguments[i], false, arguments[i]->span, &arguments[i], err));
  return VS_OK;
}

static bool is_comparison(const char *name) {
  static const char *const names[] = {"=", "<>", "<", "<=", ">", ">="};
  for (size_t i = 0; i < VS_COUNT_OF(names); i++)
    if (strcmp(name, names[i]) == 0) return true;
  return false;
}

/* A text column beside a number compares as a number (spec/sql.md 5): legal, and worth saying. */
static void warn_of_text_as_number(struct vs_binder *binder, const struct vs_scalar *row,
                                   const struct vs_binding *binding, struct vs_bound *const *arguments) {
  if (!is_comparison(row->name)) return;
  for (uint32_t i = 0; i < binding->argument_count; i++) {
    char text[32];
    if (arguments[i]->type.id == VS_TYPE_STRING && !vs_bound_is_constant(arguments[i]) &&
        vs_type_is_numeric(binding->arguments[i]))
      vs_binder_warn(binder, arguments[i]->span,
                     "text is compared with a number: it is read as %s, and rows where it cannot be fail",
                     vs_type_print(binding->arguments[i], text));
  }
}

/* price > 'x' can be true of no row: said once and before anything runs, not as one failure per row. */
static vs_status check_text_constants(const struct vs_scalar *row, const struct vs_binding *binding,
                                      struct vs_bound *const *arguments, struct vs_bound *const *cast,
                                      struct vs_error *err) {
  char type[32];
  for (uint32_t i = 0; is_comparison(row->name) && i < binding->argument_count; i++) {
    const struct vs_bound *text = arguments[i];
    if (text->type.id != VS_TYPE_STRING || !vs_bound_is_constant(text) || text->as.constant.is_null ||
        vs_bound_is_constant(cast[i]))
      continue;
    vs_type_print(arguments[binding->argument_count == 2 ? 1 - i : i]->type, type);
    vs_status status =
        vs_fail(err, VS_CODE_TYPE_CLASH, text->span, "'%.*s' is compared with %s and cannot be read as one",
                VS_STR_ARG(text->as.constant.as.string), type);
    return vs_fail_hint(err, status, "%s",
                        vs_type_is_temporal(binding->arguments[i])
                            ? "write '2024-01-31' or '2024-01-31 09:30:00'"
                            : "write a number, or CAST the other side to STRING");
  }
  return VS_OK;
}

static vs_status check_count(const struct vs_scalar *row, uint32_t count, struct vs_span span, struct vs_error *err) {
  if (count >= row->argument_min && count <= row->argument_max) return VS_OK;
  vs_status status = row->argument_min == row->argument_max
                         ? vs_fail(err, VS_CODE_WRONG_ARGUMENTS, span, "%s takes %u argument%s, not %u", row->name,
                                   row->argument_min, row->argument_min == 1 ? "" : "s", count)
                     : count < row->argument_min
                         ? vs_fail(err, VS_CODE_WRONG_ARGUMENTS, span, "%s takes at least %u argument%s, not %u",
                                   row->name, row->argument_min, row->argument_min == 1 ? "" : "s", count)
                         : vs_fail(err, VS_CODE_WRONG_ARGUMENTS, span, "%s takes at most %u argument%s, not %u",
                                   row->name, row->argument_max, row->argument_max == 1 ? "" : "s", count);
  return vs_fail_hint(err, status, "%s%s", row->name, row->signature);
}

/* Rows that give NULL only for a NULL argument; everything else may (a zero divisor, a failed lookup). */
static bool keeps_not_null(const char *name) {
  static const char *const names[] = {"+", "-", "*", "=", "<>", "<", "<=", ">", ">=", "NOT", "||"};
  for (size_t i = 0; i < VS_COUNT_OF(names); i++)
    if (strcmp(name, names[i]) == 0) return true;
  return false;
}

static bool call_is_nullable(const struct vs_scalar *row, struct vs_bound *const *arguments, uint32_t count) {
  if (strncmp(row->name, "IS ", 3) == 0) return false;
  if (!keeps_not_null(row->name)) return true;
  for (uint32_t i = 0; i < count; i++)
    if (arguments[i]->is_nullable) return true;
  return false;
}

static struct vs_bound *new_call(struct vs_binder *binder, const struct vs_call_bound *call,
                                 struct vs_bound **arguments, uint32_t count, bool is_nullable, struct vs_span span) {
  struct vs_bound *bound = vs_bound_new(binder, VS_BOUND_CALL, call->result, is_nullable, span);
  struct vs_bound **copy = vs_binder_alloc(binder, sizeof *copy, count);
  if (!bound || !copy) return NULL;
  if (count) memcpy(copy, arguments, sizeof *copy * count);
  bound->as.call.call = *call;
  bound->as.call.call.span = span;
  bound->as.call.arguments = copy;
  bound->as.call.argument_count = count;
  return bound;
}

/* ---- folding ---- */
static bool can_fold(const struct vs_bound *call) {
  const struct vs_scalar *row = call->as.call.call.function;
  if (row && (row->flags & VS_FN_VOLATILE)) return false;
  for (uint32_t i = 0; i < call->as.call.argument_count; i++)
    if (!vs_bound_is_constant(call->as.call.arguments[i])) return false;
  return true;
}

/* A row error or a zero divisor is left to run time, where it is counted and CASE may mask it. */
static struct vs_bound *fold_constant(struct vs_binder *binder, struct vs_bound *call) {
  if (!can_fold(call)) return call;
  uint32_t count = call->as.call.argument_count;
  struct vs_row_errors *errors = VS_ARENA_NEW(binder->arena, struct vs_row_errors);
  struct vs_vector *vectors = vs_binder_alloc(binder, sizeof *vectors, count), result = {.type = call->type};
  if (!errors || !vectors) return call;
  struct vs_eval eval = {.env = binder->context->env,
                         .arena = binder->arena,
                         .errors = errors,
                         .division_by_zero_fails = binder->context->division_by_zero_fails};
  for (uint32_t i = 0; i < count; i++)
    if (vs_vector_constant(&vectors[i], &call->as.call.arguments[i]->as.constant, binder->arena, NULL) != VS_OK)
      return call;
  if (vs_call_run(&call->as.call.call, &eval, vectors, count, 1, &result, NULL) != VS_OK || errors->has_failed ||
      errors->count || eval.division_by_zero_count)
    return call;
  struct vs_value value = vs_value_get(&result, 0);
  value.type = call->type;
  struct vs_bound *constant = vs_bound_constant(binder, &value, call->span);
  return constant ? constant : call;
}

/* ---- applying ---- */
vs_status vs_apply_row(struct vs_binder *binder, const struct vs_scalar *row, struct vs_bound **arguments,
                       uint32_t argument_count, struct vs_span span, struct vs_bound **ret_bound,
                       struct vs_error *err) {
  VS_TRY(check_count(row, argument_count, span, err));
  struct vs_binding binding;
  struct vs_call_bound call = {.function = row, .span = span};
  VS_TRY(vs_binding_init(binder, arguments, argument_count, span, &binding, err));
  VS_TRY(row->bind(row, &binding, &call, err));
  call.function = row;
  struct vs_bound **cast = vs_binder_alloc(binder, sizeof *cast, argument_count);
  if (!cast) return vs_fail_memory(err);
  for (uint32_t i = 0; i < argument_count; i++)
    cast[i] = arguments[i];
  warn_of_text_as_number(binder, row, &binding, arguments);
  VS_TRY(vs_binding_casts(binder, &binding, cast, err));
  VS_TRY(check_text_constants(row, &binding, arguments, cast, err));
  struct vs_bound *bound =
      new_call(binder, &call, cast, argument_count, call_is_nullable(row, cast, argument_count), span);
  if (!bound) return vs_fail_memory(err);
  *ret_bound = fold_constant(binder, bound);
  return VS_OK;
}

vs_status vs_apply(struct vs_binder *binder, const char *name, struct vs_bound **arguments, uint32_t argument_count,
                   struct vs_span span, struct vs_bound **ret_bound, struct vs_error *err) {
  const struct vs_scalar *row = vs_scalar_find(vs_str_of(name));
  if (!row) {
    char construct[64];
    snprintf(construct, sizeof construct, "the operator %s", name);
    return vs_not_yet(err, span, construct);
  }
  return vs_apply_row(binder, row, arguments, argument_count, span, ret_bound, err);
}

vs_status vs_apply_cast(struct vs_binder *binder, struct vs_bound *operand, struct vs_type type, bool is_try,
                        struct vs_span span, struct vs_bound **ret_bound, struct vs_error *err) {
  if (vs_type_equal(operand->type, type)) {
    *ret_bound = operand;
    return VS_OK;
  }
  if (vs_bound_is_constant(operand) && operand->as.constant.is_null) {
    struct vs_value null = vs_value_null(type);
    *ret_bound = vs_bound_constant(binder, &null, span);
    return *ret_bound ? VS_OK : vs_fail_memory(err);
  }
  struct vs_call_bound call = {.span = span};
  VS_TRY(vs_cast_bind(operand->type, type, is_try, span, binder->arena, &call, err));
  struct vs_bound *bound = new_call(binder, &call, &operand, 1, operand->is_nullable || is_try, span);
  if (!bound) return vs_fail_memory(err);
  *ret_bound = fold_constant(binder, bound);
  return VS_OK;
}

static bool constant_boolean(const struct vs_bound *bound, bool value) {
  return vs_bound_is_constant(bound) && !bound->as.constant.is_null && bound->as.constant.as.boolean == value;
}

vs_status vs_apply_both(struct vs_binder *binder, vs_bound_is is, struct vs_bound *left, struct vs_bound *right,
                        struct vs_span span, struct vs_bound **ret_bound, struct vs_error *err) {
  bool neutral = is == VS_BOUND_AND; /* TRUE AND x = x; FALSE OR x = x; a deciding left side ends it */
  if (constant_boolean(left, neutral) || constant_boolean(left, !neutral)) {
    *ret_bound = constant_boolean(left, neutral) ? right : left;
    return VS_OK;
  }
  if (constant_boolean(right, neutral)) {
    *ret_bound = left;
    return VS_OK;
  }
  struct vs_bound *bound = vs_bound_new(binder, is, VS_TYPE(BOOLEAN), left->is_nullable || right->is_nullable, span);
  if (!bound) return vs_fail_memory(err);
  bound->as.both.left = left;
  bound->as.both.right = right;
  *ret_bound = bound;
  return VS_OK;
}

vs_status vs_apply_boolean(struct vs_binder *binder, struct vs_bound *operand, const char *clause,
                           struct vs_bound **ret_bound, struct vs_error *err) {
  char text[32];
  if (operand->type.id == VS_TYPE_INTEGER)
    vs_binder_warn(binder, operand->span, "an INTEGER is used as a condition: 0 is false, anything else true");
  else if (operand->type.id != VS_TYPE_BOOLEAN && operand->type.id != VS_TYPE_NULL)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_TYPE_CLASH, operand->span, "%s needs a BOOLEAN, this is %s", clause,
                                vs_type_print(operand->type, text)),
                        "compare it with something: x = 'value', x > 0, x IS NOT NULL");
  return vs_apply_cast(binder, operand, VS_TYPE(BOOLEAN), false, operand->span, ret_bound, err);
}
