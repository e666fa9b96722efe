/* SPDX-License-Identifier: Apache-2.0
 * Tree equality for tests: both trees are written down field by field, spans and quote marks left out, and compared as
 * text, so that a difference can be read. */
#ifndef TESTS_SUPPORT_SQL_TREE_H
#define TESTS_SUPPORT_SQL_TREE_H

#include "engine/sql/annotation.h"
#include "engine/sql/parser.h"
#include "engine/sql/printer.h"

static void dump_expr(const struct vs_expr *expr, struct vs_text *out);
static void dump_query(const struct vs_query *query, struct vs_text *out);

static void dump_text(const char *label, struct vs_str text, struct vs_text *out) {
  vs_text_printf(out, "%s%c%zu:", label, text.data ? '=' : '-', text.size);
  vs_text_str(out, text);
  vs_text_put(out, ' ');
}
static void dump_number(const char *label, int64_t number, struct vs_text *out) {
  vs_text_printf(out, "%s=%lld ", label, (long long)number);
}
static void dump_ident(const struct vs_ident *ident, struct vs_text *out) {
  dump_text(ident->is_double_quoted ? "ident\"" : "ident", ident->text, out);
}
static void dump_idents(const struct vs_idents *idents, struct vs_text *out) {
  dump_number("idents", idents->count, out);
  for (uint32_t i = 0; i < idents->count; i++)
    dump_ident(&idents->items[i], out);
}
static void dump_name(const struct vs_name *name, struct vs_text *out) {
  dump_number("name", name->part_count, out);
  for (uint32_t i = 0; i < name->part_count; i++)
    dump_ident(&name->parts[i], out);
}
static void dump_duration(const struct vs_duration *duration, struct vs_text *out) {
  dump_number("ns", duration->value.nanoseconds, out);
  dump_number("months", duration->value.months, out);
  dump_text("parameter", duration->parameter.text, out);
}
static void dump_value(const struct vs_value *value, struct vs_text *out) {
  vs_text_printf(out, "value %d %d %d %d ", (int)value->type.id, value->type.precision, value->type.scale,
                 value->is_null);
  if (value->is_null) return;
  if (value->type.id == VS_TYPE_STRING)
    dump_text("string", value->as.string, out);
  else if (value->type.id == VS_TYPE_BOOLEAN)
    dump_number("boolean", value->as.boolean, out);
  else if (value->type.id == VS_TYPE_FLOAT)
    vs_text_printf(out, "real=%.17g ", value->as.real);
  else if (value->type.id == VS_TYPE_DECIMAL)
    vs_text_printf(out, "decimal=%llx%016llx ", (unsigned long long)(value->as.decimal >> 64),
                   (unsigned long long)value->as.decimal);
  else
    dump_number("integer", value->as.integer, out);
}
static void dump_type(const struct vs_type_node *type, struct vs_text *out) {
  vs_text_printf(out, "(type %d %d %d ", (int)type->type.id, type->type.precision, type->type.scale);
  for (uint32_t i = 0; i < type->item_count; i++) {
    if (type->names) dump_ident(&type->names[i], out);
    dump_type(&type->items[i], out);
  }
  vs_text_puts(out, ") ");
}
static void dump_exprs(const struct vs_exprs *exprs, struct vs_text *out) {
  vs_text_printf(out, "[%u ", exprs->count);
  for (uint32_t i = 0; i < exprs->count; i++)
    dump_expr(exprs->items[i], out);
  vs_text_puts(out, "] ");
}
static void dump_sort(const struct vs_sort *sort, struct vs_text *out) {
  dump_number("sort", sort->count, out);
  for (uint32_t i = 0; i < sort->count; i++) {
    dump_expr(sort->items[i].expr, out);
    vs_text_printf(out, "%d %d ", sort->items[i].is_descending, (int)sort->items[i].nulls);
  }
}
static void dump_bound(const struct vs_frame_bound *bound, struct vs_text *out) {
  dump_number("bound", bound->kind, out);
  dump_expr(bound->rows, out);
  if (bound->duration) dump_duration(bound->duration, out);
}
static void dump_over(const struct vs_over *over, struct vs_text *out) {
  vs_text_puts(out, "(over ");
  dump_expr(over->buffer_rows, out);
  dump_exprs(&over->partition, out);
  dump_sort(&over->order, out);
  vs_text_printf(out, "%d %d %d %d %d %d ", over->has_frame, over->is_range, (int)over->emit, over->has_expire,
                 over->expire_never, over->expire_inactivity);
  dump_bound(&over->start, out);
  dump_bound(&over->end, out);
  dump_duration(&over->expire, out);
  vs_text_puts(out, ") ");
}
static void dump_call(const struct vs_call *call, struct vs_text *out) {
  dump_ident(&call->name, out);
  dump_exprs(&call->arguments, out);
  vs_text_printf(out, "%d %d %d ", call->is_distinct, call->ignore_nulls, call->has_parentheses);
  dump_expr(call->filter, out);
  dump_sort(&call->within, out);
  if (call->over) dump_over(call->over, out);
}
static void dump_cases(const struct vs_expr *expr, struct vs_text *out) {
  dump_expr(expr->as.cases.operand, out);
  for (uint32_t i = 0; i < expr->as.cases.when_count; i++) {
    dump_expr(expr->as.cases.whens[i].condition, out);
    dump_expr(expr->as.cases.whens[i].result, out);
  }
  dump_expr(expr->as.cases.otherwise, out);
}

