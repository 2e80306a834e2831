#include "soundalike/batch_renderer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <stdexcept>
#include <string>

#include "render/rig.hpp"
#include "soundalike/error.hpp"

using namespace rig;

namespace {

// Effects whose output depended on other renders before workers were made pure, and plain ones; a chain besides.
const std::vector<std::vector<std::string>> chains{{"MDA Overdrive"}, {"MDA Delay"},    {"MDA RezFilter"},
                                                   {"MDA Leslie"},    {"MDA DubDelay"}, {"MDA Delay", "MDA RezFilter"}};

std::vector<EffectListing> find_chain(const std::vector<std::string>& names) {
  std::vector<EffectListing> chain;
  for (const std::string& name : names) {
    if (auto listing = find(name)) chain.push_back(*listing);
  }
  if (chain.size() != names.size()) chain.clear();
  return chain;
}

/// Jobs with random settings over two clips, the same for every renderer of one effect.
struct Work {
  explicit Work(BatchRenderer& renderer, std::size_t count = 24) {
    const auto longer = renderer.add_clip(noise(10000, 1, renderer.setup()));
    const auto shorter = renderer.add_clip(noise(3001, 2, renderer.setup()));
    Rng rng(5);
    settings.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t p = 0; p < renderer.parameters().size(); ++p) {
        settings[i].push_back(static_cast<float>(rng.uniform()));
      }
      jobs.push_back({i % 3 == 0 ? shorter : longer, settings[i]});
    }
  }
  std::vector<std::vector<float>> settings;
  std::vector<BatchRenderer::Job> jobs;
};

void check_equal(const std::vector<RenderResult>& a, const std::vector<RenderResult>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CAPTURE(i);
    CHECK(a[i].outcome.status == b[i].outcome.status);
    CHECK(a[i].outcome.peak == b[i].outcome.peak);
    CHECK(a[i].audio == b[i].audio);
  }
}

}  // namespace

TEST_CASE("results_do_not_depend_on_the_number_of_workers_or_the_order_of_jobs") {
  for (const auto& names : chains) {
    CAPTURE(names.back());
    const auto chain = find_chain(names);
    if (chain.empty()) {
      MESSAGE("skipped, not installed: " << names.back());
      continue;
    }
    BatchRenderer one(chain, mono, {.workers = 1});
    Work work(one);
    const auto expected = one.render(work.jobs);
    const auto usable = [](const RenderResult& result) { return result.outcome.usable(); };
    CHECK(std::count_if(expected.begin(), expected.end(), usable) >= 12);
    CHECK_FALSE(expected[0].audio == expected[3].audio);
    for (const std::size_t workers : {1, 2, 3, 8}) {
      CAPTURE(workers);
      BatchRenderer renderer(chain, mono, {.workers = workers});
      Work same(renderer);
      check_equal(renderer.render(same.jobs), expected);
      std::reverse(same.jobs.begin(), same.jobs.end());
      auto reversed = renderer.render(same.jobs);
      std::reverse(reversed.begin(), reversed.end());
      check_equal(reversed, expected);
    }
  }
}

TEST_CASE("a_stream_gives_the_bits_of_a_render") {
  for (const auto& names : chains) {
    CAPTURE(names.back());
    const auto chain = find_chain(names);
    if (chain.empty()) {
      MESSAGE("skipped, not installed: " << names.back());
      continue;
    }
    for (const std::size_t channels : {1, 2}) {
      const RenderSetup setup{SampleRate{24000}, channels};
      BatchRenderer renderer(chain, setup, {.workers = 2});
      const auto settings = defaults(renderer);
      for (const std::size_t frames : {0, 1, 1023, 1024, 70000, 700001}) {
        CAPTURE(frames);
        const AudioBuffer input = noise(frames, 3, setup);
        std::size_t read = 0;
        std::size_t calls = 0;
        std::vector<std::vector<float>> output(channels);
        renderer.stream(
            [&](std::size_t most) {
              // Pieces of all sizes, never more than asked for.
              const std::size_t count = std::min({most, frames - read, 1 + (calls++ * 7919) % 90000});
              const AudioView piece = input.view().excerpt(read, count);
              read += count;
              return AudioBuffer(piece);
            },
            [&](AudioView piece) {
              for (std::size_t c = 0; c < channels; ++c) {
                const auto samples = piece.channel(c);
                output[c].insert(output[c].end(), samples.begin(), samples.end());
              }
            },
            settings);
        const auto clip = renderer.add_clip(input);
        const BatchRenderer::Job job{clip, settings};
        const auto result = renderer.render({&job, 1});
        REQUIRE(result[0].outcome.usable());
        renderer.remove_clip(clip);
        for (std::size_t c = 0; c < channels; ++c) {
          REQUIRE(output[c].size() == frames);
          CHECK(std::equal(output[c].begin(), output[c].end(), result[0].audio.channel(c).begin()));
        }
      }
    }
  }
}
