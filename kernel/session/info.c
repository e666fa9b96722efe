/* SPDX-License-Identifier: Apache-2.0
 * What the kernel says about itself. */
#include "kernel/session/state.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* help_links is empty: all there is to read is inside (%help, Shift-Tab, %explain) and works without a network. */
json_t *vsk_info_kernel(struct vsk_session *session) {
  const struct vsk_session_options *options = session->options;
  const char *version = options->implementation_version ? options->implementation_version : "0";
  json_t *language =
      json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "name", "sql", "version", version, "mimetype", "text/x-sql",
                "file_extension", ".sql", "pygments_lexer", "sql", "codemirror_mode", "sql");
  return json_pack("{s:s, s:s, s:s, s:s, s:o, s:s, s:[], s:b, s:[]}", "status", "ok", "protocol_version",
                   VSK_PROTOCOL_VERSION, "implementation", "velostream", "implementation_version", version,
                   "language_info", language, "banner", options->banner ? options->banner : "", "help_links",
                   "debugger", 0, "supported_features");
}

json_t *vsk_info_connect(struct vsk_session *session) {
  const int *ports = session->connection.ports;
  return json_pack("{s:i, s:i, s:i, s:i, s:i}", "shell_port", ports[VSK_SHELL], "iopub_port", ports[VSK_IOPUB],
                   "stdin_port", ports[VSK_STDIN], "control_port", ports[VSK_CONTROL], "hb_port", ports[VSK_HEARTBEAT]);
}

static json_int_t resident_bytes(void) {
  FILE *file = fopen("/proc/self/statm", "re");
  long pages = 0;
  if (file && fscanf(file, "%*d %ld", &pages) != 1) pages = 0;
  if (file) fclose(file);
  return (json_int_t)pages * sysconf(_SC_PAGESIZE);
}

/* The CPU share is over the session's life: a share since the last question would need a question before. */
static double cpu_percent(const struct vsk_session *session) {
  struct timespec used;
  double lived_us = (double)(vsk_steady_us() - session->started_us);
  if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0 || lived_us <= 0) return 0;
  return 100 * ((double)used.tv_sec * 1e6 + (double)used.tv_nsec / 1e3) / lived_us;
}

json_t *vsk_info_usage(struct vsk_session *session) {
  char host[256] = "";
  gethostname(host, sizeof host - 1);
  json_int_t page = sysconf(_SC_PAGESIZE);
  return json_pack("{s:s, s:i, s:f, s:I, s:i, s:{s:I, s:I}}", "hostname", host, "pid", (int)getpid(), "kernel_cpu",
                   cpu_percent(session), "kernel_memory", resident_bytes(), "cpu_count",
                   (int)sysconf(_SC_NPROCESSORS_ONLN), "host_virtual_memory", "total", page * sysconf(_SC_PHYS_PAGES),
                   "available", page * sysconf(_SC_AVPHYS_PAGES));
}
