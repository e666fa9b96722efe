/* SPDX-License-Identifier: Apache-2.0
 * The entry points: a query, one constant, and the end of a plan. */
#include "engine/plan/binder.h"

/* Trees of a long statement and the schemas it reads fit easily; a runaway splice of views does not. */
#define PLAN_BYTES ((size_t)64 << 20)

static vs_status new_plan(const struct vs_plan_context *context, struct vs_plan **ret_plan, struct vs_error *err) {
  struct vs_memory *memory = context->env->memory;
  struct vs_plan *plan = vs_memory_alloc(memory, sizeof *plan);
  if (!plan) return vs_fail_memory(err);
  *plan = (struct vs_plan){.fold.limit = -1};
  vs_arena_init(&plan->arena, memory, PLAN_BYTES);
  if (context->catalog) plan->snapshot = vs_catalog_current(context->catalog);
  *ret_plan = plan;
  return VS_OK;
}

void vs_plan_free(struct vs_plan *plan) {
  if (!plan) return;
  struct vs_memory *memory = plan->arena.memory;
  if (plan->snapshot) vs_snapshot_unref(plan->snapshot);
  vs_arena_release(&plan->arena);
  vs_memory_free(memory, plan, sizeof *plan);
}

static vs_status bind_plan(struct vs_binder *binder, const struct vs_query *query, struct vs_error *err) {
  struct vs_relation root;
  VS_TRY(vs_bind_query(binder, query, VS_EMIT_DEFAULT, true, &root, err));
  binder->plan->root = root.node;
  VS_TRY(vs_properties_check(binder, query, err));
  VS_TRY(vs_sink_bind(binder, query, &binder->plan->sink, err));
  VS_TRY(vs_fold_plan(binder, &root, err));
  vs_prune(binder, root.node);
  return binder->arena->is_failed ? vs_fail_memory(err) : VS_OK;
}

vs_status vs_plan_query(const struct vs_plan_context *context, const struct vs_query *query,
                        const struct vs_annotations *annotations, struct vs_plan **ret_plan, struct vs_error *err) {
  struct vs_plan *plan = NULL;
  VS_TRY(new_plan(context, &plan, err));
  struct vs_binder binder = {.context = context, .plan = plan, .arena = &plan->arena};
  binder.snapshot = context->snapshot ? context->snapshot : plan->snapshot;
  if (annotations) plan->annotations = *annotations;
  vs_status status = vs_arena_check(&plan->arena, bind_plan(&binder, query, err), err);
  if (status != VS_OK) {
    vs_plan_free(plan);
    return status;
  }
  *ret_plan = plan;
  return VS_OK;
}
