/* SPDX-License-Identifier: Apache-2.0
 * A script as a shell hands it over. What a notebook's cells hold beside SQL is taken out here, by blanks of the same
 * length so that positions stay: parameter blocks, from `-- Parameters` to the next empty line, and lines of magics. */
#include "engine/cli/cli.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { SCRIPT_LIMIT_MIB = 64 };

static vs_status read_all(int fd, const char *file, struct vs_text *text, struct vs_error *err) {
  char block[65536];
  for (;;) {
    ssize_t size = read(fd, block, sizeof block);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return vs_fail(err, VS_CODE_READ_FAILED, VS_NO_SPAN, "%s cannot be read: %s", file, strerror(errno));
    if (size == 0) return vs_text_check(text, err);
    vs_text_append(text, block, (size_t)size);
  }
}

static vs_status read_file(struct vs_cli *cli, const char *file, struct vs_text *text, struct vs_error *err) {
  bool is_stdin = strcmp(file, "-") == 0;
  cli->file = is_stdin ? "<stdin>" : file;
  int fd = is_stdin ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return vs_fail(err, VS_CODE_NO_FILE, VS_NO_SPAN, "%s cannot be opened: %s", file, strerror(errno));
  vs_status status = read_all(fd, cli->file, text, err);
  if (!is_stdin) close(fd);
  return status;
}

/* The line at `begin` with its newline. */
static struct vs_str line_at(const char *text, size_t size, size_t begin) {
  const char *newline = memchr(text + begin, '\n', size - begin);
  return (struct vs_str){text + begin, newline ? (size_t)(newline - text) + 1 - begin : size - begin};
}

static bool is_heading(struct vs_str line) {
  struct vs_str trimmed = vs_str_trim(line);
  return trimmed.size && (trimmed.data[0] == '#' || trimmed.data[0] == '-') && vs_engine_is_parameter_text(trimmed);
}

static void blank(char *text, size_t begin, size_t end) {
  for (size_t i = begin; i < end; i++)
    if (text[i] != '\n' && text[i] != '\r') text[i] = ' ';
}

/* From the heading at `begin` to the next empty line. The block is read where it stands: spans count from the start. */
static vs_status take_parameters(struct vs_cli *cli, char *text, size_t size, size_t begin, size_t *ret_end,
                                 struct vs_error *err) {
  size_t end = begin;
  while (end < size) {
    struct vs_str line = line_at(text, size, end);
    if (!vs_str_trim(line).size) break;
    end += line.size;
  }
  struct vs_error error = {0};
  bool is_injected = vs_str_trim(line_at(text, size, begin)).data[0] == '#';
  vs_status status =
      vs_engine_parameter_text(cli->engine, (struct vs_str){text + begin, end - begin}, 0, is_injected, &error);
  if (status != VS_OK && err) {
    *err = error;
    err->span.begin += (uint32_t)begin;
    err->span.end += (uint32_t)begin;
  }
  blank(text, begin, end);
  *ret_end = end;
  return status;
}

/* A short value of a secret key is known by its key alone. */
static void say_skipped(struct vs_cli *cli, struct vs_str magic) {
  struct vs_str shown = vs_secret_list_conceal_code(cli->secrets, magic, &cli->arena);
  vs_cli_say(cli, "note: skipped %.*s", (int)VS_MIN(shown.size, (size_t)80), shown.data);
  cli->skipped_lines++;
}

static vs_status take_out(struct vs_cli *cli, char *text, size_t size, struct vs_error *err) {
  for (size_t begin = 0; begin < size;) {
    struct vs_str line = line_at(text, size, begin);
    size_t end = begin + line.size;
    if (is_heading(line)) {
      VS_TRY(take_parameters(cli, text, size, begin, &end, err));
    } else if (line.data[0] == '%') {
      say_skipped(cli, vs_str_trim(line));
      blank(text, begin, end);
    }
    begin = end;
  }
  return VS_OK;
}

vs_status vs_cli_read_script(struct vs_cli *cli, const char *file, struct vs_error *err) {
  struct vs_text raw;
  vs_text_init(&raw, cli->env.memory, (size_t)SCRIPT_LIMIT_MIB << 20);
  vs_status status = read_file(cli, file, &raw, err);
  char *text = status == VS_OK ? vs_arena_copy(&cli->arena, raw.data ? raw.data : "", raw.size) : NULL;
  if (status == VS_OK && !text) status = vs_fail_memory(err);
  size_t size = raw.size;
  vs_text_release(&raw);
  VS_TRY(status);
  /* Errors in a parameter block are shown in the text as it was written. */
  cli->text = (struct vs_str){vs_arena_copy(&cli->arena, text, size), size};
  if (!cli->text.data) return vs_fail_memory(err);
  vs_secret_list_add_from(cli->secrets, cli->text);
  VS_TRY(take_out(cli, text, size, err));
  cli->text.data = text;
  return VS_OK;
}
