#include "latent/journal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "latent/file_text.hpp"
#include "soundalike/error.hpp"

namespace soundalike::latent {
namespace {

constexpr std::string_view magic = "SALMAPJ1";
constexpr auto last_status = static_cast<std::uint32_t>(RenderStatus::cancelled);

// FNV-1a: tells a torn record from a whole one.
std::uint32_t checksum(std::string_view bytes) {
  std::uint32_t sum = 2166136261u;
  for (const char c : bytes) sum = (sum ^ static_cast<unsigned char>(c)) * 16777619u;
  return sum;
}

std::string record_of(std::uint32_t point, std::uint32_t status, std::span<const float> numbers) {
  std::string record(8 + numbers.size_bytes(), '\0');
  std::memcpy(record.data(), &point, 4);
  std::memcpy(record.data() + 4, &status, 4);
  if (!numbers.empty()) std::memcpy(record.data() + 8, numbers.data(), numbers.size_bytes());
  const std::uint32_t sum = checksum(record);
  record.append(reinterpret_cast<const char*>(&sum), 4);
  return record;
}

}  // namespace

Journal::Journal(const std::filesystem::path& file, const std::string& digest, std::size_t width, std::size_t points)
    : file_(file), width_(width), known_(points), status_(points, RenderStatus::cancelled), numbers_(points * width) {
  const std::string head = std::string(magic) + digest;
  const std::size_t size = 12 + 4 * width;
  std::size_t sound = 0;  // bytes of whole records
  if (std::filesystem::exists(file)) {
    const std::string text = file_text(file, "the journal");
    if (text.starts_with(head)) {
      for (sound = head.size(); sound + size <= text.size(); sound += size) {
        const std::string_view record(text.data() + sound, size);
        std::uint32_t point = 0, status = 0, sum = 0;
        std::memcpy(&point, record.data(), 4);
        std::memcpy(&status, record.data() + 4, 4);
        std::memcpy(&sum, record.data() + size - 4, 4);
        if (sum != checksum(record.substr(0, size - 4)) || point >= points || status >= last_status) break;
        std::vector<float> numbers(width);
        if (width > 0) std::memcpy(numbers.data(), record.data() + 8, 4 * width);
        put(point, status, numbers);
      }
    }
  }
  if (sound > 0) std::filesystem::resize_file(file, sound);
  out_.open(file, std::ios::binary | (sound > 0 ? std::ios::app : std::ios::trunc));
  if (sound == 0) out_ << head;
  flush();
}

void Journal::put(std::size_t point, std::uint32_t status, std::span<const float> numbers) {
  count_ += known_[point] == 0 ? 1 : 0;
  known_[point] = 1;
  status_[point] = static_cast<RenderStatus>(status);
  std::ranges::copy(numbers, numbers_.begin() + static_cast<std::ptrdiff_t>(point * width_));
}

void Journal::add(std::size_t point, RenderStatus status, std::span<const float> numbers) {
  std::vector<float> padded(numbers.begin(), numbers.end());
  padded.resize(width_);
  const auto code = static_cast<std::uint32_t>(status);
  const std::string record = record_of(static_cast<std::uint32_t>(point), code, padded);
  const std::lock_guard lock(writing_);
  put(point, code, padded);
  out_.write(record.data(), static_cast<std::streamsize>(record.size()));
}

void Journal::flush() {
  const std::lock_guard lock(writing_);
  if (!out_.flush()) {
    throw Error(ErrorCode::io,
                fmt::format("cannot write '{}': disk full or no permission; what was rendered before is kept, and the "
                            "same command goes on once there is room",
                            file_.string()));
  }
}

}  // namespace soundalike::latent
