/* SPDX-License-Identifier: Apache-2.0
 * A whole cell or file, bound statement by statement in a scratch catalogue: what `velo validate` says, and what must
 * hold before a cell that is run again replaces its former objects. */
#include "engine/runtime/kept.h"
#include "engine/runtime/run.h"
#include "engine/runtime/workspace.h"

struct checking {
  struct vs_workspace workspace;
  struct vs_arena arena;
  const struct vs_statement *statement;
  struct vs_annotations annotations;
  struct vs_text *explained; /* NULL: not asked for */
  uint32_t explained_count;
};

static vs_status put_rows(struct checking *checking, struct vs_str name, vs_object_is is, struct vs_rows *rows,
                          struct vs_error *err) {
  struct vs_making making;
  VS_TRY(vs_making_begin(&checking->workspace, name, is, &making, err));
  making.object->rows = rows;
  making.object->schema = vs_rows_schema(rows);
  return vs_making_publish(&making, err);
}

/* Whether rows fail shows when it runs; until then <name>.failed and <name>.late are tables without any. */
static vs_status put_asides(struct checking *checking, struct vs_str name, const struct vs_plan *plan,
                            struct vs_error *err) {
  static const char *const kinds[] = {"failed", "late"};
  const struct vs_node *scan = plan->root;
  while (scan->input)
    scan = scan->input;
  const bool *read = scan->as.scan.from == VS_SCAN_ONE_ROW ? NULL : scan->as.scan.projection;
  struct vs_aside none = {0}, empty;
  struct vs_rows *rows = NULL;
  VS_TRY(vs_aside_init(&empty, scan->schema, read, &checking->workspace.engine->memory, err));
  vs_status status = vs_aside_rows(&none, &empty, &checking->workspace.engine->memory, &rows, err);
  for (uint32_t i = 0; i < VS_COUNT_OF(kinds) && status == VS_OK; i++) {
    const char *text = vs_arena_printf(&checking->arena, "%.*s.%s", VS_STR_ARG(name), kinds[i]);
    status = text ? put_rows(checking, vs_str_of(text), VS_OBJECT_IS_RESULT, rows, err) : vs_fail_memory(err);
  }
  vs_aside_release(&empty);
  vs_rows_unref(rows);
  return status;
}

/* A table or result that does not exist yet: its columns, no rows. */
static vs_status put_empty(struct checking *checking, struct vs_str name, vs_object_is is, const struct vs_plan *plan,
                           struct vs_error *err) {
  struct vs_rows *rows = NULL;
  VS_TRY(vs_rows_new(plan->root->schema, &checking->workspace.engine->memory, &rows, err));
  vs_status status = put_rows(checking, name, is, rows, err);
  vs_rows_unref(rows);
  return status == VS_OK ? put_asides(checking, name, plan, err) : status;
}

static void explain(struct checking *checking, const struct vs_plan *plan) {
  if (!checking->explained) return;
  if (checking->explained_count++) vs_text_put(checking->explained, '\n');
  vs_plan_explain(plan, checking->explained);
}

static vs_status check_query(struct checking *checking, const struct vs_query *query, bool is_kept,
                             struct vs_error *err) {
  struct vs_plan *plan;
  struct vs_ident name = {.text = checking->annotations.name, .span = checking->annotations.name_span};
  bool exists;
  if (name.text.size) VS_TRY(vs_workspace_admit(&checking->workspace, name, false, &exists, err));
  VS_TRY(vs_workspace_plan(&checking->workspace, query, &checking->annotations, &plan, err));
  explain(checking, plan);
  vs_status status = is_kept ? put_empty(checking, VS_STR("_"), VS_OBJECT_IS_RESULT, plan, err) : VS_OK;
  if (status == VS_OK && is_kept && name.text.size)
    status = put_empty(checking, name.text, VS_OBJECT_IS_RESULT, plan, err);
  vs_plan_free(plan);
  return status;
}

