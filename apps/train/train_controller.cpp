#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "model_card.hpp"
#include "numbers.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/bottleneck_training.hpp"
#include "soundalike/error.hpp"
#include "soundalike/predictor.hpp"
#include "table.hpp"
#include "text.hpp"
#include "work.hpp"

namespace soundalike::cli {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::size_t> sizes(const std::string& text) {
  std::vector<std::size_t> result;
  for (const std::string_view part : split(text, ',')) {
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), size);
    if (error != std::errc{} || end != part.data() + part.size() || size == 0 || size > 65536) {
      throw Error(ErrorCode::invalid_argument, fmt::format("--hidden takes sizes like 256,128,64, not '{}'", text));
    }
    result.push_back(size);
  }
  return result;
}

Checkpoint find_encoder_model(const std::string& name) {
  if (std::filesystem::is_regular_file(name)) return read_checkpoint(name);
  for (const auto& model : list_models()) {
    if (model.outline.kind == "encoder" && model.outline.name == name) return load_model(model);
  }
  try {
    return plain_encoder(name);
  } catch (const Error&) {
    std::string known = "style-features, style-axes";
    for (const auto& model : list_models()) {
      if (model.outline.kind == "encoder") known += ", " + model.outline.name;
    }
    throw Error(ErrorCode::not_found,
                fmt::format("no encoder '{}': it is no file, and no model of that name; there are {}", name, known));
  }
}

ControllerTrainingOptions training_options(const Arguments& arguments, const Context& context) {
  ControllerTrainingOptions options;
  for (const auto& folder : arguments.all("data")) options.data.emplace_back(folder);
  options.examples = static_cast<std::size_t>(arguments.integer("examples"));
  options.validation_examples = static_cast<std::size_t>(arguments.integer("validation-examples"));
  options.minimum_seconds = arguments.number("minimum-seconds");
  options.variations = static_cast<std::size_t>(arguments.integer("variations"));
  options.even_folders = arguments.given("even");
  options.least_similarity = arguments.number("similarity");
  options.drawn = {static_cast<std::size_t>(arguments.integer("drawn")),
                   SampleRate{arguments.number("drawn-rate")},
                   arguments.number("drawn-seconds"),
                   arguments.number("warm-up"),
                   arguments.number("stretched"),
                   arguments.number("clean")};
  for (const char* name : {"drawn-rate", "drawn-seconds", "warm-up", "stretched", "clean"}) {
    if (options.drawn.count == 0 && arguments.given(name)) {
      throw Error(ErrorCode::invalid_argument, fmt::format("--{} is for drawn pairs: say how many (--drawn)", name));
    }
  }
  options.cache = arguments.text("cache");
  options.network = {sizes(arguments.text("hidden")), arguments.number("dropout"),
                     static_cast<std::size_t>(arguments.integer("members")), arguments.number("input-dropout")};
  options.regression = trainer_options(arguments);
  options.regression_batch = static_cast<std::size_t>(arguments.integer("batch"));
  options.renderer.workers = context.jobs();
  options.device = checked_device(arguments.text("device"));
  options.seed = static_cast<std::uint64_t>(arguments.integer("seed"));
  return options;
}

