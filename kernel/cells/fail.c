/* SPDX-License-Identifier: Apache-2.0
 * An error as a person sees it: one line that opens with the code, the quoted line with a caret, the hint. */
#include "engine/base/caret.h"
#include "kernel/cells/cell.h"

static uint32_t count_lines(struct vs_str text) {
  uint32_t lines = 1;
  for (size_t i = 0; i < text.size; i++)
    lines += text.data[i] == '\n';
  return lines;
}

static void split_traceback(struct vsk_cell *cell, struct vs_str text, struct vsk_reply *reply) {
  reply->traceback = VS_ARENA_ARRAY(cell->arena, const char *, count_lines(text));
  while (reply->traceback && text.size) {
    const char *newline = memchr(text.data, '\n', text.size);
    size_t size = newline ? (size_t)(newline - text.data) : text.size;
    char *line = vs_arena_copy(cell->arena, text.data, size);
    if (line) reply->traceback[reply->traceback_count++] = line;
    text = (struct vs_str){text.data + size + (newline != NULL), text.size - size - (newline != NULL)};
  }
}

/* Which statements of a cell ran before the one that failed. */
static void print_progress(const struct vsk_cell *cell, struct vs_text *text) {
  if (cell->statement_count < 2 || cell->statement_index == 0) return;
  vs_text_printf(text, "statement %u of %u failed; ", cell->statement_index, cell->statement_count);
  if (cell->statement_index == 1)
    vs_text_puts(text, "none ran before it\n");
  else
    vs_text_printf(text, "%u before it ran, their outputs stand above\n", cell->statement_index - 1);
}

void vsk_reply_fail(struct vsk_cell *cell, const struct vs_error *error, struct vsk_reply *ret_reply) {
  const struct vs_code_row *row = vs_code_find(error->code);
  struct vsk_reply reply = {.is_error = true};
  struct vs_text text;
  struct vs_str source = cell->request->code;
  if (vs_span_is_known(error->span) && error->span.source < cell->source_count)
    source = cell->sources[error->span.source];
  vs_text_init(&text, cell->studio->env->memory, 64 << 10);
  vs_caret_print(source, vs_str_of(cell->owner_label), error, true, &text);
  print_progress(cell, &text);
  reply.ename = vs_arena_copy(cell->arena, row ? row->ename : "VeloInternalError", row ? strlen(row->ename) : 17);
  reply.evalue = vs_arena_printf(cell->arena, "VELO-%d %s", (int)error->code, error->message);
  split_traceback(cell, vs_str_trim(vs_text_view(&text)), &reply);
  vs_text_release(&text);
  if (!reply.ename || !reply.evalue) reply = (struct vsk_reply){.is_error = true};
  *ret_reply = reply;
}
