/* SPDX-License-Identifier: Apache-2.0
 * Kept rows to a file: the sink of the file's extension, fed from memory. */
#include "engine/runtime/kept.h"
#include <sys/stat.h>

static bool exists(struct vs_str path) {
  struct stat facts;
  return stat(path.data, &facts) == 0;
}

static vs_status resolve(struct vs_engine *engine, struct vs_str path, bool force, struct vs_arena *arena,
                         struct vs_endpoint *ret_endpoint, struct vs_error *err) {
  struct vs_endpoint endpoint = {
      .connector = &vs_connector_file, .shown_path = path, .time_column = -1, .is_bounded = true};
  endpoint.format = vs_format_of_path(path);
  if (!endpoint.format) {
    vs_status status =
        vs_fail(err, VS_CODE_UNKNOWN_FORMAT, VS_NO_SPAN, "%.*s: the extension names no format", VS_STR_ARG(path));
    return vs_fail_hint(err, status, "end the name with .csv, .json or .jsonl");
  }
  vs_format_options_default(&endpoint.format_options);
  endpoint.format_options.json_decimal_as_number = vs_settings_is(engine, "json.decimal.output", "number");
  VS_TRY(vs_path_resolve(&engine->folders, path, true, arena, &endpoint.path, err));
  if (!force && exists(endpoint.path)) {
    vs_status status = vs_fail(err, VS_CODE_NEEDS_FORCE, VS_NO_SPAN, "%.*s exists already", VS_STR_ARG(path));
    return vs_fail_hint(err, status, "add --force to replace it");
  }
  *ret_endpoint = endpoint;
  return VS_OK;
}

static vs_status write_batch(void *context, const struct vs_batch *batch, struct vs_error *err) {
  struct vs_sink_writer *writer = context;
  return writer->ops->write(writer, batch, err);
}

static vs_status write_rows(const struct vs_kept_result *kept, const struct vs_endpoint *endpoint,
                            struct vs_error *err) {
  struct vs_sink_writer *writer;
  struct vs_error close_error;
  VS_TRY(endpoint->connector->open_sink(endpoint, kept->schema, kept->env, &writer, err));
  vs_status status = vs_kept_each(kept, write_batch, writer, err);
  vs_status closed = writer->ops->close(writer, status == VS_OK, &close_error);
  if (status == VS_OK && closed != VS_OK) {
    status = closed;
    if (err) *err = close_error;
  }
  return status;
}

vs_status vs_engine_export(struct vs_engine *engine, struct vs_str name, struct vs_str path, bool force,
                           struct vs_arena *arena, struct vs_export_facts *ret_facts, struct vs_error *err) {
  struct vs_kept_result kept;
  struct vs_endpoint endpoint;
  struct stat facts = {0};
  VS_TRY(vs_engine_kept(engine, name, &kept, err));
  VS_TRY(resolve(engine, path, force, arena, &endpoint, err));
  VS_TRY(write_rows(&kept, &endpoint, err));
  stat(endpoint.path.data, &facts);
  *ret_facts =
      (struct vs_export_facts){vs_rows_count(kept.rows), (uint64_t)facts.st_size, endpoint.path, kept.is_partial};
  return VS_OK;
}
