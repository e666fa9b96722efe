/* SPDX-License-Identifier: Apache-2.0
 * Tree -> text in one canonical form: parsing the output gives the same tree (a test over every text case says so).
 * Clause order: GROUP BY, WINDOW, HAVING, QUALIFY, ORDER BY, LIMIT, EMIT, INTO, WITH. Names are back-quoted only when
 * they must be. Annotations print as `-- @key: value` lines before the statement. */
#ifndef VS_SQL_PRINTER_H
#define VS_SQL_PRINTER_H

#include "engine/sql/tree.h"

void vs_print_statement(const struct vs_statement *statement, struct vs_text *ret_text); /* without ; */
void vs_print_query(const struct vs_query *query, struct vs_text *ret_text);
void vs_print_expr(const struct vs_expr *expr, struct vs_text *ret_text);
void vs_print_name(struct vs_str name, struct vs_text *ret_text);   /* quoted by back-quote when needed */
void vs_print_string(struct vs_str text, struct vs_text *ret_text); /* 'it''s' */

#endif
