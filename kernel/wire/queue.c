/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/wire/queue.h"

#include <assert.h>

vs_status vsk_queue_init(struct vsk_queue *queue, struct vs_memory *memory, size_t limit_bytes, struct vs_error *err) {
  *queue = (struct vsk_queue){.memory = memory, .limit_bytes = limit_bytes, .filled = {-1}, .room = {-1}};
  pthread_mutex_init(&queue->lock, NULL);
  VS_TRY(vs_wake_open(&queue->filled, err));
  return vs_wake_open(&queue->room, err);
}

void vsk_entry_free(struct vsk_entry *entry, struct vs_memory *memory) {
  if (!entry) return;
  vs_text_release(&entry->content);
  vs_arena_release(&entry->arena);
  vs_memory_free(memory, entry, sizeof *entry);
}

void vsk_queue_release(struct vsk_queue *queue) {
  for (struct vsk_entry *entry = queue->head, *next; entry; entry = next) {
    next = entry->next;
    vsk_entry_free(entry, queue->memory);
  }
  vs_wake_close(&queue->filled);
  vs_wake_close(&queue->room);
  pthread_mutex_destroy(&queue->lock);
}

/* --- the list, under the lock --- */

static void append(struct vsk_queue *queue, struct vsk_entry *entry) {
  entry->previous = queue->tail;
  entry->next = NULL;
  *(queue->tail ? &queue->tail->next : &queue->head) = entry;
  queue->tail = entry;
  queue->used_bytes += entry->bytes;
}

static void detach(struct vsk_queue *queue, struct vsk_entry *entry) {
  *(entry->previous ? &entry->previous->next : &queue->head) = entry->next;
  *(entry->next ? &entry->next->previous : &queue->tail) = entry->previous;
  queue->used_bytes -= entry->bytes;
}

static bool copy_buffers(struct vsk_entry *entry, const struct vsk_output *output) {
  entry->buffer_count = output->buffer_count;
  entry->buffers = VS_ARENA_ARRAY(&entry->arena, struct vs_str, output->buffer_count + 1);
  for (uint32_t i = 0; entry->buffers && i < output->buffer_count; i++) {
    struct vs_str buffer = output->buffers[i];
    entry->buffers[i] = (struct vs_str){vs_arena_copy(&entry->arena, buffer.data, buffer.size), buffer.size};
  }
  return !entry->arena.is_failed;
}

static struct vsk_entry *entry_new(struct vs_memory *memory, const struct vsk_output *output) {
  struct vsk_entry *entry = vs_memory_alloc(memory, sizeof *entry);
  if (!entry) return NULL;
  *entry = (struct vsk_entry){
      .kind = output->kind, .type = output->type, .stream_name = output->stream_name, .time_us = vsk_wall_us()};
  vs_text_init(&entry->content, memory, SIZE_MAX / 4);
  vs_arena_init(&entry->arena, memory, 0);
  vs_text_str(&entry->content, output->content_text);
  struct vs_str id = vs_str_of(output->display_id), parent = output->parent_text;
  entry->display_id = (struct vs_str){vs_arena_copy(&entry->arena, id.data, id.size), id.size};
  entry->parent_text = (struct vs_str){vs_arena_copy(&entry->arena, parent.data, parent.size), parent.size};
  if (!copy_buffers(entry, output) || entry->content.is_failed) {
    vsk_entry_free(entry, memory);
    return NULL;
  }
  entry->bytes = sizeof *entry + entry->content.size + entry->arena.used_bytes;
  return entry;
}

static bool is_joinable(const struct vsk_entry *tail, const struct vsk_output *output) {
  return tail && tail->kind == VSK_OUTPUT_STREAM && output->kind == VSK_OUTPUT_STREAM &&
         tail->stream_name == output->stream_name && vs_str_equal(tail->parent_text, output->parent_text) &&
         tail->content.size + output->content_text.size <= VSK_STREAM_CHUNK;
}

static struct vsk_entry *find_update(const struct vsk_queue *queue, const struct vsk_output *output) {
  if (output->kind != VSK_OUTPUT_UPDATE) return NULL;
  struct vs_str id = vs_str_of(output->display_id);
  for (struct vsk_entry *entry = queue->tail; entry; entry = entry->previous)
    if (entry->kind == VSK_OUTPUT_UPDATE && vs_str_equal(entry->display_id, id) &&
        vs_str_equal(entry->parent_text, output->parent_text))
      return entry;
  return NULL;
}

/* --- the budget, under the lock --- */

/* What a text weighs on the wire, where JSON escapes lengthen it. */
static int64_t stream_weight(struct vs_str text) {
  int64_t weight = (int64_t)text.size;
  for (size_t i = 0; i < text.size; i++) {
    unsigned char c = (unsigned char)text.data[i];
    if (c == '\n' || c == '"' || c == '\\' || c == '\t' || c == '\r')
      weight += 1;
    else if (c < 0x20 || c >= 0x80)
      weight += c < 0x20 ? 5 : 2; /* a byte that is no UTF-8 becomes three */
  }
  return weight;
}

static int64_t wait_for_budget(const struct vsk_budget *budget, const struct vsk_output *output, bool is_merged,
                               int64_t now_us) {
  int64_t wait_us = 0;
  if (!is_merged) wait_us = budget->message_us - (int64_t)VSK_MESSAGE_BURST * VSK_MESSAGE_INTERVAL_US - now_us;
  if (output->kind == VSK_OUTPUT_STREAM) wait_us = VS_MAX(wait_us, budget->stream_us - VSK_STREAM_BURST_US - now_us);
  return VS_MAX(wait_us, (int64_t)0);
}

