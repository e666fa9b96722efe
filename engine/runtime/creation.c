/* SPDX-License-Identifier: Apache-2.0
 * CREATE ... AS: from the statement to a bound plan and to an object of the catalogue, in the engine's own catalogue
 * and in a scratch one alike. */
#include "engine/runtime/workspace.h"
#include "engine/sql/parser.h"
#include "engine/sql/printer.h"

/* ---- properties: those of the sink become INTO, the others go to the query's sources ---- */

static bool belongs_to(struct vs_str key, struct vs_str name) {
  return key.size > name.size && key.data[name.size] == '.' && vs_str_starts_nocase(key, name);
}

static uint32_t copy_properties(const struct vs_properties *from, struct vs_str name, bool of_name,
                                struct vs_property *to) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < from->count; i++)
    if (belongs_to(from->items[i].key, name) == of_name) to[count++] = from->items[i];
  return count;
}

/* A copy of the query with the statement's properties, in which a sink named as the object is an INTO. */
static vs_status merge(const struct vs_create *create, struct vs_arena *arena, struct vs_query **ret_query,
                       struct vs_error *err) {
  struct vs_query *query = VS_ARENA_NEW(arena, struct vs_query);
  uint32_t total =
      create->properties.count + create->query->properties.count + create->query->select.from.properties.count;
  struct vs_property *sources = VS_ARENA_ARRAY(arena, struct vs_property, total + 1);
  struct vs_property *sink = VS_ARENA_ARRAY(arena, struct vs_property, total + 1);
  struct vs_ident *into = VS_ARENA_NEW(arena, struct vs_ident);
  if (!query || !sources || !sink || !into) return vs_fail_memory(err);
  struct vs_str name = create->name.text;
  *query = *create->query;
  uint32_t source_count = copy_properties(&create->properties, name, false, sources);
  source_count += copy_properties(&query->properties, name, false, sources + source_count);
  uint32_t sink_count = copy_properties(&create->properties, name, true, sink);
  sink_count += copy_properties(&query->properties, name, true, sink + sink_count);
  /* WITH right behind FROM was read as the source's: what names the sink is the sink's all the same. */
  sink_count += copy_properties(&query->select.from.properties, name, true, sink + sink_count);
  struct vs_span span = create->properties.count ? create->properties.span : create->name.span;
  query->properties = (struct vs_properties){sources, source_count, span};
  *ret_query = query;
  if (!sink_count) return VS_OK;
  if (query->has_into)
    return vs_fail(err, VS_CODE_NOT_YET, query->into.span,
                   "INTO beside a sink in WITH does not run yet: keep one of them");
  *into = create->name;
  query->has_into = true;
  query->into = (struct vs_name){into, 1, create->name.span};
  query->into_properties = (struct vs_properties){sink, sink_count, span};
  return VS_OK;
}

/* ---- the object ---- */

static bool copy_text(struct vs_arena *arena, const struct vs_text *text, struct vs_str *ret_copy) {
  const char *copy = vs_arena_copy(arena, text->data ? text->data : "", text->size);
  *ret_copy = (struct vs_str){copy, text->size};
  return copy != NULL && !text->is_failed;
}

static vs_status print_definition(const struct vs_creation *creation, struct vs_making *making,
                                  struct vs_memory *memory, struct vs_error *err) {
  struct vs_text text;
  vs_text_init(&text, memory, (size_t)16 << 20);
  vs_print_statement(creation->statement, &text);
  bool is_copied = copy_text(making->arena, &text, &making->object->definition);
  vs_text_release(&text);
  return is_copied ? VS_OK : vs_fail_memory(err);
}

/* The view's tree must outlive the cell, so its printed text is parsed again in the object's arena. Its spans point to
 * no text of a later cell: a caret would stand under the wrong line. */
static vs_status parse_definition(struct vs_making *making, struct vs_error *err) {
  const struct vs_parse_options options = {.source = UINT32_MAX};
  struct vs_script script;
  struct vs_query *query = NULL;
  VS_TRY(vs_parse(making->object->definition, &options, making->arena, &script, err));
  const struct vs_create *create = script.statements[0]->as.create;
  VS_TRY(merge(create, making->arena, &query, err));
  query->has_into = false;
  making->object->query = query;
  making->object->columns = create->columns;
  making->object->column_count = create->has_columns ? create->column_count : 0;
  return VS_OK;
}

