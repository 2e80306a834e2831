#include "effect/scan_process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

#include "effect/listing_archive.hpp"
#include "effect/scan_message.hpp"
#include "effect/worker_dialogue.hpp"
#include "effect/worker_program.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

EffectListing unusable_file(const EffectFormat& format, const std::filesystem::path& file, const std::string& reason) {
  EffectListing listing;
  listing.info.id = std::string(format.scheme) + file.stem().string();
  listing.info.name = file.filename().string();
  listing.info.klass = "Plugin";
  listing.bundle = file;
  listing.unusable = reason;
  return listing;
}

/// One thread's share of the work.
class Scanning {
 public:
  Scanning(const EffectFormat& format, const ScanProcessOptions& options) : format_(format), options_(options) {}

  std::vector<EffectListing> listings(const std::filesystem::path& file) {
    for (bool alone = false;; alone = true) {
      if (!scanner_) start();
      const bool first = std::exchange(fresh_, false);
      std::string problem;
      if (auto found = ask(file, problem)) return *std::move(found);
      scanner_.reset();
      if (first || alone) return {unusable_file(format_, file, problem)};
    }
  }

 private:
  void start() {
    scanner_ = std::make_unique<WorkerDialogue>(find_worker_program(options_.worker_program), "--scan", format_.scheme);
    fresh_ = true;
  }

  /// Nothing when the process is of no more use, `problem` says why.
  std::optional<std::vector<EffectListing>> ask(const std::filesystem::path& file, std::string& problem) {
    std::string bytes;
    const bool sent = send_message(scanner_->socket(), file.native());
    const Received received =
        sent ? receive_message(scanner_->socket(), bytes, options_.deadline_seconds) : Received::end;
    if (received == Received::late) {
      problem = fmt::format("hangs while it is loaded: no answer in {:g} s", options_.deadline_seconds);
      return std::nullopt;
    }
    if (received == Received::message) {
      try {
        ArchiveReader reader(bytes);
        std::string refusal;
        std::vector<EffectListing> listings;
        reader(refusal, listings);
        if (!refusal.empty()) listings.assign(1, unusable_file(format_, file, refusal));
        return listings;
      } catch (const std::exception&) {
        problem = "disturbs the process that loads it";
        scanner_->end();
        return std::nullopt;
      }
    }
    problem = "crashes while it is loaded: " + describe_exit(scanner_->end(std::chrono::seconds(1)));
    return std::nullopt;
  }

  const EffectFormat& format_;
  const ScanProcessOptions& options_;
  std::unique_ptr<WorkerDialogue> scanner_;
  bool fresh_ = false;
};

}  // namespace

void scan_in_processes(const EffectFormat& format, std::span<const ScanFile> files, const ScanProcessOptions& options,
                       const std::function<void(const ScanFile&, std::vector<EffectListing>)>& take) {
  constexpr std::size_t files_per_process = 4;  // fewer are not worth a process
  const std::size_t cores = std::clamp(std::thread::hardware_concurrency(), 1u, 8u);
  const std::size_t most = options.processes > 0 ? options.processes : cores;
  const std::size_t threads = std::min(most, (files.size() + files_per_process - 1) / files_per_process);
  std::atomic<std::size_t> next{0};
  std::mutex taking;
  const auto work = [&] {
    Scanning scanning(format, options);
    try {
      for (std::size_t i = next++; i < files.size(); i = next++) {
        auto listings = scanning.listings(files[i].path);
        const std::lock_guard lock(taking);
        take(files[i], std::move(listings));
      }
    } catch (...) {
      next = files.size();
      throw;
    }
  };
  std::vector<std::future<void>> shares;
  for (std::size_t t = 0; t < threads; ++t) shares.push_back(std::async(std::launch::async, work));
  for (auto& share : shares) share.get();
}

int serve_scan(int descriptor, std::string_view scheme) {
  const EffectFormat* format = find_format(scheme);
  if (!format || !format->scan_file) return 2;
  std::string file;
  while (receive_message(descriptor, file, std::nullopt) == Received::message) {
    std::string refusal;
    std::vector<EffectListing> listings;
    try {
      listings = format->scan_file(file);
    } catch (const std::exception& error) {
      refusal = error.what();
    } catch (...) {
      refusal = "throws an exception while it is loaded";
    }
    ArchiveWriter writer;
    writer(refusal, listings);
    if (!send_message(descriptor, writer.bytes())) break;
  }
  return 0;
}

}  // namespace soundalike
