#include "track/tensor.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>

#include "track/wire_reader.hpp"

namespace soundalike::track {
namespace {

constexpr std::size_t most_numbers = 1'000'000;

double half(std::uint16_t bits) {
  const int exponent = bits >> 10 & 0x1f;
  const double fraction = (bits & 0x3ff) / 1024.0;
  const double sign = (bits & 0x8000) != 0 ? -1.0 : 1.0;
  if (exponent == 31) return fraction == 0.0 ? sign * HUGE_VAL : std::nan("");
  return exponent == 0 ? sign * std::ldexp(fraction, -14) : sign * std::ldexp(1.0 + fraction, exponent - 15);
}

// Of TensorFlow's DataType: how wide it is, and what its bits mean.
struct Type {
  unsigned number;
  std::size_t width;
  double (*value)(std::uint64_t bits);
};
constexpr Type types[] = {
    {1, 4, [](std::uint64_t b) { return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(b))); }},
    {2, 8, [](std::uint64_t b) { return std::bit_cast<double>(b); }},
    {3, 4, [](std::uint64_t b) { return static_cast<double>(static_cast<std::int32_t>(b)); }},
    {5, 2, [](std::uint64_t b) { return static_cast<double>(static_cast<std::int16_t>(b)); }},
    {9, 8, [](std::uint64_t b) { return static_cast<double>(static_cast<std::int64_t>(b)); }},
    {10, 1, [](std::uint64_t b) { return static_cast<double>(b); }},
    {14, 2,
     [](std::uint64_t b) { return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(b << 16))); }},
    {19, 2, [](std::uint64_t b) { return half(static_cast<std::uint16_t>(b)); }},
};

const Type* find_type(std::uint64_t number) {
  for (const Type& type : types) {
    if (type.number == number) return &type;
  }
  return nullptr;
}

void take_raw(std::string_view raw, std::uint64_t data_type, std::vector<double>& numbers) {
  const Type* type = find_type(data_type);
  if (type == nullptr) return;
  for (; raw.size() >= type->width && numbers.size() < most_numbers; raw.remove_prefix(type->width)) {
    numbers.push_back(type->value(little_endian(raw.substr(0, type->width))));
  }
}

// A repeated field of numbers, packed or one by one.
void take_field(const WireReader::Field& field, std::size_t width, double (*value)(std::uint64_t),
                std::vector<double>& numbers) {
  if (field.type != 2) {
    numbers.push_back(value(field.integer));
    return;
  }
  if (width > 0) {
    for (std::string_view raw = field.bytes; raw.size() >= width && numbers.size() < most_numbers;
         raw.remove_prefix(width)) {
      numbers.push_back(value(little_endian(raw.substr(0, width))));
    }
    return;
  }
  // Variable-length integers: as fields of a message they would each need a key, so they are read by hand.
  std::uint64_t integer = 0;
  unsigned shift = 0;
  for (const char byte : field.bytes) {
    if (shift > 63 || numbers.size() >= most_numbers) return;
    integer |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    shift += 7;
    if ((byte & 0x80) != 0) continue;
    numbers.push_back(value(integer));
    integer = 0;
    shift = 0;
  }
}

std::vector<std::uint64_t> parse_shape(std::string_view bytes) {
  std::vector<std::uint64_t> shape;
  WireReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->number != 2 || field->type != 2 || shape.size() >= 16) continue;
    std::uint64_t size = 0;
    WireReader dimension(field->bytes);
    while (const auto inside = dimension.next()) {
      if (inside->number == 1) size = inside->integer;
    }
    shape.push_back(size);
  }
  return shape;
}

}  // namespace

std::string Tensor::described() const {
  std::string text;
  for (const std::uint64_t size : shape) text += fmt::format("{}{}", text.empty() ? "" : " x ", size);
  return text.empty() ? "a tensor" : "a tensor of " + text;
}

Tensor parse_tensor(std::string_view bytes) {
  Tensor tensor;
  std::uint64_t data_type = 0;
  std::string_view raw;
  WireReader reader(bytes);
  while (const auto field = reader.next()) {
    switch (field->number) {
      case 1:
        data_type = field->integer;
        break;
      case 2:
        tensor.shape = parse_shape(field->bytes);
        break;
      case 4:
        raw = field->bytes;
        break;
      case 5:
        take_field(*field, 4, types[0].value, tensor.numbers);
        break;
      case 6:
        take_field(*field, 8, types[1].value, tensor.numbers);
        break;
      case 7:
      case 10:
      case 11:
        take_field(*field, 0, types[4].value, tensor.numbers);
        break;
      case 8:
        if (field->type == 2) tensor.texts.push_back(field->bytes);
        break;
      case 13:
        take_field(*field, 0, find_type(data_type == 14 ? 14 : 19)->value, tensor.numbers);
        break;
      default:
        break;
    }
  }
  if (tensor.numbers.empty()) take_raw(raw, data_type, tensor.numbers);
  return tensor;
}

}  // namespace soundalike::track
