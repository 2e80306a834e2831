#include "serve/effect_shelf.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "soundalike/error.hpp"
#include "soundalike/matcher.hpp"
#include "soundalike/predictor.hpp"
#include "soundalike/profile.hpp"

namespace soundalike::serve {
namespace {

constexpr double usual_rate = 48000.0;

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

bool holds_words(const EffectListing& listing, std::string_view query) {
  const std::string text =
      lower(fmt::format("{} {} {} {}", listing.info.name, listing.info.author, listing.info.klass, listing.info.id));
  const std::string words = lower(query);
  for (std::string_view rest = words; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (text.find(rest.substr(0, end)) == std::string::npos) return false;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return true;
}

}  // namespace

std::string_view format_of(const EffectListing& listing) {
  return std::string_view(listing.info.id).substr(0, listing.info.id.find(':'));
}

EffectShelf::EffectShelf(const EffectLibrary::Options& options) : library_(options) {
  for (const ModelListing& model : list_models()) {
    if (model.outline.kind == "controller" && model.outline.effects.size() == 1) {
      controlled_.insert(model.outline.effects.front().id);
    }
  }
}

Json EffectShelf::summary(const EffectListing& listing) const {
  return {{"id", listing.info.id},
          {"name", listing.info.name},
          {"vendor", listing.info.author},
          {"class", listing.info.klass},
          {"format", format_of(listing)},
          {"parameters", listing.parameters.size()},
          {"controller", controlled_.contains(listing.info.id)}};
}

Json EffectShelf::list(std::string_view query, std::string_view format, std::string_view klass) const {
  Json rows = Json::array();
  for (const EffectListing& listing : library_.listings()) {
    if (!listing.unusable.empty() || !listing.missing_features.empty()) continue;
    if (!format.empty() && format_of(listing) != format) continue;
    if (!klass.empty() && listing.info.klass != klass) continue;
    if (holds_words(listing, query)) rows.push_back(summary(listing));
  }
  return rows;
}

Json EffectShelf::describe(std::string_view id) const {
  const EffectListing& listing = library_.find(id);
  Json json = summary(listing);
  json["parameters"] = parameters_json({listing});
  return json;
}

std::vector<EffectListing> EffectShelf::chain(const std::vector<std::string>& names) const {
  std::vector<EffectListing> chain;
  for (const std::string& name : names) chain.push_back(library_.find(name));
  return chain;
}

std::size_t EffectShelf::block_size(const std::vector<EffectListing>& chain) const {
  std::string key;
  for (const EffectListing& listing : chain) key += listing.info.id + "\n";
  const std::scoped_lock lock(mutex_);
  const auto known = block_sizes_.find(key);
  if (known != block_sizes_.end()) return known->second;
  return block_sizes_.emplace(key, Matcher(chain).block_size()).first->second;
}

void check_count(const std::vector<EffectListing>& chain, const std::vector<float>& settings) {
  std::size_t count = 0;
  for (const EffectListing& listing : chain) count += listing.parameters.size();
  if (count != settings.size()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("the effect has {} parameters, the request {} settings", count, settings.size()));
  }
}

Json parameters_json(const std::vector<EffectListing>& chain) {
  std::vector<Profile> profiles;
  for (const EffectListing& listing : chain) profiles.push_back(find_profile(listing));
  const SettingsSpace space(chain, profiles);
  return parameters_json(space.parameters(), space.free());
}

Json parameters_json(const std::vector<Parameter>& parameters, const std::vector<SettingsSpace::Knob>& free) {
  Json rows = Json::array();
  for (const Parameter& scaled : parameters) {
    const Parameter parameter = scaled.at_rate(usual_rate);
    const std::size_t index = rows.size();
    const bool is_free = std::ranges::count(free, index, &SettingsSpace::Knob::parameter) > 0;
    Json choices = Json::array();
    for (const ChoiceValue& choice : parameter.choices) {
      choices.push_back({{"label", choice.label}, {"setting", parameter.to_setting(choice.plain)}});
    }
    rows.push_back({{"index", index},
                    {"id", parameter.id},
                    {"name", parameter.name},
                    {"unit", parameter.unit},
                    {"kind", to_string(parameter.kind)},
                    {"low", number_or_null(parameter.minimum)},
                    {"high", number_or_null(parameter.maximum)},
                    {"log", parameter.logarithmic},
                    {"default", parameter.default_setting()},
                    {"default_text", parameter.text(parameter.default_setting())},
                    {"free", is_free},
                    {"choices", std::move(choices)}});
  }
  return rows;
}

Json texts_json(const std::vector<EffectListing>& chain, const std::vector<float>& settings, double rate) {
  check_count(chain, settings);
  return texts_json(chain_parameters(chain), settings, rate);
}

Json texts_json(const std::vector<Parameter>& parameters, const std::vector<float>& settings, double rate) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const Parameter parameter = parameters[i].at_rate(rate > 0.0 ? rate : usual_rate);
    rows.push_back({{"text", parameter.text(settings[i])},
                    {"unit", parameter.unit},
                    {"plain", number_or_null(parameter.to_plain(settings[i]))}});
  }
  return rows;
}

}  // namespace soundalike::serve
