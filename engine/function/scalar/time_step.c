/* SPDX-License-Identifier: Apache-2.0
 * DATE_TRUNC, DATEDIFF, DATE_ADD and DATE_SUB: steps of the calendar. */
#include "engine/function/kernel.h"
#include "engine/types/time.h"

/* A unit with a fixed length has microseconds, a calendar unit months. */
struct step_unit {
  const char *name;
  int64_t us, months;
};
/* clang-format off */
static const struct step_unit step_units[] = {
  {"MICROSECOND", 1, 0}, {"MILLISECOND", 1000, 0}, {"SECOND", VS_US_PER_SECOND, 0}, {"MINUTE", 60 * VS_US_PER_SECOND, 0},
  {"HOUR", 3600 * VS_US_PER_SECOND, 0}, {"DAY", VS_US_PER_DAY, 0}, {"WEEK", 7 * VS_US_PER_DAY, 0}, {"MONTH", 0, 1},
  {"QUARTER", 0, 3}, {"YEAR", 0, 12},
};
/* clang-format on */

static const struct step_unit *unit_find(struct vs_str name) {
  if (name.size > 1 && (name.data[name.size - 1] | 0x20) == 's') name.size--;
  for (size_t i = 0; i < VS_COUNT_OF(step_units); i++)
    if (vs_str_equal_nocase(name, vs_str_of(step_units[i].name))) return &step_units[i];
  return NULL;
}

struct step {
  const struct step_unit *unit;
};

/* Weeks begin on ISO Monday; 1970-01-01 was a Thursday. */
static int64_t truncate_fixed(int64_t us, int64_t unit_us) {
  int64_t shift = unit_us == 7 * VS_US_PER_DAY ? 3 * VS_US_PER_DAY : 0;
  int64_t rest = (us + shift) % unit_us;
  return us - rest - (rest < 0 ? unit_us : 0);
}
static int64_t truncate_months(int64_t us, int64_t months) {
  struct vs_civil civil;
  vs_civil_from_us(us, &civil);
  uint32_t month = (uint32_t)((civil.month - 1) / months * months + 1);
  return vs_days_from_civil(civil.year, month, 1) * VS_US_PER_DAY;
}

static vs_status fail_range(struct vs_rows *rows, uint32_t row) {
  return vs_rows_fail(rows, row, VS_CODE_BAD_ARGUMENT, "the time is outside years 0001 to 9999");
}

static vs_status truncate_row(struct vs_rows *rows, uint32_t row) {
  const struct step_unit *unit = ((const struct step *)rows->call->data)->unit;
  int64_t us;
  if (!vs_rows_instant(rows, 1, row, &us)) return fail_range(rows, row);
  us = unit->us ? truncate_fixed(us, unit->us) : truncate_months(us, unit->months);
  if (!vs_timestamp_in_range(us)) return fail_range(rows, row);
  bool is_millis = rows->ret->type.id != VS_TYPE_TIMESTAMP;
  vs_rows_put_i64(rows, row, is_millis ? us / 1000 - (us % 1000 < 0) : us);
  return VS_OK;
}

/* Full months from a to b: one fewer when b's day and time have not come round yet. */
static int64_t months_between(int64_t a, int64_t b) {
  if (a > b) return -months_between(b, a);
  struct vs_civil from, to;
  vs_civil_from_us(a, &from);
  vs_civil_from_us(b, &to);
  int64_t months = ((int64_t)to.year - from.year) * 12 + to.month - from.month;
  int64_t reached;
  bool is_early = !vs_timestamp_add(a, (struct vs_interval){0, months}, &reached) || reached > b;
  return months - is_early;
}

