#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "model_card.hpp"
#include "numbers.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/checkpoint.hpp"
#include "soundalike/corpus.hpp"
#include "soundalike/encoder.hpp"
#include "soundalike/encoder_network.hpp"
#include "soundalike/encoder_training.hpp"
#include "soundalike/error.hpp"
#include "work.hpp"

namespace soundalike::cli {
namespace {

using Json = nlohmann::ordered_json;

EncoderTrainingOptions options_of(const Arguments& arguments, const Context& context) {
  EncoderTrainingOptions options;
  const auto count = [&](const char* name) { return static_cast<std::size_t>(arguments.integer(name)); };
  options.model = arguments.text("model");
  for (const auto& folder : arguments.all("data")) options.data.emplace_back(folder);
  if (arguments.given("effect") || arguments.given("effects")) {
    const EffectLibrary library;
    const std::string file = arguments.given("effects") ? arguments.text("effects") : "";
    options.effects = effects_named(library, arguments.all("effect"), file);
    if (options.effects.empty()) {
      throw Error(ErrorCode::not_found,
                  fmt::format("cannot train: no effect that '{}' names is installed and usable", file));
    }
  }
  options.episodes = count("episodes");
  options.validation_episodes = count("validation-episodes");
  options.effects_per_episode = count("effects-per-episode");
  options.settings = count("settings");
  options.batch = count("batch");
  options.batch_episodes = count("batch-episodes");
  options.beta = {parse_beta_schedule(arguments.text("beta-schedule")), arguments.number("beta-low"),
                  arguments.number("beta"), count("beta-cycles")};
  options.trainer = trainer_options(arguments);
  options.workers = context.jobs();
  options.half_precision = !arguments.given("full-precision");
  options.device = checked_device(arguments.text("device"));
  if (arguments.given("cache")) options.cache = arguments.text("cache");
  return options;
}

// What of a run belongs into the model file, but which recordings it heard. Folders by their last names, the same on
// every machine.
std::string about(const EncoderTrainingOptions& options) {
  Json json{{"command", typed_line()},
            {"split", "train"},
            {"episodes", options.episodes},
            {"weights", find_encoder(options.model).parameters()}};
  for (const auto& folder : options.data) {
    json["data"].push_back(std::filesystem::weakly_canonical(folder).filename().string());
  }
  json["effects"] = Json::object();  // and the version of each
  for (const auto& effect : options.effects) json["effects"][effect.info.id] = effect.info.version;
  return json.dump();
}

// Before a run's folder is made, which would have to be removed again. Who hears no image learns distances.
void check_usable(const EncoderTrainingOptions& options) {
  for (const auto& folder : options.data) Corpus{folder};
  const bool distances = EncoderInput(find_encoder(options.model).front_end()).shape().size() == 1;
  if (distances && options.effects.empty()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot train '{}' without effects: it learns to tell them apart; --effects "
                            "models/style/effects.txt names many, --effect one",
                            options.model));
  }
}

void report(Context& context, const EncoderTrainingResult& result, const std::filesystem::path& file, double seconds) {
  context.clear_progress();
  if (context.json()) {
    context.emit({{"encoder", file.string()},
                  {"digest", result.digest},
                  {"validation", result.training.best},
                  {"steps", result.training.steps},
                  {"best_step", result.training.best_step},
                  {"seconds", seconds}});
    return;
  }
  context.print(fmt::format("{} in {}\nvalidation {:.4g}, best after {} of {} steps\n", file.string(),
                            duration_text(seconds), result.training.best, result.training.best_step,
                            result.training.steps));
}

}  // namespace

int train_encoder(const Arguments& arguments, Context& context) {
  const EncoderTrainingOptions options = options_of(arguments, context);
  check_usable(options);
  if (arguments.given("output")) check_writable(arguments.text("output"));
  const std::string metadata = about(options);
  std::map<std::string, std::string> versions;
  for (const auto& effect : options.effects) versions[effect.info.id] = effect.info.version;
  const auto train = [&](RunFolder& run, EventFile& events) {
    const EncoderTrainingResult result =
        train_encoder(options, metadata, run, events, context.progress(), context.stop());
    if (result.training.stopped) return true;
    const std::filesystem::path file = arguments.given("output") ? std::filesystem::path(arguments.text("output"))
                                                                 : run.path() / (options.model + ".salmodel");
    const Checkpoint encoder = read_checkpoint(result.checkpoint);
    write_checkpoint(file, encoder);
    std::filesystem::path card = file;
    write_file(card.replace_extension(".md"), encoder_card(encoder, std::filesystem::file_size(file)));
    report(context, result, file, run.seconds());
    return false;
  };
  return run_training(arguments, context, "train encoder", options.model, std::move(versions), train);
}

}  // namespace soundalike::cli
