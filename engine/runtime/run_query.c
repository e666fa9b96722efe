/* SPDX-License-Identifier: Apache-2.0
 * SELECT: bound, started with the result fold and the caller's taps, kept under its names when it has ended. */
#include "engine/runtime/run.h"

static void add_plan_warnings(struct vs_run *run) {
  for (uint32_t i = 0; i < run->plan->warning_count; i++)
    vs_run_warn_error(run, &run->plan->warnings[i]);
}

static vs_status check_name(struct vs_run *run, struct vs_error *err) {
  bool exists;
  struct vs_ident name = {.text = run->annotations.name, .span = run->annotations.name_span};
  return name.text.size ? vs_workspace_admit(&run->workspace, name, false, &exists, err) : VS_OK;
}

vs_status vs_run_query_start(struct vs_run *run, struct vs_error *err) {
  VS_TRY(check_name(run, err));
  VS_TRY(vs_workspace_plan(&run->workspace, run->statement->as.query, &run->annotations, &run->plan, err));
  add_plan_warnings(run);
  if (run->plan->is_scalar) run->kind = VS_RUN_SCALAR;
  VS_TRY(vs_result_new(run->plan, run->engine->env, &run->result, err));
  vs_run_add_tap(run, vs_result_tap(run->result));
  if (run->options.keep_result) run->publish = vs_run_keep_result;
  return vs_run_start_job(run, err);
}
