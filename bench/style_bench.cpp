// How long it takes to describe a recording, to measure MRSTFT and to resample: CPU time of one thread, as milliseconds
// and as multiples of real time, and the part of describe() that is FFTs.
//
//   style_bench [rounds]      prints one JSON object
#include <complex>
#include <utility>
#include <vector>

#include "measure.hpp"
#include "soundalike/fft.hpp"
#include "soundalike/mrstft.hpp"
#include "soundalike/resample.hpp"
#include "soundalike/style_distance.hpp"

using namespace soundalike;
using namespace soundalike::bench;

namespace {

constexpr std::size_t frames = 131072;
constexpr SampleRate rate{24000};

/// The FFTs that describe() cannot do without, as often as it makes them: spectra of three lengths with half overlap,
/// one cepstrum for every second medium one, and three transforms for the envelope of each of nine tracks.
class NecessaryFfts {
 public:
  NecessaryFfts() {
    for (const double seconds : {0.0426, 0.01066, 0.3413}) {
      const std::size_t size = fast_fft_size(static_cast<std::size_t>(std::lround(seconds * rate.hz)));
      add(size, 2 * frames / size);
    }
    add(kinds_[0].fft.size(), kinds_[0].count / 2);
    add(fast_fft_size(2 * kinds_[1].count), 3 * 9);
  }
  void run() {
    for (Kind& kind : kinds_) {
      for (std::size_t i = 0; i < kind.count; ++i) kind.fft.forward(kind.in, kind.out);
    }
  }

 private:
  struct Kind {
    Fft fft;
    std::size_t count;
    std::vector<float> in;
    std::vector<std::complex<float>> out;
  };
  void add(std::size_t size, std::size_t count) {
    Kind kind{Fft(size), count, std::vector<float>(size, 0.5f), {}};
    kind.out.resize(kind.fft.bins());
    kinds_.push_back(std::move(kind));
  }
  std::vector<Kind> kinds_;
};

}  // namespace

int main(int argc, char** argv) {
  return run_bench("style_bench", [&] {
    const int rounds = rounds_from(argc, argv, 1, 21);
    flush_to_zero();
    const double seconds = static_cast<double>(frames) / rate.hz;
    const AudioBuffer mono = make_music(1, seconds, rate, 1);
    const AudioBuffer other = make_music(1, seconds, rate, 2);
    const AudioBuffer stereo = make_music(2, seconds, rate, 3);
    const auto style = make_style_distance("style", {rate});
    const auto stereo_style = make_style_distance("style", {rate, 0.0, 2});
    const Mrstft metric(mono, MrstftOptions::auraloss());
    NecessaryFfts ffts;
    struct Series {
      const char* name;
      std::function<void()> work;
      std::vector<double> times = {};
    };
    std::vector<Series> all{
        {"describing mono", [&] { style->describe(mono); }},
        {"the FFTs of describing mono", [&] { ffts.run(); }},
        {"describing stereo", [&] { stereo_style->describe(stereo); }},
        {"MRSTFT to a prepared target", [&] { metric.distance(other); }},
        {"MRSTFT of a pair", [&] { mrstft(other, mono, MrstftOptions::auraloss()); }},
        {"resampling to 44.1 kHz", [&] { resample(mono, {44100}); }},
    };
    for (int round = -1; round < rounds; ++round) {  // the first warms up
      for (Series& series : all) {
        const double start = thread_cpu_seconds();
        series.work();
        if (round >= 0) series.times.push_back(thread_cpu_seconds() - start);
      }
    }
    nlohmann::ordered_json result{{"audio_seconds", seconds}, {"sample_rate", rate.hz}, {"rounds", rounds}};
    for (const Series& series : all) {
      const double time = median(series.times);
      result["figures"].push_back({{"what", series.name}, {"cpu_ms", 1e3 * time}, {"times_real_time", seconds / time}});
    }
    result["fft_share_of_describe"] = median(all[1].times) / median(all[0].times);
    return result;
  });
}
