#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "infer/step.hpp"
#include "soundalike/error.hpp"

namespace soundalike::infer {
namespace {

// Between two layers: 128 MiB. The largest front end makes 264321 numbers.
constexpr std::size_t most_numbers = std::size_t{1} << 25;

}  // namespace

std::string to_text(const Shape& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

std::size_t count_of(const Shape& shape, const std::string& where) {
  std::size_t count = 1;
  for (const std::size_t d : shape) {
    if (d == 0 || d > most_numbers / count) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("{}: a shape of {}; 1 to {} numbers are possible", where, to_text(shape), most_numbers));
    }
    count *= d;
  }
  return count;
}

LayerReader::LayerReader(const Checkpoint& checkpoint, const Layer& layer, Shape input, std::string where)
    : checkpoint_(checkpoint), layer_(layer), input_(std::move(input)), where_(std::move(where)) {}

void LayerReader::fail(const std::string& what) const {
  throw Error(ErrorCode::invalid_argument, fmt::format("{}: {}", where_, what));
}

const std::vector<double>* LayerReader::find(const char* option) {
  known_options_.insert(option);
  const auto found = layer_.options.find(option);
  return found == layer_.options.end() ? nullptr : &found->second;
}

double LayerReader::number(const char* option, double missing) {
  const auto* values = find(option);
  if (values == nullptr) return missing;
  if (values->size() != 1 || !std::isfinite(values->front())) fail(fmt::format("'{}' is not one number", option));
  return values->front();
}

double LayerReader::number(const char* option) {
  if (find(option) == nullptr) fail(fmt::format("no '{}'", option));
  return number(option, 0.0);
}

std::vector<std::size_t> LayerReader::sizes(const char* option) {
  std::vector<std::size_t> out;
  const auto* values = find(option);
  if (values == nullptr) return out;
  for (const double value : *values) {
    if (!(value >= 0.0 && value <= static_cast<double>(most_numbers)) || value != std::floor(value)) {
      fail(fmt::format("'{}' holds {:g}, which is no size", option, value));
    }
    out.push_back(static_cast<std::size_t>(value));
  }
  return out;
}

std::pair<std::size_t, std::size_t> LayerReader::pair(const char* option, std::size_t missing) {
  const auto values = sizes(option);
  if (values.empty()) return {missing, missing};
  if (values.size() > 2) fail(fmt::format("'{}' has {} numbers, expected one or two", option, values.size()));
  return {values.front(), values.back()};
}

bool LayerReader::has_tensor(const char* name) const {
  return checkpoint_.tensors.contains(fmt::format("{}.{}", layer_.name, name));
}

const Shape& LayerReader::shape_of(const char* name) const {
  const auto found = checkpoint_.tensors.find(fmt::format("{}.{}", layer_.name, name));
  if (found == checkpoint_.tensors.end()) fail(fmt::format("no tensor '{}.{}'", layer_.name, name));
  return found->second.shape;
}

Values LayerReader::tensor(const char* name, const Shape& shape) const {
  if (shape_of(name) != shape) {
    fail(fmt::format("tensor '{}.{}' is {}, expected {}", layer_.name, name, to_text(shape_of(name)), to_text(shape)));
  }
  const StoredTensor& stored = checkpoint_.tensors.at(fmt::format("{}.{}", layer_.name, name));
  if (stored.type != NumberType::f32 && stored.type != NumberType::f16) {
    fail(fmt::format("tensor '{}.{}' holds {}, expected f32 or f16", layer_.name, name, to_string(stored.type)));
  }
  Values values = stored.floats();
  if (values.size() != count_of(shape, where_)) fail(fmt::format("tensor '{}.{}' is empty", layer_.name, name));
  if (!std::ranges::all_of(values, [](float x) { return std::isfinite(x); })) {
    fail(fmt::format("tensor '{}.{}' holds NaN or infinity", layer_.name, name));
  }
  return values;
}

Values LayerReader::tensor_or(const char* name, const Shape& shape, float missing) const {
  return has_tensor(name) ? tensor(name, shape) : Values(count_of(shape, where_), missing);
}

void LayerReader::check_options() const {
  for (const auto& [key, values] : layer_.options) {
    if (!known_options_.contains(key)) fail(fmt::format("unknown option '{}'", key));
  }
}

}  // namespace soundalike::infer
