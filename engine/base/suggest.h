/* SPDX-License-Identifier: Apache-2.0
 * "Did you mean": at most three names within edit distance max(1, length / 3) of a misspelt one, nearest first. */
#ifndef VS_BASE_SUGGEST_H
#define VS_BASE_SUGGEST_H

#include "engine/base/text.h"

enum { VS_SUGGEST_MAX = 3 };
struct vs_suggest {
  struct vs_str wanted;
  const char *sign;                    /* printed before each name: "%", "--"; NULL */
  struct vs_str names[VS_SUGGEST_MAX]; /* borrowed from the candidates */
  uint32_t distances[VS_SUGGEST_MAX], count;
};

void vs_suggest_init(struct vs_suggest *suggest, struct vs_str wanted);
void vs_suggest_offer(struct vs_suggest *suggest, struct vs_str candidate);
/* "did you mean price or prices?"; the empty string when nothing is near. Returns ret_text. */
const char *vs_suggest_print(const struct vs_suggest *suggest, char *ret_text, size_t capacity);
uint32_t vs_edit_distance(struct vs_str a, struct vs_str b); /* ASCII case ignored; swaps count one; capped at 64 */

#endif
