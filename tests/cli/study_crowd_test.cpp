// A listening test with a crowd: many sessions at once against the real server, over a line that drops, doubles and
// reorders requests, with browsers that forget what was acknowledged and a server killed with SIGKILL. 80 listeners, or
// as many as SOUNDALIKE_LISTENERS says.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "serve/client.hpp"
#include "soundalike/rng.hpp"
#include "study/example_study.hpp"

namespace {

using namespace soundalike;
using client::Json;

/// `soundalike serve` on a port that it keeps.
class ServerProcess {
 public:
  explicit ServerProcess(const TempFolder& folder) : folder_(folder.path()) { start(); }
  ~ServerProcess() { stop(SIGKILL); }
  void kill_and_restart() {
    stop(SIGKILL);
    start();
  }
  std::uint16_t port() const { return port_; }

 private:
  void start() {
    int pipe[2];
    REQUIRE(::pipe2(pipe, O_CLOEXEC) == 0);
    const std::string program = std::string(std::getenv("SOUNDALIKE_BIN")) + "/soundalike";
    const std::string workspace = folder_ / "workspace", study = folder_ / "study", port = std::to_string(port_);
    child_ = ::fork();
    REQUIRE(child_ >= 0);
    if (child_ == 0) {
      ::dup2(pipe[1], STDOUT_FILENO);
      ::execl(program.c_str(), program.c_str(), "serve", workspace.c_str(), "--study", study.c_str(), "--port",
              port.c_str(), "--json", "--quiet", "--jobs", "1", nullptr);
      ::_exit(127);
    }
    ::close(pipe[1]);
    std::string told;
    char piece[4096];
    while (!Json::accept(told)) {
      const ssize_t got = ::read(pipe[0], piece, sizeof piece);
      REQUIRE_MESSAGE(got > 0, "the server did not start");
      told.append(piece, static_cast<std::size_t>(got));
    }
    ::close(pipe[0]);
    port_ = Json::parse(told)["port"];
  }
  void stop(int signal) {
    if (child_ <= 0) return;
    ::kill(child_, signal);
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
  }

  std::filesystem::path folder_;
  pid_t child_ = -1;
  std::uint16_t port_ = 0;
};

/// Lets the server be killed while others use it: who finds it gone waits until it is back.
class Line {
 public:
  explicit Line(ServerProcess& server) : server_(server), port_(server.port()) {}
  client::Answer ask(std::string_view method, const std::string& target, const std::string& body = {}) {
    for (int tries = 0; tries < 1000; ++tries) {
      try {
        const client::Answer answer = client::ask(port_, method, target, body);
        if (answer.status != 0 && answer.whole) return answer;  // one cut short is none, as to a browser
      } catch (const std::runtime_error&) {                     // nobody there
      }
      std::unique_lock lock(mutex_);
      back_.wait(lock, [&] { return up_; });
    }
    throw std::runtime_error("the server does not answer");
  }
  void kill_server() {
    std::unique_lock lock(mutex_);
    up_ = false;
    lock.unlock();
    server_.kill_and_restart();
    lock.lock();
    up_ = true;
    back_.notify_all();
  }

 private:
  ServerProcess& server_;
  std::uint16_t port_;
  std::mutex mutex_;
  std::condition_variable back_;
  bool up_ = true;
};

/// A listener and her browser.
class Listener {
 public:
  Listener(Line& line, std::atomic<std::size_t>& acknowledged, std::uint64_t seed)
      : line_(line), acknowledged_(acknowledged), rng_(Rng::derive(300, seed)) {
    code_ = line_.ask("POST", "/api/study/tones/sessions", "{}").json()["session"];
    add("consent", {{"agreed", true}});
    add("questions_done", {{"after", false}});
  }
  /// Sends what is due, or does the next page. @return whether the test goes on.
  bool go_on() {
    deliver();
    const Json state = line_.ask("GET", address()).json();
    if (state["stage"] == "finished") return false;
    if (state["stage"] == "questions_after") {
      add("questions_done", {{"after", true}});
      return true;
    }
    const Json& page = state["trial"];
    const std::size_t steps = page["kind"] == "likert" ? 3 : 100;
    for (int move = 0; move < 2; ++move) {
      for (const Json& id : page["stimuli"]) add("rating", {{"stimulus", id}, {"score", 1 + rng_.below(steps)}});
    }
    add("trial_done", {{"trial", page["number"]}, {"seconds", 12}});
    return true;
  }
  const std::string& code() const { return code_; }
  const std::map<std::int64_t, Json>& sent() const { return sent_; }

