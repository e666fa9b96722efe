/* SPDX-License-Identifier: Apache-2.0
 * Bound expressions as data: making them, comparing them, asking what they read. */
#include "engine/plan/binder.h"

struct vs_bound *vs_bound_new(struct vs_binder *binder, vs_bound_is is, struct vs_type type, bool is_nullable,
                              struct vs_span span) {
  struct vs_bound *bound = VS_ARENA_NEW(binder->arena, struct vs_bound);
  if (bound) *bound = (struct vs_bound){.is = is, .type = type, .is_nullable = is_nullable, .span = span};
  return bound;
}

struct vs_bound *vs_bound_column(struct vs_binder *binder, const struct vs_node *node, uint32_t column,
                                 struct vs_span span) {
  const struct vs_field *field = &node->schema->fields[column];
  struct vs_bound *bound = vs_bound_new(binder, VS_BOUND_COLUMN, field->type, field->is_nullable, span);
  if (bound) bound->as.column = column;
  return bound;
}

struct vs_bound *vs_bound_constant(struct vs_binder *binder, const struct vs_value *value, struct vs_span span) {
  struct vs_bound *bound = vs_bound_new(binder, VS_BOUND_CONSTANT, value->type, value->is_null, span);
  if (!bound) return NULL;
  bound->as.constant = *value;
  if (!value->is_null && vs_type_physical(value->type) == VS_PHYSICAL_STRING)
    bound->as.constant.as.string = vs_binder_copy(binder, value->as.string);
  return bound;
}

bool vs_bound_is_constant(const struct vs_bound *bound) {
  return bound->is == VS_BOUND_CONSTANT;
}

static bool both_equal(const struct vs_bound *a, const struct vs_bound *b) {
  return a == b || (a && b && vs_bound_equal(a, b));
}

static bool calls_equal(const struct vs_bound *a, const struct vs_bound *b) {
  if (a->as.call.call.function != b->as.call.call.function || a->as.call.call.eval != b->as.call.call.eval ||
      a->as.call.argument_count != b->as.call.argument_count)
    return false;
  for (uint32_t i = 0; i < a->as.call.argument_count; i++)
    if (!vs_bound_equal(a->as.call.arguments[i], b->as.call.arguments[i])) return false;
  return true;
}

static bool cases_equal(const struct vs_bound *a, const struct vs_bound *b) {
  if (a->as.cases.when_count != b->as.cases.when_count) return false;
  for (uint32_t i = 0; i < a->as.cases.when_count; i++)
    if (!vs_bound_equal(a->as.cases.whens[i].condition, b->as.cases.whens[i].condition) ||
        !vs_bound_equal(a->as.cases.whens[i].result, b->as.cases.whens[i].result))
      return false;
  return both_equal(a->as.cases.otherwise, b->as.cases.otherwise);
}

bool vs_bound_equal(const struct vs_bound *a, const struct vs_bound *b) {
  if (a == b) return true;
  if (a->is != b->is || !vs_type_equal(a->type, b->type)) return false;
  switch (a->is) {
  case VS_BOUND_COLUMN: return a->as.column == b->as.column;
  case VS_BOUND_CONSTANT: return vs_value_equal(&a->as.constant, &b->as.constant);
  case VS_BOUND_CALL: return calls_equal(a, b);
  case VS_BOUND_CASE: return cases_equal(a, b);
  case VS_BOUND_EVENT_TIME: return true;
  case VS_BOUND_AND:
  case VS_BOUND_OR:
    return vs_bound_equal(a->as.both.left, b->as.both.left) && vs_bound_equal(a->as.both.right, b->as.both.right);
  }
  return false;
}

typedef bool (*bound_test)(const struct vs_bound *bound, void *context);

/* True when `test` holds for a node of the tree; the walk stops there. */
static bool any_of(const struct vs_bound *bound, bound_test test, void *context) {
  if (!bound) return false;
  if (test(bound, context)) return true;
  if (bound->is == VS_BOUND_CALL) {
    for (uint32_t i = 0; i < bound->as.call.argument_count; i++)
      if (any_of(bound->as.call.arguments[i], test, context)) return true;
  } else if (bound->is == VS_BOUND_CASE) {
    for (uint32_t i = 0; i < bound->as.cases.when_count; i++)
      if (any_of(bound->as.cases.whens[i].condition, test, context) ||
          any_of(bound->as.cases.whens[i].result, test, context))
        return true;
    return any_of(bound->as.cases.otherwise, test, context);
  } else if (bound->is == VS_BOUND_AND || bound->is == VS_BOUND_OR) {
    return any_of(bound->as.both.left, test, context) || any_of(bound->as.both.right, test, context);
  }
  return false;
}

static bool is_event_time(const struct vs_bound *bound, void *context) {
  (void)context;
  return bound->is == VS_BOUND_EVENT_TIME;
}

bool vs_bound_reads_event_time(const struct vs_bound *bound) {
  return any_of(bound, is_event_time, NULL);
}

static bool mark_column(const struct vs_bound *bound, void *context) {
  bool *used = context;
  if (bound->is == VS_BOUND_COLUMN) used[bound->as.column] = true;
  return false;
}

void vs_bound_mark_columns(const struct vs_bound *bound, bool *used) {
  any_of(bound, mark_column, used);
}
