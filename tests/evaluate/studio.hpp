#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "fixtures/signals.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/corpus.hpp"
#include "soundalike/evaluation.hpp"

/// Recordings of the test split, and a protocol that is done with them in a second.
class Studio {
 public:
  explicit Studio(std::size_t recordings = 3) {
    std::filesystem::create_directory(path("recordings"));
    std::size_t made = 0;
    for (int number = 0; made < recordings; ++number) {
      const std::string name = "song_" + std::to_string(number) + ".wav";
      if (soundalike::split_of(name) != soundalike::Split::test) continue;
      write_recording(path("recordings") / name, number);
      names.push_back(name);
      ++made;
    }
    protocol.title = "tests";
    protocol.data = {path("recordings")};
    protocol.pairs = recordings;
    protocol.minimum_seconds = 0.4;
    protocol.examples = 0;
    protocol.systems = {"dry"};
    protocol.metrics = {"mrstft", "lufs-error"};
    protocol.match.budget = 12;
    protocol.refining_renders = 6;
    protocol.neighbours = 4;
    protocol.cases = {{"", {"builtin:saturator"}, {}}};
  }

  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }
  soundalike::Evaluation evaluate(std::size_t threads = 2) const {
    return soundalike::evaluate_protocol(protocol, library(), {.threads = threads});
  }
  soundalike::Evaluation run(const std::string& folder, const std::stop_token& stop = {},
                             soundalike::EvaluateOptions options = {.threads = 2}) const {
    return soundalike::run_evaluation(protocol, path(folder), library(), options, "test", {}, stop);
  }
  static const soundalike::EffectLibrary& library() {
    static const soundalike::EffectLibrary only_ours(
        {.use_cache = false, .lv2_path = "", .vst3_path = "", .ladspa_path = ""});
    return only_ours;
  }
  static std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// 1.2 s of noise bursts over a tone, mono, 16 kHz.
  static void write_recording(const std::filesystem::path& file, int seed, double seconds = 1.2) {
    const auto frames = static_cast<std::size_t>(16000 * seconds);
    soundalike::AudioBuffer audio = noise(frames, 16000.0, 1, 0.2, static_cast<unsigned>(seed + 1));
    for (std::size_t i = 0; i < frames; ++i) {
      audio.channel(0)[i] *= 0.2f + 0.8f * static_cast<float>(i / 1600 % 2);
      audio.channel(0)[i] += 0.2f * static_cast<float>(std::sin(0.02 * (1 + seed % 7) * static_cast<double>(i)));
    }
    soundalike::write_audio(file, audio);
  }

  soundalike::Protocol protocol;
  std::vector<std::string> names;

 private:
  TempFolder folder_;
};

/// What one system got on one pair.
inline const soundalike::SystemRecord& record_of(const soundalike::Evaluation& evaluation, std::size_t pair,
                                                 const std::string& system) {
  for (const auto& record : evaluation.records[pair].systems) {
    if (record.system == system) return record;
  }
  throw std::runtime_error("no record of " + system);
}
