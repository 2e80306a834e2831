#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "context.hpp"
#include "open_page.hpp"
#include "soundalike/error.hpp"
#include "soundalike/server.hpp"

namespace soundalike::cli {
namespace {

namespace fs = std::filesystem;

constexpr Positional positionals[] = {
    {.name = "folder",
     .kind = ValueKind::folder,
     .required = false,
     .help =
         "what the server keeps: recordings, maps, results; default: soundalike/workspace in the user's data folder"},
};
constexpr Option options[] = {
    {.name = "port",
     .letter = 'p',
     .kind = ValueKind::integer,
     .value = "PORT",
     .fallback = "8420",
     .minimum = 0,
     .maximum = 65535,
     .help = "where to listen; 0: any free port"},
    {.name = "open", .help = "show the page in the browser"},
    {.name = "maps",
     .kind = ValueKind::folder,
     .value = "FOLDER",
     .repeatable = true,
     .help = "show the map, or the maps below it, that soundalike map made"},
    {.name = "study",
     .kind = ValueKind::folder,
     .value = "FOLDER",
     .repeatable = true,
     .help = "run the listening test in it"},
    {.name = "runs",
     .kind = ValueKind::folder,
     .value = "FOLDER",
     .repeatable = true,
     .help = "show the training runs below it, soundalike's or any of TensorBoard's"},
    {.name = "public", .group = "network", .help = "let other machines in, not only this one; needs the token"},
    {.name = "token",
     .kind = ValueKind::text,
     .value = "TEXT",
     .group = "network",
     .help = "what whoever uses the server must know; default: with --public one that is drawn and printed, else none"},
};
constexpr Example examples[] = {
    {"soundalike serve --open", "the page, in the browser"},
    {"soundalike serve studio --runs runs", "keep everything in 'studio', show the training runs below 'runs'"},
    {"soundalike serve --public --port 80", "for other machines too, with a token"},
};

fs::path usual_folder() {
  const auto variable = [](const char* name) -> std::string {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  fs::path data = variable("XDG_DATA_HOME");
  if (data.empty() && !variable("HOME").empty()) data = fs::path(variable("HOME")) / ".local" / "share";
  if (data.empty()) throw Error(ErrorCode::invalid_argument, "cannot find a folder to work in: name one");
  return data / "soundalike" / "workspace";
}

// 128 bits from the system: nobody guesses it.
std::string drawn_token() {
  std::ifstream random("/dev/urandom", std::ios::binary);
  std::string token;
  for (int i = 0; i < 16; ++i) token += fmt::format("{:02x}", random.get() & 0xff);
  if (!random) throw Error(ErrorCode::io, "cannot draw a token: /dev/urandom cannot be read; give --token");
  return token;
}

// Every open page takes a connection or two; the usual limit is one of terminals.
void allow_many_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 8192);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

int run(const Arguments& arguments, Context& context) {
  ServerOptions server_options;
  server_options.folder = arguments.given("folder") ? fs::path(arguments.text("folder")) : usual_folder();
  server_options.port = static_cast<std::uint16_t>(arguments.integer("port"));
  server_options.open_to_all = arguments.given("public");
  server_options.token = arguments.text("token");
  if (server_options.open_to_all && server_options.token.empty()) server_options.token = drawn_token();
  for (const std::string& folder : arguments.all("maps")) server_options.maps.emplace_back(folder);
  for (const std::string& folder : arguments.all("study")) server_options.studies.emplace_back(folder);
  for (const std::string& folder : arguments.all("runs")) server_options.runs.emplace_back(folder);
  server_options.renderer.workers = context.jobs();
  allow_many_files();
  const std::stop_token stop = context.stop();
  Server server(server_options);
  const std::string url = server.url();
  if (context.json()) {
    context.emit({{"url", url},
                  {"port", server.port()},
                  {"folder", server_options.folder.string()},
                  {"public", server_options.open_to_all},
                  {"token", server_options.token}});
  } else {
    context.print(fmt::format("{}\n", context.bold(url)));
    if (server_options.open_to_all) {
      context.print("other machines reach it under this one's name; who is not to use it must not learn the token\n");
    }
    context.print(fmt::format("keeps everything in {}; Ctrl-C ends it\n", server_options.folder.string()));
  }
  if (arguments.given("open") && !open_page(url)) context.warn("no browser could be started; open the address by hand");
  server.run(stop);
  return 0;
}

}  // namespace

extern const Command serve_command{
    .name = "serve",
    .summary = "the page: effects, live renders, matching, maps, training runs in the browser",
    .description =
        "Starts a server on this machine and prints its address. The page plays recordings through any installed "
        "effect "
        "as its knobs are turned, matches recordings, and shows training runs. It needs no network, and other machines "
        "cannot reach it.\n\nWhat is uploaded and what comes of it stays in the folder, and is there again the next "
        "time. "
        "The interface that the page uses is open to programs: docs/http-api.md.\n\n"
        "With --public the server listens on all addresses and wants the token that it prints. It speaks plain HTTP: "
        "beyond a trusted network, put a server that speaks HTTPS in front of it.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
