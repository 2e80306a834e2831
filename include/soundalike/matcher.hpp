#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "soundalike/batch_renderer.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/profile.hpp"
#include "soundalike/progress.hpp"
#include "soundalike/recipe.hpp"
#include "soundalike/settings_space.hpp"

namespace soundalike {

/// Which of the renders a match returns.
enum class Decision {
  consensus,  ///< the one that is least wrong to be expected, see least_expected_difference()
  nearest,    ///< the one nearest to the reference
};

/// Where the search of a match begins.
enum class Start {
  automatic,  ///< predict where there is a controller for the chain, else profile
  predict,    ///< where a controller expects the settings
  profile,    ///< the profiles' settings first, then all over the box
  random,     ///< all over the box
};

struct MatchOptions {
  std::size_t budget = 400;       ///< renders of the analysis clip; more finds nearer settings, up to a point
  std::optional<double> seconds;  ///< stop searching after this long; absent: only the budget counts
  std::uint64_t seed = 1;
  std::string distance = "style";  ///< name in style_distances()
  std::string search = "auto";     ///< name in search_methods()
  Decision decision = Decision::consensus;
  Start start = Start::automatic;
  /// false: take the controller's prediction as it is. It is rendered once, so that it can be told how near it came,
  /// and not taken when it is no nearer than the dry input.
  bool refine = true;
  std::optional<std::filesystem::path> controller;          ///< absent: the first that find_predictor() finds
  std::vector<std::pair<std::string, std::string>> pinned;  ///< knob, value as people write it
  std::vector<std::string> freed;                           ///< knobs to search although the profile fixes them
  double amount = 1.0;                                      ///< 0 ... 1: how much of the way to go, see Match::settings
  bool match_loudness = true;       ///< output as loud as the reference; else as loud as the effect makes it
  double input_lufs = -18.0;        ///< the level the effects see
  double analysis_seconds = 10.0;   ///< most of the input that is rendered in the search
  double reference_seconds = 30.0;  ///< most of the reference that is described
  /// Told of each render that comes nearer than all before: how many there were with it, its settings [parameters], its
  /// distance. Called from the thread that matches; must return quickly.
  std::function<void(std::size_t renders, std::span<const float> settings, double distance)> on_nearer{};
};

/// Where the time of a match went. Shares are processor time over (wall time x the machine's cores), so that together
/// they are never above 1; they shrink when other programs want the cores too, or when there are fewer workers than
/// cores.
struct MatchProfile {
  double wall_seconds = 0.0;
  double setup_seconds = 0.0;    ///< until the first render could begin: workers started, recordings described
  double predict_seconds = 0.0;  ///< of the setup: in the controller and its encoder
  double search_seconds = 0.0;   ///< in the search itself, while no render runs
  double plugin_share = 0.0;     ///< inside plugins
  double describe_share = 0.0;   ///< in the style distance
};

/// What a search found.
struct Match {
  std::vector<float> settings;       ///< [parameters]: the best found, before `amount`
  std::vector<float> used_settings;  ///< after `amount`: on the way from neutral, when the chain has a neutral setting
  double wet = 1.0;                  ///< `amount` when there is no neutral setting; 0 when the dry signal is kept
  double distance_before = 0.0;      ///< of the dry input to the reference
  double distance_after = 0.0;       ///< of the chosen render to the reference
  std::vector<float> nearest_settings;  ///< [parameters]: of the render nearest to the reference
  double nearest_distance = 0.0;        ///< of the nearest render to the reference
  std::string controller;               ///< name of the one that predicted; empty: none did
  std::string controller_digest;
  std::vector<float> predicted_settings;     ///< [parameters]: the prediction; empty without one
  std::optional<double> predicted_distance;  ///< of its render to the reference; absent: none, or it failed
  /// No render came nearer than the dry input, but for a thousandth, or the dry input is the least wrong to be
  /// expected.
  bool kept_dry = false;
  bool stopped = false;  ///< the user or the clock stopped it early
  std::size_t renders = 0;
  std::size_t failed_renders = 0;
  std::string first_failure;    ///< message of the first failed render; empty when none failed
  double input_gain_db = 0.0;   ///< applied before the chain; match_files() only
  double reference_lufs = 0.0;  ///< loudness of the whole reference; match_files() only
  MatchProfile profile;
};

/// Finds the settings that make an input sound like a reference. The one use case: the program, the server and any
/// binding call exactly this.
///
///   Matcher matcher({library.find("mda Overdrive")});
///   Match match = matcher.match_files("dry.wav", "reference.flac", {});
///   Recipe recipe = matcher.recipe(match, ...);
///
/// One thread calls; it uses all cores.
class Matcher {
 public:
  /// @param chain at least one effect. Profiles are looked up with find_profile().
  explicit Matcher(std::vector<EffectListing> chain, RendererOptions renderer = {});
  ~Matcher();
  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;

  const std::vector<EffectListing>& chain() const;
  /// The knobs as the profiles, pins and frees of `options` leave them.
  SettingsSpace space(const MatchOptions& options) const;
  std::size_t block_size() const;
  /// The settings that a controller predicts [parameters], without a render; pinned and fixed knobs stay. Nothing when
  /// there is none for the chain, or options.start wants none.
  /// @throws Error as match(): not_found when options.start wants one, invalid_argument when options.controller is for
  ///         another chain.
  std::optional<std::vector<float>> predict(AudioView input, AudioView reference, const MatchOptions& options);

  /// Matches recordings in memory: mono or stereo, any rates; the input may be of any length but all of it is rendered
  /// `budget` times, so give an excerpt. `input` should be at the level the effects are to see.
  /// @throws Error invalid_argument (too short: under 100 ms), bad_audio (silent), plugin_failed (no render succeeded),
  ///         not_found (no controller where options.start or options.refine want one).
  Match match(AudioView input, AudioView reference, const MatchOptions& options, const Progress& progress = {},
              const std::stop_token& stop = {});

  /// Matches files: picks the most informative excerpts of both in bounded memory, brings the input to
  /// options.input_lufs and calls match().
  Match match_files(const std::filesystem::path& input, const std::filesystem::path& reference,
                    const MatchOptions& options, const Progress& progress = {}, const std::stop_token& stop = {});

  /// The recipe that repeats a match on files of this rate and channel count.
  Recipe recipe(const Match& match, const MatchOptions& options, SampleRate rate, std::size_t channels) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace soundalike
