#include "effect/cache_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>

#include "effect/hash.hpp"

namespace soundalike {
namespace {

struct Header {
  char magic[8] = {'s', 'a', 'l', 'i', 's', 't', '0', '2'};
  std::uint64_t key = 0;
  std::uint64_t size = 0;      ///< bytes that follow
  std::uint64_t checksum = 0;  ///< of those
};

struct Descriptor {
  int value = -1;
  ~Descriptor() {
    if (value >= 0) close(value);
  }
};

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::optional<std::string> read_cache(const std::filesystem::path& file, std::uint64_t key) {
  std::ifstream stream(file, std::ios::binary);
  Header found;
  const Header expected;
  if (!stream.read(reinterpret_cast<char*>(&found), sizeof(found))) return std::nullopt;
  if (std::memcmp(found.magic, expected.magic, sizeof(found.magic)) != 0 || found.key != key) return std::nullopt;
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error || size != sizeof(found) + found.size) return std::nullopt;
  std::string bytes(found.size, '\0');
  if (!stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) return std::nullopt;
  if (hash(bytes, key) != found.checksum) return std::nullopt;
  return bytes;
}

void write_cache(const std::filesystem::path& file, std::uint64_t key, std::string_view bytes) {
  Header header;
  header.key = key;
  header.size = bytes.size();
  header.checksum = hash(bytes, key);

  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  std::string aside = file.string() + ".XXXXXX";
  const Descriptor out{mkostemp(aside.data(), O_CLOEXEC)};
  if (out.value < 0) return;
  const std::string_view head(reinterpret_cast<const char*>(&header), sizeof(header));
  if (!write_all(out.value, head) || !write_all(out.value, bytes) || rename(aside.c_str(), file.c_str()) != 0) {
    unlink(aside.c_str());
  }
}

}  // namespace soundalike
