/* SPDX-License-Identifier: Apache-2.0
 * Project: the SELECT list. `expr AS _event_time` gives the records another event time; from there on it, and not the
 * source's, drives the watermark. */
#include "engine/exec/program.h"
#include "engine/exec/row_time.h"

struct project {
  struct vs_operator_run run;
  const struct vs_node *node;
  struct vs_program *program;
  struct vs_vector *values; /* of all expressions; the first ones are the columns */
  vs_epoch_unit unit;
  struct vs_watermark watermark;
};

static bool sets_event_time(const struct project *project) {
  return project->node->as.project.event_time >= 0;
}

static vs_status set_event_time(struct project *project, struct vs_batch *batch, struct vs_error *err) {
  struct vs_job_context *context = project->run.job;
  int64_t *times, *before = NULL;
  VS_TRY(vs_event_time_of(&project->values[project->node->as.project.event_time], batch->row_count, &project->unit,
                          context->eval.arena, &times, err));
  if (context->wants_row_watermarks) {
    before = VS_ARENA_ARRAY(context->eval.arena, int64_t, VS_MAX(batch->row_count, 1));
    if (!before) return vs_fail_memory(err);
  }
  vs_watermark_advance(&project->watermark, batch, times, before);
  batch->event_time_us = times;
  batch->watermark_us = before;
  return VS_OK;
}

static vs_status project_push(struct vs_operator_run *run, const struct vs_batch *batch, struct vs_error *err) {
  struct project *project = (struct project *)run;
  struct vs_job_context *context = run->job;
  struct vs_batch result;
  vs_row_errors_next_batch(&context->errors);
  VS_TRY(vs_program_run(project->program, &context->eval, batch, project->values, err));
  VS_TRY(vs_drop_failed(context, batch, &result, err));
  uint32_t column_count = project->node->schema->field_count;
  result.schema = project->node->schema;
  result.columns = VS_ARENA_ARRAY(context->eval.arena, struct vs_vector, VS_MAX(column_count, 1));
  if (!result.columns) return vs_fail_memory(err);
  memcpy(result.columns, project->values, column_count * sizeof *result.columns);
  if (!sets_event_time(project)) return vs_push(run->next, &result, err);
  VS_TRY(set_event_time(project, &result, err));
  VS_TRY(vs_push(run->next, &result, err));
  return run->next->ops->watermark(run->next, vs_watermark_now(&project->watermark), err);
}

static vs_status project_watermark(struct vs_operator_run *run, int64_t watermark_us, struct vs_error *err) {
  if (sets_event_time((struct project *)run)) return VS_OK;
  return vs_forward_watermark(run, watermark_us, err);
}

static void project_free(struct vs_operator_run *run) {
  (void)run;
}

static const struct vs_operator_ops ops = {.name = "project",
                                           .push = project_push,
                                           .watermark = project_watermark,
                                           .finish = vs_forward_finish,
                                           .free = project_free};

/* What a source declares about disorder holds for the same records under another event time too. */
static int64_t declared_delay(const struct vs_node *node) {
  while (node->input)
    node = node->input;
  return node->as.scan.watermark_delay_us;
}

vs_status vs_project_new(struct vs_job_context *context, const struct vs_node *node, struct vs_operator_run *next,
                         struct vs_operator_run **ret_run, struct vs_error *err) {
  struct project *project = VS_ARENA_NEW(&context->query, struct project);
  if (!project) return vs_fail_memory(err);
  project->run = (struct vs_operator_run){&ops, next, context};
  project->node = node;
  project->unit = node->as.project.event_time_unit;
  project->watermark = (struct vs_watermark){declared_delay(node), VS_TIME_NONE};
  project->values = VS_ARENA_ARRAY(&context->query, struct vs_vector, VS_MAX(node->as.project.expr_count, 1));
  if (!project->values) return vs_fail_memory(err);
  VS_TRY(
      vs_program_compile(node->as.project.exprs, node->as.project.expr_count, &context->query, &project->program, err));
  *ret_run = &project->run;
  return VS_OK;
}
