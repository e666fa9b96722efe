/* SPDX-License-Identifier: Apache-2.0
 * Running a bound call: encodings and NULLs are dealt with here, so that kernels see flat vectors and constants. */
#include "engine/function/kernel.h"

void vs_eval_fail_row(struct vs_eval *eval, uint32_t row, vs_code code, struct vs_span span, const char *message) {
  if (!eval->active || vs_bit_get(eval->active, row))
    vs_row_errors_add(eval->errors, row, eval->first_row + (eval->row_offsets ? eval->row_offsets[row] : row), code,
                      span, "%s", message);
}

static bool all_constant(const struct vs_vector *arguments, uint32_t argument_count) {
  for (uint32_t i = 0; i < argument_count; i++)
    if (arguments[i].encoding != VS_VECTOR_CONSTANT) return false;
  return argument_count > 0;
}

static bool any_null_constant(const struct vs_vector *arguments, uint32_t argument_count) {
  for (uint32_t i = 0; i < argument_count; i++)
    if (arguments[i].encoding == VS_VECTOR_CONSTANT && vs_vector_is_null(&arguments[i], 0)) return true;
  return false;
}

static vs_status and_validity(const struct vs_vector *argument, uint32_t row_count, struct vs_arena *arena,
                              struct vs_vector *ret, struct vs_error *err) {
  if (!argument->validity || argument->encoding == VS_VECTOR_CONSTANT) return VS_OK;
  uint64_t *bits = vs_vector_validity(ret, row_count, arena);
  if (!bits) return vs_fail_memory(err);
  for (uint32_t i = 0; i < (row_count + 63) / 64; i++)
    bits[i] &= argument->validity[i];
  return VS_OK;
}

static vs_status null_constant(struct vs_type type, struct vs_arena *arena, struct vs_vector *ret,
                               struct vs_error *err) {
  struct vs_value value = vs_value_null(type);
  return vs_vector_constant(ret, &value, arena, err);
}

enum { ARGUMENTS_ON_STACK = 16 };

static vs_status flatten_all(const struct vs_vector *arguments, uint32_t argument_count, uint32_t row_count,
                             struct vs_arena *arena, struct vs_vector *flat, struct vs_error *err) {
  for (uint32_t i = 0; i < argument_count; i++) {
    if (arguments[i].encoding == VS_VECTOR_DICTIONARY)
      VS_TRY(vs_vector_flatten(&arguments[i], row_count, arena, &flat[i], err));
    else
      flat[i] = arguments[i];
  }
  return VS_OK;
}

static vs_status run_flat(const struct vs_call_bound *call, struct vs_eval *eval, const struct vs_vector *arguments,
                          uint32_t argument_count, uint32_t row_count, struct vs_vector *ret, struct vs_error *err) {
  struct vs_vector on_stack[ARGUMENTS_ON_STACK], *flat = on_stack, result;
  bool handles_null = call->function->flags & VS_FN_HANDLES_NULL;
  if (!handles_null && any_null_constant(arguments, argument_count))
    return null_constant(call->result, eval->arena, ret, err);
  if (argument_count > ARGUMENTS_ON_STACK) flat = VS_ARENA_ARRAY(eval->arena, struct vs_vector, argument_count);
  if (!flat) return vs_fail_memory(err);
  VS_TRY(flatten_all(arguments, argument_count, row_count, eval->arena, flat, err));
  VS_TRY(vs_vector_init(&result, call->result, row_count, eval->arena, err));
  for (uint32_t i = 0; !handles_null && i < argument_count; i++)
    VS_TRY(and_validity(&flat[i], row_count, eval->arena, &result, err));
  VS_TRY(call->eval(eval, call, flat, row_count, &result, err));
  *ret = result;
  return VS_OK;
}

static void count_for_all(struct vs_eval *eval, const struct vs_eval *once, uint32_t row_count) {
  uint64_t rows = row_count;
  if (eval->active) {
    rows = 0;
    for (uint32_t i = 0; i < row_count; i++)
      rows += vs_bit_get(eval->active, i);
  }
  eval->division_by_zero_count += once->division_by_zero_count * rows;
  eval->domain_count += once->domain_count * rows;
}

