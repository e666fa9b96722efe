/* SPDX-License-Identifier: Apache-2.0
 * From a path and WITH keys to an endpoint: what is said is checked, what is not said is told from the file. */
#include "engine/base/suggest.h"
#include "engine/catalog/endpoint_time.h"
#include "engine/catalog/inference.h"
#include "engine/catalog/options.h"
#include <sys/stat.h>

static vs_status at_span(vs_status status, struct vs_span span, struct vs_error *err) {
  if (status != VS_OK && err && !vs_span_is_known(err->span)) err->span = span;
  return status;
}

/* The path and its place: the argument, else the key. */
static vs_status find_path(const struct vs_options_scope *options, struct vs_str *path, struct vs_span *span,
                           struct vs_error *err) {
  const struct vs_option_entry *entry = vs_options_find(options, "path");
  if (path->data) return VS_OK;
  if (!entry)
    return vs_fail_hint(err, vs_fail(err, VS_CODE_BAD_VALUE, *span, "%.*s has no path", VS_STR_ARG(options->name)),
                        "add WITH ('%.*s.path' = 'data/file.csv')", VS_STR_ARG(options->name));
  *path = entry->value.text;
  *span = entry->value_span;
  return VS_OK;
}

static vs_status check_type(const struct vs_options_scope *options, bool is_sink, struct vs_error *err) {
  const struct vs_option_entry *entry = vs_options_find(options, "type");
  if (!entry || vs_str_equal_nocase(entry->value.text, VS_STR("file_sink")) == is_sink) return VS_OK;
  return vs_fail_hint(err,
                      vs_fail(err, VS_CODE_BAD_VALUE, entry->value_span, "%.*s is %s here",
                              VS_STR_ARG(entry->value.text), is_sink ? "no sink" : "no source"),
                      "write %s", is_sink ? "file_sink" : "file_source");
}

static vs_status refuse_folder(const struct vs_endpoint *endpoint, struct vs_str path, bool is_sink,
                               struct vs_span span, struct vs_error *err) {
  struct stat status;
  if (stat(endpoint->path.data, &status) != 0 || !S_ISDIR(status.st_mode)) return VS_OK;
  vs_code code = is_sink ? VS_CODE_WRITE_FAILED : VS_CODE_NO_FILE;
  return vs_fail_hint(err, vs_fail(err, code, span, "'%.*s' is a folder", VS_STR_ARG(path)),
                      "name one file in it: '%.*s/...'", VS_STR_ARG(path));
}

static vs_status find_format(const struct vs_options_scope *options, struct vs_str path, struct vs_span span,
                             struct vs_endpoint *endpoint, struct vs_error *err) {
  struct vs_str name = vs_options_get(options, "format").text;
  endpoint->format = name.data ? vs_format_find(name) : vs_format_of_path(path);
  if (!endpoint->format)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_UNKNOWN_FORMAT, span, "the format of '%.*s' cannot be told from its name",
                                VS_STR_ARG(path)),
                        "add WITH ('%.*s.format' = 'csv'), or 'jsonl', or 'json'", VS_STR_ARG(options->name));
  return VS_OK;
}

static bool ends_with(struct vs_str text, struct vs_str tail) {
  return text.size >= tail.size &&
         vs_str_equal_nocase((struct vs_str){text.data + text.size - tail.size, tail.size}, tail);
}

static vs_status read_format_options(const struct vs_options_scope *options, struct vs_str path,
                                     struct vs_format_options *ret_options, struct vs_error *err) {
  struct vs_str name = vs_options_get(options, "format").text;
  bool is_tsv = name.data ? vs_str_equal_nocase(name, VS_STR("tsv")) : ends_with(path, VS_STR(".tsv"));
  struct vs_option_value delimiter = vs_options_get(options, "delimiter");
  vs_format_options_default(ret_options);
  ret_options->delimiter = is_tsv && !delimiter.is_given ? '\t' : delimiter.text.data[0];
  ret_options->quote = vs_options_get(options, "quote").text.data[0];
  ret_options->has_header = vs_options_get(options, "has_headers").boolean;
  if (name.data && vs_str_equal_nocase(name, VS_STR("csv_no_header"))) ret_options->has_header = false;
  ret_options->skip_lines = (uint64_t)vs_options_get(options, "skip_lines").integer;
  if (ret_options->delimiter != ret_options->quote) return VS_OK;
  const struct vs_option_entry *entry = vs_options_find(options, delimiter.is_given ? "delimiter" : "quote");
  return vs_fail(err, VS_CODE_BAD_VALUE, entry->value_span, "one character cannot be both delimiter and quote");
}

