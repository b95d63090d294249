#include "common/settings/settings.h"

#include <CLI/CLI.hpp>
#include <deque>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/settings/option.h"

namespace tidemark::settings {
namespace {

constexpr int kUsageError = 2;

constexpr const char* kHelp = "--help";
constexpr const char* kVersion = "--version";
constexpr const char* kCheckConfig = "--check-config";
constexpr const char* kPrintDoc = "--print-settings-doc";

// "(TIDEMARK_SYNC_ADDRESS, default 127.0.0.1:50051)"
std::string Source(const Option& option) {
  const std::string shown = option.Shown();
  const std::string fallback = option.required ? "required"
                               : shown.empty() ? "no default"
                                               : absl::StrCat("default ", shown);
  return absl::StrCat("(", option.Variable(), ", ", fallback, ")");
}

std::string Cell(const std::string& text) { return absl::StrReplaceAll(text, {{"|", "\\|"}, {"\n", " "}}); }

}  // namespace

struct Table::Impl {
  std::string process;
  std::string purpose;
  // Entries point into it.
  std::deque<Option> options;

  Option& Add(std::string_view name, Option::Target target, std::string_view comment);
  // What the command line and the environment say, without judging values.
  void Declare(CLI::App& app, std::deque<std::string>& values) const;
  // Every problem, one a line.
  std::string Assign(const CLI::App& app, const std::deque<std::string>& values);

  std::string Help() const;
  std::string Values() const;
  std::string Doc() const;
};

Option& Table::Impl::Add(std::string_view name, Option::Target target, std::string_view comment) {
  return options.emplace_back(Option{std::string(name), target, std::string(comment)});
}

void Table::Impl::Declare(CLI::App& app, std::deque<std::string>& values) const {
  for (const Option& option : options) {
    std::string& value = values.emplace_back();
    CLI::Option* declared =
        option.is_switch() ? app.add_flag(option.Flag(), value) : app.add_option(option.Flag(), value);
    declared->envname(option.Variable())->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
}

std::string Table::Impl::Assign(const CLI::App& app, const std::deque<std::string>& values) {
  std::string problems;
  for (size_t i = 0; i < options.size(); ++i) {
    Option& option = options[i];
    std::optional<std::string> problem;
    if (app.count(option.Flag()) > 0) problem = option.Assign(values[i]);
    if (!problem.has_value()) problem = option.Unmet();
    if (problem.has_value()) {
      absl::StrAppend(&problems, option.Flag(), " (", option.Variable(), "): ", *problem, "\n");
    }
  }
  return problems;
}

std::string Table::Impl::Help() const {
  std::string help = absl::StrCat(process, ": ", purpose, "\n\nSettings, as flag or environment variable:\n");
  for (const Option& option : options) {
    absl::StrAppend(&help, "  ", option.Flag(), option.is_switch() ? "" : " VALUE", "\n      ",
                    option.comment, " ", Source(option), "\n");
  }
  absl::StrAppend(&help, "\nInstead of running:\n", "  ", kHelp, "\n      print this and exit\n", "  ",
                  kVersion, "\n      print the version and exit\n", "  ", kCheckConfig,
                  "\n      print what is wrong with the settings, or all of them, and exit\n", "  ",
                  kPrintDoc, "\n      print the settings as Markdown and exit\n");
  return help;
}

std::string Table::Impl::Values() const {
  std::string values;
  for (const Option& option : options) {
    absl::StrAppend(&values, option.Variable(), "=", option.Shown(), "\n");
  }
  return values;
}

std::string Table::Impl::Doc() const {
  std::string doc = absl::StrCat("## ", process, "\n\n", purpose, "\n\n",
                                 "| flag | environment | default | meaning |\n|---|---|---|---|\n");
  for (const Option& option : options) {
    const std::string shown = option.Shown();
    const std::string fallback = option.required ? "required"
                                 : shown.empty() ? ""
                                                 : absl::StrCat("`", shown, "`");
    absl::StrAppend(&doc, "| `", option.Flag(), "` | `", option.Variable(), "` | ", Cell(fallback), " | ",
                    Cell(option.comment), " |\n");
  }
  return doc;
}

Table::Entry& Table::Entry::Range(int64_t low, int64_t high) {
  option_.low = low;
  option_.high = high;
  return *this;
}

Table::Entry& Table::Entry::Secret() {
  option_.secret = true;
  return *this;
}

Table::Entry& Table::Entry::Required() {
  option_.required = true;
  return *this;
}

Table::Entry& Table::Entry::Check(std::function<absl::Status(const std::string&)> check) {
  option_.check = std::move(check);
  return *this;
}

Table::Entry& Table::Entry::OneOf(std::vector<std::string> values) {
  option_.allowed = std::move(values);
  return *this;
}

Table::Table(std::string process, std::string purpose)
    : impl_(new Impl{std::move(process), std::move(purpose), {}}) {}
Table::~Table() = default;

Table::Entry Table::Add(std::string_view name, std::string* field, std::string_view comment) {
  return Entry(impl_->Add(name, field, comment));
}
Table::Entry Table::Add(std::string_view name, int* field, std::string_view comment) {
  return Entry(impl_->Add(name, field, comment));
}
Table::Entry Table::Add(std::string_view name, int64_t* field, std::string_view comment) {
  return Entry(impl_->Add(name, field, comment));
}
Table::Entry Table::Add(std::string_view name, bool* field, std::string_view comment) {
  return Entry(impl_->Add(name, field, comment));
}
Table::Entry Table::Add(std::string_view name, absl::Duration* field, std::string_view comment) {
  return Entry(impl_->Add(name, field, comment));
}

std::optional<int> Table::Parse(int argc, char** argv) {
  CLI::App app;
  std::deque<std::string> values;
  bool check_config = false;
  bool print_doc = false;
  app.set_help_flag(kHelp);
  app.set_version_flag(kVersion, absl::StrCat(impl_->process, " ", TIDEMARK_VERSION));
  app.add_flag(kCheckConfig, check_config);
  app.add_flag(kPrintDoc, print_doc);
  impl_->Declare(app, values);

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::cout << impl_->Help();
    return 0;
  } catch (const CLI::CallForVersion& version) {
    std::cout << version.what() << "\n";
    return 0;
  } catch (const CLI::ParseError& error) {
    std::cerr << impl_->process << ": " << error.what() << "\nTry " << kHelp << ".\n";
    return kUsageError;
  }
  if (print_doc) {
    std::cout << impl_->Doc();
    return 0;
  }
  if (const std::string problems = impl_->Assign(app, values); !problems.empty()) {
    std::cerr << problems;
    return kUsageError;
  }
  if (!check_config) return std::nullopt;
  std::cout << impl_->Values();
  return 0;
}

}  // namespace tidemark::settings
