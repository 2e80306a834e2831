#include "soundalike/matcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <future>
#include <map>

#include "base/parallel.hpp"
#include "match/excerpt.hpp"
#include "match/proposal.hpp"
#include "match/settings_search.hpp"
#include "match/target.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"
#include "soundalike/predictor.hpp"
#include "soundalike/version.hpp"

namespace soundalike {
namespace {

constexpr double shortest_seconds = 0.1;

// Beyond this a gain says that something is wrong with the recording, and recipes take no more than 200 dB.
constexpr double most_gain_db = 150.0;

void check_clip(AudioView clip, const std::string& what) {
  if (clip.seconds() < shortest_seconds) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot match: the {} is {:.0f} ms long, at least {:.0f} ms are needed", what,
                            clip.seconds() * 1000.0, shortest_seconds * 1000.0));
  }
  for (std::size_t c = 0; c < clip.channels(); ++c) {
    if (std::ranges::any_of(clip.channel(c), [](float x) { return x != 0.0f; })) return;
  }
  throw Error(ErrorCode::bad_audio, fmt::format("cannot match: the {} is all digital silence", what));
}

}  // namespace

struct Matcher::State {
  std::vector<EffectListing> chain;
  std::vector<Profile> profiles;
  RendererOptions renderer_options;
  std::map<std::pair<double, std::size_t>, BatchRenderer> renderers;  // by rate and channels
  bool predictor_known = false;  // found_predictor is what was found for predictor_file
  std::optional<std::filesystem::path> predictor_file;
  std::optional<Predictor> found_predictor;

  std::size_t block_size() const {
    // One grid for the chain: the smallest that any of its effects was probed with.
    std::size_t block = profiles.front().block_size;
    for (const auto& profile : profiles) block = std::min(block, profile.block_size);
    return block;
  }

  BatchRenderer& renderer(SampleRate rate, std::size_t channels) {
    const std::pair key{rate.hz, channels};
    const auto found = renderers.find(key);
    if (found != renderers.end()) return found->second;
    renderers.clear();  // one set of workers at a time
    return renderers.emplace(key, BatchRenderer(chain, {rate, channels, block_size()}, renderer_options)).first->second;
  }

  // The controller to predict with; none when none is wanted, or there is none and none is needed.
  const Predictor* predictor(const MatchOptions& options) {
    const bool wanted = options.start == Start::predict || !options.refine || options.controller;
    if (!wanted && options.start != Start::automatic) return nullptr;
    if (!predictor_known || predictor_file != options.controller) {
      found_predictor.reset();
      predictor_known = true;
      predictor_file = options.controller;
      if (options.controller) {
        found_predictor = load_predictor(*options.controller);
      } else {
        std::vector<std::string> effects;
        for (const auto& listing : chain) effects.push_back(listing.info.id);
        found_predictor = find_predictor(effects);
      }
    }
    if (!found_predictor) {
      if (!wanted) return nullptr;
      std::string names;
      for (const auto& listing : chain) names += (names.empty() ? "" : " > ") + listing.info.name;
      throw Error(
          ErrorCode::not_found,
          fmt::format("cannot predict for {}: there is no controller for it (soundalike models lists all); name "
                      "the file of one, or search from its profile",
                      names));
    }
    try {
      check_controller(found_predictor->controller(), chain);
    } catch (const Error&) {
      if (wanted) throw;
      return nullptr;  // made for another version of the plugin
    }
    return &*found_predictor;
  }

  // Settings at which the whole chain passes sound unchanged, when every effect has such.
  std::optional<std::vector<float>> neutral() const {
    std::vector<float> result;
    for (std::size_t i = 0; i < chain.size(); ++i) {
      if (!profiles[i].neutral) return std::nullopt;
      for (const auto& parameter : chain[i].parameters) {
        const auto knob = profiles[i].neutral->find(parameter.id);
        result.push_back(knob == profiles[i].neutral->end() ? parameter.default_setting() : knob->second);
      }
    }
    return result;
  }
};

Matcher::Matcher(std::vector<EffectListing> chain, RendererOptions renderer) : state_(std::make_unique<State>()) {
  if (chain.empty()) throw Error(ErrorCode::invalid_argument, "cannot match without an effect; give at least one");
  for (const auto& listing : chain) state_->profiles.push_back(find_profile(listing));
  state_->chain = std::move(chain);
  state_->renderer_options = std::move(renderer);
}
Matcher::~Matcher() = default;
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;

const std::vector<EffectListing>& Matcher::chain() const { return state_->chain; }
std::size_t Matcher::block_size() const { return state_->block_size(); }

SettingsSpace Matcher::space(const MatchOptions& options) const {
  SettingsSpace space(state_->chain, state_->profiles);
  for (const auto& knob : options.freed) space.release(knob);
  for (const auto& [knob, value] : options.pinned) {
    const auto same = [&, index = space.index_of(knob)](const std::string& freed) {
      return space.index_of(freed) == index;
    };
    if (std::ranges::any_of(options.freed, same)) {
      throw Error(ErrorCode::invalid_argument, fmt::format("knob '{}' cannot be both pinned and free", knob));
    }
    space.pin(knob, value);
  }
  return space;
}

std::optional<std::vector<float>> Matcher::predict(AudioView input, AudioView reference, const MatchOptions& options) {
  check_clip(input, "input");
  check_clip(reference, "reference");
  const SettingsSpace space = this->space(options);
  const Predictor* predictor = state_->predictor(options);
  if (predictor == nullptr) return std::nullopt;
  const auto& controller = predictor->controller();
  return space.expand(
      Proposal(space, state_->chain, controller.effects(), predictor->predict(input, reference)).center());
}

