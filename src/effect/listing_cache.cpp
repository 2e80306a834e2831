#include "effect/listing_cache.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <fstream>

#include "effect/archive.hpp"
#include "effect/hash.hpp"
#include "effect/lv2_path.hpp"
#include "effect/scan_version.hpp"

namespace soundalike {

// The structured bindings name every member: one that is added does not compile until it is listed here.
template <typename Archive>
void transfer(Archive& archive, auto& value) {
  using Value = std::remove_cvref_t<decltype(value)>;
  if constexpr (std::is_same_v<Value, ChoiceValue>) {
    auto& [plain, label] = value;
    archive(plain, label);
  } else if constexpr (std::is_same_v<Value, Parameter>) {
    auto& [id, name, unit, kind, logarithmic, minimum, maximum, default_plain, choices, trigger, scales] = value;
    archive(id, name, unit, kind, logarithmic, minimum, maximum, default_plain, choices, trigger, scales);
  } else if constexpr (std::is_same_v<Value, EffectInfo>) {
    auto& [id, name, klass, author, version, inputs, outputs] = value;
    archive(id, name, klass, author, version, inputs, outputs);
  } else {
    static_assert(std::is_same_v<Value, EffectListing>);
    auto& [info, parameters, bundle, missing_features, unusable] = value;
    std::string folder = bundle.string();
    archive(info, parameters, folder, missing_features, unusable);
    if constexpr (std::is_same_v<Archive, ArchiveReader>) bundle = folder;
  }
}

namespace {

struct Header {
  char magic[8] = {'s', 'a', 'l', 'i', 's', 't', '0', '1'};
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

std::uint64_t listing_key(const std::string& lv2_path) {
  const char* language = std::getenv("LANG");
  const std::string made_by = std::string(scan_version) + '\n' + (language ? language : "") + '\n' + lv2_path;
  return hash(made_by, fingerprint(lv2_path));
}

std::optional<std::vector<EffectListing>> read_listings(const std::filesystem::path& file, std::uint64_t key) {
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
  try {
    std::vector<EffectListing> listings;
    ArchiveReader reader(bytes);
    reader(listings);
    if (reader.at_end()) return listings;
  } catch (const std::exception&) {
    // Right checksum, wrong shape: as good as no cache.
  }
  return std::nullopt;
}

void write_listings(const std::filesystem::path& file, std::uint64_t key, const std::vector<EffectListing>& listings) {
  ArchiveWriter writer;
  writer(listings);
  Header header;
  header.key = key;
  header.size = writer.bytes().size();
  header.checksum = hash(writer.bytes(), key);

  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  std::string aside = file.string() + ".XXXXXX";
  const Descriptor out{mkostemp(aside.data(), O_CLOEXEC)};
  if (out.value < 0) return;
  const std::string_view head(reinterpret_cast<const char*>(&header), sizeof(header));
  if (!write_all(out.value, head) || !write_all(out.value, writer.bytes()) ||
      rename(aside.c_str(), file.c_str()) != 0) {
    unlink(aside.c_str());
  }
}

}  // namespace soundalike
