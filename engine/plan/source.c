/* SPDX-License-Identifier: Apache-2.0
 * FROM: a path, a name of the catalogue, a derived table, a CTE, a source declared by the query's own WITH. */
#include "engine/plan/binder.h"

#include <stdio.h>

static vs_status remember_scope(struct vs_binder *binder, struct vs_str name, struct vs_error *err) {
  if (!vs_binder_grow(binder, (void **)&binder->scopes, binder->scope_count, &binder->scope_capacity, sizeof name))
    return vs_fail_memory(err);
  binder->scopes[binder->scope_count++] = name;
  return VS_OK;
}

static struct vs_node *new_scan(struct vs_binder *binder, const struct vs_schema *schema, struct vs_str name,
                                struct vs_span span) {
  struct vs_node *node = VS_ARENA_NEW(binder->arena, struct vs_node);
  bool *projection = vs_binder_alloc(binder, sizeof *projection, schema->field_count);
  if (!node || !projection) return NULL;
  for (uint32_t i = 0; i < schema->field_count; i++)
    projection[i] = true;
  *node =
      (struct vs_node){.is = VS_NODE_SCAN, .schema = schema, .mode = VS_MODE_APPEND, .is_bounded = true, .span = span};
  node->as.scan.name = vs_binder_copy(binder, name);
  node->as.scan.projection = projection;
  node->as.scan.offset_column = -1;
  return node;
}

vs_status vs_source_one_row(struct vs_binder *binder, struct vs_span span, struct vs_relation *ret_relation,
                            struct vs_error *err) {
  struct vs_schema *schema = VS_ARENA_NEW(binder->arena, struct vs_schema);
  struct vs_node *node = schema ? new_scan(binder, schema, VS_STR(""), span) : NULL;
  if (!node) return vs_fail_memory(err);
  node->as.scan.from = VS_SCAN_ONE_ROW;
  *ret_relation = (struct vs_relation){.node = node, .time_column = -1, .qualifier = VS_STR("")};
  return VS_OK;
}

/* ---- endpoints ---- */
/* A copy of the endpoint's schema with the roles a reader of rows wants: what is a time, what is a number. */
static struct vs_schema *schema_with_roles(struct vs_binder *binder, const struct vs_schema *from, int time_column) {
  struct vs_schema *schema = VS_ARENA_NEW(binder->arena, struct vs_schema);
  struct vs_field *fields = vs_binder_alloc(binder, sizeof *fields, from->field_count);
  if (!schema || !fields) return NULL;
  for (uint32_t i = 0; i < from->field_count; i++) {
    fields[i] = from->fields[i];
    fields[i].name = vs_binder_copy(binder, from->fields[i].name);
    if (fields[i].role != VS_ROLE_NONE) continue;
    if ((int)i == time_column || vs_type_is_temporal(fields[i].type))
      fields[i].role = VS_ROLE_TIME;
    else if (vs_type_is_numeric(fields[i].type))
      fields[i].role = VS_ROLE_MEASURE;
  }
  *schema = (struct vs_schema){fields, from->field_count, from->shown_count};
  return schema;
}

static vs_status endpoint_relation(struct vs_binder *binder, const struct vs_endpoint *endpoint, struct vs_str name,
                                   struct vs_str qualifier, struct vs_span span, struct vs_relation *ret_relation,
                                   struct vs_error *err) {
  struct vs_schema *schema = schema_with_roles(binder, endpoint->schema, endpoint->time_column);
  struct vs_node *node = schema ? new_scan(binder, schema, name, span) : NULL;
  vs_epoch_unit *units = node ? vs_binder_alloc(binder, sizeof *units, schema->field_count) : NULL;
  if (!node || !units) return vs_fail_memory(err);
  node->is_bounded = endpoint->is_bounded;
  node->as.scan.from = VS_SCAN_ENDPOINT;
  node->as.scan.endpoint = *endpoint;
  node->as.scan.watermark_delay_us = endpoint->has_watermark ? endpoint->watermark_delay_us : 0;
  if (endpoint->time_column >= 0) units[endpoint->time_column] = endpoint->time_unit;
  *ret_relation = (struct vs_relation){.node = node,
                                       .qualifier = qualifier,
                                       .has_event_time = endpoint->time_column >= 0,
                                       .has_own_watermark = endpoint->has_watermark,
                                       .time_column = endpoint->time_column,
                                       .units = units};
  return VS_OK;
}