static vs_status copy_dependencies(const struct vs_plan *plan, struct vs_making *making, struct vs_error *err) {
  struct vs_object *object = making->object;
  object->depends_on = VS_ARENA_ARRAY(making->arena, struct vs_str, plan->read_count + 1);
  object->depends_versions = VS_ARENA_ARRAY(making->arena, uint64_t, plan->read_count + 1);
  if (!object->depends_on || !object->depends_versions) return vs_fail_memory(err);
  for (uint32_t i = 0; i < plan->read_count; i++) {
    const char *name = vs_arena_copy(making->arena, plan->reads[i].data, plan->reads[i].size);
    if (!name) return vs_fail_memory(err);
    object->depends_on[i] = (struct vs_str){name, plan->reads[i].size};
    object->depends_versions[i] = plan->read_versions[i];
  }
  object->depend_count = plan->read_count;
  return VS_OK;
}

/* The shown columns only: what FROM this object offers. */
static vs_status copy_schema(const struct vs_plan *plan, struct vs_making *making, struct vs_error *err) {
  struct vs_schema shown = *plan->root->schema;
  shown.field_count = shown.shown_count;
  VS_TRY(vs_schema_copy(&shown, making->arena, &making->object->schema, err));
  making->object->is_bounded = plan->root->is_bounded;
  const char *time =
      vs_arena_copy(making->arena, plan->event_time.data ? plan->event_time.data : "", plan->event_time.size);
  if (!time) return vs_fail_memory(err);
  making->object->event_time = (struct vs_str){time, plan->event_time.size};
  making->object->time_column = time[0] ? vs_schema_find(making->object->schema, making->object->event_time) : -1;
  return VS_OK;
}

static vs_status fill(const struct vs_creation *creation, struct vs_making *making, struct vs_memory *memory,
                      struct vs_error *err) {
  VS_TRY(print_definition(creation, making, memory, err));
  if (making->object->is == VS_OBJECT_IS_VIEW) VS_TRY(parse_definition(making, err));
  if (!creation->plan) return VS_OK;
  VS_TRY(copy_schema(creation->plan, making, err));
  return copy_dependencies(creation->plan, making, err);
}

vs_status vs_creation_publish(const struct vs_creation *creation, const struct vs_workspace *workspace,
                              struct vs_rows *rows, struct vs_error *err) {
  struct vs_making making;
  vs_object_is is = rows ? VS_OBJECT_IS_TABLE : VS_OBJECT_IS_VIEW;
  VS_TRY(vs_making_begin(workspace, creation->create->name.text, is, &making, err));
  vs_status status = fill(creation, &making, &workspace->engine->memory, err);
  if (status != VS_OK) {
    vs_making_drop(&making);
    return status;
  }
  making.object->rows = rows;
  if (rows) making.object->schema = vs_rows_schema(rows); /* window bounds stay in it, hidden */
  return vs_making_publish(&making, err);
}

/* ---- binding ---- */

/* SELECT * FROM name: how a column list is applied, since a view renames and casts by position. */
static struct vs_query *select_all(struct vs_ident name, struct vs_arena *arena) {
  struct vs_query *query = VS_ARENA_NEW(arena, struct vs_query);
  struct vs_item *item = VS_ARENA_NEW(arena, struct vs_item);
  struct vs_expr *star = VS_ARENA_NEW(arena, struct vs_expr);
  struct vs_ident *part = VS_ARENA_NEW(arena, struct vs_ident);
  if (!query || !item || !star || !part) return NULL;
  *part = name;
  star->kind = VS_EXPR_STAR;
  star->span = name.span;
  *item = (struct vs_item){.expr = star, .span = name.span};
  query->span = query->select.span = name.span;
  query->kind = VS_QUERY_SELECT;
  query->select.items = item;
  query->select.item_count = 1;
  query->select.has_from = true;
  query->select.from = (struct vs_source){.kind = VS_SOURCE_NAME, .span = name.span, .name = {part, 1, name.span}};
  return query;
}

static vs_status bind_columns(struct vs_creation *creation, const struct vs_workspace *workspace,
                              struct vs_arena *arena, struct vs_error *err) {
  struct vs_query *query = select_all(creation->create->name, arena);
  if (!query) return vs_fail_memory(err);
  VS_TRY(vs_workspace_init_scratch(&creation->columns, workspace->engine, workspace->owner, workspace->owner_label,
                                   workspace->owner, err));
  VS_TRY(vs_creation_publish(creation, &creation->columns, NULL, err));
  struct vs_plan *plan;
  VS_TRY(vs_workspace_plan(&creation->columns, query, creation->annotations, &plan, err));
  vs_plan_free(creation->plan);
  creation->plan = plan;
  return VS_OK;
}

