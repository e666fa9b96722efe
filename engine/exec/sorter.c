/* SPDX-License-Identifier: Apache-2.0
 * Bottom-up merge sort of (first key as an order-preserving 64-bit number, row). Most comparisons end at that number;
 * only ties look at the columns. */
#include "engine/exec/sorter.h"

struct item {
  uint64_t prefix;
  uint32_t row;
  bool is_complete; /* the prefix is the whole first key: on a tie the search goes on at the second */
  bool is_null;
};
struct sorting {
  const struct vs_vector *keys;
  const struct vs_sort_key *order;
  uint32_t key_count;
  const struct vs_job_context *context; /* NULL: nobody can ask for a stop */
};

static uint64_t prefix_of_i64(int64_t value) {
  return (uint64_t)value ^ UINT64_C(1) << 63;
}

/* Negative doubles sort by descending bits, the others above all of them. */
static uint64_t prefix_of_double(double value) {
  uint64_t bits;
  value = value == 0 ? 0 : value;
  memcpy(&bits, &value, sizeof bits);
  return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static uint64_t prefix_of_string(const struct vs_string *string, bool *ret_is_complete) {
  struct vs_str view = vs_string_view(string);
  uint64_t prefix = 0;
  for (size_t i = 0; i < 8; i++)
    prefix = prefix << 8 | (i < view.size ? (uint8_t)view.data[i] : 0);
  *ret_is_complete = false; /* a NUL inside the text looks like its end */
  return prefix;
}

static struct item item_of(const struct sorting *sorting, uint32_t row) {
  const struct vs_vector *key = &sorting->keys[0];
  struct item item = {.row = row, .is_complete = true, .is_null = vs_vector_is_null(key, row)};
  if (item.is_null) return item;
  switch (vs_type_physical(key->type)) {
  case VS_PHYSICAL_BOOL: item.prefix = ((const uint8_t *)key->data)[row]; break;
  case VS_PHYSICAL_I64: item.prefix = prefix_of_i64(((const int64_t *)key->data)[row]); break;
  case VS_PHYSICAL_F64: item.prefix = prefix_of_double(((const double *)key->data)[row]); break;
  case VS_PHYSICAL_I128:
    item.prefix = prefix_of_i64((int64_t)(((const vs_i128 *)key->data)[row] >> 64));
    item.is_complete = false;
    break;
  case VS_PHYSICAL_STRING:
    item.prefix = prefix_of_string((const struct vs_string *)key->data + row, &item.is_complete);
    break;
  case VS_PHYSICAL_INTERVAL: item.is_complete = false; break;
  }
  return item;
}

/* A month counts as 30 days, as in comparisons of the dialect. */
static vs_i128 interval_size(const struct vs_interval *interval) {
  return (vs_i128)interval->months * 30 * 86400 * 1000000000 + interval->nanoseconds;
}

#define THREE_WAY(a, b) (((a) > (b)) - ((a) < (b)))
static int compare_cells(const struct vs_vector *key, uint32_t a, uint32_t b) {
  const void *data = key->data;
  switch (vs_type_physical(key->type)) {
  case VS_PHYSICAL_BOOL: return THREE_WAY(((const uint8_t *)data)[a], ((const uint8_t *)data)[b]);
  case VS_PHYSICAL_I64: return THREE_WAY(((const int64_t *)data)[a], ((const int64_t *)data)[b]);
  case VS_PHYSICAL_F64: return THREE_WAY(((const double *)data)[a], ((const double *)data)[b]);
  case VS_PHYSICAL_I128: return THREE_WAY(((const vs_i128 *)data)[a], ((const vs_i128 *)data)[b]);
  case VS_PHYSICAL_STRING:
    return vs_string_compare((const struct vs_string *)data + a, (const struct vs_string *)data + b);
  case VS_PHYSICAL_INTERVAL:
    return THREE_WAY(interval_size((const struct vs_interval *)data + a),
                     interval_size((const struct vs_interval *)data + b));
  }
  return 0;
}

static int compare_key(const struct sorting *sorting, uint32_t k, uint32_t a, uint32_t b) {
  const struct vs_vector *key = &sorting->keys[k];
  bool a_null = vs_vector_is_null(key, a), b_null = vs_vector_is_null(key, b);
  if (a_null || b_null) return a_null == b_null ? 0 : a_null == sorting->order[k].nulls_first ? -1 : 1;
  int order = compare_cells(key, a, b);
  return sorting->order[k].is_descending ? -order : order;
}

static int compare(const struct sorting *sorting, const struct item *a, const struct item *b) {
  uint32_t first = 0;
  if (!a->is_null && !b->is_null) {
    if (a->prefix != b->prefix) return (a->prefix < b->prefix) != sorting->order[0].is_descending ? -1 : 1;
    first = a->is_complete;
  }
  for (uint32_t k = first; k < sorting->key_count; k++) {
    int order = compare_key(sorting, k, a->row, b->row);
    if (order) return order;
  }
  return 0;
}

/* A stop is asked about now and then: the last merge of a big input alone takes longer than it may wait. */
static vs_status merge(const struct sorting *sorting, const struct item *from, size_t begin, size_t middle, size_t end,
                       struct item *to) {
  size_t left = begin, right = middle;
  for (size_t i = begin; i < end; i++) {
    bool take_left = left < middle && (right == end || compare(sorting, &from[left], &from[right]) <= 0);
    to[i] = from[take_left ? left++ : right++];
    if ((i & 0x3FFF) == 0 && sorting->context) VS_TRY(vs_context_check(sorting->context));
  }
  return VS_OK;
}

static vs_status sort_items(const struct sorting *sorting, struct item *items, struct item *scratch, size_t count,
                            struct item **ret_sorted) {
  for (size_t size = 1; size < count; size *= 2) {
    for (size_t begin = 0; begin < count; begin += 2 * size)
      VS_TRY(merge(sorting, items, begin, VS_MIN(begin + size, count), VS_MIN(begin + 2 * size, count), scratch));
    struct item *swap = items;
    items = scratch;
    scratch = swap;
  }
  *ret_sorted = items;
  return VS_OK;
}

vs_status vs_sort_rows(const struct vs_vector *keys, const struct vs_sort_key *order, uint32_t key_count,
                       uint32_t *rows, uint32_t count, struct vs_memory *memory, const struct vs_job_context *context,
                       struct vs_error *err) {
  if (!key_count || count < 2) return VS_OK;
  struct sorting sorting = {keys, order, key_count, context};
  size_t bytes = 2 * (size_t)count * sizeof(struct item);
  struct item *items = vs_memory_alloc(memory, bytes), *sorted;
  if (!items) return vs_fail_memory(err);
  for (uint32_t i = 0; i < count; i++)
    items[i] = item_of(&sorting, rows[i]);
  vs_status status = sort_items(&sorting, items, items + count, count, &sorted);
  for (uint32_t i = 0; status == VS_OK && i < count; i++)
    rows[i] = sorted[i].row;
  vs_memory_free(memory, items, bytes);
  return status;
}
