/* SPDX-License-Identifier: Apache-2.0
 * Finding, parsing and running a magic line; what all magics share. */
#include "kernel/magics/magic.h"

#include "engine/base/suggest.h"
#include <ctype.h>

const struct vsk_magic *vsk_magic_find(struct vs_str name) {
  for (uint32_t i = 0; vsk_magic_all[i]; i++)
    if (vs_str_equal_nocase(vs_str_of(vsk_magic_all[i]->command.name + 1), name)) return vsk_magic_all[i];
  return NULL;
}

vs_status vsk_magic_unknown(struct vs_str name, struct vs_span span, struct vs_error *err) {
  struct vs_suggest suggest;
  char near[160];
  vs_suggest_init(&suggest, name);
  suggest.sign = "%";
  for (uint32_t i = 0; vsk_magic_all[i]; i++)
    vs_suggest_offer(&suggest, vs_str_of(vsk_magic_all[i]->command.name + 1));
  vs_status status = vs_fail(err, VS_CODE_UNKNOWN_MAGIC, span, "there is no magic %%%.*s", VS_STR_ARG(name));
  if (!suggest.count) return vs_fail_hint(err, status, "%%lsmagic lists all magics");
  return vs_fail_hint(err, status, "%s", vs_suggest_print(&suggest, near, sizeof near));
}

static bool is_name_byte(char c) {
  return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '-';
}

bool vsk_magic_line_read(struct vs_str line, uint32_t offset, struct vsk_magic_line *ret_line) {
  size_t i = 0;
  while (i < line.size && i < 2 && line.data[i] == '%')
    i++;
  if (i == 0 || i == line.size || !isalpha((unsigned char)line.data[i])) return false;
  size_t begin = i;
  while (i < line.size && is_name_byte(line.data[i]))
    i++;
  struct vsk_magic_line read = {.name = {line.data + begin, i - begin}, .is_cell = begin == 2};
  read.rest = vs_str_trim((struct vs_str){line.data + i, line.size - i});
  read.span = (struct vs_span){0, offset, offset + (uint32_t)vs_str_trim(line).size};
  read.is_question = vs_str_equal(read.rest, VS_STR("?"));
  *ret_line = read;
  return true;
}

static vs_status show_help(struct vsk_context *context, const struct vsk_magic *magic, struct vs_error *err) {
  struct vs_text text;
  vs_text_init(&text, vs_engine_env(context->engine)->memory, 1 << 20);
  vs_command_help(&magic->command, &text);
  vs_status status = vsk_show_page(context, vs_text_view(&text), err);
  vs_text_release(&text);
  return status;
}

/* The part of a line's span that holds `part`, a view into the line. */
static struct vs_span span_in(const struct vsk_magic_line *line, const char *part, size_t size) {
  const char *begin = line->name.data - (line->is_cell ? 2 : 1);
  uint32_t at = line->span.begin + (uint32_t)(part - begin);
  return (struct vs_span){line->span.source, at, at + (uint32_t)size};
}

/* Quotes within a word may keep it from being found. */
struct vs_span vsk_magic_span(const struct vsk_context *context, struct vs_str word) {
  const struct vsk_magic_line *line = context->line;
  if (!line || !vs_span_is_known(line->span) || !word.size) return VS_NO_SPAN;
  const char *found = line->rest.size ? memmem(line->rest.data, line->rest.size, word.data, word.size) : NULL;
  return found ? span_in(line, found, word.size) : VS_NO_SPAN;
}

vs_status vsk_magic_words(struct vsk_context *context, const struct vs_command *command, struct vs_str rest,
                          struct vs_arguments *ret_arguments, struct vs_error *err) {
  struct vs_str *words;
  uint32_t count;
  VS_TRY(vs_words_split(rest, context->arena, &words, &count, err));
  vs_status status = vs_arguments_parse(command, words, count, ret_arguments, err);
  if (status != VS_OK && err && ret_arguments->at < count)
    err->span = vsk_magic_span(context, words[ret_arguments->at]);
  return status;
}

/* `--word`, but not SQL's comment `-- word`. */
static bool starts_with_option(struct vs_str rest) {
  return rest.size > 2 && memcmp(rest.data, "--", 2) == 0 && isalpha((unsigned char)rest.data[2]);
}

static vs_status split(struct vsk_context *context, const struct vsk_magic *magic, const struct vsk_magic_line *line,
                       struct vs_arguments *ret_arguments, struct vs_error *err) {
  struct vs_str rest = line->rest;
  bool is_missing = !rest.size && magic->command.argument_min;
  if (!magic->takes_raw || is_missing || starts_with_option(rest)) {
    VS_TRY(vsk_magic_words(context, &magic->command, rest, ret_arguments, err));
    if (!magic->takes_raw || ret_arguments->is_help) return VS_OK;
  }
  *ret_arguments = (struct vs_arguments){.command = &magic->command, .values = {rest}, .value_count = rest.size > 0};
  return VS_OK;
}

