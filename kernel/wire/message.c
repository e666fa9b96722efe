/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/wire/message.h"

#include <sodium.h>
#include <stdio.h>
#include <time.h>

static const struct vs_str delimiter = {"<IDS|MSG>", 9};
enum { JSON_FRAMES = 4, FRAMES_AFTER_DELIMITER = 1 + JSON_FRAMES, BUFFERS_MAX = 4096 };

int64_t vsk_wall_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t vsk_steady_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void vsk_uuid_new(char ret_text[37]) {
  unsigned char bytes[16];
  randombytes_buf(bytes, sizeof bytes);
  bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
  bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
  char hex[33];
  sodium_bin2hex(hex, sizeof hex, bytes, sizeof bytes);
  snprintf(ret_text, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

void vsk_date_print(int64_t time_us, char ret_text[32]) {
  time_t seconds = (time_t)(time_us / 1000000);
  struct tm parts;
  gmtime_r(&seconds, &parts);
  size_t size = strftime(ret_text, 32, "%Y-%m-%dT%H:%M:%S", &parts);
  snprintf(ret_text + size, 32 - size, ".%06dZ", (int)(time_us % 1000000));
}

void vsk_author_init(struct vsk_author *author, const struct vsk_connection *connection) {
  *author = (struct vsk_author){.signer = {connection->scheme, connection->key}};
  vsk_uuid_new(author->session_id);
}

/* --- receiving --- */

static vs_status malformed(struct vs_error *err, const char *what) {
  return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN, "%s", what);
}

static vs_status find_delimiter(const struct vs_str *frames, uint32_t frame_count, uint32_t *ret_at,
                                struct vs_error *err) {
  uint32_t at = 0;
  while (at < frame_count && !vs_str_equal(frames[at], delimiter))
    at++;
  if (at == frame_count) return malformed(err, "no <IDS|MSG> frame");
  if (frame_count - at - 1 < FRAMES_AFTER_DELIMITER) return malformed(err, "fewer than five frames after <IDS|MSG>");
  if (frame_count - at - 1 > FRAMES_AFTER_DELIMITER + BUFFERS_MAX) return malformed(err, "too many buffers");
  *ret_at = at;
  return VS_OK;
}

static vs_status parse_frame(struct vs_str frame, const char *name, json_t **ret_object, struct vs_error *err) {
  json_error_t where;
  json_t *object = json_loadb(frame.data, frame.size, JSON_ALLOW_NUL, &where);
  if (!json_is_object(object)) {
    json_decref(object);
    return vs_fail(err, VS_CODE_BAD_CONNECTION, VS_NO_SPAN, "the %s frame is not a JSON object", name);
  }
  *ret_object = object;
  return VS_OK;
}

static vs_status parse_frames(struct vsk_message *message, const struct vs_str json[JSON_FRAMES],
                              struct vs_error *err) {
  VS_TRY(parse_frame(json[0], "header", &message->header, err));
  VS_TRY(parse_frame(json[1], "parent_header", &message->parent, err));
  VS_TRY(parse_frame(json[2], "metadata", &message->metadata, err));
  VS_TRY(parse_frame(json[3], "content", &message->content, err));
  message->type = json_string_value(json_object_get(message->header, "msg_type"));
  message->id = json_string_value(json_object_get(message->header, "msg_id"));
  if (!message->type || !message->id) return malformed(err, "the header has no msg_type or no msg_id");
  return VS_OK;
}

static bool copy_frames(struct vs_arena *arena, const struct vs_str *frames, uint32_t count, struct vs_str **ret_copy) {
  struct vs_str *copy = VS_ARENA_ARRAY(arena, struct vs_str, count + 1);
  for (uint32_t i = 0; copy && i < count; i++) {
    copy[i] = (struct vs_str){vs_arena_copy(arena, frames[i].data, frames[i].size), frames[i].size};
    if (!copy[i].data) return false;
  }
  *ret_copy = copy;
  return copy != NULL;
}

static vs_status fill_message(struct vsk_message *message, const struct vs_str *frames, uint32_t frame_count,
                              uint32_t at, struct vs_error *err) {
  const struct vs_str *json = frames + at + 2;
  message->identity_count = at;
  message->buffer_count = frame_count - at - 1 - FRAMES_AFTER_DELIMITER;
  struct vs_str *header;
  if (!copy_frames(&message->arena, frames, at, &message->identities) ||
      !copy_frames(&message->arena, json + JSON_FRAMES, message->buffer_count, &message->buffers) ||
      !copy_frames(&message->arena, json, 1, &header))
    return vs_fail_memory(err);
  message->header_text = header[0];
  return parse_frames(message, json, err);
}

vs_status vsk_message_decode(struct vs_memory *memory, const struct vs_str *frames, uint32_t frame_count,
                             const struct vsk_signer *signer, struct vsk_replay *replay,
                             struct vsk_message **ret_message, struct vs_error *err) {
  uint32_t at = 0;
  VS_TRY(find_delimiter(frames, frame_count, &at, err));
  struct vs_str signature = frames[at + 1];
  if (!vsk_signature_is_valid(signer, frames + at + 2, signature)) return malformed(err, "the signature is wrong");
  if (replay && signer->scheme != VSK_UNSIGNED && !vsk_replay_add(replay, signature))
    return malformed(err, "the message was received before");
  struct vsk_message *message = vs_memory_alloc(memory, sizeof *message);
  if (!message) return vs_fail_memory(err);
  memset(message, 0, sizeof *message);
  vs_arena_init(&message->arena, memory, 0);
  vs_status status = fill_message(message, frames, frame_count, at, err);
  if (status != VS_OK) {
    vsk_message_free(message);
    return status;
  }
  *ret_message = message;
  return VS_OK;
}

void vsk_message_free(struct vsk_message *message) {
  if (!message) return;
  struct vs_memory *memory = message->arena.memory;
  json_decref(message->header);
  json_decref(message->parent);
  json_decref(message->metadata);
  json_decref(message->content);
  vs_arena_release(&message->arena);
  vs_memory_free(memory, message, sizeof *message);
}

/* --- sending --- */

static int append_json(const char *data, size_t size, void *text) {
  vs_text_append(text, data, size);
  return 0;
}

void vsk_text_json(struct vs_text *text, const json_t *value) {
  if (json_dump_callback(value, append_json, text, JSON_COMPACT | JSON_ENCODE_ANY) != 0) text->is_failed = true;
}

static struct vs_str print_header(struct vsk_packet *packet, struct vsk_author *author,
                                  const struct vsk_outgoing *outgoing) {
  char date[32];
  vsk_date_print(outgoing->time_us ? outgoing->time_us : vsk_wall_us(), date);
  uint64_t number = atomic_fetch_add_explicit(&author->sent_count, 1, memory_order_relaxed);
  packet->id = vs_arena_printf(&packet->arena, "%s_%llu", author->session_id, (unsigned long long)number);
  return vs_str_of(vs_arena_printf(&packet->arena,
                                   "{\"msg_id\":\"%s\",\"session\":\"%s\",\"username\":\"kernel\",\"date\":\"%s\","
                                   "\"msg_type\":\"%s\",\"version\":\"" VSK_PROTOCOL_VERSION "\"}",
                                   packet->id ? packet->id : "", author->session_id, date, outgoing->type));
}

static struct vs_str object_frame(struct vs_arena *arena, struct vs_str text) {
  return text.size ? (struct vs_str){vs_arena_copy(arena, text.data, text.size), text.size} : VS_STR("{}");
}

static vs_status fill_packet(struct vsk_packet *packet, struct vsk_author *author, const struct vsk_outgoing *outgoing,
                             struct vs_error *err) {
  struct vs_arena *arena = &packet->arena;
  uint32_t ids = outgoing->identity_count, buffers = outgoing->buffer_count;
  packet->frame_count = ids + 2 + JSON_FRAMES + buffers;
  struct vs_str *frames = packet->frames = VS_ARENA_ARRAY(arena, struct vs_str, packet->frame_count);
  char *signature = vs_arena_zalloc(arena, VSK_SIGNATURE_SIZE);
  if (!frames || !signature) return vs_fail_memory(err);
  for (uint32_t i = 0; i < ids; i++)
    frames[i] = (struct vs_str){vs_arena_copy(arena, outgoing->identities[i].data, outgoing->identities[i].size),
                                outgoing->identities[i].size};
  struct vs_str *json = frames + ids + 2;
  json[0] = print_header(packet, author, outgoing);
  json[1] = object_frame(arena, outgoing->parent_text);
  json[2] = object_frame(arena, outgoing->metadata_text);
  json[3] = object_frame(arena, outgoing->content_text);
  for (uint32_t i = 0; i < buffers; i++)
    json[JSON_FRAMES + i] = (struct vs_str){vs_arena_copy(arena, outgoing->buffers[i].data, outgoing->buffers[i].size),
                                            outgoing->buffers[i].size};
  if (arena->is_failed) return vs_fail_memory(err);
  vsk_sign(&author->signer, json, signature);
  frames[ids] = delimiter;
  frames[ids + 1] = vs_str_of(signature);
  return VS_OK;
}

vs_status vsk_packet_encode(struct vs_memory *memory, struct vsk_author *author, const struct vsk_outgoing *outgoing,
                            struct vsk_packet **ret_packet, struct vs_error *err) {
  struct vsk_packet *packet = vs_memory_alloc(memory, sizeof *packet);
  if (!packet) return vs_fail_memory(err);
  *packet = (struct vsk_packet){0};
  vs_arena_init(&packet->arena, memory, 0);
  vs_status status = fill_packet(packet, author, outgoing, err);
  if (status != VS_OK) {
    vsk_packet_free(packet);
    return status;
  }
  *ret_packet = packet;
  return VS_OK;
}

void vsk_packet_free(struct vsk_packet *packet) {
  if (!packet) return;
  struct vs_memory *memory = packet->arena.memory;
  vs_arena_release(&packet->arena);
  vs_memory_free(memory, packet, sizeof *packet);
}
