#include "soundalike/measure_files.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <fstream>
#include <stop_token>
#include <string>
#include <vector>

#include "fixtures/signals.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"

using namespace soundalike;

namespace {

/// Ten pairs of tones, output i quieter than its target by i dB; the fourth output is no audio, the sixth is shorter.
class Pairs {
 public:
  Pairs() {
    for (int i = 0; i < 10; ++i) {
      const std::string name = std::to_string(i);
      files.push_back({name, folder_ / ("output" + name + ".wav"), folder_ / ("target" + name + ".wav")});
      const double amplitude = 0.5 * std::pow(10.0, -i / 20.0);
      write_audio(files.back().output, sine(440.0, i == 6 ? 0.2 : 0.3, 8000.0, 1, amplitude));
      write_audio(files.back().target, sine(440.0, 0.3, 8000.0, 1, 0.5));
    }
    std::ofstream(files[4].output) << "no audio";
  }
  std::vector<FilePair> files;

 private:
  TempFolder folder_;
};

}  // namespace

TEST_CASE("pairs_are_told_in_order_whatever_the_threads") {
  const Pairs pairs;
  for (const std::size_t threads : {1, 3, 16}) {
    std::atomic<std::size_t> heard = 0;
    std::size_t told = 0;
    MeasureFilesOptions options{.metrics = {&find_metric("rms-error"), &find_metric("msd")}, .threads = threads};
    options.also = [&](std::size_t pair, const MetricAudio& output, const MetricAudio&) {
      heard += pair != 4 && output.audio().frames() == 2400 ? 1 : 100;
    };
    const auto measured = measure_files(pairs.files, options, [&](const ProgressUpdate& update) {
      ++told;
      CHECK(update.done == told);
      CHECK(update.total == 10);
    });
    REQUIRE(measured.size() == 10);
    for (int i = 0; i < 10; ++i) {
      CAPTURE(i);
      const MeasuredFiles& found = measured[static_cast<std::size_t>(i)];
      REQUIRE(found.values.size() == 2);
      if (i == 4 || i == 6) {
        CHECK(found.failure.find(i == 4 ? "output4.wav" : "1600 frames") != std::string::npos);
        for (const MetricValue& value : found.values) CHECK(value.failure == found.failure);
        continue;
      }
      CHECK(found.failure.empty());
      CHECK(*found.values[0].value == doctest::Approx(i).epsilon(1e-5));
      CHECK(found.values[1].failure.find("32769") != std::string::npos);
    }
    CHECK(heard == 8);
    CHECK(told == 10);
  }
}

TEST_CASE("trimmed_pairs_end_with_the_shorter_one") {
  const Pairs pairs;
  const auto measured = measure_files(pairs.files, {.metrics = {&find_metric("rms-error")}, .trim = true});
  REQUIRE(measured[6].values[0].value);
  CHECK(*measured[6].values[0].value == doctest::Approx(6.0).epsilon(1e-5));
}

TEST_CASE("a_stop_ends_measuring") {
  const Pairs pairs;
  std::stop_source stop;
  std::size_t told = 0;
  const auto progress = [&](const ProgressUpdate&) {
    if (++told == 2) stop.request_stop();
  };
  try {
    (void)measure_files(pairs.files, {.metrics = {&find_metric("rms-error")}}, progress, stop.get_token());
    FAIL("went on");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::cancelled);
  }
  CHECK(told == 2);
}
