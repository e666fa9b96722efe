/* SPDX-License-Identifier: Apache-2.0
 * Recorded rows at the pace they came in, times a speed: a row is held back until its event time has been reached.
 * Under a virtual clock nobody waits: the clock is moved to where the rows are, and they come at once. */
#include "engine/connect/connector.h"

/* A hundred thousand years: what a slow replay asks for beyond it does not fit the clock. */
#define LONGEST_PAUSE_US 3e18

enum { SHORTEST_WAIT_US = 20000, LONGEST_WAIT_US = 250000 };

struct replay {
  struct vs_source_reader base;
  struct vs_env env;
  struct vs_source_reader *inner;
  double speed;
  struct vs_arena arena; /* the rows handed out */
  struct vs_batch held;  /* of the inner reader, until all its rows are out */
  uint32_t next_row;     /* of the held batch */
  bool is_running;       /* the first event time has been seen */
  int64_t first_event_us, first_steady_us;
  int64_t now_event_us; /* largest event time handed out */
};

static void start(struct replay *replay, int64_t event_us) {
  replay->is_running = true;
  replay->first_event_us = replay->now_event_us = event_us;
  replay->first_steady_us = vs_clock_steady_us(replay->env.clock);
}

/* Steady time at which a row of this event time is due. */
static int64_t due_us(const struct replay *replay, int64_t event_us) {
  double after_us = (double)(event_us - replay->first_event_us) / replay->speed;
  return replay->first_steady_us + (int64_t)VS_MIN(after_us, LONGEST_PAUSE_US);
}

/* A row without a time, or behind the newest one, comes with its neighbours. */
static int64_t row_event_us(struct replay *replay, uint32_t row) {
  int64_t event_us = replay->held.event_time_us ? replay->held.event_time_us[row] : INT64_MIN;
  if (event_us == INT64_MIN) return replay->now_event_us;
  if (!replay->is_running) start(replay, event_us);
  return event_us;
}

/* Rows from next_row on that are due; *ret_wait_us: until the first that is not. */
static uint32_t count_due(struct replay *replay, int64_t *ret_wait_us) {
  bool is_virtual = replay->env.clock->is_virtual;
  uint32_t row = replay->next_row;
  for (; row < replay->held.row_count; row++) {
    int64_t event_us = row_event_us(replay, row);
    if (event_us <= replay->now_event_us) continue;
    int64_t wait_us = due_us(replay, event_us) - vs_clock_steady_us(replay->env.clock);
    if (wait_us > 0 && !is_virtual) {
      *ret_wait_us = VS_MIN(VS_MAX(wait_us, (int64_t)SHORTEST_WAIT_US), (int64_t)LONGEST_WAIT_US);
      break;
    }
    replay->now_event_us = event_us;
  }
  return row - replay->next_row;
}

/* A virtual sleep returns at once. */
static void move_clock(struct replay *replay) {
  if (replay->env.clock->is_virtual && replay->is_running)
    vs_clock_sleep_until(replay->env.clock, due_us(replay, replay->now_event_us), -1);
}

static vs_status hand_out(struct replay *replay, uint32_t count, struct vs_batch *ret_batch, struct vs_error *err) {
  struct vs_batch part = replay->held;
  if (count < part.row_count) {
    vs_arena_reset(&replay->arena);
    uint16_t *rows = vs_arena_alloc(&replay->arena, sizeof *rows * count);
    if (!rows) return vs_fail_memory(err);
    for (uint32_t i = 0; i < count; i++)
      rows[i] = (uint16_t)(replay->next_row + i);
    part.selection = rows;
    part.selected_count = count;
    VS_TRY(vs_batch_compact(&part, &replay->arena, &part, err));
  }
  replay->next_row += count;
  *ret_batch = part;
  return VS_OK;
}

/* The held batch is never a selection, so that its rows can be handed out in pieces. */
static vs_status hold_next(struct replay *replay, struct vs_row_errors *errors, vs_poll *ret_poll, int64_t *ret_wait_us,
                           struct vs_error *err) {
  replay->held = (struct vs_batch){0};
  replay->next_row = 0;
  VS_TRY(replay->inner->ops->poll(replay->inner, errors, &replay->held, ret_poll, ret_wait_us, err));
  if (*ret_poll != VS_POLL_ROWS) replay->held.row_count = 0;
  return VS_OK;
}

static vs_status poll(struct vs_source_reader *base, struct vs_row_errors *errors, struct vs_batch *ret_batch,
                      vs_poll *ret_poll, int64_t *ret_wait_us, struct vs_error *err) {
  struct replay *replay = (struct replay *)base;
  if (replay->next_row >= replay->held.row_count) {
    VS_TRY(hold_next(replay, errors, ret_poll, ret_wait_us, err));
    if (*ret_poll != VS_POLL_ROWS) return VS_OK;
  }
  uint32_t count = count_due(replay, ret_wait_us);
  *ret_poll = count ? VS_POLL_ROWS : VS_POLL_WAIT;
  if (!count) return VS_OK;
  move_clock(replay);
  return hand_out(replay, count, ret_batch, err);
}

static void counters(const struct vs_source_reader *base, struct vs_source_counters *ret_counters) {
  const struct replay *replay = (const struct replay *)base;
  replay->inner->ops->counters(replay->inner, ret_counters);
  ret_counters->rows -= replay->held.row_count - replay->next_row;
}

static void close_replay(struct vs_source_reader *base) {
  struct replay *replay = (struct replay *)base;
  replay->inner->ops->close(replay->inner);
  vs_arena_release(&replay->arena);
  vs_memory_free(replay->env.memory, replay, sizeof *replay);
}

vs_status vs_replay_open(struct vs_source_reader *inner, double speed, const struct vs_env *env,
                         struct vs_source_reader **ret_reader, struct vs_error *err) {
  static const struct vs_source_reader_ops ops = {poll, counters, close_replay};
  struct replay *replay = vs_memory_alloc(env->memory, sizeof *replay);
  if (!replay) {
    inner->ops->close(inner);
    return vs_fail_memory(err);
  }
  *replay = (struct replay){.base = {&ops, .wake_fd = inner->wake_fd}, .env = *env, .inner = inner, .speed = speed};
  replay->now_event_us = INT64_MIN;
  vs_arena_init(&replay->arena, env->memory, 0);
  *ret_reader = &replay->base;
  return VS_OK;
}
