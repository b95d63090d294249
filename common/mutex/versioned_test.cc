#include "common/mutex/versioned.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace tidemark {
namespace {

TEST(Versioned, GivesTheNewest) {
  Versioned<std::string> value("first");
  EXPECT_EQ(value.Get(), "first");
  value.Replace("second");
  EXPECT_EQ(value.Get(), "second");
}

TEST(Versioned, WhatSomebodyReadsStays) {
  Versioned<std::string> value("first");
  const std::string& first = value.Get();
  for (int i = 0; i < 100; ++i) value.Replace(std::to_string(i));
  EXPECT_EQ(first, "first");
}

TEST(Versioned, ReadersSeeWholeValuesWhileItIsReplaced) {
  Versioned<std::string> value(std::string(100, 'a'));
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 1'000; ++i) value.Replace(std::string(100, static_cast<char>('a' + i % 26)));
    done = true;
  });
  while (!done) {
    const std::string& seen = value.Get();
    ASSERT_EQ(seen, std::string(100, seen[0]));
  }
  writer.join();
}

}  // namespace
}  // namespace tidemark
