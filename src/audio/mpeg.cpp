#include "audio/mpeg.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace soundalike {
namespace {

// A window on the file that moves forward with what is asked for.
class Bytes {
 public:
  explicit Bytes(int descriptor) : descriptor_(descriptor) {}

  /// `count` bytes at `offset`, nothing when the file ends before; count is at most the size of the window.
  const unsigned char* at(std::uint64_t offset, std::size_t count) {
    if (offset < first_ || offset + count > first_ + size_) {
      const ssize_t got = ::pread(descriptor_, window_.data(), window_.size(), static_cast<off_t>(offset));
      first_ = offset;
      size_ = got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    return count <= size_ && offset + count <= first_ + size_ ? window_.data() + (offset - first_) : nullptr;
  }

 private:
  int descriptor_;
  std::vector<unsigned char> window_ = std::vector<unsigned char>(65536);
  std::uint64_t first_ = 0;
  std::size_t size_ = 0;
};

// ISO/IEC 11172-3, 2.4.1.3, and 13818-3 for the half rates; MPEG 2.5 quarters them.
struct FrameHeader {
  std::array<unsigned char, 4> bytes;
  bool first_version;  // MPEG 1
  bool mono;
  int sample_rate;
  std::size_t length;  // bytes, this header included

  std::size_t side_information() const { return first_version ? (mono ? 17 : 32) : (mono ? 9 : 17); }
};

std::optional<FrameHeader> parse(std::array<unsigned char, 4> h) {
  constexpr std::array<int, 15> kbps_1{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
  constexpr std::array<int, 15> kbps_2{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
  constexpr std::array<int, 3> rates{44100, 48000, 32000};
  const int version = h[1] >> 3 & 3;  // 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
  const int layer = h[1] >> 1 & 3;    // 1: layer III
  const std::size_t bit_rate = h[2] >> 4;
  const std::size_t rate = h[2] >> 2 & 3;
  if (h[0] != 0xff || (h[1] & 0xe0) != 0xe0 || version == 1 || layer != 1) return std::nullopt;
  if (bit_rate == 0 || bit_rate == 15 || rate == 3) return std::nullopt;
  const bool first = version == 3;
  const int sample_rate = rates[rate] >> (first ? 0 : version == 2 ? 1 : 2);
  const int bits = (first ? kbps_1 : kbps_2)[bit_rate] * 1000;
  const int length = (first ? 144 : 72) * bits / sample_rate + (h[2] >> 1 & 1);
  return FrameHeader{h, first, (h[3] >> 6) == 3, sample_rate, static_cast<std::size_t>(length)};
}

std::optional<FrameHeader> frame_at(Bytes& file, std::uint64_t offset) {
  const unsigned char* h = file.at(offset, 4);
  return h ? parse({h[0], h[1], h[2], h[3]}) : std::nullopt;
}

bool same_stream(const FrameHeader& a, const FrameHeader& b) {
  return a.first_version == b.first_version && a.sample_rate == b.sample_rate;
}

std::uint64_t big_endian(const unsigned char* bytes) {
  return std::uint64_t{bytes[0]} << 24 | std::uint64_t{bytes[1]} << 16 | std::uint64_t{bytes[2]} << 8 | bytes[3];
}

bool says(const unsigned char* bytes, std::string_view id) { return bytes && std::equal(id.begin(), id.end(), bytes); }

// ID3v2: "ID3", version, flags, then the size of what follows in four times seven bits.
std::uint64_t after_tag(Bytes& file) {
  const unsigned char* t = file.at(0, 10);
  if (!says(t, "ID3")) return 0;
  return 10 + (std::uint64_t{t[6]} << 21 | std::uint64_t{t[7]} << 14 | std::uint64_t{t[8]} << 7 | t[9]);
}

struct Extent {
  std::uint64_t frames = 0;
  std::uint64_t end = 0;
};

// Walks over damage as decoders do: to the next header of the same stream that another one follows.
Extent walk(Bytes& file, std::uint64_t start, const FrameHeader& first) {
  Extent extent;
  bool in_step = true;
  for (std::uint64_t at = start; file.at(at, 4);) {
    const auto frame = frame_at(file, at);
    const bool fits = frame && same_stream(*frame, first) && file.at(at, frame->length);
    const auto next = fits && !in_step ? frame_at(file, at + frame->length) : std::nullopt;
    in_step = fits && (in_step || (next && same_stream(*next, first)));
    if (in_step) {
      ++extent.frames;
      extent.end = at + frame->length;
    }
    at += in_step ? frame->length : 1;
  }
  return extent;
}

}  // namespace

std::optional<MpegLength> mpeg_length(int descriptor) {
  Bytes file(descriptor);
  MpegLength length{.start = after_tag(file)};
  const auto first = frame_at(file, length.start);
  if (!first) return std::nullopt;
  const std::uint64_t tag = length.start + 4 + first->side_information();
  if (const unsigned char* x = file.at(tag, 16); says(x, "Xing") || says(x, "Info")) {
    const std::uint64_t present = big_endian(x + 4);
    length.has_header = present & 1;
    if ((present & 3) == 3) length.end = length.start + big_endian(x + 12);
  }
  if (says(file.at(length.start + 36, 4), "VBRI")) length.has_header = true;
  const auto second = frame_at(file, length.start + first->length);
  if (!length.has_header && !(second && same_stream(*first, *second))) return std::nullopt;
  return length;
}

std::vector<unsigned char> mpeg_length_frame(int descriptor, std::uint64_t start) {
  Bytes file(descriptor);
  const auto first = frame_at(file, start);
  if (!first) return {};
  const Extent extent = walk(file, start, *first);
  FrameHeader silent = *first;
  silent.bytes[1] |= 1;                                                           // no checksum
  silent.bytes[2] = static_cast<unsigned char>((silent.bytes[2] & 0x0c) | 0x90);  // room for the header; no padding
  silent.length = parse(silent.bytes)->length;
  std::vector<unsigned char> frame(silent.length);
  std::copy(silent.bytes.begin(), silent.bytes.end(), frame.begin());
  auto to = frame.begin() + static_cast<std::ptrdiff_t>(4 + silent.side_information());
  const auto put = [&to](std::uint64_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) *to++ = static_cast<unsigned char>(value >> shift & 0xff);
  };
  put(0x58696e67);  // "Xing"
  put(3);           // the two that follow: frames, bytes
  put(extent.frames);
  put(extent.end - start + silent.length);
  return frame;
}

}  // namespace soundalike
