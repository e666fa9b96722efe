/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/magics/show.h"

static struct vs_str either(struct vs_str first, struct vs_str second) {
  return first.data ? first : second;
}

static vs_status alerts_of(const struct vs_schema *schema, const struct vs_alert_plan *alerts, uint32_t alert_count,
                           struct vs_arena *arena, struct vsk_chart_input *input, struct vs_error *err) {
  struct vsk_chart_alert *items = VS_ARENA_ARRAY(arena, struct vsk_chart_alert, alert_count + 1);
  if (!items) return vs_fail_memory(err);
  for (uint32_t i = 0; i < alert_count; i++) {
    const struct vs_alert_plan *alert = &alerts[i];
    bool is_there = alert->column < schema->field_count && schema->fields[alert->column].role == VS_ROLE_ALERT;
    items[i] = (struct vsk_chart_alert){.column = is_there ? (int)alert->column : -1,
                                        .measure_column = alert->measure_column,
                                        .threshold = alert->threshold,
                                        .is_below = alert->op == VS_OP_LESS || alert->op == VS_OP_LESS_EQUAL,
                                        .text = alert->alert ? alert->alert->condition_text : VS_STR("")};
  }
  input->alerts = items;
  input->alert_count = alert_count;
  return VS_OK;
}

vs_status vsk_chart_input_of(const struct vs_schema *schema, bool has_aggregate, const struct vs_viz *viz,
                             const struct vsk_viz_hint *hint, const struct vs_alert_plan *alerts, uint32_t alert_count,
                             struct vs_arena *arena, struct vsk_chart_input *ret_input, struct vs_error *err) {
  struct vsk_chart_input input = {.schema = schema, .has_aggregate = has_aggregate};
  const struct vs_viz none = {.mark = {NULL, 0}};
  viz = viz ? viz : &none;
  input.hint =
      (struct vsk_chart_hint){either(hint->mark, viz->mark), either(hint->title, viz->title), either(hint->x, viz->x),
                              either(hint->y, viz->y), either(hint->color, viz->color)};
  VS_TRY(alerts_of(schema, alerts, alert_count, arena, &input, err));
  *ret_input = input;
  return VS_OK;
}
