/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/cpu.h"
#include "engine/base/env.h"
#include <criterion/criterion.h>
#include <stdlib.h>

Test(base_cpu, the_lesser_variant_can_be_asked_for) {
  setenv("VELO_CPU", "v1", 1);
  cr_expect_eq(vs_cpu_variant(), VS_CPU_V1);
  setenv("VELO_CPU", "v3", 1);
  vs_cpu wished = vs_cpu_variant();
  unsetenv("VELO_CPU");
  cr_expect_eq(vs_cpu_variant(), wished, "the best one is what v3 asks for");
}

Test(base_cpu, an_unknown_variant_is_refused) {
  struct vs_env env;
  struct vs_env_parts parts;
  struct vs_error err;
  setenv("VELO_CPU", "v2", 1);
  cr_expect_neq(vs_env_init(&env, &parts, &err), VS_OK);
  cr_expect_str_eq(err.message, "VELO_CPU=v2 is neither v1 nor v3");
}
