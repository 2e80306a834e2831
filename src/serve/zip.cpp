#include "serve/zip.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>

namespace soundalike::serve {
namespace {

constexpr std::uint16_t version = 20;
constexpr std::uint16_t names_are_utf8 = 1 << 11;
constexpr std::uint16_t date_1980_01_01 = 1 << 5 | 1;

constexpr std::array<std::uint32_t, 256> crc_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? 0xedb88320u ^ (value >> 1) : value >> 1;
    table[i] = value;
  }
  return table;
}();

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = ~0u;
  for (const char byte : bytes) crc = crc_table[(crc ^ static_cast<unsigned char>(byte)) & 0xff] ^ (crc >> 8);
  return ~crc;
}

class Fields {
 public:
  Fields& two(std::uint16_t value) { return add(value, 2); }
  Fields& four(std::uint32_t value) { return add(value, 4); }
  Fields& text(std::string_view value) {
    bytes_ += value;
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  Fields& add(std::uint32_t value, int count) {
    for (int i = 0; i < count; ++i) bytes_.push_back(static_cast<char>(value >> (8 * i) & 0xff));
    return *this;
  }
  std::string bytes_;
};

// What the local header and the entry of the directory have in common.
void describe(Fields& fields, const std::string& name, const std::string& content) {
  const auto size = static_cast<std::uint32_t>(content.size());
  fields.two(version).two(names_are_utf8).two(0 /* stored */).two(0).two(date_1980_01_01);
  fields.four(crc32(content)).four(size).four(size);
  fields.two(static_cast<std::uint16_t>(name.size())).two(0);
}

}  // namespace

std::string zip_bytes(const std::vector<std::pair<std::string, std::string>>& files) {
  Fields archive;
  Fields directory;
  for (const auto& [name, content] : files) {
    const auto offset = static_cast<std::uint32_t>(archive.bytes().size());
    archive.four(0x04034b50);
    describe(archive, name, content);
    archive.text(name).text(content);
    directory.four(0x02014b50).two(version);
    describe(directory, name, content);
    directory.two(0).two(0).two(0).four(0).four(offset).text(name);
  }
  const auto begin = static_cast<std::uint32_t>(archive.bytes().size());
  const auto count = static_cast<std::uint16_t>(files.size());
  archive.text(directory.bytes());
  archive.four(0x06054b50).two(0).two(0).two(count).two(count);
  archive.four(static_cast<std::uint32_t>(directory.bytes().size())).four(begin).two(0);
  return archive.bytes();
}

std::string zip_folder(const std::filesystem::path& folder) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const auto name = folder.filename() / std::filesystem::relative(entry.path(), folder);
    files.emplace_back(name.generic_string(), std::string(std::istreambuf_iterator<char>(in), {}));
  }
  std::ranges::sort(files);
  return zip_bytes(files);
}

}  // namespace soundalike::serve
