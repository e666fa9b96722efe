/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/text.h"

#include "engine/base/utf8.h"
#include <ctype.h>
#include <stdio.h>
#include <strings.h>

bool vs_str_equal(struct vs_str a, struct vs_str b) {
  return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool vs_str_equal_nocase(struct vs_str a, struct vs_str b) {
  return a.size == b.size && (a.size == 0 || strncasecmp(a.data, b.data, a.size) == 0);
}

bool vs_str_starts_nocase(struct vs_str text, struct vs_str prefix) {
  return text.size >= prefix.size && (prefix.size == 0 || strncasecmp(text.data, prefix.data, prefix.size) == 0);
}

static bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

struct vs_str vs_str_trim(struct vs_str text) {
  while (text.size && is_space(text.data[0]))
    text.data++, text.size--;
  while (text.size && is_space(text.data[text.size - 1]))
    text.size--;
  return text;
}

void vs_text_init(struct vs_text *text, struct vs_memory *memory, size_t limit_bytes) {
  *text = (struct vs_text){.memory = memory, .limit_bytes = limit_bytes};
}

void vs_text_release(struct vs_text *text) {
  if (text->memory) vs_memory_free(text->memory, text->data, text->capacity);
  vs_text_init(text, text->memory, text->limit_bytes);
}

void vs_text_clear(struct vs_text *text) {
  text->size = 0;
  text->is_failed = text->is_cut = false;
  if (text->data) text->data[0] = '\0';
}

static bool reserve(struct vs_text *text, size_t more) {
  size_t wanted = text->size + more + 1;
  if (text->limit_bytes && wanted > text->limit_bytes + 1) text->is_failed = text->is_cut = true;
  if (text->is_failed) return false;
  if (wanted <= text->capacity) return true;
  size_t capacity = VS_MAX(wanted, text->capacity ? text->capacity * 2 : 256);
  char *data = vs_memory_resize(text->memory, text->data, text->capacity, capacity);
  if (!data) return text->is_failed = true, false;
  text->data = data;
  text->capacity = capacity;
  return true;
}

void vs_text_append(struct vs_text *text, const char *data, size_t size) {
  if (!reserve(text, size)) return;
  if (size) memcpy(text->data + text->size, data, size);
  text->size += size;
  text->data[text->size] = '\0';
}

void vs_text_put(struct vs_text *text, char character) {
  vs_text_append(text, &character, 1);
}

void vs_text_puts(struct vs_text *text, const char *string) {
  vs_text_append(text, string, strlen(string));
}

void vs_text_str(struct vs_text *text, struct vs_str str) {
  vs_text_append(text, str.data, str.size);
}

void vs_text_printf(struct vs_text *text, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int size = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (size >= 0 && reserve(text, (size_t)size)) {
    vsnprintf(text->data + text->size, (size_t)size + 1, format, again);
    text->size += (size_t)size;
  }
  va_end(again);
}

/* Copies one character; returns how many bytes of `str` it took. */
static size_t put_character(struct vs_text *text, struct vs_str str) {
  size_t size = vs_utf8_size(str.data, str.size);
  if (size == 0) {
    vs_text_append(text, "\xEF\xBF\xBD", 3);
    return 1;
  }
  vs_text_append(text, str.data, size);
  return size;
}

static const char *json_escape(char c) {
  switch (c) {
  case '"': return "\\\"";
  case '\\': return "\\\\";
  case '\n': return "\\n";
  case '\r': return "\\r";
  case '\t': return "\\t";
  }
  return NULL;
}

static const char *html_escape(char c) {
  switch (c) {
  case '&': return "&amp;";
  case '<': return "&lt;";
  case '>': return "&gt;";
  case '"': return "&quot;";
  case '\'': return "&#39;";
  }
  return NULL;
}

void vs_text_json(struct vs_text *text, struct vs_str str) {
  vs_text_put(text, '"');
  for (size_t i = 0; i < str.size;) {
    char c = str.data[i];
    const char *escape = json_escape(c);
    if (escape)
      vs_text_puts(text, escape), i++;
    else if ((unsigned char)c < 0x20)
      vs_text_printf(text, "\\u%04x", (unsigned)c), i++;
    else
      i += put_character(text, (struct vs_str){str.data + i, str.size - i});
  }
  vs_text_put(text, '"');
}

void vs_text_html(struct vs_text *text, struct vs_str str) {
  for (size_t i = 0; i < str.size;) {
    const char *escape = html_escape(str.data[i]);
    if (escape)
      vs_text_puts(text, escape), i++;
    else
      i += put_character(text, (struct vs_str){str.data + i, str.size - i});
  }
}

vs_status vs_text_check(const struct vs_text *text, struct vs_error *err) {
  if (!text->is_failed) return VS_OK;
  if (!text->is_cut)
    return vs_fail(err, VS_CODE_OUT_OF_MEMORY, VS_NO_SPAN, "no memory for a text of %zu bytes", text->size);
  return vs_fail(err, VS_CODE_OUTPUT_LIMIT, VS_NO_SPAN, "a text of over %zu bytes was cut off", text->size);
}

struct vs_str vs_text_view(const struct vs_text *text) {
  return (struct vs_str){text->data ? text->data : "", text->size};
}
