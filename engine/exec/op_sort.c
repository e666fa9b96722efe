/* SPDX-License-Identifier: Apache-2.0
 * Sort: keeps rows and their keys, and emits them ordered when the pane is over (a watermark comes by) or the input
 * ends. With a LIMIT behind it only the first rows matter: the rest is dropped whenever twice as many have gathered. */
#include "engine/exec/context.h"
#include "engine/exec/program.h"
#include "engine/exec/rowset.h"
#include "engine/exec/sorter.h"

enum { PRUNE_SLACK = 4 * VS_BATCH_ROWS };

struct sort {
  struct vs_operator_run run;
  const struct vs_node *node;
  struct vs_program *program;
  struct vs_vector *values;    /* of the key expressions */
  struct vs_vector *taken;     /* columns and event time of a batch, as written to `rows` */
  struct vs_rowset rows, keys; /* same row numbers; the last column of `rows` is the event time */
  struct vs_arena output;
};

static vs_status fail(struct sort *sort, vs_status status, struct vs_error *err) {
  return status == VS_RESOURCE ? vs_fail_state(sort->run.job, "ORDER BY", sort->node->span, err) : status;
}

static vs_status take_event_time(struct sort *sort, const struct vs_batch *batch, struct vs_error *err) {
  struct vs_vector *ret = &sort->taken[batch->schema->field_count];
  VS_TRY(vs_vector_init(ret, VS_TYPE(TIMESTAMP), VS_MAX(batch->row_count, 1), sort->run.job->eval.arena, err));
  for (uint32_t i = 0; i < batch->row_count; i++)
    ((int64_t *)ret->data)[i] = batch->event_time_us ? batch->event_time_us[i] : VS_TIME_NONE;
  return VS_OK;
}

static vs_status keep(struct sort *sort, const struct vs_batch *batch, struct vs_error *err) {
  memcpy(sort->taken, batch->columns, batch->schema->field_count * sizeof *sort->taken);
  VS_TRY(take_event_time(sort, batch, err));
  uint32_t at = sort->rows.row_count;
  VS_TRY(vs_rowset_write(&sort->rows, at, sort->taken, batch->selection, batch->selected_count, err));
  return vs_rowset_write(&sort->keys, at, sort->values, batch->selection, batch->selected_count, err);
}

static vs_status sorted_rows(struct sort *sort, struct vs_arena *arena, uint32_t **ret_rows, struct vs_error *err) {
  uint32_t count = sort->rows.row_count;
  uint32_t *rows = vs_arena_alloc(arena, VS_MAX(count, 1) * sizeof *rows);
  if (!rows) return vs_fail_memory(err);
  for (uint32_t i = 0; i < count; i++)
    rows[i] = i;
  *ret_rows = rows;
  return vs_sort_rows(sort->keys.columns, sort->node->as.sort.keys, sort->node->as.sort.key_count, rows, count,
                      &sort->run.job->state, sort->run.job, err);
}

/* Keeps the first `count` of the sorted rows, in that order, which is also their order of arrival among equals. */
static vs_status keep_first(struct vs_rowset *rowset, const uint32_t *rows, uint32_t count, struct vs_arena *arena,
                            struct vs_error *err) {
  struct vs_vector *columns = VS_ARENA_ARRAY(arena, struct vs_vector, VS_MAX(rowset->column_count, 1));
  if (!columns) return vs_fail_memory(err);
  VS_TRY(vs_rowset_gather(rowset, rows, count, true, arena, columns, err));
  vs_rowset_clear(rowset);
  return vs_rowset_write(rowset, 0, columns, NULL, count, err);
}

static vs_status prune(struct sort *sort, struct vs_error *err) {
  int64_t limit = sort->node->as.sort.limit;
  if (limit < 0 || sort->rows.row_count < 2 * limit + PRUNE_SLACK) return VS_OK;
  uint32_t *rows = NULL;
  vs_arena_reset(&sort->output);
  VS_TRY(sorted_rows(sort, &sort->output, &rows, err));
  VS_TRY(keep_first(&sort->rows, rows, (uint32_t)limit, &sort->output, err));
  return keep_first(&sort->keys, rows, (uint32_t)limit, &sort->output, err);
}

static vs_status sort_push(struct vs_operator_run *run, const struct vs_batch *batch, struct vs_error *err) {
  struct sort *sort = (struct sort *)run;
  struct vs_batch live;
  vs_row_errors_next_batch(&run->job->errors);
  VS_TRY(vs_program_run(sort->program, &run->job->eval, batch, sort->values, err));
  VS_TRY(vs_drop_failed(run->job, batch, &live, err));
  vs_status status = keep(sort, &live, err);
  if (status == VS_OK) status = prune(sort, err);
  return fail(sort, status, err);
}

