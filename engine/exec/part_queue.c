/* SPDX-License-Identifier: Apache-2.0
 * A ring of slots: part n lies in slot n modulo the ring's size. One mutex guards which parts are claimed and which are
 * ready; what a slot holds belongs to the thread that claimed it until it is ready, and to the job thread from then on.
 */
#include "engine/exec/part_queue.h"

#include <pthread.h>

enum { USELESS_MOST = 4 }; /* partials that come to nothing one after the other until a thread makes no more of them */

struct slot {
  struct vs_part part;
  struct vs_partial partial; /* of the part's rows, where it is usable */
  bool is_ready;             /* decoded and not yet taken; under the mutex */
  vs_status status;
  struct vs_error error;
};

struct worker {
  struct vs_part_queue *queue;
  struct vs_part_reader *reader;
  struct vs_local *local; /* NULL: rows are only decoded */
  uint32_t useless_count;
  pthread_t thread;
  bool is_started;
};

struct vs_part_queue {
  const struct vs_job_context *context;
  struct vs_memory *memory;
  struct slot *slots;
  struct worker *workers; /* workers[0] is the job thread's own */
  uint32_t slot_count, worker_count;
  pthread_mutex_t mutex;
  pthread_cond_t became_ready, has_room;
  uint64_t claimed, taken, end; /* the next part to claim, and the next to take */
  bool is_stopping;
};

static struct slot *slot_of(const struct vs_part_queue *queue, uint64_t number) {
  return &queue->slots[number % queue->slot_count];
}

/* ---- decoding ---- */

/* The part taken last is still being looked at: its slot stays. */
static bool can_claim(const struct vs_part_queue *queue) {
  return queue->claimed < queue->end && queue->claimed + 1 < queue->taken + queue->slot_count;
}

static void aggregate(struct worker *worker, struct slot *slot, uint64_t number) {
  vs_local_run(worker->local, &slot->part, number, &slot->partial);
  worker->useless_count = slot->partial.is_usable ? 0 : worker->useless_count + 1;
}

static vs_status fill(struct worker *worker, struct slot *slot, uint64_t number) {
  vs_error_clear(&slot->error);
  vs_partial_release(&slot->partial);
  VS_TRY(worker->reader->ops->read(worker->reader, number, &slot->part, &slot->error));
  if (worker->local && slot->part.is_sound && worker->useless_count < USELESS_MOST) aggregate(worker, slot, number);
  return VS_OK;
}

/* Under the mutex, which is let go meanwhile. */
static void decode_one(struct vs_part_queue *queue, struct worker *worker) {
  uint64_t number = queue->claimed++;
  struct slot *slot = slot_of(queue, number);
  pthread_mutex_unlock(&queue->mutex);
  slot->status = fill(worker, slot, number);
  pthread_mutex_lock(&queue->mutex);
  slot->is_ready = true;
  pthread_cond_signal(&queue->became_ready);
}

static void *run_worker(void *argument) {
  struct worker *worker = argument;
  struct vs_part_queue *queue = worker->queue;
  pthread_mutex_lock(&queue->mutex);
  while (!queue->is_stopping) {
    if (can_claim(queue))
      decode_one(queue, worker);
    else
      pthread_cond_wait(&queue->has_room, &queue->mutex);
  }
  pthread_mutex_unlock(&queue->mutex);
  return NULL;
}

/* ---- taking ---- */

/* Until the part is there: decodes ahead where there is room, else waits for whoever has claimed it. */
static vs_status await(struct vs_part_queue *queue, struct slot *slot) {
  while (!slot->is_ready) {
    VS_TRY(vs_context_check(queue->context));
    if (can_claim(queue))
      decode_one(queue, &queue->workers[0]);
    else
      pthread_cond_wait(&queue->became_ready, &queue->mutex);
  }
  return VS_OK;
}

/* Parts before `number` that were decoded for nothing. */
static vs_status leave_out(struct vs_part_queue *queue, uint64_t number) {
  for (; queue->taken < number; queue->taken++) {
    struct slot *slot = slot_of(queue, queue->taken);
    if (queue->claimed == queue->taken)
      queue->claimed++;
    else
      VS_TRY(await(queue, slot));
    slot->is_ready = false;
  }
  return VS_OK;
}

static vs_status take(struct vs_part_queue *queue, uint64_t number, struct slot **ret_slot) {
  VS_TRY(leave_out(queue, number));
  struct slot *slot = *ret_slot = slot_of(queue, number);
  VS_TRY(await(queue, slot));
  slot->is_ready = false;
  queue->taken++;
  pthread_cond_broadcast(&queue->has_room);
  return VS_OK;
}

