/* SPDX-License-Identifier: Apache-2.0
 * Looking for one text in another, and replacing it. */
#include "engine/base/utf8.h"
#include "engine/function/kernel.h"

VS_BINARY_LOOP(string_bool, struct vs_string, struct vs_string, uint8_t)

static inline uint64_t starts_with(const void *data, struct vs_string text, struct vs_string part, uint8_t *r) {
  (void)data;
  struct vs_str a = vs_string_view(&text), b = vs_string_view(&part);
  *r = a.size >= b.size && memcmp(a.data, b.data, b.size) == 0;
  return 0;
}
static inline uint64_t ends_with(const void *data, struct vs_string text, struct vs_string part, uint8_t *r) {
  (void)data;
  struct vs_str a = vs_string_view(&text), b = vs_string_view(&part);
  *r = a.size >= b.size && memcmp(a.data + a.size - b.size, b.data, b.size) == 0;
  return 0;
}
static inline uint64_t contains(const void *data, struct vs_string text, struct vs_string part, uint8_t *r) {
  (void)data;
  struct vs_str a = vs_string_view(&text), b = vs_string_view(&part);
  *r = b.size == 0 || memmem(a.data, a.size, b.data, b.size);
  return 0;
}
VS_BINARY_KERNEL(eval_starts_with, string_bool, starts_with, vs_report_overflow)
VS_BINARY_KERNEL(eval_ends_with, string_bool, ends_with, vs_report_overflow)
VS_BINARY_KERNEL(eval_contains, string_bool, contains, vs_report_overflow)

/* Position in characters from 1, looking from character `start` on; 0 when absent. */
static int64_t position_of(struct vs_str text, struct vs_str part, int64_t start) {
  size_t skipped = vs_utf8_offset(text.data, text.size, (size_t)VS_MAX(start - 1, 0));
  if (start - 1 > (int64_t)text.size) return 0;
  const char *from = text.data + skipped;
  const char *found = part.size ? memmem(from, text.size - skipped, part.data, part.size) : from;
  return found ? (int64_t)vs_utf8_count(text.data, (size_t)(found - text.data)) + 1 : 0;
}

static vs_status position_row(struct vs_rows *rows, uint32_t row) {
  bool has_start = rows->call->argument_count == 3;
  int64_t start = has_start ? vs_rows_i64(rows, 2, row) : 1;
  vs_rows_put_i64(rows, row, position_of(vs_rows_str(rows, 1, row), vs_rows_str(rows, 0, row), start));
  return VS_OK;
}
static vs_status strpos_row(struct vs_rows *rows, uint32_t row) {
  vs_rows_put_i64(rows, row, position_of(vs_rows_str(rows, 0, row), vs_rows_str(rows, 1, row), 1));
  return VS_OK;
}

static vs_status replace_row(struct vs_rows *rows, uint32_t row) {
  struct vs_str text = vs_rows_str(rows, 0, row), from = vs_rows_str(rows, 1, row), to = vs_rows_str(rows, 2, row);
  const char *at = text.data, *end = text.data + text.size, *found = NULL;
  if (from.size == 0 || !(found = memmem(at, text.size, from.data, from.size))) {
    vs_rows_put_slice(rows, row, text);
    return VS_OK;
  }
  for (; found; found = memmem(at, (size_t)(end - at), from.data, from.size)) {
    vs_text_append(&rows->text, at, (size_t)(found - at));
    vs_text_str(&rows->text, to);
    at = found + from.size;
  }
  vs_text_append(&rows->text, at, (size_t)(end - at));
  return vs_rows_put_text(rows, row);
}
VS_ROW_KERNEL(eval_position, position_row)
VS_ROW_KERNEL(eval_strpos, strpos_row)
VS_ROW_KERNEL(eval_replace, replace_row)

static vs_status bind_texts(const struct vs_scalar *self, struct vs_binding *binding, uint32_t text_count,
                            struct vs_error *err) {
  for (uint32_t i = 0; i < binding->argument_count; i++)
    if (!vs_converts(binding->arguments[i], i < text_count ? VS_TYPE(STRING) : VS_TYPE(INTEGER)))
      return vs_bind_refuse(self->name, self->signature, binding, err);
  for (uint32_t i = 0; i < binding->argument_count; i++)
    binding->arguments[i] = i < text_count ? VS_TYPE(STRING) : VS_TYPE(INTEGER);
  return VS_OK;
}

static vs_status bind_test(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                           struct vs_error *err) {
  VS_TRY(bind_texts(self, binding, 2, err));
  ret_call->result = VS_TYPE(BOOLEAN);
  ret_call->eval = self->name[0] == 'S' ? eval_starts_with : self->name[0] == 'E' ? eval_ends_with : eval_contains;
  return VS_OK;
}

static vs_status bind_position(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                               struct vs_error *err) {
  VS_TRY(bind_texts(self, binding, 2, err));
  ret_call->result = VS_TYPE(INTEGER);
  ret_call->eval = self->name[0] == 'P' ? eval_position : eval_strpos;
  ret_call->argument_count = binding->argument_count;
  return VS_OK;
}

static vs_status bind_replace(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                              struct vs_error *err) {
  VS_TRY(bind_texts(self, binding, 3, err));
  ret_call->result = VS_TYPE(STRING);
  ret_call->eval = eval_replace;
  return VS_OK;
}

/* clang-format off */
static const struct vs_scalar rows[] = {
  {"POSITION", "", "(part, s [, start]) -> INTEGER", 2, 3, VS_FN_DICTIONARY, bind_position, "Where a part begins, in characters from 1; 0 when it is absent.", "POSITION('b', 'abcb', 3) = 4"},
  {"STRPOS", "INSTR", "(s, part) -> INTEGER", 2, 2, VS_FN_DICTIONARY, bind_position, "Where a part begins, in characters from 1; 0 when it is absent.", "STRPOS('abc', 'c') = 3"},
  {"STARTS_WITH", "", "(s, part) -> BOOLEAN", 2, 2, VS_FN_DICTIONARY, bind_test, "Whether the text begins with a part.", "STARTS_WITH('BTCUSDT', 'BTC') = TRUE"},
  {"ENDS_WITH", "", "(s, part) -> BOOLEAN", 2, 2, VS_FN_DICTIONARY, bind_test, "Whether the text ends with a part.", "ENDS_WITH('BTCUSDT', 'USDT') = TRUE"},
  {"CONTAINS", "", "(s, part) -> BOOLEAN", 2, 2, VS_FN_DICTIONARY, bind_test, "Whether a part occurs in the text.", "CONTAINS('BTCUSDT', 'CU') = TRUE"},
  {"REPLACE", "", "(s, from, to) -> STRING", 3, 3, VS_FN_DICTIONARY, bind_replace, "The text with every occurrence of a part replaced.", "REPLACE('1,234,567', ',', '') = '1234567'"},
};
/* clang-format on */
const struct vs_scalar_family vs_scalar_family_text_search = {"strings: search", rows, VS_COUNT_OF(rows)};
