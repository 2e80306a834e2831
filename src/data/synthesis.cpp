#include "soundalike/synthesis.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>

#include <fmt/format.h>

#include "base/parallel.hpp"
#include "base/temporary_folder.hpp"
#include "data/child_program.hpp"
#include "data/espeak.hpp"
#include "data/formant_voice.hpp"
#include "data/instruments.hpp"
#include "data/midi_file.hpp"
#include "data/texture.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"
#include "soundalike/resample.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;

constexpr double piece_seconds = 20.0;
constexpr std::uint64_t voice_stream = 1;  // of seeds; the others are by kind

enum class Maker { ourselves, espeak, fluidsynth };

enum class Kind : std::uint8_t { speech = 2, music = 3, texture = 4 };
constexpr Kind kinds[] = {Kind::speech, Kind::music, Kind::texture};

const char* folder_of(Kind kind) {
  return kind == Kind::speech ? "speech" : kind == Kind::music ? "music" : "textures";
}

// One recording to be made.
struct Job {
  std::string file, group;
  Kind kind = Kind::music;
  Maker maker = Maker::ourselves;
  std::size_t number = 0, voice = 0;
};

struct Programs {
  std::optional<fs::path> espeak, fluidsynth;
  fs::path sound_font;
};

Programs find_programs(const SynthesisOptions& options) {
  Programs found;
  if (!options.other_programs) return found;
  found.espeak = find_program("espeak-ng");
  found.sound_font = options.sound_font;
  std::error_code failure;
  if (found.sound_font.empty()) {
    for (const auto& entry : fs::directory_iterator("/usr/share/sounds/sf2", failure)) {
      if (entry.path().extension() != ".sf2" || !fs::exists(entry.path(), failure)) continue;
      if (found.sound_font.empty() || entry.path() < found.sound_font) found.sound_font = entry.path();
    }
  }
  if (!found.sound_font.empty()) found.fluidsynth = find_program("fluidsynth");
  return found;
}

AudioBuffer levelled(AudioView audio, double seconds, SampleRate rate) {
  AudioBuffer out =
      resample(audio.excerpt(0, static_cast<std::size_t>(std::ceil(seconds * audio.sample_rate().hz))), rate);
  const float peak = peak_of(out.samples());
  if (peak > 0.0f) {
    for (float& x : out.samples()) x *= 0.5f / peak;
  }
  return out;
}

AudioBuffer make(const Job& job, const SynthesisOptions& options, const Programs& programs,
                 const TemporaryFolder& scratch) {
  const SampleRate rate{options.rate_hz};
  Rng rng = Rng::derive(options.seed, static_cast<std::uint64_t>(job.kind), job.number);
  const fs::path wav = scratch / fmt::format("{}{}.wav", folder_of(job.kind), job.number);
  if (job.kind == Kind::texture) return texture(piece_seconds, rate, rng);
  if (job.kind == Kind::speech) {
    if (job.maker == Maker::espeak) {
      const auto audio = espeak(*programs.espeak, job.voice, piece_seconds, rng, wav);
      fs::remove(wav);
      if (!audio) throw Error(ErrorCode::io, "espeak-ng failed; --own makes all material without it");
      return levelled(*audio, piece_seconds, rate);
    }
    Rng drawn = Rng::derive(options.seed, voice_stream, job.voice);
    return speak(draw_voice(drawn), piece_seconds, rate, rng);
  }
  const Score score = compose(piece_seconds, rng);
  if (job.maker == Maker::ourselves) return play(score, rate, rng);
  const fs::path midi = scratch / fmt::format("m{}.mid", job.number);
  write_file(midi, midi_file(score));
  const int status = run_program(
      *programs.fluidsynth, {"-ni", "-q", "-g", "0.4", "-R", "0", "-C", "0", "-r", fmt::format("{:g}", options.rate_hz),
                             "-F", wav.string(), programs.sound_font.string(), midi.string()});
  if (status != 0 || !fs::exists(wav)) {
    throw Error(ErrorCode::io,
                fmt::format("fluidsynth failed with status {}; --own makes all material without it", status));
  }
  const AudioBuffer audio = read_audio(wav);
  fs::remove(wav);
  fs::remove(midi);
  return levelled(audio, piece_seconds, rate);
}

std::vector<Job> plan(const SynthesisOptions& options, const Programs& programs) {
  const auto count = [&](double share) {
    return static_cast<std::size_t>(std::llround(options.minutes * 60.0 * share / piece_seconds));
  };
  std::vector<Job> jobs;
  const std::size_t speech = count(options.speech_share), textures = count(options.texture_share);
  const std::size_t music = count(1.0 - options.speech_share - options.texture_share);
  const std::size_t voices = std::min(options.voices, speech);
  for (std::size_t i = 0; i < speech; ++i) {
    const std::size_t voice = i % voices;
    const bool other = programs.espeak && voice % 2 == 1;
    const std::string group = fmt::format("voice{:03}", voice);
    jobs.push_back({fmt::format("speech/{}_{:04}.flac", group, i / voices), group, Kind::speech,
                    other ? Maker::espeak : Maker::ourselves, i, voice});
  }
  for (std::size_t i = 0; i < music; ++i) {
    const std::string group = fmt::format("piece{:04}", i);
    const bool other = programs.fluidsynth && i % 2 == 1;
    jobs.push_back(
        {fmt::format("music/{}.flac", group), group, Kind::music, other ? Maker::fluidsynth : Maker::ourselves, i, 0});
  }
  for (std::size_t i = 0; i < textures; ++i) {
    const std::string group = fmt::format("texture{:04}", i);
    jobs.push_back({fmt::format("textures/{}.flac", group), group, Kind::texture, Maker::ourselves, i, 0});
  }
  return jobs;
}

