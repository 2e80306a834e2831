#include "soundalike/matcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <future>
#include <limits>
#include <map>
#include <mutex>

#include "match/excerpt.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"
#include "soundalike/resample.hpp"
#include "soundalike/search.hpp"
#include "soundalike/style_distance.hpp"
#include "soundalike/version.hpp"

namespace soundalike {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

constexpr double shortest_seconds = 0.1;

// Beyond this a gain says that something is wrong with the recording, and recipes take no more than 200 dB.
constexpr double most_gain_db = 150.0;

// A render must be nearer than the dry input by this share to be worth more than doing nothing: what is less is
// rounding, which a mere change of level gives too.
constexpr double least_gain = 1e-3;

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

// One recording against the reference: the view both are described with, and the reference's description.
class Target {
 public:
  Target(AudioView input, AudioView reference, const std::string& distance)
      : mono_(std::min(input.channels(), reference.channels()) == 1) {
    const double low = std::min(input.sample_rate().hz, reference.sample_rate().hz);
    const bool same_rate = input.sample_rate() == reference.sample_rate();
    // Resampling leaves nothing above 0.91 of the lower Nyquist frequency.
    const StyleView view{input.sample_rate(), same_rate ? 0.0 : 0.45 * low, mono_ ? 1u : 2u};
    style_ = make_style_distance(distance, view);
    reference_ = describe(same_rate ? AudioBuffer(reference) : resample(reference, input.sample_rate()));
  }
  StyleDistance::Description describe(AudioView audio) const {
    return mono_ && audio.channels() > 1 ? style_->describe(to_mono(audio)) : style_->describe(audio);
  }
  double distance(std::span<const float> description) const { return style_->distance(description, reference_); }

 private:
  bool mono_;
  std::unique_ptr<StyleDistance> style_;
  StyleDistance::Description reference_;
};

// What a search has spent, for the profile and for the person who reads it.
struct Tally {
  std::mutex mutex;
  double plugin_seconds = 0.0;
  double describe_seconds = 0.0;
  std::size_t renders = 0;
  std::size_t failed = 0;
  std::size_t timed_out = 0;
  std::string first_failure;
};

}  // namespace