static vs_status emit_part(struct sort *sort, const uint32_t *rows, uint32_t count, struct vs_arena *arena,
                           struct vs_error *err) {
  const struct vs_schema *schema = sort->node->schema;
  struct vs_batch batch = {.schema = schema, .row_count = count, .selected_count = count, .first_row = 1};
  batch.columns = VS_ARENA_ARRAY(arena, struct vs_vector, schema->field_count + 1);
  if (!batch.columns) return vs_fail_memory(err);
  VS_TRY(vs_rowset_gather(&sort->rows, rows, count, false, arena, batch.columns, err));
  batch.event_time_us = batch.columns[schema->field_count].data;
  return vs_push(sort->run.next, &batch, err);
}

/* Batch memory is swapped for one of our own, reset after every batch, so that a long output stays small. */
static vs_status emit_rows(struct sort *sort, struct vs_error *err) {
  struct vs_arena *batch_arena = sort->run.job->eval.arena, part;
  uint32_t *rows = NULL, count = sort->rows.row_count;
  vs_arena_reset(&sort->output);
  vs_status status = fail(sort, sorted_rows(sort, &sort->output, &rows, err), err);
  vs_arena_init(&part, sort->run.job->memory, 0);
  sort->run.job->eval.arena = &part;
  for (uint32_t begin = 0; status == VS_OK && begin < count; begin += VS_BATCH_ROWS) {
    status = emit_part(sort, rows + begin, VS_MIN(count - begin, (uint32_t)VS_BATCH_ROWS), &part, err);
    vs_arena_reset(&part);
    if (status == VS_OK) status = vs_context_check(sort->run.job);
  }
  sort->run.job->eval.arena = batch_arena;
  vs_arena_release(&part);
  vs_rowset_clear(&sort->rows);
  vs_rowset_clear(&sort->keys);
  return status;
}

static vs_status sort_watermark(struct vs_operator_run *run, int64_t watermark_us, struct vs_error *err) {
  struct sort *sort = (struct sort *)run;
  if (!sort->node->as.sort.is_per_pane)
    return VS_OK; /* rows come only at the end: until then nothing is known to be complete */
  if (sort->rows.row_count) VS_TRY(emit_rows(sort, err));
  return vs_forward_watermark(run, watermark_us, err);
}

static vs_status sort_finish(struct vs_operator_run *run, struct vs_error *err) {
  struct sort *sort = (struct sort *)run;
  if (sort->rows.row_count) VS_TRY(emit_rows(sort, err)); /* VS_STOP: a limit has finished what lies behind it */
  return vs_forward_finish(run, err);
}

static void sort_free(struct vs_operator_run *run) {
  struct sort *sort = (struct sort *)run;
  if (sort->rows.memory) vs_rowset_release(&sort->rows);
  if (sort->keys.memory) vs_rowset_release(&sort->keys);
  vs_arena_release(&sort->output);
}

static const struct vs_operator_ops ops = {
    .name = "sort", .push = sort_push, .watermark = sort_watermark, .finish = sort_finish, .free = sort_free};

static vs_status compile_keys(struct sort *sort, struct vs_job_context *context, struct vs_error *err) {
  const struct vs_sort_key *keys = sort->node->as.sort.keys;
  uint32_t key_count = sort->node->as.sort.key_count;
  struct vs_bound **exprs = VS_ARENA_ARRAY(&context->query, struct vs_bound *, VS_MAX(key_count, 1));
  struct vs_type *types = VS_ARENA_ARRAY(&context->query, struct vs_type, VS_MAX(key_count, 1));
  sort->values = VS_ARENA_ARRAY(&context->query, struct vs_vector, VS_MAX(key_count, 1));
  if (!exprs || !types || !sort->values) return vs_fail_memory(err);
  for (uint32_t k = 0; k < key_count; k++) {
    exprs[k] = keys[k].expr;
    types[k] = keys[k].expr->type;
  }
  VS_TRY(vs_rowset_init(&sort->keys, types, key_count, &context->state, err));
  return vs_program_compile(exprs, key_count, &context->query, &sort->program, err);
}

static vs_status init_rows(struct sort *sort, struct vs_job_context *context, struct vs_error *err) {
  const struct vs_schema *schema = sort->node->schema;
  struct vs_type *types = VS_ARENA_ARRAY(&context->query, struct vs_type, schema->field_count + 1);
  sort->taken = VS_ARENA_ARRAY(&context->query, struct vs_vector, schema->field_count + 1);
  if (!types || !sort->taken) return vs_fail_memory(err);
  for (uint32_t i = 0; i < schema->field_count; i++)
    types[i] = schema->fields[i].type;
  types[schema->field_count] = VS_TYPE(TIMESTAMP);
  return vs_rowset_init(&sort->rows, types, schema->field_count + 1, &context->state, err);
}

vs_status vs_sort_new(struct vs_job_context *context, const struct vs_node *node, struct vs_operator_run *next,
                      struct vs_operator_run **ret_run, struct vs_error *err) {
  struct sort *sort = VS_ARENA_NEW(&context->query, struct sort);
  if (!sort) return vs_fail_memory(err);
  sort->run = (struct vs_operator_run){&ops, next, context};
  sort->node = node;
  vs_arena_init(&sort->output, &context->state, 0);
  *ret_run = &sort->run; /* freed with the pipeline from here on */
  VS_TRY(init_rows(sort, context, err));
  return compile_keys(sort, context, err);
}
