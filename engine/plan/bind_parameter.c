/* SPDX-License-Identifier: Apache-2.0
 * :name binds a typed value wherever a literal may stand. */
#include "engine/plan/binder.h"

static const struct vs_parameter *find_parameter(const struct vs_plan_context *context, struct vs_str name) {
  for (uint32_t i = 0; i < context->parameter_count; i++)
    if (vs_str_equal(context->parameters[i].name, name)) return &context->parameters[i];
  return NULL;
}

static vs_status unknown_parameter(const struct vs_plan_context *context, const struct vs_ident *name,
                                   struct vs_error *err) {
  struct vs_suggest suggest;
  char text[200];
  vs_suggest_init(&suggest, name->text);
  for (uint32_t i = 0; i < context->parameter_count; i++)
    vs_suggest_offer(&suggest, context->parameters[i].name);
  vs_status status =
      vs_fail(err, VS_CODE_UNKNOWN_PARAMETER, name->span, "the parameter :%.*s has no value", VS_STR_ARG(name->text));
  if (suggest.count) return vs_fail_hint(err, status, "%s", vs_suggest_print(&suggest, text, sizeof text));
  return vs_fail_hint(err, status, "set it before: %%param %.*s = value, or velo run -p %.*s=value",
                      VS_STR_ARG(name->text), VS_STR_ARG(name->text));
}

vs_status vs_parameter_get(const struct vs_plan_context *context, const struct vs_ident *name,
                           const struct vs_value **ret_value, struct vs_error *err) {
  const struct vs_parameter *parameter = find_parameter(context, name->text);
  if (!parameter) return unknown_parameter(context, name, err);
  if (parameter->list)
    return vs_fail_hint(
        err, vs_fail(err, VS_CODE_TYPE_CLASH, name->span, "the parameter :%.*s is a list", VS_STR_ARG(name->text)),
        "a list stands only after IN: x IN (:%.*s)", VS_STR_ARG(name->text));
  *ret_value = &parameter->value;
  return VS_OK;
}

vs_status vs_bind_parameter(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                            struct vs_error *err) {
  const struct vs_value *value = NULL;
  VS_TRY(vs_parameter_get(scope->binder->context, &expr->as.name.parts[0], &value, err));
  *ret_bound = vs_bound_constant(scope->binder, value, expr->span);
  return *ret_bound ? VS_OK : vs_fail_memory(err);
}
