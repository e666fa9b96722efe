/* SPDX-License-Identifier: Apache-2.0
 * The main thread's part: signals, the parent's death, a client's shutdown. */
#include "kernel/session/state.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { PARENT_POLL_MS = 500 };

/* Every thread started later inherits the mask, so only the signalfd sees these signals. */
vs_status vsk_watch_block_signals(int *ret_signal_fd, struct vs_error *err) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); /* a file over its limit is a write error */
  if (pthread_sigmask(SIG_BLOCK, &set, NULL) == 0) *ret_signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (*ret_signal_fd < 0)
    return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "signalfd: %s", strerrordesc_np(errno));
  return VS_OK;
}

struct parent {
  pid_t start;  /* getppid at start */
  pid_t client; /* JPY_PARENT_PID, 0 when absent or not visible from here */
};

static struct parent find_parent(void) {
  const char *text = getenv("JPY_PARENT_PID");
  struct parent parent = {.start = getppid(), .client = text ? (pid_t)strtol(text, NULL, 10) : 0};
  if (parent.client <= 1 || kill(parent.client, 0) != 0) parent.client = 0;
  return parent;
}

/* Reparenting shows the parent's end; the client's own id shows it when a wrapper stands between and lives on. */
static bool is_orphaned(const struct parent *parent) {
  if (parent->start != 1 && getppid() != parent->start) return true;
  return parent->client && kill(parent->client, 0) != 0 && errno == ESRCH;
}

/* True when a signal asks to end. */
static bool take_signals(struct vsk_session *session, int signal_fd) {
  struct signalfd_siginfo info;
  while (read(signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
    if (info.ssi_signo != SIGINT) return true;
    vsk_interrupt(session);
  }
  return false;
}

vs_status vsk_watch_until_end(struct vsk_session *session, struct vs_error *err) {
  struct parent parent = find_parent();
  struct pollfd fds[] = {{.fd = session->signal_fd, .events = POLLIN}, {.fd = session->quit.fd, .events = POLLIN}};
  for (;;) {
    if (poll(fds, 2, PARENT_POLL_MS) < 0 && errno != EINTR)
      return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "poll: %s", strerrordesc_np(errno));
    if (take_signals(session, session->signal_fd) || vs_wake_is_set(&session->quit)) return VS_OK;
    if (is_orphaned(&parent)) {
      vs_log_line(session->env->log, VS_LOG_INFO, "session", "the parent process is gone; ending");
      return VS_OK;
    }
  }
}
