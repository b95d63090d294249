// The text of a PostgreSQL array, '{1,"two",NULL}', built element by element.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tidemark::pg {

class ArrayLiteral {
 public:
  // Between double quotes, so that no text can end the element or pass for NULL.
  void Add(std::string_view element);
  void Add(const std::string& element) { Add(std::string_view(element)); }
  void Add(const char* element) { Add(std::string_view(element)); }
  void Add(int64_t element);
  void Add(int element) { Add(int64_t{element}); }
  void Add(bool element);
  void Add(double element);
  void AddNull();

  std::string text() const { return "{" + elements_ + "}"; }

 private:
  void AddBare(std::string_view element);

  std::string elements_;
};

// The shortest text that reads back as the same number.
std::string DoubleText(double value);

}  // namespace tidemark::pg