vs_status vs_part_queue_take(struct vs_part_queue *queue, uint64_t number, struct vs_part **ret_part,
                             struct vs_partial **ret_partial, struct vs_error *err) {
  struct slot *slot;
  pthread_mutex_lock(&queue->mutex);
  vs_status status = take(queue, number, &slot);
  pthread_mutex_unlock(&queue->mutex);
  if (status != VS_OK) return status;
  if (slot->status != VS_OK && err) *err = slot->error;
  *ret_part = &slot->part;
  *ret_partial = slot->partial.is_usable ? &slot->partial : NULL;
  return slot->status;
}

/* ---- start and stop ---- */

static vs_status open_workers(struct vs_part_queue *queue, const struct vs_operator_run *aggregate,
                              struct vs_source_reader *reader, bool *ret_is_open, struct vs_error *err) {
  bool makes_groups = aggregate && vs_local_is_possible(aggregate);
  *ret_is_open = false;
  for (uint32_t i = 0; i < queue->worker_count; i++) {
    struct worker *worker = &queue->workers[i];
    worker->queue = queue;
    VS_TRY(reader->parts->open(reader, &worker->reader, err));
    if (!worker->reader) return VS_OK;
    if (makes_groups) VS_TRY(vs_local_new(aggregate, &worker->local, err));
  }
  *ret_is_open = true;
  return VS_OK;
}

/* A thread that cannot be had is done without. */
static void start_workers(struct vs_part_queue *queue) {
  for (uint32_t i = 1; i < queue->worker_count; i++) {
    struct worker *worker = &queue->workers[i];
    worker->is_started = pthread_create(&worker->thread, NULL, run_worker, worker) == 0;
  }
}

static vs_status allocate(struct vs_part_queue *queue, struct vs_error *err) {
  size_t slots = queue->slot_count * sizeof *queue->slots, workers = queue->worker_count * sizeof *queue->workers;
  queue->slots = vs_memory_alloc(queue->memory, slots);
  if (!queue->slots) return vs_fail_memory(err);
  memset(queue->slots, 0, slots);
  for (uint32_t i = 0; i < queue->slot_count; i++)
    vs_part_init(&queue->slots[i].part, queue->memory);
  queue->workers = vs_memory_alloc(queue->memory, workers);
  if (!queue->workers) return vs_fail_memory(err);
  memset(queue->workers, 0, workers);
  return VS_OK;
}

vs_status vs_part_queue_start(const struct vs_operator_run *aggregate, struct vs_job_context *context,
                              struct vs_source_reader *reader, uint64_t first, uint64_t end, uint32_t thread_count,
                              struct vs_part_queue **ret_queue, struct vs_error *err) {
  struct vs_part_queue *queue = vs_memory_alloc(context->memory, sizeof *queue);
  if (!queue) return vs_fail_memory(err);
  *queue = (struct vs_part_queue){.context = context,
                                  .memory = context->memory,
                                  .slot_count = 2 * thread_count + 1,
                                  .worker_count = thread_count,
                                  .claimed = first,
                                  .taken = first,
                                  .end = end};
  pthread_mutex_init(&queue->mutex, NULL);
  pthread_cond_init(&queue->became_ready, NULL);
  pthread_cond_init(&queue->has_room, NULL);
  bool is_open = false;
  vs_status status = allocate(queue, err);
  if (status == VS_OK) status = open_workers(queue, aggregate, reader, &is_open, err);
  if (is_open)
    start_workers(queue);
  else
    vs_part_queue_stop(queue);
  *ret_queue = is_open ? queue : NULL;
  return status;
}

static void close_worker(struct worker *worker) {
  if (worker->is_started) pthread_join(worker->thread, NULL);
  if (worker->reader) worker->reader->ops->close(worker->reader);
}

/* Partials go before the locals that made them. */
static void release_slots(struct vs_part_queue *queue) {
  for (uint32_t i = 0; queue->slots && i < queue->slot_count; i++) {
    vs_partial_release(&queue->slots[i].partial);
    vs_part_release(&queue->slots[i].part);
  }
  for (uint32_t i = 0; queue->workers && i < queue->worker_count; i++)
    vs_local_free(queue->workers[i].local);
}

void vs_part_queue_stop(struct vs_part_queue *queue) {
  if (!queue) return;
  pthread_mutex_lock(&queue->mutex);
  queue->is_stopping = true;
  pthread_cond_broadcast(&queue->has_room);
  pthread_mutex_unlock(&queue->mutex);
  for (uint32_t i = 0; queue->workers && i < queue->worker_count; i++)
    close_worker(&queue->workers[i]);
  release_slots(queue);
  pthread_cond_destroy(&queue->became_ready);
  pthread_cond_destroy(&queue->has_room);
  pthread_mutex_destroy(&queue->mutex);
  vs_memory_free(queue->memory, queue->slots, queue->slot_count * sizeof *queue->slots);
  vs_memory_free(queue->memory, queue->workers, queue->worker_count * sizeof *queue->workers);
  vs_memory_free(queue->memory, queue, sizeof *queue);
}
