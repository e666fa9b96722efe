/* SPDX-License-Identifier: Apache-2.0
 * FIRST_VALUE, LAST_VALUE, ANY_VALUE: by event time, then by arrival, so that late and merged rows find their place. */
#include "engine/function/keep.h"
#include "engine/types/time.h"

struct edge {
  struct vs_kept kept;
  int64_t time;
  uint64_t sequence;
  bool is_set, is_null;
};
/* What bind knows. */
struct edge_rule {
  bool is_last, ignores_null;
};

static bool goes_before(int64_t time, uint64_t sequence, const struct edge *edge) {
  return time < edge->time || (time == edge->time && sequence < edge->sequence);
}

/* A row whose time is NULL is neither first nor last as long as another row has one. */
static bool takes_place(const struct edge_rule *rule, const struct edge *edge, int64_t time, uint64_t sequence) {
  if (!edge->is_set) return true;
  bool has_time = time != VS_TIME_NONE, had_time = edge->time != VS_TIME_NONE;
  if (has_time != had_time) return has_time;
  return goes_before(time, sequence, edge) != rule->is_last;
}

static vs_status edge_add(struct vs_aggregate_run *run, const struct vs_vector *arguments, char *const *groups,
                          size_t offset, uint32_t begin, uint32_t end, struct vs_error *err) {
  const struct edge_rule *rule = run->bound->data;
  for (uint32_t row = begin; row < end; row++) {
    bool is_null = vs_vector_is_null(&arguments[0], row);
    if (!groups[row] || (is_null && rule->ignores_null)) continue;
    struct edge *edge = (struct edge *)(void *)(groups[row] + offset);
    int64_t time = run->event_time_us ? run->event_time_us[row] : INT64_MIN;
    uint64_t sequence = run->first_sequence + row;
    if (!takes_place(rule, edge, time, sequence)) continue;
    edge->is_set = true, edge->is_null = is_null, edge->time = time, edge->sequence = sequence;
    if (!is_null) VS_TRY(vs_kept_set(run, &edge->kept, &arguments[0], row, err));
  }
  return VS_OK;
}

static vs_status edge_merge(struct vs_aggregate_run *run, char *to, const char *from, struct vs_error *err) {
  struct edge *edge = (struct edge *)(void *)to;
  const struct edge *other = VS_STATE(struct edge, from, 0);
  if (!other->is_set || !takes_place(run->bound->data, edge, other->time, other->sequence)) return VS_OK;
  edge->is_set = true, edge->is_null = other->is_null, edge->time = other->time, edge->sequence = other->sequence;
  return other->is_null ? VS_OK : vs_kept_copy(run, &edge->kept, &other->kept, run->bound->result, err);
}

static vs_status edge_finish(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                             struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err) {
  for (uint32_t i = 0; i < count; i++) {
    const struct edge *edge = VS_STATE(struct edge, groups[i], offset);
    if (edge->is_set && !edge->is_null)
      VS_TRY(vs_kept_write(run, &edge->kept, ret, ret_begin + i, err));
    else
      vs_finish_null(ret, ret_begin + i);
  }
  return VS_OK;
}

static vs_status bind_edge(const struct vs_aggregate *self, struct vs_binding *binding, bool ignore_nulls,
                           struct vs_aggregate_bound *ret_bound, struct vs_error *err) {
  struct edge_rule *rule = VS_ARENA_NEW(binding->arena, struct edge_rule);
  if (!rule) return vs_fail_memory(err);
  if (binding->arguments[0].id >= VS_TYPE_ARRAY) return vs_bind_refuse(self->name, self->signature, binding, err);
  *rule = (struct edge_rule){self->measure == VS_MEASURE_LAST, ignore_nulls || self->measure == VS_MEASURE_RAW};
  *ret_bound = (struct vs_aggregate_bound){.aggregate = self,
                                           .result = binding->arguments[0],
                                           .state_size = sizeof(struct edge),
                                           .add = edge_add,
                                           .merge = edge_merge,
                                           .finish = edge_finish,
                                           .data = rule,
                                           .span = binding->span};
  return VS_OK;
}

/* clang-format off */
static const struct vs_aggregate rows[] = {
  {"FIRST_VALUE", "FIRST", "(x) [IGNORE NULLS] -> type of x", 1, 1, 0, VS_MEASURE_FIRST, bind_edge, "The value of the row with the earliest event time; of equal times the one that arrived first.", "FIRST_VALUE(3, 1, 2) = 3"},
  {"LAST_VALUE", "LAST", "(x) [IGNORE NULLS] -> type of x", 1, 1, 0, VS_MEASURE_LAST, bind_edge, "The value of the row with the latest event time; of equal times the one that arrived last.", "LAST_VALUE(3, 1, 2) = 2"},
  {"ANY_VALUE", "", "(x) -> type of x", 1, 1, VS_AGG_IGNORES_DISTINCT, VS_MEASURE_RAW, bind_edge, "One of the values that are not NULL: the earliest.", "ANY_VALUE(NULL, 'a', 'a') = 'a'"},
};
/* clang-format on */
const struct vs_aggregate_family vs_aggregate_family_edge = {"edges", rows, VS_COUNT_OF(rows)};
