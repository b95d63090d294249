#include "gateway/json/writer.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace tidemark::gateway {
namespace {

std::string Quoted(std::string_view text) {
  JsonWriter json;
  json.Text(text);
  return std::move(json).Take();
}

// Plain letters and letters of two bytes, so that each special byte has every place among eight.
TEST(JsonWriter, EscapesWhateverNeedsItWhereverItStands) {
  const std::vector<std::pair<std::string, std::string>> specials = {
      {"\"", "\\\""}, {"\\", "\\\\"}, {"\n", "\\n"}, {"\x1f", "\\u001f"}, {"\x01", "\\u0001"}, {" ", " "},
      {"!", "!"},     {"#", "#"},     {"[", "["},    {"]", "]"},          {"\x7f", "\x7f"}};
  for (const auto& [plain, quoted] : specials) {
    for (size_t before = 0; before < 20; ++before) {
      for (size_t after = 0; after < 20; ++after) {
        const std::string head(before, 'a');
        std::string tail;
        for (size_t i = 0; i < after; ++i) tail += "\u00e9";
        EXPECT_EQ(Quoted(head + plain + plain + tail + plain),
                  '"' + head + quoted + quoted + tail + quoted + '"');
      }
    }
  }
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
