/* SPDX-License-Identifier: Apache-2.0
 * From what the engine hands out to what display and charts draw; shared by %viz and by the frames of a running cell.
 */
#ifndef VSK_MAGICS_SHOW_H
#define VSK_MAGICS_SHOW_H

#include "kernel/charts/chart.h"
#include "kernel/magics/magic.h"

/* Everything but rows, totals and the hint. `viz` are the statement's annotations; `hint` (from %viz) wins over them.
 */
vs_status vsk_chart_input_of(const struct vs_schema *schema, bool has_aggregate, const struct vs_viz *viz,
                             const struct vsk_viz_hint *hint, const struct vs_alert_plan *alerts, uint32_t alert_count,
                             struct vs_arena *arena, struct vsk_chart_input *ret_input,
                             struct vs_error *err) VS_NODISCARD;

#endif
