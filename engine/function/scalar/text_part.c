/* SPDX-License-Identifier: Apache-2.0
 * Parts of a text, counted in characters from 1. Results share the argument's bytes. */
#include "engine/base/utf8.h"
#include "engine/function/kernel.h"

VS_UNARY_LOOP(string_i64, struct vs_string, int64_t)
static inline uint64_t length(const void *data, struct vs_string text, int64_t *r) {
  (void)data;
  struct vs_str bytes = vs_string_view(&text);
  *r = (int64_t)vs_utf8_count(bytes.data, bytes.size);
  return 0;
}
VS_UNARY_KERNEL(eval_length, string_i64, length, vs_report_overflow)

/* Characters [begin, begin + count) of `text`, both clamped. */
static struct vs_str slice_characters(struct vs_str text, int64_t begin, int64_t count) {
  if (begin >= (int64_t)text.size || count <= 0) return (struct vs_str){text.data, 0};
  size_t offset = vs_utf8_offset(text.data, text.size, (size_t)begin);
  size_t rest = text.size - offset;
  size_t size = (size_t)count >= rest ? rest : vs_utf8_offset(text.data + offset, rest, (size_t)count);
  return (struct vs_str){text.data + offset, size};
}

static int64_t count_characters(struct vs_str text) {
  return (int64_t)vs_utf8_count(text.data, text.size);
}

/* A start below 1 counts as 1, a negative one from the end. */
static vs_status substring_row(struct vs_rows *rows, uint32_t row) {
  struct vs_str text = vs_rows_str(rows, 0, row);
  int64_t start = vs_rows_i64(rows, 1, row);
  int64_t count = rows->call->argument_count == 3 ? vs_rows_i64(rows, 2, row) : INT64_MAX;
  if (start < 0) start += count_characters(text) + 1;
  vs_rows_put_slice(rows, row, slice_characters(text, VS_MAX(start, 1) - 1, count));
  return VS_OK;
}

/* A negative count leaves out that many characters of the other end. */
static vs_status left_row(struct vs_rows *rows, uint32_t row) {
  struct vs_str text = vs_rows_str(rows, 0, row);
  int64_t count = vs_rows_i64(rows, 1, row);
  if (count < 0) count += count_characters(text);
  vs_rows_put_slice(rows, row, slice_characters(text, 0, count));
  return VS_OK;
}
static vs_status right_row(struct vs_rows *rows, uint32_t row) {
  struct vs_str text = vs_rows_str(rows, 0, row);
  int64_t count = vs_rows_i64(rows, 1, row), all = count_characters(text);
  int64_t left_out = count < 0 ? (count < -all ? all : -count) : VS_MAX(all - count, 0);
  vs_rows_put_slice(rows, row, slice_characters(text, left_out, INT64_MAX));
  return VS_OK;
}

static bool has_character(struct vs_str set, const char *character, size_t size) {
  for (size_t at = 0, step; at < set.size; at += step) {
    (void)vs_utf8_decode(set.data + at, set.size - at, &step);
    if (step == size && memcmp(set.data + at, character, size) == 0) return true;
  }
  return false;
}

static struct vs_str trim_left(struct vs_str text, struct vs_str set) {
  size_t at = 0, size;
  for (; at < text.size; at += size) {
    (void)vs_utf8_decode(text.data + at, text.size - at, &size);
    if (!has_character(set, text.data + at, size)) break;
  }
  return (struct vs_str){text.data + at, text.size - at};
}
static struct vs_str trim_right(struct vs_str text, struct vs_str set) {
  while (text.size) {
    size_t begin = text.size - 1;
    while (begin > 0 && ((unsigned char)text.data[begin] & 0xc0) == 0x80)
      begin--;
    if (!has_character(set, text.data + begin, text.size - begin)) break;
    text.size = begin;
  }
  return text;
}

static vs_status trim_row(struct vs_rows *rows, uint32_t row) {
  const char *name = rows->call->function->name;
  bool has_set = rows->call->argument_count == 2;
  struct vs_str text = vs_rows_str(rows, 0, row);
  struct vs_str set = has_set ? vs_rows_str(rows, 1, row) : VS_STR(" \t\r\n\f\v");
  if (name[0] != 'R') text = trim_left(text, set);
  if (name[0] != 'L') text = trim_right(text, set);
  vs_rows_put_slice(rows, row, text);
  return VS_OK;
}

static size_t count_parts(struct vs_str text, struct vs_str separator) {
  size_t count = 1;
  const char *at = text.data, *end = text.data + text.size, *found;
  while (separator.size && (found = memmem(at, (size_t)(end - at), separator.data, separator.size))) {
    count++;
    at = found + separator.size;
  }
  return count;
}

