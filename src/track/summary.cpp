#include "track/summary.hpp"

#include <algorithm>
#include <cmath>

#include "soundalike/error.hpp"

namespace soundalike::track {
namespace {

std::uint32_t big_endian(std::string_view four) {
  std::uint32_t value = 0;
  for (const char byte : four) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

// Linear PCM, 16 bit: the one sound format that all readers of event files take.
std::string wav_bytes(AudioView audio) {
  const auto channels = static_cast<std::uint16_t>(audio.channels());
  const auto rate = static_cast<std::uint32_t>(std::lround(audio.sample_rate().hz));
  const auto size = static_cast<std::uint32_t>(audio.frames() * channels * 2);
  std::string wav = "RIFF";
  append_little_endian(wav, 36 + size);
  wav += "WAVEfmt ";
  append_little_endian(wav, std::uint32_t{16});
  append_little_endian(wav, std::uint16_t{1});
  append_little_endian(wav, channels);
  append_little_endian(wav, rate);
  append_little_endian(wav, rate * channels * 2);
  append_little_endian(wav, static_cast<std::uint16_t>(channels * 2));
  append_little_endian(wav, std::uint16_t{16});
  wav += "data";
  append_little_endian(wav, size);
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    for (std::size_t c = 0; c < channels; ++c) {
      const float x = audio.channel(c)[i];
      const float clipped = std::isfinite(x) ? std::clamp(x, -1.0f, 32767.0f / 32768.0f) : 0.0f;
      append_little_endian(wav, static_cast<std::uint16_t>(std::lround(clipped * 32768.0f)));
    }
  }
  return wav;
}

// SummaryMetadata{plugin_data{plugin_name, content}} with the empty tensor that the plug-in's own writer puts there.
Message hyperparameter_value(std::string_view tag, const Message& plugin_data) {
  const Message plugin = Message().bytes(1, "hparams").bytes(2, plugin_data.text());
  const Message empty_shape = Message().message(2, Message());
  const Message tensor = Message().integer(1, 1 /* float */).message(2, empty_shape);
  return Message().bytes(1, tag).message(9, Message().message(1, plugin)).message(8, tensor);
}

Message value_message(const EventFile::Hyperparameter& value) {  // google.protobuf.Value
  if (const auto* flag = std::get_if<bool>(&value)) return Message().integer(4, *flag ? 1 : 0);
  if (const auto* number = std::get_if<double>(&value)) return Message().number(2, *number);
  return Message().bytes(3, std::get<std::string>(value));
}

}  // namespace

Message image_message(std::string_view png) {
  constexpr std::string_view signature("\x89PNG\r\n\x1a\n", 8);
  if (png.size() < 33 || !png.starts_with(signature) || png.substr(12, 4) != "IHDR") {
    throw Error(ErrorCode::invalid_argument, "cannot write a picture to an event file: its bytes are not a PNG");
  }
  const unsigned kind = static_cast<unsigned char>(png[25]);
  const int channels = kind == 0 ? 1 : kind == 4 ? 2 : kind == 6 ? 4 : 3;
  return Message()
      .integer(1, big_endian(png.substr(20, 4)))
      .integer(2, big_endian(png.substr(16, 4)))
      .integer(3, channels)
      .bytes(4, png);
}

Message audio_message(AudioView audio) {
  if (audio.frames() == 0) {
    throw Error(ErrorCode::invalid_argument, "cannot write a sound to an event file: it has no frames");
  }
  return Message()
      .number(1, static_cast<float>(audio.sample_rate().hz))
      .integer(2, static_cast<std::int64_t>(audio.channels()))
      .integer(3, static_cast<std::int64_t>(audio.frames()))
      .bytes(4, wav_bytes(audio))
      .bytes(5, "audio/wav");
}

Message histogram_message(std::span<const float> values, std::size_t buckets) {
  std::vector<double> finite;
  for (const float value : values) {
    if (std::isfinite(value)) finite.push_back(value);
  }
  if (finite.empty()) finite.push_back(0.0);
  const auto [low, high] = std::ranges::minmax(finite);
  double sum = 0.0;
  double squares = 0.0;
  if (low == high || buckets == 0) buckets = 1;
  std::vector<double> limits(buckets);
  std::vector<double> counts(buckets, 0.0);
  const double width = (high - low) / static_cast<double>(buckets);
  for (std::size_t i = 0; i + 1 < buckets; ++i) limits[i] = low + width * static_cast<double>(i + 1);
  limits.back() = high;
  for (const double value : finite) {
    sum += value;
    squares += value * value;
    const double place = width > 0.0 ? (value - low) / width : 0.0;
    counts[std::min(buckets - 1, static_cast<std::size_t>(place))] += 1.0;
  }
  return Message()
      .number(1, low)
      .number(2, high)
      .number(3, static_cast<double>(finite.size()))
      .number(4, sum)
      .number(5, squares)
      .packed(6, limits)
      .packed(7, counts);
}

Message session_start_value(const std::map<std::string, EventFile::Hyperparameter>& values, std::string_view group,
                            double seconds) {
  Message info;
  for (const auto& [name, value] : values)
    info.message(1, Message().bytes(1, name).message(2, value_message(value)));  // a map's entry
  info.bytes(4, group).number(5, seconds);
  return hyperparameter_value("_hparams_/session_start_info", Message().integer(1, 0).message(3, info));
}

Message session_end_value(bool success, double seconds) {
  const Message info = Message().integer(1, success ? 1 : 2).number(2, seconds);
  return hyperparameter_value("_hparams_/session_end_info", Message().integer(1, 0).message(4, info));
}

}  // namespace soundalike::track
