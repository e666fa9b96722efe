/* SPDX-License-Identifier: Apache-2.0
 * A query around its SELECT: WITH queries, parentheses, the WITH keys in force. */
#include "engine/plan/binder.h"

/* (q) ORDER BY x: the tail acts on a query in parentheses as on a derived table. */
static vs_status bind_nested(struct vs_binder *binder, const struct vs_query *query, vs_emit wanted, bool is_root,
                             struct vs_relation *ret_relation, struct vs_error *err) {
  bool has_tail = query->order.count || query->limit || query->offset || query->emit != VS_EMIT_DEFAULT ||
                  query->has_into || query->properties.count;
  if (!has_tail) return vs_bind_query(binder, query->left, wanted, is_root, ret_relation, err);
  struct vs_select *select = VS_ARENA_NEW(binder->arena, struct vs_select);
  struct vs_item *item = VS_ARENA_NEW(binder->arena, struct vs_item);
  struct vs_expr *star = VS_ARENA_NEW(binder->arena, struct vs_expr);
  if (!select || !item || !star) return vs_fail_memory(err);
  *star = (struct vs_expr){.kind = VS_EXPR_STAR, .span = query->left->span};
  *item = (struct vs_item){.expr = star, .span = query->left->span};
  *select = (struct vs_select){.span = query->left->span, .items = item, .item_count = 1, .has_from = true};
  select->from = (struct vs_source){.kind = VS_SOURCE_QUERY, .span = query->left->span, .query = query->left};
  return vs_bind_select(binder, query, select, wanted, is_root, ret_relation, err);
}

static vs_status bind_body(struct vs_binder *binder, const struct vs_query *query, vs_emit wanted, bool is_root,
                           struct vs_relation *ret_relation, struct vs_error *err) {
  if (query->kind == VS_QUERY_NESTED) return bind_nested(binder, query, wanted, is_root, ret_relation, err);
  return vs_bind_select(binder, query, &query->select, wanted, is_root, ret_relation, err);
}

/* WITH behind INTO may speak of sources too; keys without a name are the sink's alone. */
static vs_status enter_into(struct vs_binder *binder, const struct vs_query *query, struct vs_error *err) {
  uint32_t setting_count = 0;
  const struct vs_setting *settings = vs_source_settings(&setting_count);
  struct vs_properties *named = VS_ARENA_NEW(binder->arena, struct vs_properties);
  struct vs_property *items = vs_binder_alloc(binder, sizeof *items, query->into_properties.count);
  if (!named || !items) return vs_fail_memory(err);
  for (uint32_t i = 0; i < query->into_properties.count; i++)
    if (!vs_setting_find(settings, setting_count, query->into_properties.items[i].key))
      items[named->count++] = query->into_properties.items[i];
  named->items = items;
  named->span = query->into_properties.span;
  vs_binder_enter(binder, named, false);
  return VS_OK;
}

vs_status vs_bind_query(struct vs_binder *binder, const struct vs_query *query, vs_emit wanted, bool is_root,
                        struct vs_relation *ret_relation, struct vs_error *err) {
  struct vs_cte_scope ctes = {query, query->cte_count, binder->ctes};
  const struct vs_cte_scope *outer = binder->ctes;
  uint32_t properties_count = binder->properties_count;
  VS_TRY(vs_reject_query(query, err));
  vs_binder_enter(binder, &query->properties, false);
  VS_TRY(enter_into(binder, query, err));
  binder->ctes = &ctes;
  vs_status status = bind_body(binder, query, wanted, is_root, ret_relation, err);
  binder->ctes = outer;
  binder->properties_count = properties_count;
  return status;
}
