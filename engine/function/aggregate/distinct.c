/* SPDX-License-Identifier: Apache-2.0
 * COUNT_DISTINCT and APPROX_COUNT_DISTINCT, both exact: a hash set per group, open addressing, half full at most. */
#include "engine/base/map.h"
#include "engine/function/keep.h"

struct member {
  uint64_t hash;        /* 0: free */
  struct vs_string key; /* a text, or up to 16 bytes of a value */
};
struct set {
  struct member *members;
  uint64_t count, capacity;
};

/* A value as 16 bytes that are equal when the values are: -0.0 is 0.0, unused bytes are zero. */
static struct vs_string key_of(const struct vs_vector *vector, uint32_t row) {
  struct vs_string key = {0};
  vs_physical physical = vs_type_physical(vector->type);
  if (physical == VS_PHYSICAL_STRING) return vs_vector_string(vector, row);
  size_t size = vs_physical_size(physical);
  memcpy(&key, (const char *)vector->data + vs_vector_index(vector, row) * size, size);
  double real;
  memcpy(&real, &key, sizeof real);
  if (physical == VS_PHYSICAL_F64 && real == 0) memset(&key, 0, sizeof key);
  return key;
}

static uint64_t hash_of(const struct vs_string *key, bool is_text) {
  struct vs_str bytes = is_text ? vs_string_view(key) : (struct vs_str){(const char *)key, sizeof *key};
  return vs_hash_bytes(bytes.data, bytes.size, 0) | 1;
}

static bool is_same(const struct vs_string *a, const struct vs_string *b, bool is_text) {
  return is_text ? vs_string_equal(a, b) : memcmp(a, b, sizeof *a) == 0;
}

/* The member that holds the key, or the free one where it belongs. */
static struct member *set_slot(const struct set *set, uint64_t hash, const struct vs_string *key, bool is_text) {
  uint64_t mask = set->capacity - 1;
  for (uint64_t at = hash >> 1;; at++) {
    struct member *member = &set->members[at & mask];
    if (member->hash == 0 || (member->hash == hash && is_same(&member->key, key, is_text))) return member;
  }
}

static vs_status set_grow(struct vs_aggregate_run *run, struct set *set, bool is_text, struct vs_error *err) {
  struct set grown = {.count = set->count, .capacity = VS_MAX(8, set->capacity * 2)};
  grown.members = VS_ARENA_ARRAY(run->arena, struct member, grown.capacity);
  if (!grown.members) return vs_fail_memory(err);
  for (uint64_t i = 0; i < set->capacity; i++)
    if (set->members[i].hash) *set_slot(&grown, set->members[i].hash, &set->members[i].key, is_text) = set->members[i];
  *set = grown;
  return VS_OK;
}

static vs_status set_insert(struct vs_aggregate_run *run, struct set *set, uint64_t hash, const struct vs_string *key,
                            bool is_text, struct vs_error *err) {
  if (2 * set->count >= set->capacity) VS_TRY(set_grow(run, set, is_text, err));
  struct member *member = set_slot(set, hash, key, is_text);
  if (member->hash) return VS_OK;
  struct vs_string kept = *key;
  if (is_text && !vs_string_copy(key, run->arena, &kept)) return vs_fail_memory(err);
  *member = (struct member){hash, kept};
  set->count++;
  return VS_OK;
}

static vs_status distinct_add(struct vs_aggregate_run *run, const struct vs_vector *arguments, char *const *groups,
                              size_t offset, uint32_t begin, uint32_t end, struct vs_error *err) {
  bool is_text = vs_type_physical(arguments[0].type) == VS_PHYSICAL_STRING;
  for (uint32_t row = begin; row < end; row++) {
    if (!groups[row] || vs_vector_is_null(&arguments[0], row)) continue;
    struct vs_string key = key_of(&arguments[0], row);
    struct set *set = (struct set *)(void *)(groups[row] + offset);
    VS_TRY(set_insert(run, set, hash_of(&key, is_text), &key, is_text, err));
  }
  return VS_OK;
}

struct distinct { /* what bind knows */
  bool is_text;
};
static vs_status distinct_merge(struct vs_aggregate_run *run, char *to, const char *from, struct vs_error *err) {
  const struct distinct *distinct = run->bound->data;
  const struct set *other = VS_STATE(struct set, from, 0);
  for (uint64_t i = 0; i < other->capacity; i++) {
    const struct member *member = &other->members[i];
    if (member->hash)
      VS_TRY(set_insert(run, (struct set *)(void *)to, member->hash, &member->key, distinct->is_text, err));
  }
  return VS_OK;
}

static vs_status distinct_finish(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                                 struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err) {
  (void)run, (void)err;
  for (uint32_t i = 0; i < count; i++)
    ((int64_t *)ret->data)[ret_begin + i] = (int64_t)VS_STATE(struct set, groups[i], offset)->count;
  return VS_OK;
}

static vs_status bind_distinct(const struct vs_aggregate *self, struct vs_binding *binding, bool ignore_nulls,
                               struct vs_aggregate_bound *ret_bound, struct vs_error *err) {
  (void)ignore_nulls;
  struct distinct *distinct = VS_ARENA_NEW(binding->arena, struct distinct);
  if (!distinct) return vs_fail_memory(err);
  if (binding->arguments[0].id >= VS_TYPE_ARRAY) return vs_bind_refuse(self->name, self->signature, binding, err);
  distinct->is_text = vs_type_physical(binding->arguments[0]) == VS_PHYSICAL_STRING;
  *ret_bound = (struct vs_aggregate_bound){.aggregate = self,
                                           .result = VS_TYPE(INTEGER),
                                           .state_size = sizeof(struct set),
                                           .add = distinct_add,
                                           .merge = distinct_merge,
                                           .finish = distinct_finish,
                                           .data = distinct,
                                           .span = binding->span};
  return VS_OK;
}

/* clang-format off */
static const struct vs_aggregate rows[] = {
  {"COUNT_DISTINCT", "", "(x) -> INTEGER", 1, 1, VS_AGG_IGNORES_DISTINCT, VS_MEASURE_RATIO, bind_distinct, "How many different values there are.", "COUNT_DISTINCT('a', 'b', 'a', NULL) = 2"},
  {"APPROX_COUNT_DISTINCT", "", "(x) -> INTEGER", 1, 1, VS_AGG_IGNORES_DISTINCT, VS_MEASURE_RATIO, bind_distinct, "How many different values there are; today exact.", "APPROX_COUNT_DISTINCT(1, 2, 2) = 2"},
};
/* clang-format on */
const struct vs_aggregate_family vs_aggregate_family_distinct = {"distinct", rows, VS_COUNT_OF(rows)};
