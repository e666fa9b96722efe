/* SPDX-License-Identifier: Apache-2.0
 * Statuses, error codes and the error object.
 *
 * A status says how a caller proceeds, a code names what went wrong (`VELO-1001`, stable for users), an error carries
 * the code with the user's own names, the place in the text and what to try. Engine code never prints an error.
 * A code is one row below: number, ename of Jupyter, status, whether trying again may help, cause, what to do. */
#ifndef VS_BASE_ERROR_H
#define VS_BASE_ERROR_H

#include "engine/base/macros.h"

#define VS_STATUS_LIST(X)                                                                                              \
  X(OK, 0, "ok")                                                                                                       \
  X(STOP, 1, "the receiver wants no more rows; not an error")                                                          \
  X(SYNTAX, 2, "the text cannot be parsed")                                                                            \
  X(BIND, 3, "a name or a type does not fit")                                                                          \
  X(DATA, 4, "a value cannot be read or computed")                                                                     \
  X(SOURCE, 5, "a file, broker or endpoint does not answer as it should")                                              \
  X(RESOURCE, 6, "a limit is reached")                                                                                 \
  X(USAGE, 7, "a command or setting is used wrongly")                                                                  \
  X(TEST, 8, "an assertion failed or a specification is wrong")                                                        \
  X(CANCELLED, 9, "stopped on request")                                                                                \
  X(INTERNAL, 10, "our mistake")

typedef enum {
#define X(name, number, text) VS_##name = number,
  VS_STATUS_LIST(X)
#undef X
} vs_status;