static void dump_expr(const struct vs_expr *expr, struct vs_text *out) {
  if (!expr) {
    vs_text_puts(out, "- ");
    return;
  }
  vs_text_printf(out, "(e%d ", (int)expr->kind);
  switch (expr->kind) {
  case VS_EXPR_LITERAL: dump_value(&expr->as.literal, out); break;
  case VS_EXPR_INTERVAL: dump_duration(&expr->as.duration, out); break;
  case VS_EXPR_PARAMETER:
  case VS_EXPR_COLUMN: dump_name(&expr->as.name, out); break;
  case VS_EXPR_STAR:
    dump_name(&expr->as.star.name, out);
    dump_idents(&expr->as.star.except, out);
    break;
  case VS_EXPR_UNARY:
    dump_number("op", expr->as.unary.op, out);
    dump_expr(expr->as.unary.operand, out);
    break;
  case VS_EXPR_BINARY:
  case VS_EXPR_AT_ZONE:
    dump_number("op", expr->as.binary.op, out);
    dump_expr(expr->as.binary.left, out);
    dump_expr(expr->as.binary.right, out);
    break;
  case VS_EXPR_IS:
    vs_text_printf(out, "%d %d ", (int)expr->as.is.what, expr->as.is.is_not);
    dump_expr(expr->as.is.operand, out);
    break;
  case VS_EXPR_BETWEEN:
    dump_number("not", expr->as.between.is_not, out);
    dump_expr(expr->as.between.operand, out);
    dump_expr(expr->as.between.low, out);
    dump_expr(expr->as.between.high, out);
    break;
  case VS_EXPR_IN:
    dump_number("not", expr->as.in.is_not, out);
    dump_expr(expr->as.in.operand, out);
    dump_exprs(&expr->as.in.list, out);
    dump_query(expr->as.in.query, out);
    break;
  case VS_EXPR_LIKE:
    vs_text_printf(out, "%d %d ", (int)expr->as.like.how, expr->as.like.is_not);
    dump_expr(expr->as.like.operand, out);
    dump_expr(expr->as.like.pattern, out);
    dump_expr(expr->as.like.escape, out);
    break;
  case VS_EXPR_CASE: dump_cases(expr, out); break;
  case VS_EXPR_CAST:
    dump_number("try", expr->as.cast.is_try, out);
    dump_expr(expr->as.cast.operand, out);
    dump_type(expr->as.cast.type, out);
    break;
  case VS_EXPR_CALL: dump_call(&expr->as.call, out); break;
  case VS_EXPR_INDEX:
    dump_expr(expr->as.index.operand, out);
    dump_expr(expr->as.index.subscript, out);
    break;
  case VS_EXPR_ARRAY:
  case VS_EXPR_ROW: dump_exprs(&expr->as.items, out); break;
  case VS_EXPR_SUBQUERY:
  case VS_EXPR_EXISTS: dump_query(expr->as.query, out); break;
  case VS_EXPR_QUANTIFIED:
    vs_text_printf(out, "%d %d ", (int)expr->as.quantified.op, expr->as.quantified.is_all);
    dump_expr(expr->as.quantified.operand, out);
    dump_query(expr->as.quantified.query, out);
    break;
  }
  vs_text_puts(out, ") ");
}

