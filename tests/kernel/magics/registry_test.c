/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/magics/magic.h"

#include <criterion/criterion.h>

Test(magics_registry, every_magic_is_whole_and_has_a_name_of_its_own) {
  for (uint32_t i = 0; vsk_magic_all[i]; i++) {
    const struct vsk_magic *magic = vsk_magic_all[i];
    cr_expect_eq(magic->command.name[0], '%');
    cr_expect(magic->command.summary && magic->command.summary[0], "%s", magic->command.name);
    cr_expect_not_null(magic->run);
    cr_expect(magic->is_line || magic->is_cell);
    cr_expect_eq(vsk_magic_find(vs_str_of(magic->command.name + 1)), magic, "%s twice", magic->command.name);
  }
}

Test(magics_registry, unknown_name_lists_the_nearest) {
  struct vs_error error;
  cr_expect_null(vsk_magic_find(VS_STR("vis")));
  cr_expect_eq(vsk_magic_unknown(VS_STR("vis"), VS_NO_SPAN, &error), VS_USAGE);
  cr_expect_str_eq(error.hint, "did you mean %viz?");
}

Test(magics_registry, lines_are_read_or_left_alone) {
  struct vsk_magic_line line;
  cr_expect(vsk_magic_line_read(VS_STR("%viz bar x=a"), 5, &line));
  cr_expect(vs_str_equal(line.name, VS_STR("viz")) && vs_str_equal(line.rest, VS_STR("bar x=a")));
  cr_expect_eq(line.span.begin, 5);
  cr_expect(vsk_magic_line_read(VS_STR("%viz?"), 0, &line) && line.is_question);
  cr_expect(vsk_magic_line_read(VS_STR("%%sql"), 0, &line) && line.is_cell);
  cr_expect_not(vsk_magic_line_read(VS_STR("% 4"), 0, &line));
  cr_expect_not(vsk_magic_line_read(VS_STR("%"), 0, &line));
  cr_expect_not(vsk_magic_line_read(VS_STR("%%%x"), 0, &line));
}
