/* links: vs_runtime */
/* SPDX-License-Identifier: Apache-2.0
 * Runs the text cases of tests/sql in this process, so that the sanitizers see the engine. See tests/sql/README.md for
 * the words a case may use. usage: sql_runner [--torture] FILE.test|FOLDER... ; exit code 1 when a check failed.
 * --torture runs each case again and again while its n-th allocation fails, for n = 1, 2, 3 ... until none fails: every
 * statement then ends in VELO-5001 or as it should, and nothing leaks. A case of `batch all` is read by several
 * threads. */
#include "engine/base/utf8.h"
#include "engine/velo.h"
#include "tests/support/sql_tree.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINES_MAX = 4096, ROWS_MAX = 20000 };

struct lines {
  char **items;
  uint32_t count, capacity;
};

static void add_line(struct lines *lines, const char *text, size_t size) {
  if (lines->count == lines->capacity) {
    lines->capacity = lines->capacity ? lines->capacity * 2 : 16;
    lines->items = realloc(lines->items, lines->capacity * sizeof *lines->items);
  }
  lines->items[lines->count++] = strndup(text, size);
}

static void clear_lines(struct lines *lines) {
  for (uint32_t i = 0; i < lines->count; i++)
    free(lines->items[i]);
  free(lines->items);
  *lines = (struct lines){0};
}

/* One word at the start of a line, the rest of that line, and the indented lines below it. */
struct block {
  char word[24];
  char *rest;
  struct lines body;
  uint32_t line;
};

struct outcome {
  bool is_open; /* a query ran and nobody has looked at its error yet */
  uint32_t line;
  char *text;
  vs_status status;
  struct vs_error error;
  struct lines changes, folded, warnings;
  char *note, *columns, *types;
  struct vs_job_counters counters;
  vs_run_bound bound;
};

struct pushes { /* rows of a `stream` that is not declared yet */
  bool is_open;
  char *declaration, name[64];
  struct lines rows;
  char *types[32];
  uint32_t column_count;
};

/* A way to run a case that must not show in its results. */
struct manner {
  const char *batch_rows, *threads, *part_bytes;
};

struct runner {
  struct vs_env env;
  struct vs_env_parts parts;
  struct vs_memory own; /* what the runner itself prints; never fails */
  struct vs_engine *engine;
  char folder[64];
  const char *file;
  const struct manner *manner;
  struct outcome outcome;
  struct pushes pushes;
  bool is_unordered, wants_folded;
  bool is_torture, ran_out; /* an allocation fails; the case ends at the first statement that said so */
  uint32_t checks, failures;
};

static void fail(struct runner *runner, uint32_t line, const char *format, ...) VS_PRINTF(3, 4);
static void fail(struct runner *runner, uint32_t line, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  printf("%s:%u: (batch %s, threads %s, parts %s) ", runner->file, line, runner->manner->batch_rows,
         runner->manner->threads, runner->manner->part_bytes);
  vprintf(format, arguments);
  printf("\n");
  va_end(arguments);
  runner->failures++;
}

/* ---- reading a case ---- */

static char *read_text(const char *path, size_t *ret_size) {
  FILE *file = fopen(path, "rb");
  if (!file) return NULL;
  char *text = NULL;
  size_t size = 0, got;
  char block[65536];
  while ((got = fread(block, 1, sizeof block, file)) > 0) {
    text = realloc(text, size + got + 1);
    memcpy(text + size, block, got);
    size += got;
  }
  fclose(file);
  if (text) text[size] = '\0';
  *ret_size = size;
  return text ? text : calloc(1, 1);
}

static void add_block(struct block *blocks, uint32_t *count, const char *line, size_t size, uint32_t number) {
  struct block *block = &blocks[(*count)++];
  size_t word = strcspn(line, " \t\n");
  word = VS_MIN(VS_MIN(word, size), sizeof block->word - 1);
  memcpy(block->word, line, word);
  block->word[word] = '\0';
  struct vs_str rest = vs_str_trim((struct vs_str){line + word, size - word});
  block->rest = strndup(rest.data ? rest.data : "", rest.size);
  block->line = number;
}

