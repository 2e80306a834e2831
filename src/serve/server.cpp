#include "soundalike/server.hpp"

#include <fmt/format.h>

#include "serve/app.hpp"
#include "soundalike/error.hpp"
#include "track/folder_lock.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;

// What is there of uploads and exports when the server starts is of one that was killed.
fs::path emptied(const fs::path& spool) {
  std::error_code problem;
  fs::remove_all(spool, problem);
  fs::create_directories(spool, problem);
  if (problem)
    throw Error(ErrorCode::io, fmt::format("cannot make folder '{}': {}", spool.string(), problem.message()));
  return spool;
}

const ServerOptions& checked(const ServerOptions& options) {
  if (options.open_to_all && options.token.size() < 8) {
    throw Error(
        ErrorCode::invalid_argument,
        "a server that is open to all needs a token of at least 8 characters, so that not everybody may use it");
  }
  std::error_code problem;
  fs::create_directories(options.folder, problem);
  if (problem) {
    throw Error(ErrorCode::io, fmt::format("cannot make folder '{}': {}", options.folder.string(), problem.message()));
  }
  return options;
}

}  // namespace

struct Server::State {
  explicit State(const ServerOptions& options)
      : lock(checked(options).folder),
        http_options{.address = options.open_to_all ? "0.0.0.0" : "127.0.0.1",
                     .port = options.port,
                     .spool = emptied(options.folder / "spool")},
        app(options),
        http(http_options, app) {}

  track::FolderLock lock;
  serve::HttpOptions http_options;
  serve::App app;
  serve::HttpServer http;
};

Server::Server(const ServerOptions& options) : state_(std::make_unique<State>(options)) {}
Server::~Server() = default;

std::uint16_t Server::port() const { return state_->http.port(); }

std::string Server::url() const {
  const std::string& token = state_->app.options.token;
  return fmt::format("http://127.0.0.1:{}/{}", port(), token.empty() ? "" : "?token=" + token);
}

void Server::run(const std::stop_token& stop) {
  const std::stop_callback ends(stop, [this] {
    state_->app.jobs.stop();
    state_->app.runs.stop();
  });
  state_->http.run(stop);
}

}  // namespace soundalike
