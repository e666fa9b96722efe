/* SPDX-License-Identifier: Apache-2.0
 * Filter: WHERE and HAVING keep the rows whose condition is TRUE. A selection travels on only while more than a quarter
 * of the rows survive: beyond that, copying the few is cheaper than every later kernel computing the many. */
#include "engine/exec/bits.h"
#include "engine/exec/context.h"
#include "engine/exec/delete_mark.h"
#include "engine/exec/program.h"

struct filter {
  struct vs_operator_run run;
  struct vs_program *program;
  struct vs_delete_marks *marks; /* HAVING over changes: what was emitted per group; NULL elsewhere */
};

static vs_status select_rows(const struct vs_job_context *context, const struct vs_batch *batch, const uint64_t *kept,
                             struct vs_batch *ret_batch, struct vs_error *err) {
  struct vs_batch result = *batch;
  uint16_t *selection = vs_arena_alloc(context->eval.arena, ((size_t)batch->row_count + 64) * sizeof *selection);
  if (!selection) return vs_fail_memory(err);
  result.selected_count = vs_bits_rows(kept, batch->row_count, selection);
  result.selection = result.selected_count == batch->row_count ? NULL : selection;
  *ret_batch = result;
  if (result.selected_count && result.selected_count * 4 <= batch->row_count)
    return vs_compact(&result, context->eval.arena, ret_batch, err);
  return VS_OK;
}

/* The rows for which the condition is TRUE and did not fail. */
static vs_status evaluate(struct filter *filter, const struct vs_batch *batch, uint64_t *ret_kept,
                          struct vs_error *err) {
  struct vs_job_context *context = filter->run.job;
  struct vs_vector condition;
  vs_row_errors_next_batch(&context->errors);
  VS_TRY(vs_program_run(filter->program, &context->eval, batch, &condition, err));
  vs_bits_of_boolean(&condition, true, batch->row_count, ret_kept);
  uint64_t *selected;
  VS_TRY(vs_selection_bits(batch, context->eval.arena, &selected, err));
  for (uint32_t w = 0; w < vs_bits_words(batch->row_count); w++) {
    ret_kept[w] &= selected ? selected[w] : ~(uint64_t)0;
    ret_kept[w] &= context->errors.has_failed ? ~context->errors.failed[w] : ~(uint64_t)0;
  }
  return VS_OK;
}

static vs_status filter_push(struct vs_operator_run *run, const struct vs_batch *batch, struct vs_error *err) {
  struct filter *filter = (struct filter *)run;
  uint64_t kept[VS_BATCH_WORDS];
  struct vs_batch result;
  VS_TRY(evaluate(filter, batch, kept, err));
  if (filter->marks)
    VS_TRY(vs_delete_marks_apply(filter->marks, batch, kept, &result, err));
  else
    VS_TRY(select_rows(run->job, batch, kept, &result, err));
  return vs_push(run->next, &result, err);
}

static void filter_free(struct vs_operator_run *run) {
  vs_delete_marks_free(((struct filter *)run)->marks);
}

static const struct vs_operator_ops ops = {.name = "filter",
                                           .push = filter_push,
                                           .watermark = vs_forward_watermark,
                                           .finish = vs_forward_finish,
                                           .free = filter_free};

vs_status vs_filter_new(struct vs_job_context *context, const struct vs_node *node, struct vs_operator_run *next,
                        struct vs_operator_run **ret_run, struct vs_error *err) {
  struct filter *filter = VS_ARENA_NEW(&context->query, struct filter);
  if (!filter) return vs_fail_memory(err);
  filter->run = (struct vs_operator_run){&ops, next, context};
  struct vs_bound *condition = node->as.filter.condition;
  VS_TRY(vs_program_compile(&condition, 1, &context->query, &filter->program, err));
  *ret_run = &filter->run; /* freed with the pipeline from here on */
  return node->as.filter.sends_deletes ? vs_delete_marks_new(context, node, &filter->marks, err) : VS_OK;
}
