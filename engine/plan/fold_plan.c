/* SPDX-License-Identifier: Apache-2.0
 * How the result is folded for people (design Contracts 3): by key when rows replace each other, else appended. */
#include "engine/plan/binder.h"

vs_status vs_fold_plan(struct vs_binder *binder, const struct vs_relation *root, struct vs_error *err) {
  struct vs_fold_plan *fold = &binder->plan->fold;
  if (root->node->mode == VS_MODE_APPEND) return VS_OK;
  fold->is_keyed = true;
  fold->key_count = root->key_count;
  fold->key_columns = vs_binder_alloc(binder, sizeof *fold->key_columns, root->key_count);
  if (!fold->key_columns) return vs_fail_memory(err);
  for (uint32_t i = 0; i < root->key_count; i++)
    fold->key_columns[i] = root->keys[i];
  return VS_OK;
}
