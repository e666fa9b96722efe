/* SPDX-License-Identifier: Apache-2.0
 * Rows to stdout as they come: one batch of text in memory at a time, so input of any size streams through. */
#include "engine/cli/cli.h"
#include "engine/runtime/insertions.h"
#include <errno.h>
#include <unistd.h>

enum { BATCH_TEXT_LIMIT_MIB = 1024 };

/* VS_STOP when the reader is gone (`velo run ... | head`): that ends the query, and is no failure. */
static vs_status write_out(const struct vs_cli *cli, struct vs_text *text, struct vs_error *err) {
  VS_TRY(vs_text_check(text, err));
  struct vs_text concealed VS_CLEANUP(vs_text_release);
  struct vs_str shown = vs_cli_conceal(cli, text, &concealed);
  VS_TRY(vs_text_check(&concealed, err));
  for (size_t done = 0; done < shown.size;) {
    ssize_t size = write(cli->out_fd, shown.data + done, shown.size - done);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EPIPE) return VS_STOP;
    if (size < 0)
      return vs_fail(err, VS_CODE_WRITE_FAILED, VS_NO_SPAN, "stdout cannot be written: %s", strerror(errno));
    done += (size_t)size;
  }
  vs_text_clear(text);
  return VS_OK;
}

static vs_status open_encoder(const struct vs_cli *cli, vs_cli_format format, const struct vs_schema *schema,
                              struct vs_encoder **ret_encoder, struct vs_error *err) {
  struct vs_format_options options;
  if (format == VS_CLI_TABLE) {
    *ret_encoder = NULL;
    return VS_OK;
  }
  vs_format_options_default(&options);
  for (uint32_t i = 0; i < vs_engine_setting_count(cli->engine); i++) {
    struct vs_engine_setting setting;
    vs_engine_setting_at(cli->engine, i, &setting);
    if (strcmp(setting.row.key, "json.decimal.output") == 0)
      options.json_decimal_as_number = strcmp(setting.value, "number") == 0;
  }
  const struct vs_format *row = vs_format_find(format == VS_CLI_CSV ? VS_STR("csv") : VS_STR("jsonl"));
  return row->encoder_new(&options, schema, &cli->env, ret_encoder, err);
}

static void encode(struct vs_encoder *encoder, const struct vs_batch *batch, bool is_first, struct vs_text *text) {
  if (!encoder) {
    vs_cli_print_table(batch, is_first, text);
    return;
  }
  if (is_first && encoder->ops->begin) encoder->ops->begin(encoder, text);
  encoder->ops->rows(encoder, batch, text);
}

/* ---- as they come ---- */

static vs_status rows_open(struct vs_tap *tap, const struct vs_schema *schema, vs_change_mode mode,
                           struct vs_error *err) {
  struct vs_rows_tap *rows = (struct vs_rows_tap *)tap;
  (void)mode;
  vs_text_init(&rows->text, rows->cli->env.memory, (size_t)BATCH_TEXT_LIMIT_MIB << 20);
  VS_TRY(open_encoder(rows->cli, rows->format, schema, &rows->encoder, err));
  if (!rows->encoder || !rows->encoder->ops->begin) return VS_OK;
  rows->encoder->ops->begin(rows->encoder, &rows->text); /* a query without rows still has its header */
  rows->is_begun = true;
  return write_out(rows->cli, &rows->text, err);
}

static vs_status rows_batch(struct vs_tap *tap, const struct vs_batch *batch, struct vs_error *err) {
  struct vs_rows_tap *rows = (struct vs_rows_tap *)tap;
  uint16_t selection[VS_BATCH_ROWS];
  struct vs_batch insertions;
  vs_batch_insertions(batch, selection, &insertions);
  if (!insertions.selected_count) return VS_OK;
  encode(rows->encoder, &insertions, !rows->is_begun, &rows->text);
  rows->is_begun = true;
  return write_out(rows->cli, &rows->text, err);
}

static void rows_close(struct vs_tap *tap, vs_status status, const struct vs_error *err) {
  struct vs_rows_tap *rows = (struct vs_rows_tap *)tap;
  (void)status, (void)err;
  if (rows->encoder) {
    if (rows->encoder->ops->end) rows->encoder->ops->end(rows->encoder, &rows->text);
    if (write_out(rows->cli, &rows->text, NULL) != VS_OK) vs_text_clear(&rows->text);
    rows->encoder->ops->free(rows->encoder);
  }
  vs_text_release(&rows->text);
}

static const struct vs_tap_ops rows_ops = {rows_open, rows_batch, NULL, rows_close};

void vs_rows_tap_init(struct vs_rows_tap *rows, const struct vs_cli *cli, vs_cli_format format) {
  *rows = (struct vs_rows_tap){.tap = {&rows_ops}, .cli = cli, .format = format};
}

/* ---- at once ---- */

vs_status vs_cli_print_batch(const struct vs_cli *cli, vs_cli_format format, const struct vs_batch *batch,
                             struct vs_error *err) {
  struct vs_encoder *encoder;
  struct vs_text text;
  VS_TRY(open_encoder(cli, format, batch->schema, &encoder, err));
  vs_text_init(&text, cli->env.memory, (size_t)BATCH_TEXT_LIMIT_MIB << 20);
  encode(encoder, batch, true, &text);
  if (encoder && encoder->ops->end) encoder->ops->end(encoder, &text);
  if (encoder) encoder->ops->free(encoder);
  vs_status status = write_out(cli, &text, err);
  vs_text_release(&text);
  return status == VS_STOP ? VS_OK : status;
}