static vs_status run_found(struct vsk_context *context, const struct vsk_magic *magic,
                           const struct vsk_magic_line *line, struct vs_str body, uint32_t body_offset,
                           struct vs_error *err) {
  struct vs_arguments arguments;
  context->line = line;
  VS_TRY(split(context, magic, line, &arguments, err));
  if (arguments.is_help) return show_help(context, magic, err);
  return magic->run(context, &arguments, body, body_offset, err);
}

vs_status vsk_magic_run(struct vsk_context *context, const struct vsk_magic_line *line, struct vs_str body,
                        uint32_t body_offset, struct vs_error *err) {
  const struct vsk_magic *magic = vsk_magic_find(line->name);
  if (!magic) {
    const char *begin = line->name.data - (line->is_cell ? 2 : 1);
    bool has_place = vs_span_is_known(line->span);
    return vsk_magic_unknown(
        line->name, has_place ? span_in(line, begin, line->name.size + (line->is_cell ? 2 : 1)) : line->span, err);
  }
  if (line->is_question) return show_help(context, magic, err);
  if (line->is_cell && !magic->is_cell)
    return vs_fail(err, VS_CODE_UNKNOWN_MAGIC, line->span, "%s is a line magic; write it with one %%",
                   magic->command.name);
  if (!line->is_cell && !magic->is_line)
    return vs_fail(err, VS_CODE_UNKNOWN_MAGIC, line->span, "%%%s works on a whole cell; write it with two %%%%",
                   magic->command.name);
  vs_status status = run_found(context, magic, line, body, body_offset, err);
  if (status != VS_OK && err && !vs_span_is_known(err->span)) err->span = line->span;
  return status;
}

void vsk_show_text(struct vsk_context *context, struct vs_str text) {
  json_t *bundle = json_pack("{s:s%}", "text/plain", text.data, text.size);
  if (bundle) vsk_out_display(context->session, bundle, NULL);
  json_decref(bundle);
}

void vsk_show_markdown(struct vsk_context *context, struct vs_str markdown, struct vs_str plain) {
  json_t *bundle =
      json_pack("{s:s%,s:s%}", "text/markdown", markdown.data, markdown.size, "text/plain", plain.data, plain.size);
  if (bundle) vsk_out_display(context->session, bundle, NULL);
  json_decref(bundle);
}

vs_status vsk_show_page(struct vsk_context *context, struct vs_str plain, struct vs_error *err) {
  if (!context->request->allow_stdin) { /* nobody pages: nbconvert and papermill keep outputs only */
    vsk_show_text(context, plain);
    return VS_OK;
  }
  json_t *page =
      json_pack("{s:s,s:{s:s%},s:i}", "source", "page", "data", "text/plain", plain.data, plain.size, "start", 0);
  if (!page || json_array_append_new(context->payload, page) != 0) return vs_fail_memory(err);
  return VS_OK;
}

void vsk_offer_files(struct vs_engine *engine, void (*offer)(void *sink, struct vs_str word, const char *detail),
                     void *sink) {
  struct vs_arena arena;
  struct vs_str *paths;
  uint32_t count;
  vs_arena_init(&arena, vs_engine_env(engine)->memory, 16 << 20);
  struct vs_folders folders = vs_engine_folders(engine);
  if (vs_path_list(&folders, &arena, &paths, &count, NULL) == VS_OK)
    for (uint32_t i = 0; i < count; i++) {
      const char *quoted = vs_arena_printf(&arena, "'%.*s'", VS_STR_ARG(paths[i]));
      if (quoted) offer(sink, vs_str_of(quoted), "file");
    }
  vs_arena_release(&arena);
}

static void print_option_json(const struct vs_option *option, struct vs_text *text) {
  vs_text_puts(text, "{\"name\":");
  vs_text_json(text, vs_str_of(option->name));
  vs_text_puts(text, ",\"value\":");
  vs_text_json(text, vs_str_of(option->value_name));
  vs_text_puts(text, ",\"default\":");
  vs_text_json(text, vs_str_of(option->fallback));
  vs_text_puts(text, ",\"doc\":");
  vs_text_json(text, vs_str_of(option->doc));
  vs_text_put(text, '}');
}

void vsk_magic_reference(struct vs_text *ret_text) {
  vs_text_put(ret_text, '[');
  for (uint32_t i = 0; vsk_magic_all[i]; i++) {
    const struct vs_command *command = &vsk_magic_all[i]->command;
    vs_text_printf(ret_text, "%s\n{\"name\":", i ? "," : "");
    vs_text_json(ret_text, vs_str_of(command->name));
    vs_text_puts(ret_text, ",\"arguments\":");
    vs_text_json(ret_text, vs_str_of(command->arguments));
    vs_text_puts(ret_text, ",\"summary\":");
    vs_text_json(ret_text, vs_str_of(command->summary));
    vs_text_puts(ret_text, ",\"options\":[");
    for (uint32_t k = 0; k < command->option_count; k++) {
      vs_text_puts(ret_text, k ? "," : "");
      print_option_json(&command->options[k], ret_text);
    }
    vs_text_puts(ret_text, "]}");
  }
  vs_text_puts(ret_text, "\n]\n");
}
