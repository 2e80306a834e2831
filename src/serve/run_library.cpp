#include "serve/run_library.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <limits>

#include "soundalike/error.hpp"
#include "study/csv.hpp"
#include "track/folder_lock.hpp"

namespace soundalike::serve {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t piece_bytes = 8 << 20;
constexpr auto patience = std::chrono::seconds(3);
constexpr auto watch_pause = std::chrono::milliseconds(500);
constexpr int deepest = 8;
constexpr std::string_view run_file = "run.json";

bool is_event_file(const fs::path& path) { return path.filename().string().find("tfevents") != std::string::npos; }

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A run that says it is running, in a folder that nobody holds, was killed.
std::string state_of(const Json& about, const fs::path& folder) {
  std::string state = about.value("state", "");
  if (state != "running") return state;
  try {
    const track::FolderLock lock(folder);
    return "killed";
  } catch (const Error&) {
    return state;
  }
}

Json hyperparameter_json(const EventFile::Hyperparameter& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* number = std::get_if<double>(&value)) return number_or_null(*number);
  return std::get<std::string>(value);
}

}  // namespace

RunLibrary::RunLibrary(std::vector<fs::path> roots) : roots_(std::move(roots)) {
  for (fs::path& root : roots_) {
    if (!fs::is_directory(root)) {
      throw Error(ErrorCode::not_found, fmt::format("cannot show the runs in '{}': no such folder", root.string()));
    }
    root = fs::canonical(root);
  }
  if (!roots_.empty()) watcher_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

void RunLibrary::stop() { watcher_.request_stop(); }

std::pair<std::int64_t, std::int64_t> RunLibrary::Series::steps() const {
  std::pair<std::int64_t, std::int64_t> range{std::numeric_limits<std::int64_t>::max(),
                                              std::numeric_limits<std::int64_t>::min()};
  const auto widen = [&](const auto& points) {
    for (const auto& point : points) range = {std::min(range.first, point.step), std::max(range.second, point.step)};
  };
  widen(scalars);
  widen(media);
  widen(histograms);
  widen(texts);
  return range;
}

std::size_t RunLibrary::Series::forget(std::int64_t step, std::size_t file) {
  const auto later = [&](const auto& point) { return point.file < file && point.step >= step; };
  return std::erase_if(scalars, later) + std::erase_if(media, later) + std::erase_if(histograms, later) +
         std::erase_if(texts, later);
}

void RunLibrary::find_runs() {
  for (const fs::path& root : roots_) {
    const std::string prefix = roots_.size() > 1 ? root.filename().string() + "/" : "";
    std::vector<fs::path> folders{root};
    std::error_code ignored;
    for (auto it = fs::recursive_directory_iterator(root, fs::directory_options::skip_permission_denied, ignored);
         it != fs::recursive_directory_iterator(); it.increment(ignored)) {
      if (it.depth() >= deepest) it.disable_recursion_pending();
      if (it->is_directory(ignored)) folders.push_back(it->path());
    }
    for (const fs::path& folder : folders) {
      const fs::path relative = folder.lexically_relative(root);
      adopt(folder, prefix + (relative == "." ? root.filename().string() : relative.generic_string()));
    }
  }
}

void RunLibrary::adopt(const fs::path& folder, const std::string& id) {
  std::vector<fs::path> files;
  bool told = false;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (is_event_file(entry.path()) && entry.is_regular_file(ignored)) files.push_back(entry.path());
    told |= entry.path().filename() == run_file;
  }
  if (files.empty() && !told) return;
  std::ranges::sort(files);  // their names begin with the time
  Run& run = runs_[id];
  run.folder = folder;
  run.name = id;
  for (const fs::path& file : files) {
    if (std::ranges::count(run.files, file, &EventReader::file) == 0) run.files.emplace_back(file);
  }
}

void RunLibrary::take(Run& run, std::size_t file, const LoggedValue& logged) {
  if (logged.kind == LoggedKind::restart) {
    std::size_t forgotten = 0;
    for (auto& [key, series] : run.series) forgotten += series.forget(logged.step, file);
    if (forgotten > 0) {
      run.remarks.push_back(
          fmt::format("taken up again at step {}: {} later points of before do not count", logged.step, forgotten));
    }
    return;
  }
  if (const auto* values = std::get_if<LoggedHyperparameters>(&logged.value)) {
    for (const auto& [name, value] : *values) run.hyperparameters.insert_or_assign(name, value);
    return;
  }
  Series& series = run.series[{logged.tag, logged.kind}];
  const auto add = [&](auto& points, const auto& value) { points.push_back({logged.step, logged.time, file, value}); };
  if (const auto* number = std::get_if<double>(&logged.value)) add(series.scalars, *number);
  if (const auto* media = std::get_if<LoggedMedia>(&logged.value)) add(series.media, *media);
  if (const auto* histogram = std::get_if<LoggedHistogram>(&logged.value)) add(series.histograms, *histogram);
  if (const auto* text = std::get_if<std::string>(&logged.value)) add(series.texts, *text);
  if (const auto* other = std::get_if<LoggedOther>(&logged.value)) add(series.texts, other->what);
}