static struct vs_str part_at(struct vs_str text, struct vs_str separator, int64_t index) {
  const char *at = text.data, *end = text.data + text.size;
  for (;; index--) {
    const char *found = separator.size ? memmem(at, (size_t)(end - at), separator.data, separator.size) : NULL;
    if (index == 1) return (struct vs_str){at, (size_t)((found ? found : end) - at)};
    if (!found) return (struct vs_str){end, 0};
    at = found + separator.size;
  }
}

static vs_status split_part_row(struct vs_rows *rows, uint32_t row) {
  struct vs_str text = vs_rows_str(rows, 0, row), separator = vs_rows_str(rows, 1, row);
  int64_t index = vs_rows_i64(rows, 2, row);
  if (index < 0) index += (int64_t)count_parts(text, separator) + 1;
  struct vs_str part = index < 1 ? (struct vs_str){text.data, 0} : part_at(text, separator, index);
  vs_rows_put_slice(rows, row, part);
  return VS_OK;
}
VS_ROW_KERNEL(eval_substring, substring_row)
VS_ROW_KERNEL(eval_left, left_row)
VS_ROW_KERNEL(eval_right, right_row)
VS_ROW_KERNEL(eval_trim, trim_row)
VS_ROW_KERNEL(eval_split_part, split_part_row)

/* `shape` says the arguments: S a text, N an INTEGER. */
struct part_row {
  const char *name, *shape;
  vs_scalar_eval eval;
};
static const struct part_row part_rows[] = {
    {"SUBSTRING", "SNN", eval_substring}, {"LEFT", "SN", eval_left},
    {"RIGHT", "SN", eval_right},          {"TRIM", "SS", eval_trim},
    {"LTRIM", "SS", eval_trim},           {"RTRIM", "SS", eval_trim},
    {"LENGTH", "S", eval_length},         {"SPLIT_PART", "SSN", eval_split_part},
};

static vs_status bind_part(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                           struct vs_error *err) {
  const struct part_row *row = part_rows;
  while (strcmp(row->name, self->name) != 0)
    row++;
  for (uint32_t i = 0; i < binding->argument_count; i++)
    if (!vs_converts(binding->arguments[i], row->shape[i] == 'S' ? VS_TYPE(STRING) : VS_TYPE(INTEGER)))
      return vs_bind_refuse(self->name, self->signature, binding, err);
  for (uint32_t i = 0; i < binding->argument_count; i++)
    binding->arguments[i] = row->shape[i] == 'S' ? VS_TYPE(STRING) : VS_TYPE(INTEGER);
  ret_call->result = row->eval == eval_length ? VS_TYPE(INTEGER) : VS_TYPE(STRING);
  ret_call->eval = row->eval;
  ret_call->argument_count = binding->argument_count;
  return VS_OK;
}

/* clang-format off */
static const struct vs_scalar rows[] = {
  {"SUBSTRING", "SUBSTR", "(s, start [, count]) -> STRING", 2, 3, VS_FN_DICTIONARY, bind_part, "Characters from a position, counted from 1 or, when negative, from the end.", "SUBSTRING('streaming', 1, 6) = 'stream'"},
  {"LEFT", "", "(s, n) -> STRING", 2, 2, VS_FN_DICTIONARY, bind_part, "The first n characters; a negative n leaves out the last ones.", "LEFT('BTCUSDT', 3) = 'BTC'"},
  {"RIGHT", "", "(s, n) -> STRING", 2, 2, VS_FN_DICTIONARY, bind_part, "The last n characters; a negative n leaves out the first ones.", "RIGHT('BTCUSDT', 4) = 'USDT'"},
  {"LENGTH", "LEN CHAR_LENGTH CHARACTER_LENGTH", "(s) -> INTEGER", 1, 1, VS_FN_DICTIONARY, bind_part, "The number of characters.", "LENGTH('größe') = 5"},
  {"TRIM", "BTRIM", "(s [, characters]) -> STRING", 1, 2, VS_FN_DICTIONARY, bind_part, "The text without white space, or the characters given, at both ends.", "TRIM('  a b ') = 'a b'"},
  {"LTRIM", "", "(s [, characters]) -> STRING", 1, 2, VS_FN_DICTIONARY, bind_part, "The text without white space, or the characters given, at its start.", "LTRIM('007', '0') = '7'"},
  {"RTRIM", "", "(s [, characters]) -> STRING", 1, 2, VS_FN_DICTIONARY, bind_part, "The text without white space, or the characters given, at its end.", "RTRIM('1.500', '0') = '1.5'"},
  {"SPLIT_PART", "", "(s, separator, i) -> STRING", 3, 3, VS_FN_DICTIONARY, bind_part, "The i-th part, from the end when negative; empty out of range.", "SPLIT_PART('a,b,c', ',', 2) = 'b'"},
};
/* clang-format on */
const struct vs_scalar_family vs_scalar_family_text_part = {"strings: parts", rows, VS_COUNT_OF(rows)};
