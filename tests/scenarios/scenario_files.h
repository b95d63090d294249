// The scenario files, each scenario registered as a test of its own (README.md).
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <string>

namespace tidemark::scenarios {

// What is false of a scenario, with the step; empty: it holds.
using Play = std::function<std::string(const boost::json::object&)>;

// A test for each scenario of the files in tests/scenarios/FOLDER: its suite is named after the file, the
// test after the scenario. Call before RUN_ALL_TESTS.
void RegisterScenarios(const std::string& folder, Play play);

}  // namespace tidemark::scenarios
