/* SPDX-License-Identifier: Apache-2.0
 * A small table made by a statement itself: SHOW, DESCRIBE, the schema of a CREATE. Text columns, all in one arena. */
#ifndef VS_RUNTIME_LISTING_H
#define VS_RUNTIME_LISTING_H

#include "engine/exec/result.h"

enum { VS_LIST_COLUMNS_MAX = 6 };
struct vs_list {
  struct vs_arena *arena;
  struct vs_schema schema;
  struct vs_batch batch;
  uint32_t capacity;
  bool is_failed; /* no memory; vs_list_check says so */
};
/* `columns`: names separated by "|". */
void vs_list_init(struct vs_list *list, const char *columns, struct vs_arena *arena);
/* One text per column; they are copied. */
void vs_list_add(struct vs_list *list, const struct vs_str *texts);
vs_status vs_list_check(const struct vs_list *list, struct vs_error *err) VS_NODISCARD;
/* The first `head` and the last `tail` rows, borrowed from the list. */
void vs_list_view(const struct vs_list *list, uint32_t head, uint32_t tail, struct vs_arena *arena,
                  struct vs_result_view *ret_view);

#endif
