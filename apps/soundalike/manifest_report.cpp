#include "manifest_report.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

namespace soundalike::cli {
namespace {

struct Count {
  std::size_t recordings = 0;
  std::set<std::string> groups;
};

std::map<Split, Count> counts_of(const Manifest& manifest) {
  std::map<Split, Count> counts;
  for (const Split split : splits) counts[split];
  for (const ManifestEntry& entry : manifest.entries) {
    ++counts[entry.split].recordings;
    counts[entry.split].groups.insert(entry.group);
  }
  return counts;
}

}  // namespace

nlohmann::ordered_json manifest_json(const Manifest& manifest) {
  nlohmann::ordered_json out{{"name", manifest.name},
                             {"digest", manifest.digest()},
                             {"licence", manifest.licence},
                             {"recordings", manifest.entries.size()}};
  for (const auto& [split, count] : counts_of(manifest)) {
    out["splits"][std::string(to_string(split))] = {{"recordings", count.recordings}, {"groups", count.groups.size()}};
  }
  return out;
}

std::string split_line(const Manifest& manifest) {
  std::string line;
  for (const auto& [split, count] : counts_of(manifest)) {
    line += fmt::format("{}{}: {} recordings of {} groups", line.empty() ? "" : ", ", to_string(split),
                        count.recordings, count.groups.size());
  }
  return line;
}

}  // namespace soundalike::cli