Match Matcher::match(AudioView input, AudioView reference, const MatchOptions& options, const Progress& progress,
                     const std::stop_token& stop) {
  check_clip(input, "input");
  check_clip(reference, "reference");
  if (options.budget == 0) throw Error(ErrorCode::invalid_argument, "a match needs a budget of at least 1 render");
  if (!(options.amount >= 0.0 && options.amount <= 1.0)) {
    throw Error(ErrorCode::invalid_argument, fmt::format("amount is {:g}, expected 0 to 1", options.amount));
  }
  const auto begin = std::chrono::steady_clock::now();
  const SettingsSpace space = this->space(options);
  const Predictor* predictor = state_->predictor(options);
  Match match;
  // The workers load the effect while the two recordings are described.
  std::future<Target> describing = std::async(std::launch::async, [&] {
    Target made(input, reference, options.distance);
    match.distance_before = made.distance(made.describe(input));
    return made;
  });
  std::future<std::optional<Proposal>> predicting = std::async(std::launch::async, [&]() -> std::optional<Proposal> {
    if (predictor == nullptr) return std::nullopt;
    const auto start = std::chrono::steady_clock::now();
    const auto& controller = predictor->controller();
    Proposal made(space, state_->chain, controller.effects(), predictor->predict(input, reference));
    match.controller = controller.name();
    match.controller_digest = controller.digest();
    match.predicted_settings = space.expand(made.center());
    match.profile.predict_seconds = seconds_since(start);
    return made;
  });
  BatchRenderer& renderer = state_->renderer(input.sample_rate(), input.channels());
  const Target target = describing.get();
  const std::optional<Proposal> proposal = predicting.get();
  const auto clip = renderer.add_clip(input);
  match.profile.setup_seconds = seconds_since(begin);
  SettingsSearch search(renderer, clip, input, target, space, proposal ? &*proposal : nullptr, options, begin);
  search.run(match, progress, stop);
  renderer.remove_clip(clip);
  if (!std::isfinite(match.distance_after)) {
    if (match.failed_renders == 0) throw Error(ErrorCode::cancelled, "stopped before the first render was done");
    throw Error(ErrorCode::plugin_failed,
                fmt::format("cannot match with '{}': {}; the first: {}", state_->chain.front().info.name,
                            match.failed_renders == 1 ? "the only render failed"
                                                      : fmt::format("all {} renders failed", match.failed_renders),
                            match.first_failure));
  }
  match.used_settings = match.settings;
  if (match.kept_dry) {
    match.wet = 0.0;
  } else if (options.amount < 1.0) {
    const auto neutral = state_->neutral();
    if (!neutral) {
      match.wet = options.amount;
    } else {
      const auto& parameters = space.parameters();
      for (std::size_t i = 0; i < parameters.size(); ++i) {
        const bool moves =
            parameters[i].kind == ParameterKind::continuous || parameters[i].kind == ParameterKind::integer;
        if (!moves) continue;
        match.used_settings[i] =
            static_cast<float>((*neutral)[i] + options.amount * (match.settings[i] - (*neutral)[i]));
      }
    }
  }
  match.profile.wall_seconds = seconds_since(begin);
  const double available = match.profile.wall_seconds * static_cast<double>(threads_or_cores(0));
  match.profile.plugin_share = search.plugin_seconds() / available;
  match.profile.describe_share = search.describe_seconds() / available;
  return match;
}

Match Matcher::match_files(const std::filesystem::path& input, const std::filesystem::path& reference,
                           const MatchOptions& options, const Progress& progress, const std::stop_token& stop) {
  space(options);  // a wrong knob name is told before long files are read
  // Long files take seconds to measure: both at once.
  std::future<FileDigest> listening =
      std::async(std::launch::async, [&] { return digest_file(reference, options.reference_seconds); });
  FileDigest in = digest_file(input, options.analysis_seconds);
  const FileDigest target = listening.get();
  check_clip(in.clip, fmt::format("input '{}'", input.string()));
  check_clip(target.clip, fmt::format("reference '{}'", reference.string()));
  // Never so far up that the effect sees peaks over full scale.
  const double wanted = options.input_lufs - in.levels.lufs;
  const double guarded = std::clamp(guard_gain_db(in.levels.true_peak_db, wanted), -most_gain_db, most_gain_db);
  const double gain_db = std::round(100.0 * guarded) / 100.0;
  const float gain = static_cast<float>(std::pow(10.0, gain_db / 20.0));
  for (float& x : in.clip.samples()) x *= gain;
  Match result = match(in.clip, target.clip, options, progress, stop);
  result.input_gain_db = gain_db;
  result.reference_lufs = target.levels.lufs;
  return result;
}

Recipe Matcher::recipe(const Match& match, const MatchOptions& options, SampleRate rate, std::size_t channels) const {
  Recipe recipe;
  recipe.program_version = program_version();
  recipe.sample_rate = rate.hz;
  recipe.channels = channels;
  recipe.block_size = block_size();
  recipe.input_gain_db = match.input_gain_db;
  recipe.wet = match.wet;
  std::size_t index = 0;
  for (const auto& listing : state_->chain) {
    Recipe::Stage stage{listing.info.id, listing.info.name, listing.info.version, {}};
    for (const auto& parameter : listing.parameters) {
      const float setting = match.used_settings[index++];
      stage.knobs.push_back({parameter.id, parameter.name, parameter.unit, parameter.text(setting),
                             parameter.to_plain(setting), setting});
    }
    recipe.stages.push_back(std::move(stage));
  }
  recipe.seed = options.seed;
  recipe.controller = match.controller;
  recipe.controller_digest = match.controller_digest;
  recipe.renders = match.renders;
  recipe.distance = options.distance;
  recipe.distance_before = match.distance_before;
  recipe.distance_after = match.distance_after;
  return recipe;
}

}  // namespace soundalike
