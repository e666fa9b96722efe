/* SPDX-License-Identifier: Apache-2.0
 * COALESCE, IFNULL, NULLIF, IF, CAST, TRY_CAST: only their types are settled here. The plan rewrites the first four to
 * CASE, which alone evaluates the branch it takes, and the casts to vs_cast_bind; so these rows have no kernel. */
#include "engine/function/kernel.h"

static vs_status bind_branches(const struct vs_scalar *self, struct vs_binding *binding, uint32_t first,
                               struct vs_call_bound *ret_call, struct vs_error *err) {
  struct vs_type common;
  if (!vs_bind_common(binding, first, &common)) return vs_bind_refuse(self->name, self->signature, binding, err);
  for (uint32_t i = first; i < binding->argument_count; i++)
    binding->arguments[i] = common;
  ret_call->result = common;
  ret_call->eval = NULL;
  return VS_OK;
}

static vs_status bind_coalesce(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                               struct vs_error *err) {
  return bind_branches(self, binding, 0, ret_call, err);
}

static vs_status bind_if(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                         struct vs_error *err) {
  vs_type_id condition = binding->arguments[0].id;
  if (condition != VS_TYPE_BOOLEAN && condition != VS_TYPE_INTEGER && condition != VS_TYPE_NULL)
    return vs_bind_refuse(self->name, self->signature, binding, err);
  VS_TRY(bind_branches(self, binding, 1, ret_call, err));
  binding->arguments[0] = VS_TYPE(BOOLEAN);
  return VS_OK;
}

/* NULLIF keeps the type of its first argument; how both compare is the business of "=". */
static vs_status bind_nullif(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                             struct vs_error *err) {
  (void)self, (void)err;
  ret_call->result = binding->arguments[0];
  ret_call->eval = NULL;
  return VS_OK;
}

static vs_status bind_cast(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                           struct vs_error *err) {
  (void)ret_call;
  return vs_fail_hint(err, vs_fail(err, VS_CODE_WRONG_ARGUMENTS, binding->span, "%s needs a type", self->name),
                      "write %s(x AS DECIMAL(18,2))", self->name);
}

/* clang-format off */
static const struct vs_scalar rows[] = {
  {"COALESCE", "", "(x, ...) -> common type", 1, UINT32_MAX, VS_FN_HANDLES_NULL, bind_coalesce, "The first value that is not NULL; later ones are not computed.", "COALESCE(NULL, 2, 3) = 2"},
  {"IFNULL", "NVL", "(x, y) -> common type", 2, 2, VS_FN_HANDLES_NULL, bind_coalesce, "x, or y where x is NULL.", "IFNULL(NULL, 'none') = 'none'"},
  {"NULLIF", "", "(a, b) -> type of a", 2, 2, VS_FN_HANDLES_NULL, bind_nullif, "NULL where a equals b, else a.", "(NULLIF(1, 1.0) IS NULL) = TRUE"},
  {"IF", "IIF", "(condition, a, b) -> common type", 3, 3, VS_FN_HANDLES_NULL, bind_if, "a where the condition is TRUE, else b; only that one is computed.", "IF(1 > 2, 'yes', 'no') = 'no'"},
  {"CAST", "", "(x AS type) -> type", 1, 1, 0, bind_cast, "Converts a value; one that cannot be converted fails its row.", "CAST('12.50' AS DECIMAL(4,2)) = 12.5"},
  {"TRY_CAST", "", "(x AS type) -> type", 1, 1, 0, bind_cast, "Converts a value, or gives NULL where it cannot.", "(TRY_CAST('abc' AS INTEGER) IS NULL) = TRUE"},
};
/* clang-format on */
const struct vs_scalar_family vs_scalar_family_conditional = {"conditional", rows, VS_COUNT_OF(rows)};