static void charge(struct vsk_budget *budget, const struct vsk_output *output, bool is_merged, int64_t now_us) {
  if (!is_merged) budget->message_us = VS_MAX(budget->message_us, now_us) + VSK_MESSAGE_INTERVAL_US;
  if (output->kind == VSK_OUTPUT_STREAM)
    budget->stream_us =
        VS_MAX(budget->stream_us, now_us) + stream_weight(output->content_text) * 1000000 / VSK_STREAM_BYTES_PER_SECOND;
}

/* --- pushing --- */

static void join(struct vsk_queue *queue, const struct vsk_output *output) {
  struct vsk_entry *tail = queue->tail;
  size_t before = tail->content.size;
  vs_text_str(&tail->content, output->content_text);
  tail->bytes += tail->content.size - before;
  queue->used_bytes += tail->content.size - before;
  if (tail->content.size >= VSK_STREAM_CHUNK / 2) vs_wake_set(&queue->filled);
}

static void add(struct vsk_queue *queue, const struct vsk_output *output, struct vsk_entry *replaced) {
  struct vsk_entry *entry = entry_new(queue->memory, output);
  if (!entry) return;
  if (replaced) {
    detach(queue, replaced);
    vsk_entry_free(replaced, queue->memory);
  }
  append(queue, entry);
  vs_wake_set(&queue->filled);
}

int64_t vsk_queue_push(struct vsk_queue *queue, const struct vsk_output *output, struct vsk_budget *budget,
                       int64_t now_us) {
  assert(output->kind != VSK_OUTPUT_STREAM || output->content_text.size <= VSK_STREAM_CHUNK);
  int64_t wait_us = 0;
  pthread_mutex_lock(&queue->lock);
  bool is_joined = is_joinable(queue->tail, output);
  struct vsk_entry *replaced = find_update(queue, output);
  if (budget) {
    wait_us = wait_for_budget(budget, output, is_joined || replaced, now_us);
    if (queue->used_bytes > queue->limit_bytes) {
      vs_wake_clear(&queue->room);
      wait_us = INT64_MAX;
    }
    if (wait_us == 0) charge(budget, output, is_joined || replaced, now_us);
  }
  if (wait_us == 0 && is_joined)
    join(queue, output);
  else if (wait_us == 0)
    add(queue, output, replaced);
  pthread_mutex_unlock(&queue->lock);
  return wait_us;
}

static void add_status(struct vsk_queue *queue, struct vs_str parent_text, const char *content) {
  struct vsk_output output = {
      .kind = VSK_OUTPUT_PLAIN, .type = "status", .parent_text = parent_text, .content_text = vs_str_of(content)};
  add(queue, &output, NULL);
}

static const char *const busy = "{\"execution_state\":\"busy\"}";
static const char *const idle = "{\"execution_state\":\"idle\"}";

void vsk_queue_begin(struct vsk_queue *queue, struct vs_str parent_text, bool is_cell) {
  pthread_mutex_lock(&queue->lock);
  queue->is_cell_running |= is_cell;
  add_status(queue, parent_text, busy);
  pthread_mutex_unlock(&queue->lock);
}

void vsk_queue_end(struct vsk_queue *queue, struct vs_str parent_text, bool is_cell) {
  pthread_mutex_lock(&queue->lock);
  add_status(queue, parent_text, idle);
  if (is_cell)
    queue->is_cell_running = false;
  else if (queue->is_cell_running)
    add_status(queue, (struct vs_str){0}, busy);
  pthread_mutex_unlock(&queue->lock);
}

/* --- taking --- */

static bool is_held(const struct vsk_queue *queue, int64_t now_us) {
  const struct vsk_entry *head = queue->head;
  return head->kind == VSK_OUTPUT_STREAM && head == queue->tail && head->content.size < VSK_STREAM_CHUNK / 2 &&
         now_us < queue->stream_due_us;
}

struct vsk_entry *vsk_queue_take(struct vsk_queue *queue, int64_t now_us, int64_t *ret_wait_us) {
  pthread_mutex_lock(&queue->lock);
  struct vsk_entry *entry = queue->head;
  vs_wake_clear(&queue->filled);
  *ret_wait_us = entry ? 0 : -1;
  if (entry && is_held(queue, now_us)) {
    *ret_wait_us = queue->stream_due_us - now_us;
    entry = NULL;
  }
  if (entry) {
    detach(queue, entry);
    if (entry->kind == VSK_OUTPUT_STREAM) queue->stream_due_us = now_us + VSK_STREAM_INTERVAL_US;
    if (queue->used_bytes <= queue->limit_bytes) vs_wake_set(&queue->room);
  }
  pthread_mutex_unlock(&queue->lock);
  return entry;
}

bool vsk_queue_is_empty(struct vsk_queue *queue) {
  pthread_mutex_lock(&queue->lock);
  bool is_empty = !queue->head;
  pthread_mutex_unlock(&queue->lock);
  return is_empty;
}

bool vsk_queue_is_full(struct vsk_queue *queue) {
  pthread_mutex_lock(&queue->lock);
  bool is_full = queue->used_bytes > queue->limit_bytes;
  pthread_mutex_unlock(&queue->lock);
  return is_full;
}
