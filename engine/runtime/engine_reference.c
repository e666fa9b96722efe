/* SPDX-License-Identifier: Apache-2.0
 * Reference tables as JSON. The pages, the assistant's prompt and `velo reference` are all built from this text. */
#include "engine/runtime/engine_state.h"
#include <stdio.h>

struct writer {
  struct vs_text *text;
  uint32_t rows;
};

static void field(struct writer *writer, const char *key, const char *value, bool is_first) {
  vs_text_printf(writer->text, "%s\"%s\": ", is_first ? "" : ", ", key);
  vs_text_json(writer->text, vs_str_of(value ? value : ""));
}

static void open_row(struct writer *writer) {
  vs_text_puts(writer->text, writer->rows++ ? ",\n  {" : "\n  {");
}

static void function(struct writer *writer, const char *family, const char *kind, const char *name, const char *aliases,
                     const char *signature, const char *doc, const char *example) {
  open_row(writer);
  field(writer, "name", name, true);
  field(writer, "kind", kind, false);
  field(writer, "family", family, false);
  field(writer, "aliases", aliases, false);
  field(writer, "signature", signature, false);
  field(writer, "doc", doc, false);
  field(writer, "example", example, false);
  vs_text_put(writer->text, '}');
}

static void functions(struct writer *writer) {
  for (const struct vs_aggregate_family *const *family = vs_aggregate_families(); *family; family++)
    for (uint32_t i = 0; i < (*family)->row_count; i++) {
      const struct vs_aggregate *row = &(*family)->rows[i];
      function(writer, (*family)->name, "aggregate", row->name, row->aliases, row->signature, row->doc, row->example);
    }
  for (const struct vs_scalar_family *const *family = vs_scalar_families(); *family; family++)
    for (uint32_t i = 0; i < (*family)->row_count; i++) {
      const struct vs_scalar *row = &(*family)->rows[i];
      if (!(row->flags & VS_FN_HIDDEN))
        function(writer, (*family)->name, "scalar", row->name, row->aliases, row->signature, row->doc, row->example);
    }
}

static void setting(struct writer *writer, const struct vs_setting *row, const char *where, const char *variable) {
  static const char *const kinds[] = {"text", "boolean", "integer", "number", "duration", "character", "choice"};
  open_row(writer);
  field(writer, "key", row->key, true);
  field(writer, "where", where, false);
  field(writer, "environment", variable, false);
  field(writer, "aliases", row->aliases, false);
  field(writer, "kind", kinds[row->kind], false);
  field(writer, "choices", row->choices, false);
  field(writer, "default", row->fallback, false);
  field(writer, "unit", row->unit, false);
  if (row->min || row->max)
    vs_text_printf(writer->text, ", \"min\": %lld", (long long)vs_setting_in_unit(row, row->min));
  if (row->max) vs_text_printf(writer->text, ", \"max\": %lld", (long long)vs_setting_in_unit(row, row->max));
  vs_text_printf(writer->text, ", \"runs\": %s", row->is_planned ? "false" : "true");
  field(writer, "doc", row->doc, false);
  vs_text_put(writer->text, '}');
}

static void settings(struct writer *writer) {
  uint32_t count;
  const struct vs_setting *sources = vs_source_settings(&count);
  for (uint32_t i = 0; i < vs_engine_setting_rows; i++) {
    char variable[64];
    vs_setting_environment_name(vs_engine_settings[i].key, variable);
    setting(writer, &vs_engine_settings[i], "SET", variable);
  }
  for (uint32_t i = 0; i < count; i++)
    setting(writer, &sources[i], "WITH", "");
}

static void errors(struct writer *writer) {
  size_t count;
  const struct vs_code_row *rows = vs_code_rows(&count);
  for (size_t i = 0; i < count; i++) {
    char code[16];
    snprintf(code, sizeof code, "VELO-%04d", (int)rows[i].code);
    open_row(writer);
    field(writer, "code", code, true);
    field(writer, "name", rows[i].name, false);
    field(writer, "ename", rows[i].ename, false);
    vs_text_printf(writer->text, ", \"retriable\": %s", rows[i].retriable ? "true" : "false");
    field(writer, "cause", rows[i].cause, false);
    field(writer, "todo", rows[i].todo, false);
    vs_text_put(writer->text, '}');
  }
}

static const struct {
  const char *name;
  void (*write)(struct writer *writer);
} tables[] = {{"functions", functions}, {"settings", settings}, {"errors", errors}};

vs_status vs_engine_reference(struct vs_engine *engine, struct vs_str table, struct vs_text *ret_text,
                              struct vs_error *err) {
  struct writer writer = {ret_text, 0};
  (void)engine;
  for (uint32_t i = 0; i < VS_COUNT_OF(tables); i++) {
    if (!vs_str_equal(table, vs_str_of(tables[i].name))) continue;
    vs_text_put(ret_text, '[');
    tables[i].write(&writer);
    vs_text_puts(ret_text, "\n]\n");
    return vs_text_check(ret_text, err);
  }
  vs_status status =
      vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "there is no reference table %.*s", VS_STR_ARG(table));
  return vs_fail_hint(err, status, "choose functions, settings or errors");
}
