#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "catalogue.hpp"
#include "configuration.hpp"
#include "soundalike/error.hpp"
#include "work.hpp"

namespace soundalike::cli {
namespace {

std::map<std::string, EventFile::Hyperparameter> hyperparameters(const std::string& configuration) {
  std::map<std::string, EventFile::Hyperparameter> values;
  const auto options = nlohmann::json::parse(configuration);
  for (const auto& [key, value] : options.items()) {
    if (value.is_boolean())
      values[key] = value.get<bool>();
    else if (value.is_number())
      values[key] = value.get<double>();
    else if (value.is_string())
      values[key] = value.get<std::string>();
    else
      values[key] = value.dump();
  }
  return values;
}

}  // namespace

std::string typed_line() {
  std::ifstream in("/proc/self/cmdline", std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(in), {}};
  std::string line = "soundalike";
  std::size_t at = std::string_view(all.c_str()).size() + 1;
  while (at < all.size()) {
    const std::string word = all.c_str() + at;
    at += word.size() + 1;
    const std::filesystem::path path(word);
    std::string shown = path.is_absolute() ? path.filename().string() : word;
    if (shown.find(' ') != std::string::npos) shown.insert(0, "'").push_back('\'');
    line += " " + shown;
  }
  return line;
}

TrainerOptions trainer_options(const Arguments& arguments) {
  TrainerOptions options;
  options.steps = static_cast<std::size_t>(arguments.integer("steps"));
  options.seed = static_cast<std::uint64_t>(arguments.integer("seed"));
  const double rate = arguments.number("learning-rate");
  options.learning_rate = {parse_schedule(arguments.text("schedule")), rate, 0.01 * rate,
                           std::min<std::size_t>(100, options.steps / 10)};
  options.weight_decay = arguments.number("weight-decay");
  options.average = arguments.number("average");
  options.clip_norm = arguments.number("clip");
  options.patience = static_cast<std::size_t>(arguments.integer("patience"));
  options.validate_every = std::max<std::size_t>(1, options.steps / 10);
  options.checkpoint_every = std::max<std::size_t>(1, options.steps / 20);
  return options;
}

std::string checked_device(const std::string& name) {
  const bool cuda = name == "cuda" || name.starts_with("cuda:");
  if (!cuda && name != "cpu") {
    throw Error(ErrorCode::invalid_argument, fmt::format("unknown device '{}'; there are cpu and cuda", name));
  }
  if (cuda && !torch::cuda::is_available()) {
    throw Error(ErrorCode::unsupported,
                "cannot train on cuda: this libtorch has none, or no card was found; --device cpu works");
  }
  return name;
}

int run_training(const Arguments& arguments, Context& context, std::string_view command, const std::string& name,
                 std::map<std::string, std::string> versions,
                 const std::function<bool(RunFolder& run, EventFile& events)>& train) {
  const Words apart{"run", "resume", "output", "cache", "device"};
  RunInfo info;
  info.kind = command.substr(command.find(' ') + 1);
  info.command = typed_line();
  info.configuration = configuration_json(*find_command(command), arguments, apart);
  info.seed = static_cast<std::uint64_t>(arguments.integer("seed"));
  versions["libtorch"] = TORCH_VERSION;
  info.versions = std::move(versions);
  const std::string folder = arguments.given("run") ? arguments.text("run") : "runs/" + name;
  RunFolder run = arguments.given("resume") ? RunFolder::resume(folder, info) : RunFolder::create(folder, info);
  const std::size_t first = resumed_step(run);
  EventFile events(run.path(), static_cast<std::int64_t>(first));
  if (first == 0) events.hyperparameters(hyperparameters(info.configuration), name);
  try {
    const bool stopped = train(run, events);
    run.end(stopped ? RunState::stopped : RunState::finished);
    events.finished(!stopped);
    if (!stopped) return 0;
  } catch (const Error& error) {
    const bool cancelled = error.code() == ErrorCode::cancelled;
    run.end(cancelled ? RunState::stopped : RunState::failed, error.what());
    if (!cancelled) throw;
  }
  context.clear_progress();
  context.warn(fmt::format("stopped; --resume goes on with '{}'", folder));
  return exit_status(ErrorCode::cancelled);
}

}  // namespace soundalike::cli
