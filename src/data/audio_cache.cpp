#include "data/audio_cache.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/sha256.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;

constexpr std::array<char, 8> magic{'s', 'a', 'a', 'u', 'd', 'i', 'o', '1'};

struct Header {
  std::array<char, 8> magic;
  double rate;
  std::uint64_t channels, frames;
};
static_assert(sizeof(Header) == 32 && std::endian::native == std::endian::little);

}  // namespace

AudioCache::AudioCache(fs::path folder, SampleRate rate, std::size_t channels)
    : folder_(std::move(folder)), rate_(rate), channels_(channels) {
  std::error_code failure;
  fs::create_directories(folder_, failure);
  if (failure) {
    throw Error(ErrorCode::io,
                fmt::format("cannot make the cache folder '{}': {}", folder_.string(), failure.message()));
  }
}

fs::path AudioCache::place(const fs::path& source) const {
  std::error_code ignored;
  const fs::path real = fs::weakly_canonical(source, ignored);
  const auto changed = fs::last_write_time(source, ignored).time_since_epoch().count();
  const std::string key = fmt::format("{}|{}|{}|{}|{}", real.string(), fs::file_size(source, ignored), changed,
                                      std::bit_cast<std::uint64_t>(rate_.hz), channels_);
  return folder_ / (sha256_hex(key).substr(0, 32) + ".f32");
}

std::optional<std::size_t> AudioCache::frames(const fs::path& place) const {
  std::ifstream in(place, std::ios::binary);
  Header header{};
  if (!in.read(reinterpret_cast<char*>(&header), sizeof header)) return std::nullopt;
  if (header.magic != magic || header.rate != rate_.hz || header.channels != channels_) return std::nullopt;
  std::error_code failure;
  const auto size = fs::file_size(place, failure);
  if (failure || size != sizeof header + header.frames * channels_ * sizeof(float)) return std::nullopt;
  return header.frames;
}

std::optional<AudioBuffer> AudioCache::read(const fs::path& place, std::size_t first, std::size_t count) const {
  const auto total = frames(place);
  if (!total || first + count > *total) return std::nullopt;
  std::ifstream in(place, std::ios::binary);
  AudioBuffer audio(channels_, count, rate_);
  for (std::size_t c = 0; c < channels_; ++c) {
    in.seekg(static_cast<std::streamoff>(sizeof(Header) + (c * *total + first) * sizeof(float)));
    in.read(reinterpret_cast<char*>(audio.channel(c).data()), static_cast<std::streamsize>(count * sizeof(float)));
  }
  if (!in) return std::nullopt;
  return audio;
}

void AudioCache::write(const fs::path& place, AudioView audio) const {
  const Header header{magic, rate_.hz, channels_, audio.frames()};
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
  bytes.reserve(sizeof header + audio.frames() * channels_ * sizeof(float));
  for (std::size_t c = 0; c < channels_; ++c) {
    bytes.append(reinterpret_cast<const char*>(audio.channel(c).data()), audio.frames() * sizeof(float));
  }
  write_file(place, bytes);
}

}  // namespace soundalike
