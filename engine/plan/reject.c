/* SPDX-License-Identifier: Apache-2.0
 * What the grammar accepts and the engine does not run yet, named with its place, before anything else is looked at. */
#include "engine/plan/binder.h"

vs_status vs_reject_query(const struct vs_query *query, struct vs_error *err) {
  static const char *const sets[] = {
      [VS_SET_UNION] = "UNION", [VS_SET_INTERSECT] = "INTERSECT", [VS_SET_EXCEPT] = "EXCEPT"};
  if (query->kind == VS_QUERY_SET) return vs_not_yet(err, query->set_span, sets[query->set]);
  if (query->emit == VS_EMIT_EVERY) return vs_not_yet(err, query->emit_span, "EMIT EVERY");
  return VS_OK;
}

static vs_status reject_call(const struct vs_expr *expr, struct vs_error *err) {
  if (vs_str_equal_nocase(expr->as.call.name.text, VS_STR("UNNEST"))) return vs_not_yet(err, expr->span, "UNNEST");
  return VS_OK;
}

vs_status vs_reject_select(const struct vs_select *select, struct vs_error *err) {
  static const char *const joins[] = {[VS_JOIN_INNER] = "JOIN",
                                      [VS_JOIN_LEFT] = "LEFT JOIN",
                                      [VS_JOIN_RIGHT] = "RIGHT JOIN",
                                      [VS_JOIN_FULL] = "FULL JOIN",
                                      [VS_JOIN_CROSS] = "CROSS JOIN"};
  if (select->join_count) return vs_not_yet(err, select->joins[0].span, joins[select->joins[0].kind]);
  if (select->qualify) return vs_not_yet(err, select->qualify->span, "QUALIFY");
  for (uint32_t i = 0; i < select->item_count; i++)
    if (select->items[i].expr->kind == VS_EXPR_CALL) VS_TRY(reject_call(select->items[i].expr, err));
  return VS_OK;
}
