// Says spoken digits again from the 32 numbers of a VAE, and what lies between two of them. See README.md here.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "soundalike/audio_file.hpp"
#include "soundalike/encoder.hpp"
#include "soundalike/error.hpp"
#include "soundalike/network.hpp"
#include "soundalike/phase.hpp"
#include "soundalike/picture.hpp"
#include "soundalike/resample.hpp"

using namespace soundalike;

namespace {

constexpr float peak = 0.5f;  // of what is written

/// What a recording is to the VAE: its image's scale, which the VAE does not see, and its embedding, which it does.
struct Word {
  SpectrogramImage image;
  std::vector<float> embedding;
};

struct Voice {
  FrontEnd front_end;
  Network encode;
  Network decode;

  Word hear(const std::filesystem::path& file) const {
    const AudioBuffer audio = resample(to_mono(read_audio(file)), front_end.options().sample_rate);
    Word word{front_end.image(audio), {}};
    word.embedding = encode.run(word.image.values);
    return word;
  }
  /// The word that lies at `share` of the way from a to b.
  SpectrogramImage between(const Word& a, const Word& b, float share) const {
    std::vector<float> embedding(a.embedding.size());
    for (std::size_t i = 0; i < embedding.size(); ++i) {
      embedding[i] = a.embedding[i] + share * (b.embedding[i] - a.embedding[i]);
    }
    SpectrogramImage image{front_end.frames(), front_end.bins(), decode.run(embedding)};
    image.mean = a.image.mean + share * (b.image.mean - a.image.mean);
    image.deviation = a.image.deviation + share * (b.image.deviation - a.image.deviation);
    return image;
  }
  void say(const std::filesystem::path& file, const SpectrogramImage& image) const {
    AudioBuffer audio = reconstruct(front_end, image, "fast-griffin-lim");
    float loudest = 1e-9f;
    for (const float x : audio.samples()) loudest = std::max(loudest, std::abs(x));
    for (float& x : audio.samples()) x *= peak / loudest;
    write_audio(file, audio);
  }
};

Voice voice_of(const std::filesystem::path& model) {
  const Checkpoint checkpoint = read_checkpoint(model);
  return {FrontEnd(to_options(checkpoint.front_end)), Network(checkpoint, "encode"), Network(checkpoint, "decode")};
}

}  // namespace

int main(int count, char** words) {
  if (count != 5) {
    fmt::print(stderr, "usage: soundalike-digits <model.salmodel> <one.wav> <another.wav> <folder for the results>\n");
    return 2;
  }
  try {
    const Voice voice = voice_of(words[1]);
    const Word one = voice.hear(words[2]);
    const Word another = voice.hear(words[3]);
    const std::filesystem::path folder = words[4];
    std::filesystem::create_directories(folder);
    std::vector<ImageRow> rows{{"one, as it was", one.image}};
    for (const int percent : {0, 25, 50, 75, 100}) {
      const SpectrogramImage image = voice.between(one, another, 0.01f * static_cast<float>(percent));
      voice.say(folder / fmt::format("{:03}.wav", percent), image);
      rows.push_back({fmt::format("{} % of the way", percent), image});
    }
    rows.push_back({"the other, as it was", another.image});
    voice.say(folder / "one.wav", one.image);  // as it was, but for its phases
    voice.say(folder / "another.wav", another.image);
    write_image_picture(folder / "digits.png", rows);
    fmt::print("{}\n", (folder / "digits.png").string());
    return 0;
  } catch (const Error& error) {
    fmt::print(stderr, "soundalike-digits: {}\n", error.what());
    return exit_status(error.code());
  }
}