vs_status vs_source_endpoint(struct vs_binder *binder, struct vs_str name, struct vs_str path, struct vs_str scope,
                             const struct vs_properties *properties, struct vs_span span,
                             struct vs_relation *ret_relation, struct vs_error *err) {
  const struct vs_properties *lists[10];
  uint32_t count = 0;
  struct vs_endpoint endpoint;
  for (uint32_t i = 0; i < binder->properties_count; i++)
    lists[count++] = binder->properties[i];
  if (properties && properties->count) lists[count++] = properties;
  VS_TRY(remember_scope(binder, scope, err));
  VS_TRY(vs_endpoint_resolve(path, span, scope, lists, count, NULL, &binder->context->folders, binder->context->env,
                             binder->arena, &endpoint, err));
  return endpoint_relation(binder, &endpoint, name, scope, span, ret_relation, err);
}

/* "data/trades.csv" is called trades. */
static struct vs_str file_stem(struct vs_str path) {
  size_t begin = 0;
  for (size_t i = 0; i < path.size; i++)
    if (path.data[i] == '/') begin = i + 1;
  size_t end = begin;
  while (end < path.size && (path.data[end] != '.' || end == begin))
    end++;
  return (struct vs_str){path.data + begin, end - begin};
}

/* ---- rows kept in memory ---- */
/* Rows carry no event time of their own: a projection sets it from the column that held it. */
static vs_status rows_with_time(struct vs_binder *binder, struct vs_relation *relation, int column, bool is_window_end,
                                struct vs_error *err) {
  struct vs_node *below = relation->node, *node = VS_ARENA_NEW(binder->arena, struct vs_node);
  uint32_t count = below->schema->field_count;
  struct vs_bound **exprs = vs_binder_alloc(binder, sizeof *exprs, count + 1);
  struct vs_field *fields = vs_binder_alloc(binder, sizeof *fields, count + 1);
  struct vs_schema *schema = VS_ARENA_NEW(binder->arena, struct vs_schema);
  if (!node || !exprs || !fields || !schema) return vs_fail_memory(err);
  for (uint32_t i = 0; i < count; i++) {
    exprs[i] = vs_bound_column(binder, below, i, below->span);
    fields[i] = below->schema->fields[i];
    if (!exprs[i]) return vs_fail_memory(err);
  }
  struct vs_bound *time = exprs[column];
  vs_epoch_unit unit = relation->units ? relation->units[column] : VS_EPOCH_AUTO;
  if (is_window_end) { /* a row of a window happened before the window's end */
    struct vs_value one = {.type = VS_TYPE(INTEGER), .as.integer = 1};
    struct vs_bound *sides[2] = {time, vs_bound_constant(binder, &one, below->span)};
    VS_TRY(vs_apply(binder, "-", sides, 2, below->span, &time, err));
    unit = VS_EPOCH_MILLIS;
  } else {
    VS_TRY(vs_window_time(binder, relation, time, &time, &unit, err));
  }
  exprs[count] = time;
  fields[count] =
      (struct vs_field){.name = VS_STR("_event_time"), .type = time->type, .is_nullable = true, .is_hidden = true};
  *schema = (struct vs_schema){fields, count + 1, below->schema->shown_count};
  *node = (struct vs_node){
      .is = VS_NODE_PROJECT, .input = below, .schema = schema, .is_bounded = true, .span = below->span};
  node->as.project.exprs = exprs;
  node->as.project.expr_count = count + 1;
  node->as.project.event_time = (int)count;
  node->as.project.event_time_unit = unit;
  relation->node = node;
  relation->has_event_time = true;
  relation->time_column = column;
  return VS_OK;
}

static vs_status rows_relation(struct vs_binder *binder, const struct vs_object *object, struct vs_span span,
                               struct vs_relation *ret_relation, struct vs_error *err) {
  const struct vs_schema *from = object->rows ? vs_rows_schema(object->rows) : object->schema;
  struct vs_schema *schema = schema_with_roles(binder, from, object->time_column);
  struct vs_node *node = schema ? new_scan(binder, schema, object->name, span) : NULL;
  if (!node) return vs_fail_memory(err);
  node->as.scan.from = VS_SCAN_ROWS;
  node->as.scan.rows = object->rows;
  *ret_relation =
      (struct vs_relation){.node = node, .qualifier = node->as.scan.name, .is_memory = true, .time_column = -1};
  if (object->is_partial)
    vs_binder_warn(binder, span, "%.*s is partial: older rows fell out when it was made", VS_STR_ARG(object->name));
  int end = vs_schema_find_role(schema, VS_ROLE_WINDOW_END);
  if (end >= 0) return rows_with_time(binder, ret_relation, end, true, err);
  if (object->time_column >= 0) return rows_with_time(binder, ret_relation, object->time_column, false, err);
  return VS_OK;
}

