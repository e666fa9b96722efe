/* SPDX-License-Identifier: Apache-2.0
 * CREATE. A declaration is done at once. CREATE STREAM s AS q is registered at once and shows five rows by a short run
 * of its own; with a sink it runs to the end of its input, as CREATE TABLE t AS q does, which keeps the rows. */
#include "engine/runtime/run.h"
#include <stdio.h>

static const char *kind_word(const struct vs_create *create) {
  return create->kind == VS_OBJECT_TABLE ? "table" : create->kind == VS_OBJECT_VIEW ? "view" : "stream";
}

/* ---- what is said about an object ---- */

static void note_object(struct vs_run *run, const char *kind, const struct vs_schema *schema, struct vs_str time,
                        const char *end) {
  struct vs_str name = run->statement->as.create->name.text;
  vs_run_note(run, "%s %.*s: %u column%s, %s%.*s, %s", kind, VS_STR_ARG(name), schema->shown_count,
              schema->shown_count == 1 ? "" : "s", time.size ? "event time " : "no event time", VS_STR_ARG(time), end);
}

static vs_status list_schema(struct vs_run *run, const struct vs_schema *schema, struct vs_error *err) {
  vs_list_init(&run->list, "column|type", &run->arena);
  for (uint32_t i = 0; i < schema->shown_count; i++) {
    char type[32];
    vs_type_print(schema->fields[i].type, type);
    vs_list_add(&run->list, (struct vs_str[]){schema->fields[i].name, vs_str_of(type)});
  }
  return vs_list_check(&run->list, err);
}

/* ---- previews ---- */

/* The preview reads a plan of its own, changed before it starts so that it ends: no pacing, no waiting for more. */
static void hurry(struct vs_plan *plan) {
  for (struct vs_node *node = plan->root; node; node = node->input) {
    if (node->is != VS_NODE_SCAN) continue;
    node->as.scan.endpoint.replay_speed = 0;
    node->as.scan.endpoint.watch = false;
  }
}

static vs_status preview(struct vs_run *run, struct vs_error *err) {
  if (run->options.without_preview) return VS_OK;
  hurry(run->plan);
  VS_TRY(vs_result_new(run->plan, run->engine->env, &run->result, err));
  run->tap_count = 0; /* the caller's taps are for rows a statement emits; a preview emits none */
  vs_run_add_tap(run, vs_result_tap(run->result));
  run->is_preview = true;
  return vs_run_start_job(run, err);
}

/* ---- CREATE STREAM ---- */

static vs_status publish_view(struct vs_run *run, struct vs_error *err) {
  return vs_creation_publish(&run->creation, &run->workspace, NULL, err);
}

static vs_status publish_stream(struct vs_run *run, struct vs_error *err) {
  VS_TRY(publish_view(run, err));
  return vs_run_keep_asides(run, run->statement->as.create->name.text, err);
}

static vs_status start_sink(struct vs_run *run, struct vs_error *err) {
  if (!run->plan->root->is_bounded) {
    vs_status status =
        vs_fail(err, VS_CODE_NOT_BOUNDED, run->statement->as.create->name.span,
                "%.*s would write for ever: its input has no end", VS_STR_ARG(run->statement->as.create->name.text));
    return vs_fail_hint(err, status,
                        "write SELECT ... INTO as a cell of its own, which can be interrupted, or add LIMIT");
  }
  VS_TRY(vs_result_new(run->plan, run->engine->env, &run->result, err));
  vs_run_add_tap(run, vs_result_tap(run->result));
  run->publish = publish_stream;
  return vs_run_start_job(run, err);
}

static vs_status start_stream(struct vs_run *run, struct vs_error *err) {
  const struct vs_node *root = run->plan->root;
  note_object(run, kind_word(run->creation.create), root->schema, run->plan->event_time,
              root->is_bounded ? "bounded" : "unbounded");
  VS_TRY(list_schema(run, root->schema, err));
  if (run->plan->sink) return start_sink(run, err);
  VS_TRY(publish_view(run, err));
  return preview(run, err);
}

/* ---- CREATE TABLE ---- */

