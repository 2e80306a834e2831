#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace soundalike::infer {

using Json = nlohmann::ordered_json;

/// Parses JSON that a stranger may have written: repeated keys and nesting beyond 32 are refused.
/// @throws Error invalid_argument; `where` begins the message.
Json parse_strictly(std::string_view text, const std::string& where);

/// A JSON object that says where it stands when something in it is missing, unknown or of the wrong kind.
class StrictObject {
 public:
  /// @throws Error invalid_argument when it is no object, or has a key that is not among `keys`.
  StrictObject(const Json& object, std::string where, std::initializer_list<std::string_view> keys);

  const std::string& where() const { return where_; }
  bool has(const char* key) const { return object_.contains(key); }
  const Json& at(const char* key) const;
  const Json& object(const char* key) const;
  const Json& list(const char* key) const;
  std::string text(const char* key) const;
  std::uint64_t whole(const char* key, std::uint64_t most = ~std::uint64_t{0}) const;
  double number(const char* key) const;
  /// Whole numbers, at most `most` of them.
  std::vector<std::size_t> sizes(const char* key, std::size_t most) const;

 private:
  [[noreturn]] void wrong(const char* key, const char* expected) const;
  const Json& object_;
  std::string where_;
};

}  // namespace soundalike::infer
