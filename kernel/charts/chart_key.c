/* SPDX-License-Identifier: Apache-2.0
 * Categories: the distinct values of a key column, in an order a person expects. */
#include "engine/base/map.h"
#include "engine/base/utf8.h"
#include "engine/types/value.h"
#include "kernel/charts/chart_shape.h"

#include <math.h>
#include <stdlib.h>

static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
static const char *const weekdays[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

/* Place in a calendar list by full name or first three letters; -1: no such name. */
static int calendar_place(const char *const *names, int count, struct vs_str label) {
  for (int i = 0; i < count; i++) {
    struct vs_str name = vs_str_of(names[i]), brief = {names[i], 3};
    if (vs_str_equal_nocase(label, name) || vs_str_equal_nocase(label, brief)) return i;
  }
  return -1;
}

struct category {
  struct vs_str label;
  double rank, number;
  uint32_t first; /* as seen */
};

static double calendar_rank(struct vs_str label) {
  int place = calendar_place(months, 12, label);
  return place >= 0 ? place : 100 + calendar_place(weekdays, 7, label);
}

static bool is_calendar(const struct category *categories, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    if (calendar_rank(categories[i].label) == 99) return false;
  return count > 0;
}

/* "2012-03", "09:00": texts that begin with a digit sort as they are written. */
static bool is_digit_led(const struct category *categories, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    struct vs_str label = categories[i].label;
    if (!label.size || label.data[0] < '0' || label.data[0] > '9') return false;
  }
  return count > 0;
}

static int by_rank(const void *left, const void *right) {
  const struct category *a = left, *b = right;
  if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
  return a->first < b->first ? -1 : a->first > b->first;
}

static int by_label(const void *left, const void *right) {
  const struct category *a = left, *b = right;
  int order = memcmp(a->label.data, b->label.data, VS_MIN(a->label.size, b->label.size));
  return order ? order : a->label.size < b->label.size ? -1 : a->label.size > b->label.size;
}

static bool is_month_column(struct vs_str name, const struct category *categories, uint32_t count) {
  if (name.size < 3 || !vs_str_equal_nocase((struct vs_str){name.data, 3}, VS_STR("mon"))) return false;
  for (uint32_t i = 0; i < count; i++)
    if (!(categories[i].number >= 1 && categories[i].number <= 12 &&
          categories[i].number == floor(categories[i].number)))
      return false;
  return true;
}

static void order(struct category *categories, uint32_t count, bool is_numeric, struct vsk_key *key) {
  bool is_months = is_numeric && is_month_column(key->name, categories, count);
  bool has_calendar = !is_numeric && is_calendar(categories, count), is_led = is_digit_led(categories, count);
  for (uint32_t i = 0; i < count; i++) {
    categories[i].rank = 0;
    if (is_numeric)
      categories[i].rank = isnan(categories[i].number) ? INFINITY : categories[i].number;
    else if (has_calendar)
      categories[i].rank = calendar_rank(categories[i].label);
    if (is_months) categories[i].label = (struct vs_str){months[(int)categories[i].number - 1], 3};
  }
  key->is_ordinal = is_numeric || has_calendar || is_led;
  qsort(categories, count, sizeof *categories, is_led && !is_numeric ? by_label : by_rank);
}

static struct vs_str print_label(const struct vs_vector *vector, uint32_t row, struct vs_text *scratch,
                                 struct vs_arena *arena) {
  struct vs_value value = vs_value_get(vector, row);
  vs_text_clear(scratch);
  vs_value_print(&value, VS_STYLE_TABLE, scratch);
  if (!scratch->size) vs_text_puts(scratch, "(empty)");
  char *copy = vs_arena_copy(arena, scratch->data ? scratch->data : "", scratch->size);
  return (struct vs_str){copy, copy ? scratch->size : 0};
}