/* ---- views ---- */
static vs_status check_versions(struct vs_binder *binder, const struct vs_object *view, struct vs_span span,
                                struct vs_error *err) {
  for (uint32_t i = 0; i < view->depend_count; i++) {
    const struct vs_object *below = vs_snapshot_find(binder->snapshot, view->depends_on[i]);
    if (!below)
      return vs_fail_hint(err,
                          vs_fail(err, VS_CODE_UNKNOWN_TABLE, span, "%.*s reads from %.*s, which is gone",
                                  VS_STR_ARG(view->name), VS_STR_ARG(view->depends_on[i])),
                          "create %.*s again", VS_STR_ARG(view->depends_on[i]));
  }
  return VS_OK;
}

/* The definition was fine when it was made; what changed since is what the reader wants to know. */
static vs_status blame_change(struct vs_binder *binder, const struct vs_object *view, struct vs_span span,
                              vs_status status, struct vs_error *err) {
  for (uint32_t i = 0; err && i < view->depend_count; i++) {
    const struct vs_object *below = vs_snapshot_find(binder->snapshot, view->depends_on[i]);
    if (!below || below->version == view->depends_versions[i]) continue;
    char message[sizeof err->message];
    memcpy(message, err->message, sizeof message);
    return vs_fail_hint(
        err,
        vs_fail(err, VS_CODE_DEFINITION_CHANGED, span, "%.*s no longer fits %.*s, which %.*s has changed: %.200s",
                VS_STR_ARG(view->name), VS_STR_ARG(below->name),
                VS_STR_ARG(below->owner_label.size ? below->owner_label : VS_STR("another statement")), message),
        "mend the query of %.*s and run its cell again", VS_STR_ARG(view->name));
  }
  return status;
}

static vs_status rename_columns(struct vs_binder *binder, const struct vs_object *view, struct vs_relation *relation,
                                struct vs_span span, struct vs_error *err) {
  if (!view->column_count) return VS_OK;
  return vs_columns_declare(binder, view->columns, view->column_count, relation, span, err);
}

static vs_status view_relation(struct vs_binder *binder, const struct vs_object *view, struct vs_span span,
                               vs_emit wanted, struct vs_relation *ret_relation, struct vs_error *err) {
  for (const struct vs_view_scope *outer = binder->views; outer; outer = outer->outer)
    if (vs_str_equal(outer->name, view->name))
      return vs_fail_hint(err,
                          vs_fail(err, VS_CODE_RECURSIVE_VIEW, span, "%.*s reads from itself", VS_STR_ARG(view->name)),
                          "give the new stream another name");
  struct vs_view_scope here = {view->name, binder->views};
  const struct vs_view_scope *views = binder->views;
  const struct vs_cte_scope *ctes = binder->ctes;
  VS_TRY(check_versions(binder, view, span, err));
  binder->views = &here;
  binder->ctes = NULL;
  vs_status status = vs_bind_query(binder, view->query, wanted, false, ret_relation, err);
  binder->views = views;
  binder->ctes = ctes;
  if (status != VS_OK) return blame_change(binder, view, span, status, err);
  ret_relation->qualifier = vs_binder_copy(binder, view->name);
  return rename_columns(binder, view, ret_relation, span, err);
}

vs_status vs_source_object(struct vs_binder *binder, const struct vs_object *object, struct vs_span span,
                           vs_emit wanted, struct vs_relation *ret_relation, struct vs_error *err) {
  VS_TRY(vs_binder_read(binder, object, err));
  switch (object->is) {
  case VS_OBJECT_IS_SOURCE:
    return endpoint_relation(binder, &object->endpoint, object->name, vs_binder_copy(binder, object->name), span,
                             ret_relation, err);
  case VS_OBJECT_IS_VIEW: return view_relation(binder, object, span, wanted, ret_relation, err);
  case VS_OBJECT_IS_TABLE:
  case VS_OBJECT_IS_RESULT: return rows_relation(binder, object, span, ret_relation, err);
  }
  return VS_OK;
}

