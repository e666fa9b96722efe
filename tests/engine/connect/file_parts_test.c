/* SPDX-License-Identifier: Apache-2.0
 * A file read in parts of any size gives the rows, lines and bad rows of the file read through: sound parts are taken,
 * the others are read in line. Column n of each row is the line it begins on. */
#include "engine/connect/part.h"
#include "folder.h"

static struct vs_field fields[] = {
    {.name = {"n", 1}, .type = {VS_TYPE_INTEGER, 0, 0}},
    {.name = {"s", 1}, .type = {VS_TYPE_STRING, 0, 0}, .is_nullable = true},
    {.name = {"d", 1}, .type = {VS_TYPE_DECIMAL, 9, 2}, .is_nullable = true},
};
static const struct vs_schema schema = {fields, 3, 3};
static struct vs_field time_fields[] = {
    {.name = {"n", 1}, .type = {VS_TYPE_INTEGER, 0, 0}},
    {.name = {"t", 1}, .type = {VS_TYPE_INTEGER, 0, 0}, .is_nullable = true},
};
static const struct vs_schema time_schema = {time_fields, 2, 2};

struct reading {
  struct test_folder folder;
  struct vs_endpoint endpoint;
  struct vs_source_reader *reader;
  struct vs_row_errors errors;
  struct vs_text out, times; /* rows as JSON lines; their event times by line */
  uint64_t sound_count, unsound_count;
};

static void begin(struct reading *reading, const char *name, const struct vs_schema *rows) {
  memset(reading, 0, sizeof *reading);
  folder_open(&reading->folder);
  char *path = vs_arena_printf(&reading->folder.arena, "%s/%s", reading->folder.path, name);
  reading->endpoint = (struct vs_endpoint){.connector = &vs_connector_file,
                                           .format = vs_format_of_path(vs_str_of(name)),
                                           .path = vs_str_of(path),
                                           .shown_path = vs_str_of(name),
                                           .schema = rows,
                                           .time_column = -1,
                                           .is_bounded = true};
  vs_format_options_default(&reading->endpoint.format_options);
  reading->endpoint.format_options.has_declared_schema = true;
  vs_text_init(&reading->out, &reading->folder.memory, 0);
  vs_text_init(&reading->times, &reading->folder.memory, 0);
}

static void end(struct reading *reading) {
  vs_text_release(&reading->out);
  vs_text_release(&reading->times);
  folder_close(&reading->folder);
}

static void open_reader(struct reading *reading, uint32_t part_bytes) {
  struct vs_error err;
  reading->endpoint.part_bytes = part_bytes;
  reading->errors = (struct vs_row_errors){0};
  reading->sound_count = reading->unsound_count = 0;
  vs_text_clear(&reading->out);
  vs_text_clear(&reading->times);
  vs_status status =
      vs_connector_file.open_source(&reading->endpoint, NULL, &reading->folder.env, &reading->reader, &err);
  cr_assert_eq(status, VS_OK, "%s", err.message);
}

static void put_rows(struct reading *reading, const struct vs_batch *batch, uint64_t line) {
  struct vs_encoder *encoder;
  struct vs_format_options options;
  const int64_t *lines = batch->columns[0].data;
  for (uint32_t i = 0; i < batch->row_count; i++)
    cr_expect_eq(vs_batch_row_number(batch, i) + line, (uint64_t)lines[i], "line %lld is said to be %llu + %llu",
                 (long long)lines[i], (unsigned long long)vs_batch_row_number(batch, i), (unsigned long long)line);
  vs_format_options_default(&options);
  const struct vs_format *format = vs_format_find(VS_STR("jsonl"));
  cr_assert_eq(format->encoder_new(&options, batch->schema, &reading->folder.env, &encoder, NULL), VS_OK);
  encoder->ops->rows(encoder, batch, &reading->out);
  encoder->ops->free(encoder);
  for (uint32_t i = 0; batch->event_time_us && i < batch->row_count; i++)
    vs_text_printf(&reading->times, "%lld: %lld\n", (long long)((const int64_t *)batch->columns[0].data)[i],
                   (long long)batch->event_time_us[i]);
}

