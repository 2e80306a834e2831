// The real server under load and attack, over loopback: 300 open event streams, 50 clients rendering at once, slow
// clients, half requests, uploads of 64 MB that are cut off, 10 000 ranges; and how long a click takes to become sound
// for two clients at a time.
//
//   server_load [clicks]      prints one JSON object; not of `make bench`: it opens 400 connections
//
// It fails when the server dies, stops answering, loses a stored clip, or takes more than 300 MB.
#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <list>
#include <mutex>
#include <thread>

#include "../tests/serve/client.hpp"
#include "measure.hpp"
#include "process.hpp"
#include "soundalike/audio_file.hpp"

using namespace soundalike;
using namespace soundalike::bench;
using client::Connection;
using client::Json;

namespace {

constexpr double most_megabytes = 300.0;

// The program, serving a folder of its own.
class ServerProcess {
 public:
  explicit ServerProcess(const std::filesystem::path& folder) {
    std::vector<std::string> words{
        soundalike_program(), "serve", (folder / "workspace").string(), "--port", "0", "--json"};
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, ends[1], 1);
    if (::posix_spawn(&pid_, argv[0], &files, nullptr, argv.data(), environ) != 0)
      throw std::runtime_error("no server");
    posix_spawn_file_actions_destroy(&files);
    ::close(ends[1]);
    std::string told;
    char piece[4096];
    while (!Json::accept(told)) {
      const ssize_t got = ::read(ends[0], piece, sizeof piece);
      if (got <= 0) throw std::runtime_error("the server said nothing");
      told.append(piece, static_cast<std::size_t>(got));
    }
    ::close(ends[0]);
    port_ = Json::parse(told)["port"];
  }
  ~ServerProcess() {
    if (pid_ > 0) end();
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  /// Ctrl-C. @return seconds until it had ended.
  double end() {
    return seconds_of([&] {
      ::kill(pid_, SIGINT);
      ::waitpid(pid_, nullptr, 0);
      pid_ = 0;
    });
  }
  std::uint16_t port() const { return port_; }
  /// Resident memory of the server itself.
  double megabytes() const {
    std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
    for (std::string word; status >> word;) {
      double kilobytes = 0.0;
      if (word == "VmRSS:" && status >> kilobytes) return kilobytes / 1024.0;
    }
    throw std::runtime_error("the server has died");
  }
  double tree_megabytes() const { return static_cast<double>(tree_bytes(pid_)) * 1e-6; }

 private:
  pid_t pid_ = 0;
  std::uint16_t port_ = 0;
};

std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

// What is heard while a knob is turned: any effect, two of its knobs.
class Turning {
 public:
  Turning(std::uint16_t port, const std::string& clip) {
    const Json effect = client::ask(port, "GET", "/api/effects/builtin:filter").json();
    body_ = {{"effect", effect["id"]}, {"audio", clip}, {"settings", Json::array()}};
    for (const auto& parameter : effect["parameters"]) body_["settings"].push_back(parameter["default"]);
  }
  std::string at(double setting) const {
    Json body = body_;
    body["settings"][1] = setting;
    return body.dump();
  }

 private:
  Json body_;
};

struct Clicks {
  std::vector<double> total, without_plugin;  // milliseconds
};

// Two clients turn knobs at once, each on a connection that stays open, as browsers do.
Clicks click(std::uint16_t port, const Turning& turning, int count) {
  Clicks clicks;
  std::mutex mutex;
  std::vector<std::jthread> clients;
  for (int who = 0; who < 2; ++who) {
    clients.emplace_back([&, who] {
      Connection connection(port);
      connection.patience = 300;
      for (int i = 0; i < count; ++i) {
        const auto request = client::request_text("POST", "/api/render", port, turning.at((i % 97) / 97.0),
                                                  {{"X-Client", "client-" + std::to_string(who)}});
        client::Answer answer;
        const double seconds = seconds_of([&] {
          connection.send(request);
          answer = connection.answer();
        });
        if (answer.status != 200) throw std::runtime_error("a render was refused: " + answer.body);
        const std::scoped_lock lock(mutex);
        clicks.total.push_back(1e3 * seconds);
        clicks.without_plugin.push_back(1e3 * seconds - std::stod(answer.header("x-plugin-ms")));
      }
    });
  }
  return clients.clear(), clicks;
}

}  // namespace