void check(const fs::path& folder, const SynthesisOptions& options) {
  const auto refuse = [](const std::string& what) { throw Error(ErrorCode::invalid_argument, what); };
  if (!(options.minutes * 60.0 >= piece_seconds))
    refuse(fmt::format("cannot make {:g} minutes: at least 0.34", options.minutes));
  if (!(options.speech_share >= 0.0 && options.speech_share <= 1.0)) {
    refuse(fmt::format("a share of speech of {:g} cannot be: 0 to 1 work", options.speech_share));
  }
  if (!(options.texture_share >= 0.0 && options.speech_share + options.texture_share <= 1.0)) {
    refuse(fmt::format("shares of {:g} of speech and {:g} of textures cannot be: both together 0 to 1 work",
                       options.speech_share, options.texture_share));
  }
  if (!(options.rate_hz >= 8000.0 && options.rate_hz <= 192000.0) || options.rate_hz != std::floor(options.rate_hz)) {
    refuse(fmt::format("cannot make recordings at {:g} Hz; whole numbers from 8000 to 192000 work", options.rate_hz));
  }
  if (options.voices == 0) refuse("cannot speak with 0 voices");
  if (!options.sound_font.empty() && !fs::exists(options.sound_font)) {
    throw Error(ErrorCode::not_found, fmt::format("no sound font '{}'", options.sound_font.string()));
  }
  std::error_code ignored;
  if (fs::exists(folder, ignored) && (!fs::is_directory(folder, ignored) || !fs::is_empty(folder, ignored))) {
    refuse(fmt::format("cannot fill '{}': it is not an empty folder", folder.string()));
  }
}

}  // namespace

Synthesised synthesise_corpus(const fs::path& folder, const SynthesisOptions& options) {
  check(folder, options);
  const Programs programs = find_programs(options);
  const std::vector<Job> jobs = plan(options, programs);
  std::error_code failure;
  for (const Kind kind : kinds) {
    const fs::path part = folder / folder_of(kind);
    const bool needed = std::ranges::any_of(jobs, [&](const Job& job) { return job.kind == kind; });
    if (needed) fs::create_directories(part, failure);
    if (failure) {
      throw Error(ErrorCode::io, fmt::format("cannot make '{}': {}", part.string(), failure.message()));
    }
  }
  const TemporaryFolder scratch("soundalike-synth");  // for what other programs write
  std::vector<ManifestEntry> entries(jobs.size());
  std::mutex mutex;
  std::size_t done = 0;
  parallel_for(jobs.size(), threads_or_cores(options.workers), [&](std::size_t i) {
    if (options.stop.stop_requested()) return;
    const fs::path file = folder / jobs[i].file;
    write_audio(file, make(jobs[i], options, programs, scratch), SampleFormat::int16);
    entries[i] = {jobs[i].file, file_digest(file), jobs[i].group};
    const std::scoped_lock lock(mutex);
    ++done;
    if (options.progress) options.progress({.stage = "synthesising", .done = done, .total = jobs.size()});
  });
  if (options.stop.stop_requested()) throw Error(ErrorCode::cancelled, "stopped while synthesising");

  // Each kind is shared out apart, so that every split has of all.
  for (const Kind kind : kinds) {
    std::vector<std::string> groups;
    for (const Job& job : jobs) {
      if (job.kind == kind && std::ranges::find(groups, job.group) == groups.end()) groups.push_back(job.group);
    }
    const std::vector<Split> shared = share_out(groups);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      if (jobs[i].kind != kind) continue;
      const auto at = std::ranges::find(groups, jobs[i].group) - groups.begin();
      entries[i].split = shared[static_cast<std::size_t>(at)];
    }
  }
  Synthesised result;
  for (const Job& job : jobs) {
    ++(job.maker == Maker::espeak       ? result.by_espeak
       : job.maker == Maker::fluidsynth ? result.by_fluidsynth
                                        : result.by_ourselves);
  }
  std::ranges::sort(entries, {}, &ManifestEntry::file);
  result.manifest = {
      .name = fmt::format("synthetic-{}", options.seed),
      .licence = result.by_fluidsynth == 0 ? "CC0 1.0" : "CC0 1.0; pieces by FluidSynth: the sound font's",
      .folder = folder,
      .entries = std::move(entries)};
  write_manifest(folder / manifest_file_name, result.manifest);
  return result;
}

}  // namespace soundalike
