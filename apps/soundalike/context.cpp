#include "context.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "interrupt.hpp"
#include "progress_display.hpp"
#include "soundalike/error.hpp"
#include "terminal.hpp"

namespace soundalike::cli {
namespace {

bool wants_color(const std::string& when) {
  if (when != "auto") return when == "always";
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool dumb = term != nullptr && std::string_view(term) == "dumb";
  return (no_color == nullptr || *no_color == '\0') && !dumb && is_terminal(STDOUT_FILENO);
}

ProgressDisplay::Mode progress_mode(const Arguments& globals) {
  if (globals.given("quiet") || globals.given("no-progress")) return ProgressDisplay::Mode::off;
  if (globals.given("json")) return ProgressDisplay::Mode::events;
  const char* term = std::getenv("TERM");
  const bool moves = is_terminal(STDERR_FILENO) && (term == nullptr || std::string_view(term) != "dumb");
  return moves ? ProgressDisplay::Mode::bar : ProgressDisplay::Mode::lines;
}

// 0, or the errno of the write that failed.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

}  // namespace

Context::Context(const Arguments& globals)
    : json_(globals.given("json")),
      quiet_(globals.given("quiet")),
      colored_(!json_ && wants_color(globals.text("color"))),
      jobs_(static_cast<std::size_t>(globals.integer("jobs"))),
      display_(std::make_unique<ProgressDisplay>(progress_mode(globals), STDERR_FILENO)) {}

Context::~Context() = default;

std::size_t Context::width() const { return terminal_width(STDOUT_FILENO); }

std::string Context::bold(std::string_view text) const {
  return colored_ ? "\033[1m" + std::string(text) + "\033[0m" : std::string(text);
}

std::string Context::dim(std::string_view text) const {
  return colored_ ? "\033[2m" + std::string(text) + "\033[0m" : std::string(text);
}

void Context::print(std::string_view text) {
  if (!json_) write(text);
}

void Context::emit(const nlohmann::ordered_json& document) {
  if (!json_ || emitted_) throw Error(ErrorCode::internal, "a command emitted JSON that nobody asked for, or twice");
  emitted_ = true;
  // Names from plugins may hold bytes that are not UTF-8; a reader is owed valid JSON all the same.
  write(document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

void Context::write(std::string_view text) {
  display_->clear();
  const int error = write_all(STDOUT_FILENO, text);
  if (error == EPIPE) throw OutputClosed{};
  if (error != 0) throw Error(ErrorCode::io, std::string("cannot write to standard output: ") + std::strerror(error));
}

void Context::warn(std::string_view message) {
  if (quiet_) return;
  display_->clear();
  std::string line = "warning: " + std::string(message);
  if (json_) {
    const nlohmann::ordered_json event{{"event", "warning"}, {"message", message}};
    line = event.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  write_all(STDERR_FILENO, line + "\n");
}

Progress Context::progress() {
  return [display = display_.get()](const ProgressUpdate& update) { display->update(update); };
}

std::stop_token Context::stop() {
  if (!interrupt_) {
    interrupt_ = std::make_unique<Interrupt>([this] {
      if (quiet_) return;
      display_->clear();
      write_all(STDERR_FILENO, json_ ? "{\"event\":\"stopping\"}\n" : "stopping; Ctrl-C again ends at once\n");
    });
  }
  return interrupt_->token();
}

void Context::clear_progress() { display_->clear(); }

}  // namespace soundalike::cli
