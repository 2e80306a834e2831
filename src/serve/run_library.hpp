#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "serve/event_channel.hpp"
#include "serve/json_input.hpp"
#include "serve/response.hpp"
#include "soundalike/event_reader.hpp"

namespace soundalike::serve {

/// The training runs below some folders: every folder that holds event files or a run.json is a run, whoever wrote it.
/// What was read stays read: files that grow are read on. Sounds and pictures stay in their files. Safe from many
/// threads.
class RunLibrary {
 public:
  /// @throws Error not_found when one of the folders is none.
  explicit RunLibrary(std::vector<std::filesystem::path> roots);

  /// One row per run. Reads for at most some seconds; what is left is read on in the background, and the rows say so.
  Json list();
  /// The row with run.json, tags and problems. @throws Error not_found, for what follows too.
  Json describe(std::string_view id);
  Json scalars(std::string_view id, std::string_view tag);
  /// Rows of a tag's sounds or pictures. @param kind audio or image.
  Json media(std::string_view id, std::string_view tag, LoggedKind kind);
  /// Where the one of a step lies.
  FilePart medium(std::string_view id, std::string_view tag, LoggedKind kind, std::int64_t step);
  Json histograms(std::string_view id, std::string_view tag);
  Json texts(std::string_view id, std::string_view tag);
  Json hyperparameters(std::string_view id);
  /// Every scalar: "tag,step,wall_time,value".
  std::string csv(std::string_view id);

  /// `runs` {"changed": [id]} whenever something was written, as long as somebody listens.
  std::shared_ptr<EventChannel> events() const { return events_; }
  void stop();

 private:
  template <class T>
  struct Point {
    std::int64_t step;
    double time;
    std::size_t file;
    T value;
  };
  struct Series {
    std::vector<Point<double>> scalars;
    std::vector<Point<LoggedMedia>> media;
    std::vector<Point<LoggedHistogram>> histograms;
    std::vector<Point<std::string>> texts;  // and what others are
    std::size_t count() const { return scalars.size() + media.size() + histograms.size() + texts.size(); }
    std::pair<std::int64_t, std::int64_t> steps() const;
    std::size_t forget(std::int64_t step, std::size_t file);
  };
  struct Run {  // NOLINT(bugprone-exception-escape): moves of maps and JSON do not throw
    std::filesystem::path folder;
    std::string name;
    std::vector<EventReader> files;  // oldest first
    std::map<std::pair<std::string, LoggedKind>, Series> series;
    LoggedHyperparameters hyperparameters;
    std::vector<std::string> remarks;
    Json about = nullptr;  // run.json
    std::uint64_t bytes = 0;
  };

  void find_runs();
  void adopt(const std::filesystem::path& folder, const std::string& id);
  bool read_on(Run& run, std::size_t bytes);
  void catch_up();
  void take(Run& run, std::size_t file, const LoggedValue& value);
  Run& at(std::string_view id);
  const Series& series_of(std::string_view id, std::string_view tag, LoggedKind kind);
  Json row(const std::string& id, const Run& run) const;
  void watch(const std::stop_token& stop);

  std::vector<std::filesystem::path> roots_;
  std::mutex mutex_;
  std::map<std::string, Run, std::less<>> runs_;
  std::shared_ptr<EventChannel> events_ = std::make_shared<EventChannel>(16);
  std::jthread watcher_;
};

}  // namespace soundalike::serve