static void dump_properties(const struct vs_properties *properties, struct vs_text *out) {
  vs_text_printf(out, "(with%s %u ", properties->items ? "" : "out", properties->count);
  for (uint32_t i = 0; i < properties->count; i++) {
    dump_text("key", properties->items[i].key, out);
    dump_value(&properties->items[i].value, out);
  }
  vs_text_puts(out, ") ");
}
static void dump_window(const struct vs_window *window, struct vs_text *out) {
  if (!window) return;
  vs_text_printf(out, "(window %d %d %d %d ", (int)window->kind, window->has_offset, window->has_grace,
                 window->has_retention);
  dump_expr(window->time, out);
  dump_duration(&window->size, out);
  dump_duration(&window->advance, out);
  dump_exprs(&window->keys, out);
  dump_duration(&window->offset, out);
  dump_duration(&window->grace, out);
  dump_duration(&window->retention, out);
  vs_text_puts(out, ") ");
}
static void dump_source(const struct vs_source *source, struct vs_text *out) {
  vs_text_printf(out, "(source %d ", (int)source->kind);
  dump_name(&source->name, out);
  dump_text("path", source->path, out);
  dump_query(source->query, out);
  dump_window(source->window, out);
  dump_idents(&source->partition, out);
  dump_expr(source->as_of, out);
  dump_ident(&source->alias, out);
  dump_properties(&source->properties, out);
  vs_text_puts(out, ") ");
}
static void dump_join(const struct vs_join *join, struct vs_text *out) {
  vs_text_printf(out, "(join %d %d %d %d ", (int)join->kind, join->has_within, join->has_within_pair, join->has_grace);
  dump_source(&join->right, out);
  dump_expr(join->on, out);
  dump_idents(&join->using_names, out);
  dump_duration(&join->within_before, out);
  dump_duration(&join->within_after, out);
  dump_duration(&join->grace, out);
  vs_text_puts(out, ") ");
}
static void dump_select(const struct vs_select *select, struct vs_text *out) {
  vs_text_printf(out, "(select %d %u ", select->is_distinct, select->item_count);
  for (uint32_t i = 0; i < select->item_count; i++) {
    dump_expr(select->items[i].expr, out);
    dump_ident(&select->items[i].alias, out);
    dump_number("key", select->items[i].is_primary_key, out);
  }
  if (select->has_from) dump_source(&select->from, out);
  for (uint32_t i = 0; i < select->join_count; i++)
    dump_join(&select->joins[i], out);
  dump_expr(select->where, out);
  dump_number("group", select->has_group, out);
  dump_exprs(&select->group, out);
  dump_window(select->window, out);
  dump_expr(select->having, out);
  dump_expr(select->qualify, out);
  vs_text_puts(out, ") ");
}
static void dump_query(const struct vs_query *query, struct vs_text *out) {
  if (!query) {
    vs_text_puts(out, "- ");
    return;
  }
  vs_text_printf(out, "(query %d %d %d ", (int)query->kind, (int)query->set, query->set_all);
  for (uint32_t i = 0; i < query->cte_count; i++) {
    dump_ident(&query->ctes[i].name, out);
    dump_idents(&query->ctes[i].columns, out);
    dump_query(query->ctes[i].query, out);
  }
  if (query->kind == VS_QUERY_SELECT) dump_select(&query->select, out);
  dump_query(query->left, out);
  dump_query(query->right, out);
  dump_sort(&query->order, out);
  dump_expr(query->limit, out);
  dump_expr(query->offset, out);
  dump_number("emit", query->emit, out);
  dump_duration(&query->emit_every, out);
  vs_text_printf(out, "%d %d ", query->has_into, query->into_is_path);
  dump_name(&query->into, out);
  dump_text("into", query->into_path, out);
  dump_properties(&query->into_properties, out);
  dump_properties(&query->properties, out);
  vs_text_puts(out, ") ");
}
static void dump_create(const struct vs_create *create, struct vs_text *out) {
  vs_text_printf(out, "(create %d %d %d %d ", (int)create->kind, create->or_replace, create->if_not_exists,
                 create->has_columns);
  dump_ident(&create->name, out);
  for (uint32_t i = 0; i < create->column_count; i++) {
    const struct vs_column_def *column = &create->columns[i];
    dump_ident(&column->name, out);
    dump_type(&column->type, out);
    vs_text_printf(out, "%d %d %d %d ", column->is_not_null, column->is_primary_key, column->has_default,
                   column->has_header);
    dump_expr(column->fallback, out);
    dump_text("header", column->header, out);
  }
  dump_ident(&create->watermark_column, out);
  dump_expr(create->watermark, out);
  dump_idents(&create->primary_key, out);
  dump_query(create->query, out);
  dump_properties(&create->properties, out);
  vs_text_puts(out, ") ");
}

