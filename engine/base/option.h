/* SPDX-License-Identifier: Apache-2.0
 * One option table per command: it drives parsing, usage errors, --help, completion and inspection for `velo`,
 * `velo-kernel` and every magic. Values are strings; a row's kind says what is checked before the command runs. */
#ifndef VS_BASE_OPTION_H
#define VS_BASE_OPTION_H

#include "engine/base/text.h"

typedef enum { VS_OPTION_FLAG, VS_OPTION_TEXT, VS_OPTION_INTEGER, VS_OPTION_CHOICE, VS_OPTION_PAIR } vs_option_kind;

struct vs_option {
  const char *name;       /* without dashes: "format"; matched as --format and --format=X */
  char letter;            /* 'p' for -p, 0 for none */
  vs_option_kind kind;    /* PAIR: name=value, may repeat */
  const char *value_name; /* "FILE" in help; NULL for a flag */
  const char *choices;    /* "table|csv|json" for CHOICE, else NULL */
  const char *fallback;   /* shown in help; what `get` returns when absent; may be NULL */
  const char *doc;        /* one sentence without a full stop */
};

struct vs_command {
  const char *name;      /* "velo run", "%viz" */
  const char *arguments; /* "FILE.sql|-"; "" for none */
  const char *summary;   /* one line */
  const char *details;   /* paragraphs for --help; may be NULL */
  const char *examples;  /* lines for --help; may be NULL */
  const struct vs_option *options;
  uint32_t option_count;
  uint32_t argument_min, argument_max; /* UINT32_MAX: any number */
};

enum { VS_ARGUMENTS_MAX = 64 };
struct vs_arguments {
  const struct vs_command *command;
  struct vs_str values[VS_ARGUMENTS_MAX]; /* positional */
  uint32_t value_count;
  struct {
    const struct vs_option *option;
    struct vs_str value;
  } set[VS_ARGUMENTS_MAX]; /* options in the order given */
  uint32_t set_count;
  uint32_t at;  /* index of the word being read: where an error lies; word count: something is missing */
  bool is_help; /* --help, -h or (magics) a trailing ? was given; nothing else is checked then */
};

/* Words are borrowed by ret_arguments. Errors: VELO-6002 with the nearest option names and the usage line. */
vs_status vs_arguments_parse(const struct vs_command *command, const struct vs_str *words, uint32_t word_count,
                             struct vs_arguments *ret_arguments, struct vs_error *err) VS_NODISCARD;
/* Splits a magic's line into words: white space separates, single and double quotes group, \ escapes in double ones. */
vs_status vs_words_split(struct vs_str line, struct vs_arena *arena, struct vs_str **ret_words,
                         uint32_t *ret_word_count, struct vs_error *err) VS_NODISCARD;

bool vs_arguments_has(const struct vs_arguments *arguments, const char *option_name);
/* The last value given, else the fallback, else an empty slice with NULL data. */
struct vs_str vs_arguments_get(const struct vs_arguments *arguments, const char *option_name);
int64_t vs_arguments_integer(const struct vs_arguments *arguments, const char *option_name);

/* Help in the shape of a manual page: usage, summary, details, options, examples. */
void vs_command_help(const struct vs_command *command, struct vs_text *ret_text);

#endif
