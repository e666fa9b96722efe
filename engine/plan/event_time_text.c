/* SPDX-License-Identifier: Apache-2.0
 * "ts", "window end": what the event time of a query's rows is, in words. */
#include "engine/plan/binder.h"

static struct vs_str name_of_time(struct vs_binder *binder, const struct vs_expr *expr) {
  if (expr && expr->kind == VS_EXPR_COLUMN)
    return vs_binder_copy(binder, expr->as.name.parts[expr->as.name.part_count - 1].text);
  return VS_STR("an expression");
}

struct vs_str vs_event_time_text(struct vs_binder *binder, const struct vs_relation *input,
                                 const struct vs_grouping *grouping, bool is_grouped, const struct vs_output *setter) {
  if (setter) return name_of_time(binder, setter->expr);
  if (is_grouped) return grouping->window ? VS_STR("window end") : VS_STR("");
  if (!input->has_event_time) return VS_STR("");
  if (input->time_column >= 0) return input->node->schema->fields[input->time_column].name;
  return VS_STR("_event_time");
}
