/* SPDX-License-Identifier: Apache-2.0
 * %tables: everything FROM can name: streams, tables, results of cells, and readable files beside the notebook. */
#include "kernel/magics/magic.h"

static const char *kind_of(vs_object_is is) {
  switch (is) {
  case VS_OBJECT_IS_SOURCE: return "source";
  case VS_OBJECT_IS_VIEW: return "stream";
  case VS_OBJECT_IS_TABLE: return "table";
  case VS_OBJECT_IS_RESULT: return "result";
  }
  return "";
}

static void print_object(const struct vs_object *object, struct vs_text *markdown, struct vs_text *plain) {
  vs_text_printf(plain, "%-20.*s %-7s %3u columns  %.*s\n", VS_STR_ARG(object->name), kind_of(object->is),
                 object->schema->shown_count, VS_STR_ARG(object->owner_label));
  vs_text_printf(markdown, "| `%.*s` | %s | %u | %.*s |\n", VS_STR_ARG(object->name), kind_of(object->is),
                 object->schema->shown_count, VS_STR_ARG(object->owner_label));
}

static vs_status print_files(struct vsk_context *context, struct vs_text *markdown, struct vs_text *plain,
                             struct vs_error *err) {
  struct vs_str *paths;
  uint32_t count;
  VS_TRY(vs_path_list(vs_engine_folders(context->engine), context->arena, &paths, &count, err));
  for (uint32_t i = 0; i < count; i++) {
    vs_text_printf(plain, "'%.*s'\n", VS_STR_ARG(paths[i]));
    vs_text_printf(markdown, "| `'%.*s'` | file | | |\n", VS_STR_ARG(paths[i]));
  }
  return VS_OK;
}

static vs_status run(struct vsk_context *context, const struct vs_arguments *arguments, struct vs_str body,
                     uint32_t body_offset, struct vs_error *err) {
  (void)arguments, (void)body, (void)body_offset;
  struct vs_text markdown, plain;
  vs_text_init(&markdown, vs_engine_env(context->engine)->memory, 1 << 20);
  vs_text_init(&plain, vs_engine_env(context->engine)->memory, 1 << 20);
  vs_text_puts(&markdown, "| name | kind | columns | from |\n|---|---|---|---|\n");
  struct vs_snapshot *snapshot = vs_catalog_current(vs_engine_catalog(context->engine));
  for (uint32_t i = 0; i < vs_snapshot_count(snapshot); i++)
    print_object(vs_snapshot_at(snapshot, i), &markdown, &plain);
  vs_snapshot_unref(snapshot);
  vs_status status = print_files(context, &markdown, &plain, err);
  if (status == VS_OK) vsk_show_markdown(context, vs_text_view(&markdown), vs_str_trim(vs_text_view(&plain)));
  vs_text_release(&markdown);
  vs_text_release(&plain);
  return status;
}

const struct vsk_magic vsk_magic_tables = {
    .command = {.name = "%tables", .arguments = "", .summary = "streams, tables, results and files that FROM can name"},
    .is_line = true,
    .run = run,
};
