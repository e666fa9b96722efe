/* SPDX-License-Identifier: Apache-2.0
 * Values kept in aggregate states. */
#include "engine/function/keep.h"

vs_status vs_kept_set_string(struct vs_aggregate_run *run, struct vs_kept *kept, const struct vs_string *string,
                             struct vs_error *err) {
  if (string->size <= VS_STRING_INLINE) {
    kept->value.string = *string;
    return VS_OK;
  }
  if (string->size > kept->room_size) {
    size_t size = VS_MIN(VS_MAX(string->size, 2 * (size_t)kept->room_size), UINT32_MAX);
    char *room = vs_arena_alloc(run->arena, size);
    if (!room) return vs_fail_memory(err);
    kept->room = room;
    kept->room_size = (uint32_t)size;
  }
  memmove(kept->room, string->tail.data, string->size);
  kept->value.string = vs_string_of(kept->room, string->size);
  return VS_OK;
}

vs_status vs_kept_set(struct vs_aggregate_run *run, struct vs_kept *kept, const struct vs_vector *vector, uint32_t row,
                      struct vs_error *err) {
  vs_physical physical = vs_type_physical(vector->type);
  if (physical == VS_PHYSICAL_STRING) {
    struct vs_string string = vs_vector_string(vector, row);
    return vs_kept_set_string(run, kept, &string, err);
  }
  size_t size = vs_physical_size(physical);
  memcpy(&kept->value, (const char *)vector->data + vs_vector_index(vector, row) * size, size);
  return VS_OK;
}

vs_status vs_kept_copy(struct vs_aggregate_run *run, struct vs_kept *to, const struct vs_kept *from,
                       struct vs_type type, struct vs_error *err) {
  if (vs_type_physical(type) == VS_PHYSICAL_STRING) return vs_kept_set_string(run, to, &from->value.string, err);
  to->value = from->value;
  return VS_OK;
}

vs_status vs_kept_write(struct vs_aggregate_run *run, const struct vs_kept *kept, struct vs_vector *ret, uint32_t row,
                        struct vs_error *err) {
  vs_physical physical = vs_type_physical(ret->type);
  if (physical == VS_PHYSICAL_STRING)
    return vs_string_copy(&kept->value.string, run->eval->arena, &((struct vs_string *)ret->data)[row])
               ? VS_OK
               : vs_fail_memory(err);
  size_t size = vs_physical_size(physical);
  memcpy((char *)ret->data + row * size, &kept->value, size);
  return VS_OK;
}
