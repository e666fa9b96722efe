/* SPDX-License-Identifier: Apache-2.0
 * INTEGER columns that hold times in a known unit (the event time of a file in microseconds, say). Where a time is
 * wanted they are read by that unit: by the general rule, an integer is milliseconds, every row would be wrong or fail.
 */
#include "engine/plan/binder.h"

static vs_epoch_unit unit_of(const struct vs_scope *scope, const struct vs_bound *bound) {
  if (bound->is != VS_BOUND_COLUMN || bound->type.id != VS_TYPE_INTEGER || scope->grouping) return VS_EPOCH_AUTO;
  if (!scope->input || !scope->input->units) return VS_EPOCH_AUTO;
  return scope->input->units[bound->as.column];
}

/* FROM_UNIXTIME takes exact decimal seconds. */
static vs_status read_as_time(struct vs_scope *scope, vs_epoch_unit unit, struct vs_bound **bound,
                              struct vs_error *err) {
  static const uint8_t digits[] = {[VS_EPOCH_MILLIS] = 3, [VS_EPOCH_MICROS] = 6, [VS_EPOCH_NANOS] = 9};
  struct vs_span span = (*bound)->span;
  struct vs_bound *seconds = *bound;
  if (unit != VS_EPOCH_SECONDS) {
    struct vs_value factor = {.type = vs_type_decimal(digits[unit], digits[unit]), .as.decimal = 1};
    struct vs_bound *sides[2] = {*bound, vs_bound_constant(scope->binder, &factor, span)};
    if (!sides[1]) return vs_fail_memory(err);
    VS_TRY(vs_apply(scope->binder, "*", sides, 2, span, &seconds, err));
  }
  return vs_apply(scope->binder, "FROM_UNIXTIME", &seconds, 1, span, bound, err);
}

vs_status vs_unit_cast(struct vs_scope *scope, struct vs_type target, struct vs_bound **bound, struct vs_error *err) {
  vs_epoch_unit unit = unit_of(scope, *bound);
  if (unit == VS_EPOCH_AUTO || (target.id != VS_TYPE_TIMESTAMP && target.id != VS_TYPE_DATE)) return VS_OK;
  return read_as_time(scope, unit, bound, err);
}

/* '2026-01-31 09:00:00', and not '1582329602111000'. */
static bool is_text_of_time(struct vs_scope *scope, struct vs_bound *bound) {
  struct vs_bound *time = NULL;
  if (bound->type.id != VS_TYPE_STRING || !vs_bound_is_constant(bound) || bound->as.constant.is_null) return false;
  return vs_apply_cast(scope->binder, bound, VS_TYPE(TIMESTAMP), false, bound->span, &time, NULL) == VS_OK &&
         vs_bound_is_constant(time);
}

vs_status vs_unit_sides(struct vs_scope *scope, struct vs_bound *sides[2], struct vs_error *err) {
  for (int i = 0; i < 2; i++) {
    struct vs_bound *other = sides[1 - i];
    vs_epoch_unit unit = unit_of(scope, sides[i]);
    bool is_beside_time =
        vs_type_is_temporal(other->type) || other->type.id == VS_TYPE_INTERVAL || is_text_of_time(scope, other);
    /* Milliseconds are what an integer means anyway, and `integer + INTERVAL` stays one. */
    if (unit == VS_EPOCH_AUTO || unit == VS_EPOCH_MILLIS || !is_beside_time) continue;
    return read_as_time(scope, unit, &sides[i], err);
  }
  return VS_OK;
}

static bool is_of_times(const struct vs_scalar *row) {
  for (const struct vs_scalar_family *const *family = vs_scalar_families(); *family; family++)
    if (row >= (*family)->rows && row < (*family)->rows + (*family)->row_count)
      return strncmp((*family)->name, "times", 5) == 0 && strcmp(row->name, "FROM_UNIXTIME") != 0;
  return false;
}

vs_status vs_unit_arguments(struct vs_scope *scope, const struct vs_scalar *row, struct vs_bound **arguments,
                            uint32_t count, struct vs_error *err) {
  if (!is_of_times(row)) return VS_OK;
  for (uint32_t i = 0; i < count; i++) {
    vs_epoch_unit unit = unit_of(scope, arguments[i]);
    if (unit != VS_EPOCH_AUTO) VS_TRY(read_as_time(scope, unit, &arguments[i], err));
  }
  return VS_OK;
}