/* What sources and sinks have in common. */
static vs_status begin(const struct vs_endpoint_request *request, struct vs_options_scope *options, bool is_sink,
                       struct vs_arena *arena, struct vs_endpoint *endpoint, struct vs_error *err) {
  struct vs_str path = request->path;
  struct vs_span span = request->span;
  VS_TRY(find_path(options, &path, &span, err));
  VS_TRY(check_type(options, is_sink, err));
  *endpoint = (struct vs_endpoint){.connector = &vs_connector_file, .time_column = -1, .is_bounded = true};
  const struct vs_option_entry *type = vs_options_find(options, "type");
  endpoint->is_mapped = type && vs_str_equal_nocase(type->value.text, VS_STR("file_source_mmap"));
  char *shown = vs_arena_copy(arena, path.data, path.size);
  if (!shown) return vs_fail_memory(err);
  endpoint->shown_path = (struct vs_str){shown, path.size};
  VS_TRY(at_span(vs_path_resolve(request->folders, path, is_sink, arena, &endpoint->path, err), span, err));
  VS_TRY(refuse_folder(endpoint, path, is_sink, span, err));
  VS_TRY(find_format(options, path, span, endpoint, err));
  return read_format_options(options, path, &endpoint->format_options, err);
}

static vs_status check_column(const struct vs_column_def *column, struct vs_error *err) {
  vs_type_id id = column->type.type.id;
  char type[32];
  if (id == VS_TYPE_ARRAY || id == VS_TYPE_MAP || id == VS_TYPE_STRUCT)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_NOT_YET, column->type.span, "columns of type %s do not run yet",
                                vs_type_print(column->type.type, type)),
                        "declare it JSON: the column holds the text");
  if (column->has_default || column->has_header)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_NOT_YET, column->span, "%s on a column of a file does not run yet",
                                column->has_default ? "DEFAULT" : "HEADER"),
                        "%s", column->has_default ? "write COALESCE where the column is read" : "leave it out");
  return VS_OK;
}

static vs_status declared_schema(const struct vs_create *create, struct vs_arena *arena, struct vs_schema *ret_schema,
                                 struct vs_error *err) {
  struct vs_field *fields = VS_ARENA_ARRAY(arena, struct vs_field, VS_MAX(create->column_count, 1u));
  for (uint32_t i = 0; fields && i < create->column_count; i++) {
    const struct vs_column_def *column = &create->columns[i];
    VS_TRY(check_column(column, err));
    fields[i].name =
        (struct vs_str){vs_arena_copy(arena, column->name.text.data, column->name.text.size), column->name.text.size};
    fields[i].type = column->type.type;
    fields[i].is_nullable = !column->is_not_null && !column->is_primary_key;
    fields[i].role = column->is_primary_key ? VS_ROLE_KEY : VS_ROLE_NONE;
    if (!fields[i].name.data) return vs_fail_memory(err);
  }
  *ret_schema = (struct vs_schema){fields, create->column_count, create->column_count};
  return fields ? VS_OK : vs_fail_memory(err);
}

static vs_status refuse_column(const struct vs_column_def *column, const struct vs_inferred *inferred,
                               const struct vs_endpoint *endpoint, struct vs_error *err) {
  struct vs_suggest suggest;
  char nearest[200];
  vs_suggest_init(&suggest, column->name.text);
  for (uint32_t i = 0; i < inferred->schema.field_count; i++)
    vs_suggest_offer(&suggest, inferred->schema.fields[i].name);
  vs_status status = vs_fail(err, VS_CODE_UNKNOWN_COLUMN, column->name.span, "'%.*s' has no column %.*s",
                             VS_STR_ARG(endpoint->shown_path), VS_STR_ARG(column->name.text));
  vs_suggest_print(&suggest, nearest, sizeof nearest);
  if (*nearest) return vs_fail_hint(err, status, "%s", nearest);
  return vs_fail_hint(err, status, "its columns begin with %.*s; DESCRIBE shows them",
                      VS_STR_ARG(inferred->schema.fields[0].name));
}

