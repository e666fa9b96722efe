/* SPDX-License-Identifier: Apache-2.0
 * velo-kernel doctor: what a notebook needs, checked one by one, each with the command that mends it. */
#include "kernel/setup/spec.h"

#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

struct doctor {
  struct vsk_setup *setup;
  uint32_t problems;
};

static void report(struct doctor *doctor, bool is_good, const char *what, const char *detail, const char *mend) {
  vs_text_printf(doctor->setup->out, "%s  %-22s %s\n", is_good ? "ok  " : "FAIL", what, detail);
  if (is_good) return;
  doctor->problems++;
  vs_text_printf(doctor->setup->out, "      %-22s %s\n", "to mend it:", mend);
}

static void check_spec(struct doctor *doctor, const struct vs_arguments *arguments) {
  char *folder = NULL, detail[512];
  struct vs_error error;
  if (vsk_spec_folder(doctor->setup, arguments, &folder, &error) != VS_OK) {
    report(doctor, false, "kernelspec", error.message, "set HOME or JUPYTER_DATA_DIR");
    return;
  }
  char *path = vs_arena_printf(doctor->setup->arena, "%s/kernel.json", folder);
  json_t *spec = path ? json_load_file(path, 0, NULL) : NULL;
  const char *program = json_string_value(json_array_get(json_object_get(spec, "argv"), 0));
  snprintf(detail, sizeof detail, "%s", spec ? path : "none in the user's folder");
  report(doctor, spec != NULL, "kernelspec", detail, "velo-kernel install --user");
  if (program) {
    bool is_there = access(program, X_OK) == 0;
    report(doctor, is_there, "its program", program, "velo-kernel install --user   (after moving or upgrading)");
  }
  json_decref(spec);
}

static void check_state(struct doctor *doctor) {
  const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
  char *base = state && *state ? vs_arena_printf(doctor->setup->arena, "%s", state)
                               : vs_arena_printf(doctor->setup->arena, "%s/.local/state", home ? home : "");
  char *parent = base;
  struct stat facts;
  /* The folder is made on first use: what counts is that the nearest existing parent can be written. */
  while (parent && *parent && stat(parent, &facts) != 0) {
    char *slash = strrchr(parent, '/');
    if (!slash || slash == parent) break;
    *slash = '\0';
  }
  bool is_good = parent && access(parent, W_OK) == 0;
  report(doctor, is_good, "state folder", parent ? parent : "", "make it writable, or set XDG_STATE_HOME");
}

static void check_loopback(struct doctor *doctor) {
  void *context = zmq_ctx_new(), *socket = context ? zmq_socket(context, ZMQ_ROUTER) : NULL;
  bool is_good = socket && zmq_bind(socket, "tcp://127.0.0.1:*") == 0;
  report(doctor, is_good, "loopback sockets", is_good ? "127.0.0.1 binds" : strerrordesc_np(errno),
         "allow programs to listen on 127.0.0.1");
  if (socket) zmq_close(socket);
  if (context) zmq_ctx_term(context);
}

static void check_client(struct doctor *doctor) {
  const char *path = getenv("PATH");
  bool is_found = false;
  for (const char *p = path; p && *p && !is_found;) {
    const char *colon = strchrnul(p, ':');
    char *file = vs_arena_printf(doctor->setup->arena, "%.*s/jupyter", (int)(colon - p), p);
    is_found = file && access(file, X_OK) == 0;
    p = *colon ? colon + 1 : colon;
  }
  report(doctor, is_found, "jupyter on PATH", is_found ? "found" : "not found",
         "python3 -m venv v && v/bin/pip install jupyterlab");
}

void vsk_print_versions(struct vs_text *ret_text) {
  int major, minor, patch;
  zmq_version(&major, &minor, &patch);
  vs_text_printf(ret_text, "velo-kernel %s (dialect 1, protocol 5.6)\n", VELO_VERSION);
  vs_text_printf(ret_text, "libzmq %d.%d.%d, libsodium %s, jansson %s, SQLite %s\n", major, minor, patch,
                 sodium_version_string(), jansson_version_str(), sqlite3_libversion());
}

vs_status vsk_doctor(struct vsk_setup *setup, const struct vs_arguments *arguments, struct vs_error *err) {
  struct doctor doctor = {.setup = setup};
  vsk_print_versions(setup->out);
  vs_text_put(setup->out, '\n');
  check_spec(&doctor, arguments);
  check_client(&doctor);
  check_loopback(&doctor);
  check_state(&doctor);
  if (doctor.problems == 0) {
    vs_text_puts(setup->out, "\neverything a notebook needs is there\n");
    return VS_OK;
  }
  return vs_fail(err, VS_CODE_SYSTEM_FAILED, VS_NO_SPAN, "%u check%s failed", doctor.problems,
                 doctor.problems == 1 ? "" : "s");
}
