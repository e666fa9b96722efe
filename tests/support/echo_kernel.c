/* SPDX-License-Identifier: Apache-2.0 - links: vsk_session
 * A kernel without an engine: the session with toy cells behind it. It understands the very texts that tests/wire sends
 * to velo-kernel, so the protocol is tested apart from the language. Never part of the product. */
#include "kernel/session/session.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct toy {
  const struct vs_env *env;
  char names[8][32], values[8][256];
  int value_count;
};

static void fail_cell(struct vs_arena *arena, struct vsk_reply *reply, const char *ename, const char *evalue) {
  reply->is_error = true;
  reply->ename = vs_arena_printf(arena, "%s", ename);
  reply->evalue = vs_arena_printf(arena, "%s", evalue);
  reply->traceback = VS_ARENA_ARRAY(arena, const char *, 1);
  reply->traceback[0] = vs_arena_printf(arena, "\033[31m%s\033[0m: %s", ename, evalue);
  reply->traceback_count = 1;
}

static void wait_for_cancel(const struct vsk_request *request, bool is_spinning) {
  struct pollfd fd = {.fd = request->cancel->fd, .events = POLLIN};
  while (is_spinning && !vs_wake_is_set(request->cancel))
    for (volatile int i = 0; i < 100000; i++)
      continue;
  poll(&fd, 1, -1);
}

static void show_value(const struct vsk_request *request, const char *value) {
  json_auto_t *bundle = json_pack("{s:s}", "text/plain", value);
  vsk_out_result(request->session, bundle);
}

static void run_echo(const struct vsk_request *request, const char *rest) {
  vsk_stream stream = VSK_STDOUT;
  long repeat = 1;
  for (;;) {
    if (strncmp(rest, "--stderr ", 9) == 0) {
      stream = VSK_STDERR;
      rest += 9;
    } else if (strncmp(rest, "--repeat ", 9) == 0) {
      char *end;
      repeat = strtol(rest + 9, &end, 10);
      rest = end + (*end == ' ');
    } else {
      break;
    }
  }
  char line[4096];
  int size = snprintf(line, sizeof line, "%s\n", rest);
  for (long i = 0; i < repeat && !(i % 64 == 0 && vs_wake_is_set(request->cancel)); i++)
    vsk_out_stream(request->session, stream, line, (size_t)size);
}

static void run_param(struct toy *toy, const struct vsk_request *request, const char *rest, struct vs_arena *arena,
                      struct vsk_reply *reply) {
  char name[32] = "";
  struct vs_error err;
  struct vs_str answer;
  if (sscanf(rest, "%31s", name) != 1) snprintf(name, sizeof name, "x");
  bool is_secret = strstr(rest, "--secret") != NULL;
  if (vsk_session_ask(request->session, name, is_secret, arena, &answer, &err) != VS_OK) {
    fail_cell(arena, reply, vs_code_find(err.code)->ename, err.message);
    return;
  }
  int slot = toy->value_count++ % 8;
  snprintf(toy->names[slot], 32, "%s", name);
  snprintf(toy->values[slot], 256, "%.*s", VS_STR_ARG(answer));
}

static const char *find_value(const struct toy *toy, const char *name) {
  for (int i = toy->value_count; i > 0 && i > toy->value_count - 8; i--)
    if (strncmp(name, toy->names[(i - 1) % 8], strlen(toy->names[(i - 1) % 8])) == 0) return toy->values[(i - 1) % 8];
  return NULL;
}

static void run_watch(const struct vsk_request *request, const char *line) {
  json_auto_t *bundle = json_pack("{s:s, s:s}", "text/plain", "0 rows", "text/html", "<p>0 rows</p>");
  char id[37];
  vsk_session_new_id(request->session, id);
  vsk_out_display(request->session, bundle, id);
  vsk_out_update(request->session, bundle, id);
  wait_for_cancel(request, strstr(line, "GROUP BY") != NULL);
}

static void run_select(struct toy *toy, const struct vsk_request *request, const char *line, struct vs_arena *arena,
                       struct vsk_reply *reply) {
  const char *value = strncmp(line, "SELECT 6*", 9) == 0 ? "42" : NULL;
  if (strncmp(line, "SELECT :", 8) == 0) value = find_value(toy, line + 8);
  if (value)
    show_value(request, value);
  else if (strstr(line, "watch"))
    run_watch(request, line);
  else
    fail_cell(arena, reply, "VeloSyntaxError", "the toy kernel cannot read this");
}

static void run_display(const struct vsk_request *request) {
  json_auto_t *bundle =
      json_pack("{s:{s:s}, s:s}", "application/vnd.vegalite.v5+json", "mark", "bar", "text/plain", "a bar chart");
  vsk_out_display(request->session, bundle, NULL);
}

static void run_line(struct toy *toy, const struct vsk_request *request, const char *line, struct vs_arena *arena,
                     struct vsk_reply *reply) {
  if (strncmp(line, "%echo ", 6) == 0)
    run_echo(request, line + 6);
  else if (strncmp(line, "%param ", 7) == 0)
    run_param(toy, request, line + 7, arena, reply);
  else if (strncmp(line, "%clear", 6) == 0)
    vsk_out_clear(request->session, strstr(line, "--wait") != NULL);
  else if (strncmp(line, "%help", 5) == 0)
    reply->payload = json_pack("[{s:s, s:{s:s}, s:i}]", "source", "page", "data", "text/plain", "help", "start", 0);
  else if (strncmp(line, "%viz", 4) == 0)
    run_display(request);
  else if (*line && strncmp(line, "--", 2) != 0)
    run_select(toy, request, line, arena, reply);
}

