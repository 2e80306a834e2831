#include "model_card.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

namespace soundalike::cli {
namespace {

std::string data_of(const nlohmann::json& facts) {
  std::string data;
  for (const auto& folder : facts.at("data")) data += (data.empty() ? "" : ", ") + folder.get<std::string>();
  return data;
}

std::string set_to(const PredictedKnob& knob) {
  if (knob.categories > 0) return "likeliest";
  if (knob.parts == 0 || knob.hedge) return "mean";
  return knob.guess ? "likeliest place" : "mean or likeliest place";
}

}  // namespace

std::string model_card(const Checkpoint& controller, std::size_t bytes) {
  const auto facts = nlohmann::json::parse(controller.metadata);
  const auto& validation = facts.at("validation");
  std::string effects;
  for (const auto& effect : controller.effects) {
    effects += fmt::format("{}{} `{}`, version {}", effects.empty() ? "" : ", then ", effect.name, effect.id,
                           effect.version.empty() ? "unknown" : effect.version);
  }
  std::string needs;
  for (const auto& need : controller.needs) {
    needs += fmt::format("{}{} `{}` ({:.12})", needs.empty() ? "" : ", ", need.role, need.name, need.digest);
  }
  std::string text = fmt::format(
      "# {}\n\n"
      "Predicts settings from two recordings. Written by `soundalike train controller`; `tools/train_models.sh` makes "
      "it "
      "again.\n\n"
      "| | |\n|---|---|\n| controls | {} |\n| needs | {} |\n| size | {} bytes |\n"
      "| data | {}: {} recordings of the {} split, {} renders |\n| command | `{}` |\n| seed | {} |\n| hours | {} |\n"
      "| steps | {} |\n| made with | soundalike {} |\n| licence | that of soundalike |\n\n",
      controller.name, effects, needs, bytes, data_of(facts), facts.at("recordings").get<int>(),
      facts.at("split").get<std::string>(), facts.at("examples").get<int>(), facts.at("command").get<std::string>(),
      controller.seed, facts.at("hours").get<double>(), facts.at("steps").get<int>(), controller.program_version);
  if (facts.contains("from")) {
    const auto& from = facts.at("from");
    text += fmt::format("It went on from a controller ({:.12}) made by `{}`.\n\n", from.at("digest").get<std::string>(),
                        from.at("command").get<std::string>());
  }
  text += fmt::format(
      "On the validation split, by which the best step and what is a mean were chosen: MRSTFT (level-matched) {:.3f} "
      "of the prediction, "
      "{:.3f} of the dry input, {:.3f} of all knobs in the middle. Held-out results stand in `docs/results.md`.\n\n"
      "| knob | mean absolute error | of the mean setting | correlation | set to |\n|---|--:|--:|--:|--:|\n",
      validation.at("mrstft_prediction").get<double>(), validation.at("mrstft_dry").get<double>(),
      validation.at("mrstft_middle_settings").get<double>());
  std::map<std::string, PredictedKnob> learnt;
  for (const auto& effect : controller.effects) {
    for (const auto& knob : effect.knobs) learnt[knob.parameter] = knob;
  }
  for (const auto& [knob, score] : validation.at("knobs").items()) {
    const auto& correlation = score.at("correlation");
    text += fmt::format("| `{}` | {:.3f} | {:.3f} | {} | {} |\n", knob, score.at("mean_absolute_error").get<double>(),
                        score.at("of_the_mean_setting").get<double>(),
                        correlation.is_null() ? "" : fmt::format("{:.2f}", correlation.get<double>()),
                        set_to(learnt[knob]));
  }
  return text;
}

std::string encoder_card(const Checkpoint& encoder, std::size_t bytes) {
  const auto facts = nlohmann::json::parse(encoder.metadata);
  std::size_t heard = 0;
  for (const auto& collection : facts.at("heard")) heard += collection.at("digests").size();
  std::string text = fmt::format(
      "# {}\n\n"
      "Hears recordings. Written by `soundalike train encoder`.\n\n"
      "| | |\n|---|---|\n| size | {} bytes, {} weights learnt |\n"
      "| data | {}: {} recordings of the train and validation splits; {} episodes through {} effects, whose versions "
      "the "
      "file's metadata say |\n| command | `{}` |\n| seed | {} |\n| hours | {} |\n| steps | {}, the best {} |\n"
      "| made with | soundalike {} |\n| licence | that of soundalike |\n\n"
      "On the validation split, by which the best step was chosen:\n\n| | |\n|---|--:|\n",
      encoder.name, bytes, facts.at("weights").get<std::size_t>(), data_of(facts), heard,
      facts.at("episodes").get<std::size_t>(), facts.at("effects").size(), facts.at("command").get<std::string>(),
      encoder.seed, facts.at("hours").get<double>(), facts.at("steps").get<std::size_t>(),
      facts.at("best_step").get<std::size_t>(), encoder.program_version);
  for (const auto& [name, value] : facts.at("validation").items()) {
    text += fmt::format("| {} | {:.4g} |\n", name, value.get<double>());
  }
  return text + "\nHeld-out results stand in `docs/results.md`, \"Encoders beside the style distances\".\n";
}

}  // namespace soundalike::cli
