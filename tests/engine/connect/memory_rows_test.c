/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/connect/connector.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct vs_field fields[] = {{.name = {"k", 1}, .type = {VS_TYPE_INTEGER, 0, 0}, .is_nullable = true},
                                   {.name = {"s", 1}, .type = {VS_TYPE_STRING, 0, 0}, .is_nullable = true}};
static const struct vs_schema schema = {fields, 2, 2};

/* Rows first..first+count; every fifth string is NULL; strings die with `arena`. */
static void make_batch(struct vs_batch *batch, int64_t first, uint32_t count, struct vs_arena *arena) {
  struct vs_error err;
  cr_assert_eq(vs_batch_init(batch, &schema, count, arena, &err), VS_OK);
  batch->row_count = batch->selected_count = count;
  uint64_t *validity = vs_vector_validity(&batch->columns[1], count, arena);
  for (uint32_t i = 0; i < count; i++) {
    char *text = vs_arena_printf(arena, "a text longer than twelve %lld", (long long)(first + i));
    ((int64_t *)batch->columns[0].data)[i] = first + i;
    ((struct vs_string *)batch->columns[1].data)[i] = vs_string_of(text, strlen(text));
    if ((first + i) % 5 == 0) vs_bit_clear(validity, i);
  }
}

Test(connect_rows, appended_rows_outlive_what_they_came_from) {
  struct vs_memory memory;
  struct vs_arena arena;
  struct vs_rows *rows;
  struct vs_error err;
  struct vs_batch batch;
  vs_memory_init(&memory, NULL, 0);
  cr_assert_eq(vs_rows_new(&schema, &memory, &rows, &err), VS_OK);
  for (int64_t first = 0; first < 6000; first += 300) {
    vs_arena_init(&arena, &memory, 0);
    make_batch(&batch, first, 300, &arena);
    cr_assert_eq(vs_rows_append(rows, &batch, &err), VS_OK);
    vs_arena_release(&arena);
  }
  cr_expect_eq(vs_rows_count(rows), 6000);
  cr_expect_gt(vs_rows_bytes(rows), 6000 * 24);
  struct vs_env env = {.memory = &memory};
  struct vs_source_reader *reader;
  cr_assert_eq(vs_rows_open(rows, &env, &reader, &err), VS_OK);
  vs_rows_unref(rows); /* the reader holds them */
  vs_poll poll = VS_POLL_ROWS;
  int64_t next = 0, wait_us;
  while (reader->ops->poll(reader, NULL, &batch, &poll, &wait_us, &err) == VS_OK && poll == VS_POLL_ROWS)
    for (uint32_t i = 0; i < batch.row_count; i++, next++) {
      char wanted[64];
      cr_assert_eq(((const int64_t *)batch.columns[0].data)[i], next);
      cr_assert_eq(vs_vector_is_null(&batch.columns[1], i), next % 5 == 0);
      if (next % 5 == 0) continue;
      struct vs_string string = vs_vector_string(&batch.columns[1], i);
      snprintf(wanted, sizeof wanted, "a text longer than twelve %lld", (long long)next);
      cr_assert(vs_str_equal(vs_string_view(&string), vs_str_of(wanted)));
    }
  cr_expect_eq(next, 6000);
  reader->ops->close(reader);
  cr_expect_eq(vs_memory_used(&memory), 0);
}

Test(connect_rows, only_selected_rows_that_stand_are_kept) {
  struct vs_memory memory;
  struct vs_arena arena;
  struct vs_rows *rows;
  struct vs_error err;
  struct vs_batch batch;
  const uint16_t selection[] = {1, 3, 4};
  const int8_t weight[] = {1, 1, 1, -1, 1};
  vs_memory_init(&memory, NULL, 0);
  vs_arena_init(&arena, &memory, 0);
  cr_assert_eq(vs_rows_new(&schema, &memory, &rows, &err), VS_OK);
  make_batch(&batch, 10, 5, &arena);
  batch.selection = selection;
  batch.selected_count = 3;
  batch.weight = weight;
  cr_assert_eq(vs_rows_append(rows, &batch, &err), VS_OK);
  cr_expect_eq(vs_rows_count(rows), 2);
  vs_rows_unref(rows);
  vs_arena_release(&arena);
  cr_expect_eq(vs_memory_used(&memory), 0);
}

Test(connect_rows, a_budget_that_is_used_up_is_an_error) {
  struct vs_memory memory, heap;
  struct vs_arena arena;
  struct vs_rows *rows;
  struct vs_error err;
  struct vs_batch batch;
  vs_memory_init(&heap, NULL, 0);
  vs_memory_init(&memory, NULL, 100000);
  vs_arena_init(&arena, &heap, 0);
  cr_assert_eq(vs_rows_new(&schema, &memory, &rows, &err), VS_OK);
  make_batch(&batch, 0, 2000, &arena);
  vs_status status = VS_OK;
  for (int i = 0; i < 10 && status == VS_OK; i++)
    status = vs_rows_append(rows, &batch, &err);
  cr_expect_eq(status, VS_RESOURCE);
  vs_rows_unref(rows);
  vs_arena_release(&arena);
  cr_expect_eq(vs_memory_used(&memory), 0);
}
