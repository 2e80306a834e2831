#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "command.hpp"

namespace soundalike::cli {

/// What was given on the command line, checked against the command's tables. Options and arguments are asked for by
/// their declared name; a name that is not declared is a bug and throws Error internal.
class Arguments {
 public:
  explicit Arguments(const Command* command) : command_(command) {}

  /// Given by the user; a default does not count.
  bool given(std::string_view name) const;
  /// The value, or the default; empty when there is neither.
  std::string text(std::string_view name) const;
  /// Every value of a repeatable option or argument, in order; the default alone when none was given.
  std::vector<std::string> all(std::string_view name) const;
  /// The value of an integer or number option: checked when it was parsed. Needs a default, or given().
  long long integer(std::string_view name) const;
  double number(std::string_view name) const;
  /// The same, or nothing when neither given nor defaulted.
  std::optional<long long> maybe_integer(std::string_view name) const;
  std::optional<double> maybe_number(std::string_view name) const;
  /// name=value pairs of an assignment option, in order.
  std::vector<std::pair<std::string, std::string>> assignments(std::string_view name) const;

 private:
  friend class Parser;
  std::string_view fallback(std::string_view name) const;

  const Command* command_;  // null before a command is named
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

/// A command line, understood.
struct Invocation {
  const Command* command = nullptr;  ///< null: none was named
  Arguments arguments{nullptr};
  bool help = false;     ///< --help was given; the rest of the line was not looked at
  bool version = false;  ///< the same for --version
};

/// Understands the words after the program's name. Options may stand anywhere; "--" ends them; "-j4", "-j 4",
/// "--jobs=4" and "--jobs 4" are the same, and flags may be bundled: "-qj4".
/// @throws Error invalid_argument in one line: what was wrong, what would work.
Invocation parse(std::span<const std::string> words);

/// "soundalike effects show [options] <effect>".
std::string usage(const Command& command);

}  // namespace soundalike::cli
