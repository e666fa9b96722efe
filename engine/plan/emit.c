/* SPDX-License-Identifier: Apache-2.0
 * When rows come out (spec/sql.md 3.3): one function decides for every query. */
#include "engine/plan/binder.h"

static vs_status never_ends(const struct vs_emit_facts *facts, struct vs_error *err) {
  return vs_fail_hint(err,
                      vs_fail(err, VS_CODE_UNBOUNDED_STATE, facts->span,
                              "EMIT FINAL waits for the end of the input, and this input has none"),
                      "use EMIT CHANGES, or add WINDOW TUMBLING(1m)");
}

vs_status vs_emit_decide(const struct vs_emit_facts *facts, vs_emit *ret_emit, struct vs_error *err) {
  vs_emit emit = facts->written;
  bool is_final_below = facts->wanted == VS_EMIT_FINAL && facts->is_bounded; /* complete results for the query above */
  if (emit == VS_EMIT_DEFAULT || is_final_below)
    emit = facts->has_window || facts->is_bounded ? VS_EMIT_FINAL : VS_EMIT_CHANGES;
  if (emit == VS_EMIT_FINAL && facts->written == VS_EMIT_DEFAULT && facts->wanted == VS_EMIT_CHANGES &&
      !facts->has_window)
    emit = VS_EMIT_CHANGES; /* the query above asked for changes */
  if (emit == VS_EMIT_FINAL && facts->has_aggregate && !facts->has_window && !facts->is_bounded)
    return never_ends(facts, err);
  *ret_emit = emit;
  return VS_OK;
}
