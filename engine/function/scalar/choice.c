/* SPDX-License-Identifier: Apache-2.0
 * LEAST and GREATEST over any number of values of a common type; NULLs are ignored. */
#include "engine/function/kernel.h"

/* One argument into the best so far. `better` is whether its value takes the place of one that is there. */
#define FOLD_INTO(kind, A, better)                                                                                     \
  static void kind##_into(const struct vs_vector *argument, uint32_t row_count, bool wants_greater,                    \
                          struct vs_vector *ret, uint64_t *valid) {                                                    \
    const A *values = argument->data;                                                                                  \
    A *best = ret->data;                                                                                               \
    for (uint32_t i = 0; i < row_count; i++) {                                                                         \
      if (vs_vector_is_null(argument, i)) continue;                                                                    \
      const A *value = &values[vs_vector_index(argument, i)];                                                          \
      if (!vs_bit_get(valid, i) || better(value, &best[i], wants_greater)) best[i] = *value;                           \
      vs_bit_set(valid, i);                                                                                            \
    }                                                                                                                  \
  }
#define BY_SIGN(a, b, wants_greater) ((wants_greater) ? *(a) > *(b) : *(a) < *(b))
#define BY_TEXT(a, b, wants_greater) (vs_string_compare(a, b) * ((wants_greater) ? 1 : -1) > 0)
#define BY_LENGTH(a, b, wants_greater) (vs_interval_order(*(a), *(b)) * ((wants_greater) ? 1 : -1) > 0)
FOLD_INTO(bool, uint8_t, BY_SIGN)
FOLD_INTO(i64, int64_t, BY_SIGN)
FOLD_INTO(f64, double, BY_SIGN)
FOLD_INTO(i128, vs_i128, BY_SIGN)
FOLD_INTO(string, struct vs_string, BY_TEXT)
FOLD_INTO(interval, struct vs_interval, BY_LENGTH)

typedef void (*fold_into)(const struct vs_vector *argument, uint32_t row_count, bool wants_greater,
                          struct vs_vector *ret, uint64_t *valid);
static const fold_into folds[] = {
    [VS_PHYSICAL_BOOL] = bool_into, [VS_PHYSICAL_I64] = i64_into,       [VS_PHYSICAL_F64] = f64_into,
    [VS_PHYSICAL_I128] = i128_into, [VS_PHYSICAL_STRING] = string_into, [VS_PHYSICAL_INTERVAL] = interval_into,
};

struct choice {
  uint32_t argument_count;
  bool wants_greater;
};

static vs_status eval_choice(struct vs_eval *eval, const struct vs_call_bound *call, const struct vs_vector *arguments,
                             uint32_t row_count, struct vs_vector *ret, struct vs_error *err) {
  const struct choice *choice = call->data;
  vs_physical physical = vs_type_physical(call->result);
  uint64_t *valid = vs_arena_zalloc(eval->arena, vs_bitmap_bytes(row_count));
  if (!valid) return vs_fail_memory(err);
  memset(ret->data, 0, row_count * vs_physical_size(physical));
  for (uint32_t i = 0; i < choice->argument_count; i++)
    folds[physical](&arguments[i], row_count, choice->wants_greater, ret, valid);
  ret->validity = valid;
  return VS_OK;
}

static vs_status bind_choice(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                             struct vs_error *err) {
  struct choice *choice = VS_ARENA_NEW(binding->arena, struct choice);
  struct vs_type common;
  if (!choice) return vs_fail_memory(err);
  if (!vs_bind_common(binding, 0, &common)) return vs_bind_refuse(self->name, self->signature, binding, err);
  for (uint32_t i = 0; i < binding->argument_count; i++)
    binding->arguments[i] = common;
  *choice = (struct choice){binding->argument_count, self->name[0] == 'G'};
  ret_call->result = common;
  ret_call->eval = eval_choice;
  ret_call->data = choice;
  return VS_OK;
}

/* clang-format off */
static const struct vs_scalar rows[] = {
  {"LEAST", "", "(x, ...) -> common type", 1, UINT32_MAX, VS_FN_HANDLES_NULL, bind_choice, "The smallest of the values that are not NULL.", "LEAST(3, NULL, 1.5) = 1.5"},
  {"GREATEST", "", "(x, ...) -> common type", 1, UINT32_MAX, VS_FN_HANDLES_NULL, bind_choice, "The largest of the values that are not NULL.", "GREATEST('a', 'c', 'b') = 'c'"},
};
/* clang-format on */
const struct vs_scalar_family vs_scalar_family_choice = {"choice", rows, VS_COUNT_OF(rows)};
