/* SPDX-License-Identifier: Apache-2.0
 * Results that outlive their run: the rows a SELECT showed last, named _, _<n> and @name in the catalogue, with what
 * charts need to know about them. Within results.limit together; the oldest go first, with a note. */
#include "engine/runtime/kept.h"
#include "engine/base/suggest.h"
#include "engine/runtime/run.h"
#include <stdio.h>

static vs_status copy_str(struct vs_arena *arena, struct vs_str *str, struct vs_error *err) {
  if (!str->data) return VS_OK;
  str->data = vs_arena_copy(arena, str->data, str->size);
  return str->data ? VS_OK : vs_fail_memory(err);
}

/* The alert's tree dies with the run; charts need its words and its column only. */
static vs_status copy_alert(struct vs_arena *arena, const struct vs_alert_plan *from, struct vs_alert_plan *to,
                            struct vs_error *err) {
  struct vs_alert *alert = VS_ARENA_NEW(arena, struct vs_alert);
  if (!alert) return vs_fail_memory(err);
  *alert = *from->alert;
  alert->condition = NULL;
  *to = *from;
  to->alert = alert;
  VS_TRY(copy_str(arena, &alert->name, err));
  VS_TRY(copy_str(arena, &alert->condition_text, err));
  return copy_str(arena, &alert->severity, err);
}

static vs_status copy_facts(struct vs_kept *kept, const struct vs_run *run, struct vs_error *err) {
  const struct vs_plan *plan = run->plan;
  struct vs_alert_plan *alerts = VS_ARENA_ARRAY(&kept->arena, struct vs_alert_plan, plan->alert_count + 1);
  if (!alerts) return vs_fail_memory(err);
  for (uint32_t i = 0; i < plan->alert_count; i++)
    VS_TRY(copy_alert(&kept->arena, &plan->alerts[i], &alerts[i], err));
  kept->facts.alerts = alerts;
  kept->facts.alert_count = plan->alert_count;
  kept->facts.has_aggregate = plan->has_aggregate;
  kept->facts.viz = run->annotations.viz;
  struct vs_str *texts[] = {&kept->facts.viz.mark, &kept->facts.viz.title, &kept->facts.viz.x, &kept->facts.viz.y,
                            &kept->facts.viz.color};
  for (uint32_t i = 0; i < VS_COUNT_OF(texts); i++)
    VS_TRY(copy_str(&kept->arena, texts[i], err));
  return VS_OK;
}

static void free_kept(struct vs_engine *engine, struct vs_kept *kept) {
  vs_rows_unref(kept->rows);
  vs_arena_release(&kept->arena);
  vs_memory_free(&engine->memory, kept, sizeof *kept);
}

void vs_kept_free_all(struct vs_engine *engine) {
  while (engine->kept) {
    struct vs_kept *next = engine->kept->next;
    free_kept(engine, engine->kept);
    engine->kept = next;
  }
}

static vs_status new_kept(struct vs_run *run, struct vs_kept **ret_kept, struct vs_error *err) {
  struct vs_engine *engine = run->engine;
  struct vs_kept *kept = vs_memory_alloc(&engine->memory, sizeof *kept);
  if (!kept) return vs_fail_memory(err);
  *kept = (struct vs_kept){.facts = {.version = ++engine->kept_version}};
  vs_arena_init(&kept->arena, &engine->memory, (size_t)1 << 20);
  vs_status status = copy_facts(kept, run, err);
  if (status == VS_OK) status = vs_result_rows(run->result, &engine->memory, &kept->rows, err);
  if (status != VS_OK) {
    free_kept(engine, kept);
    return status;
  }
  *ret_kept = kept;
  return VS_OK;
}

/* ---- names ---- */

static vs_status put_name(struct vs_run *run, const struct vs_kept *kept, struct vs_str name, bool is_own,
                          struct vs_error *err) {
  struct vs_workspace workspace = run->workspace;
  struct vs_making making;
  if (!is_own) workspace.owner = workspace.owner_label = VS_STR("");
  VS_TRY(vs_making_begin(&workspace, name, VS_OBJECT_IS_RESULT, &making, err));
  making.object->rows = kept->rows;
  making.object->schema = vs_rows_schema(kept->rows);
  making.object->is_partial = kept->facts.is_partial;
  making.object->time_column = vs_schema_find_role(making.object->schema, VS_ROLE_TIME);
  return vs_making_publish(&making, err);
}

