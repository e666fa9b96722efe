/* SPDX-License-Identifier: Apache-2.0 */
#include "engine_rig.h"

static struct vs_engine_setting find(const struct rig *rig, const char *key) {
  struct vs_engine_setting setting = {0};
  for (uint32_t i = 0; i < vs_engine_setting_count(rig->engine); i++) {
    vs_engine_setting_at(rig->engine, i, &setting);
    if (strcmp(setting.row.key, key) == 0) return setting;
  }
  cr_assert_fail("no setting %s", key);
  return setting;
}

Test(runtime_settings, every_row_is_sorted_documented_and_has_a_default_in_range) {
  struct rig rig;
  const char *last = "";
  rig_open(&rig);
  for (uint32_t i = 0; i < vs_engine_setting_count(rig.engine); i++) {
    struct vs_engine_setting setting;
    vs_engine_setting_at(rig.engine, i, &setting);
    cr_expect(strcmp(last, setting.row.key) < 0, "%s", setting.row.key);
    cr_expect(setting.row.doc && setting.row.doc[0] && setting.row.unit, "%s", setting.row.key);
    cr_expect_str_eq(setting.value, setting.row.fallback);
    cr_expect_str_eq(setting.origin, "default");
    last = setting.row.key;
  }
  rig_close(&rig);
}

Test(runtime_settings, the_environment_gives_values_and_a_bad_one_keeps_the_default) {
  struct rig rig;
  setenv("VELO_BOUND_ROWS", "17", 1);
  setenv("VELO_BOUND_SECONDS", "soon", 1);
  rig_open_with(&rig, true);
  cr_expect_eq(vs_engine_integer(rig.engine, "bound.rows"), 17);
  cr_expect_eq(vs_engine_integer(rig.engine, "bound.seconds"), 30);
  cr_expect_str_eq(find(&rig, "bound.rows").origin, "environment");
  rig_close(&rig);
}

Test(runtime_settings, a_value_out_of_range_changes_nothing) {
  struct rig rig;
  rig_open(&rig);
  cr_expect_eq(vs_engine_set(rig.engine, VS_STR("display_rows"), VS_STR("0"), VS_NO_SPAN, &rig.error), VS_BIND);
  cr_expect_eq(rig.error.code, VS_CODE_BAD_VALUE);
  cr_expect_eq(vs_engine_integer(rig.engine, "display_rows"), 25);
  cr_expect_eq(vs_engine_set(rig.engine, VS_STR("Display_Rows"), VS_STR("40"), VS_NO_SPAN, &rig.error), VS_OK);
  cr_expect_eq(vs_engine_integer(rig.engine, "display_rows"), 40);
  rig_close(&rig);
}

Test(runtime_settings, a_misspelt_name_is_answered_with_the_nearest) {
  struct rig rig;
  rig_open(&rig);
  cr_expect_eq(vs_engine_set(rig.engine, VS_STR("bound.row"), VS_STR("1"), VS_NO_SPAN, &rig.error), VS_BIND);
  cr_expect_eq(rig.error.code, VS_CODE_UNKNOWN_SETTING);
  cr_expect(strstr(rig.error.hint, "bound.rows"), "%s", rig.error.hint);
  rig_close(&rig);
}

Test(runtime_settings, velo_root_limits_files_and_fails_closed) {
  static const struct {
    const char *root;
    vs_code code;
  } cases[] = {{NULL, VS_CODE_OUTSIDE_ROOT}, {"/no/such/folder", VS_CODE_OUTSIDE_ROOT}, {"/", VS_CODE_NO_FILE}};
  for (size_t i = 0; i < VS_COUNT_OF(cases); i++) {
    struct rig rig;
    char folder[] = "/tmp/velo_root_XXXXXX";
    cr_assert(mkdtemp(folder));
    setenv("VELO_ROOT", cases[i].root ? cases[i].root : folder, 1);
    rig_open_with(&rig, true);
    struct vs_arena arena;
    struct vs_str path;
    struct vs_folders folders = vs_engine_folders(rig.engine);
    vs_arena_init(&arena, &rig.parts.memory, 0);
    cr_expect_neq(vs_path_resolve(&folders, VS_STR("/tmp/velo.csv"), false, &arena, &path, &rig.error), VS_OK);
    cr_expect_eq(rig.error.code, cases[i].code, "%s", rig.error.message);
    vs_arena_release(&arena);
    rig_close(&rig);
    rmdir(folder);
  }
}
