#include "serve/live_render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "serve/response.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"

namespace soundalike::serve {
namespace {

constexpr double ceiling_db = -1.0;
constexpr std::size_t most_clients = 1024;

AudioBuffer scaled(AudioView audio, double gain_db) {
  AudioBuffer result(audio);
  const float gain = static_cast<float>(from_db(gain_db));
  for (float& x : result.samples()) x *= gain;
  return result;
}

}  // namespace

double input_gain_db(const Clip& clip) { return std::isfinite(clip.lufs) ? LiveRender::input_lufs - clip.lufs : 0.0; }

std::uint64_t LiveRender::take_ticket(std::string_view client) {
  if (client.empty()) return 0;
  const std::scoped_lock lock(mutex_);
  // A client that is forgotten has its waiting renders done all the same.
  if (newest_.size() >= most_clients && !newest_.contains(client)) newest_.clear();
  const std::uint64_t ticket = next_ticket_++;
  newest_.insert_or_assign(std::string(client), ticket);
  return ticket;
}

void LiveRender::check_wanted(std::string_view client, std::uint64_t ticket) const {
  if (ticket == 0) return;
  const std::scoped_lock lock(mutex_);
  const auto newest = newest_.find(client);
  if (newest != newest_.end() && newest->second > ticket) {
    throw Refusal{409, "superseded", "a newer render of the same client took the place of this one"};
  }
}

Heard LiveRender::render(const Hearing& hearing, std::string_view client, std::uint64_t ticket) {
  check_wanted(client, ticket);
  const Clip& clip = hearing.clip;
  const auto first = static_cast<std::size_t>(std::min(hearing.from, clip.seconds()) * clip.rate.hz);
  const double seconds = std::min(hearing.seconds, longest_seconds);
  const auto frames =
      std::min(clip.frames - std::min(first, clip.frames), static_cast<std::size_t>(seconds * clip.rate.hz));
  if (frames == 0) throw Error(ErrorCode::invalid_argument, "there is nothing to render: the part asked for is empty");
  const auto part = clips_.part(clip, first, frames);
  const AudioBuffer& dry = part->audio;

  Heard heard;
  AudioBuffer& mixed = heard.audio;
  if (hearing.dry_wet == 0.0) {
    mixed = dry;
  } else {
    auto lease = pool_.lease(hearing.chain, {clip.rate, clip.channels, hearing.block_size});
    check_wanted(client, ticket);  // it may have waited long
    const double gain_db = input_gain_db(clip);
    const auto result = lease.render(
        fmt::format("{}:{}:{}", clip.id, first, frames), [&] { return scaled(dry, gain_db); }, hearing.settings);
    heard.plugin_seconds = result.outcome.wall_seconds;
    if (!result.outcome.usable()) {
      throw Error(
          ErrorCode::plugin_failed,
          fmt::format("'{}' gave no sound at these settings: {}", hearing.chain.front().info.name,
                      result.outcome.message.empty() ? to_string(result.outcome.status) : result.outcome.message));
    }
    mixed = scaled(result.audio, -gain_db + (hearing.dry_wet > 0.0 ? 20.0 * std::log10(hearing.dry_wet) : 0.0));
    const float under = static_cast<float>(1.0 - hearing.dry_wet);
    for (std::size_t i = 0; under > 0.0f && i < mixed.samples().size(); ++i) {
      mixed.samples()[i] += under * dry.samples()[i];
    }
  }

  const double peak_db = to_db(peak_of(mixed.samples()));
  if (hearing.match_loudness) {
    const double lufs = quick_lufs(mixed);
    if (std::isfinite(lufs) && std::isfinite(part->lufs)) {
      heard.gain_db = guard_gain_db(peak_db, part->lufs - lufs, std::max(ceiling_db, to_db(peak_of(dry.samples()))));
      const float gain = static_cast<float>(from_db(heard.gain_db));
      for (float& x : mixed.samples()) x *= gain;
    }
  }
  heard.peak_db = peak_db + heard.gain_db;
  return heard;
}

namespace {

template <class Integer>
void append(std::string& bytes, Integer value) {
  for (std::size_t i = 0; i < sizeof(Integer); ++i) bytes.push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

}  // namespace

std::string wav_bytes(AudioView audio) {
  const auto channels = static_cast<std::uint16_t>(audio.channels());
  const auto rate = static_cast<std::uint32_t>(std::lround(audio.sample_rate().hz));
  const auto size = static_cast<std::uint32_t>(audio.frames() * channels * sizeof(float));
  std::string wav = "RIFF";
  wav.reserve(size + 64);
  append(wav, std::uint32_t{48} + size);
  wav += "WAVEfmt ";
  append(wav, std::uint32_t{16});
  append(wav, std::uint16_t{3});  // IEEE float
  append(wav, channels);
  append(wav, rate);
  append(wav, static_cast<std::uint32_t>(rate * channels * sizeof(float)));
  append(wav, static_cast<std::uint16_t>(channels * sizeof(float)));
  append(wav, std::uint16_t{32});
  wav += "fact";
  append(wav, std::uint32_t{4});
  append(wav, static_cast<std::uint32_t>(audio.frames()));
  wav += "data";
  append(wav, size);
  const std::size_t header = wav.size();
  wav.resize(header + size);
  for (std::size_t c = 0; c < channels; ++c) {
    char* at = wav.data() + header + c * sizeof(float);
    for (const float x : audio.channel(c)) {
      const auto bits = std::bit_cast<std::uint32_t>(x);
      for (std::size_t byte = 0; byte < sizeof(float); ++byte) at[byte] = static_cast<char>(bits >> (8 * byte) & 0xff);
      at += channels * sizeof(float);
    }
  }
  return wav;
}

}  // namespace soundalike::serve