/* clang-format off */
#define VS_FATAL 0
#define VS_RETRIABLE 1
#define VS_CODE_LIST(X) \
  /* lexer and parser */ \
  X(UNEXPECTED_CHARACTER, 1001, "VeloSyntaxError", SYNTAX, VS_FATAL, "a character no token starts with", "remove it; comments start with --") \
  X(UNTERMINATED_TEXT, 1002, "VeloSyntaxError", SYNTAX, VS_FATAL, "a quote, back-quote or comment is opened and never closed", "close it; a quote inside text is doubled: 'it''s'") \
  X(BAD_NUMBER, 1003, "VeloSyntaxError", SYNTAX, VS_FATAL, "a number is malformed", "write digits, one dot, an exponent, or 0x followed by hexadecimal digits") \
  X(BAD_ESCAPE, 1004, "VeloSyntaxError", SYNTAX, VS_FATAL, "an unknown escape in an E'...' text", "known are \\n \\t \\r \\b \\f \\\\ \\' \\\" \\uXXXX \\UXXXXXXXX \\xHH") \
  X(UNEXPECTED_TOKEN, 1005, "VeloSyntaxError", SYNTAX, VS_FATAL, "a word or sign stands where the grammar does not allow it", "compare with the accepted forms the error lists") \
  X(TRAILING_TOKENS, 1006, "VeloSyntaxError", SYNTAX, VS_FATAL, "text is left over after a complete statement", "end the statement with ; or remove the rest") \
  X(UNEXPECTED_END, 1007, "VeloSyntaxError", SYNTAX, VS_FATAL, "the text ends inside a statement", "complete the statement") \
  X(DUPLICATE_CLAUSE, 1008, "VeloSyntaxError", SYNTAX, VS_FATAL, "a clause is written twice", "keep one of them") \
  X(TOO_DEEP, 1009, "VeloSyntaxError", SYNTAX, VS_FATAL, "parentheses or subqueries are nested more than 200 deep", "split the expression") \
  X(BAD_DURATION, 1010, "VeloSyntaxError", SYNTAX, VS_FATAL, "a duration cannot be read", "write 5m, INTERVAL '5' MINUTE or 5 MINUTES") \
  X(BAD_ANNOTATION, 1011, "VeloSyntaxError", SYNTAX, VS_FATAL, "an @annotation has a wrong name or value", "see the annotations in the reference") \
  X(NOT_UTF8, 1012, "VeloSyntaxError", SYNTAX, VS_FATAL, "the text is not UTF-8", "save the text as UTF-8") \
  /* names, types, plans */ \
  X(NOT_YET, 2001, "VeloBindError", BIND, VS_FATAL, "the grammar knows the construct, the engine does not run it yet", "%help sql lists what runs today") \
  X(UNKNOWN_TABLE, 2002, "VeloBindError", BIND, VS_FATAL, "no stream, table, result or file has this name", "create it, or read a file with FROM 'path'") \
  X(UNKNOWN_COLUMN, 2003, "VeloBindError", BIND, VS_FATAL, "no column in scope has this name", "DESCRIBE the source to see its columns") \
  X(AMBIGUOUS_COLUMN, 2004, "VeloBindError", BIND, VS_FATAL, "more than one column in scope has this name", "write alias.column") \
  X(UNKNOWN_FUNCTION, 2005, "VeloBindError", BIND, VS_FATAL, "no function has this name", "SHOW FUNCTIONS lists them") \
  X(WRONG_ARGUMENTS, 2006, "VeloBindError", BIND, VS_FATAL, "a function is called with the wrong number or types of arguments", "the error shows the signature") \
  X(TYPE_CLASH, 2007, "VeloBindError", BIND, VS_FATAL, "two types do not go together", "CAST one side") \
  X(NOT_GROUPED, 2008, "VeloBindError", BIND, VS_FATAL, "a column is neither grouped nor aggregated", "add it to GROUP BY or wrap it in ANY_VALUE()") \
  X(MISPLACED_AGGREGATE, 2009, "VeloBindError", BIND, VS_FATAL, "an aggregate stands where rows are not grouped yet", "use HAVING instead of WHERE; do not nest aggregates") \
  X(NO_EVENT_TIME, 2010, "VeloBindError", BIND, VS_FATAL, "a window needs an event time and the source has none", "name a time column: TUMBLING(ts, 1m), or set event.time.field") \
  X(BAD_WINDOW, 2011, "VeloBindError", BIND, VS_FATAL, "a window's size or advance is zero, negative or too large", "use a positive size, and an advance not larger than it") \
  X(UNBOUNDED_STATE, 2012, "VeloBindError", BIND, VS_FATAL, "the query would wait or grow for ever", "add a WINDOW, EMIT CHANGES or a time bound") \
  X(UNKNOWN_PARAMETER, 2013, "VeloBindError", BIND, VS_FATAL, ":name has no value", "set it: %param name = value") \
  X(UNKNOWN_KEY, 2014, "VeloBindError", BIND, VS_FATAL, "a WITH key is not known", "velo reference settings lists the keys") \
  X(BAD_VALUE, 2015, "VeloBindError", BIND, VS_FATAL, "a WITH key, setting or option has a value out of its range", "the error shows what is allowed") \
  X(NAME_TAKEN, 2016, "VeloBindError", BIND, VS_FATAL, "an object of this name exists already", "CREATE OR REPLACE, or choose another name") \
  X(DEFINITION_CHANGED, 2017, "VeloBindError", BIND, VS_FATAL, "a stream this one reads from has changed", "run this cell again after mending the query") \
  X(SCALE_TOO_LARGE, 2018, "VeloBindError", BIND, VS_FATAL, "a decimal result would need more than 38 digits after the point", "CAST an operand to a smaller scale") \
  X(BAD_POSITION, 2019, "VeloBindError", BIND, VS_FATAL, "a GROUP BY or ORDER BY position is outside the select list", "positions count from 1") \
  X(DOUBLE_QUOTES, 2020, "VeloBindError", BIND, VS_FATAL, "a double-quoted name does not resolve", "write text with single quotes") \
  X(BAD_ALERT, 2021, "VeloBindError", BIND, VS_FATAL, "an @alert or @metric does not fit the statement's output columns", "use output columns of the statement") \
  X(NOT_BOUNDED, 2022, "VeloBindError", BIND, VS_FATAL, "a statement that runs to the end of its input reads a source without end", "bound it with LIMIT, or run it as a SELECT") \
  X(UNKNOWN_SETTING, 2023, "VeloBindError", BIND, VS_FATAL, "no setting has this name", "velo reference settings lists them") \
  X(RECURSIVE_VIEW, 2024, "VeloBindError", BIND, VS_FATAL, "a stream reads from itself", "give the new stream another name") \
  /* values of rows */ \
  X(BAD_FIELD, 3001, "VeloDataError", DATA, VS_FATAL, "a field's text does not fit the column's type", "declare the column's type, or CAST") \
  X(RAGGED_ROW, 3002, "VeloDataError", DATA, VS_FATAL, "a row has another number of fields than the header", "check the delimiter and quotes of that line") \
  X(BROKEN_JSON, 3003, "VeloDataError", DATA, VS_FATAL, "a JSON row is malformed or cut", "check that line") \
  X(BROKEN_QUOTE, 3004, "VeloDataError", DATA, VS_FATAL, "a quoted CSV field is never closed", "check that line's quotes") \
  X(ROW_NOT_UTF8, 3005, "VeloDataError", DATA, VS_FATAL, "a row's bytes are not UTF-8", "convert the file to UTF-8") \
  X(OVERFLOW, 3006, "VeloDataError", DATA, VS_FATAL, "a result does not fit its type", "CAST to a wider type before the operation") \
  X(BAD_CAST, 3007, "VeloDataError", DATA, VS_FATAL, "a value cannot be converted", "TRY_CAST gives NULL instead") \
  X(DIVISION_BY_ZERO, 3008, "VeloDataError", DATA, VS_FATAL, "a divisor is zero and sql.division_by_zero is error", "guard it with NULLIF(x, 0)") \
  X(BAD_EVENT_TIME, 3009, "VeloDataError", DATA, VS_FATAL, "a row's event time is NULL or unusable", "check event.time.field and event.time.format") \
  X(BAD_ARGUMENT, 3010, "VeloDataError", DATA, VS_FATAL, "a function got a value outside its domain", "see the function's help") \
  /* sources and sinks */ \
  X(NO_FILE, 4001, "VeloSourceError", SOURCE, VS_RETRIABLE, "a file is not there or cannot be opened", "the error lists the paths tried") \
  X(READ_FAILED, 4002, "VeloSourceError", SOURCE, VS_RETRIABLE, "reading failed part way", "check the disk; the file may have been truncated") \
  X(WRITE_FAILED, 4003, "VeloSourceError", SOURCE, VS_RETRIABLE, "writing a sink failed", "check space and permissions") \
  X(EMPTY_FILE, 4004, "VeloSourceError", SOURCE, VS_FATAL, "a file has no bytes", "a header line alone is an empty source; nothing at all is an error") \
  X(UNKNOWN_FORMAT, 4005, "VeloSourceError", SOURCE, VS_FATAL, "a file's format cannot be told", "give format = 'csv' or 'jsonl' in WITH") \
  X(NO_SCHEMA, 4006, "VeloSourceError", SOURCE, VS_FATAL, "no column can be found in a source", "declare the columns") \
  X(OUTSIDE_ROOT, 4007, "VeloSourceError", SOURCE, VS_FATAL, "a file lies outside the folder that files.root allows", "use a file inside it, or start with another VELO_ROOT") \
  /* limits */ \
  X(OUT_OF_MEMORY, 5001, "VeloResourceError", RESOURCE, VS_RETRIABLE, "memory for the query is used up", "raise state.limit or narrow the query") \
  X(STATE_LIMIT, 5002, "VeloResourceError", RESOURCE, VS_FATAL, "an operator's state is over its budget", "raise state.limit or use shorter windows") \
  X(OUTPUT_LIMIT, 5003, "VeloResourceError", RESOURCE, VS_FATAL, "one output is over its size limit", "show fewer rows") \
  X(FIELD_LIMIT, 5004, "VeloResourceError", RESOURCE, VS_FATAL, "one field is over 16 MiB", "leave the column out") \
  X(SYSTEM_FAILED, 5005, "VeloResourceError", RESOURCE, VS_RETRIABLE, "the operating system refused a thread, file or socket", "see the message; free resources") \
  /* commands */ \
  X(UNKNOWN_MAGIC, 6001, "VeloUsageError", USAGE, VS_FATAL, "no magic has this name", "%lsmagic lists them") \
  X(BAD_OPTION, 6002, "VeloUsageError", USAGE, VS_FATAL, "an option or argument of a command is wrong", "see the usage in the error") \
  X(NO_INPUT, 6003, "VeloUsageError", USAGE, VS_FATAL, "a value must be asked for and this client allows no input", "give the value in the cell or as VELO_PARAM_NAME") \
  X(BAD_CONNECTION, 6004, "VeloUsageError", USAGE, VS_FATAL, "the connection file cannot be used", "see the message") \
  X(NOTHING_TO_SHOW, 6005, "VeloUsageError", USAGE, VS_FATAL, "a command needs a result and there is none yet", "run a SELECT first") \
  X(NO_CHART, 6006, "VeloUsageError", USAGE, VS_FATAL, "the result cannot be drawn as asked", "%viz explain tells why") \
  X(NO_LANGUAGE, 6007, "VeloUsageError", USAGE, VS_FATAL, "the cell is natural language, which this version cannot read yet", "write SQL, or a magic") \
  X(NEEDS_FORCE, 6008, "VeloUsageError", USAGE, VS_FATAL, "a command would overwrite something", "add --force") \
  X(BAD_PARAMETER, 6009, "VeloUsageError", USAGE, VS_FATAL, "a parameter line cannot be read", "write name = value with a number, a text (in quotes unless it is one word), True, False, None or a list") \
  /* others */ \
  X(INTERRUPTED, 9001, "KeyboardInterrupt", CANCELLED, VS_FATAL, "the cell was interrupted", "rows already shown stay") \
  X(ABORTED, 9002, "ExecutionAborted", CANCELLED, VS_FATAL, "an earlier cell failed while this one waited", "run it again") \
  X(INTERNAL_ERROR, 9003, "VeloInternalError", INTERNAL, VS_FATAL, "a defect of this program", "please report it with the cell")
