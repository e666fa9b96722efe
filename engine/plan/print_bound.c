/* SPDX-License-Identifier: Apache-2.0
 * Bound expressions as SQL, for EXPLAIN and messages. */
#include "engine/plan/binder.h"

#include <ctype.h>

enum { LOOSE = 0, POSTFIX = 9 };

/* ---- columns ---- */
/* Filters, sorts and limits pass their input's columns through. */
static const struct vs_node *maker_of(const struct vs_node *node) {
  while (node->is == VS_NODE_FILTER || node->is == VS_NODE_SORT || node->is == VS_NODE_LIMIT ||
         node->is == VS_NODE_DISTINCT)
    node = node->input;
  return node;
}

static void print_arguments(struct vs_bound *const *arguments, uint32_t count, const struct vs_node *input,
                            struct vs_text *ret_text) {
  for (uint32_t i = 0; i < count; i++) {
    if (i) vs_text_puts(ret_text, ", ");
    vs_bound_print(arguments[i], input, ret_text);
  }
}

void vs_aggregate_item_print(const struct vs_aggregate_item *item, const struct vs_node *input,
                             struct vs_text *ret_text) {
  vs_text_puts(ret_text, item->bound.aggregate->name);
  vs_text_puts(ret_text, item->is_distinct ? "(DISTINCT " : item->is_star ? "(*" : "(");
  print_arguments(item->arguments, item->argument_count, input, ret_text);
  vs_text_puts(ret_text, item->ignore_nulls ? ") IGNORE NULLS" : ")");
  if (!item->filter) return;
  vs_text_puts(ret_text, " FILTER (WHERE ");
  vs_bound_print(item->filter, input, ret_text);
  vs_text_put(ret_text, ')');
}

static void print_column(const struct vs_node *node, uint32_t column, struct vs_text *ret_text) {
  const struct vs_node *maker = maker_of(node);
  if (maker->is == VS_NODE_AGGREGATE) {
    const struct vs_aggregate_plan *plan = &maker->as.aggregate;
    if (column < plan->key_count) {
      vs_bound_print(plan->keys[column], maker->input, ret_text);
      return;
    }
    if (column < plan->key_count + plan->item_count) {
      vs_aggregate_item_print(&plan->items[column - plan->key_count], maker->input, ret_text);
      return;
    }
  }
  vs_text_str(ret_text, maker->schema->fields[column].name);
}

/* ---- constants ---- */
static void print_quoted(struct vs_str text, struct vs_text *ret_text) {
  vs_text_put(ret_text, '\'');
  for (size_t i = 0; i < text.size; i++) {
    if (text.data[i] == '\'') vs_text_put(ret_text, '\'');
    vs_text_put(ret_text, text.data[i]);
  }
  vs_text_put(ret_text, '\'');
}

static void print_constant(const struct vs_value *value, struct vs_text *ret_text) {
  char type[32];
  if (value->is_null) {
    vs_text_puts(ret_text, "NULL");
    return;
  }
  switch (value->type.id) {
  case VS_TYPE_STRING: print_quoted(value->as.string, ret_text); return;
  case VS_TYPE_DATE:
  case VS_TYPE_TIME:
  case VS_TYPE_TIMESTAMP:
  case VS_TYPE_TIMESTAMP_MS:
  case VS_TYPE_INTERVAL:
    vs_text_puts(ret_text, vs_type_print(value->type, type));
    vs_text_puts(ret_text, " '");
    vs_value_print(value, VS_STYLE_TABLE, ret_text);
    vs_text_put(ret_text, '\'');
    return;
  case VS_TYPE_BOOLEAN: vs_text_puts(ret_text, value->as.boolean ? "TRUE" : "FALSE"); return;
  case VS_TYPE_DECIMAL: vs_value_print(value, VS_STYLE_TABLE, ret_text); return;
  default: vs_value_print(value, VS_STYLE_PLAIN, ret_text);
  }
}

/* ---- calls ---- */
static int precedence_of_name(const char *name) {
  static const struct {
    const char *name;
    int precedence;
  } rows[] = {{"NOT", 3},
              {"=", 4},
              {"<>", 4},
              {"<", 4},
              {"<=", 4},
              {">", 4},
              {">=", 4},
              {"~", 4},
              {"LIKE", 4},
              {"ILIKE", 4},
              {"RLIKE", 4},
              {"IS DISTINCT FROM", 4},
              {"IS NOT DISTINCT FROM", 4},
              {"||", 5},
              {"+", 6},
              {"-", 6},
              {"*", 7},
              {"/", 7},
              {"%", 7}};
  for (size_t i = 0; i < VS_COUNT_OF(rows); i++)
    if (strcmp(name, rows[i].name) == 0) return rows[i].precedence;
  return 0;
}

static void print_at(const struct vs_bound *bound, const struct vs_node *input, int outer, struct vs_text *ret_text);

static void print_infix(const struct vs_bound *bound, const struct vs_node *input, int precedence,
                        struct vs_text *ret_text) {
  print_at(bound->as.call.arguments[0], input, precedence, ret_text);
  vs_text_printf(ret_text, " %s ", bound->as.call.call.function->name);
  print_at(bound->as.call.arguments[1], input, precedence + 1, ret_text);
}

