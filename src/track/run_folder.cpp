#include "soundalike/run_folder.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/version.hpp"
#include "track/folder_lock.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

constexpr int format_version = 1;

std::string timestamp() { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::now())); }

Json parsed(const std::string& text, const std::string& what) {
  try {
    Json json = Json::parse(text);
    if (json.is_object()) return json;
  } catch (const nlohmann::json::exception&) {
    // told below
  }
  throw Error(ErrorCode::invalid_argument, fmt::format("cannot read {}: not a JSON object", what));
}

// Of two option values, for a message.
std::string shown(const Json& object, const std::string& key) {
  return object.contains(key) ? object[key].dump() : "nothing";
}

void check_same(const Json& was, const Json& is, const fs::path& folder) {
  Json keys = was;
  keys.update(is);
  for (const auto& [key, ignored] : keys.items()) {
    if (was.contains(key) && is.contains(key) && was[key] == is[key]) continue;
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot resume '{}': '{}' was {} and is now {}; resume with the options of the run, or "
                            "begin another in a new folder",
                            folder.string(), key, shown(was, key), shown(is, key)));
  }
}

}  // namespace

std::string_view to_string(RunState state) {
  switch (state) {
    case RunState::running:
      return "running";
    case RunState::finished:
      return "finished";
    case RunState::stopped:
      return "stopped";
    case RunState::failed:
      return "failed";
  }
  return "failed";
}

namespace {

// Of a run that got nowhere, all that it left. @return whether it was one.
bool clear_away_fruitless(const fs::path& folder) {
  std::error_code none;
  const bool checkpoints = fs::exists(folder / "checkpoints", none) && !fs::is_empty(folder / "checkpoints", none);
  std::ifstream in(folder / "run.json");
  const Json json = Json::parse(in, nullptr, false);
  if (checkpoints || json.is_discarded() || json.value("state", "") == to_string(RunState::finished)) return false;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with("events.out.tfevents.")) fs::remove(entry.path(), none);
  }
  return true;
}

}  // namespace

struct RunFolder::State {
  State(const fs::path& folder) : path(folder), lock(folder) {}

  fs::path path;
  track::FolderLock lock;
  Json json;
  Clock::time_point began = Clock::now();
  double earlier_seconds = 0.0;
  bool ended = false;

  double seconds() const { return earlier_seconds + std::chrono::duration<double>(Clock::now() - began).count(); }
  void write() {
    json["seconds"] = std::round(seconds() * 1000.0) / 1000.0;
    write_file(path / "run.json", json.dump(2) + "\n");
  }
};

RunFolder::RunFolder(std::unique_ptr<State> state) : state_(std::move(state)) {}
RunFolder::RunFolder(RunFolder&&) noexcept = default;
RunFolder& RunFolder::operator=(RunFolder&&) noexcept = default;

RunFolder::~RunFolder() {
  if (!state_ || state_->ended) return;
  try {
    end(RunState::failed, "ended by an error");
  } catch (const Error&) {
    // The folder cannot be written any more; the error that brought us here is on its way.
  }
}

bool RunFolder::holds_run(const fs::path& folder) { return fs::exists(folder / "run.json"); }

RunFolder RunFolder::create(const fs::path& folder, const RunInfo& info) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) {
    throw Error(ErrorCode::io, fmt::format("cannot make the folder '{}': {}", folder.string(), problem.message()));
  }
  auto state = std::make_unique<State>(folder);
  if (holds_run(folder) && !clear_away_fruitless(folder)) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("'{}' holds a run already; --resume goes on with it, or name another folder", folder.string()));
  }
  Json& json = state->json;
  json["format"] = format_version;
  json["kind"] = info.kind;
  json["state"] = to_string(RunState::running);
  json["command"] = info.command;
  json["seed"] = info.seed;
  json["configuration"] = parsed(info.configuration, "a configuration");
  json["versions"]["soundalike"] = program_version();
  for (const auto& [name, version] : info.versions) json["versions"][name] = version;
  json["began"] = timestamp();
  json["best"] = Json::object();
  state->write();
  return RunFolder(std::move(state));
}

RunFolder RunFolder::resume(const fs::path& folder, const RunInfo& info) {
  if (!holds_run(folder)) {
    throw Error(ErrorCode::not_found,
                fmt::format("cannot resume '{}': it holds no run (no run.json)", folder.string()));
  }
  auto state = std::make_unique<State>(folder);
  const fs::path file = folder / "run.json";
  std::ifstream in(file);
  state->json = parsed({std::istreambuf_iterator<char>(in), {}}, fmt::format("'{}'", file.string()));
  Json& json = state->json;
  if (!json.contains("configuration") || json.value("format", 0) != format_version) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot resume '{}': run.json is of format {}, this program knows {}", folder.string(),
                            json.value("format", 0), format_version));
  }
  check_same({{"kind", json.value("kind", "")}, {"seed", json.value("seed", std::uint64_t{0})}},
             {{"kind", info.kind}, {"seed", info.seed}}, folder);
  check_same(json["configuration"], parsed(info.configuration, "a configuration"), folder);
  state->earlier_seconds = json.value("seconds", 0.0);
  json["state"] = to_string(RunState::running);
  json.erase("ended");
  json.erase("message");
  json["resumed"].push_back(timestamp());
  state->write();
  return RunFolder(std::move(state));
}

const fs::path& RunFolder::path() const { return state_->path; }

fs::path RunFolder::checkpoint(std::string_view name) const {
  const fs::path folder = state_->path / "checkpoints";
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) {
    throw Error(ErrorCode::io, fmt::format("cannot make the folder '{}': {}", folder.string(), problem.message()));
  }
  return folder / name;
}

void RunFolder::best(std::string_view name, double value, std::int64_t step) {
  state_->json["best"][std::string(name)] = {{"value", value}, {"step", step}};
  state_->write();
}

double RunFolder::seconds() const { return state_->seconds(); }

void RunFolder::end(RunState state, std::string_view message) {
  Json& json = state_->json;
  json["state"] = to_string(state);
  json["ended"] = timestamp();
  if (!message.empty()) json["message"] = message;
  state_->write();
  state_->ended = true;
}

}  // namespace soundalike
