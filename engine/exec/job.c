/* SPDX-License-Identifier: Apache-2.0
 * The job thread: polls the scan, publishes counters after every poll, waits when the source has nothing.
 *
 * What other threads may read is in `shared` under one mutex; everything else belongs to the thread from its start to
 * its end. The job's fd and the stop request are eventfds, so both sides can wait on them. */
#include "engine/exec/job.h"
#include "engine/base/wake.h"
#include "engine/exec/pipeline.h"

#include <poll.h>
#include <pthread.h>

struct vs_job {
  struct vs_job_context context;
  const struct vs_env *env;
  struct vs_scan_run *scan;
  struct vs_operator_run *head;
  struct vs_fan_out fan_out;
  struct vs_wake wake, stop;
  pthread_t thread;
  bool is_joined;
  int64_t start_us, end_us; /* steady; end under the mutex */
  pthread_mutex_t mutex;
  struct vs_job_counters shared; /* under the mutex; elapsed_us is computed when copied */
  bool is_done;
  vs_status status;
  struct vs_error error;
};

/* ---- counters ---- */

static int64_t since_start_us(const struct vs_job *job) {
  return vs_clock_steady_us(job->env->clock) - job->start_us;
}

static void publish(struct vs_job *job) {
  struct vs_source_counters source;
  const struct vs_job_context *context = &job->context;
  vs_scan_counters(job->scan, &source);
  pthread_mutex_lock(&job->mutex);
  struct vs_job_counters *shared = &job->shared;
  shared->rows_in = source.rows;
  shared->bytes_in = source.bytes;
  shared->total_bytes = source.total_bytes;
  shared->late = context->late;
  shared->failed = context->errors.count;
  shared->division_by_zero = context->eval.division_by_zero_count;
  shared->watermark_us = context->watermark_us;
  shared->open_windows = context->open_windows;
  shared->state_bytes = vs_memory_used(&context->state);
  shared->peak_bytes = atomic_load_explicit(&context->state.peak_bytes, memory_order_relaxed);
  for (; shared->sample_count < context->errors.sample_count; shared->sample_count++)
    shared->samples[shared->sample_count] = context->errors.samples[shared->sample_count];
  pthread_mutex_unlock(&job->mutex);
}

static void on_first_row(void *context) {
  struct vs_job *job = context;
  pthread_mutex_lock(&job->mutex);
  job->shared.first_row_us = since_start_us(job);
  pthread_mutex_unlock(&job->mutex);
  vs_wake_set(&job->wake);
}

void vs_job_count(struct vs_job *job, struct vs_job_counters *ret_counters) {
  pthread_mutex_lock(&job->mutex);
  *ret_counters = job->shared;
  ret_counters->elapsed_us = job->is_done ? job->end_us - job->start_us : since_start_us(job);
  pthread_mutex_unlock(&job->mutex);
}

/* ---- the thread ---- */

/* Until the deadline, a stop, or the source's own fd. A virtual clock moves at once, so nothing is waited for there. */
static void wait_for_source(struct vs_job *job, int64_t wait_us) {
  int source_fd = vs_scan_fd(job->scan);
  int64_t until_us = vs_clock_steady_us(job->env->clock) + VS_MAX(wait_us, 0);
  if (source_fd < 0 || job->env->clock->is_virtual) {
    vs_clock_sleep_until(job->env->clock, until_us, job->stop.fd);
    return;
  }
  struct pollfd fds[] = {{.fd = job->stop.fd, .events = POLLIN}, {.fd = source_fd, .events = POLLIN}};
  struct timespec timeout = {.tv_sec = wait_us / 1000000, .tv_nsec = wait_us % 1000000 * 1000};
  ppoll(fds, VS_COUNT_OF(fds), &timeout, NULL);
}

static vs_status finish_input(struct vs_job *job, struct vs_error *err) {
  VS_TRY(job->head->ops->watermark(job->head, INT64_MAX, err));
  return job->head->ops->finish(job->head, err);
}

static vs_status run_to_end(struct vs_job *job, struct vs_error *err) {
  VS_TRY(vs_fan_out_open(&job->fan_out, err));
  if (job->context.ends_at_once) return finish_input(job, err);
  for (;;) {
    vs_poll poll_result;
    int64_t wait_us;
    VS_TRY(vs_context_check(&job->context));
    VS_TRY(vs_scan_step(job->scan, job->head, &poll_result, &wait_us, err));
    publish(job);
    if (poll_result == VS_POLL_END) return finish_input(job, err);
    if (poll_result == VS_POLL_WAIT) wait_for_source(job, wait_us);
  }
}

static vs_ended ended_of(const struct vs_job *job, vs_status status) {
  if (status == VS_OK) return job->context.ends_at_once ? VS_ENDED_LIMIT : VS_ENDED_INPUT;
  if (status == VS_STOP) return VS_ENDED_LIMIT;
  return status == VS_CANCELLED ? VS_ENDED_STOPPED : VS_ENDED_FAILED;
}

/* State is given back before the taps close, so that what they do then has the whole budget. */
static void release_run(struct vs_job *job) {
  vs_pipeline_free(job->head);
  job->head = NULL;
  vs_scan_close(job->scan);
  job->scan = NULL;
  vs_arena_release(&job->context.query);
}