static void poll_to_end(struct reading *reading) {
  struct vs_batch batch;
  struct vs_error err;
  int64_t wait_us;
  for (;;) {
    vs_poll poll;
    vs_status status = reading->reader->ops->poll(reading->reader, &reading->errors, &batch, &poll, &wait_us, &err);
    cr_assert_eq(status, VS_OK, "%s", err.message);
    if (poll == VS_POLL_END) return;
    cr_assert_eq(poll, VS_POLL_ROWS);
    put_rows(reading, &batch, 0);
  }
}

static char *finish(struct reading *reading) {
  struct vs_source_counters counters;
  reading->reader->ops->counters(reading->reader, &counters);
  reading->reader->ops->close(reading->reader);
  if (reading->times.data) vs_text_puts(&reading->out, reading->times.data);
  vs_text_printf(&reading->out, "%llu bytes, %llu rows, %llu bad\n", (unsigned long long)counters.bytes,
                 (unsigned long long)counters.rows, (unsigned long long)reading->errors.count);
  for (uint32_t i = 0; i < reading->errors.sample_count; i++)
    vs_text_printf(&reading->out, "VELO-%d %llu %s\n", (int)reading->errors.samples[i].code,
                   (unsigned long long)reading->errors.samples[i].row, reading->errors.samples[i].message);
  return strdup(reading->out.data ? reading->out.data : "");
}

static char *read_through(struct reading *reading) {
  open_reader(reading, 0);
  poll_to_end(reading);
  return finish(reading);
}

static void read_in_line(struct reading *reading, uint64_t *number, uint64_t *line) {
  struct vs_error err;
  const struct vs_part_source_ops *ops = reading->reader->parts;
  cr_assert_eq(ops->enter(reading->reader, *number, *line, &err), VS_OK, "%s", err.message);
  poll_to_end(reading);
  uint64_t before = *number;
  ops->next(reading->reader, number, line);
  cr_assert_gt(*number, before);
}

enum { READERS = 2 };

/* Two readers by turns, each a part ahead of what is taken, so that a part is looked at after others were read. */
static void read_parts(struct reading *reading, uint64_t count) {
  struct vs_part parts[READERS];
  struct vs_part_reader *readers[READERS];
  struct vs_source_counters before, after;
  uint64_t number = 0, line = 1, ahead;
  read_in_line(reading, &number, &line);
  ahead = number;
  for (int i = 0; i < READERS; i++) {
    vs_part_init(&parts[i], &reading->folder.memory);
    cr_assert_eq(reading->reader->parts->open(reading->reader, &readers[i], NULL), VS_OK);
    cr_assert_not_null(readers[i]);
  }
  while (number < count) {
    for (ahead = VS_MAX(ahead, number); ahead < VS_MIN(number + READERS, count - 1); ahead++)
      cr_assert_eq(readers[ahead % READERS]->ops->read(readers[ahead % READERS], ahead, &parts[ahead % READERS], NULL),
                   VS_OK);
    const struct vs_part *part = &parts[number % READERS];
    bool is_sound = number + 1 < count && part->is_sound;
    reading->sound_count += is_sound;
    reading->unsound_count += !is_sound;
    if (!is_sound) {
      read_in_line(reading, &number, &line);
      continue;
    }
    for (uint32_t i = 0; i < part->batch_count; i++)
      put_rows(reading, &part->batches[i], line);
    reading->reader->ops->counters(reading->reader, &before);
    reading->reader->parts->took(reading->reader, part);
    reading->reader->ops->counters(reading->reader, &after);
    cr_expect_eq(after.bytes - before.bytes, part->byte_count, "progress shows the part");
    line += part->line_count;
    number++;
  }
  for (int i = 0; i < READERS; i++) {
    vs_part_release(&parts[i]);
    readers[i]->ops->close(readers[i]);
  }
}