// Whether there is more to read now. Files one after the other: what a later one says of a restart is about earlier
// ones.
bool RunLibrary::read_on(Run& run, std::size_t bytes) {
  const fs::path about = run.folder / run_file;
  if (fs::exists(about)) run.about = Json::parse(text_of(about), nullptr, false);
  if (run.about.is_discarded()) run.about = nullptr;
  run.bytes = 0;
  for (std::size_t i = 0; i < run.files.size(); ++i) {
    EventReader& file = run.files[i];
    const std::uint64_t before = file.position();
    try {
      const bool more = file.read([&](const LoggedValue& value) { take(run, i, value); }, bytes);
      run.bytes += file.position() - before;
      if (more) return true;
    } catch (const Error&) {
      continue;  // removed: what was read of it stays
    }
  }
  return false;
}

void RunLibrary::catch_up() {
  find_runs();
  const auto until = Clock::now() + patience;
  for (auto& [id, run] : runs_) {
    while (read_on(run, piece_bytes) && Clock::now() < until) {
    }
  }
}

RunLibrary::Run& RunLibrary::at(std::string_view id) {
  auto found = runs_.find(id);
  if (found == runs_.end()) {
    find_runs();
    found = runs_.find(id);
  }
  if (found == runs_.end()) throw Error(ErrorCode::not_found, fmt::format("there is no run '{}'", id));
  const auto until = Clock::now() + patience;
  while (read_on(found->second, piece_bytes) && Clock::now() < until) {
  }
  return found->second;
}

const RunLibrary::Series& RunLibrary::series_of(std::string_view id, std::string_view tag, LoggedKind kind) {
  const Run& run = at(id);
  const auto found = run.series.find({std::string(tag), kind});
  if (found == run.series.end()) {
    throw Error(ErrorCode::not_found, fmt::format("run '{}' has no {} '{}'", id, to_string(kind), tag));
  }
  return found->second;
}

Json RunLibrary::row(const std::string& id, const Run& run) const {
  std::uint64_t bytes = 0, read = 0;
  std::size_t problems = run.remarks.size();
  std::int64_t last = -1;
  double started = 0.0;
  for (const EventReader& file : run.files) {
    std::error_code ignored;
    const auto size = fs::file_size(file.file(), ignored);
    if (!ignored) bytes += size;
    read += file.position();
    problems += file.problems().size() + (file.unfinished() > 0 ? 1 : 0);
  }
  for (const auto& [key, series] : run.series) {
    if (series.count() > 0) last = std::max(last, series.steps().second);
    for (const auto& point : series.scalars) started = started == 0.0 ? point.time : std::min(started, point.time);
  }
  Json row{{"id", id},
           {"name", run.name},
           {"state", nullptr},
           {"kind", nullptr},
           {"started", started > 0.0 ? Json(started) : Json()},
           {"steps", last >= 0 ? Json(last) : Json()},
           {"bytes", bytes},
           {"read_bytes", read},
           {"problems", problems}};
  if (run.about.is_object()) {
    row["state"] = state_of(run.about, run.folder);
    row["kind"] = run.about.value("kind", "");
  }
  return row;
}

Json RunLibrary::list() {
  const std::scoped_lock lock(mutex_);
  catch_up();
  Json rows = Json::array();
  for (const auto& [id, run] : runs_) rows.push_back(row(id, run));
  return rows;
}

Json RunLibrary::describe(std::string_view id) {
  const std::scoped_lock lock(mutex_);
  const Run& run = at(id);
  Json document = row(std::string(id), run);
  document["run"] = run.about;
  Json problems = Json::array();
  for (const std::string& remark : run.remarks) problems.push_back(remark);
  for (const EventReader& file : run.files) {
    const std::string name = file.file().filename().string();
    for (const std::string& problem : file.problems()) problems.push_back(fmt::format("{} {}", name, problem));
    if (file.unfinished() > 0) {
      problems.push_back(fmt::format("{} ends in {} bytes of an unfinished record", name, file.unfinished()));
    }
  }
  document["problems"] = std::move(problems);
  Json& tags = document["tags"] = Json::array();
  for (const auto& [key, series] : run.series) {
    if (series.count() == 0) continue;
    const auto [first, last] = series.steps();
    tags.push_back({{"tag", key.first},
                    {"kind", to_string(key.second)},
                    {"count", series.count()},
                    {"first_step", first},
                    {"last_step", last}});
    if (key.second == LoggedKind::other) tags.back()["what"] = series.texts.back().value;
  }
  return document;
}

