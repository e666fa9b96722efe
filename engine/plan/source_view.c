/* SPDX-License-Identifier: Apache-2.0
 * Views of the catalogue: their query is spliced into the reader's plan. */
#include "engine/plan/binder.h"

static vs_status check_versions(struct vs_binder *binder, const struct vs_object *view, struct vs_span span,
                                struct vs_error *err) {
  for (uint32_t i = 0; i < view->depend_count; i++) {
    const struct vs_object *below = vs_snapshot_find(binder->snapshot, view->depends_on[i]);
    if (!below)
      return vs_fail_hint(err,
                          vs_fail(err, VS_CODE_UNKNOWN_TABLE, span, "%.*s reads from %.*s, which is gone",
                                  VS_STR_ARG(view->name), VS_STR_ARG(view->depends_on[i])),
                          "create %.*s again", VS_STR_ARG(view->depends_on[i]));
  }
  return VS_OK;
}

/* The definition was fine when it was made; what changed since is what the reader wants to know. */
static vs_status blame_change(struct vs_binder *binder, const struct vs_object *view, struct vs_span span,
                              vs_status status, struct vs_error *err) {
  for (uint32_t i = 0; err && i < view->depend_count; i++) {
    const struct vs_object *below = vs_snapshot_find(binder->snapshot, view->depends_on[i]);
    if (!below || below->version == view->depends_versions[i]) continue;
    char message[sizeof err->message];
    memcpy(message, err->message, sizeof message);
    return vs_fail_hint(
        err,
        vs_fail(err, VS_CODE_DEFINITION_CHANGED, span, "%.*s no longer fits %.*s, which %.*s has changed: %.200s",
                VS_STR_ARG(view->name), VS_STR_ARG(below->name),
                VS_STR_ARG(below->owner_label.size ? below->owner_label : VS_STR("another statement")), message),
        "mend the query of %.*s and run its cell again", VS_STR_ARG(view->name));
  }
  return status;
}

static vs_status rename_columns(struct vs_binder *binder, const struct vs_object *view, struct vs_relation *relation,
                                struct vs_span span, struct vs_error *err) {
  if (!view->column_count) return VS_OK;
  return vs_columns_declare(binder, view->columns, view->column_count, relation, span, err);
}

vs_status vs_source_view(struct vs_binder *binder, const struct vs_object *view, struct vs_span span, vs_emit wanted,
                         struct vs_relation *ret_relation, struct vs_error *err) {
  for (const struct vs_view_scope *outer = binder->views; outer; outer = outer->outer)
    if (vs_str_equal(outer->name, view->name))
      return vs_fail_hint(err,
                          vs_fail(err, VS_CODE_RECURSIVE_VIEW, span, "%.*s reads from itself", VS_STR_ARG(view->name)),
                          "give the new stream another name");
  struct vs_view_scope here = {view->name, binder->views};
  const struct vs_view_scope *views = binder->views;
  const struct vs_cte_scope *ctes = binder->ctes;
  VS_TRY(check_versions(binder, view, span, err));
  binder->views = &here;
  binder->ctes = NULL;
  vs_status status = vs_bind_query(binder, view->query, wanted, false, ret_relation, err);
  binder->views = views;
  binder->ctes = ctes;
  if (status != VS_OK) return blame_change(binder, view, span, status, err);
  ret_relation->qualifier = vs_binder_copy(binder, view->name);
  return rename_columns(binder, view, ret_relation, span, err);
}
