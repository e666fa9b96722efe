/* SPDX-License-Identifier: Apache-2.0
 * From row to row through JSON: one object per line, an array of objects, or objects one after the other. Broken rows
 * are told to the visitor and stepped over: to the next line, or to where the next object seems to begin. */
#ifndef VS_FORMAT_JSON_WALK_H
#define VS_FORMAT_JSON_WALK_H

#include "engine/format/json_scan.h"

typedef enum { VS_JSON_LINES, VS_JSON_DETECT, VS_JSON_ARRAY, VS_JSON_SEQUENCE } vs_json_container;

struct vs_json_visitor {
  void *context;
  /* Reads the object at *at (a brace) and moves behind it. Called again for the same object when it was CUT and more
   * bytes have come. */
  vs_json_outcome (*object)(void *context, const char **at, const char *end);
  /* A row that is no sound object; `character` counts from 1 within the line, 0 unknown. */
  void (*refuse)(void *context, uint64_t line, uint64_t character, const char *what);
  bool (*is_full)(void *context); /* stop in front of the next row */
  /* JSON lines: reads from the row at `at` on as many rows as are just as expected, counting lines, and returns where
   * it stopped: in front of a row that needs the long way, or full. NULL: there is no short way. */
  const char *(*plain_lines)(void *context, const char *at, const char *end);
};

struct vs_json_walk {
  vs_json_container container;
  uint64_t line;     /* of the row under way, from 1 */
  uint64_t passed;   /* bytes of that line that are done with */
  struct vs_str row; /* the line under way; data NULL where rows are no lines */
  bool is_started, is_closed, is_skipping, is_refused_end;
};
void vs_json_walk_init(struct vs_json_walk *walk, vs_json_container container);
/* Returns the bytes that are done with; 0 when more are needed. */
size_t vs_json_walk_run(struct vs_json_walk *walk, const struct vs_json_visitor *visitor, const char *bytes,
                        size_t size, bool is_end);

#endif
