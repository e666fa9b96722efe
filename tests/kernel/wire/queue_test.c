/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/wire/queue.h"

#include <criterion/criterion.h>

static struct vs_memory memory;
static struct vsk_queue queue;

static void begin(void) {
  vs_memory_init(&memory, NULL, 0);
  cr_assert_eq(vsk_queue_init(&queue, &memory, 100000, NULL), VS_OK);
}

static void end(void) {
  vsk_queue_release(&queue);
  cr_assert_eq(vs_memory_used(&memory), 0);
}

TestSuite(wire_queue, .init = begin, .fini = end);

static const char *const stdout_name = "stdout";
static const char *const stderr_name = "stderr";

static struct vsk_output stream(const char *parent, const char *name, const char *text) {
  return (struct vsk_output){.kind = VSK_OUTPUT_STREAM,
                             .type = "stream",
                             .stream_name = name,
                             .parent_text = vs_str_of(parent),
                             .content_text = vs_str_of(text)};
}

static struct vsk_output update(const char *parent, const char *id, const char *text) {
  return (struct vsk_output){.kind = VSK_OUTPUT_UPDATE,
                             .type = "update_display_data",
                             .display_id = id,
                             .parent_text = vs_str_of(parent),
                             .content_text = vs_str_of(text)};
}

static struct vsk_output plain(const char *parent, const char *type) {
  return (struct vsk_output){.type = type, .parent_text = vs_str_of(parent), .content_text = VS_STR("{}")};
}

static void push(struct vsk_output output) {
  cr_assert_eq(vsk_queue_push(&queue, &output, NULL, 0), 0);
}

static int64_t later_us; /* moves far enough that nothing is held */

/* Takes the next entry long after everything is due, and compares. */
static void expect(const char *type, const char *parent, const char *content) {
  int64_t wait_us;
  struct vsk_entry *entry = vsk_queue_take(&queue, later_us += 1000000, &wait_us);
  cr_assert_not_null(entry, "nothing where %s %s was expected", type, content);
  cr_assert_str_eq(entry->type, type);
  cr_assert(vs_str_equal(entry->parent_text, vs_str_of(parent)));
  cr_assert(vs_str_equal(vs_text_view(&entry->content), vs_str_of(content)), "%s is not %s", entry->content.data,
            content);
  vsk_entry_free(entry, &memory);
}

static void expect_empty(void) {
  int64_t wait_us;
  cr_assert_null(vsk_queue_take(&queue, later_us += 1000000, &wait_us));
  cr_assert_eq(wait_us, -1);
}

Test(wire_queue, adjacent_stream_texts_of_one_parent_and_name_become_one) {
  push(stream("a", stdout_name, "1"));
  push(stream("a", stdout_name, "2"));
  push(stream("a", stderr_name, "3"));
  push(stream("b", stderr_name, "4"));
  push(stream("b", stderr_name, "5"));
  push(plain("b", "error"));
  push(stream("b", stderr_name, "6"));
  expect("stream", "a", "12");
  expect("stream", "a", "3");
  expect("stream", "b", "45");
  expect("error", "b", "{}");
  expect("stream", "b", "6");
  expect_empty();
}

Test(wire_queue, a_joined_text_never_exceeds_a_chunk) {
  char text[VSK_STREAM_CHUNK];
  memset(text, 'x', sizeof text);
  struct vsk_output output = stream("a", stdout_name, "");
  output.content_text = (struct vs_str){text, sizeof text};
  push(output);
  push(stream("a", stdout_name, "y"));
  int64_t wait_us;
  struct vsk_entry *entry = vsk_queue_take(&queue, 0, &wait_us);
  cr_assert_eq(entry->content.size, sizeof text);
  vsk_entry_free(entry, &memory);
  expect("stream", "a", "y");
}

Test(wire_queue, a_newer_update_takes_the_older_ones_place_at_the_end) {
  push(update("a", "x", "{\"v\":1}"));
  push(update("a", "y", "{\"v\":2}"));
  push(plain("a", "clear_output"));
  push(update("a", "x", "{\"v\":3}"));
  push(update("b", "x", "{\"v\":4}"));
  expect("update_display_data", "a", "{\"v\":2}");
  expect("clear_output", "a", "{}");
  expect("update_display_data", "a", "{\"v\":3}");
  expect("update_display_data", "b", "{\"v\":4}");
  expect_empty();
}

Test(wire_queue, displays_results_and_errors_are_never_joined) {
  for (int i = 0; i < 3; i++)
    push(plain("a", "display_data"));
  for (int i = 0; i < 3; i++)
    expect("display_data", "a", "{}");
  expect_empty();
}