static uint32_t read_blocks(const char *text, struct block *blocks) {
  uint32_t count = 0, number = 0;
  for (const char *line = text; *line;) {
    size_t size = strcspn(line, "\n");
    number++;
    bool is_indented = size > 1 && line[0] == ' ' && line[1] == ' ';
    if (is_indented && count)
      add_line(&blocks[count - 1].body, line + 2, size - 2);
    else if (size && line[0] != '#' && count < LINES_MAX)
      add_block(blocks, &count, line, size, number);
    line += size + (line[size] == '\n');
  }
  return count;
}

static char *block_text(const struct block *block) {
  size_t size = strlen(block->rest) + 1;
  for (uint32_t i = 0; i < block->body.count; i++)
    size += strlen(block->body.items[i]) + 1;
  char *text = calloc(1, size + 1);
  size_t at = (size_t)snprintf(text, size, "%s", block->rest);
  for (uint32_t i = 0; i < block->body.count; i++)
    at += (size_t)snprintf(text + at, size + 1 - at, "%s%s", at ? "\n" : "", block->body.items[i]);
  return text;
}

/* ---- capturing rows ---- */

static void print_row(const struct vs_batch *batch, uint32_t row, struct vs_text *text) {
  for (uint32_t column = 0; column < batch->schema->shown_count; column++) {
    struct vs_value value = vs_value_get(&batch->columns[column], row);
    vs_text_puts(text, column ? " | " : "");
    if (value.is_null)
      vs_text_puts(text, "NULL");
    else
      vs_value_print(&value, VS_STYLE_PLAIN, text);
  }
}

static void add_rows(struct lines *lines, const struct vs_batch *batch, struct vs_memory *memory) {
  struct vs_text text;
  vs_text_init(&text, memory, (size_t)1 << 30);
  for (uint32_t i = 0; i < batch->selected_count && lines->count < ROWS_MAX; i++) {
    uint32_t row = batch->selection ? batch->selection[i] : i;
    vs_text_clear(&text);
    if (batch->weight && batch->weight[row] < 0) vs_text_puts(&text, "- ");
    print_row(batch, row, &text);
    add_line(lines, text.data ? text.data : "", text.size);
  }
  vs_text_release(&text);
}

struct capture {
  struct vs_tap tap;
  struct runner *runner;
};

static char *join_schema(const struct vs_schema *schema, bool types, struct vs_memory *memory) {
  struct vs_text text;
  vs_text_init(&text, memory, (size_t)1 << 20);
  for (uint32_t i = 0; i < schema->shown_count; i++) {
    char type[32];
    vs_text_puts(&text, i ? " | " : "");
    vs_text_str(&text, types ? vs_str_of(vs_type_print(schema->fields[i].type, type)) : schema->fields[i].name);
  }
  char *copy = strdup(text.data ? text.data : "");
  vs_text_release(&text);
  return copy;
}

static vs_status capture_open(struct vs_tap *tap, const struct vs_schema *schema, vs_change_mode mode,
                              struct vs_error *err) {
  struct runner *runner = ((struct capture *)tap)->runner;
  (void)mode, (void)err;
  runner->outcome.columns = join_schema(schema, false, &runner->own);
  runner->outcome.types = join_schema(schema, true, &runner->own);
  return VS_OK;
}

static vs_status capture_batch(struct vs_tap *tap, const struct vs_batch *batch, struct vs_error *err) {
  struct runner *runner = ((struct capture *)tap)->runner;
  (void)err;
  add_rows(&runner->outcome.changes, batch, &runner->own);
  return VS_OK;
}

static void capture_close(struct vs_tap *tap, vs_status status, const struct vs_error *err) {
  (void)tap, (void)status, (void)err;
}

static const struct vs_tap_ops capture_ops = {capture_open, capture_batch, NULL, capture_close};

/* ---- running SQL ---- */

static void clear_outcome(struct outcome *outcome) {
  free(outcome->text);
  free(outcome->note);
  free(outcome->columns);
  free(outcome->types);
  clear_lines(&outcome->changes);
  clear_lines(&outcome->folded);
  clear_lines(&outcome->warnings);
  *outcome = (struct outcome){0};
}

