/* SPDX-License-Identifier: Apache-2.0
 * A job: one plan running on its own thread, feeding its taps. Start, watch its fd, stop, join. */
#ifndef VS_EXEC_JOB_H
#define VS_EXEC_JOB_H

#include "engine/exec/late_rows.h"
#include "engine/exec/result.h"

struct vs_job;

typedef enum { VS_ENDED_NOT, VS_ENDED_INPUT, VS_ENDED_LIMIT, VS_ENDED_STOPPED, VS_ENDED_FAILED } vs_ended;

struct vs_job_counters { /* a consistent copy */
  uint64_t rows_in, bytes_in;
  int64_t total_bytes; /* of the sources; -1 unknown */
  uint64_t late, failed, division_by_zero;
  int64_t watermark_us; /* VS_TIME_NONE before the first */
  uint64_t open_windows;
  size_t state_bytes, peak_bytes;
  int64_t elapsed_us;   /* steady time since start */
  int64_t first_row_us; /* steady time from start to the first emitted row; -1: none yet */
  vs_ended ended;
  struct vs_row_error samples[VS_ROW_ERROR_SAMPLES];
  uint32_t sample_count;
};

struct vs_job_options {
  const struct vs_env *env;
  struct vs_tap **taps; /* borrowed until the job is joined */
  uint32_t tap_count;
  size_t state_limit_bytes;
  bool division_by_zero_fails;
  uint32_t batch_rows;   /* 1..VS_BATCH_ROWS: cut batches, for tests (VELO_BATCH_ROWS); 0: as they come */
  uint32_t part_bytes;   /* of the parts a file is cut into for several threads; 0: as the connector likes */
  uint32_t thread_count; /* that read a big file together; 0, 1: the job's own only */
};
/* Opens the sources, then starts the thread. Errors: VELO-4xxx, 5xxx; nothing is left running then. */
vs_status vs_job_start(const struct vs_plan *plan, const struct vs_job_options *options, struct vs_job **ret_job,
                       struct vs_error *err) VS_NODISCARD;
int vs_job_fd(const struct vs_job *job);     /* readable after the first row and when the job has ended */
void vs_job_acknowledge(struct vs_job *job); /* clears the fd */
void vs_job_stop(struct vs_job *job);        /* asks; open windows are not fired. Any thread */
bool vs_job_is_done(const struct vs_job *job);
void vs_job_count(struct vs_job *job, struct vs_job_counters *ret_counters);
/* Waits for the end; the query's status and error. VS_OK also after a stop. */
vs_status vs_job_join(struct vs_job *job, struct vs_error *err);
/* The rows that failed and those that came too late; they live as long as the job. After the join. */
void vs_job_aside(const struct vs_job *job, const struct vs_aside **ret_failed, const struct vs_late_rows **ret_late);
void vs_job_free(struct vs_job *job); /* stops and joins first; NULL allowed */

#endif