static char *read_by_parts(struct reading *reading, uint32_t part_bytes) {
  open_reader(reading, part_bytes);
  uint64_t count = reading->reader->parts->count(reading->reader);
  if (count)
    read_parts(reading, count);
  else
    poll_to_end(reading);
  return finish(reading);
}

/* Every part size at which there are parts, read and mapped by turns. Returns how many parts were sound, over all of
 * them. */
static uint64_t expect_same(struct reading *reading, const char *text) {
  uint64_t sound_count = 0;
  uint32_t largest = (uint32_t)strlen(text) / 3;
  folder_put(&reading->folder, reading->endpoint.shown_path.data, "w", text);
  char *wanted = read_through(reading);
  reading->endpoint.is_mapped = true;
  char *mapped = read_through(reading);
  cr_expect_str_eq(mapped, wanted, "mapped:\n%s\nread:\n%s\nof:\n%s", mapped, wanted, text);
  free(mapped);
  for (uint32_t part_bytes = 1; part_bytes <= largest; part_bytes++) {
    reading->endpoint.is_mapped = part_bytes % 2;
    char *rows = read_by_parts(reading, part_bytes);
    cr_expect_str_eq(rows, wanted, "in parts of %u bytes:\n%s\nread through:\n%s\nof:\n%s", part_bytes, rows, wanted,
                     text);
    sound_count += reading->sound_count;
    free(rows);
  }
  free(wanted);
  reading->endpoint.is_mapped = false;
  return sound_count;
}

Test(connect_file_parts, plain_rows_are_all_taken_from_parts) {
  struct reading reading;
  begin(&reading, "p.csv", &schema);
  struct vs_text text;
  vs_text_init(&text, &reading.folder.memory, 0);
  vs_text_puts(&text, "n,s,d\n");
  for (int line = 2; line < 60; line++)
    vs_text_printf(&text, "%d,s%d,%d.5\n", line, line % 7, line);
  expect_same(&reading, text.data);
  free(read_by_parts(&reading, 64));
  cr_expect_eq(reading.unsound_count, 1, "only the last part is read in line, not %llu of %llu",
               (unsigned long long)reading.unsound_count,
               (unsigned long long)(reading.unsound_count + reading.sound_count));
  vs_text_release(&text);
  end(&reading);
}

Test(connect_file_parts, a_quoted_line_end_costs_its_neighbourhood_only) {
  struct reading reading;
  begin(&reading, "q.csv", &schema);
  struct vs_text text;
  vs_text_init(&text, &reading.folder.memory, 0);
  vs_text_puts(&text, "n,s,d\n");
  for (int line = 2; line < 200; line++) {
    bool is_quoted = line == 80;
    vs_text_printf(&text, is_quoted ? "%d,\"a" : "%d,s,%d.5\n", line, line);
    for (int i = 0; is_quoted && i < 8; i++)
      vs_text_printf(&text, "\n%d,b,1", ++line);
    if (is_quoted) vs_text_printf(&text, "\n\",3\n"), line++;
  }
  expect_same(&reading, text.data);
  free(read_by_parts(&reading, 32));
  cr_expect_leq(reading.unsound_count, 3);
  cr_expect_geq(reading.sound_count, 45);
  vs_text_release(&text);
  end(&reading);
}

