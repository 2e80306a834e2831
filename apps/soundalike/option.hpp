#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <string_view>

#include "soundalike/suggest.hpp"

namespace soundalike::cli {

/// What an option or argument takes. Parsing, help and shell completion follow from it.
enum class ValueKind {
  flag,         ///< nothing: it is there or not
  text,         ///< anything
  integer,      ///< a whole number in [minimum, maximum]
  number,       ///< a number in [minimum, maximum]; its unit may follow it: "50%", "-3 dB"
  choice,       ///< one of choices()
  input_file,   ///< a file that is read
  output_file,  ///< a file that is written
  folder,       ///< a folder
  effect,       ///< an installed effect: id, URI or name; completed from `soundalike effects --names`
  assignment,   ///< name=value
};

/// One option of a command, declared once. Parsing, --help, the man page, docs/commands.md and the shell completions
/// are all made from this.
///
///   {.name = "budget", .letter = 'b', .kind = ValueKind::integer, .value = "RENDERS", .fallback = "400",
///    .minimum = 1, .help = "renders to spend; more is slower and nearer"}
struct Option {
  std::string_view name;  ///< without the dashes
  char letter = 0;        ///< short form, or 0
  ValueKind kind = ValueKind::flag;
  std::string_view value = {};                                ///< what stands for the value in help: "RENDERS"
  std::string_view fallback = {};                             ///< the default, as one would type it; empty: none
  double minimum = -std::numeric_limits<double>::infinity();  ///< smallest accepted value, inclusive
  double maximum = std::numeric_limits<double>::infinity();   ///< largest accepted value, inclusive
  std::string_view unit = {};                                 ///< of a number: "%", "dB", "s"
  Words (*choices)() = nullptr;                               ///< of a choice: what it may be
  bool repeatable = false;  ///< may be given several times; read with Arguments::all()
  bool required = false;
  std::string_view excludes = {};      ///< names of options that contradict it, separated by spaces
  std::string_view group = "options";  ///< heading in help
  std::string_view help = {};          ///< a phrase without capital and full stop
};

/// One table out of several, so that rows which commands share are declared once.
///
///   constexpr auto own_options = std::to_array<Option>({{.name = "effect", ...}});
///   constexpr auto options = join(own_options, training_options);
template <std::size_t... Sizes>
constexpr std::array<Option, (Sizes + ...)> join(const std::array<Option, Sizes>&... tables) {
  std::array<Option, (Sizes + ...)> result;
  auto* end = result.data();
  ((end = std::copy(tables.begin(), tables.end(), end)), ...);
  return result;
}

/// A word of a command line that is not an option, by position.
struct Positional {
  std::string_view name;  ///< lower case: "input"
  ValueKind kind = ValueKind::text;
  Words (*choices)() = nullptr;
  bool required = true;     ///< optional ones come last
  bool repeatable = false;  ///< the last one only: takes all that is left
  std::string_view help = {};
};

}  // namespace soundalike::cli
