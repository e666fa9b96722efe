/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/cpu.h"

#include <stdlib.h>
#include <string.h>

/* Asks for exactly what the v3 build may use (CMakeLists.txt); the features were read when the program was loaded. */
static vs_cpu best_variant(void) {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
      __builtin_cpu_supports("popcnt"))
    return VS_CPU_V3;
#endif
  return VS_CPU_V1;
}

vs_cpu vs_cpu_variant(void) {
  const char *wish = getenv("VELO_CPU");
  return wish && strcmp(wish, "v1") == 0 ? VS_CPU_V1 : best_variant();
}
