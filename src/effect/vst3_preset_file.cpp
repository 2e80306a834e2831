#include "effect/vst3_preset_file.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

namespace soundalike::vst3 {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::string_view magic = "VST3";
constexpr std::int32_t version = 1;
constexpr std::size_t id_bytes = 32;
constexpr std::size_t header_bytes = 4 + 4 + id_bytes + 8;
constexpr std::string_view list_magic = "List";
constexpr std::size_t entry_bytes = 4 + 8 + 8;
constexpr std::string_view application = "soundalike";

template <typename Number>
void put(std::string& bytes, Number number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

template <typename Number>
Number number_at(std::string_view bytes, std::size_t place) {
  if (place > bytes.size() || bytes.size() - place < sizeof(Number)) throw std::runtime_error("it is truncated");
  Number number{};
  std::memcpy(&number, bytes.data() + place, sizeof number);
  return number;
}

std::string_view slice(std::string_view bytes, std::int64_t place, std::int64_t size) {
  if (place < 0 || size < 0) throw std::runtime_error("it is damaged: a chunk lies outside of it");
  const auto first = static_cast<std::uint64_t>(place);
  if (first > bytes.size() || bytes.size() - first < static_cast<std::uint64_t>(size)) {
    throw std::runtime_error("it is truncated");
  }
  return bytes.substr(first, static_cast<std::size_t>(size));
}

/// Pairs of characters that XML keeps for itself, and what stands for them.
constexpr std::pair<char, std::string_view> escapes[] = {
    {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&apos;"}};

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    std::string_view instead(&c, 1);
    for (const auto& [character, name] : escapes) {
      if (c == character) instead = name;
    }
    if (static_cast<unsigned char>(c) >= 0x20) result += instead;
  }
  return result;
}

std::string unescaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    char c = text.front();
    std::size_t length = 1;
    for (const auto& [character, name] : escapes) {
      if (!text.starts_with(name)) continue;
      c = character;
      length = name.size();
      break;
    }
    result += c;
    text.remove_prefix(length);
  }
  return result;
}

std::string meta(const PresetFile& preset) {
  const auto attribute = [](std::string_view id, std::string_view value) {
    return fmt::format("\t<Attribute id=\"{}\" value=\"{}\" type=\"string\"/>\n", id, escaped(value));
  };
  return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<MetaInfo>\n" + attribute("MediaType", "VstPreset") +
         attribute("PlugInName", preset.plugin) + attribute("Name", preset.label) +
         attribute("Application", application) + "</MetaInfo>\n";
}

/// The value of an attribute, as meta() and other hosts write it; empty where there is none.
std::string meta_value(std::string_view xml, std::string_view id) {
  const std::size_t at = xml.find(fmt::format("id=\"{}\"", id));
  if (at == xml.npos) return "";
  const std::string_view rest = xml.substr(at, xml.find('>', at) - at);
  constexpr std::string_view key = "value=\"";
  const std::size_t start = rest.find(key);
  if (start == rest.npos) return "";
  const std::string_view value = rest.substr(start + key.size());
  return unescaped(value.substr(0, value.find('"')));
}

}  // namespace

std::string encode(const PresetFile& preset) {
  struct Chunk {
    std::string_view id;
    std::string bytes;
  };
  std::vector<Chunk> chunks{{"Comp", preset.component_state}};
  if (!preset.controller_state.empty()) chunks.push_back({"Cont", preset.controller_state});
  chunks.push_back({"Info", meta(preset)});

  std::size_t place = header_bytes;
  std::string data;
  std::string list(list_magic);
  put(list, static_cast<std::int32_t>(chunks.size()));
  for (const Chunk& chunk : chunks) {
    list += chunk.id;
    put(list, static_cast<std::int64_t>(place));
    put(list, static_cast<std::int64_t>(chunk.bytes.size()));
    data += chunk.bytes;
    place += chunk.bytes.size();
  }
  std::string bytes(magic);
  put(bytes, version);
  bytes += preset.class_id;
  put(bytes, static_cast<std::int64_t>(place));
  return bytes + data + list;
}

PresetFile decode(std::string_view bytes) {
  if (!bytes.starts_with(magic)) throw std::runtime_error("it is no VST3 preset");
  if (const auto found = number_at<std::int32_t>(bytes, 4); found != version) {
    throw std::runtime_error(fmt::format("it is of version {}, version {} is read here", found, version));
  }
  PresetFile preset;
  preset.class_id = slice(bytes, 8, id_bytes);
  for (char& c : preset.class_id) c = static_cast<char>(c >= 'a' && c <= 'f' ? c - 'a' + 'A' : c);
  const auto list = number_at<std::int64_t>(bytes, 8 + id_bytes);
  if (slice(bytes, list, 4) != list_magic) throw std::runtime_error("it is damaged: no list of chunks where it says");
  const auto place = static_cast<std::size_t>(list);
  const auto count = number_at<std::int32_t>(bytes, place + 4);
  std::map<std::string, std::string_view> chunks;
  for (std::int32_t i = 0; i < count; ++i) {
    const std::size_t entry = place + 8 + static_cast<std::size_t>(i) * entry_bytes;
    const std::string id(slice(bytes, static_cast<std::int64_t>(entry), 4));
    chunks[id] = slice(bytes, number_at<std::int64_t>(bytes, entry + 4), number_at<std::int64_t>(bytes, entry + 12));
  }
  if (!chunks.contains("Comp")) throw std::runtime_error("it holds no state of the plugin's component");
  preset.component_state = chunks["Comp"];
  preset.controller_state = chunks["Cont"];
  const std::string_view info = chunks["Info"];
  preset.label = meta_value(info, "Name");
  preset.plugin = meta_value(info, "PlugInName");
  preset.ours = meta_value(info, "Application") == application;
  return preset;
}

}  // namespace soundalike::vst3
