// Where the time of a match goes: 400 renders of 5.5 s mono at 24 kHz, for effects of few and of many knobs.
//
// Shares are processor time of (time on the wall x cores). On a machine that others use too, threads wait for a core in
// between, and all shares shrink; `core_seconds`, the CPU time of all threads and workers, does not, and a quarter of
// it is what four free cores need at best.
//
//   match_bench [rounds]      prints one JSON object
#include <thread>
#include <utility>

#include "measure.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/matcher.hpp"

using namespace soundalike;
using namespace soundalike::bench;

namespace {

constexpr SampleRate rate{24000};

struct Round {
  Match match;
  double core_seconds;
};

// The reference: other content, through the effect at settings that are not the default.
AudioBuffer make_reference(const Matcher& matcher) {
  const AudioBuffer other = make_music(1, 5.5, rate, 2);
  BatchRenderer renderer(matcher.chain(), {rate, 1}, {.workers = 1});
  const SettingsSpace space = matcher.space({});
  const auto settings = space.expand(std::vector<double>(space.free().size(), 0.65));
  return renderer.render({{{renderer.add_clip(other), settings}}}).front().audio;
}

Round match_once(const EffectListing& listing, const AudioBuffer& input) {
  std::optional<Matcher> matcher(std::in_place, std::vector{listing});
  const AudioBuffer reference = make_reference(*matcher);
  const double before = cpu_seconds(RUSAGE_SELF) + cpu_seconds(RUSAGE_CHILDREN);
  Match match = matcher->match(input, reference, {});
  matcher.reset();  // waits for its workers
  return {std::move(match), cpu_seconds(RUSAGE_SELF) + cpu_seconds(RUSAGE_CHILDREN) - before};
}

double median_of(const std::vector<Round>& rounds, double (*figure)(const Round&)) {
  std::vector<double> values;
  for (const Round& round : rounds) values.push_back(figure(round));
  return median(values);
}

}  // namespace

int main(int argc, char** argv) {
  return run_bench("match_bench", [&] {
    const int count = rounds_from(argc, argv, 1, 5);
    const AudioBuffer input = make_music(1, 5.5, rate, 1);
    const EffectLibrary library;
    const std::vector<std::string> names{"MDA Overdrive", "MDA Delay", "MDA Ambience", "MDA MultiBand"};
    std::vector<std::vector<Round>> rounds(names.size());
    for (int round = 0; round < count; ++round) {
      for (std::size_t i = 0; i < names.size(); ++i) rounds[i].push_back(match_once(library.find(names[i]), input));
    }
    nlohmann::ordered_json result{
        {"renders", MatchOptions{}.budget}, {"rounds", count}, {"cores", std::thread::hardware_concurrency()}};
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto figure = [&](double (*f)(const Round&)) { return median_of(rounds[i], f); };
      result["effects"].push_back(
          {{"effect", names[i]},
           {"knobs", Matcher({library.find(names[i])}).space({}).free().size()},
           {"wall_seconds", figure([](const Round& r) { return r.match.profile.wall_seconds; })},
           {"core_seconds", figure([](const Round& r) { return r.core_seconds; })},
           {"plugin_share", figure([](const Round& r) { return r.match.profile.plugin_share; })},
           {"describe_share", figure([](const Round& r) { return r.match.profile.describe_share; })},
           {"useful_share",
            figure([](const Round& r) { return r.match.profile.plugin_share + r.match.profile.describe_share; })},
           {"setup_seconds", figure([](const Round& r) { return r.match.profile.setup_seconds; })},
           {"search_seconds", figure([](const Round& r) { return r.match.profile.search_seconds; })}});
    }
    return result;
  });
}