/* ---- names ---- */
static vs_status cte_relation(struct vs_binder *binder, const struct vs_cte_scope *scope, uint32_t index,
                              vs_emit wanted, struct vs_relation *ret_relation, struct vs_error *err) {
  const struct vs_cte *cte = &scope->query->ctes[index];
  struct vs_cte_scope before = {scope->query, index, scope->outer};
  const struct vs_cte_scope *ctes = binder->ctes;
  if (cte->columns.count) return vs_not_yet(err, cte->name.span, "a column list of a WITH query");
  binder->ctes = &before; /* a WITH query sees those before it */
  vs_status status = vs_bind_query(binder, cte->query, wanted, false, ret_relation, err);
  binder->ctes = ctes;
  if (status == VS_OK) ret_relation->qualifier = cte->name.text;
  return status;
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

static vs_status unknown_table(struct vs_binder *binder, const struct vs_ident *ident, struct vs_error *err) {
  struct vs_suggest suggest;
  char text[200];
  struct vs_str *paths = NULL;
  uint32_t path_count = 0;
  vs_suggest_init(&suggest, ident->text);
  for (uint32_t i = 0; i < vs_snapshot_count(binder->snapshot); i++)
    vs_suggest_offer(&suggest, vs_snapshot_at(binder->snapshot, i)->name);
  vs_status status = vs_fail(err, VS_CODE_UNKNOWN_TABLE, ident->span, "no stream, table or result is called '%.*s'",
                             VS_STR_ARG(ident->text));
  if (suggest.count) return vs_fail_hint(err, status, "%s", vs_suggest_print(&suggest, text, sizeof text));
  if (vs_path_list(&binder->context->folders, binder->arena, &paths, &path_count, NULL) != VS_OK || !path_count)
    return vs_fail_hint(err, status, "read a file: FROM 'path', or create it: CREATE STREAM %.*s AS ...",
                        VS_STR_ARG(ident->text));
  for (uint32_t i = 0; i < path_count; i++)
    if (vs_str_equal_nocase(file_stem(paths[i]), ident->text))
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

static vs_status name_relation(struct vs_binder *binder, const struct vs_source *source, vs_emit wanted,
                               struct vs_relation *ret_relation, struct vs_error *err) {
  const struct vs_ident *ident = &source->name.parts[source->name.part_count - 1];
  if (source->name.part_count > 1) return vs_not_yet(err, source->name.span, "a name with a schema in front");
  for (const struct vs_cte_scope *scope = binder->ctes; scope; scope = scope->outer)
    for (uint32_t i = scope->count; i-- > 0;)
      if (vs_str_equal_nocase(scope->query->ctes[i].name.text, ident->text))
        return cte_relation(binder, scope, i, wanted, ret_relation, err);
  const struct vs_object *object = vs_snapshot_find(binder->snapshot, ident->text);
  if (object) return vs_source_object(binder, object, ident->span, wanted, ret_relation, err);
  if (is_declared_here(binder, source, ident->text))
    return vs_source_endpoint(binder, ident->text, (struct vs_str){NULL, 0}, ident->text, &source->properties,
                              source->span, ret_relation, err);
  return unknown_table(binder, ident, err);
}

static vs_status derived_relation(struct vs_binder *binder, const struct vs_source *source, vs_emit wanted,
                                  struct vs_relation *ret_relation, struct vs_error *err) {
  return vs_bind_query(binder, source->query, wanted, false, ret_relation, err);
}

vs_status vs_source_bind(struct vs_binder *binder, const struct vs_source *source, vs_emit wanted,
                         struct vs_relation *ret_relation, struct vs_error *err) {
  if (source->as_of) return vs_not_yet(err, source->as_of->span, "FOR SYSTEM_TIME AS OF");
  switch (source->kind) {
  case VS_SOURCE_PATH: {
    struct vs_str scope = source->alias.text.data ? source->alias.text : file_stem(source->path);
    VS_TRY(vs_source_endpoint(binder, source->path, source->path, vs_binder_copy(binder, scope), &source->properties,
                              source->span, ret_relation, err));
    break;
  }
  case VS_SOURCE_NAME: VS_TRY(name_relation(binder, source, wanted, ret_relation, err)); break;
  case VS_SOURCE_QUERY: VS_TRY(derived_relation(binder, source, wanted, ret_relation, err)); break;
  case VS_SOURCE_WINDOW_FUNCTION: return vs_not_yet(err, source->span, "a window function in FROM");
  }
  if (source->alias.text.data) ret_relation->qualifier = vs_binder_copy(binder, source->alias.text);
  return VS_OK;
}
