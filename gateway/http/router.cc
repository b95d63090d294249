#include "gateway/http/router.h"

#include <algorithm>
#include <set>

namespace tidemark::gateway {
namespace {

std::vector<std::string> Segments(std::string_view path) {
  std::vector<std::string> segments;
  size_t from = 1;
  while (from <= path.size()) {
    const size_t slash = std::min(path.find('/', from), path.size());
    segments.emplace_back(path.substr(from, slash - from));
    from = slash + 1;
  }
  return segments;
}

bool IsName(const std::string& segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

// Nothing: the path is another.
std::optional<std::map<std::string, std::string>> ValuesOf(const std::vector<std::string>& pattern,
                                                           const std::vector<std::string>& path) {
  if (pattern.size() != path.size()) return std::nullopt;
  std::map<std::string, std::string> values;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (IsName(pattern[i]) && !path[i].empty()) {
      values[pattern[i].substr(1, pattern[i].size() - 2)] = path[i];
    } else if (pattern[i] != path[i]) {
      return std::nullopt;
    }
  }
  return values;
}

}  // namespace

void Router::Add(std::string method, const std::string& pattern, RouteHandler handler, std::string label) {
  if (label.empty()) label = pattern;
  MethodsAt(pattern)[std::move(method)] = {std::move(label), std::move(handler)};
}

Router::Methods& Router::MethodsAt(const std::string& pattern) {
  std::vector<std::string> segments = Segments(pattern);
  if (std::none_of(segments.begin(), segments.end(), IsName)) return literal_[pattern];
  for (Pattern& known : patterns_) {
    if (known.segments == segments) return known.methods;
  }
  return patterns_.emplace_back(Pattern{std::move(segments), {}}).methods;
}

Router::Match Router::MatchMethod(const Methods& methods, std::string_view method) {
  Match match;
  auto found = methods.find(method);
  if (found == methods.end() && method == "HEAD") found = methods.find("GET");
  if (found != methods.end()) {
    match.route = &found->second;
    return match;
  }
  for (const auto& [name, route] : methods) match.allow += name + (name == "GET" ? ", HEAD, " : ", ");
  match.allow += "OPTIONS";
  return match;
}

Router::Match Router::Find(std::string_view method, std::string_view path) const {
  const auto literal = literal_.find(std::string(path));
  if (literal != literal_.end()) return MatchMethod(literal->second, method);
  const std::vector<std::string> segments = Segments(path);
  for (const Pattern& pattern : patterns_) {
    auto values = ValuesOf(pattern.segments, segments);
    if (!values) continue;
    Match match = MatchMethod(pattern.methods, method);
    match.path_values = *std::move(values);
    return match;
  }
  return {};
}

std::vector<std::string> Router::Labels() const {
  std::set<std::string> labels;
  const auto collect = [&labels](const Methods& methods) {
    for (const auto& [method, route] : methods) labels.insert(route.label);
  };
  for (const auto& [path, methods] : literal_) collect(methods);
  for (const Pattern& pattern : patterns_) collect(pattern.methods);
  return {labels.begin(), labels.end()};
}

}  // namespace tidemark::gateway