struct Matcher::State {
  std::vector<EffectListing> chain;
  std::vector<Profile> profiles;
  RendererOptions renderer_options;
  std::map<std::pair<double, std::size_t>, BatchRenderer> renderers;  // by rate and channels

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

Match Matcher::match(AudioView input, AudioView reference, const MatchOptions& options, const Progress& progress,
                     std::stop_token stop) {
  check_clip(input, "input");
  check_clip(reference, "reference");
  if (options.budget == 0) throw Error(ErrorCode::invalid_argument, "a match needs a budget of at least 1 render");
  if (!(options.amount >= 0.0 && options.amount <= 1.0)) {
    throw Error(ErrorCode::invalid_argument, fmt::format("amount is {:g}, expected 0 to 1", options.amount));
  }
  const auto begin = Clock::now();
  const SettingsSpace space = this->space(options);
  Match match;
  // The workers load the effect while the two recordings are described.
  std::future<Target> describing = std::async(std::launch::async, [&] {
    Target made(input, reference, options.distance);
    match.distance_before = made.distance(made.describe(input));
    return made;
  });
  BatchRenderer& renderer = state_->renderer(input.sample_rate(), input.channels());
  const Target target = describing.get();
  const auto clip = renderer.add_clip(input);
  match.profile.setup_seconds = seconds_since(begin);
  match.settings = space.base();
  match.distance_after = std::numeric_limits<double>::infinity();

  // Ends a population that is under way, for the caller's reasons and for two of its own: no time is left, or the
  // plugin hangs, so that every further render would cost a whole deadline.
  std::stop_source halt;
  const std::stop_callback forward(stop, [&] { halt.request_stop(); });
  const auto out_of_time = [&] { return options.seconds && seconds_since(begin) >= *options.seconds; };

  Tally tally;
  const auto evaluate = [&](const std::vector<std::vector<float>>& settings) {
    std::vector<BatchRenderer::Job> jobs;
    jobs.reserve(settings.size());
    for (const auto& s : settings) jobs.push_back({clip, s});
    std::vector<double> costs(settings.size(), std::numeric_limits<double>::infinity());
    renderer.render(
        jobs,
        [&](std::size_t job, const RenderOutcome& outcome, AudioView audio) {
          const auto start = Clock::now();
          if (outcome.status == RenderStatus::ok) costs[job] = target.distance(target.describe(audio));
          const double spent = seconds_since(start);
          const std::scoped_lock lock(tally.mutex);
          tally.plugin_seconds += outcome.plugin_seconds;
          tally.describe_seconds += spent;
          if (outcome.status == RenderStatus::cancelled) return;
          ++tally.renders;
          if (outcome.status != RenderStatus::ok) {
            ++tally.failed;
            if (tally.first_failure.empty()) tally.first_failure = outcome.message;
          }
          if (outcome.status == RenderStatus::timed_out) ++tally.timed_out;
          const bool any_success = tally.renders > tally.failed;
          if (any_success ? out_of_time() : tally.timed_out >= renderer.workers()) halt.request_stop();
        },
        halt.get_token());
    for (std::size_t i = 0; i < costs.size(); ++i) {
      if (costs[i] < match.distance_after) {
        match.distance_after = costs[i];
        match.settings = settings[i];
      }
    }
    return costs;
  };

  if (space.free().empty()) {
    evaluate({space.base()});
  } else {
    SearchOptions search_options;
    for (const auto& knob : space.free()) search_options.dimensions.push_back({knob.categories});
    search_options.starts.push_back(space.point_of(space.base()));
    search_options.seed = options.seed;
    search_options.budget = options.budget;
    const auto search = make_search(options.search, search_options);
    while (!search->done() && !match.stopped && !halt.stop_requested()) {
      auto start = Clock::now();
      std::vector<std::vector<float>> settings;
      for (const auto& point : search->ask()) settings.push_back(space.expand(point));
      match.profile.search_seconds += seconds_since(start);
      const auto costs = evaluate(settings);
      start = Clock::now();
      if (!halt.stop_requested()) search->tell(costs);
      match.profile.search_seconds += seconds_since(start);
      match.stopped = stop.stop_requested() || (!search->done() && out_of_time());
      if (progress) {
        progress({"matching", std::min(tally.renders, options.budget), options.budget,
                  std::isfinite(match.distance_after) ? fmt::format("distance {:.3f}", match.distance_after) : ""});
      }
    }
  }
  renderer.remove_clip(clip);

  match.renders = tally.renders;
  match.failed_renders = tally.failed;
  match.first_failure = tally.first_failure;
  if (!std::isfinite(match.distance_after)) {
    if (tally.failed == 0) throw Error(ErrorCode::cancelled, "stopped before the first render was done");
    throw Error(
        ErrorCode::plugin_failed,
        fmt::format("cannot match with '{}': {}; the first: {}", state_->chain.front().info.name,
                    tally.failed == 1 ? "the only render failed" : fmt::format("all {} renders failed", tally.failed),
                    tally.first_failure));
  }
  match.kept_dry = match.distance_after >= match.distance_before * (1.0 - least_gain);
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
  const double available = match.profile.wall_seconds * static_cast<double>(renderer.workers());
  match.profile.plugin_share = tally.plugin_seconds / available;
  match.profile.describe_share = tally.describe_seconds / available;
  return match;
}

Match Matcher::match_files(const std::filesystem::path& input, const std::filesystem::path& reference,
                           const MatchOptions& options, const Progress& progress, std::stop_token stop) {
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
  Match result = match(in.clip, target.clip, options, progress, std::move(stop));
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
  recipe.renders = match.renders;
  recipe.distance = options.distance;
  recipe.distance_before = match.distance_before;
  recipe.distance_after = match.distance_after;
  return recipe;
}

}  // namespace soundalike
