/* SPDX-License-Identifier: Apache-2.0
 * Magics: one file below magic/ each, which defines `const struct vsk_magic vsk_magic_<file>`; CMake lists the folder.
 * The command table of a magic drives parsing, usage errors, %help, %NAME?, completion and Shift-Tab.
 *
 * Magics run on the executor, inside a cell. They show things through the context and return a status; an error becomes
 * the cell's one `error` output. */
#ifndef VSK_MAGICS_MAGIC_H
#define VSK_MAGICS_MAGIC_H

#include "engine/base/option.h"
#include "engine/velo.h"
#include "kernel/session/session.h"

/* %viz hints for the next statement; texts live as long as the cell. NULL data: not given. */
struct vsk_viz_hint {
  struct vs_str mark, title, x, y, color;
};

/* A running cell, as magics see it. Borrowed; one per execute_request. */
struct vsk_context {
  const struct vsk_request *request;
  struct vsk_session *session;
  struct vs_engine *engine;
  struct vs_arena *arena;            /* the request's */
  struct vsk_viz_hint viz;           /* set by %viz before a statement, taken by it */
  bool has_statement_after;          /* a statement follows in this cell */
  struct vs_str owner;               /* cell id */
  const struct vsk_magic_line *line; /* the magic line that runs; NULL outside of one */
  json_t *payload;                   /* array of execute_reply payloads; %help adds a page */
  /* Runs SQL as if it stood in the cell; for %sql and cell magics. `offset` is where it begins in the cell. */
  vs_status (*run_sql)(struct vsk_context *context, struct vs_str sql, uint32_t offset, struct vs_error *err);
  void *cell; /* for run_sql */
};

struct vsk_magic {
  struct vs_command command; /* name with its sign: "%viz" */
  bool is_line, is_cell;     /* %name and %%name */
  bool holds_sql;            /* the rest of the line is SQL where it is no option: completion and help read it so */
  bool takes_raw;            /* the rest of the line is passed unsplit: in arguments->values[0] */
  /* `body`: the lines below a %%magic, `body_offset` where they begin in the cell; empty for a line magic. */
  vs_status (*run)(struct vsk_context *context, const struct vs_arguments *arguments, struct vs_str body,
                   uint32_t body_offset, struct vs_error *err);
  /* Offers values for the argument being typed; NULL: none. A word "key=value" is shown once its key and = are typed.
   * Any thread. */
  void (*complete)(struct vs_engine *engine, void (*offer)(void *sink, struct vs_str word, const char *detail),
                   void *sink);
};
extern const struct vsk_magic *const vsk_magic_all[]; /* NULL at the end; written by CMake */

/* `name` without its signs; NULL when unknown. */
const struct vsk_magic *vsk_magic_find(struct vs_str name);
/* VELO-6001 with the nearest names. */
vs_status vsk_magic_unknown(struct vs_str name, struct vs_span span, struct vs_error *err) VS_NODISCARD;

/* One magic line as it stands in a cell: "%viz bar x=symbol", "%%sql", "%viz?". */
struct vsk_magic_line {
  struct vs_str name;  /* "viz" */
  struct vs_str rest;  /* "bar x=symbol" */
  struct vs_span span; /* of the line in the cell */
  bool is_cell, is_question;
};
/* False when the line is no magic. `offset` is where it begins in the cell. */
bool vsk_magic_line_read(struct vs_str line, uint32_t offset, struct vsk_magic_line *ret_line);
vs_status vsk_magic_run(struct vsk_context *context, const struct vsk_magic_line *line, struct vs_str body,
                        uint32_t body_offset, struct vs_error *err) VS_NODISCARD;

/* Where the running magic's line says `word`, for a caret; VS_NO_SPAN when it does not stand there as it is. */
struct vs_span vsk_magic_span(const struct vsk_context *context, struct vs_str word);
/* Splits the rest of a line by the command's table; for magics that take it raw and look at it first. An error's caret
 * stands under the word that is wrong. */
vs_status vsk_magic_words(struct vsk_context *context, const struct vs_command *command, struct vs_str rest,
                          struct vs_arguments *ret_arguments, struct vs_error *err) VS_NODISCARD;

/* Output helpers: a bundle of text/plain, and of text/markdown beside it. */
void vsk_show_text(struct vsk_context *context, struct vs_str text);
void vsk_show_markdown(struct vsk_context *context, struct vs_str markdown, struct vs_str plain);
/* A page payload: what `%help` and `%NAME?` answer with, shown by consoles in a pager and by notebooks as an
 * output; without stdin, where payloads are ignored, an output. */
vs_status vsk_show_page(struct vsk_context *context, struct vs_str plain, struct vs_error *err) VS_NODISCARD;

/* Offers the readable files beside the notebook, quoted. Any thread. */
void vsk_offer_files(struct vs_engine *engine, void (*offer)(void *sink, struct vs_str word, const char *detail),
                     void *sink);

/* JSON of all magics, for `velo-kernel reference magics`. */
void vsk_magic_reference(struct vs_text *ret_text);

#endif
