/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/magics/show.h"

static struct vs_str either(struct vs_str first, struct vs_str second) {
  return first.data ? first : second;
}

static vs_status alerts_of(const struct vs_kept_result *result, struct vs_arena *arena, struct vsk_chart_input *input,
                           struct vs_error *err) {
  const struct vs_schema *schema = result->schema;
  struct vsk_chart_alert *items = VS_ARENA_ARRAY(arena, struct vsk_chart_alert, result->alert_count + 1);
  if (!items) return vs_fail_memory(err);
  for (uint32_t i = 0; i < result->alert_count; i++) {
    const struct vs_alert_plan *alert = &result->alerts[i];
    bool is_there = alert->column < schema->field_count && schema->fields[alert->column].role == VS_ROLE_ALERT;
    items[i] = (struct vsk_chart_alert){.column = is_there ? (int)alert->column : -1,
                                        .measure_column = alert->measure_column,
                                        .threshold = alert->threshold,
                                        .is_below = alert->op == VS_OP_LESS || alert->op == VS_OP_LESS_EQUAL,
                                        .text = alert->alert ? alert->alert->condition_text : VS_STR("")};
  }
  input->alerts = items;
  input->alert_count = result->alert_count;
  return VS_OK;
}

vs_status vsk_chart_input_of(const struct vs_kept_result *result, const struct vsk_viz_hint *hint,
                             struct vs_arena *arena, struct vsk_chart_input *ret_input, struct vs_error *err) {
  struct vsk_chart_input input = {.schema = result->schema, .has_aggregate = result->has_aggregate};
  const struct vs_viz *viz = &result->viz;
  input.hint =
      (struct vsk_chart_hint){either(hint->mark, viz->mark), either(hint->title, viz->title), either(hint->x, viz->x),
                              either(hint->y, viz->y), either(hint->color, viz->color)};
  VS_TRY(alerts_of(result, arena, &input, err));
  *ret_input = input;
  return VS_OK;
}
