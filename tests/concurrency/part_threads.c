/* links: vs_connect
 * SPDX-License-Identifier: Apache-2.0
 * Parts of one file decoded by several threads and looked at by another, while their readers go on and dictionaries
 * grow. Plain main() for ThreadSanitizer. */
#include "engine/connect/part.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS = 3, ROWS = 60000, PART_BYTES = 4096, DISTINCT = 4000 };

/* One part per thread that is read, or waits to be looked at. */
struct worker {
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t change;
  struct vs_part_reader *reader;
  struct vs_part parts[2]; /* the one that is looked at, and the next */
  bool is_full[2];
  uint64_t first, count;
};

static void must(bool holds, const char *what) {
  if (holds) return;
  printf("failed: %s\n", what);
  exit(1);
}

static void wait_until(struct worker *worker, int which, bool is_full) {
  pthread_mutex_lock(&worker->mutex);
  while (worker->is_full[which] != is_full)
    pthread_cond_wait(&worker->change, &worker->mutex);
  pthread_mutex_unlock(&worker->mutex);
}

static void set_full(struct worker *worker, int which, bool is_full) {
  pthread_mutex_lock(&worker->mutex);
  worker->is_full[which] = is_full;
  pthread_cond_broadcast(&worker->change);
  pthread_mutex_unlock(&worker->mutex);
}

/* Part first, first + THREADS, ... */
static void *read_parts(void *context) {
  struct worker *worker = context;
  for (uint64_t number = worker->first, turn = 0; number < worker->count; number += THREADS, turn++) {
    wait_until(worker, turn % 2, false);
    must(worker->reader->ops->read(worker->reader, number, &worker->parts[turn % 2], NULL) == VS_OK, "reading a part");
    set_full(worker, turn % 2, true);
  }
  return NULL;
}

/* Every row says which text it has. The dictionary is looked at first and last, since its reader makes it grow. */
static uint64_t look(const struct vs_batch *batch) {
  const int64_t *numbers = batch->columns[0].data;
  const struct vs_dictionary *dictionary = batch->columns[1].dictionary;
  uint32_t value_count = dictionary->value_count;
  for (uint32_t i = 0; i < batch->row_count; i++) {
    char wanted[32];
    must(((const uint16_t *)batch->columns[1].data)[i] < value_count, "a row's code");
    struct vs_string string = vs_vector_string(&batch->columns[1], i);
    struct vs_str text = vs_string_view(&string);
    snprintf(wanted, sizeof wanted, "a text with number %d", (int)(numbers[i] % DISTINCT));
    must(vs_str_equal(text, vs_str_of(wanted)), "a row's text");
  }
  must(dictionary->value_count == value_count, "a batch's dictionary stays as it is");
  return batch->row_count;
}

static uint64_t poll_to_end(struct vs_source_reader *source) {
  struct vs_row_errors errors = {0};
  struct vs_batch batch;
  uint64_t rows = 0;
  int64_t wait_us;
  vs_poll poll;
  for (;;) {
    must(source->ops->poll(source, &errors, &batch, &poll, &wait_us, NULL) == VS_OK, "poll");
    if (poll == VS_POLL_END) break;
    rows += look(&batch);
  }
  must(errors.count == 0, "no bad rows");
  return rows;
}

static uint64_t take_parts(struct vs_source_reader *source, struct worker *workers, uint64_t first, uint64_t count) {
  uint64_t rows = 0;
  for (uint64_t number = first; number + 1 < count; number++) {
    struct worker *worker = &workers[(number - first) % THREADS];
    int which = (int)((number - first) / THREADS % 2);
    wait_until(worker, which, true);
    const struct vs_part *part = &worker->parts[which];
    must(part->is_sound, "a sound part");
    for (uint32_t i = 0; i < part->batch_count; i++)
      rows += look(&part->batches[i]);
    source->parts->took(source, part);
    set_full(worker, which, false);
  }
  return rows;
}

static uint64_t read_file(struct vs_source_reader *source, struct vs_memory *memory) {
  struct worker workers[THREADS];
  uint64_t count = source->parts->count(source), first, line, rows;
  must(count > 100, "many parts");
  must(source->parts->enter(source, 0, 1, NULL) == VS_OK, "part 0");
  rows = poll_to_end(source);
  source->parts->next(source, &first, &line);
  for (int i = 0; i < THREADS; i++) {
    workers[i] = (struct worker){.mutex = PTHREAD_MUTEX_INITIALIZER,
                                 .change = PTHREAD_COND_INITIALIZER,
                                 .first = first + (uint64_t)i,
                                 .count = count - 1};
    vs_part_init(&workers[i].parts[0], memory);
    vs_part_init(&workers[i].parts[1], memory);
    must(source->parts->open(source, &workers[i].reader, NULL) == VS_OK && workers[i].reader, "a part reader");
    must(pthread_create(&workers[i].thread, NULL, read_parts, &workers[i]) == 0, "a thread");
  }
  rows += take_parts(source, workers, first, count);
  for (int i = 0; i < THREADS; i++) {
    pthread_join(workers[i].thread, NULL);
    vs_part_release(&workers[i].parts[0]);
    vs_part_release(&workers[i].parts[1]);
    workers[i].reader->ops->close(workers[i].reader);
  }
  must(source->parts->enter(source, count - 1, 1, NULL) == VS_OK, "the last part");
  return rows + poll_to_end(source);
}

static void write_file(char *path) {
  int fd = mkstemp(path);
  FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
  must(file != NULL, "a file");
  fputs("n,s\n", file);
  for (int i = 0; i < ROWS; i++)
    fprintf(file, "%d,a text with number %d\n", i, i % DISTINCT);
  fclose(file);
}

int main(void) {
  static struct vs_field fields[] = {{.name = {"n", 1}, .type = {VS_TYPE_INTEGER, 0, 0}},
                                     {.name = {"s", 1}, .type = {VS_TYPE_STRING, 0, 0}}};
  static const struct vs_schema schema = {fields, 2, 2};
  char path[] = "/tmp/velo-parts-XXXXXX";
  struct vs_memory memory;
  struct vs_source_reader *source;
  write_file(path);
  vs_memory_init(&memory, NULL, 0);
  const struct vs_env env = {.memory = &memory};
  struct vs_endpoint endpoint = {.connector = &vs_connector_file,
                                 .format = vs_format_find(VS_STR("csv")),
                                 .path = vs_str_of(path),
                                 .shown_path = VS_STR("parts.csv"),
                                 .schema = &schema,
                                 .time_column = -1,
                                 .is_bounded = true,
                                 .part_bytes = PART_BYTES};
  vs_format_options_default(&endpoint.format_options);
  must(vs_connector_file.open_source(&endpoint, NULL, &env, &source, NULL) == VS_OK, "opening the file");
  must(read_file(source, &memory) == ROWS, "every row once");
  source->ops->close(source);
  must(vs_memory_used(&memory) == 0, "memory is given back");
  unlink(path);
  return 0;
}