static void put_csv_row(struct vs_text *text, struct vs_random *random, unsigned *line) {
  unsigned at = *line;
  *line += 1;
  switch (vs_random_below(random, 24)) {
  case 0: vs_text_printf(text, "%u,crlf,1\r\n", at); break;
  case 1: vs_text_puts(text, "\n"); break;
  case 2: vs_text_printf(text, "%u,\"a\nb\n\",2\n", at), *line += 2; break;
  case 3: vs_text_printf(text, "%u,x,zz\n", at); break;
  case 4: vs_text_printf(text, "%u,x\n", at); break;
  case 5: vs_text_printf(text, "%u,\"a\"b,1\n", at); break;
  case 6: vs_text_printf(text, "%u,\"\n%u,fake,1\n%u,fake,2\n\",3\n", at, at + 1, at + 2), *line += 3; break;
  case 7: vs_text_printf(text, "%u,,\n", at); break;
  case 8: vs_text_printf(text, "%u,\"\"\"quoted\"\"\",1\n", at); break;
  case 9: vs_text_printf(text, "%u,a \"quote\" within,1\n", at); break;
  case 10: vs_text_printf(text, "%u,\"x\r\ny\",1\r\n", at), *line += 1; break;
  case 11: vs_text_printf(text, vs_random_below(random, 8) ? "%u,s,1\n" : "%u,\"open,1\n", at); break;
  default: vs_text_printf(text, "%u,s%u,%u.25\n", at, at % 5, at); break;
  }
}

Test(connect_file_parts, csv_of_every_kind_is_read_as_it_is_read_through) {
  static const char *const heads[] = {"n,s,d\n", "n,s,d,\"more\nof it\"\n", "\xEF\xBB\xBFn,s,d\r\n", "\nn,s,d\n"};
  struct reading reading;
  struct vs_random random;
  uint64_t sound_count = 0;
  vs_random_seed(&random, 11);
  begin(&reading, "r.csv", &schema);
  for (int round = 0; round < 60; round++) {
    struct vs_text text;
    unsigned which = (unsigned)vs_random_below(&random, 4), line = which % 2 ? 3 : 2;
    reading.endpoint.format_options.skip_lines = which == 3;
    vs_text_init(&text, &reading.folder.memory, 0);
    vs_text_puts(&text, heads[which]);
    for (int i = 0; i < 30; i++)
      put_csv_row(&text, &random, &line);
    text.data[text.size - vs_random_below(&random, 2)] = '\0'; /* the last line end may be missing */
    sound_count += expect_same(&reading, text.data);
    vs_text_release(&text);
  }
  cr_expect_gt(sound_count, 1000);
  end(&reading);
}

static void put_json_row(struct vs_text *text, struct vs_random *random, unsigned line) {
  switch (vs_random_below(random, 20)) {
  case 0: vs_text_printf(text, "{\"n\":%u,\"s\":\"crlf\"}\r\n", line); break;
  case 1: vs_text_puts(text, "\n"); break;
  case 2: vs_text_printf(text, "{\"n\":%u,\"d\":\"zz\"}\n", line); break;
  case 3: vs_text_printf(text, "{\"n\":%u,\"d\":\n", line); break;
  case 4: vs_text_puts(text, "[1]\n"); break;
  case 5: vs_text_printf(text, "{\"d\":1.5,\"s\":\"a\\n\\u00e9\",\"n\":%u}\n", line); break;
  case 6: vs_text_printf(text, "{\"n\":%u,\"other\":{\"n\":[1,2]},\"s\":null}\n", line); break;
  case 7: vs_text_printf(text, "  {\"n\": %u }  \n", line); break;
  case 8: vs_text_printf(text, "\xEF\xBB\xBF{\"n\":%u}\n", line); break;
  default: vs_text_printf(text, "{\"n\":%u,\"s\":\"s%u\",\"d\":%u.25}\n", line, line % 5, line); break;
  }
}

Test(connect_file_parts, json_lines_of_every_kind_are_read_as_they_are_read_through) {
  struct reading reading;
  struct vs_random random;
  uint64_t sound_count = 0;
  vs_random_seed(&random, 12);
  begin(&reading, "r.jsonl", &schema);
  for (int round = 0; round < 40; round++) {
    struct vs_text text;
    vs_text_init(&text, &reading.folder.memory, 0);
    if (round % 4 == 1) vs_text_puts(&text, "\xEF\xBB\xBF");
    for (unsigned line = 1; line < 25; line++)
      put_json_row(&text, &random, line);
    text.data[text.size - vs_random_below(&random, 2)] = '\0';
    sound_count += expect_same(&reading, text.data);
    vs_text_release(&text);
  }
  cr_expect_gt(sound_count, 1000);
  end(&reading);
}

