/* SPDX-License-Identifier: Apache-2.0
 * From what the engine hands out to what display and charts draw; shared by %viz and by the frames of a running cell.
 */
#ifndef VSK_MAGICS_SHOW_H
#define VSK_MAGICS_SHOW_H

#include "kernel/charts/chart.h"
#include "kernel/magics/magic.h"

/* Everything but rows and totals, from a result's schema and plan facts; `hint` (from %viz) wins over its annotations.
 */
vs_status vsk_chart_input_of(const struct vs_kept_result *result, const struct vsk_viz_hint *hint,
                             struct vs_arena *arena, struct vsk_chart_input *ret_input,
                             struct vs_error *err) VS_NODISCARD;

#endif
