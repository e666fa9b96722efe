/* SPDX-License-Identifier: Apache-2.0
 * What Shift-Tab says about a keyword. */
#ifndef VS_RUNTIME_KEYWORD_HELP_H
#define VS_RUNTIME_KEYWORD_HELP_H

#include "engine/base/text.h"

struct vs_keyword_help {
  const char *word, *doc, *example;
};
const struct vs_keyword_help *vs_keyword_help_find(struct vs_str word); /* case ignored; NULL: nothing to say */

#endif
