/* SPDX-License-Identifier: Apache-2.0
 * Distinct: a row passes when no row before it had the same values. What was seen is kept within the state budget. */
#include "engine/exec/context.h"
#include "engine/exec/groups.h"

struct distinct {
  struct vs_operator_run run;
  const struct vs_node *node;
  struct vs_group_layout layout;
  struct vs_groups seen;
};

static vs_status distinct_push(struct vs_operator_run *run, const struct vs_batch *batch, struct vs_error *err) {
  struct distinct *distinct = (struct distinct *)run;
  struct vs_arena *arena = run->job->eval.arena;
  struct vs_group_keys keys;
  struct vs_batch result = *batch;
  uint16_t *rows = vs_arena_alloc(arena, VS_MAX(batch->selected_count, 1) * sizeof *rows);
  if (!rows) return vs_fail_memory(err);
  VS_TRY(vs_group_keys_init(&keys, &distinct->layout, batch->columns, batch->row_count, arena, err));
  if (vs_groups_add(&distinct->seen, &keys, batch->selection, batch->selected_count, rows, &result.selected_count,
                    err) != VS_OK)
    return vs_fail_state(run->job, "DISTINCT", distinct->node->span, err);
  result.selection = rows;
  return vs_push(run->next, &result, err);
}

static void distinct_free(struct vs_operator_run *run) {
  vs_groups_release(&((struct distinct *)run)->seen);
}

static const struct vs_operator_ops ops = {.name = "distinct",
                                           .push = distinct_push,
                                           .watermark = vs_forward_watermark,
                                           .finish = vs_forward_finish,
                                           .free = distinct_free};

vs_status vs_distinct_new(struct vs_job_context *context, const struct vs_node *node, struct vs_operator_run *next,
                          struct vs_operator_run **ret_run, struct vs_error *err) {
  const struct vs_schema *schema = node->schema;
  struct distinct *distinct = VS_ARENA_NEW(&context->query, struct distinct);
  struct vs_type *types = VS_ARENA_ARRAY(&context->query, struct vs_type, VS_MAX(schema->field_count, 1));
  if (!distinct || !types) return vs_fail_memory(err);
  for (uint32_t i = 0; i < schema->field_count; i++)
    types[i] = schema->fields[i].type;
  distinct->run = (struct vs_operator_run){&ops, next, context};
  distinct->node = node;
  VS_TRY(vs_group_layout_init(&distinct->layout, types, schema->field_count, 0, &context->query, err));
  vs_groups_init(&distinct->seen, &distinct->layout, &context->state);
  *ret_run = &distinct->run;
  return VS_OK;
}
