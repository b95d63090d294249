#include "gateway/json/writer.h"

#include <gtest/gtest.h>

#include <limits>

namespace tidemark::gateway {
namespace {

std::string Quoted(std::string_view text) {
  JsonWriter json;
  json.Text(text);
  return std::move(json).Take();
}

TEST(JsonWriter, SeparatesMembersAndElementsAtEveryDepth) {
  JsonWriter json;
  json.BeginObject().Key("a").BeginArray().Integer(1).Null().BeginObject().EndObject().EndArray();
  json.Key("b").Flag(true).Key("c").BeginArray().EndArray().Key("d").Flag(false).EndObject();
  EXPECT_EQ(std::move(json).Take(), R"({"a":[1,null,{}],"b":true,"c":[],"d":false})");
}

TEST(JsonWriter, SixtyFourBitExtremesStayNumbers) {
  JsonWriter json;
  json.BeginArray();
  json.Integer(std::numeric_limits<int64_t>::min()).Integer(std::numeric_limits<int64_t>::max());
  json.EndArray();
  EXPECT_EQ(std::move(json).Take(), "[-9223372036854775808,9223372036854775807]");
}

TEST(JsonWriter, PiecesAreOneText) {
  JsonWriter json;
  std::string text;
  json.BeginArray().Integer(1);
  text += json.TakePiece();
  json.Integer(2).BeginObject();
  text += json.TakePiece();
  json.EndObject().EndArray();
  text += json.TakePiece();
  EXPECT_EQ(text, "[1,2,{}]");
  EXPECT_EQ(json.TakePiece(), "");
}

TEST(JsonWriter, EscapesWhatJsonForbidsAndNothingElse) {
  EXPECT_EQ(Quoted("say \"hi\" \\ \n\r\t"), R"("say \"hi\" \\ \n\r\t")");
  EXPECT_EQ(Quoted(std::string_view("\0\x01\x1f", 3)), R"("\u0000\u0001\u001f")");
  EXPECT_EQ(Quoted("ünïcode ✓ 🌊 / \x7f"), "\"ünïcode ✓ 🌊 / \x7f\"");
  EXPECT_EQ(Quoted(""), "\"\"");
}

}  // namespace
}  // namespace tidemark::gateway
