/* SPDX-License-Identifier: Apache-2.0
 * SHOW and DESCRIBE: lists made from the catalogue, the function rows and the settings. */
#include "engine/base/suggest.h"
#include "engine/runtime/run.h"
#include <ctype.h>
#include <stdio.h>

/* LIKE over names: % any text, _ one character, case ignored. */
static bool matches(struct vs_str pattern, struct vs_str name) {
  if (!pattern.size) return !name.size;
  struct vs_str rest = {pattern.data + 1, pattern.size - 1};
  if (pattern.data[0] == '%') {
    for (size_t skip = 0; skip <= name.size; skip++)
      if (matches(rest, (struct vs_str){name.data + skip, name.size - skip})) return true;
    return false;
  }
  bool is_same = name.size && (pattern.data[0] == '_' ||
                               toupper((unsigned char)pattern.data[0]) == toupper((unsigned char)name.data[0]));
  return is_same && matches(rest, (struct vs_str){name.data + 1, name.size - 1});
}

static bool is_wanted(const struct vs_run *run, struct vs_str name) {
  return run->statement->kind != VS_STATEMENT_SHOW || !run->statement->as.show.has_like ||
         matches(run->statement->as.show.like, name);
}

static struct vs_str print_number(uint64_t number, char ret_text[24]) {
  return (struct vs_str){ret_text, (size_t)snprintf(ret_text, 24, "%llu", (unsigned long long)number)};
}

/* ---- objects ---- */

static bool is_table(const struct vs_object *object) {
  return object->is == VS_OBJECT_IS_TABLE || object->is == VS_OBJECT_IS_RESULT;
}

static const char *object_word(const struct vs_object *object) {
  switch (object->is) {
  case VS_OBJECT_IS_SOURCE: return "source";
  case VS_OBJECT_IS_VIEW: return "stream";
  case VS_OBJECT_IS_TABLE: return "table";
  case VS_OBJECT_IS_RESULT: return object->is_partial ? "result, partial" : "result";
  }
  return "";
}

static struct vs_str time_name(const struct vs_object *object) {
  return object->time_column >= 0 ? object->schema->fields[object->time_column].name : object->event_time;
}

static vs_status show_objects(struct vs_run *run, bool tables, struct vs_error *err) {
  struct vs_snapshot *snapshot = vs_catalog_current(run->engine->catalog);
  vs_list_init(&run->list,
               tables ? "name|kind|columns|rows|created by" : "name|kind|columns|event time|input|created by",
               &run->arena);
  for (uint32_t i = 0; i < vs_snapshot_count(snapshot); i++) {
    const struct vs_object *object = vs_snapshot_at(snapshot, i);
    char columns[24], rows[24];
    if (is_table(object) != tables || !is_wanted(run, object->name)) continue;
    struct vs_str kind = vs_str_of(object_word(object)), count = print_number(object->schema->shown_count, columns);
    if (tables)
      vs_list_add(&run->list, (struct vs_str[]){object->name, kind, count,
                                                print_number(object->rows ? vs_rows_count(object->rows) : 0, rows),
                                                object->owner_label});
    else
      vs_list_add(&run->list,
                  (struct vs_str[]){object->name, kind, count, object->event_time,
                                    vs_str_of(object->is_bounded ? "bounded" : "unbounded"), object->owner_label});
  }
  vs_snapshot_unref(snapshot);
  return vs_list_check(&run->list, err);
}

static vs_status unknown_object(const struct vs_snapshot *snapshot, struct vs_str name, struct vs_span span,
                                struct vs_error *err) {
  struct vs_suggest suggest;
  char near[128];
  vs_suggest_init(&suggest, name);
  for (uint32_t i = 0; i < vs_snapshot_count(snapshot); i++)
    vs_suggest_offer(&suggest, vs_snapshot_at(snapshot, i)->name);
  vs_status status =
      vs_fail(err, VS_CODE_UNKNOWN_TABLE, span, "there is no stream, table or result named %.*s", VS_STR_ARG(name));
  return suggest.count ? vs_fail_hint(err, status, "%s", vs_suggest_print(&suggest, near, sizeof near))
                       : vs_fail_hint(err, status, "SHOW STREAMS and SHOW TABLES list what there is");
}

