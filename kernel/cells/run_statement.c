/* SPDX-License-Identifier: Apache-2.0
 * One statement from start to final frame. The executor waits on {cancel, the run, another cell waiting, a 250 ms
 * timer} and is the only one that renders: at most four live frames a second, the first within 200 ms of the first row,
 * and none at all for a query that is done by then. */
#include "kernel/cells/cell.h"

#include <poll.h>

enum { FRAME_MS = 250, FIRST_FRAME_MS = 120 };

struct watch {
  struct vsk_cell *cell;
  struct vs_run *run;
  struct vsk_frames frames;
  int64_t next_frame_us;    /* steady time; INT64_MAX before the first row */
  int64_t waiting_since_us; /* another cell waits; -1: none */
  bool is_interrupted;
};

/* Real time also under the virtual clock: it only paces what is shown. */
static int64_t steady_us(void) {
  struct vs_clock real;
  vs_clock_init_real(&real);
  return vs_clock_steady_us(&real);
}

static int timeout_ms(const struct watch *watch) {
  if (watch->next_frame_us == INT64_MAX) return FRAME_MS;
  int64_t left_us = watch->next_frame_us - steady_us();
  return left_us <= 0 ? 0 : (int)(left_us / 1000 + 1);
}

static void note_first_row(struct watch *watch) {
  struct vs_clock *clock = watch->cell->studio->env->clock;
  vs_run_acknowledge(watch->run);
  if (watch->next_frame_us == INT64_MAX && !clock->is_virtual && vs_run_is(watch->run) == VS_RUN_QUERY)
    watch->next_frame_us = steady_us() + FIRST_FRAME_MS * 1000;
}

/* Run All must end: an unbounded query gives way bound.seconds after another cell has begun to wait. */
static void give_way(struct watch *watch) {
  int64_t grace_us = vs_engine_integer(watch->cell->studio->engine, "bound.seconds") * INT64_C(1000000);
  if (watch->waiting_since_us < 0 && vsk_session_has_waiting(watch->cell->request->session))
    watch->waiting_since_us = steady_us();
  if (watch->waiting_since_us >= 0 && steady_us() - watch->waiting_since_us > grace_us)
    vs_run_stop(watch->run, VS_BOUND_WAITING_CELL);
}

static vs_status wait_once(struct watch *watch, struct vs_error *err) {
  struct pollfd fds[] = {
      {.fd = watch->is_interrupted ? -1 : watch->cell->request->cancel->fd, .events = POLLIN},
      {.fd = vs_run_fd(watch->run), .events = POLLIN},
  };
  poll(fds, VS_COUNT_OF(fds), timeout_ms(watch));
  if (fds[0].revents) {
    watch->is_interrupted = true;
    vs_run_stop(watch->run, VS_BOUND_INTERRUPT);
  }
  if (fds[1].revents) note_first_row(watch);
  const struct vs_plan *plan = vs_run_plan(watch->run);
  if (plan && !plan->root->is_bounded) give_way(watch);
  if (steady_us() >= watch->next_frame_us && !vs_run_is_done(watch->run)) {
    VS_TRY(vsk_frames_live(&watch->frames, watch->run, err));
    watch->next_frame_us = steady_us() + FRAME_MS * 1000;
  }
  return VS_OK;
}

/* A live frame that fails ends the query too: nobody would watch one without end any more. */
static vs_status watch_run(struct watch *watch, struct vs_error *err) {
  vs_status status = VS_OK;
  while (status == VS_OK && !vs_run_is_done(watch->run))
    status = wait_once(watch, err);
  if (status != VS_OK) vs_run_stop(watch->run, VS_BOUND_NONE);
  return status;
}

/* The final frame is shown also when the query failed: rows that came before the error stay. */
static vs_status end_run(struct watch *watch, vs_status watched, struct vs_error *err) {
  struct vs_error failed;
  vs_error_clear(&failed);
  vs_status status = vs_run_finish(watch->run, &failed);
  vs_status shown = watched == VS_OK ? vsk_frames_final(&watch->frames, watch->run, err) : watched;
  if (status != VS_OK && status != VS_STOP) {
    if (err) *err = failed;
    return status;
  }
  if (shown == VS_OK && watch->is_interrupted)
    return vs_fail(err, VS_CODE_INTERRUPTED, VS_NO_SPAN, "the cell was interrupted; rows already shown stay");
  return shown;
}

vs_status vsk_run_statement(struct vsk_cell *cell, const struct vs_engine_script *script, uint32_t index,
                            struct vs_error *err) {
  struct watch watch = {.cell = cell, .next_frame_us = INT64_MAX, .waiting_since_us = -1};
  const struct vs_run_options options = {.owner = cell->context.owner,
                                         .owner_label = vs_str_of(cell->owner_label),
                                         .execution_count =
                                             cell->request->store_history ? cell->request->execution_count : 0,
                                         .is_headless = !cell->request->allow_stdin,
                                         .keep_result = true};
  if (vs_wake_is_set(cell->request->cancel))
    return vs_fail(err, VS_CODE_INTERRUPTED, VS_NO_SPAN, "the cell was interrupted");
  vsk_frames_init(&watch.frames, cell);
  VS_TRY(vs_run_start(cell->studio->engine, script, index, &options, &watch.run, err));
  vs_status status = end_run(&watch, watch_run(&watch, err), err);
  vs_run_free(watch.run);
  return status;
}
