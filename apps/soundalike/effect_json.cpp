#include "effect_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "numbers.hpp"
#include "text.hpp"

namespace soundalike::cli {

std::string pack_of(const EffectListing& listing) {
  if (listing.bundle.empty()) return "soundalike";
  const auto folder = listing.bundle.has_filename() ? listing.bundle : listing.bundle.parent_path();
  constexpr std::array<std::string_view, 4> plugins{".lv2", ".vst3", ".clap", ".so"};
  const bool plugin = std::ranges::find(plugins, folder.extension().string()) != plugins.end();
  return (plugin ? folder.stem() : folder.filename()).string();
}

bool has_words(const EffectListing& listing, std::span<const std::string> words) {
  const EffectInfo& info = listing.info;
  const std::string all =
      lower(fmt::format("{}\n{}\n{}\n{}\n{}", info.name, info.id, info.klass, info.author, pack_of(listing)));
  return std::ranges::all_of(words,
                             [&](const std::string& word) { return all.find(lower(word)) != std::string::npos; });
}

std::string channels_text(const EffectInfo& info) {
  const auto one = [](std::size_t count) { return count == 1 ? "mono" : "stereo"; };
  if (info.audio_inputs == 0 || info.audio_outputs == 0) return "-";
  if (info.audio_inputs == info.audio_outputs) return one(info.audio_inputs);
  return fmt::format("{} to {}", one(info.audio_inputs), one(info.audio_outputs));
}

nlohmann::ordered_json listing_json(const EffectListing& listing) {
  nlohmann::ordered_json row{{"id", listing.info.id},
                             {"name", listing.info.name},
                             {"class", listing.info.klass},
                             {"author", listing.info.author},
                             {"version", listing.info.version},
                             {"pack", pack_of(listing)},
                             {"bundle", listing.bundle.string()},
                             {"audio_inputs", listing.info.audio_inputs},
                             {"audio_outputs", listing.info.audio_outputs},
                             {"knobs", listing.parameters.size()},
                             {"usable", listing.unusable.empty()}};
  if (!listing.unusable.empty()) row["unusable"] = listing.unusable;
  if (!listing.missing_features.empty()) row["missing_features"] = listing.missing_features;
  return row;
}

nlohmann::ordered_json parameter_json(const Parameter& parameter) {
  nlohmann::ordered_json row{{"id", parameter.id},
                             {"name", parameter.name},
                             {"kind", to_string(parameter.kind)},
                             {"unit", parameter.unit},
                             {"minimum", number_or_null(parameter.minimum)},
                             {"maximum", number_or_null(parameter.maximum)},
                             {"default", number_or_null(parameter.default_plain)},
                             {"default_text", parameter.text(parameter.default_setting())},
                             {"logarithmic", parameter.logarithmic},
                             {"trigger", parameter.trigger}};
  auto& choices = row["choices"] = nlohmann::ordered_json::array();
  for (const ChoiceValue& choice : parameter.choices) {
    choices.push_back({{"value", number_or_null(choice.plain)}, {"label", choice.label}});
  }
  return row;
}

}  // namespace soundalike::cli
