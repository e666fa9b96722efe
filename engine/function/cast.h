/* SPDX-License-Identifier: Apache-2.0
 * Inside this room: what a bound cast knows, and values as text. */
#ifndef VS_FUNCTION_CAST_H
#define VS_FUNCTION_CAST_H

#include "engine/function/kernel.h"

struct vs_cast {
  struct vs_type from, to;
  bool is_try;
  uint64_t factor; /* of a decimal that only gains decimals */
};
vs_status vs_eval_to_text(struct vs_eval *eval, const struct vs_call_bound *call, const struct vs_vector *arguments,
                          uint32_t row_count, struct vs_vector *ret, struct vs_error *err);

#endif
