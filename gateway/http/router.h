// Which handler answers a method and a path.
//
//   Router router;
//   router.Add("GET", "/tasks/{id}/history", handler);
//   Router::Match match = router.Find("GET", "/tasks/t1/history");
//   match.route->handler …                                  // match.path_values["id"] == "t1"
//
// HEAD is answered by GET's handler. Built at start, then only read.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/http/exchange.h"

namespace tidemark::gateway {

struct Route {
  // Names the route in logs and metrics.
  std::string label;
  RouteHandler handler;
};

class Router {
 public:
  // `pattern` is a path whose segments may be {names}; a path without names is preferred. The label is the
  // pattern unless one is given.
  void Add(std::string method, const std::string& pattern, RouteHandler handler, std::string label = "");

  struct Match {
    // Null: nothing answers this method here.
    const Route* route = nullptr;
    std::map<std::string, std::string> path_values;
    // The value of Allow. Empty: there is no such path.
    std::string allow;
  };
  Match Find(std::string_view method, std::string_view path) const;

  // Every label, once.
  std::vector<std::string> Labels() const;

 private:
  // By method.
  using Methods = std::map<std::string, Route, std::less<>>;
  struct Pattern {
    std::vector<std::string> segments;
    Methods methods;
  };

  Methods& MethodsAt(const std::string& pattern);
  static Match MatchMethod(const Methods& methods, std::string_view method);

  std::unordered_map<std::string, Methods> literal_;
  std::vector<Pattern> patterns_;
};

}  // namespace tidemark::gateway
