#pragma once

#include <torch/torch.h>

#include <functional>
#include <string>

#include "arguments.hpp"
#include "context.hpp"
#include "soundalike/event_file.hpp"
#include "soundalike/run_folder.hpp"
#include "soundalike/trainer.hpp"

namespace soundalike::cli {

int train_controller(const Arguments& arguments, Context& context);
int train_encoder(const Arguments& arguments, Context& context);
int train_bottleneck(const Arguments& arguments, Context& context);

/// The command line that was typed; absolute paths by their last name, so that a record of it means the same anywhere.
std::string typed_line();
/// What the training options of a command say.
TrainerOptions trainer_options(const Arguments& arguments);
/// @throws Error invalid_argument for a device that libtorch does not have, saying which it has.
std::string checked_device(const std::string& name);

/// Opens the run's folder (--run, --resume), tells it how it ended, and writes the hyper-parameters.
/// @param name of the folder in runs/ when --run is not given. @param versions of plugins.
/// @param train does it; returns whether it was stopped before the end.
/// @return the exit status.
int run_training(const Arguments& arguments, Context& context, std::string_view command, const std::string& name,
                 std::map<std::string, std::string> versions,
                 const std::function<bool(RunFolder& run, EventFile& events)>& train);

}  // namespace soundalike::cli
