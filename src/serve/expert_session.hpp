#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "serve/json_input.hpp"
#include "soundalike/latent_map.hpp"

namespace soundalike::serve {

/// What a session of the expert test asks: drawn once, from a seed.
struct ExpertPlan {
  struct Midpoint {
    std::size_t a = 0, b = 0;  ///< points: among the lowest and the highest of a column
    std::size_t c = 0;         ///< the point nearest to their middle, or, of a control, one of all
    bool control = false;
    std::string heard_a, heard_b, heard_c;  ///< blind ids
  };
  struct Prompt {
    std::string text;
    std::size_t start = 0;  ///< a point
  };
  std::string session, map, projection;
  std::uint64_t seed = 0;
  std::vector<Midpoint> midpoints;
  std::vector<Prompt> prompts;
  std::vector<std::string> questions;
};

struct ExpertOptions {
  std::string projection;  ///< of the map
  std::size_t midpoints = 6;
  std::vector<std::string> prompts{};  ///< empty: six of our own
  double control_share = 1.0 / 3.0;    ///< of the midpoints, rounded; which ones nobody is told
  std::uint64_t seed = 0;
};

/// The same map, options and session give the same plan.
ExpertPlan draw_plan(const LatentMap& map, const std::string& map_id, const std::string& session,
                     const ExpertOptions& options);

Json to_json(const ExpertPlan& plan);
/// @throws Error invalid_argument for what is none.
ExpertPlan parse_plan(const Json& json);

/// One person's way through the test: a plan, and what was done. Not for two threads at once.
class ExpertSession {
 public:
  struct Event {
    std::uint64_t client_seq = 0;
    std::string type;
    Json body;
  };
  explicit ExpertSession(ExpertPlan plan) : plan_(std::move(plan)) {}

  const ExpertPlan& plan() const { return plan_; }
  const std::vector<Event>& events() const { return events_; }
  /// Whether an event of this number is there already.
  bool knows(std::uint64_t client_seq) const;
  /// @throws Error invalid_argument for a type nobody knows, a score that is not 1 ... 10 whole, a number that is not
  ///         asked.
  void check(const Event& event) const;
  void add(Event event);

  /// The first score of a trial counts. @param type "score_midpoint", "score_prompt" or "score_question".
  const Event* score(std::string_view type, std::size_t number) const;
  /// How many trials there are of that type, and how many of them have a score.
  std::size_t asked(std::string_view type) const;
  std::size_t answered(std::string_view type) const;
  /// Which point a blind id stands for.
  std::optional<std::size_t> heard(std::string_view blind_id) const;
  /// What the page may know.
  Json state(const LatentMap& map, const std::string& effect) const;

 private:
  ExpertPlan plan_;
  std::vector<Event> events_;
};

}  // namespace soundalike::serve