/* "event time, in microseconds": the unit matters where the time is a number. */
static struct vs_str role_of(const struct vs_object *object, uint32_t column, char ret_text[64]) {
  const struct vs_field *field = &object->schema->fields[column];
  if ((int)column == object->time_column && object->is == VS_OBJECT_IS_SOURCE && field->type.id == VS_TYPE_INTEGER)
    return (struct vs_str){
        ret_text, (size_t)snprintf(ret_text, 64, "event time, in %s", vs_epoch_unit_name(object->endpoint.time_unit))};
  if ((int)column == object->time_column) return VS_STR("event time");
  switch (field->role) {
  case VS_ROLE_KEY: return VS_STR("key");
  case VS_ROLE_WINDOW_START: return VS_STR("window start");
  case VS_ROLE_WINDOW_END: return VS_STR("window end");
  case VS_ROLE_TIME: return VS_STR("time");
  case VS_ROLE_NONE:
  case VS_ROLE_MEASURE:
  case VS_ROLE_ALERT: return VS_STR("");
  }
  return VS_STR("");
}

static void note_object(struct vs_run *run, const struct vs_object *object) {
  struct vs_str time = time_name(object);
  vs_run_note(run, "%s %.*s: %u column%s, %s%.*s, %s", object_word(object), VS_STR_ARG(object->name),
              object->schema->shown_count, object->schema->shown_count == 1 ? "" : "s",
              time.size ? "event time " : "no event time", VS_STR_ARG(time),
              object->is_bounded ? "bounded" : "unbounded");
}

static void describe_object(struct vs_run *run, const struct vs_object *object) {
  vs_list_init(&run->list, "column|type|role", &run->arena);
  for (uint32_t i = 0; i < object->schema->shown_count; i++) {
    char type[32], role[64];
    vs_type_print(object->schema->fields[i].type, type);
    vs_list_add(&run->list,
                (struct vs_str[]){object->schema->fields[i].name, vs_str_of(type), role_of(object, i, role)});
  }
  note_object(run, object);
}

static void add_property(struct vs_run *run, const char *key, struct vs_str value) {
  vs_list_add(&run->list, (struct vs_str[]){vs_str_of(key), value});
}

static void list_properties(struct vs_run *run, const struct vs_object *object) {
  vs_list_init(&run->list, "property|value", &run->arena);
  add_property(run, "kind", vs_str_of(object_word(object)));
  add_property(run, "definition", object->definition);
  add_property(run, "created by", object->owner_label);
  add_property(run, "input", vs_str_of(object->is_bounded ? "bounded" : "unbounded"));
  add_property(run, "event time", object->event_time);
  if (object->is != VS_OBJECT_IS_SOURCE) return;
  const struct vs_endpoint *endpoint = &object->endpoint;
  char delay[32];
  snprintf(delay, sizeof delay, "%lld ms", (long long)(endpoint->watermark_delay_us / 1000));
  add_property(run, "path", endpoint->path);
  add_property(run, "format", vs_str_of(endpoint->format->name));
  add_property(run, "watch", vs_str_of(endpoint->watch ? "true" : "false"));
  add_property(run, "watermark.max_out_of_orderness", vs_str_of(delay));
}

static vs_status with_object(struct vs_run *run, struct vs_str name, struct vs_span span,
                             void (*list)(struct vs_run *run, const struct vs_object *object), struct vs_error *err) {
  struct vs_snapshot *snapshot = vs_catalog_current(run->engine->catalog);
  const struct vs_object *object = vs_snapshot_find(snapshot, name);
  vs_status status = object ? VS_OK : unknown_object(snapshot, name, span, err);
  if (object) {
    list(run, object);
    status = vs_list_check(&run->list, err);
  }
  vs_snapshot_unref(snapshot);
  return status;
}

/* ---- functions ---- */

static void add_function(struct vs_run *run, const char *name, const char *signature, const char *kind,
                         const char *doc) {
  if (is_wanted(run, vs_str_of(name)))
    vs_list_add(&run->list, (struct vs_str[]){vs_str_of(name), vs_str_of(signature), vs_str_of(kind), vs_str_of(doc)});
}

