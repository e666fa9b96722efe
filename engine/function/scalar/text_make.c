/* SPDX-License-Identifier: Apache-2.0
 * Texts put together: ||, CONCAT, CONCAT_WS, JOIN, REPEAT, LPAD, RPAD. */
#include "engine/base/utf8.h"
#include "engine/function/kernel.h"

enum { LENGTH_MAX = 16 << 20 };

static vs_status pair_row(struct vs_rows *rows, uint32_t row) {
  struct vs_str a = vs_rows_str(rows, 0, row), b = vs_rows_str(rows, 1, row);
  if (a.size + b.size > LENGTH_MAX) return vs_rows_fail(rows, row, VS_CODE_FIELD_LIMIT, "|| makes a text over 16 MiB");
  char *room = vs_bytes_reserve(&rows->bytes, a.size + b.size);
  if (!room) return vs_fail_memory(rows->err);
  memcpy(room, a.data, a.size);
  memcpy(room + a.size, b.data, b.size);
  ((struct vs_string *)rows->ret->data)[row] = vs_bytes_take(&rows->bytes, a.size + b.size);
  return VS_OK;
}

/* How many arguments, and whether the first one is a separator. */
struct joining {
  uint32_t argument_count;
  bool has_separator;
};

/* NULLs are skipped; only a NULL separator makes the result NULL. */
static vs_status join_row(struct vs_rows *rows, uint32_t row) {
  const struct joining *joining = rows->call->data;
  struct vs_str separator = {"", 0};
  if (joining->has_separator) {
    if (vs_vector_is_null(&rows->arguments[0], row)) return vs_rows_null(rows, row);
    separator = vs_rows_str(rows, 0, row);
  }
  bool is_first = true;
  for (uint32_t i = joining->has_separator; i < joining->argument_count; i++) {
    if (vs_vector_is_null(&rows->arguments[i], row)) continue;
    if (!is_first) vs_text_str(&rows->text, separator);
    vs_text_str(&rows->text, vs_rows_str(rows, i, row));
    is_first = false;
  }
  return vs_rows_put_text(rows, row);
}

static vs_status repeat_row(struct vs_rows *rows, uint32_t row) {
  struct vs_str text = vs_rows_str(rows, 0, row);
  int64_t count = VS_MAX(vs_rows_i64(rows, 1, row), 0);
  if (text.size && (uint64_t)count > LENGTH_MAX / text.size)
    return vs_rows_fail(rows, row, VS_CODE_FIELD_LIMIT, "REPEAT makes a text over 16 MiB");
  for (int64_t i = 0; text.size && i < count; i++)
    vs_text_str(&rows->text, text);
  return vs_rows_put_text(rows, row);
}

static void put_padding(struct vs_text *text, struct vs_str pad, int64_t characters) {
  int64_t each = (int64_t)vs_utf8_count(pad.data, pad.size);
  for (; characters >= each; characters -= each)
    vs_text_str(text, pad);
  vs_text_append(text, pad.data, vs_utf8_offset(pad.data, pad.size, (size_t)characters));
}

/* A text that is too long is cut at its end in both; without padding it can only be cut. */
static vs_status pad_row(struct vs_rows *rows, uint32_t row) {
  struct vs_str text = vs_rows_str(rows, 0, row), pad = VS_STR(" ");
  int64_t wanted = VS_MAX(vs_rows_i64(rows, 1, row), 0), present = (int64_t)vs_utf8_count(text.data, text.size);
  bool is_left = rows->call->function->name[0] == 'L';
  if (rows->call->argument_count == 3) pad = vs_rows_str(rows, 2, row);
  if (wanted > LENGTH_MAX)
    return vs_rows_fail(rows, row, VS_CODE_FIELD_LIMIT, "%s makes a text over 16 MiB", rows->call->function->name);
  if (wanted <= present || pad.size == 0) {
    vs_rows_put_slice(rows, row, (struct vs_str){text.data, vs_utf8_offset(text.data, text.size, (size_t)wanted)});
    return VS_OK;
  }
  if (is_left) put_padding(&rows->text, pad, wanted - present);
  vs_text_str(&rows->text, text);
  if (!is_left) put_padding(&rows->text, pad, wanted - present);
  return vs_rows_put_text(rows, row);
}
VS_ROW_KERNEL(eval_pair, pair_row)
VS_ROW_KERNEL(eval_join, join_row)
VS_ROW_KERNEL(eval_repeat, repeat_row)
VS_ROW_KERNEL(eval_pad, pad_row)

