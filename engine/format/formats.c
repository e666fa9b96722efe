/* SPDX-License-Identifier: Apache-2.0
 * The formats, one row each: a new format is a file and a line here. */
#include "engine/format/format.h"

extern const struct vs_format vs_format_csv, vs_format_json, vs_format_jsonl;
const struct vs_format *const vs_format_all[] = {&vs_format_csv, &vs_format_json, &vs_format_jsonl, NULL};

void vs_format_options_default(struct vs_format_options *options) {
  *options = (struct vs_format_options){.delimiter = ',', .quote = '"', .has_header = true, .time_column = -1};
}

/* Is `word` one of the words of `list`, which are separated by spaces? */
static bool is_listed(const char *list, struct vs_str word) {
  while (*list) {
    size_t size = strcspn(list, " ");
    if (vs_str_equal_nocase((struct vs_str){list, size}, word)) return true;
    list += size + (list[size] == ' ');
  }
  return false;
}

const struct vs_format *vs_format_find(struct vs_str name) {
  for (const struct vs_format *const *format = vs_format_all; *format; format++)
    if (vs_str_equal_nocase(vs_str_of((*format)->name), name) || is_listed((*format)->aliases, name)) return *format;
  return NULL;
}

static struct vs_str extension_of(struct vs_str path) {
  for (size_t i = path.size; i-- > 0 && path.data[i] != '/';)
    if (path.data[i] == '.') return (struct vs_str){path.data + i, path.size - i};
  return VS_STR("");
}

const struct vs_format *vs_format_of_path(struct vs_str path) {
  struct vs_str extension = extension_of(path);
  for (const struct vs_format *const *format = vs_format_all; *format; format++)
    if (extension.size && is_listed((*format)->extensions, extension)) return *format;
  return NULL;
}
