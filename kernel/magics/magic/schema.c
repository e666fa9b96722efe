/* SPDX-License-Identifier: Apache-2.0
 * %schema NAME: the columns of a stream, table, result or file; DESCRIBE under a shorter name. */
#include "kernel/magics/magic.h"

static vs_status run(struct vsk_context *context, const struct vs_arguments *arguments, struct vs_str body,
                     uint32_t body_offset, struct vs_error *err) {
  (void)body, (void)body_offset;
  struct vs_str name = arguments->values[0];
  struct vs_arguments words;
  /* Options and a second name are refused; back-quotes may hold blanks, which are the parser's. */
  if (!memchr(name.data, '`', name.size)) VS_TRY(vsk_magic_words(context, arguments->command, name, &words, err));
  char *sql = vs_arena_printf(context->arena, "DESCRIBE %.*s", VS_STR_ARG(name));
  if (!sql) return vs_fail_memory(err);
  return context->run_sql(context, vs_str_of(sql), UINT32_MAX, err);
}

static void complete(struct vs_engine *engine, void (*offer)(void *sink, struct vs_str word, const char *detail),
                     void *sink) {
  struct vs_snapshot *snapshot = vs_catalog_current(vs_engine_catalog(engine));
  for (uint32_t i = 0; i < vs_snapshot_count(snapshot); i++)
    offer(sink, vs_snapshot_at(snapshot, i)->name, "");
  vs_snapshot_unref(snapshot);
  vsk_offer_files(engine, offer, sink);
}

const struct vsk_magic vsk_magic_schema = {
    .command = {.name = "%schema",
                .arguments = "NAME|'FILE'",
                .summary = "the columns, types and event time of a source",
                .examples = "  %schema trades\n  %schema 'data/bars.csv'",
                .argument_min = 1,
                .argument_max = 1},
    .is_line = true,
    .takes_raw = true,
    .run = run,
    .complete = complete,
};