int main(int argc, char** argv) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 4096);
  ::setrlimit(RLIMIT_NOFILE, &limit);
  return run_bench("server_load", [&] {
    const int count = rounds_from(argc, argv, 1, 500);
    const TemporaryFolder folder;
    ::setenv("XDG_CACHE_HOME", (folder.path() / "cache").c_str(), 1);
    ServerProcess server(folder.path());
    const std::uint16_t port = server.port();
    const auto wav = folder.path() / "clip.wav";
    write_audio(wav, make_music(2, 5.0, {44100}, 1));
    const auto uploaded = client::ask(port, "POST", "/api/audio", file_bytes(wav));
    const std::string clip = uploaded.json()["id"];
    const Turning turning(port, clip);
    const Clicks alone = click(port, turning, count);

    double peak = 0.0;
    std::jthread watcher([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        peak = std::max(peak, server.megabytes());
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
    });
    const std::string clips = client::ask(port, "GET", "/api/audio").body;
    const std::string match =
        Json{{"input", clip}, {"reference", clip}, {"effect", "builtin:reverb"}, {"budget", 100000}}.dump();
    const std::string job = client::ask(port, "POST", "/api/match", match).json()["job"];
    std::list<Connection> streams;
    for (int i = 0; i < 300; ++i) {
      streams.emplace_back(port).send(client::request_text("GET", "/api/jobs/" + job + "/events", port));
      if (!streams.back().until("event: progress")) throw std::runtime_error("an event stream gave nothing");
    }
    std::list<Connection> halves;  // half requests, and answers that nobody reads
    for (int i = 0; i < 20; ++i) {
      halves.emplace_back(port).send("POST /api/render HTTP/1.1\r\nHost: localhost\r\nContent-Le");
      halves.emplace_back(port).send(client::request_text("POST", "/api/render", port, turning.at(0.5)));
    }
    std::atomic<int> rendered{0}, refused{0};
    std::atomic<bool> lost = false;
    const double renders_seconds = seconds_of([&] {
      std::vector<std::jthread> clients;
      for (int who = 0; who < 50; ++who) {
        clients.emplace_back([&, who] {
          for (int i = 0; i < 10; ++i) {
            Connection connection(port);
            connection.patience = 300;
            connection.send(client::request_text("POST", "/api/render", port, turning.at((who * 10 + i) / 500.0)));
            const int status = connection.answer().status;
            if (status != 200 && status != 503) lost = true;
            ++(status == 200 ? rendered : refused);
          }
        });
      }
    });
    {
      std::vector<std::jthread> cut;
      const std::string much(1 << 20, 'x');
      for (int i = 0; i < 8; ++i) {
        cut.emplace_back([&] {
          Connection connection(port);
          connection.send("POST /api/audio HTTP/1.1\r\nHost: localhost\r\nContent-Length: 67108864\r\n\r\n");
          for (int piece = 0; piece < 48 && connection.send(much); ++piece) {
          }
        });
      }
    }
    Connection ranges(port);
    for (int i = 0; i < 10000; ++i) {
      ranges.send(client::request_text("GET", "/api/audio/" + clip, port, {},
                                       {{"Range", "bytes=" + std::to_string(i) + "-" + std::to_string(i + 99)}}));
      if (ranges.answer().body.size() != 100) throw std::runtime_error("a range was not answered");
    }
    const Clicks loaded = click(port, turning, std::max(1, count / 10));
    const double tree = server.tree_megabytes();
    watcher.request_stop();
    watcher.join();
    if (client::ask(port, "GET", "/api/audio").body != clips) throw std::runtime_error("a stored clip was lost");
    if (lost) throw std::runtime_error("a render was neither answered nor refused");
    if (peak > most_megabytes) throw std::runtime_error("the server took " + std::to_string(peak) + " MB");
    const double end_seconds = server.end();
    return nlohmann::ordered_json{{"clicks", alone.total.size()},
                                  {"click_ms_median", quantile(alone.total, 0.5)},
                                  {"click_ms_p95", quantile(alone.total, 0.95)},
                                  {"click_ms_p95_without_plugin", quantile(alone.without_plugin, 0.95)},
                                  {"click_ms_p95_under_load", quantile(loaded.total, 0.95)},
                                  {"streams", streams.size()},
                                  {"renders_by_50_clients", rendered.load()},
                                  {"refused_as_busy", refused.load()},
                                  {"renders_seconds", renders_seconds},
                                  {"peak_megabytes", peak},
                                  {"with_workers_megabytes", tree},
                                  {"end_seconds", end_seconds}};
  });
}