// What of a run belongs into the model file.
std::string metadata(const RunFolder& run, const Arguments& arguments, const ControllerTrainingResult& result,
                     const Checkpoint* from) {
  Json json{{"data", arguments.all("data")},
            {"split", "train"},
            {"recordings", result.recordings},
            {"examples", result.examples},
            {"command", typed_line()},
            {"hours", std::round(run.seconds() / 3.6) / 1000.0},
            {"steps", result.regression.steps + result.finish.steps}};
  for (auto& folder : json["data"]) {  // by their last names: the same on every machine
    const auto path = std::filesystem::path(folder.get<std::string>()).lexically_normal();
    folder = (path.has_filename() ? path : path.parent_path()).filename().string();
  }
  json["heard"] = Json::parse(result.heard);
  if (from != nullptr) {
    const Json before = Json::parse(from->metadata);
    json["from"] = {{"name", from->name}, {"digest", from->digest}, {"command", before.value("command", "")}};
    for (const auto& heard : before.value("heard", Json::array())) {
      if (std::ranges::find(json["heard"], heard) == json["heard"].end()) json["heard"].push_back(heard);
    }
  }
  json["validation"] = {{"mrstft_prediction", result.prediction},
                        {"mrstft_dry", result.dry},
                        {"mrstft_middle_settings", result.mean_settings}};
  const auto add_knobs = [](Json& to, const std::vector<KnobScore>& knobs) {
    for (const auto& knob : knobs) {
      to[knob.knob] = {{"mean_absolute_error", knob.error},
                       {"of_the_mean_setting", knob.constant},
                       {"bias", knob.bias},
                       {"correlation", number_or_null(knob.correlation)}};
    }
  };
  add_knobs(json["validation"]["knobs"], result.knobs);
  if (result.forest) {
    json["validation"]["mrstft_forest"] = *result.forest;
    add_knobs(json["validation"]["forest_knobs"], result.forest_knobs);
  }
  return json.dump();
}

void report(const Arguments& arguments, Context& context, const ControllerTrainingResult& result,
            const std::filesystem::path& file, double seconds) {
  if (context.json()) {
    Json json = Json::parse(result.controller.metadata);
    json["controller"] = file.string();
    json["encoder"] = arguments.text("encoder");
    json["seconds"] = seconds;
    context.emit(json);
    return;
  }
  std::string text =
      fmt::format("{} in {}\nvalidation MRSTFT: prediction {:.3f}, dry {:.3f}, middle settings {:.3f}\n", file.string(),
                  duration_text(seconds), result.prediction, result.dry, result.mean_settings);
  for (const auto& knob : result.knobs) {
    text += fmt::format("  {:16} error {:.3f} (of the mean setting {:.3f}), correlation {:+.2f}, bias {:+.2f}\n",
                        knob.knob, knob.error, knob.constant, knob.correlation, knob.bias);
  }
  if (result.forest) {
    text += fmt::format("random forest: validation MRSTFT {:.3f}\n", *result.forest);
    for (const auto& knob : result.forest_knobs) {
      text += fmt::format("  {:16} error {:.3f}, correlation {:+.2f}\n", knob.knob, knob.error, knob.correlation);
    }
  }
  context.print(text);
}

std::string folder_name(const std::vector<EffectListing>& chain) {
  std::string name;
  for (const auto& listing : chain) name += (name.empty() ? "" : "+") + lower(listing.info.name);
  for (char& c : name) c = c == ' ' || c == '/' ? '-' : c;
  return name;
}

std::vector<EffectListing> effects_of(const Arguments& arguments) {
  const EffectLibrary library;
  std::vector<EffectListing> effects;
  for (const auto& name : arguments.all("effect")) effects.push_back(library.find(name));
  return effects;
}

std::map<std::string, std::string> versions_of(const std::vector<EffectListing>& effects) {
  std::map<std::string, std::string> versions;
  for (const auto& effect : effects) versions[effect.info.id] = effect.info.version;
  return versions;
}

std::filesystem::path beside(const std::filesystem::path& file, const Checkpoint& needed) {
  return file.parent_path() / (needed.name + ".salmodel");
}

// What a model needs lies beside it, so that the file can be used at once.
void write_beside(const std::filesystem::path& file, const Checkpoint& needed) {
  if (!std::filesystem::exists(beside(file, needed))) write_checkpoint(beside(file, needed), needed);
}

}  // namespace

