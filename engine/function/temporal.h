/* SPDX-License-Identifier: Apache-2.0
 * Inside this room: arithmetic of times and intervals, reached from the rows of + - * /. */
#ifndef VS_FUNCTION_TEMPORAL_H
#define VS_FUNCTION_TEMPORAL_H

#include "engine/function/kernel.h"

/* Binds `a op b` when a time or an interval is on one side and the combination exists; false: not this room's. */
bool vs_bind_temporal(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call);
vs_status vs_eval_negate_interval(struct vs_eval *eval, const struct vs_call_bound *call,
                                  const struct vs_vector *arguments, uint32_t row_count, struct vs_vector *ret,
                                  struct vs_error *err);

#endif
