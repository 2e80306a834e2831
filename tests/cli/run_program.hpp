#pragma once

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

/// Runs the real programs as a person would: arguments in, output and exit status out.
///
///   const Run run = soundalike({"effects", "show", "mda Overdrive", "--json"});
///   CHECK(run.status == 0);
///   CHECK(run.json()["name"] == "mda Overdrive");
namespace program {

/// How a program ended and what it said.
struct Run {
  int status = -1;  ///< exit status; 128 + n when signal n ended it
  std::string out;
  std::string err;
  bool timed_out = false;  ///< it was killed

  /// Standard output as JSON; must be exactly one document.
  nlohmann::ordered_json json() const { return nlohmann::ordered_json::parse(out); }
};

struct RunOptions {
  std::map<std::string, std::string> environment = {};  ///< on top of the test's own; an empty value unsets
  std::string in = {};                                  ///< standard input
  std::filesystem::path folder = {};                    ///< to run in; empty: where the test runs
  double timeout_seconds = 120.0;
  enum class Stdout { captured, closed, full } out = Stdout::captured;  ///< closed: a pipe nobody reads; full: no space
  int signal = 0;                 ///< sent once `signal_after` has been seen on standard error
  std::string signal_after = {};  ///< empty: at once
};

/// A folder of its own for a test, removed with everything in it.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Runs any program. @throws std::runtime_error when it cannot be started.
Run run(const std::vector<std::string>& command, const RunOptions& options = {});

/// Runs build/bin/soundalike of this build (SOUNDALIKE_BIN) with a cache folder of the test program's own, so that
/// neither the user's cache nor another test changes what is seen.
Run soundalike(std::vector<std::string> arguments, RunOptions options = {});

/// Writes 16-bit PCM WAV: interleaved samples in [-1, 1].
void write_wav(const std::filesystem::path& path, const std::vector<float>& samples, unsigned rate,
               unsigned channels = 1);

/// True when a program of that name is in PATH.
bool has_program(const std::string& name);

}  // namespace program
