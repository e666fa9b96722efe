/* SPDX-License-Identifier: Apache-2.0
 * The table of commands and the way from main to one of them. */
#include "kernel/setup/setup.h"

#include "engine/base/suggest.h"
#include "kernel/magics/magic.h"
#include "kernel/setup/spec.h"
#include <stdio.h>

enum { WORDS_MAX = 64 };

/* clang-format off */
static const struct vs_option install_options[] = {
  VSK_PLACE_OPTIONS,
  {"display-name", 0, VS_OPTION_TEXT, "TEXT", NULL, "Velostream SQL", "the name clients show"},
  {"env", 0, VS_OPTION_PAIR, "K=V", NULL, NULL, "set a variable for the kernel; may repeat"},
  {"replace", 0, VS_OPTION_FLAG, NULL, NULL, NULL, "overwrite a kernelspec that something else wrote"},
};
static const struct vs_option place_options[] = { VSK_PLACE_OPTIONS };
/* clang-format on */

static vs_status reference(struct vsk_setup *setup, const struct vs_arguments *arguments, struct vs_error *err) {
  if (!vs_str_equal(arguments->values[0], VS_STR("magics")))
    return vs_fail_hint(
        err,
        vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "there is no reference of %.*s", VS_STR_ARG(arguments->values[0])),
        "velo-kernel reference magics; velo reference functions|settings|errors");
  vsk_magic_reference(setup->out);
  return VS_OK;
}

struct setup_command {
  struct vs_command command;
  vs_status (*run)(struct vsk_setup *setup, const struct vs_arguments *arguments, struct vs_error *err);
};

static const struct setup_command commands[] = {
    {{.name = "velo-kernel install",
      .arguments = "",
      .summary = "write the kernelspec, so that Jupyter clients offer the kernel",
      .examples = "  velo-kernel install --user\n  velo-kernel install --sys-prefix --name velo-dev --display-name "
                  "'Velostream (dev)'",
      .options = install_options,
      .option_count = VS_COUNT_OF(install_options)},
     vsk_install},
    {{.name = "velo-kernel uninstall",
      .arguments = "",
      .summary = "remove the kernelspec that install wrote, and nothing else",
      .options = place_options,
      .option_count = VS_COUNT_OF(place_options)},
     vsk_uninstall},
    {{.name = "velo-kernel doctor",
      .arguments = "",
      .summary = "check what a notebook needs and say how to mend what is missing",
      .options = place_options,
      .option_count = VS_COUNT_OF(place_options)},
     vsk_doctor},
    {{.name = "velo-kernel reference",
      .arguments = "magics",
      .summary = "print the table of magics as JSON",
      .argument_min = 1,
      .argument_max = 1},
     reference},
};

static const char *word_of(const struct setup_command *command) {
  return command->command.name + sizeof "velo-kernel";
}

static void print_overview(struct vs_text *text) {
  vs_text_puts(text, "velo-kernel - streaming SQL in Jupyter notebooks\n\n"
                     "usage: velo-kernel COMMAND [OPTIONS]\n"
                     "       velo-kernel -f CONNECTION_FILE     serve a notebook; Jupyter does this\n\nCommands:\n");
  for (size_t i = 0; i < VS_COUNT_OF(commands); i++)
    vs_text_printf(text, "  %-12s %s\n", word_of(&commands[i]), commands[i].command.summary);
  vs_text_puts(text, "  --version    versions of the program and its libraries\n\n"
                     "velo-kernel COMMAND --help tells more. The engine from a shell: velo --help.\n"
                     "Environment: VELO_LOG=error|warning|info|debug, VELO_CLOCK=virtual[:TIME], VELO_HISTORY=off,\n"
                     "  VELO_ROOT=FOLDER (files of cells stay inside it), VELO_CPU=v1|v3, VELO_* settings.\n");
}

static const struct setup_command *find_command(struct vs_str word, struct vs_error *err) {
  struct vs_suggest suggest;
  char near[128];
  vs_suggest_init(&suggest, word);
  for (size_t i = 0; i < VS_COUNT_OF(commands); i++) {
    if (vs_str_equal(word, vs_str_of(word_of(&commands[i])))) return &commands[i];
    vs_suggest_offer(&suggest, vs_str_of(word_of(&commands[i])));
  }
  vs_status status = vs_fail(err, VS_CODE_BAD_OPTION, VS_NO_SPAN, "there is no command %.*s", VS_STR_ARG(word));
  vs_fail_hint(err, status, "%s",
               suggest.count ? vs_suggest_print(&suggest, near, sizeof near) : "velo-kernel --help lists them");
  return NULL;
}

static vs_status run(struct vsk_setup *setup, const struct vs_str *words, uint32_t count, struct vs_error *err) {
  struct vs_arguments arguments;
  if (vs_str_equal(words[0], VS_STR("--version"))) {
    vsk_print_versions(setup->out);
    return VS_OK;
  }
  if (vs_str_equal(words[0], VS_STR("--help")) || vs_str_equal(words[0], VS_STR("-h")) ||
      vs_str_equal(words[0], VS_STR("help"))) {
    print_overview(setup->out);
    return VS_OK;
  }
  const struct setup_command *command = find_command(words[0], err);
  if (!command) return VS_USAGE;
  VS_TRY(vs_arguments_parse(&command->command, words + 1, count - 1, &arguments, err));
  if (arguments.is_help) {
    vs_command_help(&command->command, setup->out);
    return VS_OK;
  }
  return command->run(setup, &arguments, err);
}

int vsk_setup_main(int argument_count, char **argument_words) {
  struct vs_memory memory;
  struct vs_arena arena;
  struct vs_text out;
  struct vs_error error;
  struct vs_str words[WORDS_MAX];
  uint32_t count = 0;
  vs_memory_init(&memory, NULL, 0);
  vs_arena_init(&arena, &memory, 16 << 20);
  vs_text_init(&out, &memory, 16 << 20);
  vs_error_clear(&error);
  for (int i = 1; i < argument_count && count < WORDS_MAX; i++)
    words[count++] = vs_str_of(argument_words[i]);
  if (count == 0) print_overview(&out);
  vs_status status = count ? run(&(struct vsk_setup){&memory, &arena, &out}, words, count, &error) : VS_USAGE;
  fwrite(out.data ? out.data : "", 1, out.size, count ? stdout : stderr);
  if (status != VS_OK && error.code)
    fprintf(stderr, "velo-kernel: %s%s%s\n", error.message, error.hint[0] ? "\n  " : "", error.hint);
  vs_text_release(&out);
  vs_arena_release(&arena);
  return status == VS_OK ? 0 : status == VS_USAGE ? 2 : 1;
}