static void *run_thread(void *argument) {
  struct vs_job *job = argument;
  struct vs_error error;
  vs_error_clear(&error);
  vs_status status = run_to_end(job, &error);
  vs_ended ended = ended_of(job, status);
  publish(job);
  vs_fan_out_close(&job->fan_out, ended == VS_ENDED_STOPPED ? VS_STOP : status, &error);
  release_run(job);
  pthread_mutex_lock(&job->mutex);
  job->status = ended == VS_ENDED_FAILED ? status : VS_OK;
  job->error = error;
  job->shared.ended = ended;
  job->end_us = vs_clock_steady_us(job->env->clock);
  job->is_done = true;
  pthread_mutex_unlock(&job->mutex);
  vs_wake_set(&job->wake);
  return NULL;
}

/* ---- start and stop ---- */

static void init_context(struct vs_job_context *context, const struct vs_job_options *options) {
  *context = (struct vs_job_context){.env = options->env,
                                     .memory = options->env->memory,
                                     .watermark_us = VS_TIME_NONE,
                                     .thread_count = options->thread_count,
                                     .part_bytes = options->part_bytes};
  vs_memory_init(&context->state, options->env->memory, options->state_limit_bytes);
  vs_arena_init(&context->query, options->env->memory, 0);
  context->eval = (struct vs_eval){
      .env = options->env, .errors = &context->errors, .division_by_zero_fails = options->division_by_zero_fails};
}

static vs_status prepare(struct vs_job *job, const struct vs_plan *plan, const struct vs_job_options *options,
                         struct vs_error *err) {
  VS_TRY(vs_wake_open(&job->wake, err));
  VS_TRY(vs_wake_open(&job->stop, err));
  const struct vs_node *source = plan->root;
  while (source->input)
    source = source->input;
  vs_fan_out_init(&job->fan_out, &job->context, plan, options->taps, options->tap_count);
  job->fan_out.first_row = on_first_row;
  job->fan_out.first_row_context = job;
  VS_TRY(vs_pipeline_new(&job->context, plan, &job->fan_out.run, &job->head, err));
  return vs_scan_open(&job->context, source, options->batch_rows, &job->scan, err);
}

static void free_job(struct vs_job *job) {
  release_run(job);
  vs_aside_release(&job->context.failed_rows);
  vs_late_rows_release(&job->context.late_rows);
  vs_wake_close(&job->wake);
  vs_wake_close(&job->stop);
  pthread_mutex_destroy(&job->mutex);
  vs_memory_free(job->env->memory, job, sizeof *job);
}

static vs_status start_thread(struct vs_job *job, struct vs_error *err) {
  int failed = pthread_create(&job->thread, NULL, run_thread, job);
  if (failed)
    return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "no thread for the query: %s", strerrordesc_np(failed));
  return VS_OK;
}

vs_status vs_job_start(const struct vs_plan *plan, const struct vs_job_options *options, struct vs_job **ret_job,
                       struct vs_error *err) {
  struct vs_job *job = vs_memory_alloc(options->env->memory, sizeof *job);
  if (!job) return vs_fail_memory(err);
  memset(job, 0, sizeof *job);
  job->env = options->env;
  job->wake.fd = job->stop.fd = -1;
  job->start_us = vs_clock_steady_us(options->env->clock);
  job->shared = (struct vs_job_counters){.total_bytes = -1, .watermark_us = VS_TIME_NONE, .first_row_us = -1};
  pthread_mutex_init(&job->mutex, NULL);
  init_context(&job->context, options);
  vs_status status = prepare(job, plan, options, err);
  if (status == VS_OK) status = start_thread(job, err);
  if (status != VS_OK) {
    free_job(job);
    return status;
  }
  *ret_job = job;
  return VS_OK;
}

int vs_job_fd(const struct vs_job *job) {
  return job->wake.fd;
}

void vs_job_acknowledge(struct vs_job *job) {
  vs_wake_clear(&job->wake);
}

void vs_job_stop(struct vs_job *job) {
  atomic_store_explicit(&job->context.is_stopping, true, memory_order_relaxed);
  vs_wake_set(&job->stop);
}

bool vs_job_is_done(const struct vs_job *job) {
  struct vs_job *locked = (struct vs_job *)(uintptr_t)job; /* the mutex is no part of what const promises */
  pthread_mutex_lock(&locked->mutex);
  bool is_done = job->is_done;
  pthread_mutex_unlock(&locked->mutex);
  return is_done;
}

vs_status vs_job_join(struct vs_job *job, struct vs_error *err) {
  if (!job->is_joined) pthread_join(job->thread, NULL);
  job->is_joined = true;
  if (job->status != VS_OK && err) *err = job->error;
  return job->status;
}

void vs_job_aside(const struct vs_job *job, const struct vs_aside **ret_failed, const struct vs_late_rows **ret_late) {
  *ret_failed = &job->context.failed_rows;
  *ret_late = &job->context.late_rows;
}

void vs_job_free(struct vs_job *job) {
  if (!job) return;
  vs_job_stop(job);
  (void)vs_job_join(job, NULL);
  free_job(job);
}
