/* SPDX-License-Identifier: Apache-2.0 - links: vsk_charts
 * Writes every chart of the samples into a folder: NAME.vl.json, NAME.svg (white panel), NAME.inline.svg, NAME.txt.
 * For the schema check and for looking at them. */
#include "tests/support/chart_samples.h"

#include <stdio.h>
#include <stdlib.h>

static bool write_file(const char *folder, const char *name, const char *ending, struct vs_str text) {
  char path[1024];
  (void)snprintf(path, sizeof path, "%s/%s%s", folder, name, ending);
  FILE *file = fopen(path, "w");
  bool is_written = file && fwrite(text.data, 1, text.size, file) == text.size;
  return file && fclose(file) == 0 && is_written;
}

static bool write_svg(const struct vsk_chart *chart, const char *folder, const char *name, bool is_inline,
                      struct vs_memory *memory) {
  struct vs_text text;
  vs_text_init(&text, memory, 0);
  vsk_chart_svg(chart, &(struct vsk_svg_style){is_inline, name}, &text);
  bool is_written = write_file(folder, name, is_inline ? ".inline.svg" : ".svg", vs_text_view(&text));
  vs_text_release(&text);
  return is_written;
}

static bool write_spec(const struct vsk_chart *chart, const char *folder, const char *name) {
  json_t *spec = vsk_chart_vegalite(chart);
  char *text = json_dumps(spec, JSON_INDENT(1) | JSON_SORT_KEYS);
  bool is_written = text && write_file(folder, name, ".vl.json", vs_str_of(text));
  free(text);
  json_decref(spec);
  return is_written;
}

static bool write_text(const struct vsk_chart *chart, const char *folder, const char *name, struct vs_memory *memory) {
  struct vs_text text;
  vs_text_init(&text, memory, 0);
  vsk_chart_text(chart, &text);
  bool is_written = write_file(folder, name, ".txt", vs_text_view(&text));
  vs_text_release(&text);
  return is_written;
}

static bool dump(const struct chart_case *the_case, const char *folder) {
  struct vs_memory memory;
  struct vs_arena arena;
  struct vs_error error = {0};
  struct sample sample;
  vs_memory_init(&memory, NULL, 0);
  vs_arena_init(&arena, &memory, 64 << 20);
  struct vsk_chart_input input = chart_case_input(the_case, &sample, &arena);
  struct vsk_chart *chart;
  bool is_done =
      vsk_chart_choose(&input, &arena, &chart, &error) == VS_OK && write_text(chart, folder, the_case->name, &memory);
  if (is_done && chart->panel_count)
    is_done = write_svg(chart, folder, the_case->name, false, &memory) &&
              write_svg(chart, folder, the_case->name, true, &memory) && write_spec(chart, folder, the_case->name);
  if (!is_done) (void)fprintf(stderr, "%s: %s\n", the_case->name, error.message);
  vs_arena_release(&arena);
  return is_done;
}

int main(int argument_count, char **arguments) {
  if (argument_count != 2) return 2;
  bool is_done = true;
  for (size_t i = 0; i < VS_COUNT_OF(chart_cases); i++)
    is_done &= dump(&chart_cases[i], arguments[1]);
  return is_done ? 0 : 1;
}
