/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/wire/message.h"

#include <criterion/criterion.h>

struct fixture {
  struct vs_memory memory;
  struct vsk_author author;
  struct vsk_packet *packet;
  struct vsk_message *message;
  struct vs_error err;
};

static void begin(struct fixture *fixture) {
  struct vsk_connection connection = {.scheme = VSK_HMAC_SHA256, .key = VS_STR("secret")};
  *fixture = (struct fixture){0};
  vs_memory_init(&fixture->memory, NULL, 0);
  vsk_author_init(&fixture->author, &connection);
}

static void encode(struct fixture *fixture) {
  static const struct vs_str identities[] = {{"client", 6}, {"\0\x01", 2}}, buffers[] = {{"", 0}, {"<IDS|MSG>", 9}};
  struct vsk_outgoing outgoing = {.identities = identities,
                                  .identity_count = 2,
                                  .type = "comm_msg",
                                  .parent_text = VS_STR("{\"msg_id\":\"p\",\"extra\":[1]}"),
                                  .content_text = VS_STR("{\"a\":1}"),
                                  .buffers = buffers,
                                  .buffer_count = 2};
  cr_assert_eq(vsk_packet_encode(&fixture->memory, &fixture->author, &outgoing, &fixture->packet, &fixture->err),
               VS_OK);
}

static vs_status decode(struct fixture *fixture) {
  return vsk_message_decode(&fixture->memory, fixture->packet->frames, fixture->packet->frame_count,
                            &fixture->author.signer, NULL, &fixture->message, &fixture->err);
}

static void end(struct fixture *fixture) {
  vsk_packet_free(fixture->packet);
  vsk_message_free(fixture->message);
  cr_assert_eq(vs_memory_used(&fixture->memory), 0);
}

Test(wire_frames, what_is_encoded_decodes_to_the_same) {
  struct fixture f;
  begin(&f);
  encode(&f);
  cr_assert_eq(decode(&f), VS_OK);
  cr_assert_eq(f.message->identity_count, 2);
  cr_assert(vs_str_equal(f.message->identities[1], (struct vs_str){"\0\x01", 2}));
  cr_assert_str_eq(f.message->type, "comm_msg");
  cr_assert_str_eq(f.message->id, f.packet->id);
  cr_assert_eq(json_integer_value(json_object_get(f.message->content, "a")), 1);
  cr_assert_eq(json_array_size(json_object_get(f.message->parent, "extra")), 1);
  cr_assert_eq(json_object_size(f.message->metadata), 0);
  cr_assert_eq(f.message->buffer_count, 2);
  cr_assert(vs_str_equal(f.message->buffers[1], VS_STR("<IDS|MSG>")));
  cr_assert(vs_str_equal(f.message->header_text, f.packet->frames[4]));
  end(&f);
}

Test(wire_frames, message_ids_differ) {
  struct fixture f;
  begin(&f);
  encode(&f);
  struct vsk_packet *first = f.packet;
  encode(&f);
  cr_assert_str_neq(first->id, f.packet->id);
  vsk_packet_free(first);
  end(&f);
}

Test(wire_frames, a_changed_byte_in_any_signed_frame_is_refused) {
  for (uint32_t frame = 3; frame < 8; frame++) {
    struct fixture f;
    begin(&f);
    encode(&f);
    struct vs_str *changed = &f.packet->frames[frame];
    char *copy = vs_arena_copy(&f.packet->arena, changed->data, changed->size);
    copy[changed->size - 1] ^= 1;
    changed->data = copy;
    cr_assert_neq(decode(&f), VS_OK);
    end(&f);
  }
}

Test(wire_frames, too_few_frames_are_refused) {
  struct fixture f;
  begin(&f);
  encode(&f);
  uint32_t whole = f.packet->frame_count;
  for (uint32_t count = 0; count + 2 < whole; count++) {
    f.packet->frame_count = count;
    cr_assert_neq(decode(&f), VS_OK);
  }
  f.packet->frame_count = whole - 2; /* without the two buffers it is whole again: they are not signed */
  cr_assert_eq(decode(&f), VS_OK);
  end(&f);
}

Test(wire_frames, frames_that_are_no_objects_are_refused) {
  static const char *const texts[] = {"", "[]", "null", "1", "\"a\"", "{", "\xff\xfe", "{}{}"};
  for (size_t i = 0; i < VS_COUNT_OF(texts); i++) {
    struct fixture f;
    begin(&f);
    f.author.signer.scheme = VSK_UNSIGNED;
    encode(&f);
    f.packet->frames[7] = vs_str_of(texts[i]);
    cr_assert_neq(decode(&f), VS_OK, "%s", texts[i]);
    cr_assert(strstr(f.err.message, "content"), "%s", f.err.message);
    end(&f);
  }
}

Test(wire_frames, a_repeated_message_is_refused) {
  struct fixture f;
  struct vsk_replay replay;
  struct vsk_message *again = NULL;
  begin(&f);
  encode(&f);
  vsk_replay_init(&replay, &f.memory, 64);
  for (int i = 0; i < 2; i++) {
    vs_status status = vsk_message_decode(&f.memory, f.packet->frames, f.packet->frame_count, &f.author.signer, &replay,
                                          i ? &again : &f.message, &f.err);
    cr_assert_eq(status == VS_OK, i == 0);
  }
  cr_assert_null(again);
  vsk_replay_release(&replay);
  end(&f);
}

Test(wire_frames, any_failing_allocation_leaves_nothing_behind) {
  for (uint64_t number = 1; number < 12; number++) {
    struct fixture f;
    begin(&f);
    encode(&f);
    f.memory.fail_at = atomic_load(&f.memory.allocations) + number;
    vs_status status = decode(&f);
    cr_assert(status == VS_OK || f.err.code == VS_CODE_OUT_OF_MEMORY);
    end(&f);
  }
}

Test(wire_frames, dates_are_padded) {
  char text[32];
  vsk_date_print(1767323045000006, text);
  cr_assert_str_eq(text, "2026-01-02T03:04:05.000006Z");
}