/* Which inferred column each declared one is: by name, or by position in a file without header. */
static vs_status match_columns(const struct vs_create *create, const struct vs_endpoint *endpoint,
                               const struct vs_inferred *inferred, uint32_t *sources, struct vs_error *err) {
  bool is_csv = vs_str_equal(vs_str_of(endpoint->format->name), VS_STR("csv"));
  bool by_position = is_csv && !endpoint->format_options.has_header;
  if (by_position && inferred->schema.field_count != create->column_count)
    return vs_fail(err, VS_CODE_NO_SCHEMA, create->name.span, "%u columns are declared, '%.*s' has %u",
                   create->column_count, VS_STR_ARG(endpoint->shown_path), inferred->schema.field_count);
  for (uint32_t i = 0; i < create->column_count; i++) {
    int found = by_position ? (int)i : vs_schema_find(&inferred->schema, create->columns[i].name.text);
    if (found < 0) return refuse_column(&create->columns[i], inferred, endpoint, err);
    sources[i] = (uint32_t)found;
  }
  return VS_OK;
}

/* The declared schema with what inference knows of its columns' units. */
static vs_status declare_columns(const struct vs_create *create, const struct vs_endpoint *endpoint,
                                 struct vs_arena *arena, struct vs_inferred *inferred, struct vs_error *err) {
  struct vs_inferred declared = {.time_column = -1};
  uint32_t *sources = VS_ARENA_ARRAY(arena, uint32_t, VS_MAX(create->column_count, 1u));
  declared.units = VS_ARENA_ARRAY(arena, vs_epoch_unit, VS_MAX(create->column_count, 1u));
  if (!sources || !declared.units) return vs_fail_memory(err);
  VS_TRY(declared_schema(create, arena, &declared.schema, err));
  if (inferred->schema.field_count) {
    VS_TRY(match_columns(create, endpoint, inferred, sources, err));
    for (uint32_t i = 0; i < create->column_count; i++)
      declared.units[i] = inferred->units[sources[i]];
  }
  *inferred = declared;
  return VS_OK;
}

/* A watched file may begin empty when its columns are declared. */
static vs_status infer(const struct vs_endpoint_request *request, const struct vs_endpoint *endpoint,
                       struct vs_arena *arena, struct vs_inferred *ret_inferred, struct vs_error *err) {
  struct vs_error refused;
  vs_status status = vs_inference_get(request->folders->cache, endpoint, request->env, arena, ret_inferred, &refused);
  if (status == VS_OK) return VS_OK;
  bool may_be_empty = endpoint->format_options.has_declared_schema && endpoint->watch;
  if (may_be_empty && (refused.code == VS_CODE_EMPTY_FILE || refused.code == VS_CODE_NO_SCHEMA))
    return *ret_inferred = (struct vs_inferred){.time_column = -1}, VS_OK;
  if (err) *err = refused;
  return status;
}

static void read_source_options(const struct vs_options_scope *options, struct vs_endpoint *endpoint) {
  endpoint->watch = vs_options_get(options, "watch").boolean;
  endpoint->is_bounded = !endpoint->watch;
  endpoint->polling_interval_us = vs_options_get(options, "polling_interval").integer;
  endpoint->replay_speed = vs_options_get(options, "replay").number;
}

vs_status vs_endpoint_resolve(const struct vs_endpoint_request *request, struct vs_arena *arena,
                              struct vs_endpoint *ret_endpoint, struct vs_error *err) {
  const struct vs_create *declaration = request->declaration;
  struct vs_options_scope options = {.name = request->scope, .is_declaration = declaration != NULL};
  bool is_declared = declaration && declaration->has_columns && declaration->column_count;
  struct vs_endpoint endpoint;
  struct vs_inferred inferred;
  VS_TRY(vs_options_read(&options, request->properties, request->properties_count, arena, err));
  VS_TRY(begin(request, &options, false, arena, &endpoint, err));
  read_source_options(&options, &endpoint);
  endpoint.format_options.has_declared_schema = is_declared;
  VS_TRY(at_span(infer(request, &endpoint, arena, &inferred, err), request->span, err));
  if (is_declared) VS_TRY(declare_columns(declaration, &endpoint, arena, &inferred, err));
  VS_TRY(vs_endpoint_set_time(request, &options, arena, &inferred, &endpoint, err));
  VS_TRY(vs_schema_copy(&inferred.schema, arena, &endpoint.schema, err));
  *ret_endpoint = endpoint;
  return VS_OK;
}

vs_status vs_endpoint_resolve_sink(const struct vs_endpoint_request *request, struct vs_arena *arena,
                                   struct vs_endpoint *ret_endpoint, struct vs_error *err) {
  struct vs_options_scope options = {.name = request->scope};
  struct vs_endpoint endpoint;
  VS_TRY(vs_options_read(&options, request->properties, request->properties_count, arena, err));
  VS_TRY(begin(request, &options, true, arena, &endpoint, err));
  endpoint.append = vs_options_get(&options, "append").boolean;
  *ret_endpoint = endpoint;
  return VS_OK;
}