static bool is_named(const struct vs_snapshot *snapshot, const struct vs_rows *rows) {
  for (uint32_t i = 0; i < vs_snapshot_count(snapshot); i++)
    if (vs_snapshot_at(snapshot, i)->rows == rows) return true;
  return false;
}

/* Lets go of results whose every name now means something else. */
static size_t drop_unnamed(struct vs_engine *engine) {
  struct vs_snapshot *snapshot = vs_catalog_current(engine->catalog);
  size_t bytes = 0;
  for (struct vs_kept **link = &engine->kept; *link;) {
    struct vs_kept *kept = *link;
    if (is_named(snapshot, kept->rows)) {
      bytes += vs_rows_bytes(kept->rows);
      link = &kept->next;
    } else {
      *link = kept->next;
      free_kept(engine, kept);
    }
  }
  vs_snapshot_unref(snapshot);
  return bytes;
}

static vs_status remove_names(struct vs_run *run, const struct vs_rows *rows, struct vs_error *err) {
  struct vs_change *change;
  struct vs_snapshot *snapshot = vs_catalog_current(run->engine->catalog);
  vs_status status = vs_change_begin(run->engine->catalog, &change, err);
  for (uint32_t i = 0; status == VS_OK && i < vs_snapshot_count(snapshot); i++) {
    const struct vs_object *object = vs_snapshot_at(snapshot, i);
    if (object->rows != rows) continue;
    vs_run_warn(run, "result %.*s was freed: results.limit is reached", VS_STR_ARG(object->name));
    vs_change_remove(change, object->name);
  }
  vs_snapshot_unref(snapshot);
  return status == VS_OK ? vs_change_publish(change, err) : status;
}

/* The number of `_12`; 0 for any other name. */
static uint64_t number_of(struct vs_str name) {
  uint64_t number = 0;
  for (size_t i = 1; i < name.size && name.data[i] != '.'; i++) { /* also _12.failed */
    if (name.data[i] < '0' || name.data[i] > '9' || i > 18) return 0;
    number = number * 10 + (uint64_t)(name.data[i] - '0');
  }
  return name.size > 1 && name.data[0] == '_' ? number : 0;
}

/* A long session of small results would never reach the limit in bytes and still grow without end. */
static vs_status forget_old_numbers(struct vs_run *run, struct vs_error *err) {
  uint64_t count = (uint64_t)vs_engine_integer(run->engine, "results.count");
  struct vs_change *change;
  VS_TRY(vs_change_begin(run->engine->catalog, &change, err));
  struct vs_snapshot *snapshot = vs_catalog_current(run->engine->catalog);
  for (uint32_t i = 0; i < vs_snapshot_count(snapshot); i++) {
    const struct vs_object *object = vs_snapshot_at(snapshot, i);
    uint64_t number = object->is == VS_OBJECT_IS_RESULT ? number_of(object->name) : 0;
    if (number && number + count <= run->options.execution_count) vs_change_remove(change, object->name);
  }
  vs_snapshot_unref(snapshot);
  return vs_change_publish(change, err);
}

static vs_status keep_within_limit(struct vs_run *run, struct vs_error *err) {
  size_t limit = (size_t)vs_engine_integer(run->engine, "results.limit") << 20;
  while (drop_unnamed(run->engine) > limit && run->engine->kept->next)
    VS_TRY(remove_names(run, run->engine->kept->rows, err));
  return VS_OK;
}

static void link_kept(struct vs_engine *engine, struct vs_kept *kept) {
  struct vs_kept **last = &engine->kept;
  while (*last)
    last = &(*last)->next;
  *last = kept;
}

/* ---- rows set aside ---- */

/* Publishing <name> took away what the query before had set aside under it. */
static vs_status put_aside_name(struct vs_run *run, const struct vs_kept *kept, struct vs_str base, const char *what,
                                bool is_own, struct vs_error *err) {
  const char *text = vs_arena_printf(&run->arena, "%.*s.%s", VS_STR_ARG(base), what);
  return text ? put_name(run, kept, vs_str_of(text), is_own, err) : vs_fail_memory(err);
}