int train_controller(const Arguments& arguments, Context& context) {
  const auto chain = effects_of(arguments);
  const Checkpoint encoder = find_encoder_model(arguments.text("encoder"));
  ControllerTrainingOptions options = training_options(arguments, context);
  options.pinned = arguments.assignments("pin");
  options.fixed = arguments.assignments("fix");
  std::optional<Checkpoint> bottleneck;
  if (arguments.given("bottleneck"))
    options.bottleneck = &bottleneck.emplace(read_checkpoint(arguments.text("bottleneck")));
  std::optional<Checkpoint> from;
  if (arguments.given("from")) options.from = &from.emplace(read_checkpoint(arguments.text("from")));
  options.encoder_learns = arguments.given("train-encoder");
  options.finish = options.regression;
  options.finish.steps = static_cast<std::size_t>(arguments.integer("finish-steps"));
  const double rate = arguments.number("finish-learning-rate");
  options.finish.learning_rate = {options.regression.learning_rate.kind, rate, 0.01 * rate,
                                  std::min<std::size_t>(20, options.finish.steps / 10)};
  options.finish.validate_every = std::max<std::size_t>(1, options.finish.steps / 8);
  options.finish.checkpoint_every = std::max<std::size_t>(1, options.finish.steps / 20);
  options.finish_batch = static_cast<std::size_t>(arguments.integer("finish-batch"));
  options.gradient = arguments.text("gradient");
  options.perturbations = static_cast<std::size_t>(arguments.integer("perturbations"));
  options.fixed_step = arguments.maybe_number("step");
  options.rough_gradients = arguments.given("rough");
  options.settings_weight = arguments.number("settings-weight");
  options.loss = arguments.text("loss");
  options.parts = static_cast<std::size_t>(arguments.integer("parts"));
  options.forest_trees = static_cast<std::size_t>(arguments.integer("forest"));
  if (arguments.given("output")) check_writable(arguments.text("output"));

  const auto train = [&](RunFolder& run, EventFile& events) {
    ControllerTrainingResult result =
        train_controller(chain, encoder, options, run, events, context.progress(), context.stop());
    if (result.stopped) return true;
    result.controller.metadata = metadata(run, arguments, result, options.from);
    const std::filesystem::path file = arguments.given("output") ? std::filesystem::path(arguments.text("output"))
                                                                 : run.path() / (result.controller.name + ".salmodel");
    write_checkpoint(file, result.controller);
    if (result.encoder) {
      write_checkpoint(beside(file, *result.encoder), *result.encoder);
    } else {
      write_beside(file, encoder);
    }
    if (bottleneck) write_beside(file, *bottleneck);
    std::filesystem::path card = file;
    write_file(card.replace_extension(".md"), model_card(result.controller, std::filesystem::file_size(file)));
    context.clear_progress();
    report(arguments, context, result, file, run.seconds());
    return false;
  };
  return run_training(arguments, context, "train controller", folder_name(chain), versions_of(chain), train);
}

int train_bottleneck(const Arguments& arguments, Context& context) {
  const auto effects = effects_of(arguments);
  const Checkpoint encoder = find_encoder_model(arguments.text("encoder"));
  BottleneckTrainingOptions options;
  options.each = training_options(arguments, context);
  options.dimensions = static_cast<std::size_t>(arguments.integer("dimensions"));
  options.beta = arguments.number("beta");
  if (arguments.given("output")) check_writable(arguments.text("output"));
  const auto train = [&](RunFolder& run, EventFile& events) {
    const Checkpoint model =
        train_bottleneck(effects, encoder, options, run, events, context.progress(), context.stop());
    const std::filesystem::path file = arguments.given("output") ? std::filesystem::path(arguments.text("output"))
                                                                 : run.path() / (model.name + ".salmodel");
    write_checkpoint(file, model);
    write_beside(file, encoder);
    context.clear_progress();
    context.print(fmt::format("{} in {}\n", file.string(), duration_text(run.seconds())));
    if (context.json()) context.emit({{"bottleneck", file.string()}, {"seconds", run.seconds()}});
    return false;
  };
  return run_training(arguments, context, "train bottleneck", "bottleneck", versions_of(effects), train);
}

}  // namespace soundalike::cli
