/* links: vs_runtime */
/* SPDX-License-Identifier: Apache-2.0
 * A parameter cell of any bytes: whole lines become typed values or one error with its place, never a part of SQL. */
#include "engine/types/value.h"
#include "engine/velo.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print_all(const struct vs_engine *engine, struct vs_memory *memory) {
  struct vs_text text;
  vs_text_init(&text, memory, 0);
  for (uint32_t i = 0; i < vs_engine_parameter_count(engine); i++) {
    bool is_secret;
    const struct vs_parameter *parameter = vs_engine_parameter_at(engine, i, &is_secret);
    vs_value_print(&parameter->value, VS_STYLE_PLAIN, &text);
    for (uint32_t v = 0; v < parameter->list_count; v++)
      vs_value_print(&parameter->list[v], VS_STYLE_PLAIN, &text);
  }
  vs_text_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct vs_env_parts parts;
  struct vs_engine *engine;
  struct vs_error err;
  vs_memory_init(&parts.memory, NULL, 0);
  vs_clock_init_virtual(&parts.clock, 0);
  vs_random_seed(&parts.random, 1);
  vs_log_init(&parts.log, 2, VS_LOG_ERROR);
  const struct vs_env env = {&parts.clock, &parts.random, &parts.memory, &parts.log};
  const struct vs_engine_options options = {&env, NULL, false};
  if (vs_engine_new(&options, &engine, &err) != VS_OK) abort();
  const struct vs_str text = {(const char *)data, size};
  vs_status status = vs_engine_parameter_text(engine, text, 0, true, &err);
  if (status != VS_OK && (!err.message[0] || err.span.begin > err.span.end || err.span.end > size)) abort();
  (void)vs_engine_is_parameter_text(text);
  print_all(engine, &parts.memory);
  (void)vs_engine_parameter_set(engine, VS_STR("bare"), text, false, false, VS_PARAMETER_SET, &err);
  print_all(engine, &parts.memory);
  vs_engine_free(engine);
  if (vs_memory_used(&parts.memory)) abort();
  return 0;
}
