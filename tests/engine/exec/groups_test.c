/* SPDX-License-Identifier: Apache-2.0
 * Groups of a dictionary key: the same ones, and the same state, whoever's dictionary a batch comes with. */
#include "engine/exec/groups.h"

#include <criterion/criterion.h>

enum { VALUES = 300 };

/* What two threads that decode one column hold: the same texts under other codes. */
struct pair {
  struct vs_string values[2][VALUES];
  struct vs_dictionary dictionaries[2];
};

static void fill(struct pair *pair, struct vs_arena *arena) {
  for (uint32_t i = 0; i < VALUES; i++) {
    char *text = vs_arena_printf(arena, "value %u", i);
    pair->values[0][i] = pair->values[1][VALUES - 1 - i] = vs_string_of(text, strlen(text));
  }
  for (int d = 0; d < 2; d++)
    pair->dictionaries[d] =
        (struct vs_dictionary){.values = pair->values[d], .value_count = VALUES, .identity = &pair->dictionaries[d]};
}

/* One row per value, from dictionary 0 and 1 by turns; the bytes of the groups. */
static size_t state_after(struct pair *pair, uint32_t turn_count, bool takes_turns, struct vs_arena *arena) {
  struct vs_memory state;
  struct vs_group_layout layout;
  struct vs_groups groups;
  uint16_t codes[VALUES];
  struct vs_group *first[VALUES], *found[VALUES];
  const struct vs_type type = {VS_TYPE_STRING, 0, 0};
  vs_memory_init(&state, NULL, 0);
  cr_assert_eq(vs_group_layout_init(&layout, &type, 1, 8, arena, NULL), VS_OK);
  vs_groups_init(&groups, &layout, &state);
  for (uint32_t turn = 0; turn < turn_count; turn++) {
    uint32_t which = takes_turns ? turn % 2 : 0;
    for (uint16_t i = 0; i < VALUES; i++)
      codes[i] = which ? VALUES - 1 - i : i;
    struct vs_group_keys keys;
    struct vs_vector column = {
        .type = type, .encoding = VS_VECTOR_DICTIONARY, .data = codes, .dictionary = &pair->dictionaries[which]};
    cr_assert_eq(vs_group_keys_init(&keys, &layout, &column, VALUES, arena, NULL), VS_OK);
    cr_assert_eq(vs_groups_find(&groups, &keys, NULL, VALUES, turn ? found : first, NULL), VS_OK);
    for (uint32_t i = 0; turn && i < VALUES; i++)
      cr_assert_eq(found[i], first[i], "row %u in turn %u", i, turn);
  }
  cr_expect_eq(groups.group_count, VALUES);
  size_t bytes = vs_memory_used(&state);
  vs_groups_release(&groups);
  return bytes;
}

Test(exec_groups, several_dictionaries_take_no_more_state_than_one) {
  struct vs_memory memory;
  struct vs_arena arena;
  static struct pair pair;
  vs_memory_init(&memory, NULL, 0);
  vs_arena_init(&arena, &memory, 0);
  fill(&pair, &arena);
  cr_expect_eq(state_after(&pair, 6, true, &arena), state_after(&pair, 6, false, &arena));
  vs_arena_release(&arena);
}