static void look(struct runner *runner, struct vs_run *run) {
  struct vs_arena arena;
  struct vs_view view;
  struct vs_error error;
  struct outcome *outcome = &runner->outcome;
  vs_arena_init(&arena, runner->env.memory, 0);
  vs_status status = vs_run_view(run, ROWS_MAX, 0, 10, &arena, &view, &error);
  runner->ran_out |= runner->is_torture && status != VS_OK && error.code == VS_CODE_OUT_OF_MEMORY;
  if (status == VS_OK) {
    if (view.result.schema) add_rows(&outcome->folded, &view.result.head, &runner->own);
    if (vs_run_is(run) == VS_RUN_LIST) add_rows(&outcome->changes, &view.result.head, &runner->own);
    if (view.result.schema && !outcome->columns) {
      outcome->columns = join_schema(view.result.schema, false, &runner->own);
      outcome->types = join_schema(view.result.schema, true, &runner->own);
    }
    for (uint32_t i = 0; i < view.warning_count; i++)
      runner->ran_out |= runner->is_torture && strstr(view.warnings[i], "out of memory");
    for (uint32_t i = 0; i < view.counters.sample_count; i++)
      runner->ran_out |= runner->is_torture && strstr(view.counters.samples[i].message, "out of memory");
    for (uint32_t i = 0; i < view.warning_count; i++)
      add_line(&outcome->warnings, view.warnings[i], strlen(view.warnings[i]));
    outcome->note = strdup(view.note);
    outcome->counters = view.counters;
    outcome->bound = view.bound;
  }
  vs_arena_release(&arena);
}

static vs_status run_statement(struct runner *runner, const struct vs_engine_script *script, uint32_t index) {
  struct capture capture = {{&capture_ops}, runner};
  struct vs_tap *taps[] = {&capture.tap};
  const struct vs_run_options options = {
      .execution_count = index + 1, .taps = taps, .tap_count = 1, .is_headless = true, .keep_result = true};
  struct vs_run *run;
  struct vs_error *error = &runner->outcome.error;
  vs_status status = vs_run_start(runner->engine, script, index, &options, &run, error);
  if (status != VS_OK) return status;
  while (!vs_run_is_done(run))
    vs_run_acknowledge(run); /* the virtual clock jumps: a query here ends within moments */
  status = vs_run_finish(run, error);
  look(runner, run);
  vs_run_free(run);
  return status;
}

/* Whatever a case parses is also printed and parsed again: the same tree, the same text. */
static void check_round_trip(struct runner *runner, const struct vs_engine_script *script, uint32_t line) {
  for (uint32_t i = 0; i < script->tree.statement_count; i++) {
    struct vs_text what;
    vs_text_init(&what, &runner->own, (size_t)1 << 26);
    if (!sql_round_trips(script->tree.statements[i], &runner->own, &what))
      fail(runner, line, "printing does not round-trip: %s", what.data ? what.data : "");
    vs_text_release(&what);
  }
}

static void run_sql(struct runner *runner, const char *text, uint32_t line) {
  struct vs_engine_script *script;
  struct outcome *outcome = &runner->outcome;
  clear_outcome(outcome);
  outcome->is_open = true;
  outcome->line = line;
  outcome->text = strdup(text);
  outcome->status = vs_engine_parse(runner->engine, vs_str_of(text), 0, &script, &outcome->error);
  if (outcome->status != VS_OK) return;
  check_round_trip(runner, script, line);
  for (uint32_t i = 0; i < script->tree.statement_count && outcome->status == VS_OK; i++) {
    struct outcome fresh = {.is_open = true, .line = line, .text = strdup(text)};
    clear_outcome(outcome);
    *outcome = fresh;
    outcome->status = run_statement(runner, script, i);
  }
  vs_engine_script_free(script);
}

/* An error nobody asked for is a failure of the query's own line. */
static void close_outcome(struct runner *runner) {
  struct outcome *outcome = &runner->outcome;
  runner->ran_out |= runner->is_torture && outcome->is_open && outcome->status != VS_OK &&
                     outcome->error.code == VS_CODE_OUT_OF_MEMORY;
  if (runner->ran_out) outcome->is_open = false;
  if (outcome->is_open && outcome->status != VS_OK)
    fail(runner, outcome->line, "unexpected error VELO-%04d: %s (%s)", (int)outcome->error.code, outcome->error.message,
         outcome->error.hint);
  outcome->is_open = false;
}

/* ---- streams ---- */

static void write_file(struct runner *runner, const char *name, const struct lines *lines, const char *heading) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s", runner->folder, name);
  FILE *file = fopen(path, "wb");
  if (!file) {
    printf("%s: %s\n", path, strerror(errno));
    exit(2);
  }
  if (heading) fprintf(file, "%s\n", heading);
  for (uint32_t i = 0; i < lines->count; i++)
    fprintf(file, "%s\n", lines->items[i]);
  fclose(file);
}

