#include "soundalike/event_reader.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "soundalike/error.hpp"
#include "track/masked_crc.hpp"
#include "track/wire_reader.hpp"

namespace soundalike {
namespace {

constexpr std::uint64_t head_bytes = 12;
constexpr std::uint64_t tail_bytes = 4;
constexpr std::uint64_t longest_record = std::uint64_t{256} << 20;
constexpr std::size_t most_problems = 100;

bool checked(std::string_view bytes, std::string_view crc) {
  return track::masked(crc32c(bytes)) == track::little_endian(crc);
}

}  // namespace

void EventReader::problem(std::uint64_t offset, std::string_view what) {
  if (problems_.size() < most_problems) {
    problems_.push_back(fmt::format("at byte {}: {}", offset, what));
  } else {
    ++untold_;
    problems_.resize(most_problems);
    problems_.push_back(fmt::format("and {} more problems", untold_));
  }
}

bool EventReader::read(const std::function<void(const LoggedValue&)>& take, std::size_t bytes) {
  std::error_code missing;
  const std::uint64_t size = std::filesystem::file_size(file_, missing);
  std::ifstream in(file_, std::ios::binary);
  if (missing || !in) throw Error(ErrorCode::io, fmt::format("cannot read '{}'", file_.string()));
  if (lost_) {
    unfinished_ = 0;
    return false;
  }
  if (size < position_) {
    problem(size, "the file has become shorter than what was read of it");
    position_ = size;
  }
  const std::uint64_t end = position_ + bytes;
  in.seekg(static_cast<std::streamoff>(position_));
  std::string record;
  const auto get = [&](std::uint64_t count) {
    record.resize(count);
    return static_cast<bool>(in.read(record.data(), static_cast<std::streamsize>(count)));
  };
  while (position_ < end) {
    unfinished_ = size > position_ ? size - position_ : 0;
    if (unfinished_ < head_bytes || !get(head_bytes)) return false;
    const std::string_view head(record);
    if (!checked(head.substr(0, 8), head.substr(8))) {
      problem(position_, "the length of a record is damaged; what follows cannot be found");
      lost_ = true;
      return false;
    }
    const std::uint64_t length = track::little_endian(head.substr(0, 8));
    if (length > size || unfinished_ < head_bytes + length + tail_bytes) return false;
    if (length > longest_record) {
      problem(position_, fmt::format("a record of {} bytes is too long to read, and left out", length));
      position_ += head_bytes + length + tail_bytes;
      in.seekg(static_cast<std::streamoff>(position_));
      continue;
    }
    if (!get(length + tail_bytes)) return false;
    const std::string_view data = std::string_view(record).substr(0, length);
    if (!checked(data, std::string_view(record).substr(length))) {
      problem(position_, "a record is damaged and left out");
    } else {
      try {
        for (const LoggedValue& value : parse_event(data, position_ + head_bytes, plugins_)) take(value);
      } catch (const Error& error) {
        problem(position_, fmt::format("a record is left out: {}", error.what()));
      }
    }
    position_ += head_bytes + length + tail_bytes;
    unfinished_ = size > position_ ? size - position_ : 0;
  }
  return size > position_;
}

}  // namespace soundalike
