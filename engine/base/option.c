/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/option.h"

#include "engine/base/suggest.h"
#include <stdio.h>
#include <stdlib.h>

static const struct vs_option *find_option(const struct vs_command *command, struct vs_str name) {
  for (uint32_t i = 0; i < command->option_count; i++)
    if (vs_str_equal(vs_str_of(command->options[i].name), name)) return &command->options[i];
  return NULL;
}

static const struct vs_option *find_letter(const struct vs_command *command, char letter) {
  for (uint32_t i = 0; i < command->option_count; i++)
    if (command->options[i].letter && command->options[i].letter == letter) return &command->options[i];
  return NULL;
}

static vs_status with_usage(const struct vs_command *command, vs_status status, struct vs_error *err) {
  if (err && err->hint[0] == '\0')
    return vs_fail_hint(err, status, "usage: %s%s %s", command->name, command->option_count ? " [OPTIONS]" : "",
                        command->arguments);
  return status;
}

static vs_status unknown_option(const struct vs_command *command, struct vs_str word, struct vs_str name,
                                struct vs_error *err) {
  struct vs_suggest suggest;
  char near[128];
  vs_suggest_init(&suggest, name);
  suggest.sign = "--";
  for (uint32_t i = 0; i < command->option_count; i++)
    vs_suggest_offer(&suggest, vs_str_of(command->options[i].name));
  vs_status status =
      vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "%s has no option %.*s", command->name, VS_STR_ARG(word));
  if (suggest.count) return vs_fail_hint(err, status, "%s", vs_suggest_print(&suggest, near, sizeof near));
  return with_usage(command, status, err);
}

static bool is_choice(const char *choices, struct vs_str value) {
  struct vs_str rest = vs_str_of(choices);
  while (rest.size) {
    const char *bar = memchr(rest.data, '|', rest.size);
    size_t size = bar ? (size_t)(bar - rest.data) : rest.size;
    if (vs_str_equal((struct vs_str){rest.data, size}, value)) return true;
    rest = (struct vs_str){rest.data + size + (bar != NULL), rest.size - size - (bar != NULL)};
  }
  return false;
}

static bool is_integer(struct vs_str value) {
  size_t i = value.size && value.data[0] == '-' ? 1 : 0;
  size_t digits = value.size - i;
  for (; i < value.size; i++)
    if (value.data[i] < '0' || value.data[i] > '9') return false;
  return digits > 0 && digits <= 18;
}

static vs_status check_value(const struct vs_command *command, const struct vs_option *option, struct vs_str value,
                             struct vs_error *err) {
  switch (option->kind) {
  case VS_OPTION_CHOICE:
    if (!is_choice(option->choices, value))
      return with_usage(command,
                        vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "--%s %.*s: choose one of %s", option->name,
                                VS_STR_ARG(value), option->choices),
                        err);
    return VS_OK;
  case VS_OPTION_INTEGER:
    if (!is_integer(value))
      return with_usage(command,
                        vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "--%s %.*s: a whole number is expected",
                                option->name, VS_STR_ARG(value)),
                        err);
    return VS_OK;
  case VS_OPTION_PAIR:
    if (!memchr(value.data, '=', value.size) || value.data[0] == '=')
      return with_usage(command,
                        vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "--%s %.*s: name=value is expected", option->name,
                                VS_STR_ARG(value)),
                        err);
    return VS_OK;
  case VS_OPTION_FLAG:
  case VS_OPTION_TEXT: return VS_OK;
  }
  return VS_OK;
}

static vs_status set_option(struct vs_arguments *arguments, const struct vs_option *option, struct vs_str value,
                            struct vs_error *err) {
  VS_TRY(check_value(arguments->command, option, value, err));
  if (arguments->set_count == VS_ARGUMENTS_MAX)
    return vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "%s: more than %d options", arguments->command->name,
                   VS_ARGUMENTS_MAX);
  arguments->set[arguments->set_count].option = option;
  arguments->set[arguments->set_count++].value = value;
  return VS_OK;
}

/* Reads the option at words[*index] and, when it takes one, its value; leaves *index on the last word it used. */
static vs_status read_option(struct vs_arguments *arguments, const struct vs_str *words, uint32_t word_count,
                             uint32_t *index, struct vs_error *err) {
  const struct vs_command *command = arguments->command;
  struct vs_str word = words[*index], name = {word.data + 1, word.size - 1}, value = {NULL, 0};
  const struct vs_option *option;
  if (word.data[1] == '-') {
    name = (struct vs_str){word.data + 2, word.size - 2};
    const char *equals = memchr(name.data, '=', name.size);
    if (equals) {
      value = (struct vs_str){equals + 1, (size_t)(name.data + name.size - equals - 1)};
      name.size = (size_t)(equals - name.data);
    }
    option = find_option(command, name);
  } else {
    option = find_letter(command, word.data[1]);
    if (word.size > 2) value = (struct vs_str){word.data + 2, word.size - 2};
  }
  if (!option) return unknown_option(command, word, name, err);
  if (option->kind == VS_OPTION_FLAG) {
    if (value.data)
      return with_usage(command, vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "--%s takes no value", option->name),
                        err);
    return set_option(arguments, option, VS_STR("true"), err);
  }
  if (!value.data) {
    if (*index + 1 == word_count)
      return with_usage(
          command,
          vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "--%s needs a value: %s", option->name, option->value_name),
          err);
    value = words[++*index];
  }
  return set_option(arguments, option, value, err);
}

static bool is_help_word(struct vs_str word) {
  return vs_str_equal(word, VS_STR("--help")) || vs_str_equal(word, VS_STR("-h"));
}

