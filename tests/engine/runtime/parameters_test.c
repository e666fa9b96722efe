/* SPDX-License-Identifier: Apache-2.0 */
#include "engine_rig.h"

static void set_text(struct rig *rig, const char *text, bool is_injected) {
  cr_assert_eq(vs_engine_parameter_text(rig->engine, vs_str_of(text), 0, is_injected, &rig->error), VS_OK, "%s",
               rig->error.message);
}

Test(runtime_parameters, a_cell_of_python_text_becomes_typed_values) {
  struct rig rig;
  rig_open(&rig);
  set_text(
      &rig,
      "# Parameters\nn = 5\nprice = 1.50\nbig = 12345678901234567890\nf: float = 1e3\nname = \"ADA's \\u0041\\n\"\n"
      "flag = True\nnothing = None\nday = '2026-01-31'  # a comment\n",
      true);
  cr_expect_str_eq(rig_sql(&rig, "SELECT :n, :price, :big, :f, :flag, :nothing, :day"),
                   "5|1.50|12345678901234567890|1000|true|NULL|2026-01-31\n");
  cr_expect_str_eq(rig_sql(&rig, "SELECT :name"), "ADA's A\n\n");
  rig_close(&rig);
}

Test(runtime_parameters, a_list_stands_after_in) {
  struct rig rig;
  rig_open(&rig);
  set_text(&rig, "-- Parameters\ncoins = ['ADA', \"XLM\"]\nlevels = (1, 2.5,)\nnone = []\n", false);
  cr_expect_str_eq(rig_sql(&rig, "SELECT 'ADA' IN (:coins), 'ETH' IN (:coins), 2.5 IN (:levels)"), "true|false|true\n");
  rig_close(&rig);
}

Test(runtime_parameters, the_injected_cell_wins_over_environment_over_default) {
  struct rig rig;
  setenv("VELO_PARAM_SYMBOL", "ETH", 1);
  setenv("VELO_PARAM_SIZE", "5", 1);
  rig_open_with(&rig, true);
  set_text(&rig, "-- Parameters\nsymbol = 'ADA'\nsize = 1\nother = 1\n", false);
  cr_expect_str_eq(rig_sql(&rig, "SELECT :symbol, :size, :other"), "ETH|5|1\n");
  set_text(&rig, "# Parameters\nsymbol = \"XLM\"\n", true);
  set_text(&rig, "-- Parameters\nsymbol = 'ADA'\n", false);
  cr_expect_str_eq(rig_sql(&rig, "SELECT :symbol"), "XLM\n");
  cr_assert_eq(
      vs_engine_parameter_set(rig.engine, VS_STR("symbol"), VS_STR("'XMR'"), true, false, VS_PARAMETER_SET, &rig.error),
      VS_OK);
  cr_expect_str_eq(rig_sql(&rig, "SELECT :symbol"), "XMR\n");
  rig_close(&rig);
}

Test(runtime_parameters, only_a_heading_over_assignments_is_a_parameter_cell) {
  cr_expect(vs_engine_is_parameter_text(VS_STR("# Parameters\nsymbol = \"ETH\"\n")));
  cr_expect(vs_engine_is_parameter_text(VS_STR("\n-- parameters\na = 1\n\n-- note\nb = 2")));
  cr_expect(vs_engine_is_parameter_text(VS_STR("# Parameters")));
  cr_expect_not(vs_engine_is_parameter_text(VS_STR("symbol = 1")));
  cr_expect_not(vs_engine_is_parameter_text(VS_STR("-- Parameters\nSELECT 1")));
  cr_expect_not(vs_engine_is_parameter_text(VS_STR("-- Parameters of the query\na = 1")));
  cr_expect_not(vs_engine_is_parameter_text(VS_STR("")));
}

Test(runtime_parameters, a_bad_line_is_named_with_its_place) {
  struct rig rig;
  rig_open(&rig);
  const char *text = "-- Parameters\na = 1\nb = {1: 2}\n";
  cr_expect_neq(vs_engine_parameter_text(rig.engine, vs_str_of(text), 3, false, &rig.error), VS_OK);
  cr_expect_eq(rig.error.code, VS_CODE_BAD_PARAMETER);
  cr_expect_eq(rig.error.span.source, 3);
  cr_expect_eq(rig.error.span.begin, strstr(text, "b =") - text);
  rig_close(&rig);
}

Test(runtime_parameters, one_word_needs_no_quotes) {
  struct rig rig;
  rig_open(&rig);
  set_text(&rig,
           "-- Parameters\nsymbol = ETH\nregion: str = eu-west-1\nday = 2026-01-31;\nn = 5\nflag = True\nlag = 5m\n",
           false);
  cr_expect_str_eq(rig_sql(&rig, "SELECT :symbol, :region, :day, :n + 1, :flag, :lag"),
                   "ETH|eu-west-1|2026-01-31|6|true|5m\n");
  rig_close(&rig);
}

Test(runtime_parameters, literals_that_are_none_are_refused) {
  static const char *const bad[] = {"",           "[1, 2",    "'open", "1 2", "nan",  "inf",     "a+b",   "--", "1e999",
                                    "ETH -- why", "New York", "=x",    "--x", "a--b", "'a' 'b'", "[1 2]", "{}"};
  struct rig rig;
  rig_open(&rig);
  for (uint32_t i = 0; i < VS_COUNT_OF(bad); i++)
    cr_expect_neq(
        vs_engine_parameter_set(rig.engine, VS_STR("x"), vs_str_of(bad[i]), true, false, VS_PARAMETER_SET, &rig.error),
        VS_OK, "%s", bad[i]);
  cr_expect_eq(vs_engine_parameter_count(rig.engine), 0);
  rig_close(&rig);
}
