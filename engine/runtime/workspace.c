/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/runtime/workspace.h"

void vs_workspace_init(struct vs_workspace *workspace, struct vs_engine *engine, struct vs_str owner,
                       struct vs_str label) {
  *workspace = (struct vs_workspace){
      .engine = engine,
      .catalog = engine->catalog,
      .owner = owner,
      .owner_label = label,
      .division_by_zero_fails = vs_settings_is(engine, "sql.division_by_zero", "error"),
      .double_quotes_are_strings = vs_settings_is(engine, "sql.double_quotes", "string"),
      .aliases_first = vs_settings_is(engine, "sql.alias_precedence", "alias"),
      .is_strict = vs_settings_get(engine, "sql.strict")->value.boolean,
  };
}

static vs_status copy_object(struct vs_change *change, const struct vs_object *object, struct vs_error *err) {
  struct vs_arena *arena;
  VS_TRY(vs_change_arena(change, &arena, err));
  struct vs_object *copy = VS_ARENA_NEW(arena, struct vs_object);
  if (!copy) return vs_fail_memory(err);
  *copy = *object;
  return vs_change_put(change, copy, err);
}

static vs_status copy_objects(struct vs_workspace *workspace, struct vs_str without_owner, struct vs_error *err) {
  struct vs_change *change;
  VS_TRY(vs_change_begin(workspace->catalog, &change, err));
  for (uint32_t i = 0; i < vs_snapshot_count(workspace->base); i++) {
    const struct vs_object *object = vs_snapshot_at(workspace->base, i);
    if (without_owner.size && vs_str_equal(object->owner, without_owner)) continue;
    vs_status status = copy_object(change, object, err);
    if (status != VS_OK) {
      vs_change_drop(change);
      return status;
    }
  }
  return vs_change_publish(change, err);
}

vs_status vs_workspace_init_scratch(struct vs_workspace *workspace, struct vs_engine *engine, struct vs_str owner,
                                    struct vs_str label, struct vs_str without_owner, struct vs_error *err) {
  vs_workspace_init(workspace, engine, owner, label);
  workspace->catalog = NULL;
  VS_TRY(vs_catalog_new(engine->env, &workspace->catalog, err));
  workspace->is_scratch = true;
  workspace->base = vs_catalog_current(engine->catalog);
  vs_status status = copy_objects(workspace, without_owner, err);
  if (status != VS_OK) vs_workspace_release(workspace);
  return status;
}

void vs_workspace_release(struct vs_workspace *workspace) {
  if (!workspace->is_scratch) return;
  vs_catalog_free(workspace->catalog);
  vs_snapshot_unref(workspace->base);
  *workspace = (struct vs_workspace){0};
}

vs_status vs_workspace_plan(const struct vs_workspace *workspace, const struct vs_query *query,
                            const struct vs_annotations *annotations, struct vs_plan **ret_plan, struct vs_error *err) {
  struct vs_engine *engine = workspace->engine;
  struct vs_snapshot *snapshot = vs_catalog_current(workspace->catalog);
  const struct vs_plan_context context = {
      .env = engine->env,
      .catalog = workspace->catalog,
      .snapshot = snapshot,
      .parameters = engine->parameters,
      .parameter_count = engine->parameter_count,
      .folders = engine->folders,
      .division_by_zero_fails = workspace->division_by_zero_fails,
      .double_quotes_are_strings = workspace->double_quotes_are_strings,
      .aliases_first = workspace->aliases_first,
      .is_strict = workspace->is_strict,
  };
  vs_status status = vs_plan_query(&context, query, annotations, ret_plan, err);
  vs_snapshot_unref(snapshot);
  return status;
}

static vs_status name_taken(const struct vs_object *object, struct vs_ident name, struct vs_error *err) {
  bool is_same = object->owner_label.size == 0;
  vs_status status = vs_fail(err, VS_CODE_NAME_TAKEN, name.span, "%.*s exists already%s%.*s", VS_STR_ARG(name.text),
                             is_same ? "" : ", created by ", VS_STR_ARG(object->owner_label));
  return vs_fail_hint(err, status, "write CREATE OR REPLACE, DROP it first, or choose another name");
}

vs_status vs_workspace_admit(const struct vs_workspace *workspace, struct vs_ident name, bool or_replace,
                             bool *ret_exists, struct vs_error *err) {
  struct vs_snapshot *snapshot = vs_catalog_current(workspace->catalog);
  const struct vs_object *object = vs_snapshot_find(snapshot, name.text);
  vs_status status = VS_OK;
  *ret_exists = object != NULL;
  /* A cell may redefine what it owns; within one check the former objects are gone, so a second definition shows. */
  bool is_own =
      object && workspace->owner.size && !workspace->is_scratch && vs_str_equal(object->owner, workspace->owner);
  if (object && object->is != VS_OBJECT_IS_RESULT && !is_own && !or_replace) status = name_taken(object, name, err);
  vs_snapshot_unref(snapshot);
  return status;
}

static bool copy_str(struct vs_arena *arena, struct vs_str from, struct vs_str *ret_to) {
  const char *copy = vs_arena_copy(arena, from.data ? from.data : "", from.size);
  *ret_to = (struct vs_str){copy, from.size};
  return copy != NULL;
}

static vs_status make_object(struct vs_making *making, const struct vs_workspace *workspace, struct vs_str name,
                             vs_object_is is, struct vs_error *err) {
  VS_TRY(vs_change_arena(making->change, &making->arena, err));
  struct vs_object *object = VS_ARENA_NEW(making->arena, struct vs_object);
  if (!object || !copy_str(making->arena, name, &object->name) ||
      !copy_str(making->arena, workspace->owner, &object->owner) ||
      !copy_str(making->arena, workspace->owner_label, &object->owner_label))
    return vs_fail_memory(err);
  object->is = is;
  object->version = ++workspace->engine->object_version;
  object->definition = VS_STR("");
  object->time_column = -1;
  object->is_bounded = true;
  making->object = object;
  return VS_OK;
}

vs_status vs_making_begin(const struct vs_workspace *workspace, struct vs_str name, vs_object_is is,
                          struct vs_making *ret_making, struct vs_error *err) {
  struct vs_making making = {0};
  VS_TRY(vs_change_begin(workspace->catalog, &making.change, err));
  vs_status status = make_object(&making, workspace, name, is, err);
  if (status != VS_OK)
    vs_change_drop(making.change);
  else
    *ret_making = making;
  return status;
}

vs_status vs_making_publish(struct vs_making *making, struct vs_error *err) {
  vs_status status = vs_change_put(making->change, making->object, err);
  if (status != VS_OK)
    vs_change_drop(making->change);
  else
    status = vs_change_publish(making->change, err);
  making->change = NULL;
  return status;
}

void vs_making_drop(struct vs_making *making) {
  vs_change_drop(making->change);
  making->change = NULL;
}
