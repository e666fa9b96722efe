/* SPDX-License-Identifier: Apache-2.0
 * What every part of binding needs: plan memory, growing arrays, warnings, the list of objects read. */
#include "engine/plan/binder.h"

#include <stdarg.h>
#include <stdio.h>

void *vs_binder_alloc(struct vs_binder *binder, size_t size, size_t count) {
  return vs_arena_zalloc(binder->arena, size * (count ? count : 1));
}

bool vs_binder_grow(struct vs_binder *binder, void **array, uint32_t count, uint32_t *capacity, size_t size) {
  if (count < *capacity) return true;
  uint32_t wider = *capacity ? *capacity * 2 : 8;
  void *moved = vs_binder_alloc(binder, size, wider);
  if (!moved) return false;
  if (count) memcpy(moved, *array, size * count);
  *array = moved;
  *capacity = wider;
  return true;
}

void vs_binder_warn(struct vs_binder *binder, struct vs_span span, const char *format, ...) {
  struct vs_plan *plan = binder->plan;
  if (binder->is_quiet || !vs_binder_grow(binder, (void **)&plan->warnings, plan->warning_count,
                                          &binder->warning_capacity, sizeof(struct vs_error)))
    return;
  struct vs_error warning = {.span = span, .other = VS_NO_SPAN};
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(warning.message, sizeof warning.message, format, arguments);
  va_end(arguments);
  for (uint32_t i = 0; i < plan->warning_count; i++) /* an alias that is used twice is bound twice */
    if (memcmp(&plan->warnings[i].span, &span, sizeof span) == 0 &&
        strcmp(plan->warnings[i].message, warning.message) == 0)
      return;
  plan->warnings[plan->warning_count++] = warning;
}

static bool has_read(const struct vs_plan *plan, struct vs_str name) {
  for (uint32_t i = 0; i < plan->read_count; i++)
    if (vs_str_equal(plan->reads[i], name)) return true;
  return false;
}

vs_status vs_binder_read(struct vs_binder *binder, const struct vs_object *object, struct vs_error *err) {
  struct vs_plan *plan = binder->plan;
  if (has_read(plan, object->name)) return VS_OK;
  uint32_t capacity = binder->read_capacity;
  if (!vs_binder_grow(binder, (void **)&plan->reads, plan->read_count, &capacity, sizeof(struct vs_str)) ||
      !vs_binder_grow(binder, (void **)&plan->read_versions, plan->read_count, &binder->read_capacity,
                      sizeof(uint64_t)))
    return vs_fail_memory(err);
  plan->reads[plan->read_count] = vs_binder_copy(binder, object->name);
  plan->read_versions[plan->read_count++] = object->version;
  return VS_OK;
}

struct vs_str vs_binder_copy(struct vs_binder *binder, struct vs_str text) {
  if (!text.data) return text;
  char *copy = vs_arena_copy(binder->arena, text.data, text.size);
  return copy ? (struct vs_str){copy, text.size} : VS_STR("");
}

vs_status vs_not_yet(struct vs_error *err, struct vs_span span, const char *construct) {
  return vs_fail_hint(err, vs_fail(err, VS_CODE_NOT_YET, span, "%s does not run yet", construct),
                      "%%help sql lists what runs today");
}
