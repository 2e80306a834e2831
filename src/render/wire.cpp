#include "render/wire.hpp"

#include <cstring>
#include <string>
#include <type_traits>

#include "soundalike/error.hpp"

namespace soundalike::farm {
namespace {

// Writer and Reader share visit(): one list of fields serves both directions.
class Writer {
 public:
  template <typename T>
  requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  void operator()(const T& value) { append(&value, sizeof value); }
  void operator()(const std::string& text) {
    (*this)(text.size());
    append(text.data(), text.size());
  }
  void operator()(const std::filesystem::path& path) { (*this)(path.string()); }
  template <typename T>
  void operator()(const std::vector<T>& items) {
    (*this)(items.size());
    for (const T& item : items) visit(*this, item);
  }
  std::vector<std::byte> bytes;

 private:
  void append(const void* data, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(data);
    bytes.insert(bytes.end(), first, first + size);
  }
};

class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : rest_(bytes) {}
  template <typename T>
  requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  void operator()(T& value) { std::memcpy(&value, take(sizeof value), sizeof value); }
  void operator()(std::string& text) {
    std::size_t size = 0;
    (*this)(size);
    text.assign(reinterpret_cast<const char*>(take(size)), size);
  }
  void operator()(std::filesystem::path& path) {
    std::string text;
    (*this)(text);
    path = text;
  }
  template <typename T>
  void operator()(std::vector<T>& items) {
    std::size_t size = 0;
    (*this)(size);
    if (size > rest_.size()) throw damaged();
    items.resize(size);
    for (T& item : items) visit(*this, item);
  }

 private:
  static Error damaged() {
    return Error(ErrorCode::internal, "cannot read the description of an effect: it is damaged");
  }
  const std::byte* take(std::size_t size) {
    if (size > rest_.size()) throw damaged();
    const std::byte* data = rest_.data();
    rest_ = rest_.subspan(size);
    return data;
  }
  std::span<const std::byte> rest_;
};

template <typename Archive, typename T>
void fields(Archive& archive, T& value) {
  using Plain = std::remove_const_t<T>;
  auto each = [&archive](auto&... field) { (visit(archive, field), ...); };
  if constexpr (std::is_same_v<Plain, ChoiceValue>) {
    each(value.plain, value.label);
  } else if constexpr (std::is_same_v<Plain, Parameter>) {
    each(value.id, value.name, value.unit, value.kind, value.logarithmic, value.minimum, value.maximum,
         value.default_plain, value.choices, value.trigger, value.scales_with_rate);
  } else if constexpr (std::is_same_v<Plain, EffectInfo>) {
    each(value.id, value.name, value.klass, value.author, value.version, value.audio_inputs, value.audio_outputs);
  } else if constexpr (std::is_same_v<Plain, EffectListing>) {
    each(value.info, value.parameters, value.bundle, value.missing_features, value.unusable);
  } else if constexpr (std::is_same_v<Plain, RenderSetup>) {
    each(value.sample_rate.hz, value.channels, value.block_size);
  } else {
    static_assert(std::is_same_v<Plain, ChainDescription>);
    each(value.chain, value.setup);
  }
}

template <typename Archive, typename T>
void visit(Archive& archive, T& value) {
  if constexpr (requires { archive(value); }) {
    archive(value);
  } else {
    fields(archive, value);
  }
}

}  // namespace

std::vector<std::byte> encode(const ChainDescription& description) {
  Writer writer;
  visit(writer, description);
  return std::move(writer.bytes);
}

ChainDescription decode(std::span<const std::byte> bytes) {
  Reader reader(bytes);
  ChainDescription description;
  visit(reader, description);
  return description;
}

}  // namespace soundalike::farm