static vs_status new_aside(struct vs_run *run, const struct vs_aside *older, const struct vs_aside *newer,
                           struct vs_kept **ret_kept, struct vs_error *err) {
  struct vs_engine *engine = run->engine;
  *ret_kept = NULL;
  if (!newer->count) return VS_OK;
  struct vs_kept *kept = vs_memory_alloc(&engine->memory, sizeof *kept);
  if (!kept) return vs_fail_memory(err);
  *kept = (struct vs_kept){.facts = {.version = ++engine->kept_version}};
  vs_arena_init(&kept->arena, &engine->memory, 0);
  vs_status status = vs_aside_rows(older, newer, &engine->memory, &kept->rows, err);
  if (status != VS_OK) {
    free_kept(engine, kept);
    return status;
  }
  link_kept(engine, kept);
  *ret_kept = kept;
  return VS_OK;
}

struct naming {
  struct vs_str shared[2]; /* _ and _<n>; size 0: none */
  struct vs_str own;       /* size 0: none */
};

static vs_status keep_aside(struct vs_run *run, const struct vs_aside *older, const struct vs_aside *newer,
                            const struct naming *naming, const char *what, struct vs_error *err) {
  struct vs_kept *kept;
  VS_TRY(new_aside(run, older, newer, &kept, err));
  if (!kept) return VS_OK;
  for (uint32_t i = 0; i < VS_COUNT_OF(naming->shared); i++)
    if (naming->shared[i].size) VS_TRY(put_aside_name(run, kept, naming->shared[i], what, false, err));
  return naming->own.size ? put_aside_name(run, kept, naming->own, what, true, err) : VS_OK;
}

static vs_status keep_asides(struct vs_run *run, const struct naming *naming, struct vs_error *err) {
  static const struct vs_aside none = {0};
  const struct vs_aside *failed;
  const struct vs_late_rows *late;
  if (!run->job) return VS_OK;
  vs_job_aside(run->job, &failed, &late);
  if (failed->arena.is_failed) vs_run_warn(run, "out of memory: not every failed row was kept to be read");
  if (late->is_short) vs_run_warn(run, "out of memory: not every late row was kept to be read");
  VS_TRY(keep_aside(run, &none, failed, naming, "failed", err));
  return keep_aside(run, &late->older, &late->newer, naming, "late", err);
}

vs_status vs_run_keep_asides(struct vs_run *run, struct vs_str name, struct vs_error *err) {
  const struct naming naming = {.own = name};
  VS_TRY(keep_asides(run, &naming, err));
  return keep_within_limit(run, err);
}

vs_status vs_run_keep_result(struct vs_run *run, struct vs_error *err) {
  struct vs_kept *kept = NULL;
  struct vs_arena arena;
  struct vs_result_view view;
  char number[16];
  VS_TRY(new_kept(run, &kept, err));
  link_kept(run->engine, kept);
  vs_arena_init(&arena, &run->engine->memory, 0);
  vs_status status = vs_result_copy(run->result, 0, 0, 0, &arena, &view, err);
  if (status == VS_OK) kept->facts.is_partial = view.totals.dropped > 0;
  vs_arena_release(&arena);
  VS_TRY(status);
  struct naming naming = {.shared = {VS_STR("_")}, .own = run->annotations.name};
  snprintf(number, sizeof number, "_%u", run->options.execution_count);
  if (run->options.execution_count) naming.shared[1] = vs_str_of(number);
  for (uint32_t i = 0; i < VS_COUNT_OF(naming.shared); i++)
    if (naming.shared[i].size) VS_TRY(put_name(run, kept, naming.shared[i], false, err));
  if (naming.own.size) VS_TRY(put_name(run, kept, naming.own, true, err));
  VS_TRY(keep_asides(run, &naming, err));
  if (run->options.execution_count) VS_TRY(forget_old_numbers(run, err));
  return keep_within_limit(run, err);
}

/* ---- reading them ---- */

static const struct vs_kept *kept_of_rows(const struct vs_engine *engine, const struct vs_rows *rows) {
  for (const struct vs_kept *kept = engine->kept; kept; kept = kept->next)
    if (kept->rows == rows) return kept;
  return NULL;
}

static vs_status fail_unknown(const struct vs_snapshot *snapshot, struct vs_str name, struct vs_error *err) {
  struct vs_suggest suggest;
  char nearest[160];
  vs_suggest_init(&suggest, name);
  vs_suggest_offer(&suggest, VS_STR("last"));
  for (uint32_t i = 0; i < vs_snapshot_count(snapshot); i++)
    if (vs_snapshot_at(snapshot, i)->rows) vs_suggest_offer(&suggest, vs_snapshot_at(snapshot, i)->name);
  vs_status status =
      vs_fail(err, VS_CODE_NOTHING_TO_SHOW, VS_NO_SPAN, "there is no result or table named %.*s", VS_STR_ARG(name));
  if (suggest.count) return vs_fail_hint(err, status, "%s", vs_suggest_print(&suggest, nearest, sizeof nearest));
  return vs_fail_hint(err, status, "name one with -- @name: %.*s in front of a SELECT", VS_STR_ARG(name));
}

