/* SPDX-License-Identifier: Apache-2.0
 * SET key = value. */
#include "engine/runtime/run.h"

vs_status vs_run_set_start(struct vs_run *run, struct vs_error *err) {
  struct vs_text text;
  struct vs_str key = run->statement->as.set.key;
  vs_text_init(&text, &run->engine->memory, 4096);
  vs_value_print(&run->statement->as.set.value, VS_STYLE_PLAIN, &text);
  vs_status status = vs_text_check(&text, err);
  if (status == VS_OK)
    status = vs_engine_set(run->engine, key, vs_text_view(&text), run->statement->as.set.value_span, err);
  if (status == VS_OK)
    vs_run_note(run, "%.*s = %.*s", VS_STR_ARG(key), VS_STR_ARG(vs_text_view(&text)));
  else if (err && err->code == VS_CODE_UNKNOWN_SETTING)
    err->span = run->statement->as.set.key_span;
  vs_text_release(&text);
  return status;
}
