/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/session/secrets.h"
#include "engine/base/secret.h"

static const char replacement[] = "(secret)";
enum { TEXT_LIMIT = 64 << 20 };

void vsk_secrets_init(struct vsk_secrets *secrets, struct vs_memory *memory) {
  *secrets = (struct vsk_secrets){.memory = memory};
  pthread_mutex_init(&secrets->lock, NULL);
}

static char *writable(struct vs_str text) {
  union {
    const char *in;
    char *out;
  } pointer = {.in = text.data};
  return pointer.out;
}

/* Freed memory may be read from a core or a later leak, so it is cleared first. */
void vsk_secrets_release(struct vsk_secrets *secrets) {
  for (uint32_t i = 0; i < secrets->count; i++) {
    explicit_bzero(writable(secrets->items[i]), secrets->items[i].size);
    vs_memory_free(secrets->memory, writable(secrets->items[i]), secrets->items[i].size);
  }
  vs_memory_free(secrets->memory, secrets->items, secrets->capacity * sizeof *secrets->items);
  pthread_mutex_destroy(&secrets->lock);
}

/* --- the list --- */

static bool has(const struct vsk_secrets *secrets, struct vs_str value) {
  for (uint32_t i = 0; i < secrets->count; i++)
    if (vs_str_equal(secrets->items[i], value)) return true;
  return false;
}

static bool make_room(struct vsk_secrets *secrets) {
  if (secrets->count < secrets->capacity) return true;
  uint32_t capacity = secrets->capacity ? secrets->capacity * 2 : 16;
  struct vs_str *items =
      vs_memory_resize(secrets->memory, secrets->items, secrets->capacity * sizeof *items, capacity * sizeof *items);
  if (!items) return false;
  secrets->items = items;
  secrets->capacity = capacity;
  return true;
}

static void insert(struct vsk_secrets *secrets, struct vs_str value) {
  char *copy = vs_memory_alloc(secrets->memory, value.size);
  if (!copy) return;
  memcpy(copy, value.data, value.size);
  uint32_t at = secrets->count;
  for (; at > 0 && secrets->items[at - 1].size < value.size; at--)
    secrets->items[at] = secrets->items[at - 1];
  secrets->items[at] = (struct vs_str){copy, value.size};
  secrets->count++;
}

static void add_one(struct vsk_secrets *secrets, struct vs_str value) {
  if (value.size < VSK_SECRET_MIN) return;
  pthread_mutex_lock(&secrets->lock);
  if (secrets->count < VSK_SECRETS_MAX && !has(secrets, value) && make_room(secrets)) insert(secrets, value);
  pthread_mutex_unlock(&secrets->lock);
}

void vsk_secrets_add(struct vsk_secrets *secrets, struct vs_str value) {
  if (value.size < VSK_SECRET_MIN) return;
  struct vs_text written VS_CLEANUP(vs_text_release);
  vs_text_init(&written, secrets->memory, TEXT_LIMIT);
  add_one(secrets, value);
  vs_text_html(&written, value);
  add_one(secrets, vs_text_view(&written));
  vs_text_clear(&written);
  vs_text_json(&written, value);
  if (written.size > 2) add_one(secrets, (struct vs_str){written.data + 1, written.size - 2});
  if (written.data) explicit_bzero(written.data, written.size);
}

/* What doubled quotes mean. */
static void add_unquoted(struct vsk_secrets *secrets, struct vs_str value, char quote) {
  struct vs_text plain VS_CLEANUP(vs_text_release);
  vs_text_init(&plain, secrets->memory, TEXT_LIMIT);
  for (size_t i = 0; i < value.size; i++) {
    vs_text_put(&plain, value.data[i]);
    if (value.data[i] == quote && i + 1 < value.size && value.data[i + 1] == quote) i++;
  }
  vsk_secrets_add(secrets, vs_text_view(&plain));
}

void vsk_secrets_add_from(struct vsk_secrets *secrets, struct vs_str code) {
  struct vs_str value;
  for (size_t position = 0; vs_secret_find(code, &position, &value);) {
    vsk_secrets_add(secrets, value);
    char before = value.data > code.data ? value.data[-1] : '\0';
    if (before == '\'' || before == '"') add_unquoted(secrets, value, before);
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

bool vsk_secrets_conceal(struct vsk_secrets *secrets, struct vs_str text, struct vs_text *ret_text) {
  if (atomic_load(&secrets->count) == 0) return false;
  struct vs_text even VS_CLEANUP(vs_text_release), odd VS_CLEANUP(vs_text_release), *next = &even;
  vs_text_init(&even, secrets->memory, TEXT_LIMIT);
  vs_text_init(&odd, secrets->memory, TEXT_LIMIT);
  struct vs_str shown = text;
  pthread_mutex_lock(&secrets->lock);
  for (uint32_t i = 0; i < secrets->count; i++) {
    vs_text_clear(next);
    if (!replace_one(shown, secrets->items[i], next)) continue;
    shown = vs_text_view(next);
    next = next == &even ? &odd : &even;
  }
  pthread_mutex_unlock(&secrets->lock);
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

struct vs_str vsk_secrets_conceal_code(struct vsk_secrets *secrets, struct vs_str code, struct vs_arena *arena) {
  struct vs_text by_key VS_CLEANUP(vs_text_release), by_value VS_CLEANUP(vs_text_release);
  vs_text_init(&by_key, secrets->memory, TEXT_LIMIT);
  vs_text_init(&by_value, secrets->memory, TEXT_LIMIT);
  struct vs_str shown = conceal_keys(code, &by_key) ? vs_text_view(&by_key) : code;
  if (vsk_secrets_conceal(secrets, shown, &by_value)) shown = vs_text_view(&by_value);
  if (shown.data == code.data) return code;
  const char *copy = vs_arena_copy(arena, shown.data, shown.size);
  return copy ? (struct vs_str){copy, shown.size} : VS_STR("");
}

static bool is_clean(struct vsk_secrets *secrets, const json_t *value) {
  struct vs_text ignored VS_CLEANUP(vs_text_release);
  vs_text_init(&ignored, secrets->memory, TEXT_LIMIT);
  if (json_is_string(value))
    return !vsk_secrets_conceal(secrets, (struct vs_str){json_string_value(value), json_string_length(value)},
                                &ignored);
  for (size_t i = 0; i < json_array_size(value); i++)
    if (!is_clean(secrets, json_array_get(value, i))) return false;
  const char *key;
  json_t *member;
  json_object_foreach((json_t *)(uintptr_t)value, key, member) if (!is_clean(secrets, member)) return false;
  return true;
}

static void clean(struct vsk_secrets *secrets, json_t *value) {
  const char *key;
  json_t *member;
  struct vs_text text VS_CLEANUP(vs_text_release);
  vs_text_init(&text, secrets->memory, TEXT_LIMIT);
  if (json_is_string(value) &&
      vsk_secrets_conceal(secrets, (struct vs_str){json_string_value(value), json_string_length(value)}, &text))
    json_string_setn(value, text.data ? text.data : "", text.size);
  for (size_t i = 0; i < json_array_size(value); i++)
    clean(secrets, json_array_get(value, i));
  json_object_foreach(value, key, member) clean(secrets, member);
}

json_t *vsk_secrets_conceal_json(struct vsk_secrets *secrets, const json_t *value) {
  if (atomic_load(&secrets->count) == 0 || is_clean(secrets, value)) return NULL;
  json_t *copy = json_deep_copy(value);
  clean(secrets, copy);
  return copy;
}
