#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include "soundalike/evaluation_report.hpp"
#include "soundalike/version.hpp"

namespace soundalike {
namespace {

// The value behind the first "<key> : " of a file of /proc; empty where there is none.
std::string value_in(const char* file, std::string_view key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key)) continue;
    const std::size_t colon = line.find(':');
    const std::size_t first = colon == std::string::npos ? colon : line.find_first_not_of(" \t", colon + 1);
    return first == std::string::npos ? "" : line.substr(first);
  }
  return "";
}

}  // namespace

ReportOrigin report_origin(const std::string& command) {
  const double kib = std::strtod(value_in("/proc/meminfo", "MemTotal").c_str(), nullptr);
  const std::string processor = value_in("/proc/cpuinfo", "model name");
  const char* commit = std::getenv("SOUNDALIKE_COMMIT");
  ReportOrigin origin;
  origin.machine = fmt::format("{}, {} cores, {:.0f} GiB", processor.empty() ? "unknown processor" : processor,
                               std::thread::hardware_concurrency(), kib / 1048576.0);
  origin.commit = fmt::format("soundalike {}{}", program_version(),
                              commit != nullptr && *commit != '\0' ? fmt::format(", commit {}", commit) : "");
  origin.time = fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::chrono::system_clock::now()));
  origin.command = command;
  return origin;
}

}  // namespace soundalike
