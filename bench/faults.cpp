// Random faults in the middle of work: segmentation faults, hangs, NaN, exit() and memory hogs, of a plugin made for
// the tests, as many as asked for in the renders and as many in a match (fault_schedule.hpp). Both run with and
// without; the renders without a fault must have the same bits, and nothing may be left behind.
//
//   faults [faults in the renders and in the match]      prints one JSON object
#include <cstdlib>
#include <map>

#include "fault_schedule.hpp"
#include "leftovers.hpp"
#include "measure.hpp"
#include "process.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/error.hpp"
#include "soundalike/matcher.hpp"

using namespace soundalike;
using namespace soundalike::bench;

namespace {

constexpr SampleRate rate{24000};
constexpr std::size_t renders = 4000;
constexpr std::size_t budget = 2000;

RendererOptions renderer_options() {
  RendererOptions options;
  options.deadline_seconds = 0.5;
  options.memory_bytes = std::size_t{256} << 20;
  return options;
}

EffectListing faulty() {
  const auto build = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
  EffectLibrary::Options options;
  options.use_cache = false;
  options.lv2_path = (build / "tests/plugins").string();
  return EffectLibrary(options).find("Test Faulty");
}

std::vector<RenderResult> render_all(const EffectListing& listing) {
  BatchRenderer renderer({listing}, {rate, 1}, renderer_options());
  const auto clip = renderer.add_clip(make_music(1, 0.25, rate, 1));
  Rng rng(1);
  std::vector<std::vector<float>> settings(renders);
  std::vector<BatchRenderer::Job> jobs;
  for (auto& one : settings) {
    one = {static_cast<float>(rng.uniform()), static_cast<float>(rng.uniform())};
    jobs.push_back({clip, one});
  }
  return renderer.render(jobs);
}

Match match_once(const EffectListing& listing) {
  Matcher matcher({listing}, renderer_options());
  const AudioBuffer input = make_music(1, 2.0, rate, 1);
  AudioBuffer reference = make_music(1, 2.0, rate, 2);
  for (std::size_t i = reference.frames(); i-- > 1;) {  // duller and louder
    reference.channel(0)[i] = 0.8f * (reference.channel(0)[i] + reference.channel(0)[i - 1]);
  }
  MatchOptions options;
  options.budget = budget;
  return matcher.match(input, reference, options);
}

nlohmann::ordered_json measure(std::size_t faults) {
  const EffectListing listing = faulty();
  const auto plain = render_all(listing);
  const Match plain_match = match_once(listing);
  const auto files = names_in("/proc/self/fd");
  const auto segments = names_in("/dev/shm");
  const TemporaryFolder temporary;  // others use the common one
  ::setenv("TMPDIR", temporary.path().c_str(), 1);

  std::vector<RenderResult> disturbed;
  Match match;
  FaultSchedule::Met in_renders, in_match;
  {
    const TemporaryFolder folder;
    FaultSchedule schedule(folder.path());
    schedule.arm(renders, faults, 1);
    disturbed = render_all(listing);
    in_renders = schedule.disarm();
    schedule.arm(budget, faults, 2);
    match = match_once(listing);
    in_match = schedule.disarm();
  }

  std::map<std::string, std::size_t> ends;
  std::size_t other_bits = 0;
  for (std::size_t i = 0; i < renders; ++i) {
    ++ends[std::string(to_string(disturbed[i].outcome.status))];
    if (disturbed[i].outcome.usable() && !(disturbed[i].audio == plain[i].audio)) ++other_bits;
  }
  return {{"renders", renders},
          {"met_in_renders", in_renders.json()},
          {"ends", ends},
          {"undisturbed_renders_with_other_bits", other_bits},
          {"match_renders", match.renders},
          {"met_in_match", in_match.json()},
          {"match_failed_renders", match.failed_renders},
          {"match_first_failure", match.first_failure},
          {"match_distance", match.distance_after},
          {"match_distance_without_faults", plain_match.distance_after},
          {"match_distance_before", match.distance_before},
          {"children_left", children().size()},
          {"open_files_left", names_in("/proc/self/fd") != files},
          {"shared_segments_left", names_in("/dev/shm") != segments},
          {"temporary_files_left", !names_in(temporary.path()).empty()}};
}

}  // namespace

int main(int argc, char** argv) {
  return run_bench("faults", [&] { return measure(argc > 1 ? std::max(1ul, std::stoul(argv[1])) : 100); });
}