static vs_status check_create(struct checking *checking, const struct vs_statement *statement, struct vs_error *err) {
  const struct vs_create *create = statement->as.create;
  bool exists;
  VS_TRY(vs_workspace_admit(&checking->workspace, create->name, create->or_replace || create->if_not_exists, &exists,
                            err));
  if (exists && create->if_not_exists) return VS_OK;
  if (!create->query) return vs_declaration_publish(&checking->workspace, statement, err);
  struct vs_creation creation;
  VS_TRY(vs_creation_bind(&creation, &checking->workspace, statement, &checking->annotations, &checking->arena, err));
  explain(checking, creation.plan);
  vs_status status = create->kind == VS_OBJECT_TABLE
                         ? put_empty(checking, create->name.text, VS_OBJECT_IS_TABLE, creation.plan, err)
                         : vs_creation_publish(&creation, &checking->workspace, NULL, err);
  if (status == VS_OK && creation.plan->sink) status = put_asides(checking, create->name.text, creation.plan, err);
  vs_plan_free(creation.plan);
  vs_creation_release(&creation);
  return status;
}

static vs_status check_drop(struct checking *checking, struct vs_error *err) {
  struct vs_change *change;
  VS_TRY(vs_change_begin(checking->workspace.catalog, &change, err));
  vs_change_remove(change, checking->statement->as.drop.name.text);
  return vs_change_publish(change, err);
}

/* SET changes how the statements behind it bind, here as there; nothing of the engine is touched. */
static void check_set(struct checking *checking) {
  const struct vs_value *value = &checking->statement->as.set.value;
  struct vs_str key = checking->statement->as.set.key;
  struct vs_workspace *workspace = &checking->workspace;
  bool is_text = value->type.id == VS_TYPE_STRING && !value->is_null;
  if (vs_str_equal_nocase(key, VS_STR("sql.strict")))
    workspace->is_strict = value->type.id == VS_TYPE_BOOLEAN
                               ? value->as.boolean
                               : is_text && vs_str_equal_nocase(value->as.string, VS_STR("true"));
  else if (vs_str_equal_nocase(key, VS_STR("sql.double_quotes")))
    workspace->double_quotes_are_strings = is_text && vs_str_equal_nocase(value->as.string, VS_STR("string"));
  else if (vs_str_equal_nocase(key, VS_STR("sql.alias_precedence")))
    workspace->aliases_first = is_text && vs_str_equal_nocase(value->as.string, VS_STR("alias"));
}

static vs_status check_statement(struct checking *checking, const struct vs_statement *statement,
                                 struct vs_error *err) {
  checking->statement = statement;
  VS_TRY(vs_annotations_read(statement, &checking->arena, &checking->annotations, err));
  switch (statement->kind) {
  case VS_STATEMENT_QUERY: return check_query(checking, statement->as.query, true, err);
  case VS_STATEMENT_CREATE: return check_create(checking, statement, err);
  case VS_STATEMENT_DROP: return check_drop(checking, err);
  case VS_STATEMENT_SET: check_set(checking); return VS_OK;
  case VS_STATEMENT_EXPLAIN:
    if (statement->as.explain.body->kind == VS_STATEMENT_QUERY)
      return check_query(checking, statement->as.explain.body->as.query, false, err);
    return VS_OK;
  case VS_STATEMENT_INSERT:
  case VS_STATEMENT_UPDATE:
  case VS_STATEMENT_DELETE:
  case VS_STATEMENT_JOB: return vs_fail_not_yet(statement, err);
  case VS_STATEMENT_SHOW:
  case VS_STATEMENT_DESCRIBE: return VS_OK;
  }
  return VS_OK;
}

static vs_status check_all(struct vs_engine *engine, const struct vs_engine_script *script, struct vs_str owner,
                           struct vs_text *explained, struct vs_error *err) {
  struct checking checking = {.explained = explained};
  VS_TRY(vs_workspace_init_scratch(&checking.workspace, engine, owner, VS_STR("this cell"), owner, err));
  vs_arena_init(&checking.arena, &engine->memory, 0);
  vs_status status = VS_OK;
  for (uint32_t i = 0; i < script->tree.statement_count && status == VS_OK; i++)
    status = check_statement(&checking, script->tree.statements[i], err);
  vs_arena_release(&checking.arena);
  vs_workspace_release(&checking.workspace);
  return status;
}

vs_status vs_engine_check(struct vs_engine *engine, const struct vs_engine_script *script, struct vs_str owner,
                          struct vs_error *err) {
  return check_all(engine, script, owner, NULL, err);
}

vs_status vs_engine_explain(struct vs_engine *engine, const struct vs_engine_script *script, struct vs_str owner,
                            struct vs_text *ret_text, struct vs_error *err) {
  VS_TRY(check_all(engine, script, owner, ret_text, err));
  return vs_text_check(ret_text, err);
}