/* More than VS_BATCH_ROWS rows a part, and more strings than a dictionary holds. */
Test(connect_file_parts, parts_of_several_batches_keep_their_rows) {
  struct reading reading;
  begin(&reading, "b.csv", &schema);
  struct vs_text text;
  vs_text_init(&text, &reading.folder.memory, 0);
  vs_text_puts(&text, "n,s,d\n");
  for (int line = 2; line < 60000; line++)
    vs_text_printf(&text, "%d,a string %d,%d.5\n", line, line, line % 100);
  folder_put(&reading.folder, "b.csv", "w", text.data);
  char *wanted = read_through(&reading), *rows = read_by_parts(&reading, 200000);
  cr_expect(strcmp(rows, wanted) == 0, "rows differ");
  cr_expect_eq(reading.sound_count + reading.unsound_count + 1, text.size / 200000 + 1);
  cr_expect_eq(reading.unsound_count, 1);
  free(rows);
  free(wanted);
  vs_text_release(&text);
  end(&reading);
}

/* Small numbers after large ones: whoever settled the unit by the small ones would be wrong. */
Test(connect_file_parts, the_unit_of_times_is_settled_in_order) {
  struct reading reading;
  begin(&reading, "t.csv", &time_schema);
  reading.endpoint.time_column = 1;
  struct vs_text text;
  vs_text_init(&text, &reading.folder.memory, 0);
  vs_text_puts(&text, "n,t\n");
  for (int line = 2; line < 40; line++)
    vs_text_printf(&text, line < 20 ? "%d,\n" : line < 21 ? "%d,1767225600000\n" : "%d,%d\n", line, line);
  expect_same(&reading, text.data);
  vs_text_release(&text);
  end(&reading);
}

/* A fork reads times by the pattern or unit its decoder was given. */
Test(connect_file_parts, times_of_a_declared_form_are_read_in_parts) {
  static struct vs_field some[] = {{.name = {"n", 1}, .type = {VS_TYPE_INTEGER, 0, 0}},
                                   {.name = {"t", 1}, .type = {VS_TYPE_TIMESTAMP, 0, 0}}};
  static const struct vs_schema rows = {some, 2, 2};
  struct reading reading;
  begin(&reading, "d.csv", &rows);
  reading.endpoint.time_column = reading.endpoint.format_options.time_column = 1;
  reading.endpoint.format_options.time_format = VS_STR("dd/MM/yyyy HH:mm");
  struct vs_text text;
  vs_text_init(&text, &reading.folder.memory, 0);
  vs_text_puts(&text, "n,t\n");
  for (int line = 2; line < 40; line++)
    vs_text_printf(&text, "%d,%02d/01/2026 10:%02d\n", line, line % 28 + 1, line);
  cr_expect_gt(expect_same(&reading, text.data), 100);
  cr_expect(strstr(reading.out.data, "38 rows, 0 bad"), "%s", reading.out.data);
  reading.endpoint.format_options.time_format = VS_STR("epoch_millis");
  vs_text_clear(&text);
  vs_text_puts(&text, "n,t\n");
  for (int line = 2; line < 40; line++)
    vs_text_printf(&text, "%d,%d\n", line, line);
  cr_expect_gt(expect_same(&reading, text.data), 100);
  cr_expect(strstr(reading.out.data, "\n39: 39000\n"), "%s", reading.out.data);
  vs_text_release(&text);
  end(&reading);
}

