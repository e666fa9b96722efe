/* SPDX-License-Identifier: Apache-2.0
 * Text: borrowed slices (vs_str) and a growing buffer with a ceiling (vs_text).
 *
 * A vs_text is always NUL-terminated. Appending past the ceiling or without memory sets `is_failed` and drops the
 * addition; the writer checks once at the end (vs_text_check). Belongs to one thread at a time. */
#ifndef VS_BASE_TEXT_H
#define VS_BASE_TEXT_H

#include "engine/base/arena.h"
#include <string.h>

struct vs_str {
  const char *data; /* not NUL-terminated; may be NULL when size is 0 */
  size_t size;
};
#define VS_STR(literal) ((struct vs_str){(literal), sizeof(literal) - 1})
#define VS_STR_ARG(str) (int)(str).size, (str).data /* for "%.*s" */

static inline struct vs_str vs_str_of(const char *text) {
  return (struct vs_str){text, text ? strlen(text) : 0};
}
bool vs_str_equal(struct vs_str a, struct vs_str b);
bool vs_str_equal_nocase(struct vs_str a, struct vs_str b); /* ASCII letters only */
bool vs_str_starts_nocase(struct vs_str text, struct vs_str prefix);
struct vs_str vs_str_trim(struct vs_str text); /* ASCII white space */

struct vs_text {
  struct vs_memory *memory;
  char *data;
  size_t size, capacity, limit_bytes;
  bool is_failed, is_cut; /* cut: it was the ceiling */
};

void vs_text_init(struct vs_text *text, struct vs_memory *memory, size_t limit_bytes);
void vs_text_release(struct vs_text *text);
void vs_text_clear(struct vs_text *text); /* keeps the memory */
void vs_text_append(struct vs_text *text, const char *data, size_t size);
void vs_text_put(struct vs_text *text, char character);
void vs_text_puts(struct vs_text *text, const char *string);
void vs_text_str(struct vs_text *text, struct vs_str str);
void vs_text_printf(struct vs_text *text, const char *format, ...) VS_PRINTF(2, 3);
/* Escapers: the one writer each for JSON strings (with quotes) and for HTML text and attribute values. Bytes that are
 * not UTF-8 become U+FFFD. */
void vs_text_json(struct vs_text *text, struct vs_str str);
void vs_text_html(struct vs_text *text, struct vs_str str);
vs_status vs_text_check(const struct vs_text *text,
                        struct vs_error *err) VS_NODISCARD; /* VELO-5003 when it overflowed */
struct vs_str vs_text_view(const struct vs_text *text);

#endif
