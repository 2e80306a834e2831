#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace soundalike::latent {

/// @param what stands in errors: "the map 'drive'". @throws Error invalid_argument for what is no JSON object.
nlohmann::ordered_json parse_object(std::string_view text, const std::string& what);

/// A JSON object whose entries must be there and be what they are taken for; else Error invalid_argument that begins
/// with `trouble` and names the key. The object must outlive the reader.
class JsonReader {
 public:
  JsonReader(const nlohmann::ordered_json& object, std::string trouble);

  std::string text(const std::string& key) const;
  /// A text that may become a file's name: letters, digits, '_', '-' and '.', not the latter at the beginning.
  std::string name(const std::string& key) const;
  bool flag(const std::string& key) const;
  double number(const std::string& key) const;  ///< finite
  std::int64_t integer(const std::string& key) const;
  std::size_t count(const std::string& key) const;  ///< an integer >= 0
  std::vector<float> numbers(const std::string& key) const;
  /// [[x, y], ...]
  std::vector<std::array<double, 2>> places(const std::string& key) const;
  std::vector<std::string> texts(const std::string& key) const;
  JsonReader object(const std::string& key) const;
  /// Of an array of objects. @param most items that there may be.
  void each(const std::string& key, std::size_t most, const std::function<void(const JsonReader&)>& use) const;

  [[noreturn]] void refuse(const std::string& reason) const;

 private:
  const nlohmann::ordered_json& at(const std::string& key) const;

  const nlohmann::ordered_json& json_;
  std::string trouble_;
};

/// Whether a text may become a file's name.
bool is_name(std::string_view text);

}  // namespace soundalike::latent
