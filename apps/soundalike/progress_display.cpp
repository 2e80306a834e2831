#include "progress_display.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <nlohmann/json.hpp>

#include "terminal.hpp"
#include "text.hpp"

namespace soundalike::cli {
namespace {

constexpr double bar_period = 0.1;
constexpr double event_period = 0.5;
constexpr double line_period = 5.0;
constexpr std::size_t bar_width = 20;

std::string clock_text(double seconds) {
  const auto whole = static_cast<long long>(std::llround(std::clamp(seconds, 0.0, 359999.0)));
  const std::string minutes = fmt::format("{:02}:{:02}", whole / 60 % 60, whole % 60);
  return whole < 3600 ? minutes : fmt::format("{}:{}", whole / 3600, minutes);
}

}  // namespace

ProgressDisplay::ProgressDisplay(Mode mode, int descriptor, Clock clock)
    : mode_(mode), descriptor_(descriptor), clock_(std::move(clock)) {
  if (!clock_) clock_ = [] { return std::chrono::steady_clock::now().time_since_epoch(); };
}

void ProgressDisplay::update(const ProgressUpdate& update) {
  if (mode_ == Mode::off) return;
  const std::lock_guard lock(mutex_);
  const double now = clock_().count();
  if (stage_.name != update.stage || update.done < stage_.done) {
    if (!stage_.finished && stage_.shown >= 0.0 && mode_ != Mode::bar) show(now);
    stage_ = {.name = std::string(update.stage), .note = {}, .began = now};
  }
  stage_.done = update.done;
  stage_.total = update.total;
  stage_.note = update.note;
  const bool ends = stage_.total > 0 && stage_.done >= stage_.total && !stage_.finished;
  if (ends || due(now)) show(now);
  stage_.finished = stage_.finished || ends;
}

bool ProgressDisplay::due(double now) const {
  if (stage_.finished) return false;
  const double since = now - (stage_.shown < 0.0 ? stage_.began : stage_.shown);
  switch (mode_) {
    case Mode::bar:
      return stage_.shown < 0.0 || !drawn_ || since >= bar_period;
    case Mode::lines:
      return since >= line_period;
    case Mode::events:
      return stage_.shown < 0.0 || since >= event_period;
    case Mode::off:
      break;
  }
  return false;
}

std::string ProgressDisplay::line(double now, std::size_t width) const {
  const double elapsed = now - stage_.began;
  std::string head = stage_.name, counts, note = stage_.note.empty() ? "" : " " + stage_.note;
  if (stage_.total == 0) {
    counts = fmt::format("{} [{}]", stage_.done, clock_text(elapsed));
    return shorten(head + "  " + counts + note, width);
  }
  const double part = std::min(1.0, static_cast<double>(stage_.done) / static_cast<double>(stage_.total));
  head += fmt::format("  {:3.0f}%", std::floor(100.0 * part));
  const std::string left = stage_.done == 0 ? "?" : clock_text(elapsed * (1.0 - part) / part);
  counts = fmt::format(" {}/{} [{}<{}]", stage_.done, stage_.total, clock_text(elapsed), left);
  std::string bar;
  if (mode_ == Mode::bar && display_width(head + counts) + bar_width / 2 + 3 <= width) {
    const std::size_t cells = std::min(bar_width, width - display_width(head + counts) - 3);
    const auto full = static_cast<std::size_t>(std::floor(part * static_cast<double>(cells)));
    bar = " |" + std::string(full, '#') + std::string(cells - full, ' ') + "|";
  }
  return shorten(head + bar + counts + note, width);
}

void ProgressDisplay::show(double now) {
  stage_.shown = now;
  if (mode_ == Mode::bar) {
    // One column is left free: a terminal wraps when the last one is written.
    const std::size_t width = std::max<std::size_t>(terminal_width(descriptor_), 20) - 1;
    write_all("\r" + line(now, width) + "\033[K");
    drawn_ = true;
  } else if (mode_ == Mode::lines) {
    write_all(line(now, std::string::npos) + "\n");
  } else if (mode_ == Mode::events) {
    nlohmann::ordered_json event{{"event", "progress"},
                                 {"stage", stage_.name},
                                 {"done", stage_.done},
                                 {"total", stage_.total},
                                 {"seconds", std::round((now - stage_.began) * 1000.0) / 1000.0}};
    if (!stage_.note.empty()) event["note"] = stage_.note;
    write_all(event.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  }
}

void ProgressDisplay::clear() {
  const std::lock_guard lock(mutex_);
  if (!drawn_) return;
  write_all("\r\033[K");
  drawn_ = false;
}

void ProgressDisplay::write_all(const std::string& text) const {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = write(descriptor_, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;  // progress is not worth failing for
    done += static_cast<std::size_t>(count);
  }
}

}  // namespace soundalike::cli
