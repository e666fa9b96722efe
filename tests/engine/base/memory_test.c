/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/arena.h"
#include "engine/base/map.h"
#include "engine/base/text.h"

#include <criterion/criterion.h>
#include <stdio.h>

Test(base_memory, child_counts_in_its_parent_and_gives_back) {
  struct vs_memory root, child;
  vs_memory_init(&root, NULL, 0);
  vs_memory_init(&child, &root, 1000);
  void *block = vs_memory_alloc(&child, 600);
  cr_assert_not_null(block);
  cr_expect_eq(vs_memory_used(&root), 600);
  cr_expect_null(vs_memory_alloc(&child, 600), "over the child's limit");
  cr_expect_eq(vs_memory_used(&root), 600, "a refusal leaves no trace");
  block = vs_memory_resize(&child, block, 600, 900);
  cr_expect_eq(vs_memory_used(&child), 900);
  vs_memory_free(&child, block, 900);
  cr_expect_eq(vs_memory_used(&root), 0);
}

Test(base_memory, nth_allocation_fails_once) {
  struct vs_memory root;
  vs_memory_init(&root, NULL, 0);
  root.fail_at = 2;
  void *first = vs_memory_alloc(&root, 8), *second = vs_memory_alloc(&root, 8), *third = vs_memory_alloc(&root, 8);
  cr_expect(first && !second && third);
  vs_memory_free(&root, first, 8);
  vs_memory_free(&root, third, 8);
  cr_expect_eq(vs_memory_used(&root), 0);
}

Test(base_arena, blocks_are_aligned_and_the_ceiling_holds) {
  struct vs_memory root;
  struct vs_arena arena;
  vs_memory_init(&root, NULL, 0);
  vs_arena_init(&arena, &root, 10000);
  for (size_t bytes = 1; bytes < 100; bytes += 7)
    cr_expect_eq((uintptr_t)vs_arena_alloc(&arena, bytes) % 16, 0);
  cr_expect_null(vs_arena_alloc(&arena, 20000));
  cr_expect(arena.is_failed);
  vs_arena_reset(&arena);
  cr_expect_not(arena.is_failed);
  for (int i = 0; i < 4; i++)
    cr_expect_eq(vs_arena_alloc(&arena, 3008) != NULL, i < 3, "small blocks add up to the ceiling: block %d", i);
  vs_arena_release(&arena);
  cr_expect_eq(vs_memory_used(&root), 0);
}

Test(base_arena, reset_keeps_one_chunk_so_that_the_next_batch_asks_nothing) {
  struct vs_memory root;
  struct vs_arena arena;
  vs_memory_init(&root, NULL, 0);
  vs_arena_init(&arena, &root, 0);
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < 100; i++)
      cr_assert_not_null(vs_arena_alloc(&arena, 1000));
    vs_arena_reset(&arena);
  }
  uint64_t before = root.allocations;
  cr_assert_not_null(vs_arena_alloc(&arena, 1000));
  cr_expect_eq(root.allocations, before);
  vs_arena_release(&arena);
}

Test(base_text, ceiling_is_reported_and_json_and_html_are_escaped) {
  struct vs_memory root;
  struct vs_text text;
  vs_memory_init(&root, NULL, 0);
  vs_text_init(&text, &root, 1000);
  vs_text_json(&text, VS_STR("a\"b\\\n\x01\xff\xc3\xa9"));
  cr_expect_str_eq(text.data, "\"a\\\"b\\\\\\n\\u0001\xEF\xBF\xBD\xc3\xa9\"");
  vs_text_clear(&text);
  vs_text_html(&text, VS_STR("<b a='x' c=\"y\">&"));
  cr_expect_str_eq(text.data, "&lt;b a=&#39;x&#39; c=&quot;y&quot;&gt;&amp;");
  for (int i = 0; i < 100; i++)
    vs_text_printf(&text, "%50d", i);
  struct vs_error error;
  cr_expect_eq(vs_text_check(&text, &error), VS_RESOURCE);
  cr_expect_eq(error.code, VS_CODE_OUTPUT_LIMIT);
  cr_expect_leq(text.size, 1000);
  vs_text_release(&text);
}

Test(base_map, finds_every_key_in_order_of_insertion) {
  struct vs_memory root;
  struct vs_map map;
  static char keys[500][8];
  vs_memory_init(&root, NULL, 0);
  vs_map_init(&map, &root);
  for (size_t i = 0; i < 500; i++) {
    snprintf(keys[i], sizeof keys[i], "k%zu", i);
    cr_assert_eq(vs_map_put(&map, vs_str_of(keys[i]), keys[i], NULL), VS_OK);
  }
  cr_assert_eq(vs_map_put(&map, VS_STR("k7"), keys[8], NULL), VS_OK);
  cr_expect_eq(map.entry_count, 500);
  cr_expect_eq(vs_map_find(&map, VS_STR("k7")), keys[8]);
  cr_expect_eq(vs_map_find(&map, VS_STR("k499")), keys[499]);
  cr_expect_null(vs_map_find(&map, VS_STR("k500")));
  cr_expect_eq(map.entries[3].value, keys[3]);
  vs_map_release(&map);
  cr_expect_eq(vs_memory_used(&root), 0);
}
