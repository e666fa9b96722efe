/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/suggest.h"

#include <ctype.h>
#include <stdio.h>

enum { LONGEST = 63, FAR = 64 };

static char lower(struct vs_str text, size_t index) {
  return (char)tolower((unsigned char)text.data[index]);
}

uint32_t vs_edit_distance(struct vs_str a, struct vs_str b) {
  uint32_t rows[3][LONGEST + 1], *two_back = rows[0], *back = rows[1], *row = rows[2];
  if (a.size > LONGEST || b.size > LONGEST) return FAR;
  for (uint32_t j = 0; j <= b.size; j++)
    back[j] = j;
  for (uint32_t i = 1; i <= a.size; i++) {
    row[0] = i;
    for (uint32_t j = 1; j <= b.size; j++) {
      uint32_t cost = lower(a, i - 1) != lower(b, j - 1);
      uint32_t best = VS_MIN(VS_MIN(back[j] + 1, row[j - 1] + 1), back[j - 1] + cost);
      if (i > 1 && j > 1 && lower(a, i - 1) == lower(b, j - 2) && lower(a, i - 2) == lower(b, j - 1))
        best = VS_MIN(best, two_back[j - 2] + 1);
      row[j] = best;
    }
    uint32_t *free_row = two_back;
    two_back = back;
    back = row;
    row = free_row;
  }
  return back[b.size];
}

void vs_suggest_init(struct vs_suggest *suggest, struct vs_str wanted) {
  *suggest = (struct vs_suggest){.wanted = wanted};
}

void vs_suggest_offer(struct vs_suggest *suggest, struct vs_str candidate) {
  uint32_t distance = vs_edit_distance(suggest->wanted, candidate);
  if (distance > VS_MAX(1u, (uint32_t)suggest->wanted.size / 3)) return;
  for (uint32_t i = 0; i < suggest->count; i++)
    if (vs_str_equal(suggest->names[i], candidate)) return;
  uint32_t at = suggest->count;
  while (at > 0 && suggest->distances[at - 1] > distance)
    at--;
  if (at == VS_SUGGEST_MAX) return;
  if (suggest->count < VS_SUGGEST_MAX) suggest->count++;
  for (uint32_t i = suggest->count - 1; i > at; i--) {
    suggest->names[i] = suggest->names[i - 1];
    suggest->distances[i] = suggest->distances[i - 1];
  }
  suggest->names[at] = candidate;
  suggest->distances[at] = distance;
}

const char *vs_suggest_print(const struct vs_suggest *suggest, char *ret_text, size_t capacity) {
  size_t used = 0;
  ret_text[0] = '\0';
  for (uint32_t i = 0; i < suggest->count && used < capacity; i++) {
    const char *before = i == 0 ? "did you mean " : i + 1 == suggest->count ? " or " : ", ";
    int size = snprintf(ret_text + used, capacity - used, "%s%s%.*s%s", before, suggest->sign ? suggest->sign : "",
                        VS_STR_ARG(suggest->names[i]), i + 1 == suggest->count ? "?" : "");
    used += size > 0 ? (size_t)size : 0;
  }
  return ret_text;
}
