#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>

#include "fixtures/temp_folder.hpp"
#include "serve/client.hpp"
#include "soundalike/server.hpp"

/// The real server on a folder of its own, with the built-in effects and the project's test plugins.
class Serving {
 public:
  explicit Serving(const std::function<void(soundalike::ServerOptions&)>& change = {}) {
    options_.folder = folder_ / "workspace";
    options_.port = 0;
    options_.library.cache_file = folder_ / "effects.cache";
    const std::string plugins = std::string(std::getenv("SOUNDALIKE_BUILD")) + "/tests/plugins";
    options_.library.lv2_path = plugins;
    options_.library.vst3_path = "";
    options_.library.ladspa_path = "";
    if (change) change(options_);
    start();
  }
  ~Serving() { stop(); }

  void start() {
    server_ = std::make_unique<soundalike::Server>(options_);
    thread_ = std::jthread([this](const std::stop_token& stop) { server_->run(stop); });
  }
  void stop() {
    if (!server_) return;
    thread_.request_stop();
    thread_.join();
    server_.reset();
  }

  std::uint16_t port() const { return server_->port(); }
  const soundalike::ServerOptions& options() const { return options_; }
  const TempFolder& folder() const { return folder_; }
  client::Answer get(std::string_view target, const client::Headers& headers = {}) const {
    return client::ask(port(), "GET", target, {}, headers);
  }
  client::Answer post(std::string_view target, const client::Json& body, const client::Headers& headers = {}) const {
    return client::ask(port(), "POST", target, body.dump(), headers);
  }
  client::Answer post_bytes(std::string_view target, std::string_view body, const client::Headers& headers = {}) const {
    return client::ask(port(), "POST", target, body, headers);
  }
  /// The id of a clip that comes with the program.
  std::string clip(std::string_view name) const {
    const client::Json rows = get("/api/audio").json();
    for (const auto& row : rows) {
      if (row["name"] == name) return row["id"];
    }
    throw std::runtime_error("no bundled clip " + std::string(name));
  }
  /// All parameters of an effect at their defaults.
  client::Json defaults(const std::string& effect) const {
    const client::Json described = get("/api/effects/" + effect).json();
    client::Json settings = client::Json::array();
    for (const auto& parameter : described["parameters"]) settings.push_back(parameter["default"]);
    return settings;
  }
  /// The whole job, once it has ended.
  client::Json ended(const std::string& job) const {
    client::Connection connection(port());
    connection.send(client::request_text("GET", "/api/jobs/" + job + "/events", port()));
    connection.until("event: end\n");
    connection.until("\n\n");
    return get("/api/jobs/" + job).json();
  }

 private:
  TempFolder folder_;
  soundalike::ServerOptions options_;
  std::unique_ptr<soundalike::Server> server_;
  std::jthread thread_;
};

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string example(const std::string& name) {
  return bytes_of(std::filesystem::path(std::getenv("SOUNDALIKE_SOURCE")) / "examples" / "audio" / name);
}
