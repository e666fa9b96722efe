/* SPDX-License-Identifier: Apache-2.0
 * Queries as text, clauses in the canonical order. A WITH belongs to what stands in front of it, so the statement's own
 * WITH comes before INTO when the sink has none. */
#include "engine/sql/print.h"

void vs_print_properties(const struct vs_properties *properties, struct vs_text *ret_text) {
  if (!properties->items) return;
  vs_text_puts(ret_text, " WITH (");
  for (uint32_t i = 0; i < properties->count; i++) {
    if (i > 0) vs_text_puts(ret_text, ", ");
    vs_print_string(properties->items[i].key, ret_text);
    vs_text_puts(ret_text, " = ");
    vs_print_literal(&properties->items[i].value, ret_text);
  }
  vs_text_put(ret_text, ')');
}

static void print_option(const char *name, bool is_there, const struct vs_duration *duration,
                         struct vs_text *ret_text) {
  if (!is_there) return;
  vs_text_printf(ret_text, ", %s ", name);
  vs_print_duration(duration, ret_text);
}

static void print_window(const struct vs_window *window, struct vs_text *ret_text) {
  static const char *const names[] = {"TUMBLING", "HOPPING", "SESSION", "CUMULATE"};
  bool has_two = window->kind == VS_WINDOW_HOPPING || window->kind == VS_WINDOW_CUMULATE;
  bool is_step_first = window->kind == VS_WINDOW_CUMULATE;
  vs_text_printf(ret_text, " WINDOW %s(", names[window->kind]);
  if (window->time) {
    vs_print_expr(window->time, ret_text);
    vs_text_puts(ret_text, ", ");
  }
  vs_print_duration(is_step_first ? &window->advance : &window->size, ret_text);
  if (has_two) {
    vs_text_puts(ret_text, ", ");
    vs_print_duration(is_step_first ? &window->size : &window->advance, ret_text);
  }
  for (uint32_t i = 0; i < window->keys.count; i++) {
    vs_text_puts(ret_text, ", ");
    vs_print_expr(window->keys.items[i], ret_text);
  }
  print_option("OFFSET", window->has_offset, &window->offset, ret_text);
  print_option("GRACE PERIOD", window->has_grace, &window->grace, ret_text);
  print_option("RETENTION", window->has_retention, &window->retention, ret_text);
  vs_text_put(ret_text, ')');
}

static void print_window_function(const struct vs_source *source, struct vs_text *ret_text) {
  static const char *const names[] = {"TUMBLE", "HOP", "SESSION", "CUMULATE"};
  const struct vs_window *window = source->window;
  vs_text_printf(ret_text, "%s(TABLE ", names[window->kind]);
  vs_print_dotted(&source->name, ret_text);
  if (source->partition.count) {
    vs_text_puts(ret_text, " PARTITION BY ");
    vs_print_idents(&source->partition, ret_text);
  }
  vs_text_puts(ret_text, ", DESCRIPTOR(");
  vs_print_dotted(&window->time->as.name, ret_text);
  vs_text_puts(ret_text, "), ");
  if (window->kind == VS_WINDOW_HOPPING || window->kind == VS_WINDOW_CUMULATE) {
    vs_print_duration(&window->advance, ret_text);
    vs_text_puts(ret_text, ", ");
  }
  vs_print_duration(&window->size, ret_text);
  if (window->has_offset) {
    vs_text_puts(ret_text, ", ");
    vs_print_duration(&window->offset, ret_text);
  }
  vs_text_put(ret_text, ')');
}

static void print_source(const struct vs_source *source, struct vs_text *ret_text) {
  switch (source->kind) {
  case VS_SOURCE_NAME: vs_print_dotted(&source->name, ret_text); break;
  case VS_SOURCE_PATH: vs_print_string(source->path, ret_text); break;
  case VS_SOURCE_QUERY:
    vs_text_put(ret_text, '(');
    vs_print_query(source->query, ret_text);
    vs_text_put(ret_text, ')');
    break;
  case VS_SOURCE_WINDOW_FUNCTION: print_window_function(source, ret_text); break;
  }
  if (source->as_of) {
    vs_text_puts(ret_text, " FOR SYSTEM_TIME AS OF ");
    vs_print_expr(source->as_of, ret_text);
  }
  if (source->alias.text.data) {
    vs_text_puts(ret_text, " AS ");
    vs_print_ident(&source->alias, ret_text);
  }
  vs_print_properties(&source->properties, ret_text);
}

static void print_within(const struct vs_join *join, struct vs_text *ret_text) {
  if (!join->has_within) return;
  vs_text_puts(ret_text, join->has_within_pair ? " WITHIN (" : " WITHIN ");
  vs_print_duration(&join->within_before, ret_text);
  if (join->has_within_pair) {
    vs_text_puts(ret_text, ", ");
    vs_print_duration(&join->within_after, ret_text);
    vs_text_put(ret_text, ')');
  }
  if (join->has_grace) {
    vs_text_puts(ret_text, " GRACE PERIOD ");
    vs_print_duration(&join->grace, ret_text);
  }
}

static void print_join(const struct vs_join *join, struct vs_text *ret_text) {
  static const char *const words[] = {"", " LEFT", " RIGHT", " FULL", " CROSS"};
  vs_text_printf(ret_text, "%s JOIN ", words[join->kind]);
  print_source(&join->right, ret_text);
  print_within(join, ret_text);
  if (join->on) {
    vs_text_puts(ret_text, " ON ");
    vs_print_expr(join->on, ret_text);
  }
  if (join->using_names.count) {
    vs_text_puts(ret_text, " USING (");
    vs_print_idents(&join->using_names, ret_text);
    vs_text_put(ret_text, ')');
  }
}

