/* SPDX-License-Identifier: Apache-2.0
 * Connectors: where rows come from and go to. One file, one vtable, one settings table per connector.
 *
 * A source is polled by the one job thread that owns it and hands out batches already decoded; it says "wait" instead
 * of blocking, so that the job can also watch its cancel eventfd. A sink takes every row the query emits. */
#ifndef VS_CONNECT_CONNECTOR_H
#define VS_CONNECT_CONNECTOR_H

#include "engine/base/wake.h"
#include "engine/format/format.h"
#include <limits.h>

/* One WITH key: drives validation, reference page, redaction. Durations in microseconds. */
typedef enum {
  VS_SET_TEXT,
  VS_SET_BOOL,
  VS_SET_INTEGER,
  VS_SET_NUMBER,
  VS_SET_DURATION,
  VS_SET_CHAR,
  VS_SET_CHOICE
} vs_setting_kind;
struct vs_setting {
  const char *key;     /* without the "<n>." prefix: "has_headers" */
  const char *aliases; /* "header" */
  vs_setting_kind kind;
  const char *choices; /* "a|b" */
  int64_t min, max;    /* INTEGER, NUMBER, DURATION (microseconds); max 0: none */
  const char *fallback;
  const char *unit; /* "ms", "rows"; "" */
  const char *doc;
  bool is_secret, is_planned; /* planned: VELO-2001 */
};
struct vs_option_value { /* a checked value; text is NULL data when not given and without fallback */
  struct vs_str text;
  int64_t integer;
  double number;
  bool boolean, is_given;
};
const struct vs_setting *vs_source_settings(uint32_t *ret_count);
const struct vs_setting *vs_setting_find(const struct vs_setting *settings, uint32_t count, struct vs_str key);
/* VELO-2014 unknown key with suggestion, VELO-2001 planned key, VELO-2015 bad value; `span` is the key's or value's. */
vs_status vs_setting_check(const struct vs_setting *setting, struct vs_str text, struct vs_span span,
                           struct vs_option_value *ret_value, struct vs_error *err) VS_NODISCARD;

/* A limit of the row as users write it: that of a DURATION in the row's unit. */
int64_t vs_setting_in_unit(const struct vs_setting *setting, int64_t value);

/* Everything known about an outside stream, checked. Plain data in the catalogue's arena. */
struct vs_endpoint {
  const struct vs_connector *connector;
  const struct vs_format *format;
  struct vs_format_options format_options;
  struct vs_str path;            /* resolved */
  struct vs_str shown_path;      /* as the user wrote it */
  bool watch, append, is_mapped; /* mapped: file_source_mmap */
  int64_t polling_interval_us;
  double replay_speed; /* 0: as fast as it reads; 600: ten minutes of event time a second */
  const struct vs_schema *schema;
  int time_column; /* event time; -1: none */
  vs_epoch_unit time_unit;
  bool has_watermark; /* declared: WATERMARK FOR or watermark.max_out_of_orderness */
  int64_t watermark_delay_us;
  bool is_bounded;     /* a file that is not watched */
  uint32_t part_bytes; /* of a part read by a thread (engine/connect/part.h); 0: as the connector likes */
};

typedef enum { VS_POLL_ROWS, VS_POLL_WAIT, VS_POLL_END } vs_poll;
struct vs_source_reader;
struct vs_source_counters {
  uint64_t bytes, rows; /* read so far */
  int64_t total_bytes;  /* -1 unknown: for progress */
};
struct vs_source_reader_ops {
  /* ROWS: *ret_batch, valid until the next poll, is filled (event_time_us set from the endpoint's time column; rows
   * whose time is unusable fail). WAIT: nothing now; try again after *ret_wait_us of steady time, or when the reader's
   * fd (may be -1) is readable. END: no row will come any more. */
  vs_status (*poll)(struct vs_source_reader *reader, struct vs_row_errors *errors, struct vs_batch *ret_batch,
                    vs_poll *ret_poll, int64_t *ret_wait_us, struct vs_error *err);
  void (*counters)(const struct vs_source_reader *reader, struct vs_source_counters *ret_counters);
  void (*close)(struct vs_source_reader *reader);
};
struct vs_part_source_ops; /* engine/connect/part.h */
struct vs_source_reader {
  const struct vs_source_reader_ops *ops;
  int wake_fd;
  const struct vs_part_source_ops *parts; /* NULL: only poll */
};
struct vs_sink_writer;
struct vs_sink_writer_ops {
  vs_status (*write)(struct vs_sink_writer *writer, const struct vs_batch *batch, struct vs_error *err);
  vs_status (*flush)(struct vs_sink_writer *writer, struct vs_error *err);
  /* Ends the output (JSON arrays close, files are flushed); frees the writer also when it fails. */
  vs_status (*close)(struct vs_sink_writer *writer, bool is_complete, struct vs_error *err);
};
struct vs_sink_writer {
  const struct vs_sink_writer_ops *ops;
};

