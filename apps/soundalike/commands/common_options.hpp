#pragma once

#include <string_view>

#include "option.hpp"
#include "recipe_report.hpp"

namespace soundalike::cli {

// Rows that several commands have alike, but for the words of their help.

/// -e EFFECT, as often as there are effects.
constexpr Option effects_option(std::string_view help, bool required = true) {
  return {.name = "effect",
          .letter = 'e',
          .kind = ValueKind::effect,
          .value = "EFFECT",
          .repeatable = true,
          .required = required,
          .help = help};
}

/// -o FILE, without which there would be nothing to do.
constexpr Option output_option(std::string_view help) {
  return {
      .name = "output", .letter = 'o', .kind = ValueKind::output_file, .value = "FILE", .required = true, .help = help};
}

/// --seed N, of what `help` says.
constexpr Option seed_option(std::string_view help) {
  return {.name = "seed",
          .kind = ValueKind::integer,
          .value = "N",
          .fallback = "0",
          .minimum = 0,
          .maximum = 1e15,
          .help = help};
}

/// --encoder NAME: what hears renders.
constexpr Option encoder_option(std::string_view help) {
  return {.name = "encoder", .kind = ValueKind::text, .value = "NAME", .fallback = "style-encoder", .help = help};
}

/// --seconds S: the part of a recording that is rendered.
constexpr Option part_seconds_option(std::string_view help) {
  return {.name = "seconds",
          .kind = ValueKind::number,
          .value = "S",
          .fallback = "2",
          .minimum = 0.1,
          .maximum = 60,
          .unit = "s",
          .help = help};
}

/// -b RENDERS.
constexpr Option budget_option(std::string_view help) {
  return {.name = "budget",
          .letter = 'b',
          .kind = ValueKind::integer,
          .value = "RENDERS",
          .fallback = "400",
          .minimum = 1,
          .maximum = 1000000,
          .help = help};
}

/// -s KNOB=VALUE, as often as there are knobs.
constexpr Option settings_option(std::string_view help) {
  return {.name = "settings",
          .letter = 's',
          .kind = ValueKind::assignment,
          .value = "KNOB=VALUE",
          .repeatable = true,
          .help = help};
}

/// --back FILE: the sound of a picture.
constexpr Option back_option(std::string_view help) {
  return {.name = "back", .kind = ValueKind::output_file, .value = "FILE", .help = help};
}

/// How phases are found for --back.
inline constexpr Option phase_iterations_option{.name = "iterations",
                                                .kind = ValueKind::integer,
                                                .value = "N",
                                                .fallback = "100",
                                                .minimum = 0,
                                                .maximum = 100000,
                                                .help = "of finding phases; more is slower and nearer"};

inline constexpr Option sample_format_option{.name = "format",
                                             .kind = ValueKind::choice,
                                             .value = "FORMAT",
                                             .choices = sample_format_names,
                                             .help = "samples of the output; default: float for WAV, 24 bit for FLAC"};

}  // namespace soundalike::cli
