#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace soundalike::serve {

using Json = nlohmann::ordered_json;

/// The JSON of a request's body. @throws Error invalid_argument for what is none, or is nested deeper than 32.
Json parse_json(std::string_view text);

/// A JSON object that a client sent, asked for by key. Every accessor throws Error invalid_argument, naming the key,
/// for a value of another type or out of range; those without a fallback also when there is none.
///
///   const Fields fields(parse_json(request.body));
///   const double wet = fields.number("dry_wet", 0.0, 1.0, 1.0);
class Fields {
 public:
  /// @throws Error invalid_argument for anything but an object.
  explicit Fields(Json json);

  bool has(std::string_view key) const;
  std::string text(std::string_view key) const;
  std::string text(std::string_view key, std::string fallback) const;
  double number(std::string_view key, double low, double high) const;
  double number(std::string_view key, double low, double high, double fallback) const;
  std::uint64_t whole(std::string_view key, std::uint64_t low, std::uint64_t high, std::uint64_t fallback) const;
  bool flag(std::string_view key, bool fallback) const;
  /// Numbers in [0, 1].
  std::vector<float> settings(std::string_view key) const;
  /// A text, or a list of texts; at least one, at most 8.
  std::vector<std::string> texts(std::string_view key) const;
  const Json& list(std::string_view key) const;

 private:
  const Json* find(std::string_view key) const;

  Json json_;
};

/// JSON has no infinity and no NaN: null stands for them.
Json number_or_null(double value);

}  // namespace soundalike::serve
