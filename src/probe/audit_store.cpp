#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <sstream>

#include "effect/cache_file.hpp"
#include "effect/hash.hpp"
#include "effect/user_folders.hpp"
#include "soundalike/audit.hpp"
#include "soundalike/version.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;

std::uint64_t key() { return hash(program_version(), 1); }

std::string one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return text;
}

// The code of an effect: the file itself, or all libraries of its bundle.
std::vector<fs::path> binaries(const fs::path& bundle) {
  std::error_code none;
  if (fs::is_regular_file(bundle, none)) return {bundle};
  std::vector<fs::path> files;
  fs::recursive_directory_iterator entry(bundle, none);
  for (const fs::recursive_directory_iterator end; entry != end; entry.increment(none)) {
    if (entry->path().extension() == ".so" && entry->is_regular_file(none)) files.push_back(entry->path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

AuditStore::AuditStore(std::optional<fs::path> file) : file_(std::move(file)) {
  if (!file_) {
    file_ = user_folder("XDG_CACHE_HOME", ".cache");
    if (file_) *file_ /= "audit.cache";
  }
  const auto text = file_ ? read_cache(*file_, key()) : std::nullopt;
  std::istringstream lines(text.value_or(""));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string id;
    long rate = 0;
    int status = 0;
    std::uint64_t content = 0;
    Entry entry;
    if (!std::getline(fields, id, '\t')) continue;
    if (!(fields >> rate >> entry.files.stamp >> content >> status >> entry.verdict.plugin_seconds)) continue;
    if (status < 0 || status >= static_cast<int>(audit_statuses)) continue;
    fields.ignore();
    std::getline(fields, entry.verdict.reason);
    entry.files.content = content;
    entry.verdict.status = static_cast<AuditStatus>(status);
    entries_.insert_or_assign({id, rate}, std::move(entry));
  }
}

AuditStore::Files& AuditStore::files_of(const EffectListing& listing) {
  const auto [found, fresh] = present_.try_emplace(listing.bundle);
  if (!fresh) return found->second;
  std::string names;
  for (const fs::path& file : binaries(listing.bundle)) {
    std::error_code none;
    names += file.string() + '\0' + std::to_string(fs::file_size(file, none)) + '\0' +
             std::to_string(fs::last_write_time(file, none).time_since_epoch().count()) + '\0';
  }
  found->second.stamp = hash(names);
  return found->second;
}

std::uint64_t AuditStore::content_of(const EffectListing& listing) {
  Files& files = files_of(listing);
  if (files.content) return *files.content;
  std::uint64_t content = 0;
  std::string piece(std::size_t{1} << 20, '\0');
  for (const fs::path& file : binaries(listing.bundle)) {
    std::ifstream bytes(file, std::ios::binary);
    while (bytes.read(piece.data(), static_cast<std::streamsize>(piece.size())) || bytes.gcount() > 0) {
      content = hash({piece.data(), static_cast<std::size_t>(bytes.gcount())}, content);
    }
  }
  files.content = content;
  return content;
}

std::optional<AuditVerdict> AuditStore::find(const EffectListing& listing, double rate) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find({listing.info.id, static_cast<long>(rate)});
  if (found == entries_.end()) return {};
  Entry& entry = found->second;
  const std::uint64_t stamp = files_of(listing).stamp;
  if (entry.files.stamp == stamp) return entry.verdict;
  if (*entry.files.content != content_of(listing)) return {};
  entry.files.stamp = stamp;
  changed_ = true;
  return entry.verdict;
}

void AuditStore::put(const EffectListing& listing, double rate, const AuditVerdict& verdict) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t content = content_of(listing);
  entries_.insert_or_assign({listing.info.id, static_cast<long>(rate)},
                            Entry{{files_of(listing).stamp, content}, verdict});
  changed_ = true;
}

void AuditStore::save() const {
  const std::lock_guard lock(mutex_);
  if (!file_ || !changed_) return;
  std::ostringstream text;
  for (const auto& [which, entry] : entries_) {
    text << one_line(which.first) << '\t' << which.second << ' ' << entry.files.stamp << ' ' << *entry.files.content
         << ' ' << static_cast<int>(entry.verdict.status) << ' ' << entry.verdict.plugin_seconds << ' '
         << one_line(entry.verdict.reason) << '\n';
  }
  write_cache(*file_, key(), text.str());
}

}  // namespace soundalike
