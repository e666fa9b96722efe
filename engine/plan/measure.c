/* SPDX-License-Identifier: Apache-2.0
 * What kind of number an expression over aggregates is: may charts stack it, must they never add it up? */
#include "engine/plan/binder.h"

struct measure {
  bool is_constant;
  vs_measure_kind kind;
  uint32_t input;
};

static struct measure measure_of(const struct vs_bound *bound, const struct vs_schema *input);

static bool named(const struct vs_bound *call, const char *const *names, size_t count) {
  const struct vs_scalar *row = call->as.call.call.function;
  for (size_t i = 0; row && i < count; i++)
    if (strcmp(row->name, names[i]) == 0) return true;
  return false;
}

/* Two sides of an operator: a sum of sums is a sum, a sum times a constant is one, everything else is a ratio. */
static struct measure combine(const struct vs_bound *call, struct measure a, struct measure b) {
  static const char *const sums[] = {"+", "-"}, *const products[] = {"*", "/"};
  if (a.is_constant && b.is_constant) return (struct measure){.is_constant = true};
  if (a.kind == VS_MEASURE_RAW && b.kind == VS_MEASURE_RAW) return (struct measure){.kind = VS_MEASURE_RAW};
  if (named(call, sums, 2) && a.kind == VS_MEASURE_ADDITIVE && b.kind == VS_MEASURE_ADDITIVE)
    return (struct measure){.kind = VS_MEASURE_ADDITIVE};
  if (named(call, products, 2) && b.is_constant) return (struct measure){.kind = a.kind};
  if (named(call, products, 1) && a.is_constant) return (struct measure){.kind = b.kind};
  return (struct measure){.kind = VS_MEASURE_RATIO};
}

/* ROUND, CAST, ABS, - keep what their first argument is, candles included. */
static struct measure of_call(const struct vs_bound *bound, const struct vs_schema *input) {
  uint32_t count = bound->as.call.argument_count;
  static const char *const binary[] = {"+", "-", "*", "/", "%"};
  if (!count) return (struct measure){.kind = VS_MEASURE_RAW};
  struct measure first = measure_of(bound->as.call.arguments[0], input);
  if (count == 2 && named(bound, binary, VS_COUNT_OF(binary)))
    return combine(bound, first, measure_of(bound->as.call.arguments[1], input));
  for (uint32_t i = 1; i < count; i++) {
    struct measure other = measure_of(bound->as.call.arguments[i], input);
    if (!other.is_constant)
      return (struct measure){.kind = first.kind == VS_MEASURE_RAW && other.kind == VS_MEASURE_RAW ? VS_MEASURE_RAW
                                                                                                   : VS_MEASURE_RATIO};
  }
  return first;
}

static struct measure of_case(const struct vs_bound *bound, const struct vs_schema *input) {
  struct measure all = {.is_constant = true};
  for (uint32_t i = 0; i <= bound->as.cases.when_count; i++) {
    const struct vs_bound *result =
        i < bound->as.cases.when_count ? bound->as.cases.whens[i].result : bound->as.cases.otherwise;
    struct measure one = result ? measure_of(result, input) : (struct measure){.is_constant = true};
    if (one.is_constant) continue;
    if (!all.is_constant && all.kind != one.kind) return (struct measure){.kind = VS_MEASURE_RATIO};
    all = one;
  }
  all.is_constant = false;
  return all;
}

static struct measure measure_of(const struct vs_bound *bound, const struct vs_schema *input) {
  switch (bound->is) {
  case VS_BOUND_COLUMN:
    return (struct measure){false, input->fields[bound->as.column].measure,
                            input->fields[bound->as.column].measure_input};
  case VS_BOUND_CONSTANT: return (struct measure){.is_constant = true};
  case VS_BOUND_CALL: return of_call(bound, input);
  case VS_BOUND_CASE: return of_case(bound, input);
  case VS_BOUND_EVENT_TIME:
  case VS_BOUND_AND:
  case VS_BOUND_OR: break;
  }
  return (struct measure){.kind = VS_MEASURE_RAW};
}

vs_measure_kind vs_measure_of(const struct vs_bound *bound, const struct vs_schema *input, uint32_t *ret_input) {
  struct measure measure = measure_of(bound, input);
  *ret_input = measure.input;
  return measure.is_constant ? VS_MEASURE_RAW : measure.kind;
}
