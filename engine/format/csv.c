/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/format/csv.h"

const struct vs_format vs_format_csv = {
    .name = "csv",
    .aliases = "csv_no_header tsv",
    .extensions = ".csv .tsv",
    .doc = "comma-separated values by RFC 4180, with a header unless has_headers = false",
    .infer = vs_csv_infer,
    .decoder_new = vs_csv_decoder_new,
    .encoder_new = vs_csv_encoder_new,
};

vs_csv_outcome vs_csv_find_start(const struct vs_format_options *options, const char *bytes, size_t size, bool is_end,
                                 size_t *ret_start, uint64_t *ret_lines) {
  if (size < 3 && !is_end) return VS_CSV_MORE;
  size_t at = size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
  for (uint64_t line = 0; line < options->skip_lines; line++) {
    const char *end = memchr(bytes + at, '\n', size - at);
    if (!end && !is_end) return VS_CSV_MORE;
    at = end ? (size_t)(end - bytes) + 1 : size;
  }
  *ret_start = at;
  *ret_lines = options->skip_lines;
  return VS_CSV_ROW;
}

static bool is_taken(const struct vs_str *names, uint32_t count, struct vs_str name) {
  for (uint32_t i = 0; i < count; i++)
    if (vs_str_equal(names[i], name)) return true;
  return false;
}

static struct vs_str unique_name(const struct vs_str *names, uint32_t count, struct vs_str name,
                                 struct vs_arena *arena) {
  struct vs_str candidate = name;
  for (uint32_t number = 2; candidate.data && is_taken(names, count, candidate); number++)
    candidate = vs_str_of(vs_arena_printf(arena, "%.*s_%u", VS_STR_ARG(name), number));
  return candidate;
}

static struct vs_str default_name(uint32_t index, struct vs_arena *arena) {
  return vs_str_of(vs_arena_printf(arena, "column_%u", index + 1));
}

struct vs_str *vs_csv_header_names(const struct vs_csv_field *fields, uint32_t count, char quote,
                                   struct vs_arena *arena) {
  struct vs_str *names = VS_ARENA_ARRAY(arena, struct vs_str, count);
  for (uint32_t i = 0; names && i < count; i++) {
    struct vs_str name = vs_csv_unescape(&fields[i], quote, arena);
    struct vs_str copy = {vs_arena_copy(arena, name.data, name.size), name.size};
    names[i] = unique_name(names, i, name.size ? copy : default_name(i, arena), arena);
    if (!names[i].data) return NULL;
  }
  return names;
}

struct vs_str *vs_csv_default_names(uint32_t count, struct vs_arena *arena) {
  struct vs_str *names = VS_ARENA_ARRAY(arena, struct vs_str, count);
  for (uint32_t i = 0; names && i < count; i++)
    if (!(names[i] = default_name(i, arena)).data) return NULL;
  return names;
}