static double number_of(const struct vs_vector *vector, uint32_t row) {
  if (vs_vector_is_null(vector, row)) return NAN;
  struct vs_value value = vs_value_get(vector, row);
  return value.type.id == VS_TYPE_INTEGER ? (double)value.as.integer
         : value.type.id == VS_TYPE_FLOAT ? value.as.real
                                          : NAN;
}

/* Gives each row the code of its label in order of first sight; `ret_categories` has room for every row. */
static vs_status collect(const struct vsk_shape *shape, const struct vs_vector *vector, struct vs_map *map,
                         struct vs_text *scratch, struct vsk_key *key, struct category *ret_categories,
                         struct vs_error *err) {
  for (uint32_t i = 0; i < shape->row_count; i++) {
    struct vs_str label = print_label(vector, shape->rows[i], scratch, shape->arena);
    if (!label.data) return vs_fail_memory(err);
    uintptr_t found = (uintptr_t)vs_map_find(map, label);
    if (!found) {
      found = ++key->count;
      ret_categories[found - 1] =
          (struct category){.label = label, .number = number_of(vector, shape->rows[i]), .first = (uint32_t)found - 1};
      VS_TRY(vs_map_put(map, label, (void *)found, err));
    }
    key->codes[i] = (uint32_t)found - 1;
  }
  return VS_OK;
}

enum { LABEL_CHARACTERS = 60 };

/* A value of any length may be a key, and stands in every point of its line. A number keeps cut labels apart. */
static struct vs_str cut(struct vs_str label, uint32_t index, struct vs_arena *arena) {
  size_t kept = label.size <= LABEL_CHARACTERS ? label.size : vs_utf8_offset(label.data, label.size, LABEL_CHARACTERS);
  if (kept == label.size) return label;
  return vs_str_of(vs_arena_printf(arena, "%.*s\u2026 #%u", (int)kept, label.data, index + 1));
}

static vs_status arrange(const struct vsk_shape *shape, struct category *categories, bool is_numeric,
                         struct vsk_key *key, struct vs_error *err) {
  uint32_t *places = VS_ARENA_ARRAY(shape->arena, uint32_t, key->count + 1);
  key->labels = VS_ARENA_ARRAY(shape->arena, struct vs_str, key->count + 1);
  key->numbers = VS_ARENA_ARRAY(shape->arena, double, key->count + 1);
  if (!places || !key->labels || !key->numbers) return vs_fail_memory(err);
  order(categories, key->count, is_numeric, key);
  for (uint32_t i = 0; i < key->count; i++) {
    places[categories[i].first] = i;
    key->labels[i] = cut(categories[i].label, i, shape->arena);
    key->numbers[i] = categories[i].number;
  }
  for (uint32_t i = 0; i < shape->row_count; i++)
    key->codes[i] = places[key->codes[i]];
  return VS_OK;
}

vs_status vsk_key_read(const struct vsk_shape *shape, uint32_t column, struct vsk_key *ret_key, struct vs_error *err) {
  const struct vs_vector *vector = &shape->input->rows->columns[column];
  struct vsk_key key = {.column = column, .name = shape->input->schema->fields[column].name};
  struct category *categories = VS_ARENA_ARRAY(shape->arena, struct category, shape->row_count + 1);
  key.codes = VS_ARENA_ARRAY(shape->arena, uint32_t, shape->row_count + 1);
  if (!categories || !key.codes) return vs_fail_memory(err);
  struct vs_map map;
  struct vs_text scratch;
  vs_map_init(&map, shape->arena->memory);
  vs_text_init(&scratch, shape->arena->memory, 0);
  vs_status status = collect(shape, vector, &map, &scratch, &key, categories, err);
  vs_map_release(&map);
  vs_text_release(&scratch);
  VS_TRY(status);
  vs_type_id type = vector->type.id;
  VS_TRY(arrange(shape, categories, type == VS_TYPE_INTEGER || type == VS_TYPE_FLOAT, &key, err));
  *ret_key = key;
  return VS_OK;
}
