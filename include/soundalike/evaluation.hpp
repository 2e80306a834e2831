#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/bootstrap.hpp"
#include "soundalike/corpus.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/matcher.hpp"
#include "soundalike/progress.hpp"

namespace soundalike {

/// What is compared. All systems see the same pairs; the oracle sees what no user has. `predict` and `refined` are
/// there for effects that have a controller.
enum class System {
  dry,         ///< do nothing
  preset,      ///< the effect at its default settings
  middle,      ///< every free knob in the middle of its range
  random,      ///< one random setting
  neighbour,   ///< the nearest to the reference among 200 random renders
  predict,     ///< what the controller predicts, as it is: no render, no look at the style distance
  refined,     ///< Matcher::match() from the prediction with few renders
  soundalike,  ///< Matcher::match() as the options say
  oracle,      ///< the nearest of the same search, told the true target instead of the reference
};
inline constexpr std::array systems{System::dry,     System::preset,     System::middle,
                                    System::random,  System::neighbour,  System::predict,
                                    System::refined, System::soundalike, System::oracle};
std::string_view to_string(System system);
/// @throws Error invalid_argument naming the nearest, or all of them.
System parse_system(std::string_view name);

/// One line of the table: the effect that is matched with, and the one that made the reference.
struct EvaluationCase {
  EffectListing effect;
  EffectListing maker;  ///< the same, or another implementation of its kind
};

struct EvaluationOptions {
  /// Which to run, in any order. The pairs and the random settings do not depend on it, so tables may be put together.
  std::vector<System> systems{std::begin(soundalike::systems), std::end(soundalike::systems)};
  Split split = Split::test;
  std::size_t pairs = 50;  ///< per case
  std::uint64_t seed = 2026;
  std::size_t neighbours = 200;  ///< random renders of the nearest-neighbour baseline
  double minimum_seconds = 2.0;  ///< of each half of a recording
  double maximum_seconds = 5.5;
  MatchOptions match;                 ///< budget, distance, search, start; its seed is derived per pair
  std::size_t refining_renders = 50;  ///< of `refined`
  RendererOptions renderer;
};

/// How near one system came on one pair. MRSTFT against the true target, lower is better.
struct Score {
  std::size_t item = 0;  ///< index into the cases
  std::size_t pair = 0;
  std::string recording;  ///< file name
  System system = System::dry;
  double mrstft = 0.0;           ///< auraloss's default, output brought to the target's RMS
  double mrstft_raw = 0.0;       ///< the same without level matching
  double mrstft_original = 0.0;  ///< the paper's definition, level-matched
  double distance = 0.0;         ///< style distance to the reference
  bool kept_dry = false;         ///< soundalike and oracle: no setting came nearer than the dry input
};

/// How much lower the second system's MRSTFT is than the first's, pair by pair.
struct Advantage {
  System over, of;
  Interval gain;  ///< above 0: `of` is nearer
};

/// How well one knob was found, where the maker is the effect itself.
struct Recovery {
  std::string parameter;
  double middle_error = 0.0;  ///< mean |0.5 - truth| of the settings in their range: 0.25 for even ones
  Interval predicted_error;   ///< mean |prediction - truth|
  double predicted_correlation = 0.0;
  Interval matched_error;  ///< of System::soundalike, where it was run
  double matched_correlation = 0.0;
};

struct CaseSummary {
  std::string effect, maker;
  std::size_t pairs = 0;
  std::vector<std::optional<Interval>> mrstft;  ///< by system, in the order of `systems`; nothing for those not run
  std::optional<Interval> gain;                 ///< dry - soundalike, paired; above 0 is better than doing nothing
  /// dry - oracle of the means. Nothing where the oracle is no nearer than dry: there is no gap to close.
  std::optional<double> gap;
  std::optional<double> gap_closed;   ///< share of it that soundalike closes; 1 equals the oracle
  std::size_t kept_dry = 0;           ///< pairs on which soundalike kept the dry signal
  std::vector<Advantage> advantages;  ///< of the prediction over the baselines, and refined over the full search
};

/// The settings of one free knob on one pair, normalised.
struct KnobScore {
  std::size_t item = 0;  ///< index into the cases
  std::size_t pair = 0;
  std::string parameter;
  double truth = 0.0;
  std::optional<double> predicted;  ///< absent without a controller
  std::optional<double> matched;    ///< by System::soundalike, also where it kept the dry signal
};

struct Evaluation {
  std::vector<EvaluationCase> cases;
  EvaluationOptions options;
  std::vector<Score> scores;
  std::vector<KnobScore> knobs;   ///< of cases whose maker is the effect itself
  std::size_t skipped_pairs = 0;  ///< references that the maker failed on or made silent
  bool stopped = false;
  std::vector<CaseSummary> summaries() const;
  /// One per knob of a case, in the effect's order; none when the maker is another effect.
  std::vector<Recovery> recoveries(std::size_t item) const;
};

/// Measures matching on recordings nobody fitted on. Each recording is cut in halves and brought to the matcher's
/// input level; the maker with random settings of its profile's free knobs makes the reference from one half and the
/// true target from the other, which is the input. Repeats bit for bit with the same options on the same machine.
/// @throws Error as Corpus, Matcher and BatchRenderer.
Evaluation evaluate_matching(const Corpus& corpus, std::vector<EvaluationCase> cases, const EvaluationOptions& options,
                             const Progress& progress = {}, const std::stop_token& stop = {});

/// Tables for docs/results.md: MRSTFT by system; where there are controllers, what their predictions gain; knobs.
std::string to_markdown(const Evaluation& evaluation);
std::string knobs_to_markdown(const Evaluation& evaluation);
/// One row per score.
std::string to_csv(const Evaluation& evaluation);

}  // namespace soundalike
