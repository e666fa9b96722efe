/* SPDX-License-Identifier: Apache-2.0
 * DROP STREAM | TABLE | VIEW. */
#include "engine/base/suggest.h"
#include "engine/runtime/run.h"

static vs_status not_there(const struct vs_snapshot *snapshot, struct vs_ident name, struct vs_error *err) {
  struct vs_suggest suggest;
  char near[128];
  vs_suggest_init(&suggest, name.text);
  for (uint32_t i = 0; i < vs_snapshot_count(snapshot); i++)
    vs_suggest_offer(&suggest, vs_snapshot_at(snapshot, i)->name);
  vs_status status =
      vs_fail(err, VS_CODE_UNKNOWN_TABLE, name.span, "there is nothing named %.*s to drop", VS_STR_ARG(name.text));
  return suggest.count
             ? vs_fail_hint(err, status, "%s", vs_suggest_print(&suggest, near, sizeof near))
             : vs_fail_hint(err, status, "SHOW STREAMS and SHOW TABLES list what there is; DROP ... IF EXISTS");
}

static const char *word_of(vs_object_is is) {
  return is == VS_OBJECT_IS_TABLE ? "TABLE" : is == VS_OBJECT_IS_RESULT ? "TABLE" : "STREAM";
}

static vs_status check_kind(const struct vs_object *object, vs_object_kind kind, struct vs_ident name,
                            struct vs_error *err) {
  bool is_table = object->is == VS_OBJECT_IS_TABLE || object->is == VS_OBJECT_IS_RESULT;
  if ((kind == VS_OBJECT_TABLE) == is_table || object->is == VS_OBJECT_IS_SOURCE) return VS_OK;
  vs_status status = vs_fail(err, VS_CODE_UNKNOWN_TABLE, name.span, "%.*s is a %s", VS_STR_ARG(name.text),
                             is_table ? "table" : "stream");
  return vs_fail_hint(err, status, "write DROP %s %.*s", word_of(object->is), VS_STR_ARG(name.text));
}

static vs_status drop(struct vs_run *run, struct vs_str name, struct vs_error *err) {
  struct vs_change *change;
  VS_TRY(vs_change_begin(run->engine->catalog, &change, err));
  vs_change_remove(change, name);
  return vs_change_publish(change, err);
}

vs_status vs_run_drop_start(struct vs_run *run, struct vs_error *err) {
  vs_object_kind kind = run->statement->as.drop.kind;
  struct vs_ident name = run->statement->as.drop.name;
  if (kind == VS_OBJECT_JOB) return vs_fail(err, VS_CODE_NOT_YET, run->statement->span, "DROP JOB does not run yet");
  struct vs_snapshot *snapshot = vs_catalog_current(run->engine->catalog);
  const struct vs_object *object = vs_snapshot_find(snapshot, name.text);
  vs_status status = VS_OK;
  if (object)
    status = check_kind(object, kind, name, err);
  else if (!run->statement->as.drop.if_exists)
    status = not_there(snapshot, name, err);
  if (status == VS_OK && object) {
    vs_run_note(run, "dropped %.*s", VS_STR_ARG(object->name));
    status = drop(run, object->name, err);
  } else if (status == VS_OK) {
    vs_run_note(run, "there is no %.*s", VS_STR_ARG(name.text));
  }
  vs_snapshot_unref(snapshot);
  return status;
}