static int key_column(const struct vs_create *create, const struct vs_schema *schema, uint32_t index) {
  if (index < create->primary_key.count) return vs_schema_find(schema, create->primary_key.items[index].text);
  index -= create->primary_key.count;
  for (uint32_t i = 0; i < create->column_count; i++)
    if (create->columns[i].is_primary_key && index-- == 0) return (int)i;
  const struct vs_query *query = create->query;
  for (uint32_t i = 0; query && query->kind == VS_QUERY_SELECT && i < query->select.item_count; i++)
    if (query->select.items[i].is_primary_key && index-- == 0) return (int)i < (int)schema->shown_count ? (int)i : -1;
  return -1;
}

/* A PRIMARY KEY makes the table keep the newest row per key: the fold does that when the plan says the key. */
static vs_status apply_key(struct vs_run *run, struct vs_error *err) {
  struct vs_fold_plan *fold = &run->plan->fold;
  uint32_t *keys = VS_ARENA_ARRAY(&run->arena, uint32_t, run->plan->root->schema->shown_count + 1);
  uint32_t count = 0;
  if (!keys) return vs_fail_memory(err);
  for (; count < run->plan->root->schema->shown_count; count++) {
    int column = key_column(run->creation.create, run->plan->root->schema, count);
    if (column < 0) break;
    keys[count] = (uint32_t)column;
  }
  if (count) {
    fold->is_keyed = true;
    fold->key_columns = keys;
    fold->key_count = count;
  }
  return VS_OK;
}

static vs_status publish_table(struct vs_run *run, struct vs_error *err) {
  if (run->plan->fold.is_keyed) VS_TRY(vs_result_rows(run->result, &run->engine->memory, &run->table, err));
  if (!run->table) VS_TRY(vs_rows_new(run->plan->root->schema, &run->engine->memory, &run->table, err));
  VS_TRY(vs_creation_publish(&run->creation, &run->workspace, run->table, err));
  char end[48];
  snprintf(end, sizeof end, "%llu rows", (unsigned long long)vs_rows_count(run->table));
  note_object(run, "table", run->plan->root->schema, VS_STR(""), end);
  return vs_run_keep_asides(run, run->statement->as.create->name.text, err);
}

static vs_status start_table(struct vs_run *run, struct vs_error *err) {
  VS_TRY(list_schema(run, run->plan->root->schema, err));
  VS_TRY(apply_key(run, err));
  VS_TRY(vs_result_new(run->plan, run->engine->env, &run->result, err));
  vs_run_add_tap(run, vs_result_tap(run->result));
  if (!run->plan->fold.is_keyed) {
    struct vs_tap *tap;
    VS_TRY(vs_table_tap_new(&run->table, &run->engine->memory, &run->arena, &tap, err));
    vs_run_add_tap(run, tap);
  }
  run->publish = publish_table;
  return vs_run_start_job(run, err);
}

/* ---- all forms ---- */

static vs_status start_declaration(struct vs_run *run, struct vs_error *err) {
  const struct vs_create *create = run->statement->as.create;
  VS_TRY(vs_declaration_publish(&run->workspace, run->statement, err));
  struct vs_snapshot *snapshot = vs_catalog_current(run->engine->catalog);
  const struct vs_object *object = vs_snapshot_find(snapshot, create->name.text);
  note_object(run, kind_word(create), object->schema, object->event_time, object->is_bounded ? "bounded" : "unbounded");
  vs_status status = list_schema(run, object->schema, err);
  vs_snapshot_unref(snapshot);
  return status;
}

vs_status vs_run_create_start(struct vs_run *run, struct vs_error *err) {
  const struct vs_create *create = run->statement->as.create;
  bool exists;
  vs_status status =
      vs_workspace_admit(&run->workspace, create->name, create->or_replace || create->if_not_exists, &exists, err);
  if (status != VS_OK) return status;
  if (exists && create->if_not_exists) {
    vs_run_note(run, "%s %.*s exists already: left as it is", kind_word(create), VS_STR_ARG(create->name.text));
    run->kind = VS_RUN_NOTHING;
    return VS_OK;
  }
  if (!create->query) return start_declaration(run, err);
  VS_TRY(vs_creation_bind(&run->creation, &run->workspace, run->statement, &run->annotations, &run->arena, err));
  run->plan = run->creation.plan;
  for (uint32_t i = 0; i < run->plan->warning_count; i++)
    vs_run_warn_error(run, &run->plan->warnings[i]);
  return create->kind == VS_OBJECT_TABLE ? start_table(run, err) : start_stream(run, err);
}
