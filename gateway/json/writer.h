// Writes compact JSON, members in the order of the calls.
//
//   JsonWriter json;
//   json.BeginObject().Key("id").Text(id).Key("version").Integer(3).EndObject();
//   response.body = std::move(json).Take();
//
// 64-bit integers are JSON numbers. Texts must be UTF-8, which protobuf sees to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace tidemark::gateway {

class JsonWriter {
 public:
  JsonWriter() = default;
  // So that no text is copied because it outgrew its place.
  explicit JsonWriter(size_t bytes_expected) { out_.reserve(bytes_expected); }

  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  // `name` is one of ours: nothing in it needs an escape.
  JsonWriter& Key(std::string_view name);
  JsonWriter& Text(std::string_view value);
  JsonWriter& Integer(int64_t value);
  JsonWriter& Flag(bool value);
  JsonWriter& Null();

  std::string Take() && { return std::move(out_); }
  // What was written since the last TakePiece; the next call goes on where this one stopped.
  std::string TakePiece() { return std::exchange(out_, {}); }

 private:
  void Separate();

  std::string out_;
  // True: the next element is not the first of its array or object.
  bool follows_ = false;
};

}  // namespace tidemark::gateway