vs_status vs_engine_kept(struct vs_engine *engine, struct vs_str name, struct vs_kept_result *ret_kept,
                         struct vs_error *err) {
  struct vs_snapshot *snapshot = vs_catalog_current(engine->catalog);
  const struct vs_object *object = vs_snapshot_find(snapshot, name.size ? name : VS_STR("_"));
  vs_status status = VS_OK;
  if (!object && vs_str_equal_nocase(name, VS_STR("last"))) {
    name = VS_STR("_");
    object = vs_snapshot_find(snapshot, name);
  }
  if (object && object->rows) {
    const struct vs_kept *kept = kept_of_rows(engine, object->rows);
    struct vs_kept_result result = kept ? kept->facts : (struct vs_kept_result){.version = object->version};
    result.env = engine->env;
    result.rows = object->rows;
    result.schema = vs_rows_schema(object->rows);
    *ret_kept = result;
  } else if (name.size && !vs_str_equal(name, VS_STR("_"))) {
    status = fail_unknown(snapshot, name, err);
  } else {
    status = vs_fail(err, VS_CODE_NOTHING_TO_SHOW, VS_NO_SPAN, "there is no result yet");
    status = vs_fail_hint(err, status, "run a SELECT first");
  }
  vs_snapshot_unref(snapshot);
  return status;
}

/* ---- the rows as one batch ---- */

struct picking {
  struct vs_batch *batch;
  struct vs_arena *arena;
  uint64_t total, seen; /* rows there are, rows looked at */
  uint32_t wanted;
};

static vs_status pick(void *context, const struct vs_batch *from, struct vs_error *err) {
  struct picking *picking = context;
  struct vs_batch *to = picking->batch;
  for (uint32_t i = 0; i < from->selected_count && to->row_count < picking->wanted; i++) {
    uint32_t row = from->selection ? from->selection[i] : i;
    if (picking->seen++ < (uint64_t)to->row_count * picking->total / picking->wanted) continue;
    for (uint32_t column = 0; column < to->schema->field_count; column++)
      if (from->columns[column].data)
        VS_TRY(
            vs_vector_copy_row(&to->columns[column], to->row_count, &from->columns[column], row, picking->arena, err));
    to->row_count++;
  }
  return VS_OK;
}

vs_status vs_kept_each(const struct vs_kept_result *kept, vs_kept_visit *visit, void *context, struct vs_error *err) {
  struct vs_source_reader *reader;
  struct vs_row_errors errors = {0};
  struct vs_batch batch;
  vs_poll poll = VS_POLL_ROWS;
  vs_status status = VS_OK;
  int64_t wait_us;
  VS_TRY(vs_rows_open(kept->rows, kept->env, &reader, err));
  while (status == VS_OK && poll != VS_POLL_END) {
    status = reader->ops->poll(reader, &errors, &batch, &poll, &wait_us, err);
    if (status == VS_OK && poll == VS_POLL_ROWS) status = visit(context, &batch, err);
  }
  reader->ops->close(reader);
  return status;
}

vs_status vs_kept_batch(const struct vs_kept_result *kept, uint32_t limit, struct vs_arena *arena,
                        struct vs_batch *ret_batch, struct vs_error *err) {
  struct vs_rows *rows = kept->rows;
  struct vs_batch batch;
  uint32_t wanted = (uint32_t)VS_MIN(vs_rows_count(rows), (uint64_t)limit);
  VS_TRY(vs_batch_init(&batch, vs_rows_schema(rows), VS_MAX(wanted, 1u), arena, err));
  for (uint32_t i = 0; i < batch.schema->field_count; i++)
    if (!vs_vector_validity(&batch.columns[i], VS_MAX(wanted, 1u), arena)) return vs_fail_memory(err);
  batch.row_count = 0;
  struct picking picking = {&batch, arena, vs_rows_count(rows), 0, wanted};
  VS_TRY(vs_kept_each(kept, pick, &picking, err));
  batch.selected_count = batch.row_count;
  batch.selection = NULL;
  *ret_batch = batch;
  return VS_OK;
}
