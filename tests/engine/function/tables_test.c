/* SPDX-License-Identifier: Apache-2.0
 * The tables themselves: what every row must have, and the examples that are plain calls over literals. */
#include "calls.h"
#include <ctype.h>

static void check_row(const char *name, const char *aliases, const char *signature, const char *doc, uint32_t least,
                      uint32_t most, bool is_hidden, const char *example) {
  cr_expect(name && *name);
  cr_expect(aliases, "%s", name);
  cr_expect(signature && *signature, "%s", name);
  cr_expect(doc && doc[strlen(doc) - 1] == '.', "%s: the doc is a sentence", name);
  cr_expect(least <= most, "%s", name);
  cr_expect(example && strstr(example, " = "), "%s: an example says what it gives", name);
  for (const char *at = name; *at && !is_hidden; at++)
    cr_expect(isupper((unsigned char)*at) || isdigit((unsigned char)*at) || *at == '_', "%s", name);
  cr_expect(!vs_function_is_planned(vs_str_of(name)), "%s runs, so it is not planned", name);
}

Test(function_tables, every_scalar_row_is_complete_and_found) {
  for (const struct vs_scalar_family *const *family = vs_scalar_families(); *family; family++) {
    cr_expect((*family)->name && (*family)->row_count > 0);
    for (uint32_t i = 0; i < (*family)->row_count; i++) {
      const struct vs_scalar *row = &(*family)->rows[i];
      check_row(row->name, row->aliases, row->signature, row->doc, row->argument_min, row->argument_max,
                row->flags & VS_FN_HIDDEN, row->example);
      cr_expect(row->bind, "%s", row->name);
      cr_expect_eq(vs_scalar_find(vs_str_of(row->name)), row, "%s is named twice", row->name);
      char *aliases = strdup(row->aliases), *rest = aliases, *alias;
      while ((alias = strtok_r(rest, " ", &rest)))
        cr_expect_eq(vs_scalar_find(vs_str_of(alias)), row, "%s is named twice", alias);
      free(aliases);
    }
  }
}

Test(function_tables, every_aggregate_row_is_complete_and_found) {
  for (const struct vs_aggregate_family *const *family = vs_aggregate_families(); *family; family++)
    for (uint32_t i = 0; i < (*family)->row_count; i++) {
      const struct vs_aggregate *row = &(*family)->rows[i];
      check_row(row->name, row->aliases, row->signature, row->doc, row->argument_min, row->argument_max, false,
                row->example);
      cr_expect(row->bind, "%s", row->name);
      cr_expect_eq(vs_aggregate_find(vs_str_of(row->name)), row, "%s is named twice", row->name);
      cr_expect_null(vs_scalar_find(vs_str_of(row->name)), "%s is a scalar too", row->name);
    }
}

Test(function_tables, names_are_found_in_any_case) {
  cr_expect_eq(vs_scalar_find(VS_STR("Ceiling")), vs_scalar_find(VS_STR("CEIL")));
  cr_expect_eq(vs_aggregate_find(VS_STR("stddev_samp")), vs_aggregate_find(VS_STR("STDDEV")));
  cr_expect_null(vs_scalar_find(VS_STR("")));
  cr_expect_null(vs_scalar_find(VS_STR("CEI")));
  cr_expect(vs_function_is_planned(VS_STR("regexp_replace")));
  cr_expect(!vs_function_is_planned(VS_STR("no_such_function")));
}

/* "NAME(literals) = literal": the others need an expression evaluator and run as doctests of the engine. */
static bool split_example(const char *name, const char *example, char *arguments, char *expected) {
  size_t size = strlen(name);
  const char *equals = strstr(example, ") = ");
  if (strncmp(example, name, size) != 0 || example[size] != '(' || !equals || strstr(example, " FROM ") ||
      strstr(example, " AS ") || strstr(example, "INTERVAL") || strchr(example, '>'))
    return false;
  snprintf(arguments, 200, "%.*s", (int)(equals - example - (ptrdiff_t)size - 1), example + size + 1);
  snprintf(expected, 200, "%s", equals + 4);
  return !strchr(arguments, '(') && !strchr(expected, '(') && *arguments;
}

Test(function_tables, plain_examples_hold) {
  uint32_t checked = 0;
  for (const struct vs_scalar_family *const *family = vs_scalar_families(); *family; family++)
    for (uint32_t i = 0; i < (*family)->row_count; i++) {
      const struct vs_scalar *row = &(*family)->rows[i];
      char arguments[200], expected[200], actual[200];
      if (!split_example(row->name, row->example, arguments, expected)) continue;
      struct vs_value values[16], wanted = literal(vs_str_of(expected));
      int how[16] = {0};
      uint32_t count = literals(arguments, values);
      struct vs_call_bound probe = {.function = row};
      struct vs_type types[16];
      const struct vs_value *constants[16];
      struct vs_span spans[16] = {{0, 0, 0}};
      struct call_fixture fixture;
      for (uint32_t j = 0; j < count; j++)
        types[j] = values[j].type, constants[j] = &values[j];
      fixture_open(&fixture);
      struct vs_binding binding = {types, constants, count, VS_NO_SPAN, spans, &fixture.arena, &fixture.env};
      bool has_kernel = row->bind(row, &binding, &probe, NULL) == VS_OK && probe.eval;
      fixture_close(&fixture);
      if (!has_kernel) continue;
      call_once(row->name, values, count, how, false, actual, sizeof actual);
      struct vs_memory memory;
      vs_memory_init(&memory, NULL, 0);
      print_value(&wanted, false, &memory, expected, sizeof expected);
      cr_expect_str_eq(actual, expected, "%s: %s", row->example, actual);
      checked++;
    }
  cr_expect_gt(checked, 35);
}
