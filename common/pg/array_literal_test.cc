#include "common/pg/array_literal.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace tidemark::pg {
namespace {

TEST(ArrayLiteral, OfNothingIsEmptyBraces) { EXPECT_EQ(ArrayLiteral().text(), "{}"); }

TEST(ArrayLiteral, SeparatesNumbersBooleansAndNulls) {
  ArrayLiteral array;
  array.Add(1);
  array.Add(int64_t{-9'007'199'254'740'991});
  array.Add(true);
  array.Add(false);
  array.AddNull();
  array.Add(0.1);
  EXPECT_EQ(array.text(), "{1,-9007199254740991,true,false,NULL,0.1}");
}

TEST(ArrayLiteral, QuotesTextSoThatItCannotEndTheElement) {
  ArrayLiteral array;
  array.Add("plain");
  array.Add("");
  array.Add("NULL");
  array.Add("a,b}");
  array.Add(R"(say "hi" \ bye)");
  EXPECT_EQ(array.text(), R"({"plain","","NULL","a,b}","say \"hi\" \\ bye"})");
}

TEST(DoubleText, ReadsBackAsTheSameNumber) {
  for (double value : {0.0, -1.5, 0.1, 1.0 / 3, 1e300, std::numeric_limits<double>::min()}) {
    EXPECT_EQ(std::stod(DoubleText(value)), value) << DoubleText(value);
  }
}

}  // namespace
}  // namespace tidemark::pg