vs_status vs_arguments_parse(const struct vs_command *command, const struct vs_str *words, uint32_t word_count,
                             struct vs_arguments *ret_arguments, struct vs_error *err) {
  struct vs_arguments *arguments = ret_arguments;
  *arguments = (struct vs_arguments){.command = command};
  bool only_values = false;
  for (uint32_t i = 0; i < word_count; i++) {
    if (is_help_word(words[i])) {
      arguments->is_help = true;
      return VS_OK;
    }
  }
  for (uint32_t i = 0; i < word_count; i++) {
    struct vs_str word = words[i];
    arguments->at = i;
    bool is_number = is_integer(word);
    if (!only_values && vs_str_equal(word, VS_STR("--"))) {
      only_values = true;
    } else if (!only_values && word.size > 1 && word.data[0] == '-' && !is_number) {
      VS_TRY(read_option(arguments, words, word_count, &i, err));
    } else if (arguments->value_count == VS_MIN(command->argument_max, (uint32_t)VS_ARGUMENTS_MAX)) {
      return with_usage(
          command,
          vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "%s: unexpected argument %.*s", command->name, VS_STR_ARG(word)),
          err);
    } else {
      arguments->values[arguments->value_count++] = word;
    }
  }
  arguments->at = word_count;
  if (arguments->value_count < command->argument_min)
    return with_usage(command,
                      vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "%s: an argument is missing: %s", command->name,
                              command->arguments),
                      err);
  return VS_OK;
}

static size_t read_word(struct vs_str line, size_t i, char *ret_word, size_t *ret_size) {
  char quote = 0;
  size_t size = 0;
  for (; i < line.size; i++) {
    char c = line.data[i];
    if (!quote && (c == ' ' || c == '\t')) break;
    if (!quote && (c == '\'' || c == '"'))
      quote = c;
    else if (quote && c == quote)
      quote = 0;
    else if (quote == '"' && c == '\\' && i + 1 < line.size)
      ret_word[size++] = line.data[++i];
    else
      ret_word[size++] = c;
  }
  *ret_size = size;
  return quote ? SIZE_MAX : i;
}

vs_status vs_words_split(struct vs_str line, struct vs_arena *arena, struct vs_str **ret_words,
                         uint32_t *ret_word_count, struct vs_error *err) {
  struct vs_str *words = VS_ARENA_ARRAY(arena, struct vs_str, line.size / 2 + 1);
  char *bytes = vs_arena_alloc(arena, line.size + 1);
  uint32_t count = 0;
  if (!words || !bytes) return vs_fail_memory(err);
  for (size_t i = 0; i < line.size;) {
    if (line.data[i] == ' ' || line.data[i] == '\t') {
      i++;
      continue;
    }
    words[count].data = bytes;
    i = read_word(line, i, bytes, &words[count].size);
    if (i == SIZE_MAX)
      return vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "a quote is not closed in: %.*s", VS_STR_ARG(line));
    bytes += words[count++].size;
  }
  *ret_words = words;
  *ret_word_count = count;
  return VS_OK;
}

bool vs_arguments_has(const struct vs_arguments *arguments, const char *option_name) {
  for (uint32_t i = 0; i < arguments->set_count; i++)
    if (strcmp(arguments->set[i].option->name, option_name) == 0) return true;
  return false;
}

struct vs_str vs_arguments_get(const struct vs_arguments *arguments, const char *option_name) {
  for (uint32_t i = arguments->set_count; i > 0; i--)
    if (strcmp(arguments->set[i - 1].option->name, option_name) == 0) return arguments->set[i - 1].value;
  const struct vs_option *option = find_option(arguments->command, vs_str_of(option_name));
  return option && option->fallback ? vs_str_of(option->fallback) : (struct vs_str){NULL, 0};
}

int64_t vs_arguments_integer(const struct vs_arguments *arguments, const char *option_name) {
  struct vs_str value = vs_arguments_get(arguments, option_name);
  char digits[24] = "0";
  if (value.size && value.size < sizeof digits) {
    memcpy(digits, value.data, value.size);
    digits[value.size] = '\0';
  }
  return strtoll(digits, NULL, 10);
}

static void command_usage(const struct vs_command *command, struct vs_text *ret_text) {
  vs_text_printf(ret_text, "usage: %s%s%s%s", command->name, command->option_count ? " [OPTIONS]" : "",
                 command->arguments[0] ? " " : "", command->arguments);
}

static void print_option(const struct vs_option *option, struct vs_text *text) {
  char left[64];
  int size = snprintf(left, sizeof left, "  %c%c%s --%s%s%s", option->letter ? '-' : ' ',
                      option->letter ? option->letter : ' ', option->letter ? "," : " ", option->name,
                      option->value_name ? " " : "", option->value_name ? option->value_name : "");
  vs_text_printf(text, "%-28s%s%s", left, size >= 28 ? "\n                            " : "", option->doc);
  if (option->choices) vs_text_printf(text, ": %s", option->choices);
  if (option->fallback) vs_text_printf(text, " (default: %s)", option->fallback);
  vs_text_put(text, '\n');
}

void vs_command_help(const struct vs_command *command, struct vs_text *ret_text) {
  vs_text_printf(ret_text, "%s - %s\n\n", command->name, command->summary);
  command_usage(command, ret_text);
  vs_text_put(ret_text, '\n');
  if (command->details) vs_text_printf(ret_text, "\n%s\n", command->details);
  if (command->option_count) vs_text_puts(ret_text, "\nOptions:\n");
  for (uint32_t i = 0; i < command->option_count; i++)
    print_option(&command->options[i], ret_text);
  if (command->examples) vs_text_printf(ret_text, "\nExamples:\n%s\n", command->examples);
}
