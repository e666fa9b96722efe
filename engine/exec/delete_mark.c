/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/exec/delete_mark.h"
#include "engine/exec/row_fold.h"

struct vs_delete_marks {
  struct vs_job_context *context;
  const struct vs_node *node;
  struct vs_fold emitted; /* last row let through, per group */
};

/* Group keys come first in an aggregate's columns, window bounds last. */
static uint32_t list_keys(const struct vs_node *aggregate, uint32_t *ret_columns) {
  uint32_t count = 0, field_count = aggregate->schema->field_count;
  for (; count < aggregate->as.aggregate.key_count; count++)
    ret_columns[count] = count;
  if (aggregate->as.aggregate.window) {
    ret_columns[count++] = field_count - 2;
    ret_columns[count++] = field_count - 1;
  }
  return count;
}

vs_status vs_delete_marks_new(struct vs_job_context *context, const struct vs_node *node,
                              struct vs_delete_marks **ret_marks, struct vs_error *err) {
  const struct vs_node *aggregate = node->input;
  while (aggregate->is == VS_NODE_FILTER)
    aggregate = aggregate->input;
  uint32_t field_count = node->schema->field_count;
  struct vs_delete_marks *marks = VS_ARENA_NEW(&context->query, struct vs_delete_marks);
  struct vs_type *types = VS_ARENA_ARRAY(&context->query, struct vs_type, VS_MAX(field_count, 1));
  uint32_t *keys = VS_ARENA_ARRAY(&context->query, uint32_t, VS_MAX(field_count, 1));
  if (!marks || !types || !keys) return vs_fail_memory(err);
  for (uint32_t i = 0; i < field_count; i++)
    types[i] = node->schema->fields[i].type;
  marks->context = context;
  marks->node = node;
  uint32_t key_count = aggregate->is == VS_NODE_AGGREGATE ? list_keys(aggregate, keys) : 0;
  *ret_marks = marks; /* freed by the filter, also when this fails */
  return vs_fold_init(&marks->emitted, types, field_count, keys, key_count, &context->state, err);
}

void vs_delete_marks_free(struct vs_delete_marks *marks) {
  if (marks) vs_fold_release(&marks->emitted);
}

/* Rows of the output under way: FLAT copies, since kept rows and taken-back ones come from different places. */
struct output {
  struct vs_batch batch;
  int64_t *event_time_us;
  int8_t *weight;
};

static vs_status output_begin(struct vs_delete_marks *marks, const struct vs_batch *batch, struct output *output,
                              struct vs_error *err) {
  struct vs_arena *arena = marks->context->eval.arena;
  uint32_t capacity = VS_MAX(batch->selected_count, 1);
  *output = (struct output){0};
  VS_TRY(vs_batch_init(&output->batch, batch->schema, capacity, arena, err));
  for (uint32_t c = 0; c < batch->schema->field_count; c++)
    if (!vs_vector_validity(&output->batch.columns[c], capacity, arena)) return vs_fail_memory(err);
  output->weight = vs_arena_alloc(arena, capacity);
  output->event_time_us = vs_arena_alloc(arena, capacity * sizeof *output->event_time_us);
  if (!output->weight || !output->event_time_us) return vs_fail_memory(err);
  return VS_OK;
}

static vs_status output_row(struct output *output, const struct vs_vector *columns, uint32_t row, int8_t weight,
                            int64_t event_time_us, struct vs_arena *arena, struct vs_error *err) {
  uint32_t to = output->batch.row_count;
  for (uint32_t c = 0; c < output->batch.schema->field_count; c++)
    VS_TRY(vs_vector_copy_row(&output->batch.columns[c], to, &columns[c], row, arena, err));
  output->weight[to] = weight;
  output->event_time_us[to] = event_time_us;
  output->batch.row_count++;
  return VS_OK;
}

static vs_status take_row(struct vs_delete_marks *marks, const struct vs_batch *batch, uint32_t row, bool is_kept,
                          struct output *output, struct vs_error *err) {
  int64_t event_time_us = batch->event_time_us ? batch->event_time_us[row] : VS_TIME_NONE;
  struct vs_arena *arena = marks->context->eval.arena;
  uint32_t former;
  if (is_kept) {
    if (vs_fold_put(&marks->emitted, batch->columns, row, &former, err) != VS_OK)
      return vs_fail_state(marks->context, "HAVING", marks->node->span, err);
    return output_row(output, batch->columns, row, 1, event_time_us, arena, err);
  }
  former = vs_fold_find(&marks->emitted, batch->columns, row);
  if (former == VS_FOLD_NONE) return VS_OK;
  VS_TRY(output_row(output, marks->emitted.rows.columns, former, -1, event_time_us, arena, err));
  vs_fold_remove(&marks->emitted, former);
  return VS_OK;
}

vs_status vs_delete_marks_apply(struct vs_delete_marks *marks, const struct vs_batch *batch, const uint64_t *kept,
                                struct vs_batch *ret_batch, struct vs_error *err) {
  struct output output;
  VS_TRY(output_begin(marks, batch, &output, err));
  vs_fold_begin(&marks->emitted, batch->columns, batch->row_count);
  for (uint32_t i = 0; i < batch->selected_count; i++) {
    uint32_t row = batch->selection ? batch->selection[i] : i;
    VS_TRY(take_row(marks, batch, row, vs_bit_get(kept, row), &output, err));
  }
  output.batch.selected_count = output.batch.row_count;
  output.batch.weight = output.weight;
  output.batch.event_time_us = batch->event_time_us ? output.event_time_us : NULL;
  output.batch.first_row = batch->first_row;
  *ret_batch = output.batch;
  return VS_OK;
}
