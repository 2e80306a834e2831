#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iterator>

#include "evaluate/example.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/html.hpp"
#include "soundalike/level.hpp"
#include "soundalike/picture.hpp"
#include "soundalike/protocol.hpp"

namespace soundalike::evaluate {
namespace {

namespace fs = std::filesystem;

// What a page can carry: players are to be compared, not to be listened to at length.
constexpr double most_seconds = 4.0;
constexpr float ceiling = 0.95f;

// RFC 4648.
std::string base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  result.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t k) {
      return k < bytes.size() ? std::uint32_t{static_cast<unsigned char>(bytes[k])} : 0u;
    };
    const std::uint32_t three = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    result += digits[three >> 18];
    result += digits[three >> 12 & 63];
    result += i + 1 < bytes.size() ? digits[three >> 6 & 63] : '=';
    result += i + 2 < bytes.size() ? digits[three & 63] : '=';
  }
  return result;
}

// A file of its own beside the run's, read back and removed.
template <typename Write>
std::string bytes_of(const fs::path& folder, const std::string& name, const Write& write) {
  const fs::path file = folder / name;
  write(file);
  std::ifstream in(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  fs::remove(file);
  return bytes;
}

AudioBuffer beginning(const fs::path& file) {
  const AudioBuffer whole = read_audio(file);
  return AudioBuffer(
      whole.view().excerpt(0, static_cast<std::size_t>(std::lround(most_seconds * whole.sample_rate().hz))));
}

}  // namespace

std::string example(const fs::path& folder, const std::string& title, const std::vector<std::string>& systems) {
  std::vector<std::pair<std::string, AudioBuffer>> sounds;
  for (const char* name : {"input", "reference", "target"}) {
    sounds.emplace_back(name, beginning(folder / (std::string(name) + ".wav")));
  }
  const AudioView target = sounds.back().second;
  const double level = rms(target);
  for (const auto& name : systems) {
    const fs::path file = folder / (name + ".wav");
    if (!fs::exists(file)) continue;  // it failed on this pair; the tables count it
    sounds.emplace_back(name, beginning(file));
  }
  // All as loud as the target, and all together below full scale.
  float peak = 0.0f;
  for (auto& [name, sound] : sounds) {
    const double own = rms(sound);
    const auto gain = static_cast<float>(own > 0.0 ? level / own : 1.0);
    for (float& x : sound.samples()) x *= gain;
    peak = std::max(peak, peak_of(sound.samples()));
  }
  const float down = peak > ceiling ? ceiling / peak : 1.0f;
  std::string players;
  std::vector<SpectrogramRow> rows;
  for (auto& [name, sound] : sounds) {
    for (float& x : sound.samples()) x *= down;
    const std::string flac = bytes_of(
        folder, "player.flac", [&clip = sound](const fs::path& file) { write_audio(file, clip, SampleFormat::int16); });
    players += fmt::format(
        "<div><span>{}</span><audio controls preload=\"none\" src=\"data:audio/flac;base64,{}\"></audio></div>\n",
        html_escape(name), base64(flac));
    const bool shown = name == "input" || name == "reference" || name == "target" || name == our_system;
    if (shown) rows.push_back({name, sound});
  }
  const std::string png =
      bytes_of(folder, "picture.png", [&](const fs::path& file) { write_spectrogram_picture(file, rows); });
  return fmt::format(
      "<details><summary>{}</summary>\n<div class=\"players\">\n{}</div>\n<figure><img loading=\"lazy\" "
      "alt=\"spectrograms of input, reference, target and output\" src=\"data:image/png;base64,{}\"></figure>\n"
      "</details>\n",
      html_escape(title), players, base64(png));
}

}  // namespace soundalike::evaluate
