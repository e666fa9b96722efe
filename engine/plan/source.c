/* SPDX-License-Identifier: Apache-2.0
 * FROM: a path, a name of the catalogue, a derived table, a CTE, a source declared by the query's own WITH. */
#include "engine/plan/binder.h"

#include <stdio.h>

/* "data/trades.csv" is called trades. */
struct vs_str vs_path_stem(struct vs_str path) {
  size_t begin = 0;
  for (size_t i = 0; i < path.size; i++)
    if (path.data[i] == '/') begin = i + 1;
  size_t end = begin;
  while (end < path.size && (path.data[end] != '.' || end == begin))
    end++;
  return (struct vs_str){path.data + begin, end - begin};
}

static vs_status source_object(struct vs_binder *binder, const struct vs_object *object, struct vs_span span,
                               vs_emit wanted, struct vs_relation *ret_relation, struct vs_error *err) {
  VS_TRY(vs_binder_read(binder, object, err));
  switch (object->is) {
  case VS_OBJECT_IS_SOURCE: return vs_source_declared(binder, object, span, ret_relation, err);
  case VS_OBJECT_IS_VIEW: return vs_source_view(binder, object, span, wanted, ret_relation, err);
  case VS_OBJECT_IS_TABLE:
  case VS_OBJECT_IS_RESULT: return vs_source_rows(binder, object, span, ret_relation, err);
  }
  return VS_OK;
}

/* ---- names ---- */
static vs_status cte_relation(struct vs_binder *binder, const struct vs_cte_scope *scope, uint32_t index,
                              vs_emit wanted, struct vs_relation *ret_relation, struct vs_error *err) {
  const struct vs_cte *cte = &scope->query->ctes[index];
  struct vs_cte_scope before = {scope->query, index, scope->outer};
  const struct vs_cte_scope *ctes = binder->ctes;
  binder->ctes = &before; /* a WITH query sees those before it */
  vs_status status = vs_bind_query(binder, cte->query, wanted, false, ret_relation, err);
  binder->ctes = ctes;
  if (status != VS_OK) return status;
  ret_relation->qualifier = cte->name.text;
  return cte->columns.count ? vs_columns_rename(binder, &cte->columns, ret_relation, cte->name.span, err) : VS_OK;
}

/* WITH ('n.path' = ...) or ('n.type' = ...) of the query declares n. */
static bool declares(const struct vs_properties *list, struct vs_str name) {
  for (uint32_t i = 0; list && i < list->count; i++) {
    struct vs_str key = list->items[i].key;
    if (key.size > name.size + 1 && key.data[name.size] == '.' &&
        vs_str_equal((struct vs_str){key.data, name.size}, name)) {
      struct vs_str rest = {key.data + name.size + 1, key.size - name.size - 1};
      if (vs_str_equal(rest, VS_STR("path")) || vs_str_equal(rest, VS_STR("type"))) return true;
    }
  }
  return false;
}

static bool is_declared_here(const struct vs_binder *binder, const struct vs_source *source, struct vs_str name) {
  for (uint32_t i = 0; i < binder->properties_count; i++)
    if (declares(binder->properties[i], name)) return true;
  return source->properties.count > 0;
}

static bool is_result_number(struct vs_str name) {
  size_t i = 1;
  while (i < name.size && name.data[i] >= '0' && name.data[i] <= '9')
    i++;
  return name.size > 1 && name.data[0] == '_' && i == name.size;
}

static vs_status unknown_table(struct vs_binder *binder, const struct vs_ident *ident, struct vs_error *err) {
  struct vs_suggest suggest;
  char text[200];
  struct vs_str *paths = NULL;
  uint32_t path_count = 0;
  vs_suggest_init(&suggest, ident->text);
  for (uint32_t i = 0; i < vs_snapshot_count(binder->snapshot); i++) {
    struct vs_str name = vs_snapshot_at(binder->snapshot, i)->name;
    if (name.data[0] != '_') vs_suggest_offer(&suggest, name); /* nobody means _ by a name of another letter */
  }
  vs_status status = vs_fail(err, VS_CODE_UNKNOWN_TABLE, ident->span, "no stream, table or result is called '%.*s'",
                             VS_STR_ARG(ident->text));
  if (is_result_number(ident->text))
    return vs_fail_hint(err, status, "the cell of that number kept no result; SHOW TABLES lists the results there are");
  if (suggest.count) return vs_fail_hint(err, status, "%s", vs_suggest_print(&suggest, text, sizeof text));
  if (vs_path_list(&binder->context->folders, binder->arena, &paths, &path_count, NULL) != VS_OK || !path_count)
    return vs_fail_hint(err, status, "read a file: FROM 'path', or create it: CREATE STREAM %.*s AS ...",
                        VS_STR_ARG(ident->text));
  for (uint32_t i = 0; i < path_count; i++)
    if (vs_str_equal_nocase(vs_path_stem(paths[i]), ident->text) || vs_str_equal(paths[i], ident->text))
      return vs_fail_hint(err, status, "read the file: FROM '%.*s'", VS_STR_ARG(paths[i]));
  size_t used = 0;
  for (uint32_t i = 0; i < path_count && i < 4; i++) {
    int size = snprintf(text + used, sizeof text - used, "%s'%.*s'", i ? ", " : "", VS_STR_ARG(paths[i]));
    if (size < 0 || used + (size_t)size >= sizeof text) break;
    used += (size_t)size;
  }
  text[used] = '\0';
  return vs_fail_hint(err, status, "files here: %s; read one with FROM '%.*s'", text, VS_STR_ARG(paths[0]));
}

