#include "serve/expert_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>

#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"

namespace soundalike::serve {
namespace {

namespace fs = std::filesystem;

std::string line_of(const ExpertSession::Event& event) {
  const Json json{{"client_seq", event.client_seq}, {"type", event.type}, {"body", event.body}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

// Whole or not at all: what a full disk left of it is cut off again.
void append_durably(const fs::path& file, std::string_view lines) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  const off_t before = descriptor < 0 ? -1 : ::lseek(descriptor, 0, SEEK_END);
  bool written = before >= 0;
  for (std::string_view rest = lines; written && !rest.empty();) {
    const ssize_t count = ::write(descriptor, rest.data(), rest.size());
    written = count > 0 || (count < 0 && errno == EINTR);
    rest.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
  }
  written = written && ::fsync(descriptor) == 0;
  if (!written && before >= 0 && ::ftruncate(descriptor, before) != 0) written = false;
  if (descriptor >= 0) ::close(descriptor);
  if (!written) throw Error(ErrorCode::io, "cannot store what was done: the disk is full or fails");
}

}  // namespace

ExpertStore::ExpertStore(fs::path folder) : folder_(std::move(folder)) {
  std::error_code problem;
  fs::create_directories(folder_, problem);
  if (problem) {
    throw Error(ErrorCode::io, fmt::format("cannot make folder '{}': {}", folder_.string(), problem.message()));
  }
  for (const auto& file : fs::directory_iterator(folder_)) {
    if (file.path().extension() != ".json") continue;
    std::ifstream in(file.path());
    ExpertSession session(parse_plan(Json::parse(in, nullptr, false)));
    std::ifstream lines(fs::path(file.path()).replace_extension(".jsonl"));
    for (std::string line; std::getline(lines, line);) {
      Json event = Json::parse(line, nullptr, false);
      if (!event.is_object()) continue;  // half a line, of a write that was never answered
      session.add({event.value("client_seq", std::uint64_t{0}), event.value("type", ""), event.value("body", Json())});
    }
    const std::string code = session.plan().session;
    sessions_.emplace(code, std::move(session));
  }
}

std::string ExpertStore::draw_code() {
  std::ifstream random("/dev/urandom", std::ios::binary);
  std::string code;
  for (int i = 0; i < 10; ++i) code += fmt::format("{:02x}", random.get() & 0xff);
  if (!random) throw Error(ErrorCode::io, "cannot draw a session's code: /dev/urandom cannot be read");
  return code;
}

void ExpertStore::begin(ExpertPlan plan) {
  const std::scoped_lock lock(mutex_);
  write_file(folder_ / (plan.session + ".json"), to_json(plan).dump(2) + "\n");
  const std::string code = plan.session;
  sessions_.emplace(code, ExpertSession(std::move(plan)));
}

ExpertStore::Appended ExpertStore::append(std::string_view code, std::vector<ExpertSession::Event> events) {
  const std::scoped_lock lock(mutex_);
  const auto found = sessions_.find(code);
  if (found == sessions_.end()) throw Error(ErrorCode::not_found, fmt::format("there is no session '{}'", code));
  ExpertSession& session = found->second;
  Appended result;
  std::string lines;
  std::vector<ExpertSession::Event> fresh;
  for (ExpertSession::Event& event : events) {
    const bool twice = std::ranges::any_of(fresh, [&](const auto& one) { return one.client_seq == event.client_seq; });
    if (twice || session.knows(event.client_seq)) {
      ++result.repeated;
      continue;
    }
    session.check(event);
    lines += line_of(event);
    fresh.push_back(std::move(event));
  }
  if (!fresh.empty()) append_durably(folder_ / fmt::format("{}.jsonl", code), lines);
  for (ExpertSession::Event& event : fresh) session.add(std::move(event));
  result.accepted = fresh.size();
  return result;
}

void ExpertStore::look(std::string_view code, std::string_view map,
                       const std::function<void(const ExpertSession&)>& at) const {
  const std::scoped_lock lock(mutex_);
  const auto found = sessions_.find(code);
  if (found == sessions_.end() || found->second.plan().map != map) {
    throw Error(ErrorCode::not_found, fmt::format("there is no session '{}'", code));
  }
  at(found->second);
}

void ExpertStore::look_at_all(std::string_view map, const std::function<void(const ExpertSession&)>& at) const {
  const std::scoped_lock lock(mutex_);
  for (const auto& [code, session] : sessions_) {
    if (session.plan().map == map) at(session);
  }
}

}  // namespace soundalike::serve
