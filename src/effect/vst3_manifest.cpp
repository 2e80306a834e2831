#include "effect/vst3_manifest.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "effect/vst3_text.hpp"

namespace soundalike::vst3 {
namespace {

using Json = nlohmann::json;

/// Blanks the commas that stand before a closing bracket, where JSON knows none.
std::string without_trailing_commas(std::string text) {
  bool in_string = false;
  std::size_t comma = text.npos;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == ',') {
      comma = i;
    } else if (c == '}' || c == ']') {
      if (comma != text.npos) text[comma] = ' ';
      comma = text.npos;
    } else if (std::isspace(static_cast<unsigned char>(c)) == 0) {
      in_string = c == '"';
      comma = text.npos;
    }
  }
  return text;
}

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string joined(const Json& object, const char* key) {
  std::string text;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) return text;
  for (const Json& item : *found) {
    if (item.is_string()) text += (text.empty() ? "" : "|") + item.get<std::string>();
  }
  return text;
}

}  // namespace

std::optional<std::vector<ClassInfo>> parse_manifest(std::string_view text) {
  const Json root = Json::parse(without_trailing_commas(std::string(text)), nullptr, false, true);
  if (!root.is_object()) return std::nullopt;
  const auto classes = root.find("Classes");
  if (classes == root.end() || !classes->is_array()) return std::nullopt;
  const auto maker = root.find("Factory Info");
  std::vector<ClassInfo> found;
  for (const Json& entry : *classes) {
    if (!entry.is_object() || text_of(entry, "Category") != kVstAudioEffectClass) continue;
    Steinberg::TUID id;
    if (!from_hex(text_of(entry, "CID"), id)) continue;
    std::string vendor = text_of(entry, "Vendor");
    if (vendor.empty() && maker != root.end() && maker->is_object()) vendor = text_of(*maker, "Vendor");
    found.push_back({hex(id), text_of(entry, "Name"), std::move(vendor), text_of(entry, "Version"),
                     joined(entry, "Sub Categories")});
  }
  return found;
}

std::vector<std::filesystem::path> manifests_of(const std::filesystem::path& bundle) {
  // Where the SDK puts it since 3.7.8, and where it did before.
  return {bundle / "Contents/Resources/moduleinfo.json", bundle / "Contents/moduleinfo.json"};
}

std::optional<std::vector<ClassInfo>> read_manifest(const std::filesystem::path& bundle) {
  for (const auto& manifest : manifests_of(bundle)) {
    std::ifstream stream(manifest, std::ios::binary);
    if (!stream) continue;
    return parse_manifest(std::string(std::istreambuf_iterator<char>(stream), {}));
  }
  return std::nullopt;
}

bool is_instrument(std::string_view category) {
  return category.starts_with("Instrument") && category.find("Fx") == category.npos;
}

}  // namespace soundalike::vst3
