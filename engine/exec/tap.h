/* SPDX-License-Identifier: Apache-2.0
 * Taps: the only places where the studio looks into a running query. Live cells, sinks, metrics, tests are all taps.
 * Called on the job's thread, all calls of one tap in order. A batch is borrowed until the call returns; a tap never
 * blocks longer than its own lock. All taps of a query are known before it starts. */
#ifndef VS_EXEC_TAP_H
#define VS_EXEC_TAP_H

#include "engine/plan/plan.h"

struct vs_tap;
struct vs_tap_ops {
  vs_status (*open)(struct vs_tap *tap, const struct vs_schema *schema, vs_change_mode mode, struct vs_error *err);
  /* VS_STOP ends the query cleanly (row bound). Hidden columns are present. */
  vs_status (*batch)(struct vs_tap *tap, const struct vs_batch *batch, struct vs_error *err);
  void (*watermark)(struct vs_tap *tap, int64_t watermark_us); /* may be NULL */
  /* Exactly once, also after an error or a stop. `err` is NULL when status is VS_OK or VS_STOP. */
  void (*close)(struct vs_tap *tap, vs_status status, const struct vs_error *err);
};
struct vs_tap {
  const struct vs_tap_ops *ops;
};

#endif
