#pragma once

#include <cstddef>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "soundalike/progress.hpp"

namespace soundalike::cli {

class Arguments;
class Interrupt;
class ProgressDisplay;

/// Thrown when whoever read standard output has gone: not an error, only a reason to end.
struct OutputClosed {};

/// What a command works in: where its results go, who hears its progress, when it must stop.
///
///   if (context.json()) {
///     context.emit({{"distance", d}});
///   } else {
///     context.print(table.text(context.width(), context.colored()));
///   }
class Context {
 public:
  /// Takes --json, --quiet, --no-progress, --color and --jobs.
  explicit Context(const Arguments& globals);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  bool json() const { return json_; }
  bool quiet() const { return quiet_; }
  /// Workers to render with, as RendererOptions has it: 0 is one per core.
  std::size_t jobs() const { return jobs_; }
  /// Columns of the terminal on standard output; 0 when it is none: then nothing is shortened.
  std::size_t width() const;
  /// Whether to use colour on standard output; never with --json.
  bool colored() const { return colored_; }
  std::string bold(std::string_view text) const;
  std::string dim(std::string_view text) const;

  /// Text for people on standard output, written at once. Nothing with --json.
  void print(std::string_view text);
  /// The result, as the one JSON document on standard output. Only with --json, and only once.
  void emit(const nlohmann::ordered_json& document);
  /// True when emit() has been called.
  bool emitted() const { return emitted_; }
  /// A remark on standard error: "warning: ..." Nothing with --quiet; with --json an event {"event":"warning"}.
  void warn(std::string_view message);

  /// Shows progress on standard error: a bar on a terminal, lines elsewhere, events with --json. Valid as long as the
  /// context.
  Progress progress();
  /// Stop requested by the first Ctrl-C or SIGTERM, which is said on standard error; the second ends the program at
  /// once, and until this is called so does the first.
  std::stop_token stop();
  /// Wipes the progress bar.
  void clear_progress();

 private:
  void write(std::string_view text);

  bool json_, quiet_, colored_;
  bool emitted_ = false;
  std::size_t jobs_;
  std::unique_ptr<ProgressDisplay> display_;
  std::unique_ptr<Interrupt> interrupt_;
};

}  // namespace soundalike::cli