static void expect_no_sound_parts_once_shorter(bool is_mapped) {
  struct reading reading;
  struct vs_part part;
  struct vs_part_reader *reader;
  uint64_t number = 0, line = 1;
  begin(&reading, "c.csv", &schema);
  reading.endpoint.is_mapped = is_mapped;
  folder_put(&reading.folder, "c.csv", "w", "n,s,d\n2,a,1\n3,a,1\n4,a,1\n5,a,1\n6,a,1\n7,a,1\n8,a,1\n");
  open_reader(&reading, 12);
  vs_part_init(&part, &reading.folder.memory);
  read_in_line(&reading, &number, &line);
  cr_assert_eq(reading.reader->parts->open(reading.reader, &reader, NULL), VS_OK);
  cr_assert_eq(reader->ops->read(reader, 1, &part, NULL), VS_OK);
  cr_expect(part.is_sound);
  cr_assert_eq(truncate(reading.endpoint.path.data, 17), 0);
  cr_assert_eq(reader->ops->read(reader, 1, &part, NULL), VS_OK);
  cr_expect_not(part.is_sound);
  cr_assert_eq(reader->ops->read(reader, 2, &part, NULL), VS_OK);
  cr_expect_not(part.is_sound);
  struct vs_batch batch;
  struct vs_error err;
  vs_poll poll;
  int64_t wait_us;
  cr_assert_eq(reading.reader->parts->enter(reading.reader, 2, 4, &err), VS_OK);
  cr_expect_neq(reading.reader->ops->poll(reading.reader, &reading.errors, &batch, &poll, &wait_us, &err), VS_OK);
  cr_expect(strstr(err.message, "'c.csv' was truncated"), "%s", err.message);
  reader->ops->close(reader);
  vs_part_release(&part);
  reading.reader->ops->close(reading.reader);
  end(&reading);
}

Test(connect_file_parts, a_file_that_became_shorter_has_no_sound_parts) {
  expect_no_sound_parts_once_shorter(false);
  expect_no_sound_parts_once_shorter(true);
}

static uint64_t count_of(struct reading *reading, uint32_t part_bytes) {
  open_reader(reading, part_bytes);
  const struct vs_part_source_ops *parts = reading->reader->parts;
  uint64_t count = parts ? parts->count(reading->reader) : 0;
  reading->reader->ops->close(reading->reader);
  return count;
}

Test(connect_file_parts, only_files_whose_rows_can_be_told_apart_are_in_parts) {
  static const char text[] = "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n{\"n\":4}\n";
  struct reading reading;
  begin(&reading, "f.jsonl", &schema);
  folder_put(&reading.folder, "f.jsonl", "w", text);
  cr_expect_eq(count_of(&reading, 8), 4);
  cr_expect_eq(count_of(&reading, 7), 5, "the last one is smaller");
  cr_expect_eq(count_of(&reading, 11), 0, "three parts are not worth it");
  reading.endpoint.watch = true;
  cr_expect_eq(count_of(&reading, 8), 0, "a watched file");
  reading.endpoint.watch = false;
  reading.endpoint.replay_speed = 1;
  cr_expect_eq(count_of(&reading, 8), 0, "a replayed file");
  reading.endpoint.replay_speed = 0;
  reading.endpoint.format = vs_format_find(VS_STR("json"));
  cr_expect_eq(count_of(&reading, 8), 0, "JSON that is not lines");
  end(&reading);
}

/* A row over the limit ends far from where it is looked for: what follows it is read through. */
Test(connect_file_parts, a_row_that_is_too_long_leaves_the_rest_to_the_source) {
  struct reading reading;
  uint64_t number = 0, line = 1;
  begin(&reading, "l.csv", &schema);
  char *row = malloc((17 << 20) + 1);
  memset(row, 'a', 17 << 20);
  row[17 << 20] = 0;
  folder_put(&reading.folder, reading.endpoint.shown_path.data, "w", "n,s,d\n2,b,1\n3,");
  folder_put(&reading.folder, reading.endpoint.shown_path.data, "a", row);
  folder_put(&reading.folder, reading.endpoint.shown_path.data, "a", ",1\n4,c,2\n");
  free(row);
  char *wanted = read_through(&reading);
  for (int i = 0; i < 2; i++) {
    reading.endpoint.is_mapped = i;
    char *rows = read_by_parts(&reading, 64 << 10);
    cr_expect_str_eq(rows, wanted);
    free(rows);
  }
  open_reader(&reading, 64 << 10);
  cr_expect_gt(reading.reader->parts->count(reading.reader), 256u);
  read_in_line(&reading, &number, &line);
  cr_expect_eq(number, reading.reader->parts->count(reading.reader), "it went on with part %llu",
               (unsigned long long)number);
  free(finish(&reading));
  free(wanted);
  end(&reading);
}

