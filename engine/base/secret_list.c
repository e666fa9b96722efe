/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/secret_list.h"
#include "engine/base/secret.h"

static const char replacement[] = "(secret)";
enum { TEXT_LIMIT = 64 << 20 };

void vs_secret_list_init(struct vs_secret_list *list, struct vs_memory *memory) {
  *list = (struct vs_secret_list){.memory = memory};
  pthread_mutex_init(&list->lock, NULL);
}

static char *writable(struct vs_str text) {
  union {
    const char *in;
    char *out;
  } pointer = {.in = text.data};
  return pointer.out;
}

/* Freed memory may be read from a core or a later leak, so it is cleared first. */
void vs_secret_list_release(struct vs_secret_list *list) {
  for (uint32_t i = 0; i < list->count; i++) {
    explicit_bzero(writable(list->items[i]), list->items[i].size);
    vs_memory_free(list->memory, writable(list->items[i]), list->items[i].size);
  }
  vs_memory_free(list->memory, list->items, list->capacity * sizeof *list->items);
  pthread_mutex_destroy(&list->lock);
}

/* --- the list --- */

static bool has(const struct vs_secret_list *list, struct vs_str value) {
  for (uint32_t i = 0; i < list->count; i++)
    if (vs_str_equal(list->items[i], value)) return true;
  return false;
}

static bool make_room(struct vs_secret_list *list) {
  if (list->count < list->capacity) return true;
  uint32_t capacity = list->capacity ? list->capacity * 2 : 16;
  struct vs_str *items =
      vs_memory_resize(list->memory, list->items, list->capacity * sizeof *items, capacity * sizeof *items);
  if (!items) return false;
  list->items = items;
  list->capacity = capacity;
  return true;
}

static void insert(struct vs_secret_list *list, struct vs_str value) {
  char *copy = vs_memory_alloc(list->memory, value.size);
  if (!copy) return;
  memcpy(copy, value.data, value.size);
  uint32_t at = list->count;
  for (; at > 0 && list->items[at - 1].size < value.size; at--)
    list->items[at] = list->items[at - 1];
  list->items[at] = (struct vs_str){copy, value.size};
  list->count++;
}

static void add_one(struct vs_secret_list *list, struct vs_str value) {
  if (value.size < VS_SECRET_MIN) return;
  pthread_mutex_lock(&list->lock);
  if (list->count < VS_SECRETS_MAX && !has(list, value) && make_room(list)) insert(list, value);
  pthread_mutex_unlock(&list->lock);
}

void vs_secret_list_add(struct vs_secret_list *list, struct vs_str value) {
  if (value.size < VS_SECRET_MIN) return;
  struct vs_text written VS_CLEANUP(vs_text_release);
  vs_text_init(&written, list->memory, TEXT_LIMIT);
  add_one(list, value);
  vs_text_html(&written, value);
  add_one(list, vs_text_view(&written));
  vs_text_clear(&written);
  vs_text_json(&written, value);
  if (written.size > 2) add_one(list, (struct vs_str){written.data + 1, written.size - 2});
  if (written.data) explicit_bzero(written.data, written.size);
}

/* What doubled quotes mean. */
static void add_unquoted(struct vs_secret_list *list, struct vs_str value, char quote) {
  struct vs_text plain VS_CLEANUP(vs_text_release);
  vs_text_init(&plain, list->memory, TEXT_LIMIT);
  for (size_t i = 0; i < value.size; i++) {
    vs_text_put(&plain, value.data[i]);
    if (value.data[i] == quote && i + 1 < value.size && value.data[i + 1] == quote) i++;
  }
  vs_secret_list_add(list, vs_text_view(&plain));
}

void vs_secret_list_add_from(struct vs_secret_list *list, struct vs_str code) {
  struct vs_str value;
  for (size_t position = 0; vs_secret_find(code, &position, &value);) {
    vs_secret_list_add(list, value);
    char before = value.data > code.data ? value.data[-1] : '\0';
    if (before == '\'' || before == '"') add_unquoted(list, value, before);
  }
}

/* --- concealing --- */

/* False, and nothing appended, when `secret` is not in `text`. */
static bool replace_one(struct vs_str text, struct vs_str secret, struct vs_text *ret_text) {
  bool is_found = false;
  for (const char *at; text.size && (at = memmem(text.data, text.size, secret.data, secret.size)); is_found = true) {
    size_t before = (size_t)(at - text.data);
    vs_text_append(ret_text, text.data, before);
    vs_text_puts(ret_text, replacement);
    text = (struct vs_str){at + secret.size, text.size - before - secret.size};
  }
  if (is_found) vs_text_str(ret_text, text);
  return is_found;
}

bool vs_secret_list_conceal(struct vs_secret_list *list, struct vs_str text, struct vs_text *ret_text) {
  if (atomic_load(&list->count) == 0) return false;
  struct vs_text even VS_CLEANUP(vs_text_release), odd VS_CLEANUP(vs_text_release), *next = &even;
  vs_text_init(&even, list->memory, TEXT_LIMIT);
  vs_text_init(&odd, list->memory, TEXT_LIMIT);
  struct vs_str shown = text;
  pthread_mutex_lock(&list->lock);
  for (uint32_t i = 0; i < list->count; i++) {
    vs_text_clear(next);
    if (!replace_one(shown, list->items[i], next)) continue;
    shown = vs_text_view(next);
    next = next == &even ? &odd : &even;
  }
  pthread_mutex_unlock(&list->lock);
  if (shown.data != text.data) vs_text_str(ret_text, shown);
  return shown.data != text.data;
}

static bool conceal_keys(struct vs_str code, struct vs_text *ret_text) {
  struct vs_str value;
  size_t done = 0;
  for (size_t position = 0; vs_secret_find(code, &position, &value); done = position) {
    vs_text_append(ret_text, code.data + done, (size_t)(value.data - code.data) - done);
    vs_text_puts(ret_text, replacement);
  }
  if (done) vs_text_append(ret_text, code.data + done, code.size - done);
  return done > 0;
}

struct vs_str vs_secret_list_conceal_code(struct vs_secret_list *list, struct vs_str code, struct vs_arena *arena) {
  struct vs_text by_key VS_CLEANUP(vs_text_release), by_value VS_CLEANUP(vs_text_release);
  vs_text_init(&by_key, list->memory, TEXT_LIMIT);
  vs_text_init(&by_value, list->memory, TEXT_LIMIT);
  struct vs_str shown = conceal_keys(code, &by_key) ? vs_text_view(&by_key) : code;
  if (vs_secret_list_conceal(list, shown, &by_value)) shown = vs_text_view(&by_value);
  if (shown.data == code.data) return code;
  const char *copy = vs_arena_copy(arena, shown.data, shown.size);
  return copy ? (struct vs_str){copy, shown.size} : VS_STR("");
}
