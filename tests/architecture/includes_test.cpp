// Reads every #include of include/, src/, apps/ and bench/ against the module table of docs/architecture.md.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

struct Module {
  int level = 0;
  std::set<std::string> may_include;
  std::set<std::string> headers;
};

fs::path source_root() {
  const char* root = std::getenv("SOUNDALIKE_SOURCE");
  REQUIRE_MESSAGE(root != nullptr, "SOUNDALIKE_SOURCE names the source folder; run through ctest");
  return root;
}

std::set<std::string> words(const std::string& text) {
  std::set<std::string> result;
  const std::regex word("[a-z][a-z0-9_]*");
  for (std::sregex_iterator it(text.begin(), text.end(), word), end; it != end; ++it) result.insert(it->str());
  return result;
}

std::map<std::string, Module> module_table() {
  std::ifstream in(source_root() / "docs" / "architecture.md");
  REQUIRE(in.good());
  std::map<std::string, Module> table;
  const std::regex row(R"(^\| `([a-z_]+)` \| (\d+) \|([^|]*)\|([^|]*)\|.*)");
  std::string line;
  std::smatch match;
  while (std::getline(in, line)) {
    if (!std::regex_match(line, match, row)) continue;
    table[match[1]] = {std::stoi(match[2]), words(match[3]), words(match[4])};
  }
  return table;
}

// The first path component below src/; "" for files elsewhere.
std::string module_of_source(const fs::path& relative) {
  auto it = relative.begin();
  if (it == relative.end() || *it != "src" || ++it == relative.end()) return "";
  return it->string();
}

std::vector<std::string> quoted_includes(const fs::path& file) {
  std::ifstream in(file);
  const std::regex include("^\\s*#\\s*include\\s*\"([^\"]+)\".*");
  std::vector<std::string> result;
  std::string line;
  std::smatch match;
  while (std::getline(in, line)) {
    if (std::regex_match(line, match, include)) result.push_back(match[1]);
  }
  return result;
}

std::vector<fs::path> sources(const fs::path& folder) {
  std::vector<fs::path> result;
  if (!fs::exists(folder)) return result;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const auto extension = entry.path().extension();
    if (extension == ".cpp" || extension == ".hpp") result.push_back(entry.path());
  }
  return result;
}

// Everything reachable through the rows: what a module may include, itself among it.
std::set<std::string> reachable(const std::map<std::string, Module>& table, const std::string& module) {
  std::set<std::string> seen{module};
  std::vector<std::string> open{module};
  while (!open.empty()) {
    const std::string current = open.back();
    open.pop_back();
    for (const auto& next : table.at(current).may_include) {
      if (table.count(next) != 0 && seen.insert(next).second) open.push_back(next);
    }
  }
  return seen;
}

}  // namespace

TEST_CASE("rows_point_downwards_to_modules_that_exist") {
  const auto table = module_table();
  REQUIRE(table.size() >= 5);
  for (const auto& [name, module] : table) {
    for (const auto& below : module.may_include) {
      const auto& shown = name;  // lambdas of Clang 14 take no structured bindings
      CAPTURE(shown);
      CAPTURE(below);
      REQUIRE(table.count(below) == 1);
      CHECK(table.at(below).level < module.level);
    }
  }
}

TEST_CASE("every_module_folder_and_public_header_stands_in_the_table") {
  const auto table = module_table();
  std::set<std::string> headers;
  for (const auto& [name, module] : table) headers.insert(module.headers.begin(), module.headers.end());
  for (const auto& entry : fs::directory_iterator(source_root() / "include" / "soundalike")) {
    CAPTURE(entry.path().filename().string());
    CHECK(headers.count(entry.path().stem()) == 1);
  }
  for (const auto& entry : fs::directory_iterator(source_root() / "src")) {
    if (!entry.is_directory()) continue;
    CAPTURE(entry.path().filename().string());
    CHECK(table.count(entry.path().filename()) == 1);
  }
  for (const auto& [name, module] : table) {
    const auto& shown = name;  // lambdas of Clang 14 take no structured bindings
    CAPTURE(shown);
    CHECK_MESSAGE(fs::exists(source_root() / "src" / name), "a row without a folder");
    for (const auto& header : module.headers) {
      CAPTURE(header);
      CHECK_MESSAGE(fs::exists(source_root() / "include" / "soundalike" / (header + ".hpp")),
                    "a row's header is missing");
    }
  }
}

TEST_CASE("every_include_is_allowed_by_its_modules_row") {
  const auto table = module_table();
  std::map<std::string, std::string> owner;  // public header -> module
  for (const auto& [name, module] : table) {
    for (const auto& header : module.headers) owner["soundalike/" + header + ".hpp"] = name;
  }
  int checked = 0;
  for (const char* folder : {"include", "src"}) {
    for (const auto& file : sources(source_root() / folder)) {
      const fs::path relative = fs::relative(file, source_root());
      const std::string module =
          std::string(folder) == "src" ? module_of_source(relative) : owner["soundalike/" + file.filename().string()];
      CAPTURE(relative.string());
      REQUIRE(table.count(module) == 1);
      const auto allowed = reachable(table, module);
      for (const auto& include : quoted_includes(file)) {
        CAPTURE(include);
        std::string target;
        if (owner.count(include) != 0) {
          target = owner[include];
        } else {
          target = include.substr(0, include.find('/'));
        }
        CHECK_MESSAGE(allowed.count(target) == 1, "module '", module, "' may not include '", target, "'");
        ++checked;
      }
    }
  }
  CHECK(checked > 20);
}

TEST_CASE("an_outside_library_is_included_by_one_module_only") {
  // Shared by design: the JSON, TOML and formatting libraries, threads, Eigen.
  const std::set<std::string> shared{"nlohmann", "toml++", "fmt", "Eigen"};
  const std::regex outside("^\\s*#\\s*include\\s*<([a-zA-Z0-9_.+-]+)(/[^>]*|\\.h|\\.hpp)>.*");
  const std::set<std::string> system{"sys",       "linux",     "unistd",  "fcntl",  "signal",  "pthread",
                                     "spawn",     "poll",      "dlfcn",   "errno",  "sched",   "immintrin",
                                     "xmmintrin", "pmmintrin", "csignal", "malloc", "termios", "time",
                                     "asm",       "stdlib",    "string",  "math",   "fenv"};
  std::map<std::string, std::set<std::string>> users;
  for (const auto& file : sources(source_root() / "src")) {
    std::ifstream in(file);
    std::string line;
    std::smatch match;
    while (std::getline(in, line)) {
      if (!std::regex_match(line, match, outside)) continue;
      const std::string library = match[1];
      if (shared.count(library) != 0 || system.count(library) != 0) continue;
      users[library].insert(module_of_source(fs::relative(file, source_root())));
    }
  }
  const std::set<std::string> training{"loss", "model", "train"};
  for (const auto& [library, modules] : users) {
    const auto& shown = library;  // lambdas of Clang 14 take no structured bindings
    CAPTURE(shown);
    if (library == "torch" || library == "ATen" || library == "c10") {
      CHECK(std::ranges::includes(training, modules));
    } else {
      CHECK(modules.size() == 1);
    }
  }
}
