/* SPDX-License-Identifier: Apache-2.0
 * Private to the room: the pieces the print_*.c files share. */
#ifndef VS_SQL_PRINT_H
#define VS_SQL_PRINT_H

#include "engine/sql/printer.h"

bool vs_lex_is_name(struct vs_str text); /* one WORD token as it stands (lexer.c) */

void vs_print_ident(const struct vs_ident *ident, struct vs_text *ret_text);
void vs_print_dotted(const struct vs_name *name, struct vs_text *ret_text);
void vs_print_idents(const struct vs_idents *idents, struct vs_text *ret_text);
void vs_print_exprs(const struct vs_exprs *exprs, struct vs_text *ret_text);
void vs_print_duration(const struct vs_duration *duration, struct vs_text *ret_text);
void vs_print_literal(const struct vs_value *value, struct vs_text *ret_text);
void vs_print_type(const struct vs_type_node *type, struct vs_text *ret_text);
void vs_print_sort(const struct vs_sort *sort, struct vs_text *ret_text); /* ORDER BY ... */
void vs_print_properties(const struct vs_properties *properties,
                         struct vs_text *ret_text); /* " WITH (...)" or nothing */

#endif