static void execute(void *context, const struct vsk_request *request, struct vs_arena *arena,
                    struct vsk_reply *ret_reply) {
  char *code = vs_arena_copy(arena, request->code.data, request->code.size), *state = NULL;
  for (char *line = strtok_r(code, "\n", &state); line && !ret_reply->is_error; line = strtok_r(NULL, "\n", &state)) {
    run_line(context, request, line, arena, ret_reply);
    if (vs_wake_is_set(request->cancel) && !ret_reply->is_error)
      fail_cell(arena, ret_reply, "KeyboardInterrupt", "the cell was interrupted");
  }
}

static json_t *evaluate(void *context, struct vs_str expression) {
  (void)context;
  if (!vs_str_equal(expression, VS_STR("6*7"))) return NULL;
  return json_pack("{s:s, s:{s:s}, s:{}}", "status", "ok", "data", "text/plain", "42", "metadata");
}

static json_t *complete(void *context, struct vs_str code, size_t position) {
  (void)context;
  size_t start = position;
  while (start > 0 && code.data[start - 1] >= 'A' && code.data[start - 1] <= 'Z')
    start--;
  bool is_match = position > start && strncmp("SELECT", code.data + start, position - start) == 0;
  long first = 0, last = 0; /* in code points: every byte that does not continue one */
  for (size_t i = 0; i < position; i++) {
    first += i < start && ((unsigned char)code.data[i] & 0xc0) != 0x80;
    last += ((unsigned char)code.data[i] & 0xc0) != 0x80;
  }
  json_t *type =
      json_pack("{s:s, s:s, s:i, s:i}", "text", "SELECT", "type", "keyword", "start", (int)first, "end", (int)last);
  json_t *types = is_match ? json_pack("[o]", type) : json_array();
  if (!is_match) json_decref(type);
  return json_pack("{s:o, s:i, s:i, s:{s:o}}", "matches", is_match ? json_pack("[s]", "SELECT") : json_array(),
                   "cursor_start", (int)first, "cursor_end", (int)last, "metadata", "_jupyter_types_experimental",
                   types);
}

static json_t *inspect(void *context, struct vs_str code, size_t position, int detail_level) {
  (void)context, (void)position, (void)detail_level;
  if (!vs_str_starts_nocase(code, VS_STR("COUNT"))) return NULL;
  return json_pack("{s:b, s:{s:s}, s:{}}", "found", 1, "data", "text/plain", "COUNT(*): rows", "metadata");
}

static json_t *is_complete(void *context, struct vs_str code) {
  (void)context;
  struct vs_str text = vs_str_trim(code);
  int depth = 0;
  bool is_quoted = false;
  for (size_t i = 0; i < text.size; i++) {
    is_quoted ^= text.data[i] == '\'';
    depth += is_quoted ? 0 : text.data[i] == '(' ? 1 : text.data[i] == ')' ? -1 : 0;
  }
  bool is_sql = vs_str_starts_nocase(text, VS_STR("SELECT"));
  bool is_open = is_quoted || depth > 0 || (is_sql && text.data[text.size - 1] != ';') ||
                 (vs_str_starts_nocase(text, VS_STR("/*")) && !memmem(text.data, text.size, "*/", 2));
  if (depth < 0) return json_pack("{s:s}", "status", "invalid");
  return is_open ? json_pack("{s:s, s:s}", "status", "incomplete", "indent", "")
                 : json_pack("{s:s}", "status", "complete");
}

static void echo_comm(void *context, struct vsk_session *session, const char *comm_id, const json_t *data,
                      const struct vs_str *buffers, uint32_t buffer_count) {
  (void)context;
  vsk_comm_send(session, comm_id, data, buffers, buffer_count);
}

int main(int argc, char **argv) {
  const char *file = argc == 3 && strcmp(argv[1], "-f") == 0 ? argv[2] : NULL;
  if (!file) {
    fprintf(stderr, "usage: %s -f CONNECTION_FILE\n", argv[0]);
    return 2;
  }
  struct vs_env env;
  struct vs_env_parts parts;
  struct vs_error err;
  if (vs_env_init(&env, &parts, &err) != VS_OK) return 1;
  struct toy toy = {.env = &env};
  const struct vsk_comm_target targets[] = {{.name = "velo.echo", .message = echo_comm}};
  struct vsk_session_options options = {
      .env = &env,
      .connection_file = file,
      .implementation_version = VELO_VERSION,
      .banner = "a kernel for tests",
      .handlers = {&toy, execute, evaluate, complete, inspect, is_complete},
      .targets = targets,
      .target_count = 1,
  };
  if (vsk_session_run(&options, &err) != VS_OK) {
    fprintf(stderr, "echo-kernel: %s\n", err.message);
    return 1;
  }
  size_t left = vs_memory_used(env.memory);
  if (left) fprintf(stderr, "echo-kernel: %zu bytes were not given back\n", left);
  return left ? 3 : 0;
}
