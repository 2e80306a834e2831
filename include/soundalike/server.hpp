#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "soundalike/batch_renderer.hpp"
#include "soundalike/effect_library.hpp"

namespace soundalike {

struct ServerOptions {
  std::filesystem::path folder;               ///< what the server keeps: clips, maps, results of jobs; made if need be
  std::uint16_t port = 8420;                  ///< 0: any free one
  bool open_to_all = false;                   ///< listen on all addresses instead of 127.0.0.1; needs a token
  std::string token{};                        ///< what whoever uses the server must know; empty: nothing
  std::vector<std::filesystem::path> maps{};  ///< folders of maps, or of folders of maps, made elsewhere
  std::vector<std::filesystem::path> studies{};  ///< folders of listening tests
  std::vector<std::filesystem::path> runs{};     ///< folders of training runs
  EffectLibrary::Options library{};
  RendererOptions renderer{};
};

/// The pages of soundalike and the interface they use (docs/http-api.md): effects, clips, live renders, matching, maps,
/// training runs, listening tests.
///
///   Server server({.folder = "workspace", .port = 0});
///   std::jthread thread([&](std::stop_token stop) { server.run(stop); });
///   browse(server.url());
///
/// What it keeps is on the disk before it is answered, and there again when a server is started on the same folder. One
/// server at a time per folder.
class Server {
 public:
  /// Listens from here on.
  /// @throws Error io (port taken, folder not writable), invalid_argument (open to all without a token; folder in use).
  explicit Server(const ServerOptions& options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  /// "http://127.0.0.1:8420/", with "?token=..." when one is wanted.
  std::string url() const;
  /// Serves until stop is requested: then answers what is in hand, and ends jobs; at most some seconds.
  void run(const std::stop_token& stop);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace soundalike