/* clang-format on */

typedef enum {
  VS_CODE_NONE = 0,
#define X(name, number, ename, status, retry, cause, todo) VS_CODE_##name = number,
  VS_CODE_LIST(X)
#undef X
} vs_code;

/* A place in one of the texts of a run: `source` indexes them (cell, file, YAML), bytes [begin, end). */
struct vs_span {
  uint32_t source, begin, end;
};
#define VS_NO_SPAN ((struct vs_span){UINT32_MAX, 0, 0})

struct vs_error {
  vs_code code;
  struct vs_span span, other; /* the caret's place, and a second one that explains it; VS_NO_SPAN when unknown */
  char message[512];          /* what happened, with the user's own names; one line */
  char hint[256];             /* what to try; may be empty */
};

struct vs_code_row {
  vs_code code;
  const char *name, *ename;
  vs_status status;
  bool retriable;
  const char *cause, *todo;
};

/* Early return on anything but VS_OK; VS_STOP travels through it too. */
#define VS_TRY(call)                                                                                                   \
  do {                                                                                                                 \
    vs_status vs_try_status = (call);                                                                                  \
    if (vs_try_status != VS_OK) return vs_try_status;                                                                  \
  } while (0)

/* Fills *err (NULL allowed, a former error is replaced) and returns the code's status. */
vs_status vs_fail(struct vs_error *err, vs_code code, struct vs_span span, const char *format, ...) VS_NODISCARD
    VS_PRINTF(4, 5);
/* Sets the hint of an error just filled; returns its status so that it can end a return statement. */
vs_status vs_fail_hint(struct vs_error *err, vs_status status, const char *format, ...) VS_PRINTF(3, 4);
void vs_error_clear(struct vs_error *err);

/* The code list in order of number; `ret_count` may be NULL. */
const struct vs_code_row *vs_code_rows(size_t *ret_count);
const struct vs_code_row *vs_code_find(vs_code code); /* NULL when absent */

bool vs_span_is_known(struct vs_span span);
struct vs_span vs_span_join(struct vs_span first, struct vs_span last);

#endif
