/* SPDX-License-Identifier: Apache-2.0
 * A change is the next snapshot while it is built: the current holders, less and more. */
#include "engine/catalog/snapshot.h"

struct vs_change {
  struct vs_catalog *catalog;
  struct vs_memory *memory;
  struct vs_holder **holders; /* holders[count], each with a reference */
  uint32_t count, capacity;
  struct vs_holder *pending; /* its arena was given out, its object is not put yet */
};

static vs_status reserve(struct vs_change *change, uint32_t wanted, struct vs_error *err) {
  if (wanted <= change->capacity) return VS_OK;
  uint32_t capacity = VS_MAX(wanted, change->capacity * 2 + 8);
  struct vs_holder **holders =
      vs_memory_resize(change->memory, change->holders, sizeof *holders * change->capacity, sizeof *holders * capacity);
  if (!holders) return vs_fail_memory(err);
  change->holders = holders;
  change->capacity = capacity;
  return VS_OK;
}

static void change_free(struct vs_change *change) {
  vs_holder_unref(change->pending);
  vs_memory_free(change->memory, change->holders, sizeof *change->holders * change->capacity);
  vs_memory_free(change->memory, change, sizeof *change);
}

vs_status vs_change_begin(struct vs_catalog *catalog, struct vs_change **ret_change, struct vs_error *err) {
  struct vs_memory *memory = vs_catalog_memory(catalog);
  struct vs_change *change = vs_memory_alloc(memory, sizeof *change);
  if (!change) return vs_fail_memory(err);
  *change = (struct vs_change){.catalog = catalog, .memory = memory};
  struct vs_snapshot *current = vs_catalog_current(catalog);
  vs_status status = reserve(change, current->count, err);
  for (; status == VS_OK && change->count < current->count; change->count++)
    change->holders[change->count] = vs_holder_ref(current->holders[change->count]);
  vs_snapshot_unref(current);
  if (status != VS_OK)
    change_free(change);
  else
    *ret_change = change;
  return status;
}

vs_status vs_change_arena(struct vs_change *change, struct vs_arena **ret_arena, struct vs_error *err) {
  struct vs_holder *holder;
  VS_TRY(vs_holder_new(change->memory, &holder, err));
  vs_holder_unref(change->pending);
  change->pending = holder;
  *ret_arena = &holder->arena;
  return VS_OK;
}

static void remove_at(struct vs_change *change, uint32_t index) {
  vs_holder_unref(change->holders[index]);
  change->count--;
  memmove(change->holders + index, change->holders + index + 1, sizeof *change->holders * (change->count - index));
}

static bool is_or_belongs_to(struct vs_str object, struct vs_str name) {
  if (object.size < name.size || !vs_str_equal((struct vs_str){object.data, name.size}, name)) return false;
  struct vs_str rest = {object.data + name.size, object.size - name.size};
  return !rest.size || vs_str_equal(rest, VS_STR(".failed")) || vs_str_equal(rest, VS_STR(".late"));
}

void vs_change_remove(struct vs_change *change, struct vs_str name) {
  for (uint32_t i = change->count; i-- > 0;)
    if (is_or_belongs_to(change->holders[i]->object->name, name)) remove_at(change, i);
}

void vs_change_remove_owner(struct vs_change *change, struct vs_str owner) {
  for (uint32_t i = change->count; i-- > 0;)
    if (vs_str_equal(change->holders[i]->object->owner, owner)) remove_at(change, i);
}

vs_status vs_change_put(struct vs_change *change, struct vs_object *object, struct vs_error *err) {
  struct vs_holder *holder = change->pending;
  VS_TRY(reserve(change, change->count + 1, err));
  if (!holder) VS_TRY(vs_holder_new(change->memory, &holder, err));
  change->pending = NULL;
  holder->object = object;
  holder->rows = object->rows ? vs_rows_ref(object->rows) : NULL;
  vs_change_remove(change, object->name);
  change->holders[change->count++] = holder;
  return VS_OK;
}

vs_status vs_change_publish(struct vs_change *change, struct vs_error *err) {
  struct vs_snapshot *snapshot;
  vs_status status = vs_snapshot_new(change->memory, change->holders, change->count, &snapshot, err);
  if (status == VS_OK) vs_catalog_publish(change->catalog, snapshot);
  change_free(change);
  return status;
}

void vs_change_drop(struct vs_change *change) {
  if (!change) return;
  for (uint32_t i = 0; i < change->count; i++)
    vs_holder_unref(change->holders[i]);
  change_free(change);
}