/* Every part held has batches of full height, whatever number of rows they have. */
Test(connect_file_parts, rows_of_very_many_columns_are_not_read_in_parts) {
  enum { COLUMNS = 2000 };
  static struct vs_field many[COLUMNS];
  static bool wanted[COLUMNS] = {[7] = true};
  const struct vs_schema wide = {many, COLUMNS, COLUMNS};
  struct reading reading;
  struct vs_text text;
  begin(&reading, "w.csv", &wide);
  vs_text_init(&text, &reading.folder.memory, 0);
  for (uint32_t i = 0; i < COLUMNS; i++) {
    char *name = vs_arena_printf(&reading.folder.arena, "c%u", i);
    many[i] = (struct vs_field){.name = vs_str_of(name), .type = {VS_TYPE_INTEGER, 0, 0}};
    vs_text_printf(&text, "%s%s", i ? "," : "", name);
  }
  vs_text_puts(&text, "\n1\n2\n3\n4\n5\n");
  folder_put(&reading.folder, reading.endpoint.shown_path.data, "w", text.data);
  for (int i = 0; i < 2; i++) {
    reading.endpoint.part_bytes = 64;
    cr_assert_eq(
        vs_connector_file.open_source(&reading.endpoint, i ? wanted : NULL, &reading.folder.env, &reading.reader, NULL),
        VS_OK);
    uint64_t count = reading.reader->parts->count(reading.reader);
    cr_expect(i ? count > 0 : count == 0, "%llu parts", (unsigned long long)count);
    reading.reader->ops->close(reading.reader);
  }
  vs_text_release(&text);
  end(&reading);
}

static vs_status try_part(struct reading *reading, struct vs_part *part, struct vs_error *err) {
  struct vs_part_reader *reader;
  VS_TRY(reading->reader->parts->open(reading->reader, &reader, err));
  vs_status status = reader->ops->read(reader, 1, part, err);
  cr_expect(status != VS_OK || (part->is_sound && part->row_count == 2));
  reader->ops->close(reader);
  return status;
}

Test(connect_file_parts, memory_that_is_refused_is_an_error_and_leaks_nothing) {
  static const char *const texts[] = {"n,s,d\n2,a,1\n3,a,1\n4,a,1\n5,a,1\n6,a,1\n7,a,1\n8,a,1\n",
                                      "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n{\"n\":4}\n{\"n\":5}\n{\"n\":6}\n{\"n\":7}\n"};
  for (int i = 0; i < 2; i++) {
    struct reading reading;
    uint64_t number = 0, line = 1;
    begin(&reading, i ? "m.jsonl" : "m.csv", &schema);
    folder_put(&reading.folder, reading.endpoint.shown_path.data, "w", texts[i]);
    open_reader(&reading, i ? 16 : 12);
    read_in_line(&reading, &number, &line);
    struct vs_memory *memory = &reading.folder.memory;
    vs_status status = VS_RESOURCE;
    uint64_t refusals = 0;
    for (; status != VS_OK; refusals++) {
      struct vs_part part;
      struct vs_error err;
      vs_part_init(&part, memory);
      memory->fail_at = atomic_load(&memory->allocations) + 1 + refusals;
      status = try_part(&reading, &part, &err);
      memory->fail_at = 0;
      cr_expect(status == VS_OK || err.code == VS_CODE_OUT_OF_MEMORY, "%s", status == VS_OK ? "" : err.message);
      vs_part_release(&part);
    }
    cr_expect_gt(refusals, 6);
    reading.reader->ops->close(reading.reader);
    end(&reading);
  }
}
