/* SPDX-License-Identifier: Apache-2.0
 * Which build of the inner loops runs. They are built once per variant from one source; v1 runs on every processor, v3
 * wants x86-64-v3 (AVX2, BMI2). Both give the same values. */
#ifndef VS_BASE_CPU_H
#define VS_BASE_CPU_H

typedef enum { VS_CPU_V1, VS_CPU_V3 } vs_cpu;

/* The best variant this processor runs, or the lesser one VELO_CPU=v1 asks for: the same answer from start to end, on
 * any thread. A word other than v1 and v3 is refused by vs_env_init; v3 where it cannot run gives v1. */
vs_cpu vs_cpu_variant(void);

#endif