/* "09:00:05" stands for that time of 2026-01-01 in a TIMESTAMP column. */
static size_t print_field(const char *field, size_t size, const char *type, char *out) {
  bool is_clock = size == 8 && field[2] == ':' && field[5] == ':';
  if (strncmp(type, "TIMESTAMP", 9) == 0 && is_clock) return (size_t)snprintf(out, 32, "2026-01-01 %.8s", field);
  if (size == 4 && memcmp(field, "NULL", 4) == 0) return 0;
  memcpy(out, field, size);
  return size;
}

static void push_row(struct runner *runner, const struct block *block) {
  char row[2048];
  size_t at = 0;
  uint32_t column = 0;
  for (const char *c = block->rest; *c;) {
    while (*c == ' ')
      c++;
    if (!*c || *c == '#') break;
    size_t size = *c == '\'' ? strcspn(c + 1, "'") : strcspn(c, " ");
    const char *field = *c == '\'' ? c + 1 : c;
    const char *type = column < runner->pushes.column_count ? runner->pushes.types[column] : "";
    if (column++) row[at++] = ',';
    at += print_field(field, size, type, row + at);
    c = field + size + (field > c);
  }
  add_line(&runner->pushes.rows, row, at);
}

/* The type word of every column of "(symbol STRING, price DECIMAL(10,2), ts TIMESTAMP)". */
static void find_types(struct pushes *pushes, const char *columns) {
  int depth = 0;
  const char *begin = columns + 1;
  pushes->column_count = 0;
  for (const char *c = columns; *c; c++) {
    bool ends = (*c == ',' && depth == 1) || (*c == ')' && depth == 1);
    depth += *c == '(' ? 1 : *c == ')' ? -1 : 0;
    if (!ends || pushes->column_count == VS_COUNT_OF(pushes->types)) continue;
    const char *name = begin + strspn(begin, " ");
    const char *type = name + strcspn(name, " ");
    type += strspn(type, " ");
    pushes->types[pushes->column_count++] = strndup(type, (size_t)(c - type));
    begin = c + 1;
    if (!depth) return;
  }
}

static void clear_pushes(struct pushes *pushes) {
  free(pushes->declaration);
  clear_lines(&pushes->rows);
  for (uint32_t i = 0; i < pushes->column_count; i++)
    free(pushes->types[i]);
  *pushes = (struct pushes){0};
}

/* stream NAME (columns) [watermark COLUMN lateness DURATION] */
static void open_stream(struct runner *runner, const struct block *block) {
  struct pushes *pushes = &runner->pushes;
  const char *columns = strchr(block->rest, '(');
  char watermark[64] = "", delay[32] = "0s", clause[192] = "";
  if (!columns) {
    fail(runner, block->line, "stream needs (columns)");
    return;
  }
  find_types(pushes, columns);
  size_t name_size = strcspn(block->rest, " (");
  snprintf(pushes->name, sizeof pushes->name, "%.*s", (int)name_size, block->rest);
  const char *end = strrchr(block->rest, ')');
  const char *word = strstr(end, "watermark ");
  if (word) sscanf(word, "watermark %63s lateness %31s", watermark, delay);
  if (watermark[0])
    snprintf(clause, sizeof clause, ", WATERMARK FOR %s AS %s - INTERVAL '%s'", watermark, watermark, delay);
  size_t size = strlen(block->rest) + 512;
  pushes->declaration = malloc(size);
  snprintf(pushes->declaration, size,
           "CREATE STREAM %s %.*s%s) WITH ('%s.path' = '%s.csv', '%s.format' = 'csv', '%s.has_headers' = 'false')",
           pushes->name, (int)(end - columns), columns, clause, pushes->name, pushes->name, pushes->name, pushes->name);
  pushes->is_open = true;
}

static void close_stream(struct runner *runner, uint32_t line) {
  struct pushes *pushes = &runner->pushes;
  if (!pushes->is_open) return;
  char name[80];
  snprintf(name, sizeof name, "%s.csv", pushes->name);
  write_file(runner, name, &pushes->rows, NULL);
  run_sql(runner, pushes->declaration, line);
  close_outcome(runner);
  clear_pushes(pushes);
}

/* ---- checks ---- */

