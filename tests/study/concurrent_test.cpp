// Many listeners at once, over two programs' connections.
#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "soundalike/rng.hpp"
#include "study/example_study.hpp"

using namespace soundalike;

TEST_CASE("listeners_at_once_lose_and_double_nothing") {
  const TempFolder folder;
  example::write(folder.path());
  Study one(folder.path()), other(folder.path());
  constexpr int threads = 4, sessions = 3;
  std::vector<std::map<std::string, double>> given(threads * sessions);  // blind id -> last grade
  std::vector<std::string> codes(threads * sessions);
  std::atomic<std::size_t> sent = 0;
  std::vector<std::jthread> listeners;
  for (int t = 0; t < threads; ++t) {
    listeners.emplace_back([&, t] {
      Study& study = t % 2 == 0 ? one : other;
      Rng rng(static_cast<std::uint64_t>(t));
      for (int s = t * sessions; s < (t + 1) * sessions; ++s) {
        codes[static_cast<std::size_t>(s)] = study.create_session();
        const auto events = example::whole_session(study, codes[static_cast<std::size_t>(s)],
                                                   [&](const std::string& id, const TrialView& page) {
                                                     const auto steps = page.kind == TrialKind::likert ? 3u : 100u;
                                                     const int score = 1 + static_cast<int>(rng.below(steps));
                                                     given[static_cast<std::size_t>(s)][id] = score;
                                                     return score;
                                                   });
        (t % 2 == 0 ? other : one).append(codes[static_cast<std::size_t>(s)], events);  // sent again elsewhere
        sent += events.size();
      }
    });
  }
  listeners.clear();  // joins
  CHECK(one.sessions().size() == codes.size());
  const StudyResults results = one.results();
  CHECK(results.grades.size() == codes.size() * 10);
  std::size_t stored = 0;
  for (std::size_t s = 0; s < codes.size(); ++s) {
    stored += static_cast<std::size_t>(one.state(codes[s]).next_seq - 1);
    CHECK(one.state(codes[s]).stage == SessionStage::finished);
  }
  CHECK(stored == sent);
  std::multiset<double> scores, expected;
  for (const StudyGrade& g : results.grades) scores.insert(g.score);
  for (const auto& session : given) {
    for (const auto& [id, score] : session) expected.insert(score);
  }
  CHECK(scores == expected);
}