struct vs_connector {
  const char *name; /* "file" : file_source, file_source_mmap, file_sink */
  const char *doc;
  vs_status (*infer)(const struct vs_endpoint *endpoint, const struct vs_env *env, struct vs_arena *arena,
                     struct vs_inferred *ret_inferred, struct vs_error *err);
  /* `projection` as in vs_format. */
  vs_status (*open_source)(const struct vs_endpoint *endpoint, const bool *projection, const struct vs_env *env,
                           struct vs_source_reader **ret_reader, struct vs_error *err);
  vs_status (*open_sink)(const struct vs_endpoint *endpoint, const struct vs_schema *schema, const struct vs_env *env,
                         struct vs_sink_writer **ret_writer, struct vs_error *err);
};
extern const struct vs_connector vs_connector_file;

/* Wraps a reader so that rows come out no faster than event time x speed allows (endpoint.replay_speed). Takes `inner`,
 * also when it fails. */
vs_status vs_replay_open(struct vs_source_reader *inner, double speed, const struct vs_env *env,
                         struct vs_source_reader **ret_reader, struct vs_error *err) VS_NODISCARD;

/* Rows kept in memory: results and tables read by later cells. Reference counted, immutable once published. */
struct vs_rows;
vs_status vs_rows_new(const struct vs_schema *schema, struct vs_memory *memory, struct vs_rows **ret_rows,
                      struct vs_error *err) VS_NODISCARD;
vs_status vs_rows_append(struct vs_rows *rows, const struct vs_batch *batch,
                         struct vs_error *err) VS_NODISCARD; /* before sharing */
struct vs_rows *vs_rows_ref(struct vs_rows *rows);
void vs_rows_unref(struct vs_rows *rows); /* NULL allowed */
const struct vs_schema *vs_rows_schema(const struct vs_rows *rows);
uint64_t vs_rows_count(const struct vs_rows *rows);
size_t vs_rows_bytes(const struct vs_rows *rows);
vs_status vs_rows_open(struct vs_rows *rows, const struct vs_env *env, struct vs_source_reader **ret_reader,
                       struct vs_error *err) VS_NODISCARD; /* refs rows */

/* Paths: `path` against each of folders in turn; the first that exists (or, for a sink, whose parent exists).
 * VELO-4001 lists what was tried and the readable files nearby. "file://x" is relative, "file:///x" absolute.
 * With a root, VELO-4007 for what lies outside it, whether it exists or not; the path given back has its links
 * resolved. */
struct vs_inference_cache; /* engine/catalog/catalog.h */
struct vs_folders {
  const char *items[4];
  uint32_t count;
  const char *root;                 /* the one folder files may lie in, as realpath prints it; NULL: any */
  struct vs_inference_cache *cache; /* what files here were inferred to be; NULL: nothing is remembered */
};
vs_status vs_path_resolve(const struct vs_folders *folders, struct vs_str path, bool is_sink, struct vs_arena *arena,
                          struct vs_str *ret_path, struct vs_error *err) VS_NODISCARD;
/* Whether `path` lies in the root once its links and dots are resolved; the last parts need not exist. True without a
 * root, and then ret_real is the path itself. */
bool vs_path_is_within_root(const struct vs_folders *folders, const char *path, char ret_real[PATH_MAX]);
/* Both lead to one file: by name, or by a link. False when one of them is not there. */
bool vs_path_is_same(struct vs_str left, struct vs_str right);
/* Readable data files (by known extension) in the folders and one level below, as they would be written in FROM. */
vs_status vs_path_list(const struct vs_folders *folders, struct vs_arena *arena, struct vs_str **ret_paths,
                       uint32_t *ret_count, struct vs_error *err) VS_NODISCARD;

#endif
