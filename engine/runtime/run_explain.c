/* SPDX-License-Identifier: Apache-2.0
 * EXPLAIN: binds and prints, runs nothing. */
#include "engine/runtime/run.h"

static vs_status bind(struct vs_run *run, const struct vs_statement *body, struct vs_error *err) {
  struct vs_annotations annotations = run->annotations;
  if (body->kind == VS_STATEMENT_QUERY)
    return vs_workspace_plan(&run->workspace, body->as.query, &annotations, &run->plan, err);
  if (body->kind != VS_STATEMENT_CREATE || !body->as.create->query) {
    vs_status status = vs_fail(err, VS_CODE_NOT_YET, body->span, "EXPLAIN of this statement does not run yet");
    return vs_fail_hint(err, status, "EXPLAIN takes a SELECT, or a CREATE ... AS SELECT");
  }
  VS_TRY(vs_creation_bind(&run->creation, &run->workspace, body, &annotations, &run->arena, err));
  run->plan = run->creation.plan;
  return VS_OK;
}

vs_status vs_run_explain_start(struct vs_run *run, struct vs_error *err) {
  if (run->statement->as.explain.how == VS_EXPLAIN_ANALYZE)
    return vs_fail(err, VS_CODE_NOT_YET, run->statement->span, "EXPLAIN ANALYZE does not run yet: write EXPLAIN");
  VS_TRY(bind(run, run->statement->as.explain.body, err));
  struct vs_text text;
  vs_text_init(&text, &run->engine->memory, (size_t)2 << 20);
  vs_plan_explain(run->plan, &text);
  vs_status status = vs_text_check(&text, err);
  run->note = status == VS_OK ? vs_arena_copy(&run->arena, text.data, text.size) : "";
  vs_text_release(&text);
  return run->note ? status : vs_fail_memory(err);
}
