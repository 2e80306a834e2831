#include "soundalike/npy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>

#include "latent/file_text.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t alignment = 64;
constexpr std::size_t most_dimensions = 8;

template <typename Number>
float number_at(const char* bytes, bool swapped) {
  std::array<char, sizeof(Number)> raw;
  std::memcpy(raw.data(), bytes, raw.size());
  if (swapped) std::ranges::reverse(raw);
  return static_cast<float>(std::bit_cast<Number>(raw));
}

struct NumberKind {
  std::string_view name;  // without byte order
  std::size_t size;
  float (*read)(const char* bytes, bool swapped);
};
constexpr std::array kinds{
    NumberKind{"f4", 4, number_at<float>},         NumberKind{"f8", 8, number_at<double>},
    NumberKind{"i1", 1, number_at<std::int8_t>},   NumberKind{"i2", 2, number_at<std::int16_t>},
    NumberKind{"i4", 4, number_at<std::int32_t>},  NumberKind{"i8", 8, number_at<std::int64_t>},
    NumberKind{"u1", 1, number_at<std::uint8_t>},  NumberKind{"u2", 2, number_at<std::uint16_t>},
    NumberKind{"u4", 4, number_at<std::uint32_t>}, NumberKind{"u8", 8, number_at<std::uint64_t>},
    NumberKind{"b1", 1, number_at<std::uint8_t>},
};

[[noreturn]] void refuse(std::string_view origin, const std::string& reason) {
  throw Error(ErrorCode::invalid_argument, fmt::format("cannot read the array '{}': {}", origin, reason));
}

/// What follows `'key':` in the header's dictionary, up to the end of the header.
std::string_view entry(std::string_view header, std::string_view key, std::string_view origin) {
  const std::size_t at = header.find(fmt::format("'{}':", key));
  if (at == std::string_view::npos) refuse(origin, fmt::format("its header has no '{}'", key));
  std::string_view rest = header.substr(at + key.size() + 3);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  return rest;
}

std::vector<std::size_t> shape_of(std::string_view text, std::string_view origin) {
  std::vector<std::size_t> shape;
  const std::size_t end = text.find(')');
  if (!text.starts_with('(') || end == std::string_view::npos) refuse(origin, "its header has no shape");
  for (std::size_t at = 1; at < end;) {
    if (text[at] == ' ' || text[at] == ',') {
      ++at;
      continue;
    }
    std::size_t size = 0;
    const auto [next, problem] = std::from_chars(text.data() + at, text.data() + end, size);
    if (problem != std::errc() || shape.size() == most_dimensions) refuse(origin, "its shape makes no sense");
    shape.push_back(size);
    at = static_cast<std::size_t>(next - text.data());
  }
  return shape;
}

/// The product of a shape, if it does not exceed `most`.
std::optional<std::size_t> count_of(std::span<const std::size_t> shape, std::size_t most) {
  std::size_t count = 1;
  for (const std::size_t size : shape) {
    if (size != 0 && count > most / size) return std::nullopt;
    count *= size;
  }
  return count;
}

/// Fortran order to row-major: element i of the result stands at which place of the file.
std::vector<float> row_major(const std::vector<float>& values, const std::vector<std::size_t>& shape) {
  std::vector<float> result(values.size());
  std::vector<std::size_t> at(shape.size());
  for (float& value : result) {
    std::size_t place = 0;
    for (std::size_t d = shape.size(); d-- > 0;) place = place * shape[d] + at[d];
    value = values[place];
    for (std::size_t d = shape.size(); d-- > 0 && ++at[d] == shape[d];) at[d] = 0;
  }
  return result;
}

}  // namespace

NpyArray parse_npy(std::string_view bytes, std::string_view origin) {
  if (!bytes.starts_with(magic) || bytes.size() < 10) refuse(origin, "it is not in NumPy's format");
  const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])); };
  const std::size_t version = byte(6);
  if (version < 1 || version > 3) refuse(origin, fmt::format("it has format version {}, known are 1 to 3", version));
  const std::size_t begin = version == 1 ? 10 : 12;
  if (bytes.size() < begin) refuse(origin, "it is cut off");
  std::size_t length = byte(8) | byte(9) << 8;
  if (version > 1) length |= byte(10) << 16 | byte(11) << 24;
  if (length > bytes.size() - begin) refuse(origin, "it is cut off in its header");
  const std::string_view header = bytes.substr(begin, length);
  const std::string_view data = bytes.substr(begin + length);

  const std::string_view type = entry(header, "descr", origin);
  if (type.size() < 6 || type[0] != '\'' || type[4] != '\'') refuse(origin, "it holds no plain numbers");
  const auto kind = std::ranges::find(kinds, type.substr(2, 2), &NumberKind::name);
  if (kind == kinds.end() || std::string_view("<>|=").find(type[1]) == std::string_view::npos) {
    refuse(origin, fmt::format("it holds numbers of type {}; float32, float64, integers and booleans are read",
                               type.substr(0, 5)));
  }
  NpyArray result{shape_of(entry(header, "shape", origin), origin), {}};
  const auto count = count_of(result.shape, data.size());
  if (!count || *count * kind->size != data.size()) {
    refuse(origin, fmt::format("it holds {} bytes of numbers, which is not what its shape ({}) of {}-byte numbers says",
                               data.size(), fmt::join(result.shape, " x "), kind->size));
  }
  result.values.reserve(*count);
  for (std::size_t i = 0; i < *count; ++i) {
    result.values.push_back(kind->read(data.data() + i * kind->size, type[1] == '>'));
  }
  if (entry(header, "fortran_order", origin).starts_with("True")) {
    result.values = row_major(result.values, result.shape);
  }
  return result;
}

NpyArray read_npy(const std::filesystem::path& path) {
  return parse_npy(latent::file_text(path, "the array"), path.string());
}

std::string npy_bytes(std::span<const std::size_t> shape, std::span<const float> values) {
  if (count_of(shape, std::numeric_limits<std::size_t>::max() / sizeof(float)) != values.size()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot store {} numbers in the shape ({})", values.size(), fmt::join(shape, " x ")));
  }
  std::string header = fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}{}), }}",
                                   fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
  header.append(alignment - (10 + header.size() + 1) % alignment, ' ');
  header += '\n';
  std::string bytes(magic);
  bytes += '\x01';
  bytes += '\0';
  bytes += static_cast<char>(header.size() & 0xFF);
  bytes += static_cast<char>(header.size() >> 8);
  bytes += header;
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  return bytes;
}

void write_npy(const std::filesystem::path& path, const std::vector<std::size_t>& shape,
               std::span<const float> values) {
  write_file(path, npy_bytes(shape, values));
}

}  // namespace soundalike
