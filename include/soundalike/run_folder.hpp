#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace soundalike {

/// How a run stands. Whoever opens a folder whose run says "running" and that nobody holds knows that it was killed.
enum class RunState { running, finished, stopped, failed };
std::string_view to_string(RunState state);

/// What a run is told, and by whom: fixed when it begins.
struct RunInfo {
  std::string kind;                             ///< what is trained: "controller", "encoder"
  std::string command;                          ///< the command line, as one would type it again
  std::string configuration;                    ///< every option with its value, a JSON object
  std::uint64_t seed = 0;                       ///< everything random follows from it
  std::map<std::string, std::string> versions;  ///< of libraries and plugins, besides soundalike's own
};

/// The folder of one training run: the folder is the database.
///
///   RunFolder run = RunFolder::create("runs/drive", info);
///   EventFile events(run.path());
///   run.best("validation/loss", 0.41, step);
///   run.end(RunState::finished);
///
/// Holds run.json (RunInfo, times, state, best values; format in docs/formats.md), event files and checkpoints/.
/// run.json is written whole or not at all. One process at a time: a lock that ends with the process guards the folder.
class RunFolder {
 public:
  /// A new run. The folder may exist, but must hold no run with anything to go on from: one that ended before its first
  /// checkpoint, by an error or a signal, gives way.
  /// @throws Error invalid_argument when it holds one, or another process is at work in it; io.
  static RunFolder create(const std::filesystem::path& folder, const RunInfo& info);
  /// The run in the folder, to go on with. Its kind, seed and configuration must be those of `info`.
  /// @throws Error not_found without a run; invalid_argument naming the first option that differs, or when another
  ///         process is at work in it; io.
  static RunFolder resume(const std::filesystem::path& folder, const RunInfo& info);
  /// Whether a folder holds a run.
  static bool holds_run(const std::filesystem::path& folder);

  ~RunFolder();  ///< a run that nobody ended is marked as failed
  RunFolder(RunFolder&&) noexcept;
  RunFolder& operator=(RunFolder&&) noexcept;

  const std::filesystem::path& path() const;
  /// checkpoints/<name>, the folder made.
  std::filesystem::path checkpoint(std::string_view name) const;

  /// Notes a best value and the step it was reached at; a later call with the name replaces it.
  void best(std::string_view name, double value, std::int64_t step);
  /// Seconds of work in all, over every time the run was resumed.
  double seconds() const;
  /// @param message why, for stopped and failed runs.
  void end(RunState state, std::string_view message = {});

 private:
  struct State;
  explicit RunFolder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace soundalike