static void trim_cells(const char *row, char *out) {
  size_t at = 0;
  for (const char *c = row;; c++) {
    size_t size = strcspn(c, "|");
    struct vs_str cell = vs_str_trim((struct vs_str){c, size});
    memcpy(out + at, cell.data ? cell.data : "", cell.size);
    at += cell.size;
    c += size;
    if (!*c) break;
    out[at++] = '|';
  }
  out[at] = '\0';
}

static int compare_lines(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static struct lines normalised(const struct lines *rows, bool is_sorted) {
  struct lines result = {0};
  for (uint32_t i = 0; i < rows->count; i++) {
    size_t size = strlen(rows->items[i]);
    char *cells = malloc(size + 1);
    trim_cells(rows->items[i], cells);
    add_line(&result, cells, strlen(cells));
    free(cells);
  }
  if (is_sorted && result.count) qsort(result.items, result.count, sizeof *result.items, compare_lines);
  return result;
}

static void show_rows(const char *title, const struct lines *rows) {
  printf("    %s:\n", title);
  for (uint32_t i = 0; i < rows->count && i < 40; i++)
    printf("      %s\n", rows->items[i]);
}

static void check_rows(struct runner *runner, const struct block *block) {
  const struct lines *got = runner->wants_folded ? &runner->outcome.folded : &runner->outcome.changes;
  struct lines wanted = {0};
  bool is_nothing = strcmp(block->rest, "nothing") == 0;
  if (block->rest[0] && !is_nothing) add_line(&wanted, block->rest, strlen(block->rest));
  for (uint32_t i = 0; i < block->body.count; i++)
    add_line(&wanted, block->body.items[i], strlen(block->body.items[i]));
  struct lines left = normalised(&wanted, runner->is_unordered), right = normalised(got, runner->is_unordered);
  bool is_same = left.count == right.count;
  for (uint32_t i = 0; is_same && i < left.count; i++)
    is_same = strcmp(left.items[i], right.items[i]) == 0;
  if (!is_same && runner->outcome.status == VS_OK) {
    fail(runner, block->line, "other rows than expected");
    show_rows("expected", &left);
    show_rows("got", &right);
    if (runner->outcome.counters.sample_count)
      printf("    first failed row: %s\n", runner->outcome.counters.samples[0].message);
  }
  clear_lines(&wanted);
  clear_lines(&left);
  clear_lines(&right);
}

static void find_place(const char *text, uint32_t offset, uint32_t *ret_line, uint32_t *ret_column) {
  size_t begin = 0, size = strlen(text);
  *ret_line = 1;
  for (size_t i = 0; i < offset && i < size; i++)
    if (text[i] == '\n') {
      (*ret_line)++;
      begin = i + 1;
    }
  *ret_column = (uint32_t)vs_utf8_count(text + begin, VS_MIN(offset, size) - begin) + 1;
}

/* error VELO-2003 1:8 [part of message or hint] */
static void check_error(struct runner *runner, const struct block *block) {
  struct outcome *outcome = &runner->outcome;
  char place[32] = "", got[32] = "-";
  int code = 0, used = 0;
  outcome->is_open = false;
  int words = sscanf(block->rest, "VELO-%d %31s%n", &code, place, &used);
  if (words == 1) used = (int)strlen(block->rest);
  if (words < 1) {
    fail(runner, block->line, "write: error VELO-nnnn line:column part of the message");
    return;
  }
  if (outcome->status == VS_OK) {
    fail(runner, block->line, "no error, expected VELO-%04d", code);
    return;
  }
  uint32_t line, column;
  if (vs_span_is_known(outcome->error.span)) {
    find_place(outcome->text, outcome->error.span.begin, &line, &column);
    snprintf(got, sizeof got, "%u:%u", line, column);
  }
  struct vs_str part = vs_str_trim(vs_str_of(block->rest + used));
  bool has_part = !part.size || strstr(outcome->error.message, part.data) || strstr(outcome->error.hint, part.data);
  if ((int)outcome->error.code != code || (place[0] && strcmp(place, got) != 0) || !has_part)
    fail(runner, block->line, "got VELO-%04d at %s: %s (%s)", (int)outcome->error.code, got, outcome->error.message,
         outcome->error.hint);
}

static void check_number(struct runner *runner, const struct block *block, uint64_t got) {
  uint64_t wanted = strtoull(block->rest, NULL, 10);
  if (wanted != got)
    fail(runner, block->line, "%s is %llu, expected %llu", block->word, (unsigned long long)got,
         (unsigned long long)wanted);
}

static void check_part(struct runner *runner, const struct block *block, const char *got) {
  if (!got || !strstr(got, block->rest)) fail(runner, block->line, "%s is: %s", block->word, got ? got : "(none)");
}

static void check_sample(struct runner *runner, const struct block *block) {
  const struct vs_job_counters *counters = &runner->outcome.counters;
  for (uint32_t i = 1; i < counters->sample_count; i++)
    if (strstr(counters->samples[i].message, block->rest)) return;
  check_part(runner, block, counters->sample_count ? counters->samples[0].message : NULL);
}

static void check_cells(struct runner *runner, const struct block *block, const char *got) {
  char left[4096], right[4096];
  trim_cells(block->rest, left);
  trim_cells(got ? got : "", right);
  if (strcmp(left, right) != 0) fail(runner, block->line, "%s are: %s", block->word, right);
}

static void check_warning(struct runner *runner, const struct block *block) {
  const struct lines *warnings = &runner->outcome.warnings;
  for (uint32_t i = 0; i < warnings->count; i++)
    if (strstr(warnings->items[i], block->rest)) return;
  fail(runner, block->line, "no such warning; there are %u%s%s", warnings->count,
       warnings->count ? ", the first: " : "", warnings->count ? warnings->items[0] : "");
}

static void check_written(struct runner *runner, const struct block *block) {
  char path[512];
  size_t size;
  snprintf(path, sizeof path, "%s/%s", runner->folder, block->rest);
  char *text = read_text(path, &size);
  struct lines wanted = block->body;
  const char *at = text ? text : "";
  for (uint32_t i = 0; i < wanted.count; i++) {
    size_t length = strcspn(at, "\n");
    if (length != strlen(wanted.items[i]) || strncmp(at, wanted.items[i], length) != 0) {
      fail(runner, block->line, "%s, line %u is: %.*s", block->rest, i + 1, (int)length, at);
      free(text);
      return;
    }
    at += length + (at[length] == '\n');
  }
  if (*at || !text) fail(runner, block->line, "%s", text ? "the file has more lines" : "the file was not written");
  free(text);
}

/* ---- a case ---- */

static void set_parameter(struct runner *runner, const struct block *block) {
  const char *equals = strchr(block->rest, '=');
  struct vs_error error = {0};
  struct vs_str name = vs_str_trim((struct vs_str){block->rest, equals ? (size_t)(equals - block->rest) : 0});
  bool is_set = equals && vs_engine_parameter_set(runner->engine, name, vs_str_trim(vs_str_of(equals + 1)), false,
                                                  false, VS_PARAMETER_SET, &error) == VS_OK;
  runner->ran_out |= runner->is_torture && !is_set && error.code == VS_CODE_OUT_OF_MEMORY;
  if (!is_set && !runner->ran_out) fail(runner, block->line, "param: %s", error.message);
}

/* What a statement that ran out of memory would have given is not asked for. */
static bool is_out_of_memory(struct runner *runner) {
  const struct outcome *outcome = &runner->outcome;
  runner->ran_out |= runner->is_torture && outcome->status != VS_OK && outcome->error.code == VS_CODE_OUT_OF_MEMORY;
  return runner->ran_out;
}

static void run_block(struct runner *runner, const struct block *block, char *text) {
  const char *word = block->word;
  if (is_out_of_memory(runner)) return;
  struct outcome *outcome = &runner->outcome;
  bool is_action = !strcmp(word, "run") || !strcmp(word, "query") || !strcmp(word, "stream") || !strcmp(word, "file");
  if (is_action) {
    close_outcome(runner);
    if (strcmp(word, "file") != 0) close_stream(runner, block->line);
    runner->is_unordered = runner->wants_folded = false;
  } else {
    runner->checks++;
  }
  if (!strcmp(word, "run") || !strcmp(word, "query")) {
    run_sql(runner, text, block->line);
    if (!strcmp(word, "run")) close_outcome(runner);
  } else if (!strcmp(word, "stream")) {
    open_stream(runner, block);
  } else if (!strcmp(word, "push")) {
    push_row(runner, block);
  } else if (!strcmp(word, "file")) {
    write_file(runner, block->rest, &block->body, NULL);
  } else if (!strcmp(word, "param")) {
    set_parameter(runner, block);
  } else if (!strcmp(word, "batch")) {
    runner->checks--; /* read before the case runs */
  } else if (!strcmp(word, "unordered")) {
    runner->is_unordered = true;
  } else if (!strcmp(word, "folded") || !strcmp(word, "changes")) {
    runner->wants_folded = !strcmp(word, "folded");
  } else if (!strcmp(word, "expect")) {
    check_rows(runner, block);
  } else if (!strcmp(word, "error")) {
    check_error(runner, block);
  } else if (!strcmp(word, "late")) {
    check_number(runner, block, outcome->counters.late);
  } else if (!strcmp(word, "failed")) {
    check_number(runner, block, outcome->counters.failed);
  } else if (!strcmp(word, "rows_in")) {
    check_number(runner, block, outcome->counters.rows_in);
  } else if (!strcmp(word, "division_by_zero")) {
    check_number(runner, block, outcome->counters.division_by_zero);
  } else if (!strcmp(word, "row_count")) {
    check_number(runner, block, runner->wants_folded ? outcome->folded.count : outcome->changes.count);
  } else if (!strcmp(word, "bound")) {
    check_number(runner, block, (uint64_t)outcome->bound);
  } else if (!strcmp(word, "sample")) {
    check_sample(runner, block);
  } else if (!strcmp(word, "note")) {
    check_part(runner, block, outcome->note);
  } else if (!strcmp(word, "warning")) {
    check_warning(runner, block);
  } else if (!strcmp(word, "columns")) {
    check_cells(runner, block, outcome->columns);
  } else if (!strcmp(word, "types")) {
    check_cells(runner, block, outcome->types);
  } else if (!strcmp(word, "written")) {
    check_written(runner, block);
  } else {
    fail(runner, block->line, "unknown word %s", word);
  }
}

static bool set(struct runner *runner, const char *key, const char *value, struct vs_error *err) {
  return vs_engine_set(runner->engine, vs_str_of(key), vs_str_of(value), VS_NO_SPAN, err) == VS_OK;
}

static void open_engine(struct runner *runner) {
  char notebook[128], data[256];
  struct vs_error error = {0};
  snprintf(runner->folder, sizeof runner->folder, "/tmp/velo_sql_XXXXXX");
  if (!mkdtemp(runner->folder)) {
    perror("mkdtemp");
    exit(2);
  }
  snprintf(notebook, sizeof notebook, "%s/case.ipynb", runner->folder);
  snprintf(data, sizeof data, "%s/data", runner->folder);
  if (symlink(VELO_SOURCE_DIR "/notebooks/data", data) != 0) perror("symlink");
  vs_memory_init(&runner->parts.memory, NULL, 0);
  vs_memory_init(&runner->own, NULL, 0);
  vs_clock_init_virtual(&runner->parts.clock, INT64_C(1767258000000000)); /* 2026-01-01 09:00:00 */
  vs_random_seed(&runner->parts.random, 1);
  vs_log_init(&runner->parts.log, STDERR_FILENO, VS_LOG_WARNING);
  runner->env = (struct vs_env){&runner->parts.clock, &runner->parts.random, &runner->parts.memory, &runner->parts.log};
  const struct vs_engine_options options = {&runner->env, notebook, false};
  const struct manner *manner = runner->manner;
  bool is_open = vs_engine_new(&options, &runner->engine, &error) == VS_OK;
  if (!is_open || !set(runner, "batch.rows", manner->batch_rows, &error) ||
      !set(runner, "exec.threads", manner->threads, &error) ||
      !set(runner, "exec.part_bytes", manner->part_bytes, &error)) {
    printf("%s: no engine: %s\n", runner->file, error.message);
    exit(2);
  }
}

static void remove_folder(const char *folder) {
  DIR *handle = opendir(folder);
  for (struct dirent *entry = handle ? readdir(handle) : NULL; entry; entry = readdir(handle)) {
    char path[512];
    if (entry->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    if (unlink(path) != 0) remove_folder(path);
  }
  if (handle) closedir(handle);
  rmdir(folder);
}

/* `fail_at` > 0: the allocation of that number, counted from the first statement on, fails. Returns whether it did. */
static bool run_case(struct runner *totals, const char *file, const struct block *blocks, uint32_t count,
                     const struct manner *manner, uint64_t fail_at) {
  struct runner runner = {.file = file, .manner = manner, .is_torture = fail_at > 0};
  open_engine(&runner);
  struct vs_memory *memory = &runner.parts.memory;
  if (fail_at) memory->fail_at = memory->allocations + fail_at;
  for (uint32_t i = 0; i < count; i++) {
    char *text = block_text(&blocks[i]);
    run_block(&runner, &blocks[i], text);
    free(text);
  }
  close_outcome(&runner);
  clear_outcome(&runner.outcome);
  clear_pushes(&runner.pushes);
  vs_engine_free(runner.engine);
  size_t left = vs_memory_used(memory);
  if (left) fail(&runner, 0, "%zu bytes were not given back", left);
  if (runner.failures && fail_at) printf("    when allocation %llu failed\n", (unsigned long long)fail_at);
  remove_folder(runner.folder);
  totals->checks += runner.checks;
  totals->failures += runner.failures;
  return fail_at && memory->allocations >= memory->fail_at;
}

/* Which allocation is the n-th is not the same twice where several threads read; nothing is left over whichever it is.
 */
static void torture(struct runner *totals, const char *file, const struct block *blocks, uint32_t count,
                    const struct manner *manner) {
  uint64_t fail_at = 1;
  while (run_case(totals, file, blocks, count, manner, fail_at))
    fail_at++;
  printf("%s: %llu allocations failed, one at a time\n", file, (unsigned long long)fail_at - 1);
}

static void run_file(struct runner *totals, const char *file) {
  /* The first two are every case's; the others are for those that ask for `batch all`. */
  static const struct manner manners[] = {{"0", "1", "0"},    {"0", "3", "64"},  {"1", "1", "0"},
                                          {"2", "2", "2000"}, {"7", "3", "150"}, {"2048", "2", "5"}};
  size_t size;
  char *text = read_text(file, &size);
  struct block *blocks = calloc(LINES_MAX + 1, sizeof *blocks);
  uint32_t count = text ? read_blocks(text, blocks) : 0;
  bool all_batches = false;
  for (uint32_t i = 0; i < count; i++)
    all_batches |= !strcmp(blocks[i].word, "batch") && !strcmp(blocks[i].rest, "all");
  if (!text) {
    printf("%s: cannot be read\n", file);
    totals->failures++;
  }
  if (text && totals->is_torture) torture(totals, file, blocks, count, &manners[all_batches ? 4 : 0]);
  for (uint32_t i = 0; text && !totals->is_torture && i < (all_batches ? VS_COUNT_OF(manners) : 2); i++)
    run_case(totals, file, blocks, count, &manners[i], 0);
  for (uint32_t i = 0; i < count; i++) {
    free(blocks[i].rest);
    clear_lines(&blocks[i].body);
  }
  free(blocks);
  free(text);
}

static int compare_entries(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}

static uint32_t run_path(struct runner *totals, const char *path) {
  struct stat facts;
  struct dirent **entries;
  uint32_t files = 0;
  if (stat(path, &facts) == 0 && !S_ISDIR(facts.st_mode)) {
    run_file(totals, path);
    return 1;
  }
  int count = scandir(path, &entries, NULL, compare_entries);
  for (int i = 0; i < count; i++) {
    char below[1024];
    size_t size = strlen(entries[i]->d_name);
    snprintf(below, sizeof below, "%s/%s", path, entries[i]->d_name);
    bool is_case = size > 5 && strcmp(entries[i]->d_name + size - 5, ".test") == 0;
    bool is_folder = entries[i]->d_name[0] != '.' && stat(below, &facts) == 0 && S_ISDIR(facts.st_mode);
    if (is_case || is_folder) files += run_path(totals, below);
    free(entries[i]);
  }
  if (count >= 0) free(entries);
  return files;
}

int main(int argc, char **argv) {
  struct runner totals = {0};
  uint32_t files = 0;
  setvbuf(stdout, NULL, _IOLBF, 0);
  totals.is_torture = argc > 1 && !strcmp(argv[1], "--torture");
  for (int i = totals.is_torture ? 2 : 1; i < argc; i++)
    files += run_path(&totals, argv[i]);
  printf("%u cases, %u checks, %u failed\n", files, totals.checks, totals.failures);
  return files == 0 || totals.failures ? 1 : 0;
}