/* One evaluation stands for all rows: its error and its counters too. */
static vs_status run_constant(const struct vs_call_bound *call, struct vs_eval *eval, const struct vs_vector *arguments,
                              uint32_t argument_count, uint32_t row_count, struct vs_vector *ret,
                              struct vs_error *err) {
  struct vs_row_errors errors = {0};
  struct vs_eval once = *eval;
  once.active = NULL;
  once.errors = &errors;
  once.division_by_zero_count = once.domain_count = 0;
  struct vs_vector result;
  VS_TRY(run_flat(call, &once, arguments, argument_count, 1, &result, err));
  for (uint32_t i = 0; errors.has_failed && i < row_count; i++)
    vs_eval_fail_row(eval, i, errors.samples[0].code, errors.samples[0].span, errors.samples[0].message);
  count_for_all(eval, &once, row_count);
  result.encoding = VS_VECTOR_CONSTANT;
  *ret = result;
  return VS_OK;
}

/* The only argument that is not constant, when it is a dictionary small enough to be worth it; else -1. */
static int dictionary_argument(const struct vs_vector *arguments, uint32_t argument_count, uint32_t row_count) {
  int found = -1;
  for (uint32_t i = 0; i < argument_count; i++) {
    if (arguments[i].encoding == VS_VECTOR_FLAT || (arguments[i].encoding == VS_VECTOR_DICTIONARY && found >= 0))
      return -1;
    if (arguments[i].encoding == VS_VECTOR_DICTIONARY) found = (int)i;
  }
  return found >= 0 && arguments[found].dictionary->value_count <= row_count ? found : -1;
}

static vs_status spread_codes(const struct vs_vector *by_value, const struct vs_vector *codes, uint32_t row_count,
                              struct vs_arena *arena, struct vs_vector *ret, struct vs_error *err) {
  struct vs_vector result;
  VS_TRY(vs_vector_gather(by_value, codes->data, row_count, arena, &result, err));
  VS_TRY(and_validity(codes, row_count, arena, &result, err));
  *ret = result;
  return VS_OK;
}

/* Evaluates once per dictionary value. Gives up (*ret_done false) when a value fails: it may be one no row holds. */
static vs_status run_dictionary(const struct vs_call_bound *call, struct vs_eval *eval,
                                const struct vs_vector *arguments, uint32_t argument_count, uint32_t which,
                                uint32_t row_count, struct vs_vector *ret, bool *ret_done, struct vs_error *err) {
  struct vs_vector values[ARGUMENTS_ON_STACK], by_value;
  const struct vs_dictionary *dictionary = arguments[which].dictionary;
  memcpy(values, arguments, argument_count * sizeof *arguments);
  values[which] = (struct vs_vector){.type = arguments[which].type, .data = dictionary->values};
  struct vs_row_errors errors = {0};
  struct vs_eval once = *eval;
  once.active = NULL;
  once.errors = &errors;
  once.division_by_zero_count = once.domain_count = 0;
  VS_TRY(run_flat(call, &once, values, argument_count, dictionary->value_count, &by_value, err));
  *ret_done = !errors.has_failed && !once.domain_count && !once.division_by_zero_count;
  return *ret_done ? spread_codes(&by_value, &arguments[which], row_count, eval->arena, ret, err) : VS_OK;
}

vs_status vs_call_run(const struct vs_call_bound *call, struct vs_eval *eval, const struct vs_vector *arguments,
                      uint32_t argument_count, uint32_t row_count, struct vs_vector *ret, struct vs_error *err) {
  uint32_t flags = call->function->flags;
  if (row_count > 0 && !(flags & VS_FN_VOLATILE) && all_constant(arguments, argument_count))
    return run_constant(call, eval, arguments, argument_count, row_count, ret, err);
  if ((flags & VS_FN_DICTIONARY) && !(flags & VS_FN_HANDLES_NULL) && argument_count <= ARGUMENTS_ON_STACK) {
    int which = dictionary_argument(arguments, argument_count, row_count);
    bool is_done = false;
    if (which >= 0 && !any_null_constant(arguments, argument_count))
      VS_TRY(run_dictionary(call, eval, arguments, argument_count, (uint32_t)which, row_count, ret, &is_done, err));
    if (is_done) return VS_OK;
  }
  return run_flat(call, eval, arguments, argument_count, row_count, ret, err);
}
