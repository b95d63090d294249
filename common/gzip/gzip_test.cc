#include "common/gzip/gzip.h"

#include <gtest/gtest.h>

#include <random>

#include "common/gzip/gunzip.h"

namespace tidemark {
namespace {

std::string Noise(size_t size) {
  std::mt19937 random(1);
  std::string noise(size, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  return noise;
}

TEST(Gzip, ComesBackAsItWas) {
  for (const std::string& text :
       {std::string(), std::string("a"), std::string(1 << 20, 'a'), Noise(1 << 20)}) {
    EXPECT_EQ(Gunzip(Gzip(text, kGzipFast)), text);
    EXPECT_EQ(Gunzip(Gzip(text, kGzipBest)), text);
  }
}

TEST(Gzip, MakesTextSmaller) { EXPECT_LT(Gzip(std::string(10'000, 'a'), kGzipFast).size(), 200u); }

TEST(Gzip, PiecesAreOneWhole) {
  const std::string text = Noise(100'000) + std::string(100'000, 'a');
  GzipEncoder encoder(kGzipFast);
  std::string compressed;
  for (size_t at = 0; at < text.size(); at += 777) compressed += encoder.Add(text.substr(at, 777));
  compressed += encoder.Finish();
  EXPECT_EQ(Gunzip(compressed), text);
}

TEST(Gzip, EqualTextsAreEqualBytes) { EXPECT_EQ(Gzip("text", kGzipBest), Gzip("text", kGzipBest)); }

}  // namespace
}  // namespace tidemark
