/* SPDX-License-Identifier: Apache-2.0
 * The table of a result, as HTML for notebooks and as aligned text for consoles and nbconvert.
 *
 * The HTML is a bare <table> that the client's theme draws; all of ours is inline, since a <style> block loses against
 * the client's and is dropped in untrusted notebooks. Hidden columns are not shown, except that hidden window bounds
 * become one dim column `window` and hidden alert conditions mark their rows. Every value is escaped. */
#ifndef VSK_DISPLAY_TABLE_H
#define VSK_DISPLAY_TABLE_H

#include "engine/types/batch.h"
#include "engine/types/row_error.h"
#include "kernel/display/bundle.h"

enum {
  VSK_TABLE_HEAD = 20,      /* rows to ask for at the front */
  VSK_TABLE_TAIL = 5,       /* and at the end */
  VSK_TABLE_CELL = 200,     /* characters of a value before it is cut with an ellipsis */
  VSK_TABLE_CELL_TEXT = 60, /* the same in text/plain */
  VSK_TABLE_COLUMNS = 100   /* further columns are named in a note */
};

/* Plain data, everything borrowed for the call. Zero is a valid value of every field but schema and head. */
struct vsk_table {
  const struct vs_schema *schema;
  const struct vs_batch *head, *tail; /* FLAT or not, selections respected; tail may be NULL. Together they may overlap
                                         when folded_rows is smaller than both: each row is shown once */
  bool is_list;                       /* SHOW, DESCRIBE: rows alone, no footer */

  uint64_t folded_rows;  /* rows the result has now */
  uint64_t emitted_rows; /* changes; said when is_keyed and different from folded_rows */
  uint64_t dropped_rows; /* fell out of the ring */
  uint64_t rows_in;      /* read from the sources; said when it differs from both */
  uint64_t alerts;       /* folded rows that satisfy an alert */
  uint64_t late, failed, division_by_zero, open_windows;
  const struct vs_row_error *failed_samples; /* why the first of the failed rows failed */
  uint32_t failed_sample_count;
  bool is_keyed, has_alerts;
  bool has_event_time;             /* "0 late" is said */
  const char *const *alert_labels; /* per alert_index, for the mark's tooltip; NULL allowed */
  uint32_t alert_count;

  bool is_live;        /* a header line "LIVE ..." stands above */
  bool has_line_above; /* ... above the chart already: only the progress is drawn here */
  bool has_timing;     /* false under the virtual clock: rows/s and elapsed are left out, so outputs repeat exactly */
  int64_t elapsed_us;
  double progress;             /* 0..1 of the input, drawn while live; 0: unknown */
  const char *bound;           /* "stopped at 10,000 rows"; NULL: ran to its end */
  const char *label;           /* "[2/3]", above the table; NULL */
  const char *note;            /* first line of the footer, of a list the line above it; NULL */
  const char *const *warnings; /* one that begins with "note: " is no warning and loses the word */
  uint32_t warning_count;
};

/* Appends to `ret_text`. Rows that would pass `limit_bytes` of added text are left out with a note naming VELO-5003. */
void vsk_table_html(const struct vsk_table *table, size_t limit_bytes, struct vs_text *ret_text);
void vsk_table_text(const struct vsk_table *table, size_t limit_bytes, struct vs_text *ret_text);
/* Both, with the limits of one output. VELO-5001. */
vs_status vsk_table_bundle(const struct vsk_table *table, struct vs_memory *memory, json_t **ret_data,
                           struct vs_error *err) VS_NODISCARD;

/* "LIVE · 12.5 K rows/s · 50,000 rows · 2.3 s", also for the frame of a live chart. */
void vsk_table_live_line(const struct vsk_table *table, struct vs_text *ret_text);
/* "26 rows from 9,999 changes · 11 alerts · 0 late · 12.5 K rows/s · 0.8 s" */
void vsk_table_footer(const struct vsk_table *table, struct vs_text *ret_text);

#endif