static vs_status show_functions(struct vs_run *run, struct vs_error *err) {
  vs_list_init(&run->list, "name|signature|kind|what it does", &run->arena);
  for (const struct vs_aggregate_family *const *family = vs_aggregate_families(); *family; family++)
    for (uint32_t i = 0; i < (*family)->row_count; i++) {
      const struct vs_aggregate *row = &(*family)->rows[i];
      add_function(run, row->name, row->signature, "aggregate", row->doc);
    }
  for (const struct vs_scalar_family *const *family = vs_scalar_families(); *family; family++)
    for (uint32_t i = 0; i < (*family)->row_count; i++) {
      const struct vs_scalar *row = &(*family)->rows[i];
      if (!(row->flags & VS_FN_HIDDEN)) add_function(run, row->name, row->signature, "scalar", row->doc);
    }
  return vs_list_check(&run->list, err);
}

/* ---- the statement ---- */

static vs_status show_not_yet(struct vs_run *run, struct vs_error *err) {
  static const char *const words[] = {
      [VS_SHOW_TOPICS] = "TOPICS",        [VS_SHOW_JOBS] = "JOBS",       [VS_SHOW_QUERIES] = "QUERIES",
      [VS_SHOW_STATUS] = "STATUS",        [VS_SHOW_METRICS] = "METRICS", [VS_SHOW_VERSIONS] = "VERSIONS",
      [VS_SHOW_PARTITIONS] = "PARTITIONS"};
  vs_status status = vs_fail(err, VS_CODE_NOT_YET, run->statement->span, "SHOW %s does not run yet",
                             words[run->statement->as.show.what]);
  return vs_fail_hint(err, status,
                      "SHOW STREAMS, TABLES, FUNCTIONS, SCHEMA name, PROPERTIES STREAM name and DESCRIBE do");
}

static vs_status show(struct vs_run *run, struct vs_error *err) {
  struct vs_ident name = run->statement->as.show.name;
  switch (run->statement->as.show.what) {
  case VS_SHOW_STREAMS: return show_objects(run, false, err);
  case VS_SHOW_TABLES: return show_objects(run, true, err);
  case VS_SHOW_FUNCTIONS: return show_functions(run, err);
  case VS_SHOW_SCHEMA: return with_object(run, name.text, name.span, describe_object, err);
  case VS_SHOW_PROPERTIES: return with_object(run, name.text, name.span, list_properties, err);
  case VS_SHOW_TOPICS:
  case VS_SHOW_JOBS:
  case VS_SHOW_QUERIES:
  case VS_SHOW_STATUS:
  case VS_SHOW_METRICS:
  case VS_SHOW_VERSIONS:
  case VS_SHOW_PARTITIONS: return show_not_yet(run, err);
  }
  return VS_OK;
}

/* DESCRIBE 'trades.csv': a file is described as the source it would be. */
static vs_status describe_file(struct vs_run *run, struct vs_str path, struct vs_span span, struct vs_error *err) {
  struct vs_object source = {.is = VS_OBJECT_IS_SOURCE, .name = path};
  const struct vs_endpoint_request request = {
      .path = path, .span = span, .scope = path, .folders = &run->engine->folders, .env = run->engine->env};
  VS_TRY(vs_endpoint_resolve(&request, &run->arena, &source.endpoint, err));
  source.schema = source.endpoint.schema;
  source.time_column = source.endpoint.time_column;
  source.is_bounded = source.endpoint.is_bounded;
  describe_object(run, &source);
  return vs_list_check(&run->list, err);
}

static bool is_known(const struct vs_run *run, struct vs_str name) {
  struct vs_snapshot *snapshot = vs_catalog_current(run->engine->catalog);
  bool is_there = vs_snapshot_find(snapshot, name) != NULL;
  vs_snapshot_unref(snapshot);
  return is_there;
}

vs_status vs_run_show_start(struct vs_run *run, struct vs_error *err) {
  if (run->statement->kind == VS_STATEMENT_SHOW) return show(run, err);
  struct vs_name name = run->statement->as.describe;
  const struct vs_ident *last = &name.parts[name.part_count - 1];
  if (last->is_back_quoted && !is_known(run, last->text)) return describe_file(run, last->text, name.span, err);
  return with_object(run, last->text, name.span, describe_object, err);
}
