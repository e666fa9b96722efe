/* SPDX-License-Identifier: Apache-2.0
 * STRING_AGG and LISTAGG: texts in order of arrival. The state keeps the separator before its first text too, so that
 * merging is appending; finish leaves it out. */
#include "engine/function/fold.h"

enum { LIST_MAX = 16 << 20 };

struct list {
  char *bytes;
  uint32_t size, capacity;
  uint32_t skipped; /* the separator before the first text */
  bool is_set, is_over;
};

static vs_status list_append(struct vs_aggregate_run *run, struct list *list, const char *bytes, size_t size,
                             struct vs_error *err) {
  list->is_over = list->is_over || list->size + size > LIST_MAX;
  if (list->is_over || size == 0) return VS_OK;
  if (list->size + size > list->capacity) {
    size_t capacity = VS_MAX(VS_MAX(64, 2 * (size_t)list->capacity), list->size + size);
    char *grown = vs_arena_alloc(run->arena, capacity);
    if (!grown) return vs_fail_memory(err);
    if (list->size) memcpy(grown, list->bytes, list->size);
    list->bytes = grown;
    list->capacity = (uint32_t)capacity;
  }
  memcpy(list->bytes + list->size, bytes, size);
  list->size += (uint32_t)size;
  return VS_OK;
}

static vs_status append_string(struct vs_aggregate_run *run, struct list *list, const struct vs_vector *vector,
                               uint32_t row, struct vs_error *err) {
  struct vs_string string = vs_vector_string(vector, row);
  struct vs_str bytes = vs_string_view(&string);
  return list_append(run, list, bytes.data, bytes.size, err);
}

static vs_status list_add(struct vs_aggregate_run *run, const struct vs_vector *arguments, char *const *groups,
                          size_t offset, uint32_t begin, uint32_t end, struct vs_error *err) {
  bool has_separator = run->bound->data;
  for (uint32_t row = begin; row < end; row++) {
    if (!groups[row] || vs_vector_is_null(&arguments[0], row)) continue;
    struct list *list = (struct list *)(void *)(groups[row] + offset);
    if (!has_separator)
      VS_TRY(list_append(run, list, ",", 1, err));
    else if (!vs_vector_is_null(&arguments[1], row))
      VS_TRY(append_string(run, list, &arguments[1], row, err));
    if (!list->is_set) list->skipped = list->size;
    list->is_set = true;
    VS_TRY(append_string(run, list, &arguments[0], row, err));
  }
  return VS_OK;
}

static vs_status list_merge(struct vs_aggregate_run *run, char *to, const char *from, struct vs_error *err) {
  struct list *list = (struct list *)(void *)to;
  const struct list *other = VS_STATE(struct list, from, 0);
  if (!other->is_set) return VS_OK;
  if (!list->is_set) list->skipped = other->skipped;
  list->is_set = true;
  list->is_over = list->is_over || other->is_over;
  return list_append(run, list, other->bytes, other->size, err);
}

static vs_status list_finish(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                             struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err) {
  for (uint32_t i = 0; i < count; i++) {
    const struct list *list = VS_STATE(struct list, groups[i], offset);
    if (!list->is_set || list->is_over) {
      vs_finish_null(ret, ret_begin + i);
      if (list->is_over)
        vs_eval_fail_row(run->eval, ret_begin + i, VS_CODE_FIELD_LIMIT, run->bound->span, "the list is over 16 MiB");
      continue;
    }
    struct vs_string whole = {0};
    if (list->size > list->skipped) whole = vs_string_of(list->bytes + list->skipped, list->size - list->skipped);
    if (!vs_string_copy(&whole, run->eval->arena, &((struct vs_string *)ret->data)[ret_begin + i]))
      return vs_fail_memory(err);
  }
  return VS_OK;
}

static vs_status bind_list(const struct vs_aggregate *self, struct vs_binding *binding, bool ignore_nulls,
                           struct vs_aggregate_bound *ret_bound, struct vs_error *err) {
  (void)ignore_nulls;
  bool *has_separator = NULL;
  for (uint32_t i = 0; i < binding->argument_count; i++) {
    if (binding->arguments[i].id >= VS_TYPE_ARRAY) return vs_bind_refuse(self->name, self->signature, binding, err);
    binding->arguments[i] = VS_TYPE(STRING);
  }
  if (binding->argument_count == 2) {
    has_separator = VS_ARENA_NEW(binding->arena, bool);
    if (!has_separator) return vs_fail_memory(err);
  }
  *ret_bound = (struct vs_aggregate_bound){.aggregate = self,
                                           .result = VS_TYPE(STRING),
                                           .state_size = sizeof(struct list),
                                           .add = list_add,
                                           .merge = list_merge,
                                           .finish = list_finish,
                                           .data = has_separator,
                                           .span = binding->span};
  return VS_OK;
}

/* clang-format off */
static const struct vs_aggregate rows[] = {
  {"STRING_AGG", "GROUP_CONCAT", "(x [, separator]) -> STRING", 1, 2, VS_AGG_ORDERED, VS_MEASURE_RAW, bind_list, "The values as one text in order of arrival, with a comma or the separator between.", "STRING_AGG('a', NULL, 'b') = 'a,b'"},
  {"LISTAGG", "COLLECT", "(x [, separator]) -> STRING", 1, 2, VS_AGG_ORDERED, VS_MEASURE_RAW, bind_list, "The values as one text in order of arrival, with a comma or the separator between.", "LISTAGG(1, 2, 3) = '1,2,3'"},
};
/* clang-format on */
const struct vs_aggregate_family vs_aggregate_family_text_list = {"lists", rows, VS_COUNT_OF(rows)};
