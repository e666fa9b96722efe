/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/wire/connection.h"

#include <criterion/criterion.h>
#include <stdio.h>

struct fixture {
  struct vs_memory memory;
  struct vs_arena arena;
  struct vsk_connection connection;
  struct vs_error err;
};

static vs_status parse(struct fixture *fixture, const char *fields) {
  char text[1024];
  snprintf(text, sizeof text, "{\"shell_port\":1,\"iopub_port\":2,\"stdin_port\":3,\"control_port\":4,\"hb_port\":5%s}",
           fields);
  vs_memory_init(&fixture->memory, NULL, 0);
  vs_arena_init(&fixture->arena, &fixture->memory, 0);
  return vsk_connection_parse("file.json", vs_str_of(text), &fixture->arena, &fixture->connection, &fixture->err);
}

static const char *endpoint(struct fixture *fixture, vsk_channel channel) {
  static char text[VSK_ENDPOINT_SIZE];
  return vsk_connection_endpoint(&fixture->connection, channel, text, &fixture->err) == VS_OK ? text : NULL;
}

Test(wire_connection, absent_keys_mean_tcp_loopback_and_no_signing) {
  struct fixture f;
  cr_assert_eq(parse(&f, ""), VS_OK);
  cr_assert_eq(f.connection.scheme, VSK_UNSIGNED);
  cr_assert_str_eq(endpoint(&f, VSK_HEARTBEAT), "tcp://127.0.0.1:5");
  vs_arena_release(&f.arena);
}

Test(wire_connection, ports_may_be_texts_and_unknown_keys_are_ignored) {
  struct fixture f;
  cr_assert_eq(parse(&f, ",\"shell_port\":\"5555\",\"ip\":\"*\",\"curve\":{\"a\":[1]}"), VS_OK);
  cr_assert_str_eq(endpoint(&f, VSK_SHELL), "tcp://*:5555");
  vs_arena_release(&f.arena);
}

Test(wire_connection, port_zero_is_picked_by_the_system) {
  struct fixture f;
  cr_assert_eq(parse(&f, ",\"iopub_port\":0"), VS_OK);
  cr_assert_str_eq(endpoint(&f, VSK_IOPUB), "tcp://127.0.0.1:*");
  cr_assert_not(f.connection.has_picked_port);
  vsk_connection_note_port(&f.connection, VSK_IOPUB, 4321);
  cr_assert(f.connection.has_picked_port);
  cr_assert_str_eq(endpoint(&f, VSK_IOPUB), "tcp://127.0.0.1:4321");
  vs_arena_release(&f.arena);
}

Test(wire_connection, ipv6_addresses_are_bracketed) {
  struct fixture f;
  cr_assert_eq(parse(&f, ",\"ip\":\"::1\""), VS_OK);
  cr_assert_str_eq(endpoint(&f, VSK_STDIN), "tcp://[::1]:3");
  vs_arena_release(&f.arena);
}

Test(wire_connection, ipc_endpoints_are_a_prefix_and_a_number) {
  struct fixture f;
  cr_assert_eq(parse(&f, ",\"transport\":\"ipc\",\"ip\":\"/tmp/velo\""), VS_OK);
  cr_assert_str_eq(endpoint(&f, VSK_CONTROL), "ipc:///tmp/velo-4");
  vs_arena_release(&f.arena);
}

Test(wire_connection, the_key_is_raw_bytes) {
  struct fixture f;
  cr_assert_eq(parse(&f, ",\"key\":\"00ff-\\u00fc\",\"signature_scheme\":\"hmac-sha512\""), VS_OK);
  cr_assert_eq(f.connection.scheme, VSK_HMAC_SHA512);
  cr_assert(vs_str_equal(f.connection.key, VS_STR("00ff-\xc3\xbc")));
  vs_arena_release(&f.arena);
}

Test(wire_connection, what_cannot_be_used_is_named) {
  static const struct {
    const char *fields, *named;
  } cases[] = {{",\"transport\":\"udp\"", "'udp'"}, {",\"signature_scheme\":\"hmac-md5\",\"key\":\"x\"", "'hmac-md5'"},
               {",\"hb_port\":\"5x\"", "hb_port"},  {",\"hb_port\":\"\"", "hb_port"},
               {",\"hb_port\":-1", "hb_port"},      {",\"hb_port\":65536", "hb_port"},
               {",\"hb_port\":null", "hb_port"}};
  for (size_t i = 0; i < VS_COUNT_OF(cases); i++) {
    struct fixture f;
    cr_assert_neq(parse(&f, cases[i].fields), VS_OK);
    cr_assert_eq(f.err.code, VS_CODE_BAD_CONNECTION);
    cr_assert(strstr(f.err.message, cases[i].named) && strstr(f.err.message, "file.json"), "%s", f.err.message);
    vs_arena_release(&f.arena);
  }
}

#define PUBLIC_KEY "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
#define SECRET_KEY "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"

Test(wire_connection, curve_keys_come_as_a_pair_or_not_at_all) {
  struct fixture f;
  cr_assert_eq(parse(&f, ",\"curve_publickey\":null,\"curve_secretkey\":null"), VS_OK);
  cr_assert(!f.connection.curve_publickey && !f.connection.curve_secretkey);
  vs_arena_release(&f.arena);
  cr_assert_eq(parse(&f, ",\"curve_publickey\":\"" PUBLIC_KEY "\",\"curve_secretkey\":\"" SECRET_KEY "\""), VS_OK);
  cr_assert_str_eq(f.connection.curve_publickey, PUBLIC_KEY);
  cr_assert_str_eq(f.connection.curve_secretkey, SECRET_KEY);
  vs_arena_release(&f.arena);
}

Test(wire_connection, an_unusable_curve_key_is_never_taken_for_none) {
  static const struct {
    const char *fields, *named;
  } cases[] = {{",\"curve_publickey\":\"" PUBLIC_KEY "\"", "curve_secretkey is missing"},
               {",\"curve_secretkey\":\"" SECRET_KEY "\"", "curve_publickey is missing"},
               {",\"curve_publickey\":\"\",\"curve_secretkey\":\"\"", "curve_publickey must be"},
               {",\"curve_publickey\":7,\"curve_secretkey\":\"" SECRET_KEY "\"", "curve_publickey must be"},
               {",\"curve_publickey\":\"" PUBLIC_KEY "\",\"curve_secretkey\":\"too short\"", "curve_secretkey must be"},
               {",\"curve_publickey\":\"" PUBLIC_KEY
                "\",\"curve_secretkey\":\"D;)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs\"",
                "curve_secretkey must be"}};
  for (size_t i = 0; i < VS_COUNT_OF(cases); i++) {
    struct fixture f;
    cr_assert_neq(parse(&f, cases[i].fields), VS_OK);
    cr_assert_eq(f.err.code, VS_CODE_BAD_CONNECTION);
    cr_assert(strstr(f.err.message, cases[i].named) && !strstr(f.err.message, SECRET_KEY), "%s", f.err.message);
    vs_arena_release(&f.arena);
  }
}

Test(wire_connection, a_file_that_is_no_object_is_refused) {
  struct fixture f;
  cr_assert_eq(parse(&f, ""), VS_OK);
  for (int i = 0; i < 3; i++) {
    static const char *const texts[] = {"", "[1]", "{\"shell_port\""};
    cr_assert_neq(vsk_connection_parse("f", vs_str_of(texts[i]), &f.arena, &f.connection, &f.err), VS_OK);
  }
  vs_arena_release(&f.arena);
}
