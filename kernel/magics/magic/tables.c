/* SPDX-License-Identifier: Apache-2.0
 * %tables: everything FROM can name: streams, tables, results of cells, and readable files beside the notebook. The
 * names of one result (`_`, `_7` and its own) stand on one line. */
#include "kernel/display/figure.h"
#include "kernel/magics/magic.h"

enum { RESULTS_SHOWN = 10 };

struct listing {
  struct vs_snapshot *snapshot;
  struct vs_text names; /* of the line being written */
  struct vs_text *markdown, *plain;
};

static const char *kind_of(vs_object_is is) {
  switch (is) {
  case VS_OBJECT_IS_SOURCE: return "source";
  case VS_OBJECT_IS_VIEW: return "stream";
  case VS_OBJECT_IS_TABLE: return "table";
  case VS_OBJECT_IS_RESULT: return "result";
  }
  return "";
}

static bool is_same(const struct vs_object *a, const struct vs_object *b) {
  return a == b || (a->is == VS_OBJECT_IS_RESULT && b->is == VS_OBJECT_IS_RESULT && a->rows && a->rows == b->rows);
}

/* The names of one thing: "vol, _6, _". Returns what says where it comes from. */
static struct vs_str join_names(struct listing *listing, const struct vs_object *object) {
  struct vs_str origin = object->owner_label;
  vs_text_clear(&listing->names);
  for (uint32_t i = 0; i < vs_snapshot_count(listing->snapshot); i++) {
    const struct vs_object *other = vs_snapshot_at(listing->snapshot, i);
    if (!is_same(object, other)) continue;
    vs_text_printf(&listing->names, "%s%.*s", listing->names.size ? ", " : "", VS_STR_ARG(other->name));
    if (!origin.size) origin = other->owner_label;
  }
  return origin;
}

static bool is_first_of_its_names(const struct listing *listing, uint32_t index) {
  for (uint32_t i = 0; i < index; i++)
    if (is_same(vs_snapshot_at(listing->snapshot, i), vs_snapshot_at(listing->snapshot, index))) return false;
  return true;
}

static void print_line(struct listing *listing, struct vs_str name, const char *kind, struct vs_str facts,
                       struct vs_str origin) {
  vs_text_printf(listing->plain, "%-26.*s %s", VS_STR_ARG(name), kind);
  if (facts.size)
    vs_text_printf(listing->plain, "%*s%-22.*s %.*s", (int)(8 - strlen(kind)), "", VS_STR_ARG(facts),
                   VS_STR_ARG(origin));
  vs_text_put(listing->plain, '\n');
  vs_text_printf(listing->markdown, "| `%.*s` | %s | %.*s | %.*s |\n", VS_STR_ARG(name), kind, VS_STR_ARG(facts),
                 VS_STR_ARG(origin));
}

static void print_object(struct listing *listing, const struct vs_object *object, struct vs_memory *memory) {
  struct vs_text facts;
  struct vs_str origin = join_names(listing, object);
  vs_text_init(&facts, memory, 4096);
  vsk_print_plural(object->schema->shown_count, "column", &facts);
  if (object->rows) {
    vs_text_puts(&facts, ", ");
    vsk_print_plural(vs_rows_count(object->rows), "row", &facts);
  } else {
    vs_text_puts(&facts, object->is_bounded ? ", bounded" : ", unbounded");
  }
  print_line(listing, vs_text_view(&listing->names), kind_of(object->is), vs_text_view(&facts), origin);
  vs_text_release(&facts);
}

/* Old results are many: only the newest are listed, and how many more there are. */
static void print_objects(struct listing *listing, struct vs_memory *memory) {
  uint32_t results = 0, skipped, count = vs_snapshot_count(listing->snapshot);
  for (uint32_t i = 0; i < count; i++)
    results += vs_snapshot_at(listing->snapshot, i)->is == VS_OBJECT_IS_RESULT && is_first_of_its_names(listing, i);
  skipped = results > RESULTS_SHOWN ? results - RESULTS_SHOWN : 0;
  for (uint32_t i = 0, seen = 0; i < count; i++) {
    const struct vs_object *object = vs_snapshot_at(listing->snapshot, i);
    bool is_result = object->is == VS_OBJECT_IS_RESULT;
    if (is_first_of_its_names(listing, i) && !(is_result && seen++ < skipped)) print_object(listing, object, memory);
  }
  if (!skipped) return;
  vsk_print_plural(skipped, "older result", listing->plain);
  vs_text_puts(listing->plain, "; SHOW TABLES lists all\n");
  vs_text_puts(listing->markdown, "| | | ");
  vsk_print_plural(skipped, "older result", listing->markdown);
  vs_text_puts(listing->markdown, " | |\n");
}

static vs_status print_files(struct vsk_context *context, struct listing *listing, struct vs_error *err) {
  struct vs_str *paths;
  uint32_t count;
  struct vs_folders folders = vs_engine_folders(context->engine);
  VS_TRY(vs_path_list(&folders, context->arena, &paths, &count, err));
  for (uint32_t i = 0; i < count; i++) {
    char *quoted = vs_arena_printf(context->arena, "'%.*s'", VS_STR_ARG(paths[i]));
    if (!quoted) return vs_fail_memory(err);
    print_line(listing, vs_str_of(quoted), "file", VS_STR(""), VS_STR(""));
  }
  return VS_OK;
}

static vs_status run(struct vsk_context *context, const struct vs_arguments *arguments, struct vs_str body,
                     uint32_t body_offset, struct vs_error *err) {
  (void)arguments, (void)body, (void)body_offset;
  struct vs_memory *memory = vs_engine_env(context->engine)->memory;
  struct vs_text markdown, plain;
  struct listing listing = {.markdown = &markdown, .plain = &plain};
  vs_text_init(&markdown, memory, 1 << 20);
  vs_text_init(&plain, memory, 1 << 20);
  vs_text_init(&listing.names, memory, 1 << 20);
  vs_text_puts(&markdown, "| FROM | is a | holding | from |\n|---|---|---|---|\n");
  listing.snapshot = vs_catalog_current(vs_engine_catalog(context->engine));
  print_objects(&listing, memory);
  vs_snapshot_unref(listing.snapshot);
  vs_status status = print_files(context, &listing, err);
  if (status == VS_OK) vsk_show_markdown(context, vs_text_view(&markdown), vs_str_trim(vs_text_view(&plain)));
  vs_text_release(&listing.names);
  vs_text_release(&markdown);
  vs_text_release(&plain);
  return status;
}

const struct vsk_magic vsk_magic_tables = {
    .command = {.name = "%tables", .arguments = "", .summary = "streams, tables, results and files that FROM can name"},
    .is_line = true,
    .run = run,
};
