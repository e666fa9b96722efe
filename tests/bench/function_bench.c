/* links: vs_function */
/* SPDX-License-Identifier: Apache-2.0
 * Rows per second of bound calls over full batches, flat and with a constant. Prints a table; no threshold. */
#include "engine/function/function.h"
#include <stdio.h>
#include <string.h>

struct bench {
  struct vs_memory memory;
  struct vs_arena plan, batch;
  struct vs_env env;
  struct vs_row_errors errors;
  struct vs_eval eval;
  struct vs_clock clock;
};

static struct vs_vector column_of(struct bench *bench, struct vs_type type, bool is_constant, bool has_nulls) {
  struct vs_vector column;
  if (vs_vector_init(&column, type, VS_BATCH_ROWS, &bench->plan, NULL) != VS_OK) return (struct vs_vector){0};
  for (uint32_t i = 0; i < VS_BATCH_ROWS; i++)
    switch (vs_type_physical(type)) {
    case VS_PHYSICAL_F64: ((double *)column.data)[i] = i + 0.5; break;
    case VS_PHYSICAL_I128: ((vs_i128 *)column.data)[i] = i + 1; break;
    case VS_PHYSICAL_STRING: ((struct vs_string *)column.data)[i] = vs_string_of("BTCUSDT", 7); break;
    case VS_PHYSICAL_BOOL: ((uint8_t *)column.data)[i] = i & 1; break;
    default: ((int64_t *)column.data)[i] = i + 1; break;
    }
  if (has_nulls && vs_vector_validity(&column, VS_BATCH_ROWS, &bench->plan)) column.validity[3] = 0x5555;
  column.encoding = is_constant ? VS_VECTOR_CONSTANT : VS_VECTOR_FLAT;
  return column;
}

static void measure(struct bench *bench, const char *name, struct vs_type a, struct vs_type b, bool is_constant,
                    bool has_nulls) {
  struct vs_type types[2] = {a, b};
  struct vs_span spans[2] = {VS_NO_SPAN, VS_NO_SPAN};
  struct vs_binding binding = {types, NULL, 2, VS_NO_SPAN, spans, &bench->plan, &bench->env};
  const struct vs_scalar *row = vs_scalar_find(vs_str_of(name));
  struct vs_call_bound call = {.function = row, .span = VS_NO_SPAN};
  struct vs_error err = {0};
  if (!row || row->bind(row, &binding, &call, &err) != VS_OK) {
    printf("%s: %s\n", name, err.message);
    return;
  }
  struct vs_vector arguments[2] = {column_of(bench, types[0], false, has_nulls),
                                   column_of(bench, types[1], is_constant, false)},
                   ret;
  uint64_t rows = 0;
  int64_t begin = vs_clock_steady_us(&bench->clock), spent = 0;
  while (spent < 200000) {
    for (int i = 0; i < 256; i++) {
      vs_arena_reset(&bench->batch);
      if (vs_call_run(&call, &bench->eval, arguments, 2, VS_BATCH_ROWS, &ret, &err) != VS_OK) return;
      rows += VS_BATCH_ROWS;
    }
    spent = vs_clock_steady_us(&bench->clock) - begin;
  }
  char left[32], right[32];
  printf("%-4s %-14s %-14s %-8s %-6s %8.0f M rows/s\n", name, vs_type_print(types[0], left),
         vs_type_print(types[1], right), is_constant ? "constant" : "flat", has_nulls ? "nulls" : "",
         (double)rows / (double)spent);
}

int main(void) {
  struct bench bench;
  memset(&bench, 0, sizeof bench);
  vs_memory_init(&bench.memory, NULL, 0);
  vs_arena_init(&bench.plan, &bench.memory, 1u << 28);
  vs_arena_init(&bench.batch, &bench.memory, 1u << 28);
  vs_clock_init_real(&bench.clock);
  bench.env.memory = &bench.memory;
  bench.eval = (struct vs_eval){.env = &bench.env, .arena = &bench.batch, .errors = &bench.errors, .first_row = 1};
  struct vs_type integer = VS_TYPE(INTEGER), real = VS_TYPE(FLOAT), money = vs_type_decimal(9, 2),
                 text = VS_TYPE(STRING);
  for (int mode = 0; mode < 3; mode++) {
    measure(&bench, "+", integer, integer, mode == 1, mode == 2);
    measure(&bench, "*", integer, integer, mode == 1, mode == 2);
    measure(&bench, "+", real, real, mode == 1, mode == 2);
    measure(&bench, "*", real, real, mode == 1, mode == 2);
    measure(&bench, "/", real, real, mode == 1, mode == 2);
    measure(&bench, "+", money, money, mode == 1, mode == 2);
    measure(&bench, "*", money, money, mode == 1, mode == 2);
    measure(&bench, "/", money, money, mode == 1, mode == 2);
    measure(&bench, "<", integer, integer, mode == 1, mode == 2);
    measure(&bench, ">", real, real, mode == 1, mode == 2);
    measure(&bench, "=", text, text, mode == 1, mode == 2);
    measure(&bench, "AND", VS_TYPE(BOOLEAN), VS_TYPE(BOOLEAN), mode == 1, mode == 2);
  }
  vs_arena_release(&bench.batch);
  vs_arena_release(&bench.plan);
  return 0;
}
