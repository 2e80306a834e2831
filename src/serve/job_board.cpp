#include "serve/job_board.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "serve/response.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"

namespace soundalike::serve {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t runners = 2;
constexpr std::size_t most_waiting = 64;
constexpr std::size_t most_kept = 500;

double now() {
  const auto time = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration<double>(time).count();
}

bool ended(std::string_view state) { return state != "queued" && state != "running"; }

}  // namespace

struct JobBoard::Job {
  std::string id;
  std::string kind;
  std::string title;
  std::string state = "queued";
  std::string stage{};
  double progress = 0.0;
  double created = 0.0;
  double ended_at = 0.0;
  Json result = nullptr;
  Json error = nullptr;
  Work work{};
  std::stop_source halt{};
  std::shared_ptr<EventChannel> events = std::make_shared<EventChannel>();
};

JobBoard::JobBoard(fs::path folder) : folder_(std::move(folder)) {
  std::error_code problem;
  fs::create_directories(folder_, problem);
  if (problem) {
    throw Error(ErrorCode::io, fmt::format("cannot make folder '{}': {}", folder_.string(), problem.message()));
  }
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream in(entry.path());
    const Json stored = Json::parse(in, nullptr, false);
    if (!stored.is_object()) continue;
    auto job = std::make_shared<Job>();
    job->id = entry.path().stem().string();
    job->kind = stored.value("kind", "");
    job->title = stored.value("title", "");
    job->state = stored.value("state", "failed");
    job->stage = stored.value("stage", "");
    job->progress = stored.value("progress", 0.0);
    job->created = stored.value("created", 0.0);
    if (const auto time = stored.find("ended"); time != stored.end() && time->is_number())
      job->ended_at = time->get<double>();
    if (const auto result = stored.find("result"); result != stored.end()) job->result = *result;
    if (const auto error = stored.find("error"); error != stored.end()) job->error = *error;
    jobs_.emplace(job->id, job);
    next_ = std::max<std::uint64_t>(next_, std::strtoull(job->id.c_str(), nullptr, 10) + 1);
    if (!ended(job->state)) {
      end(*job, "failed", nullptr, to_string(ErrorCode::cancelled), "the server ended before this was done");
    } else {
      job->events->publish("end", describe(*job, true).dump(-1, ' ', false, Json::error_handler_t::replace));
      job->events->close();
    }
  }
  for (std::size_t i = 0; i < runners; ++i) runners_.emplace_back([this](const std::stop_token& stop) { run(stop); });
}

JobBoard::~JobBoard() {
  stop();
  runners_.clear();
}

void JobBoard::stop() {
  for (std::jthread& runner : runners_) runner.request_stop();
  const std::scoped_lock lock(mutex_);
  for (const auto& [id, job] : jobs_) job->halt.request_stop();
  changed_.notify_all();
}

std::string JobBoard::start(std::string_view kind, const std::string& title, Work work) {
  auto job = std::make_shared<Job>();
  job->kind = kind;
  job->title = title;
  job->created = now();
  job->work = std::move(work);
  {
    const std::scoped_lock lock(mutex_);
    if (waiting_.size() >= most_waiting) throw Refusal{503, "busy", "too many jobs wait already"};
    job->id = fmt::format("{:06}", next_++);
    for (auto oldest = jobs_.begin(); jobs_.size() >= most_kept && oldest != jobs_.end();) {
      if (!ended(oldest->second->state)) {
        ++oldest;
        continue;
      }
      std::error_code ignored;
      fs::remove(folder_ / (oldest->first + ".json"), ignored);
      oldest = jobs_.erase(oldest);
    }
    save(*job);
    jobs_.emplace(job->id, job);
    waiting_.push_back(job);
  }
  changed_.notify_one();
  return job->id;
}

