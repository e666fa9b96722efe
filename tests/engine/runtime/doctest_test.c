/* SPDX-License-Identifier: Apache-2.0
 * The example of every function row is run and must be true: what the reference page shows is what the engine does. */
#include "engine_rig.h"
#include <ctype.h>

Test(runtime_doctest, every_scalar_example_is_true) {
  struct rig rig;
  char text[512];
  rig_open(&rig);
  for (const struct vs_scalar_family *const *family = vs_scalar_families(); *family; family++)
    for (uint32_t i = 0; i < (*family)->row_count; i++) {
      const struct vs_scalar *row = &(*family)->rows[i];
      cr_expect(row->example || row->flags & VS_FN_HIDDEN, "%s has no example", row->name);
      if (!row->example) continue;
      snprintf(text, sizeof text, "SELECT %s", row->example);
      vs_status status = rig_cell(&rig, text, "", 0);
      cr_expect(status == VS_OK && strcmp(rig.rows.data, "true\n") == 0, "%s: %s %s", row->example, rig.error.message,
                status == VS_OK ? rig.rows.data : "");
    }
  rig_close(&rig);
}

/* "AVG(1, 2) = 1.5": the arguments become the rows of a file, a line each; what follows a semicolon stays an argument.
 */
static void write_rows(struct rig *rig, const char *open, const char *close) {
  char text[512] = "v\n";
  size_t at = 2;
  bool in_text = false;
  for (const char *c = open + 1; c < close; c++) {
    in_text ^= *c == '\'';
    if (*c == ',' && !in_text)
      text[at++] = '\n';
    else if (*c != '\'' && (in_text || *c != ' '))
      text[at++] = *c;
  }
  text[at++] = '\n';
  text[at] = '\0';
  for (char *null = strstr(text, "\nNULL"); null; null = strstr(text, "\nNULL"))
    memmove(null + 1, null + 5, strlen(null + 5) + 1);
  rig_write(rig, "rows.csv", text);
}

static void check_aggregate(struct rig *rig, const struct vs_aggregate *row) {
  char text[512];
  const char *open = strchr(row->example, '('), *close = strrchr(row->example, ')');
  const char *equals = strstr(row->example, ") = ");
  close = equals ? equals : close;
  cr_assert(open && close, "%s", row->example);
  const char *semicolon = memchr(open, ';', (size_t)(close - open)), *rest = semicolon ? semicolon + 1 : close;
  write_rows(rig, open, semicolon ? semicolon : close);
  snprintf(text, sizeof text, "CREATE OR REPLACE STREAM s AS SELECT * FROM 'rows.csv'; SELECT %.*s(v%s%s FROM s",
           (int)(open - row->example), row->example, semicolon ? "," : "", rest);
  vs_status status = rig_cell(rig, text, "", 0);
  cr_expect(status == VS_OK && strcmp(rig->rows.data, "true\n") == 0, "%s: %s %s", row->example, rig->error.message,
            status == VS_OK ? rig->rows.data : "");
}

Test(runtime_doctest, every_aggregate_example_is_true) {
  for (const struct vs_aggregate_family *const *family = vs_aggregate_families(); *family; family++)
    for (uint32_t i = 0; i < (*family)->row_count; i++) {
      struct rig rig; /* one each: a file's inference is remembered by its size and time */
      rig_open(&rig);
      check_aggregate(&rig, &(*family)->rows[i]);
      rig_close(&rig);
    }
}