Test(wire_queue, a_side_request_leaves_busy_behind_while_a_cell_runs) {
  vsk_queue_begin(&queue, VS_STR("side"), false);
  vsk_queue_end(&queue, VS_STR("side"), false);
  vsk_queue_begin(&queue, VS_STR("cell"), true);
  vsk_queue_begin(&queue, VS_STR("side"), false);
  vsk_queue_end(&queue, VS_STR("side"), false);
  vsk_queue_end(&queue, VS_STR("cell"), true);
  vsk_queue_begin(&queue, VS_STR("side"), false);
  vsk_queue_end(&queue, VS_STR("side"), false);
  const char *const busy = "{\"execution_state\":\"busy\"}", *const idle = "{\"execution_state\":\"idle\"}";
  expect("status", "side", busy);
  expect("status", "side", idle);
  expect("status", "cell", busy);
  expect("status", "side", busy);
  expect("status", "side", idle);
  expect("status", "", busy);
  expect("status", "cell", idle);
  expect("status", "side", busy);
  expect("status", "side", idle);
  expect_empty();
}

Test(wire_queue, a_lone_stream_is_held_for_a_moment_and_pushed_out_by_what_follows) {
  int64_t wait_us;
  push(stream("a", stdout_name, "first"));
  struct vsk_entry *entry = vsk_queue_take(&queue, 1000, &wait_us);
  cr_assert_not_null(entry, "the first text leaves at once");
  vsk_entry_free(entry, &memory);
  push(stream("a", stdout_name, "second"));
  cr_assert_null(vsk_queue_take(&queue, 2000, &wait_us));
  cr_assert_eq(wait_us, 1000 + VSK_STREAM_INTERVAL_US - 2000);
  push(plain("a", "error"));
  entry = vsk_queue_take(&queue, 2000, &wait_us);
  cr_assert_not_null(entry);
  vsk_entry_free(entry, &memory);
}

Test(wire_queue, a_cell_may_burst_and_then_sends_forty_messages_a_second) {
  struct vsk_budget budget = {0};
  struct vsk_output output = plain("a", "display_data");
  int64_t now_us = 1000000000;
  int sent = 0;
  while (vsk_queue_push(&queue, &output, &budget, now_us) == 0)
    sent++;
  cr_assert_eq(sent, VSK_MESSAGE_BURST + 1);
  int64_t begin_us = now_us;
  for (sent = 0; sent < 200; sent++) {
    int64_t wait_us;
    while ((wait_us = vsk_queue_push(&queue, &output, &budget, now_us)) > 0)
      now_us += wait_us;
  }
  cr_assert_eq(now_us - begin_us, 200 * VSK_MESSAGE_INTERVAL_US);
}

Test(wire_queue, stream_text_flows_at_half_a_megabyte_a_second) {
  struct vsk_budget budget = {0};
  char text[1000];
  memset(text, 'x', sizeof text);
  struct vsk_output output = stream("a", stdout_name, "");
  output.content_text = (struct vs_str){text, sizeof text};
  int64_t begin_us = 1000000000, now_us = begin_us, wait_us, ignored;
  for (int i = 0; i < 5000; i++) {
    while ((wait_us = vsk_queue_push(&queue, &output, &budget, now_us)) > 0) {
      now_us += wait_us == INT64_MAX ? 0 : wait_us;
      for (struct vsk_entry *entry; (entry = vsk_queue_take(&queue, now_us, &ignored));)
        vsk_entry_free(entry, &memory);
    }
  }
  double seconds = (double)(now_us - begin_us) / 1e6;
  cr_assert(seconds > 9.0 && seconds <= 10.0, "%f", seconds);
}

Test(wire_queue, a_full_queue_holds_producers_but_not_status) {
  struct vsk_budget budget = {0};
  char text[VSK_STREAM_CHUNK];
  memset(text, 'x', sizeof text);
  struct vsk_output large = plain("a", "display_data");
  large.content_text = (struct vs_str){text, sizeof text};
  cr_assert_eq(vsk_queue_push(&queue, &large, &budget, 1), 0);
  cr_assert_eq(vsk_queue_push(&queue, &large, &budget, 1), 0);
  cr_assert_eq(vsk_queue_push(&queue, &large, &budget, 1), INT64_MAX);
  cr_assert_not(vs_wake_is_set(&queue.room));
  vsk_queue_end(&queue, VS_STR("a"), true);
  int64_t wait_us;
  vsk_entry_free(vsk_queue_take(&queue, 2, &wait_us), &memory);
  cr_assert(vs_wake_is_set(&queue.room));
  cr_assert_eq(vsk_queue_push(&queue, &large, &budget, 1), 0);
}