Json JobBoard::describe(const Job& job, bool whole) const {
  Json json{{"id", job.id},           {"kind", job.kind},
            {"title", job.title},     {"state", job.state},
            {"stage", job.stage},     {"progress", job.progress},
            {"created", job.created}, {"ended", job.ended_at > 0.0 ? Json(job.ended_at) : Json(nullptr)}};
  if (whole && !job.result.is_null()) json["result"] = job.result;
  if (!job.error.is_null()) json["error"] = job.error;
  return json;
}

void JobBoard::save(const Job& job) const {
  write_file(folder_ / (job.id + ".json"),
             describe(job, true).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::shared_ptr<JobBoard::Job> JobBoard::at(std::string_view id) const {
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) throw Error(ErrorCode::not_found, fmt::format("there is no job '{}'", id));
  return found->second;
}

Json JobBoard::list() const {
  const std::scoped_lock lock(mutex_);
  Json rows = Json::array();
  for (auto job = jobs_.rbegin(); job != jobs_.rend(); ++job) rows.push_back(describe(*job->second, false));
  return rows;
}

Json JobBoard::find(std::string_view id) const {
  const std::scoped_lock lock(mutex_);
  return describe(*at(id), true);
}

std::shared_ptr<EventChannel> JobBoard::events(std::string_view id) const {
  const std::scoped_lock lock(mutex_);
  return at(id)->events;
}

void JobBoard::remove(std::string_view id) {
  std::unique_lock lock(mutex_);
  const auto job = at(id);
  if (job->state == "running") {
    job->halt.request_stop();
  } else if (job->state == "queued") {
    std::erase(waiting_, job);
    lock.unlock();
    end(*job, "cancelled", nullptr, to_string(ErrorCode::cancelled), "cancelled before it began");
  } else {
    std::error_code ignored;
    fs::remove(folder_ / (job->id + ".json"), ignored);
    jobs_.erase(job->id);
  }
}

void JobBoard::run(const std::stop_token& stop) {
  for (;;) {
    std::shared_ptr<Job> job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, stop, [&] { return !waiting_.empty(); });
      if (stop.stop_requested()) return;
      job = waiting_.front();
      waiting_.pop_front();
      job->state = "running";
    }
    work_on(*job, stop);
  }
}

void JobBoard::work_on(Job& job, const std::stop_token& stop) {
  const auto tell = [&](const ProgressUpdate& update) {
    Json news;
    {
      const std::scoped_lock lock(mutex_);
      job.stage = update.stage;
      if (update.total > 0) job.progress = static_cast<double>(update.done) / static_cast<double>(update.total);
      news = {{"state", job.state}, {"stage", job.stage}, {"progress", job.progress}, {"note", update.note}};
    }
    job.events->publish_latest("progress", news.dump(-1, ' ', false, Json::error_handler_t::replace));
  };
  tell({"starting", 0, 0, {}});
  Talk talk{job.halt.get_token(), tell, *job.events};
  try {
    Json result = job.work(talk);
    end(job, "done", std::move(result), {}, {});
  } catch (const Error& error) {
    const bool wanted = error.code() == ErrorCode::cancelled && !stop.stop_requested();
    end(job, wanted ? "cancelled" : "failed", nullptr, to_string(error.code()), error.what());
  } catch (const std::exception& error) {
    end(job, "failed", nullptr, to_string(ErrorCode::internal), error.what());
  }
}

void JobBoard::end(Job& job, std::string_view state, Json result, std::string_view code, std::string_view message) {
  std::string news;
  {
    const std::scoped_lock lock(mutex_);
    job.state = state;
    job.ended_at = now();
    job.result = std::move(result);
    if (state == "done") job.progress = 1.0;
    if (!code.empty()) job.error = {{"code", code}, {"message", message}};
    job.work = {};  // what it holds is not needed any more
    try {
      save(job);
    } catch (const Error& problem) {  // a full disk: it is still there as long as the server is
      job.stage = fmt::format("not stored: {}", problem.what());
    }
    news = describe(job, true).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  job.events->publish("end", news);
  job.events->close();
}

}  // namespace soundalike::serve