/* <query>.failed and <query>.late: the rows a query set aside. */
static vs_status dotted_relation(struct vs_binder *binder, const struct vs_source *source, vs_emit wanted,
                                 struct vs_relation *ret_relation, struct vs_error *err) {
  const struct vs_ident *base = &source->name.parts[0], *what = &source->name.parts[source->name.part_count - 1];
  bool is_aside = source->name.part_count == 2 && (vs_str_equal_nocase(what->text, VS_STR("failed")) ||
                                                   vs_str_equal_nocase(what->text, VS_STR("late")));
  if (!is_aside) return vs_not_yet(err, source->name.span, "a name with a schema in front");
  const char *name = vs_arena_printf(binder->arena, "%.*s.%.*s", VS_STR_ARG(base->text), VS_STR_ARG(what->text));
  if (!name) return vs_fail_memory(err);
  const struct vs_object *object = vs_snapshot_find(binder->snapshot, vs_str_of(name));
  if (object) return source_object(binder, object, source->name.span, wanted, ret_relation, err);
  vs_status status = vs_fail(err, VS_CODE_UNKNOWN_TABLE, source->name.span, "%.*s has no %.*s rows",
                             VS_STR_ARG(base->text), VS_STR_ARG(what->text));
  return vs_fail_hint(
      err, status,
      "the rows a query set aside are kept as _.failed and _.late, by its -- @name, or by the table it made");
}

static vs_status name_relation(struct vs_binder *binder, const struct vs_source *source, vs_emit wanted,
                               struct vs_relation *ret_relation, struct vs_error *err) {
  const struct vs_ident *ident = &source->name.parts[source->name.part_count - 1];
  if (source->name.part_count > 1) return dotted_relation(binder, source, wanted, ret_relation, err);
  for (const struct vs_cte_scope *scope = binder->ctes; scope; scope = scope->outer)
    for (uint32_t i = scope->count; i-- > 0;)
      if (vs_str_equal_nocase(scope->query->ctes[i].name.text, ident->text))
        return cte_relation(binder, scope, i, wanted, ret_relation, err);
  const struct vs_object *object = vs_snapshot_find(binder->snapshot, ident->text);
  if (object) return source_object(binder, object, ident->span, wanted, ret_relation, err);
  if (is_declared_here(binder, source, ident->text))
    return vs_source_endpoint(binder, ident->text, (struct vs_str){NULL, 0}, ident->text, source->span, ret_relation,
                              err);
  return unknown_table(binder, ident, err);
}

void vs_binder_enter(struct vs_binder *binder, const struct vs_properties *properties, bool is_source) {
  if (!properties->count) return;
  if (binder->properties_count < VS_COUNT_OF(binder->properties))
    binder->properties[binder->properties_count++] = properties;
  if (binder->views || binder->seen_count == VS_COUNT_OF(binder->seen)) return; /* a view's keys were checked with it */
  binder->seen_is_source[binder->seen_count] = is_source;
  binder->seen[binder->seen_count++] = properties;
}

static vs_status bind_kind(struct vs_binder *binder, const struct vs_source *source, vs_emit wanted,
                           struct vs_relation *ret_relation, struct vs_error *err) {
  struct vs_str scope = source->alias.text.data ? source->alias.text : vs_path_stem(source->path);
  switch (source->kind) {
  case VS_SOURCE_PATH:
    return vs_source_endpoint(binder, source->path, source->path, vs_binder_copy(binder, scope), source->span,
                              ret_relation, err);
  case VS_SOURCE_NAME: return name_relation(binder, source, wanted, ret_relation, err);
  case VS_SOURCE_QUERY: return vs_bind_query(binder, source->query, wanted, false, ret_relation, err);
  case VS_SOURCE_WINDOW_FUNCTION: break;
  }
  return vs_not_yet(err, source->span, "a window function in FROM");
}

vs_status vs_source_bind(struct vs_binder *binder, const struct vs_source *source, vs_emit wanted,
                         struct vs_relation *ret_relation, struct vs_error *err) {
  uint32_t properties_count = binder->properties_count;
  if (source->as_of) return vs_not_yet(err, source->as_of->span, "FOR SYSTEM_TIME AS OF");
  vs_binder_enter(binder, &source->properties, true);
  vs_status status = bind_kind(binder, source, wanted, ret_relation, err);
  binder->properties_count = properties_count;
  if (status == VS_OK && source->alias.text.data) ret_relation->qualifier = vs_binder_copy(binder, source->alias.text);
  return status;
}