 private:
  std::string address() const { return "/api/study/tones/sessions/" + code_; }
  bool chance(std::uint64_t percent) { return rng_.below(100) < percent; }
  void add(const std::string& type, const Json& body) {
    const auto seq = static_cast<std::int64_t>(sent_.size()) + 1;
    sent_[seq] = {{"client_seq", seq}, {"type", type}, {"body", body}};
    due_.push_back(seq);
  }
  void deliver() {
    while (!due_.empty()) {
      const std::size_t count = std::min<std::size_t>(1 + rng_.below(6), due_.size());
      const std::size_t first = chance(5) ? rng_.below(due_.size() - count + 1) : 0;  // out of order
      if (chance(5)) continue;                                                        // lost on the way
      const auto begin = due_.begin() + static_cast<std::ptrdiff_t>(first);
      const auto end = begin + static_cast<std::ptrdiff_t>(count);
      Json events = Json::array();
      for (auto seq = begin; seq != end; ++seq) events.push_back(sent_[*seq]);
      auto answer = line_.ask("POST", address() + "/events", events.dump());
      if (chance(5)) answer = line_.ask("POST", address() + "/events", events.dump());  // twice
      if (answer.status != 200 || !answer.json()["refused"].empty()) throw std::runtime_error(answer.body);
      if (chance(5)) continue;  // the answer was lost, or the browser was killed before it noted it
      acknowledged_ += count;
      acknowledged_.notify_all();
      due_.erase(begin, end);
    }
  }

  Line& line_;
  std::atomic<std::size_t>& acknowledged_;
  Rng rng_;
  std::string code_;
  std::map<std::int64_t, Json> sent_;  // by client_seq
  std::vector<std::int64_t> due_;
};

}  // namespace

TEST_CASE("a_crowd_on_a_bad_line_loses_and_doubles_no_grade_though_the_server_is_killed") {
  const char* listeners_wanted = std::getenv("SOUNDALIKE_LISTENERS");
  const std::size_t crowd = listeners_wanted != nullptr ? std::stoul(listeners_wanted) : 80;
  constexpr std::size_t threads = 6, kills = 5;
  const TempFolder folder;
  StudyDefinition definition = example::definition();
  std::erase_if(definition.trials,
                [](const StudyTrial& t) { return t.kind == TrialKind::paired || t.kind == TrialKind::abx; });
  example::write(folder / "study", definition);
  ServerProcess server(folder);
  Line line(server);
  std::atomic<std::size_t> acknowledged = 0, finished = 0;
  std::vector<std::vector<Listener>> listeners(threads);
  std::vector<std::string> failures(threads);
  std::vector<std::jthread> workers;
  for (std::size_t t = 0; t < threads; ++t) {
    workers.emplace_back([&, t] {
      try {
        for (std::size_t i = t; i < crowd; i += threads) listeners[t].emplace_back(line, acknowledged, i);
        std::vector<Listener*> open;
        for (Listener& l : listeners[t]) open.push_back(&l);
        while (!open.empty()) std::erase_if(open, [](Listener* l) { return !l->go_on(); });  // all in turn
      } catch (const std::exception& error) {
        failures[t] = error.what();
      }
      finished += 1;
      acknowledged += 1;  // wakes who waits for it
      acknowledged.notify_all();
    });
  }
  // Killed whenever about another sixth of the events has come, as long as somebody is still at work.
  const std::size_t expected = crowd * 26;
  std::size_t killed = 0;
  for (std::size_t kill = 1; kill <= kills; ++kill) {
    for (std::size_t seen = acknowledged; seen < kill * expected / (kills + 1) && finished < threads;
         seen = acknowledged) {
      acknowledged.wait(seen);
    }
    if (finished == threads) break;
    line.kill_server();
    ++killed;
  }
  CHECK(killed > 0);
  workers.clear();
  for (const std::string& failure : failures) CHECK(failure == "");

  const Study study(folder / "study");
  std::size_t events = 0, wrong = 0;
  for (const auto& some : listeners) {
    for (const Listener& listener : some) {
      wrong += study.state(listener.code()).stage != SessionStage::finished;
      const Json stored = Json::parse(study.export_session(listener.code()));
      wrong += stored["events"].size() != listener.sent().size();
      for (const Json& event : stored["events"]) {
        const Json& sent = listener.sent().at(event["client_seq"]);
        wrong += event["type"] != sent["type"] || event["body"] != sent["body"];
        ++events;
      }
    }
  }
  CHECK(wrong == 0);
  MESSAGE(crowd, " listeners, ", events, " events, server killed ", killed, " times");
}
