#include "soundalike/data_check.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <set>

#include <fmt/format.h>

#include "base/parallel.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;

// What is learnt of one file.
struct Finding {
  std::string digest, trouble;
  AudioFileInfo info;
  double seconds = 0.0, rms_db = 0.0;
};

Finding look_at(const fs::path& file) {
  Finding finding;
  try {
    finding.digest = file_digest(file);
    AudioFileReader reader(file);
    finding.info = reader.info();
    double energy = 0.0;
    std::size_t frames = 0;
    for (;;) {
      const AudioBuffer block = reader.read(1 << 16);
      if (block.frames() == 0) break;
      frames += block.frames();
      for (const float x : block.samples()) energy += static_cast<double>(x) * x;
    }
    const auto samples = static_cast<double>(std::max<std::size_t>(1, frames * finding.info.channels));
    finding.seconds = static_cast<double>(frames) / finding.info.sample_rate.hz;
    finding.rms_db = to_db(std::sqrt(energy / samples));
  } catch (const Error& error) {
    finding.trouble = error.what();
  }
  return finding;
}

std::vector<Finding> look_at_all(const std::vector<fs::path>& files, const DataCheckOptions& options) {
  std::vector<Finding> findings(files.size());
  std::mutex mutex;
  std::size_t done = 0;
  parallel_for(files.size(), threads_or_cores(options.workers), [&](std::size_t i) {
    if (options.stop.stop_requested()) return;
    findings[i] = look_at(files[i]);
    const std::scoped_lock lock(mutex);
    ++done;
    if (options.progress) options.progress({.stage = "checking", .done = done, .total = files.size()});
  });
  if (options.stop.stop_requested()) throw Error(ErrorCode::cancelled, "stopped while checking");
  return findings;
}

}  // namespace

DataCheck check_data(const fs::path& folder, const DataCheckOptions& options) {
  const Corpus corpus(folder);
  std::optional<Manifest> manifest;
  if (fs::exists(folder / manifest_file_name)) manifest = read_manifest(folder / manifest_file_name);
  const std::vector<Finding> findings = look_at_all(corpus.files(), options);

  DataCheck check;
  check.files = findings.size();
  std::map<std::string, const ManifestEntry*> listed;
  if (manifest) {
    check.manifest = manifest->digest();
    for (const ManifestEntry& entry : manifest->entries) listed[entry.file] = &entry;
  }
  std::map<std::string, std::vector<std::pair<fs::path, std::optional<Split>>>> by_digest;
  std::map<Split, std::set<std::string>> groups;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const fs::path& file = corpus.files()[i];
    const Finding& finding = findings[i];
    std::optional<Split> split = split_of(file);
    std::string group = source_group(file);
    if (manifest) {
      const auto entry = listed.extract(file.lexically_relative(folder).generic_string());
      split = entry.empty() ? std::nullopt : std::optional(entry.mapped()->split);
      if (entry.empty()) {
        check.unlisted.push_back(file);
      } else {
        group = entry.mapped()->group;
        if (entry.mapped()->digest != finding.digest) check.changed.push_back(entry.key());
      }
    }
    if (!finding.trouble.empty()) {
      check.unreadable.push_back({file, finding.trouble});
      continue;
    }
    by_digest[finding.digest].emplace_back(file, split);
    check.seconds += finding.seconds;
    ++check.rates[finding.info.sample_rate.hz];
    ++check.channels[finding.info.channels];
    if (finding.seconds < options.minimum_seconds) {
      check.too_short.push_back(file);
    } else if (finding.rms_db < options.silence_db) {
      check.silent.push_back(file);
    }
    if (!split) continue;
    SplitSummary& summary = check.splits[*split];
    ++summary.recordings;
    summary.seconds += finding.seconds;
    groups[*split].insert(group);
  }
  for (const Split split : splits) check.splits[split].groups = groups[split].size();
  for (const auto& [file, entry] : listed) check.missing.push_back(file);
  for (const auto& [digest, files] : by_digest) {
    if (files.size() < 2) continue;
    std::vector<fs::path> same;
    std::set<Split> seen;
    for (const auto& [file, split] : files) {
      same.push_back(file);
      if (split) seen.insert(*split);
    }
    if (seen.size() > 1) check.leaks.push_back(same);
    check.duplicates.push_back(std::move(same));
  }
  std::ranges::sort(check.duplicates);
  std::ranges::sort(check.leaks);
  return check;
}

void require_usable(const DataCheck& check, const fs::path& folder, const DataCheckOptions& options) {
  if (check.usable() > 0) return;
  const auto refuse = [&](const std::string& why) {
    throw Error(ErrorCode::invalid_argument, fmt::format("nothing can be used of '{}': {}", folder.string(), why));
  };
  const auto all = [&](std::size_t count) { return count == check.files; };
  if (all(check.too_short.size())) {
    refuse(fmt::format("all {} recordings are shorter than {:g} s", check.files, options.minimum_seconds));
  }
  if (all(check.silent.size())) {
    refuse(fmt::format("all {} recordings are silent, below {:g} dBFS", check.files, options.silence_db));
  }
  if (all(check.unreadable.size())) {
    refuse(fmt::format("none of its {} files can be read; the first: {}", check.files, check.unreadable[0].reason));
  }
  refuse(fmt::format("of its {} files {} are shorter than {:g} s, {} silent (below {:g} dBFS), {} unreadable",
                     check.files, check.too_short.size(), options.minimum_seconds, check.silent.size(),
                     options.silence_db, check.unreadable.size()));
}

}  // namespace soundalike