Json RunLibrary::scalars(std::string_view id, std::string_view tag) {
  const std::scoped_lock lock(mutex_);
  const Series& series = series_of(id, tag, LoggedKind::scalar);
  Json steps = Json::array(), times = Json::array(), values = Json::array();
  for (const auto& point : series.scalars) {
    steps.push_back(point.step);
    times.push_back(number_or_null(point.time));
    values.push_back(number_or_null(point.value));
  }
  return {{"tag", tag}, {"steps", std::move(steps)}, {"times", std::move(times)}, {"values", std::move(values)}};
}

Json RunLibrary::media(std::string_view id, std::string_view tag, LoggedKind kind) {
  const std::scoped_lock lock(mutex_);
  Json rows = Json::array();
  for (const auto& point : series_of(id, tag, kind).media) {
    Json row{{"step", point.step}, {"time", number_or_null(point.time)}, {"bytes", point.value.length}};
    if (kind == LoggedKind::audio) {
      const bool told = point.value.rate > 0.0 && point.value.frames > 0;
      row["rate"] = told ? Json(point.value.rate) : Json();
      row["seconds"] = told ? number_or_null(static_cast<double>(point.value.frames) / point.value.rate) : Json();
    } else {
      row["width"] = point.value.width;
      row["height"] = point.value.height;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

FilePart RunLibrary::medium(std::string_view id, std::string_view tag, LoggedKind kind, std::int64_t step) {
  const std::scoped_lock lock(mutex_);
  const Series& series = series_of(id, tag, kind);
  const auto found = std::ranges::find(series.media, step, &Point<LoggedMedia>::step);
  if (found == series.media.end()) {
    throw Error(ErrorCode::not_found,
                fmt::format("run '{}' has no {} '{}' at step {}", id, to_string(kind), tag, step));
  }
  return {at(id).files[found->file].file(), found->value.offset, found->value.length};
}

Json RunLibrary::histograms(std::string_view id, std::string_view tag) {
  const std::scoped_lock lock(mutex_);
  Json rows = Json::array();
  for (const auto& point : series_of(id, tag, LoggedKind::histogram).histograms) {
    const LoggedHistogram& histogram = point.value;
    Json limits = Json::array();
    for (const double limit : histogram.limits) limits.push_back(number_or_null(limit));
    rows.push_back({{"step", point.step},
                    {"time", number_or_null(point.time)},
                    {"minimum", number_or_null(histogram.minimum)},
                    {"maximum", number_or_null(histogram.maximum)},
                    {"count", number_or_null(histogram.count)},
                    {"sum", number_or_null(histogram.sum)},
                    {"limits", std::move(limits)},
                    {"counts", histogram.counts}});
  }
  return rows;
}

Json RunLibrary::texts(std::string_view id, std::string_view tag) {
  const std::scoped_lock lock(mutex_);
  Json rows = Json::array();
  for (const auto& point : series_of(id, tag, LoggedKind::text).texts) {
    rows.push_back({{"step", point.step}, {"time", number_or_null(point.time)}, {"text", point.value}});
  }
  return rows;
}

Json RunLibrary::hyperparameters(std::string_view id) {
  const std::scoped_lock lock(mutex_);
  Json values = Json::object();
  for (const auto& [name, value] : at(id).hyperparameters) values[name] = hyperparameter_json(value);
  return values;
}

std::string RunLibrary::csv(std::string_view id) {
  const std::scoped_lock lock(mutex_);
  CsvWriter table({"tag", "step", "wall_time", "value"});
  for (const auto& [key, series] : at(id).series) {
    for (const auto& point : series.scalars) {
      table.row({key.first, fmt::format("{}", point.step), fmt::format("{:.6f}", point.time),
                 fmt::format("{}", point.value)});
    }
  }
  return table.text();
}

void RunLibrary::watch(const std::stop_token& stop) {
  std::mutex pause;
  std::condition_variable_any never;
  std::unique_lock waiting(pause);
  std::map<std::string, std::uint64_t> seen;
  while (!stop.stop_requested()) {
    never.wait_for(waiting, stop, watch_pause, [] { return false; });
    if (stop.stop_requested() || events_->listeners() == 0) continue;
    Json changed = Json::array();
    {
      const std::scoped_lock lock(mutex_);
      catch_up();
      for (const auto& [id, run] : runs_) {
        std::uint64_t read = 0;
        for (const EventReader& file : run.files) read += file.position();
        const auto known = seen.find(id);
        if (known != seen.end() && known->second == read) continue;
        if (known != seen.end()) changed.push_back(id);
        if (known == seen.end() && !seen.empty()) changed.push_back(id);
        seen[id] = read;
      }
    }
    if (!changed.empty())
      events_->publish("runs",
                       Json{{"changed", std::move(changed)}}.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  events_->close();
}

}  // namespace soundalike::serve
