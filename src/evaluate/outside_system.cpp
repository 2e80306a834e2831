#include <fmt/format.h>

#include <filesystem>

#include "base/run_command.hpp"
#include "base/temporary_folder.hpp"
#include "evaluate/systems.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"

namespace soundalike::evaluate {
namespace {

namespace fs = std::filesystem;

Answer failed(std::string why) { return {{}, {}, false, std::move(why), false}; }

// What someone else's output must be, to be measured.
Answer checked(const fs::path& file, const Trial& trial) {
  Answer answer;
  try {
    answer.audio = read_audio(file);
  } catch (const Error& error) {
    return failed(error.what());
  }
  const AudioView input = trial.input;
  const AudioView output = answer.audio;
  if (output.channels() != input.channels() || output.frames() != input.frames() ||
      !(output.sample_rate() == input.sample_rate())) {
    return failed(fmt::format("its output has {} channels of {} frames at {} Hz; the input has {} of {} at {}",
                              output.channels(), output.frames(), output.sample_rate().hz, input.channels(),
                              input.frames(), input.sample_rate().hz));
  }
  return answer;
}

Answer from_command(const OutsideSystem& system, const Trial& trial, const std::stop_token& stop) {
  const TemporaryFolder scratch("soundalike-evaluate");
  const fs::path output = scratch / "output.wav";
  write_audio(scratch / "input.wav", trial.input);
  write_audio(scratch / "reference.wav", trial.reference);
  std::string command = system.command;
  command = command_with(command, "{input}", scratch / "input.wav");
  command = command_with(command, "{reference}", scratch / "reference.wav");
  command = command_with(command, "{output}", output);
  const CommandEnd end = run_command(command, system.timeout_seconds, stop);
  const std::string complaint = end.complaint.empty() ? "" : ": " + end.complaint;
  if (end.timed_out) return failed(fmt::format("it took longer than {:g} s{}", system.timeout_seconds, complaint));
  if (end.status != 0) return failed(fmt::format("it ended with status {}{}", end.status, complaint));
  if (!fs::exists(output)) return failed("it wrote no output");
  return checked(output, trial);
}

Answer from_folder(const OutsideSystem& system, const Trial& trial) {
  for (const char* extension : {".wav", ".flac"}) {
    const fs::path file = system.outputs / trial.case_name / (trial.pair_name + extension);
    if (fs::exists(file)) return checked(file, trial);
  }
  return failed(fmt::format("there is no output '{}/{}.wav'", trial.case_name, trial.pair_name));
}

}  // namespace

Answer ask_outside(const OutsideSystem& system, const Trial& trial, const std::stop_token& stop) {
  return system.command.empty() ? from_folder(system, trial) : from_command(system, trial, stop);
}

}  // namespace soundalike::evaluate
