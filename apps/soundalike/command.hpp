#pragma once

#include <span>
#include <string_view>

#include "option.hpp"

namespace soundalike::cli {

class Arguments;
class Context;

/// A command line one could paste, and what it does.
struct Example {
  std::string_view line;
  std::string_view what;
};

/// A subcommand. To add one: a file in commands/ that defines a Command, and its row in catalogue.cpp.
///
///   namespace {
///   constexpr Positional positionals[] = {{.name = "recording", .kind = ValueKind::input_file, .help = "..."}};
///   constexpr Option options[] = {{.name = "seed", .kind = ValueKind::integer, .value = "N", .help = "..."}};
///   constexpr Example examples[] = {{"soundalike loudness vocal.wav", "loudness and peaks of one file"}};
///   int run(const Arguments& arguments, Context& context) { ... return 0; }
///   }  // namespace
///   extern const Command loudness_command{.name = "loudness", .summary = "...", .run = run};
///
/// All of it is constant data: nothing happens before main().
struct Command {
  std::string_view name;         ///< one or two words: "effects", "effects show"
  std::string_view summary;      ///< a phrase for lists of commands
  std::string_view description;  ///< paragraphs separated by an empty line; wrapped by whoever shows it
  std::span<const Positional> positionals = {};
  std::span<const Option> options = {};
  std::span<const Example> examples = {};
  /// Does it. Returns the exit status; failures are thrown as Error.
  int (*run)(const Arguments&, Context&) = nullptr;
};

}  // namespace soundalike::cli
