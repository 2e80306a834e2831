#pragma once

#include <chrono>
#include <mutex>
#include <stop_token>
#include <vector>

#include "match/proposal.hpp"
#include "match/target.hpp"
#include "soundalike/consensus.hpp"
#include "soundalike/matcher.hpp"
#include "soundalike/search.hpp"

namespace soundalike {

inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Spends a match's budget of renders on one clip and decides which of them to return.
///
/// By consensus, half of the budget goes all over the box first, so that the decision knows every kind of setting that
/// explains the reference; the search goes on from the best of these. Where there is a proposal, the box is its: all
/// over means as densely as settings are expected, and the prediction itself comes first. For one use, from one thread.
class SettingsSearch {
 public:
  /// All arguments must outlive it. @param proposal may be null. @param begin when the match began, for
  /// options.seconds.
  SettingsSearch(BatchRenderer& renderer, BatchRenderer::ClipId clip, AudioView input, const Target& target,
                 const SettingsSpace& space, const Proposal* proposal, const MatchOptions& options,
                 std::chrono::steady_clock::time_point begin);

  /// Fills in what was found; match.distance_before must be there. distance_after stays infinite when no render worked.
  void run(Match& match, const Progress& progress, const std::stop_token& stop);
  double plugin_seconds() const { return plugin_seconds_; }
  double describe_seconds() const { return describe_seconds_; }

 private:
  using Settings = std::vector<float>;
  SearchOptions search_options() const;
  void search_all_over(Match& match, const Progress& progress);
  Settings settings_at(std::span<const double> point) const;
  std::vector<double> point_at(const Settings& settings) const;
  void seek(Search& search, Match& match, const Progress& progress);
  std::vector<double> evaluate(const std::vector<Settings>& settings);
  void keep(const Settings& settings, double cost, RenderSketcher::Sketch sketch);
  void decide(Match& match) const;
  bool out_of_time() const { return options_.seconds && seconds_since(begin_) >= *options_.seconds; }

  BatchRenderer& renderer_;
  BatchRenderer::ClipId clip_;
  AudioView input_;
  const Target& target_;
  const SettingsSpace& space_;
  const Proposal* proposal_;
  const MatchOptions& options_;
  std::chrono::steady_clock::time_point begin_;
  RenderSketcher sketcher_;
  // Ends a population that is under way: the caller wants it, no time is left, or the plugin hangs, so that every
  // further render would cost a whole deadline.
  std::stop_source halt_;

  // The renders the decision is made among; all of one length.
  std::vector<Settings> settings_;
  std::vector<double> costs_;
  std::vector<RenderSketcher::Sketch> sketches_;
  Settings nearest_;
  double nearest_cost_;
  Settings predicted_;  // empty without a proposal
  std::optional<double> predicted_cost_;

  std::mutex mutex_;
  double plugin_seconds_ = 0.0;
  double describe_seconds_ = 0.0;
  std::size_t renders_ = 0;
  std::size_t failed_ = 0;
  std::size_t timed_out_ = 0;
  std::string first_failure_;
};

}  // namespace soundalike