static vs_status difference_row(struct vs_rows *rows, uint32_t row) {
  const struct step_unit *unit = ((const struct step *)rows->call->data)->unit;
  int64_t a, b;
  if (!vs_rows_instant(rows, 1, row, &a) || !vs_rows_instant(rows, 2, row, &b)) return fail_range(rows, row);
  vs_rows_put_i64(rows, row, unit->us ? (b - a) / unit->us : months_between(a, b) / unit->months);
  return VS_OK;
}
VS_ROW_KERNEL(eval_truncate, truncate_row)
VS_ROW_KERNEL(eval_difference, difference_row)

static vs_status bind_unit(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                           struct vs_error *err) {
  struct step *step = VS_ARENA_NEW(binding->arena, struct step);
  struct vs_str name;
  if (!step) return vs_fail_memory(err);
  if (!vs_bind_constant_str(binding, 0, &name)) return vs_bind_refuse(self->name, self->signature, binding, err);
  step->unit = unit_find(name);
  if (!step->unit)
    return vs_fail_hint(err,
                        vs_fail(err, VS_CODE_WRONG_ARGUMENTS, binding->argument_spans[0], "%s knows no unit %.*s",
                                self->name, VS_STR_ARG(name)),
                        "units are year quarter month week day hour minute second millisecond microsecond");
  for (uint32_t i = 1; i < binding->argument_count; i++)
    if (!vs_bind_instant(binding, i)) return vs_bind_refuse(self->name, self->signature, binding, err);
  ret_call->data = step;
  return VS_OK;
}

/* Milliseconds stay milliseconds, everything else is a TIMESTAMP. */
static vs_status bind_truncate(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                               struct vs_error *err) {
  VS_TRY(bind_unit(self, binding, ret_call, err));
  ret_call->result = binding->arguments[1];
  ret_call->eval = eval_truncate;
  return VS_OK;
}

static vs_status bind_difference(const struct vs_scalar *self, struct vs_binding *binding,
                                 struct vs_call_bound *ret_call, struct vs_error *err) {
  VS_TRY(bind_unit(self, binding, ret_call, err));
  ret_call->result = VS_TYPE(INTEGER);
  ret_call->eval = eval_difference;
  return VS_OK;
}

/* DATE_ADD(t, i) is t + i, DATE_SUB(t, i) is t - i. */
static vs_status bind_shift(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                            struct vs_error *err) {
  const struct vs_scalar *sign = vs_scalar_find(self->name[5] == 'A' ? VS_STR("+") : VS_STR("-"));
  if (binding->arguments[1].id != VS_TYPE_INTERVAL && binding->arguments[1].id != VS_TYPE_NULL)
    return vs_bind_refuse(self->name, self->signature, binding, err);
  return sign->bind(sign, binding, ret_call, err);
}

/* clang-format off */
static const struct vs_scalar rows[] = {
  {"DATE_TRUNC", "", "(unit, t) -> TIMESTAMP", 2, 2, 0, bind_truncate, "The beginning of the unit a time falls into; weeks begin on Monday.", "DATE_TRUNC('month', TIMESTAMP('2026-01-31 12:30')) = TIMESTAMP('2026-01-01')"},
  {"DATEDIFF", "DATE_DIFF", "(unit, a, b) -> INTEGER", 3, 3, 0, bind_difference, "Full units from a to b, cut towards zero.", "DATEDIFF('minutes', TIMESTAMP('2026-01-01 00:00'), TIMESTAMP('2026-01-01 01:30')) = 90"},
  {"DATE_ADD", "", "(t, interval) -> type of t + interval", 2, 2, 0, bind_shift, "A time plus an interval.", "DATE_ADD(TIMESTAMP('2026-01-31'), INTERVAL '1' MONTH) = TIMESTAMP('2026-02-28')"},
  {"DATE_SUB", "", "(t, interval) -> type of t - interval", 2, 2, 0, bind_shift, "A time minus an interval.", "DATE_SUB(TIMESTAMP('2026-03-31'), INTERVAL '1' MONTH) = TIMESTAMP('2026-02-28')"},
};
/* clang-format on */
const struct vs_scalar_family vs_scalar_family_time_step = {"times: steps", rows, VS_COUNT_OF(rows)};
