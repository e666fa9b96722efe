/* SPDX-License-Identifier: Apache-2.0 - links: vsk_wire
 * Four producers against one consumer of the IOPub queue: every producer's output arrives whole and in order, and the
 * idle that ends them is last. A side thread meanwhile begins and ends requests of its own. */
#include "kernel/wire/queue.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

enum { PRODUCERS = 4, OUTPUTS = 2500 };
static const char *const names[PRODUCERS] = {"n0", "n1", "n2", "n3"};

struct world {
  struct vsk_queue queue;
  struct vsk_budget budget; /* shared, as the threads of one cell share it; far in the past, so rarely in the way */
  atomic_int next_producer;
  atomic_bool is_done;
};

static void push(struct world *world, struct vsk_output *output) {
  int64_t wait_us;
  while ((wait_us = vsk_queue_push(&world->queue, output, &world->budget, INT64_MAX / 4)) != 0) {
    struct pollfd fd = {.fd = world->queue.room.fd, .events = POLLIN};
    poll(&fd, 1, wait_us == INT64_MAX ? -1 : 0);
    pthread_mutex_lock(&world->queue.lock);
    world->budget = (struct vsk_budget){0};
    pthread_mutex_unlock(&world->queue.lock);
  }
}

static void *produce(void *argument) {
  struct world *world = argument;
  int number = atomic_fetch_add(&world->next_producer, 1);
  for (int i = 0; i < OUTPUTS; i++) {
    char line[32];
    int size = snprintf(line, sizeof line, "%d:%d\n", number, i);
    struct vsk_output output = {.kind = VSK_OUTPUT_STREAM,
                                .type = "stream",
                                .stream_name = names[number],
                                .parent_text = VS_STR("cell"),
                                .content_text = {line, (size_t)size}};
    push(world, &output);
  }
  return NULL;
}

static void *serve(void *argument) {
  struct world *world = argument;
  while (!atomic_load(&world->is_done)) {
    vsk_queue_begin(&world->queue, VS_STR("side"), false);
    vsk_queue_end(&world->queue, VS_STR("side"), false);
    struct pollfd fd = {.fd = world->queue.room.fd, .events = POLLIN};
    poll(&fd, 1, 1);
  }
  return NULL;
}

struct seen {
  int next[PRODUCERS];
  bool is_idle, is_wrong;
};

static void check_stream(struct seen *seen, const struct vsk_entry *entry) {
  for (const char *line = entry->content.data; *line; line = strchr(line, '\n') + 1) {
    int number, count;
    if (sscanf(line, "%d:%d", &number, &count) != 2 || seen->next[number]++ != count || seen->is_idle)
      seen->is_wrong = true;
  }
}

static void check(struct seen *seen, const struct vsk_entry *entry) {
  if (entry->kind == VSK_OUTPUT_STREAM)
    check_stream(seen, entry);
  else if (vs_str_equal(entry->parent_text, VS_STR("cell")) && strstr(entry->content.data, "idle"))
    seen->is_idle = true;
  else if (!entry->parent_text.size && seen->is_idle)
    seen->is_wrong = true; /* busy without parent after the cell's idle */
}

static void *consume(void *argument) {
  struct world *world = argument;
  static struct seen seen;
  while (!seen.is_idle) {
    int64_t wait_us;
    struct vsk_entry *entry = vsk_queue_take(&world->queue, vsk_steady_us(), &wait_us);
    if (entry) check(&seen, entry);
    vsk_entry_free(entry, world->queue.memory);
    struct pollfd fd = {.fd = world->queue.filled.fd, .events = POLLIN};
    if (!entry) poll(&fd, 1, wait_us < 0 ? 1000 : (int)(wait_us / 1000 + 1));
  }
  for (int i = 0; i < PRODUCERS; i++)
    seen.is_wrong |= seen.next[i] != OUTPUTS;
  return seen.is_wrong ? &seen : NULL;
}

int main(void) {
  struct vs_memory memory;
  struct world world = {0};
  vs_memory_init(&memory, NULL, 0);
  if (vsk_queue_init(&world.queue, &memory, 200000, NULL) != VS_OK) return 2;
  pthread_t producers[PRODUCERS], server, consumer;
  vsk_queue_begin(&world.queue, VS_STR("cell"), true);
  pthread_create(&consumer, NULL, consume, &world);
  pthread_create(&server, NULL, serve, &world);
  for (int i = 0; i < PRODUCERS; i++)
    pthread_create(&producers[i], NULL, produce, &world);
  for (int i = 0; i < PRODUCERS; i++)
    pthread_join(producers[i], NULL);
  vsk_queue_end(&world.queue, VS_STR("cell"), true);
  void *wrong;
  pthread_join(consumer, &wrong);
  atomic_store(&world.is_done, true);
  pthread_join(server, NULL);
  vsk_queue_release(&world.queue);
  puts(wrong ? "lost, reordered or late output" : "ok");
  return wrong || vs_memory_used(&memory) ? 1 : 0;
}
