/* SPDX-License-Identifier: Apache-2.0
 * Names: columns of the source, system columns, aliases of the select list; and what to say when nothing fits. */
#include "engine/plan/binder.h"

#include <stdio.h>

int vs_scope_find_column(const struct vs_relation *relation, struct vs_str name) {
  const struct vs_schema *schema = relation->node->schema;
  int found = VS_LOOKUP_NONE;
  for (uint32_t i = 0; i < schema->shown_count; i++) {
    if (vs_str_equal(schema->fields[i].name, name)) return (int)i;
    if (vs_str_equal_nocase(schema->fields[i].name, name))
      found = found == VS_LOOKUP_NONE ? (int)i : VS_LOOKUP_AMBIGUOUS;
  }
  return found;
}

int vs_scope_find_output(const struct vs_outputs *outputs, uint32_t visible, struct vs_str alias) {
  int found = VS_LOOKUP_NONE;
  for (uint32_t i = 0; outputs && i < visible; i++) {
    struct vs_str name = outputs->items[i].alias;
    if (!name.data) continue;
    if (vs_str_equal(name, alias)) return (int)i;
    if (vs_str_equal_nocase(name, alias) && found == VS_LOOKUP_NONE) found = (int)i;
  }
  return found;
}

bool vs_scope_has_qualifier(const struct vs_relation *relation, struct vs_str name) {
  return relation->qualifier.size && vs_str_equal_nocase(relation->qualifier, name);
}

bool vs_name_is_window_bound(struct vs_str name, bool *ret_is_end) {
  bool is_start = vs_str_equal_nocase(name, VS_STR("_window_start"));
  bool is_end = vs_str_equal_nocase(name, VS_STR("_window_end"));
  if (is_start || is_end) *ret_is_end = is_end;
  return is_start || is_end;
}

/* ---- nothing fits ---- */
static void list_columns(const struct vs_schema *schema, char *text, size_t capacity) {
  size_t used = 0;
  for (uint32_t i = 0; i < schema->shown_count && used < capacity; i++) {
    int size = snprintf(text + used, capacity - used, "%s%.*s", i ? ", " : "", VS_STR_ARG(schema->fields[i].name));
    if (size < 0 || used + (size_t)size > 160) {
      snprintf(text + used, capacity - used, ", ...");
      return;
    }
    used += (size_t)size;
  }
}

static void list_outputs(const struct vs_outputs *outputs, char *text, size_t capacity) {
  size_t used = 0;
  for (uint32_t i = 0; i < outputs->listed_count && used < 160; i++) {
    struct vs_str name = outputs->items[i].name;
    if (outputs->items[i].is_hidden) continue;
    int size =
        snprintf(text + used, capacity - used, "%s%.*s", used ? ", " : "", (int)VS_MIN(name.size, 60), name.data);
    used += size > 0 ? (size_t)size : 0;
  }
}

static void offer_names(const struct vs_scope *scope, struct vs_suggest *suggest) {
  if (scope->input && !scope->only_outputs) {
    const struct vs_schema *schema = scope->input->node->schema;
    for (uint32_t i = 0; i < schema->shown_count; i++)
      vs_suggest_offer(suggest, schema->fields[i].name);
  }
  for (uint32_t i = 0; scope->outputs && i < scope->visible && !scope->aliases_are_errors; i++)
    if (!scope->outputs->items[i].is_hidden)
      vs_suggest_offer(suggest, scope->only_outputs ? scope->outputs->items[i].name : scope->outputs->items[i].alias);
}

static vs_status hint_names(const struct vs_scope *scope, struct vs_str wanted, vs_status status,
                            struct vs_error *err) {
  struct vs_suggest suggest;
  char text[240] = "";
  vs_suggest_init(&suggest, wanted);
  offer_names(scope, &suggest);
  if (suggest.count) return vs_fail_hint(err, status, "%s", vs_suggest_print(&suggest, text, sizeof text));
  if (scope->only_outputs) {
    list_outputs(scope->outputs, text, sizeof text);
    return vs_fail_hint(err, status, "output columns: %s", text);
  }
  if (!scope->input || !scope->input->node->schema->shown_count) return status;
  list_columns(scope->input->node->schema, text, sizeof text);
  return vs_fail_hint(err, status, "columns: %s", text);
}

static vs_status unknown_qualifier(const struct vs_scope *scope, const struct vs_name *name, struct vs_error *err) {
  struct vs_str qualifier = scope->input ? scope->input->qualifier : VS_STR("");
  vs_status status = vs_fail(err, VS_CODE_UNKNOWN_COLUMN, name->parts[0].span, "no source is called '%.*s' here",
                             VS_STR_ARG(name->parts[0].text));
  if (!qualifier.size) return status;
  return vs_fail_hint(err, status, "the query reads from %.*s: write %.*s.%.*s or %.*s", VS_STR_ARG(qualifier),
                      VS_STR_ARG(qualifier), VS_STR_ARG(name->parts[1].text), VS_STR_ARG(name->parts[1].text));
}

static vs_status unknown_without_source(const struct vs_name *name, struct vs_error *err) {
  const struct vs_ident *last = &name->parts[name->part_count - 1];
  return vs_fail_hint(err,
                      vs_fail(err, VS_CODE_UNKNOWN_COLUMN, name->span,
                              "there is no column '%.*s': the query has no FROM", VS_STR_ARG(last->text)),
                      "add FROM 'path', or write text with single quotes: '%.*s'", VS_STR_ARG(last->text));
}

vs_status vs_scope_unknown(const struct vs_scope *scope, const struct vs_name *name, struct vs_error *err) {
  const struct vs_ident *last = &name->parts[name->part_count - 1];
  bool has_source = scope->input && scope->input->node->schema->field_count;
  if (last->is_double_quoted)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_DOUBLE_QUOTES, last->span,
                                "\"%.*s\" is no column; double quotes mark names", VS_STR_ARG(last->text)),
                        "write text with single quotes: '%.*s'", VS_STR_ARG(last->text));
  if (scope->only_outputs)
    return hint_names(scope, last->text,
                      vs_fail(err, VS_CODE_BAD_ALERT, last->span,
                              "%s uses '%.*s', which is no output column of the statement", scope->clause,
                              VS_STR_ARG(last->text)),
                      err);
  if (!has_source) return unknown_without_source(name, err);
  if (name->part_count > 1 && !vs_scope_has_qualifier(scope->input, name->parts[0].text))
    return unknown_qualifier(scope, name, err);
  struct vs_str source = scope->input->qualifier;
  return hint_names(scope, last->text,
                    vs_fail(err, VS_CODE_UNKNOWN_COLUMN, last->span, "no column '%.*s' in %.*s", VS_STR_ARG(last->text),
                            VS_STR_ARG(source.size ? source : VS_STR("the derived table"))),
                    err);
}