static void dump_statement(const struct vs_statement *statement, struct vs_text *out) {
  if (!statement) {
    vs_text_puts(out, "- ");
    return;
  }
  vs_text_printf(out, "(statement %d ", (int)statement->kind);
  for (uint32_t i = 0; i < statement->annotation_count; i++) {
    dump_text("@", statement->annotations[i].key, out);
    dump_text("", statement->annotations[i].value, out);
  }
  switch (statement->kind) {
  case VS_STATEMENT_QUERY: dump_query(statement->as.query, out); break;
  case VS_STATEMENT_CREATE: dump_create(statement->as.create, out); break;
  case VS_STATEMENT_INSERT:
    dump_name(&statement->as.insert.target, out);
    dump_idents(&statement->as.insert.columns, out);
    dump_query(statement->as.insert.query, out);
    for (uint32_t i = 0; i < statement->as.insert.row_count; i++)
      dump_exprs(&statement->as.insert.rows[i], out);
    dump_properties(&statement->as.insert.properties, out);
    break;
  case VS_STATEMENT_UPDATE:
    dump_name(&statement->as.update.target, out);
    for (uint32_t i = 0; i < statement->as.update.set_count; i++) {
      dump_ident(&statement->as.update.set[i].name, out);
      dump_expr(statement->as.update.set[i].value, out);
    }
    dump_expr(statement->as.update.where, out);
    break;
  case VS_STATEMENT_DELETE:
    dump_name(&statement->as.erase.target, out);
    dump_expr(statement->as.erase.where, out);
    break;
  case VS_STATEMENT_DROP:
    vs_text_printf(out, "%d %d ", (int)statement->as.drop.kind, statement->as.drop.if_exists);
    dump_ident(&statement->as.drop.name, out);
    break;
  case VS_STATEMENT_SHOW:
    vs_text_printf(out, "%d %d %d ", (int)statement->as.show.what, (int)statement->as.show.object,
                   statement->as.show.has_like);
    dump_ident(&statement->as.show.name, out);
    dump_text("like", statement->as.show.like, out);
    break;
  case VS_STATEMENT_DESCRIBE: dump_name(&statement->as.describe, out); break;
  case VS_STATEMENT_JOB:
    vs_text_printf(out, "%d %d ", (int)statement->as.job.verb, statement->as.job.force);
    dump_ident(&statement->as.job.name, out);
    dump_statement(statement->as.job.body, out);
    dump_text("version", statement->as.job.version, out);
    dump_text("strategy", statement->as.job.strategy, out);
    dump_expr(statement->as.job.strategy_argument, out);
    dump_properties(&statement->as.job.properties, out);
    break;
  case VS_STATEMENT_EXPLAIN:
    dump_number("how", statement->as.explain.how, out);
    dump_statement(statement->as.explain.body, out);
    break;
  case VS_STATEMENT_SET:
    dump_text("key", statement->as.set.key, out);
    dump_value(&statement->as.set.value, out);
    break;
  }
  vs_text_puts(out, ") ");
}

/* parse, print, parse: the same tree; and printing that one gives the same text. On failure `ret_what` says what. */
static inline bool sql_round_trips(const struct vs_statement *statement, struct vs_memory *memory,
                                   struct vs_text *ret_what) {
  struct vs_arena arena;
  struct vs_text first, second, tree, again;
  struct vs_text *texts[] = {&first, &second, &tree, &again};
  struct vs_script script = {0};
  struct vs_error error;
  vs_error_clear(&error);
  vs_arena_init(&arena, memory, 0);
  for (size_t i = 0; i < VS_COUNT_OF(texts); i++)
    vs_text_init(texts[i], memory, (size_t)256 << 20);
  vs_print_statement(statement, &first);
  bool is_good = vs_parse(vs_text_view(&first), NULL, &arena, &script, &error) == VS_OK && script.statement_count == 1;
  if (!is_good) {
    vs_text_printf(ret_what, "the printed text does not parse: %s at %u\n%s", error.message, error.span.begin,
                   first.data);
  } else {
    vs_print_statement(script.statements[0], &second);
    dump_statement(statement, &tree);
    dump_statement(script.statements[0], &again);
    bool is_same_tree = vs_str_equal(vs_text_view(&tree), vs_text_view(&again));
    is_good = is_same_tree && vs_str_equal(vs_text_view(&first), vs_text_view(&second));
    if (!is_good)
      vs_text_printf(ret_what, "%s\n%s\n%s\n%s\n", is_same_tree ? "the text changes" : "the tree changes", first.data,
                     is_same_tree ? second.data : tree.data, is_same_tree ? "" : again.data);
  }
  for (size_t i = 0; i < VS_COUNT_OF(texts); i++)
    vs_text_release(texts[i]);
  vs_arena_release(&arena);
  return is_good;
}

#endif