/* A view that reads what it replaces, directly or through another one, could never be read. */
static vs_status check_recursion(const struct vs_create *create, const struct vs_plan *plan, struct vs_error *err) {
  for (uint32_t i = 0; create->kind != VS_OBJECT_TABLE && i < plan->read_count; i++) {
    if (!vs_str_equal_nocase(plan->reads[i], create->name.text)) continue;
    vs_status status = vs_fail(err, VS_CODE_RECURSIVE_VIEW, create->name.span, "%.*s would read from itself",
                               VS_STR_ARG(create->name.text));
    return vs_fail_hint(err, status, "give the new stream another name");
  }
  return VS_OK;
}

vs_status vs_creation_bind(struct vs_creation *creation, const struct vs_workspace *workspace,
                           const struct vs_statement *statement, const struct vs_annotations *annotations,
                           struct vs_arena *arena, struct vs_error *err) {
  struct vs_query *query;
  *creation = (struct vs_creation){.create = statement->as.create, .annotations = annotations, .statement = statement};
  VS_TRY(merge(creation->create, arena, &query, err));
  VS_TRY(vs_workspace_plan(workspace, query, annotations, &creation->plan, err));
  vs_status status = check_recursion(creation->create, creation->plan, err);
  if (status == VS_OK && creation->create->has_columns) status = bind_columns(creation, workspace, arena, err);
  if (status != VS_OK) {
    vs_plan_free(creation->plan);
    creation->plan = NULL;
    vs_creation_release(creation);
  }
  return status;
}

void vs_creation_release(struct vs_creation *creation) {
  if (creation->columns.catalog) vs_workspace_release(&creation->columns);
}

/* ---- declarations ---- */

/* Rows of a file as they come are no table by key: silently they would be shown as duplicates. */
static vs_status check_table(const struct vs_create *create, struct vs_error *err) {
  bool has_key = create->primary_key.count > 0;
  for (uint32_t i = 0; i < create->column_count; i++)
    has_key |= create->columns[i].is_primary_key;
  if (create->kind != VS_OBJECT_TABLE || !has_key) return VS_OK;
  return vs_fail_hint(
      err, vs_fail(err, VS_CODE_NOT_YET, create->name.span, "a declared TABLE with a PRIMARY KEY does not run yet"),
      "keep the newest row per key by CREATE TABLE %.*s AS SELECT k PRIMARY KEY, v FROM 'path'",
      VS_STR_ARG(create->name.text));
}

static vs_status declare(const struct vs_workspace *workspace, const struct vs_creation *creation,
                         struct vs_making *making, struct vs_error *err) {
  const struct vs_create *create = creation->create;
  const struct vs_properties *properties = &create->properties;
  struct vs_object *object = making->object;
  VS_TRY(check_table(create, err));
  const struct vs_endpoint_request request = {.span = create->name.span,
                                              .scope = object->name,
                                              .properties = &properties,
                                              .properties_count = 1,
                                              .declaration = create,
                                              .folders = &workspace->engine->folders,
                                              .env = workspace->engine->env};
  VS_TRY(vs_endpoint_resolve(&request, making->arena, &object->endpoint, err));
  object->schema = object->endpoint.schema;
  object->time_column = object->endpoint.time_column;
  if (object->time_column >= 0) object->event_time = object->schema->fields[object->time_column].name;
  object->is_bounded = object->endpoint.is_bounded;
  return print_definition(creation, making, &workspace->engine->memory, err);
}

vs_status vs_declaration_publish(const struct vs_workspace *workspace, const struct vs_statement *statement,
                                 struct vs_error *err) {
  const struct vs_creation creation = {.create = statement->as.create, .statement = statement};
  struct vs_making making;
  VS_TRY(vs_making_begin(workspace, creation.create->name.text, VS_OBJECT_IS_SOURCE, &making, err));
  vs_status status = declare(workspace, &creation, &making, err);
  if (status == VS_OK) return vs_making_publish(&making, err);
  vs_making_drop(&making);
  return status;
}