static void print_call(const struct vs_bound *bound, const struct vs_node *input, struct vs_text *ret_text) {
  const char *name = bound->as.call.call.function->name;
  uint32_t count = bound->as.call.argument_count;
  int precedence = precedence_of_name(name);
  char type[32];
  if (strcmp(name, "CAST") == 0 && count == 1) {
    print_at(bound->as.call.arguments[0], input, POSTFIX, ret_text);
    vs_text_printf(ret_text, "::%s", vs_type_print(bound->type, type));
  } else if (count == 2 && precedence) {
    print_infix(bound, input, precedence, ret_text);
  } else if (count == 1 && precedence) {
    vs_text_puts(ret_text, name);
    if (isalpha((unsigned char)name[0])) vs_text_put(ret_text, ' ');
    print_at(bound->as.call.arguments[0], input, POSTFIX - 1, ret_text);
  } else if (count == 1 && strncmp(name, "IS ", 3) == 0) {
    print_at(bound->as.call.arguments[0], input, 5, ret_text);
    vs_text_printf(ret_text, " %s", name);
  } else {
    vs_text_printf(ret_text, "%s(", name);
    print_arguments(bound->as.call.arguments, count, input, ret_text);
    vs_text_put(ret_text, ')');
  }
}

static int precedence_of(const struct vs_bound *bound) {
  if (bound->is == VS_BOUND_OR) return 1;
  if (bound->is == VS_BOUND_AND) return 2;
  if (bound->is != VS_BOUND_CALL) return POSTFIX + 1;
  const char *name = bound->as.call.call.function->name;
  if (strcmp(name, "CAST") == 0) return POSTFIX + 1;
  if (strncmp(name, "IS ", 3) == 0) return 4;
  int precedence = precedence_of_name(name);
  return !precedence ? POSTFIX + 1 : bound->as.call.argument_count == 1 && precedence > 3 ? 8 : precedence;
}

static void print_case(const struct vs_bound *bound, const struct vs_node *input, struct vs_text *ret_text) {
  vs_text_puts(ret_text, "CASE");
  for (uint32_t i = 0; i < bound->as.cases.when_count; i++) {
    vs_text_puts(ret_text, " WHEN ");
    vs_bound_print(bound->as.cases.whens[i].condition, input, ret_text);
    vs_text_puts(ret_text, " THEN ");
    vs_bound_print(bound->as.cases.whens[i].result, input, ret_text);
  }
  if (bound->as.cases.otherwise) {
    vs_text_puts(ret_text, " ELSE ");
    vs_bound_print(bound->as.cases.otherwise, input, ret_text);
  }
  vs_text_puts(ret_text, " END");
}

static void print_kind(const struct vs_bound *bound, const struct vs_node *input, struct vs_text *ret_text) {
  switch (bound->is) {
  case VS_BOUND_COLUMN: print_column(input, bound->as.column, ret_text); return;
  case VS_BOUND_CONSTANT: print_constant(&bound->as.constant, ret_text); return;
  case VS_BOUND_CALL: print_call(bound, input, ret_text); return;
  case VS_BOUND_CASE: print_case(bound, input, ret_text); return;
  case VS_BOUND_EVENT_TIME: vs_text_puts(ret_text, "_event_time"); return;
  case VS_BOUND_AND:
  case VS_BOUND_OR:
    print_at(bound->as.both.left, input, bound->is == VS_BOUND_AND ? 2 : 1, ret_text);
    vs_text_puts(ret_text, bound->is == VS_BOUND_AND ? " AND " : " OR ");
    print_at(bound->as.both.right, input, bound->is == VS_BOUND_AND ? 2 : 1, ret_text);
    return;
  }
}

static void print_at(const struct vs_bound *bound, const struct vs_node *input, int outer, struct vs_text *ret_text) {
  bool is_wrapped = precedence_of(bound) < outer;
  if (is_wrapped) vs_text_put(ret_text, '(');
  print_kind(bound, input, ret_text);
  if (is_wrapped) vs_text_put(ret_text, ')');
}

void vs_bound_print(const struct vs_bound *bound, const struct vs_node *input, struct vs_text *ret_text) {
  print_at(bound, input, LOOSE, ret_text);
}

/* "1 hour", "90 seconds": the largest unit that fits without a rest. */
void vs_duration_print(int64_t us, struct vs_text *ret_text) {
  static const struct {
    int64_t us;
    const char *name;
  } units[] = {{VS_US_PER_DAY, "day"},       {INT64_C(3600000000), "hour"}, {INT64_C(60000000), "minute"},
               {VS_US_PER_SECOND, "second"}, {1000, "millisecond"},         {1, "microsecond"}};
  size_t i = us ? 0 : 3;
  while (i + 1 < VS_COUNT_OF(units) && us % units[i].us)
    i++;
  int64_t count = us / units[i].us;
  vs_text_printf(ret_text, "%lld %s%s", (long long)count, units[i].name, count == 1 ? "" : "s");
}