/* Every scalar type has a text. */
static vs_status bind_as_texts(const struct vs_scalar *self, struct vs_binding *binding, struct vs_error *err) {
  for (uint32_t i = 0; i < binding->argument_count; i++)
    if (binding->arguments[i].id >= VS_TYPE_ARRAY) return vs_bind_refuse(self->name, self->signature, binding, err);
  for (uint32_t i = 0; i < binding->argument_count; i++)
    binding->arguments[i] = VS_TYPE(STRING);
  return VS_OK;
}

static vs_status bind_pair(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                           struct vs_error *err) {
  VS_TRY(bind_as_texts(self, binding, err));
  ret_call->result = VS_TYPE(STRING);
  ret_call->eval = eval_pair;
  return VS_OK;
}

static vs_status bind_join(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                           struct vs_error *err) {
  struct joining *joining = VS_ARENA_NEW(binding->arena, struct joining);
  if (!joining) return vs_fail_memory(err);
  VS_TRY(bind_as_texts(self, binding, err));
  *joining = (struct joining){binding->argument_count, strcmp(self->name, "CONCAT") != 0};
  ret_call->result = VS_TYPE(STRING);
  ret_call->eval = eval_join;
  ret_call->data = joining;
  return VS_OK;
}

static vs_status bind_stretch(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                              struct vs_error *err) {
  struct vs_type *types = binding->arguments;
  bool is_fine = vs_converts(types[0], VS_TYPE(STRING)) && vs_converts(types[1], VS_TYPE(INTEGER));
  if (!is_fine || (binding->argument_count == 3 && !vs_converts(types[2], VS_TYPE(STRING))))
    return vs_bind_refuse(self->name, self->signature, binding, err);
  types[0] = VS_TYPE(STRING), types[1] = VS_TYPE(INTEGER);
  if (binding->argument_count == 3) types[2] = VS_TYPE(STRING);
  ret_call->result = VS_TYPE(STRING);
  ret_call->eval = self->name[1] == 'E' ? eval_repeat : eval_pad;
  ret_call->argument_count = binding->argument_count;
  return VS_OK;
}

/* clang-format off */
static const struct vs_scalar rows[] = {
  {"||", "", "a || b", 2, 2, VS_FN_HIDDEN | VS_FN_DICTIONARY, bind_pair, "Both texts one after the other; NULL when one is NULL.", "'a' || 'b' = 'ab'"},
  {"CONCAT", "", "(x, ...) -> STRING", 1, UINT32_MAX, VS_FN_HANDLES_NULL, bind_join, "All values as one text; NULLs are skipped.", "CONCAT('a', NULL, 1) = 'a1'"},
  {"CONCAT_WS", "", "(separator, x, ...) -> STRING", 2, UINT32_MAX, VS_FN_HANDLES_NULL, bind_join, "All values as one text with a separator between; NULLs are skipped.", "CONCAT_WS('-', 'a', NULL, 'b') = 'a-b'"},
  {"JOIN", "", "(separator, x, ...) -> STRING", 2, UINT32_MAX, VS_FN_HANDLES_NULL, bind_join, "All values as one text with a separator between; NULLs are skipped.", "JOIN(', ', 'a', 'b') = 'a, b'"},
  {"REPEAT", "", "(s, n) -> STRING", 2, 2, VS_FN_DICTIONARY, bind_stretch, "The text n times.", "REPEAT('ab', 3) = 'ababab'"},
  {"LPAD", "", "(s, n [, pad]) -> STRING", 2, 3, VS_FN_DICTIONARY, bind_stretch, "The text filled up at its start, or cut at its end, to n characters.", "LPAD('7', 3, '0') = '007'"},
  {"RPAD", "", "(s, n [, pad]) -> STRING", 2, 3, VS_FN_DICTIONARY, bind_stretch, "The text filled up, or cut, at its end to n characters.", "RPAD('ab', 4, '.') = 'ab..'"},
};
/* clang-format on */
const struct vs_scalar_family vs_scalar_family_text_make = {"strings: making", rows, VS_COUNT_OF(rows)};