static void print_item(const struct vs_item *item, struct vs_text *ret_text) {
  vs_print_expr(item->expr, ret_text);
  if (item->alias.text.data) {
    vs_text_puts(ret_text, " AS ");
    vs_print_ident(&item->alias, ret_text);
  }
  if (item->is_primary_key) vs_text_puts(ret_text, " PRIMARY KEY");
}

static void print_clause(const char *words, const struct vs_expr *expr, struct vs_text *ret_text) {
  if (!expr) return;
  vs_text_puts(ret_text, words);
  vs_print_expr(expr, ret_text);
}

static void print_select(const struct vs_select *select, struct vs_text *ret_text) {
  vs_text_puts(ret_text, select->is_distinct ? "SELECT DISTINCT " : "SELECT ");
  for (uint32_t i = 0; i < select->item_count; i++) {
    if (i > 0) vs_text_puts(ret_text, ", ");
    print_item(&select->items[i], ret_text);
  }
  if (select->has_from) {
    vs_text_puts(ret_text, " FROM ");
    print_source(&select->from, ret_text);
  }
  for (uint32_t i = 0; i < select->join_count; i++)
    print_join(&select->joins[i], ret_text);
  print_clause(" WHERE ", select->where, ret_text);
  if (select->has_group) {
    vs_text_puts(ret_text, " GROUP BY ");
    vs_print_exprs(&select->group, ret_text);
  }
  if (select->window) print_window(select->window, ret_text);
  print_clause(" HAVING ", select->having, ret_text);
  print_clause(" QUALIFY ", select->qualify, ret_text);
}

/* A side of a set operation that another room built with a tail, or looser than its place, needs brackets. */
static void print_side(const struct vs_query *query, bool is_right, vs_set_kind kind, struct vs_text *ret_text) {
  bool is_looser =
      query->kind == VS_QUERY_SET && query->set != VS_SET_INTERSECT && (is_right || kind == VS_SET_INTERSECT);
  bool has_tail = query->cte_count || query->order.count || query->limit || query->emit != VS_EMIT_DEFAULT ||
                  query->has_into || query->properties.items;
  bool is_same_right = is_right && query->kind == VS_QUERY_SET && kind == VS_SET_INTERSECT;
  bool needs_brackets = is_looser || has_tail || is_same_right;
  vs_text_puts(ret_text, needs_brackets ? "(" : "");
  vs_print_query(query, ret_text);
  vs_text_puts(ret_text, needs_brackets ? ")" : "");
}

static void print_body(const struct vs_query *query, struct vs_text *ret_text) {
  static const char *const words[] = {" UNION", " INTERSECT", " EXCEPT"};
  switch (query->kind) {
  case VS_QUERY_SELECT: print_select(&query->select, ret_text); break;
  case VS_QUERY_NESTED:
    vs_text_put(ret_text, '(');
    vs_print_query(query->left, ret_text);
    vs_text_put(ret_text, ')');
    break;
  case VS_QUERY_SET:
    print_side(query->left, false, query->set, ret_text);
    vs_text_printf(ret_text, "%s%s ", words[query->set], query->set_all ? " ALL" : "");
    print_side(query->right, true, query->set, ret_text);
    break;
  }
}

static void print_emit(const struct vs_query *query, struct vs_text *ret_text) {
  switch (query->emit) {
  case VS_EMIT_DEFAULT: break;
  case VS_EMIT_CHANGES: vs_text_puts(ret_text, " EMIT CHANGES"); break;
  case VS_EMIT_FINAL: vs_text_puts(ret_text, " EMIT FINAL"); break;
  case VS_EMIT_EVERY:
    vs_text_puts(ret_text, " EMIT EVERY ");
    vs_print_duration(&query->emit_every, ret_text);
    break;
  }
}

static void print_into(const struct vs_query *query, struct vs_text *ret_text) {
  if (!query->has_into) return;
  vs_text_puts(ret_text, " INTO ");
  if (query->into_is_path)
    vs_print_string(query->into_path, ret_text);
  else
    vs_print_dotted(&query->into, ret_text);
  vs_print_properties(&query->into_properties, ret_text);
}

static void print_ctes(const struct vs_query *query, struct vs_text *ret_text) {
  for (uint32_t i = 0; i < query->cte_count; i++) {
    vs_text_puts(ret_text, i > 0 ? ", " : "WITH ");
    vs_print_ident(&query->ctes[i].name, ret_text);
    if (query->ctes[i].columns.count) {
      vs_text_puts(ret_text, " (");
      vs_print_idents(&query->ctes[i].columns, ret_text);
      vs_text_put(ret_text, ')');
    }
    vs_text_puts(ret_text, " AS (");
    vs_print_query(query->ctes[i].query, ret_text);
    vs_text_puts(ret_text, i + 1 == query->cte_count ? ") " : ")");
  }
}

void vs_print_query(const struct vs_query *query, struct vs_text *ret_text) {
  bool is_with_first = query->has_into && !query->into_properties.items;
  print_ctes(query, ret_text);
  print_body(query, ret_text);
  if (query->order.count) {
    vs_text_put(ret_text, ' ');
    vs_print_sort(&query->order, ret_text);
  }
  print_clause(" LIMIT ", query->limit, ret_text);
  print_clause(" OFFSET ", query->offset, ret_text);
  print_emit(query, ret_text);
  if (is_with_first) vs_print_properties(&query->properties, ret_text);
  print_into(query, ret_text);
  if (!is_with_first) vs_print_properties(&query->properties, ret_text);
}
