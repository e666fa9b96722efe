/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/utf8.h"
#include "kernel/session/history.h"

static size_t character_size(struct vs_str text, size_t at) {
  size_t size = vs_utf8_size(text.data + at, text.size - at);
  return size ? size : 1;
}

/* Going back to the last star alone is enough: an earlier one could only give away text the later one may take too. */
bool vsk_glob_match(struct vs_str pattern, struct vs_str text) {
  size_t p = 0, t = 0, star = SIZE_MAX, star_text = 0;
  while (t < text.size) {
    if (p < pattern.size && pattern.data[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size && pattern.data[p] == '?') {
      p++;
      t += character_size(text, t);
    } else if (p < pattern.size && pattern.data[p] == text.data[t]) {
      p++;
      t++;
    } else if (star != SIZE_MAX) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size && pattern.data[p] == '*')
    p++;
  return p == pattern.size;
}
