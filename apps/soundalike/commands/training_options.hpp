#pragma once

#include "option.hpp"

namespace soundalike::cli {

inline Words rate_schedules() { return {"constant", "linear", "cosine", "steps"}; }

/// What every training takes: recordings, and where its run and its model go.
inline constexpr auto training_options = std::to_array<Option>(
    {{.name = "data",
      .letter = 'd',
      .kind = ValueKind::folder,
      .value = "FOLDER",
      .repeatable = true,
      .required = true,
      .help = "recordings; their train split is learnt from, the best kept by their validation split"},
     {.name = "config", .kind = ValueKind::input_file, .value = "FILE", .help = "options from a TOML file"},
     {.name = "run",
      .kind = ValueKind::folder,
      .value = "FOLDER",
      .help = "where curves and checkpoints go; default: runs/ and the model's name"},
     {.name = "resume", .help = "go on with the run in that folder"},
     {.name = "output",
      .letter = 'o',
      .kind = ValueKind::output_file,
      .value = "FILE",
      .help = "the model; default: in the run's folder"},
     {.name = "seed",
      .kind = ValueKind::integer,
      .value = "N",
      .fallback = "1",
      .minimum = 0,
      .help = "of everything drawn"},
     {.name = "device",
      .kind = ValueKind::text,
      .value = "NAME",
      .fallback = "cpu",
      .help = "where the network learns: cpu, or cuda where libtorch has it"},
     {.name = "cache",
      .kind = ValueKind::folder,
      .value = "FOLDER",
      .help = "keep what was rendered for it there, for the next run with the same ones"}});

/// What every training takes of its optimiser, under the heading `group`; `clip` is the longest gradient by default.
constexpr auto optimiser_options(std::string_view group, std::string_view clip) {
  return std::to_array<Option>({{.name = "learning-rate",
                                 .kind = ValueKind::number,
                                 .value = "RATE",
                                 .fallback = "0.001",
                                 .minimum = 0,
                                 .maximum = 10,
                                 .group = group,
                                 .help = "AdamW's, at the start"},
                                {.name = "schedule",
                                 .kind = ValueKind::choice,
                                 .value = "NAME",
                                 .fallback = "cosine",
                                 .choices = rate_schedules,
                                 .group = group,
                                 .help = "how the learning rate falls"},
                                {.name = "weight-decay",
                                 .kind = ValueKind::number,
                                 .value = "RATE",
                                 .fallback = "0.01",
                                 .minimum = 0,
                                 .maximum = 10,
                                 .group = group,
                                 .help = "AdamW's"},
                                {.name = "average",
                                 .kind = ValueKind::number,
                                 .value = "DECAY",
                                 .fallback = "0.99",
                                 .minimum = 0,
                                 .maximum = 0.99999,
                                 .group = group,
                                 .help = "of the moving average of weights; 0: none"},
                                {.name = "clip",
                                 .kind = ValueKind::number,
                                 .value = "NORM",
                                 .fallback = clip,
                                 .minimum = 0,
                                 .group = group,
                                 .help = "longest gradient; 0: any"},
                                {.name = "patience",
                                 .kind = ValueKind::integer,
                                 .value = "N",
                                 .fallback = "0",
                                 .minimum = 0,
                                 .group = group,
                                 .help = "stop after so many validations without a better one; 0: never"}});
}

}  // namespace soundalike::cli
