#include "soundalike/map_maker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "latent/file_text.hpp"
#include "latent/journal.hpp"
#include "latent/map_clip.hpp"
#include "latent/map_files.hpp"
#include "latent/map_projection.hpp"
#include "latent/prediction_columns.hpp"
#include "latent/sampling.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/embedder.hpp"
#include "soundalike/error.hpp"
#include "soundalike/profile.hpp"
#include "soundalike/sha256.hpp"
#include "soundalike/sound_features.hpp"
#include "soundalike/version.hpp"
#include "track/folder_lock.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;
using latent::Journal;
using latent::MapFiles;

constexpr std::size_t fewest_points = 40;
constexpr std::size_t most_points = 100000;
constexpr std::size_t fewest_at_once = 256;  // renders between two looks at the clock and the disk

void check(const MapOptions& options) {
  if (options.points < fewest_points || options.points > most_points) {
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot make a map of {} points: it takes {} to {}",
                                                         options.points, fewest_points, most_points));
  }
  if (!(options.seconds >= 0.1 && options.seconds <= 60.0)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot make a map on {} s: it takes 0.1 to 60 s", options.seconds));
  }
}

SettingsSpace space_of(const EffectListing& effect, const Profile& profile, const MapOptions& options) {
  SettingsSpace space(std::array{effect}, std::array{profile});
  for (const auto& knob : options.freed) space.release(knob);
  for (const auto& [knob, value] : options.pinned) space.pin(knob, value);
  if (space.free().empty()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot make a map of {}: no knob is free to move; free some by name", effect.info.name));
  }
  return space;
}

/// What the outline says before the first render; equal ones make equal maps.
MapOutline begun(const EffectListing& effect, const SettingsSpace& space, const Profile& profile,
                 const latent::MapClip& clip, const std::string& name, const Embedder& embedder,
                 const MapOptions& options) {
  MapOutline o;
  o.effect = effect.info.id;
  o.effect_name = effect.info.name;
  o.effect_version = effect.info.version;
  for (const auto& parameter : space.parameters()) {
    o.parameters.push_back(parameter.at_rate(clip.audio.sample_rate().hz));
  }
  o.free = space.free();
  o.base = space.base();
  o.block_size = profile.block_size;
  o.clip_name = name;
  const auto samples = std::as_bytes(clip.audio.samples());
  o.clip_digest = sha256_hex({reinterpret_cast<const char*>(samples.data()), samples.size()});
  o.clip_gain_db = clip.gain_db;
  o.encoder = embedder.name();
  o.encoder_digest = embedder.digest();
  o.embedding_size = embedder.size();
  o.asked = options.points;
  o.seed = options.seed;
  o.sampling = options.sampling;
  o.program_version = program_version();
  return o;
}

/// The outline as it was begun, to compare.
MapOutline without_results(MapOutline outline) {
  outline.ready = false;
  outline.points = 0;
  outline.left_out.clear();
  outline.columns.clear();
  outline.projections.clear();
  return outline;
}

/// Makes the folder, or looks at what it holds. @return whether the map there is ready.
bool claim(const MapFiles& files, const MapOutline& outline) {
  if (fs::exists(files.outline())) {
    const MapOutline there = parse_map_outline(latent::file_text(files.outline(), "the map"), files.outline().string());
    if (to_json(without_results(there)) != to_json(outline)) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot make the map '{}': another one is there, of {} on '{}' with {} points, seed {}, "
                              "{}, {}; name another folder, or repeat its options",
                              files.folder.string(), there.effect_name, there.clip_name, there.asked, there.seed,
                              to_string(there.sampling), there.encoder));
    }
    return there.ready;
  }
  for (const auto& entry : fs::directory_iterator(files.folder)) {
    if (entry.path().filename() == ".lock") continue;
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot make a map in '{}': it holds '{}', and a map needs a "
                                                         "folder of its own",
                                                         files.folder.string(), entry.path().filename().string()));
  }
  return false;
}

/// Settings and what came of them, point after point.
class Survey {
 public:
  Survey(const EffectListing& effect, const SettingsSpace& space, const AudioBuffer& clip, const Embedder& embedder,
         const latent::PredictionColumns& predictions, const MapOutline& outline, Journal& journal,
         const MapOptions& options)
      : space_(space),
        embedder_(embedder),
        predictions_(predictions),
        outline_(outline),
        journal_(journal),
        options_(options),
        effect_(effect),
        clip_(clip) {}

  void make(const Progress& progress, const std::stop_token& stop) {
    if (options_.sampling != Sampling::adaptive) {
      extend(latent::even_points(options_.sampling, outline_.asked, space_.free().size(), options_.seed));
      render(progress, stop);
      return;
    }
    extend(
        latent::even_points(Sampling::sobol, latent::even_share(outline_.asked), space_.free().size(), options_.seed));
    render(progress, stop);
    for (std::size_t round = 0; settings_.size() < outline_.asked; ++round) {
      const std::size_t count = std::min(latent::round_size(outline_.asked), outline_.asked - settings_.size());
      extend(denser(count, round));
      render(progress, stop);
    }
  }

  const std::vector<std::vector<float>>& settings() const { return settings_; }

 private:
  void extend(const std::vector<double>& points) {
    const std::size_t dimensions = space_.free().size();
    for (std::size_t i = 0; i < points.size(); i += dimensions) {
      settings_.push_back(space_.expand(std::span(points).subspan(i, dimensions)));
    }
  }

  std::vector<double> denser(std::size_t count, std::size_t round) const {
    std::vector<float> points, embeddings;
    for (std::size_t i = 0; i < settings_.size(); ++i) {
      if (!usable(i)) continue;
      for (const double x : space_.point_of(settings_[i])) points.push_back(static_cast<float>(x));
      const auto embedding = journal_.numbers(i).first(outline_.embedding_size);
      embeddings.insert(embeddings.end(), embedding.begin(), embedding.end());
    }
    return latent::denser_points({points, space_.free().size()}, {embeddings, outline_.embedding_size}, count,
                                 options_.seed, round, options_.threads);
  }

  bool usable(std::size_t point) const {
    return journal_.status(point) == RenderStatus::ok || journal_.status(point) == RenderStatus::silent;
  }

  void render(const Progress& progress, const std::stop_token& stop) {
    std::vector<std::size_t> missing;
    for (std::size_t i = 0; i < settings_.size(); ++i) {
      if (!journal_.has(i)) missing.push_back(i);
    }
    if (missing.empty()) return;
    if (!renderer_) {
      renderer_.emplace(std::vector{effect_}, RenderSetup{clip_.sample_rate(), clip_.channels(), outline_.block_size},
                        options_.renderer);
      clip_id_ = renderer_->add_clip(clip_);
    }
    // At the end of each batch workers wait for the slowest, so there are few.
    const std::size_t at_once = std::max(fewest_at_once, missing.size() / 8);
    for (std::size_t begin = 0; begin < missing.size(); begin += at_once) {
      const auto part = std::span(missing).subspan(begin, std::min(at_once, missing.size() - begin));
      std::vector<BatchRenderer::Job> jobs;
      for (const std::size_t point : part) jobs.push_back({clip_id_, settings_[point]});
      renderer_->render(
          jobs,
          [&](std::size_t job, const RenderOutcome& outcome, AudioView audio) {
            if (outcome.status == RenderStatus::cancelled) return;
            std::vector<float> numbers;
            if (outcome.usable()) {
              numbers = embedder_.embed(audio);
              const auto predicted = predictions_.of(audio, numbers, settings_[part[job]]);
              for (const auto& more : {describe_sound(audio), predicted}) {
                numbers.insert(numbers.end(), more.begin(), more.end());
              }
            }
            journal_.add(part[job], outcome.status, numbers);
          },
          stop);
      journal_.flush();
      if (progress) progress({"rendering", journal_.count(), outline_.asked, {}});
      if (stop.stop_requested()) {
        throw Error(ErrorCode::cancelled,
                    fmt::format("stopped after {} of {} points; the same command goes on from there", journal_.count(),
                                outline_.asked));
      }
    }
  }

  const SettingsSpace& space_;
  const Embedder& embedder_;
  const latent::PredictionColumns& predictions_;
  const MapOutline& outline_;
  Journal& journal_;
  const MapOptions& options_;
  const EffectListing& effect_;
  const AudioBuffer& clip_;
  std::optional<BatchRenderer> renderer_;
  BatchRenderer::ClipId clip_id_ = 0;
  std::vector<std::vector<float>> settings_;
};

/// What goes into the files, without the points that failed.
struct Harvest {
  std::vector<float> settings, embeddings;
  std::vector<std::vector<float>> columns;  // [columns][points]
};

Harvest gather(const Survey& survey, const Journal& journal, MapOutline& outline) {
  Harvest harvest;
  harvest.columns.resize(outline.columns.size());
  for (std::size_t i = 0; i < outline.asked; ++i) {
    const RenderStatus status = journal.status(i);
    if (status != RenderStatus::ok && status != RenderStatus::silent) {
      outline.left_out.push_back({i, std::string(to_string(status))});
      continue;
    }
    const auto& settings = survey.settings()[i];
    harvest.settings.insert(harvest.settings.end(), settings.begin(), settings.end());
    const auto numbers = journal.numbers(i);
    const auto embedding = numbers.first(outline.embedding_size);
    harvest.embeddings.insert(harvest.embeddings.end(), embedding.begin(), embedding.end());
    for (std::size_t c = 0; c < harvest.columns.size(); ++c) {
      harvest.columns[c].push_back(numbers[outline.embedding_size + c]);
    }
  }
  outline.points = outline.asked - outline.left_out.size();
  if (outline.points < fewest_points || 2 * outline.points < outline.asked) {
    throw Error(ErrorCode::plugin_failed,
                fmt::format("cannot make a map of {}: {} of {} renders failed, the first one: {}", outline.effect_name,
                            outline.left_out.size(), outline.asked, outline.left_out.front().reason));
  }
  return harvest;
}

}  // namespace

LatentMap make_map(const fs::path& folder, const EffectListing& effect, AudioView recording, const std::string& name,
                   const MapOptions& options, const Progress& progress, const std::stop_token& stop) {
  check(options);
  const Profile profile = find_profile(effect);
  const SettingsSpace space = space_of(effect, profile, options);
  const Embedder embedder(options.encoder);
  const latent::MapClip clip = latent::prepare_clip(recording, options.seconds);
  MapOutline outline = begun(effect, space, profile, clip, name, embedder, options);

  const MapFiles files{folder};
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) throw Error(ErrorCode::io, fmt::format("cannot make '{}': {}", folder.string(), problem.message()));
  const track::FolderLock lock(folder);
  if (claim(files, outline)) return LatentMap::open(folder);
  fs::create_directory(folder / "columns", problem);
  fs::create_directory(folder / "projections", problem);
  write_audio(files.clip(), clip.audio);
  const std::string identity = to_json(outline);
  write_file(files.outline(), identity);

  const latent::PredictionColumns predictions(outline, clip.audio, embedder);
  for (const SoundFeature& feature : sound_features()) {
    outline.columns.push_back({std::string(feature.name), ColumnKind::feature, std::string(feature.unit)});
  }
  outline.columns.insert(outline.columns.end(), predictions.columns().begin(), predictions.columns().end());
  Journal journal(files.journal(), sha256_hex(identity + predictions.digest()),
                  outline.embedding_size + outline.columns.size(), outline.asked);
  Survey survey(effect, space, clip.audio, embedder, predictions, outline, journal, options);
  survey.make(progress, stop);

  const Harvest harvest = gather(survey, journal, outline);
  const Rows settings{harvest.settings, outline.parameters.size()},
      embeddings{harvest.embeddings, outline.embedding_size};
  write_npy(files.settings(), {outline.points, settings.width}, harvest.settings);
  write_npy(files.embeddings(), {outline.points, embeddings.width}, harvest.embeddings);
  for (std::size_t c = 0; c < harvest.columns.size(); ++c) {
    write_npy(files.column(outline.columns[c].name), {outline.points}, harvest.columns[c]);
  }

  std::vector<latent::DrawnProjection> drawn{latent::draw_pca(embeddings)};
  drawn.push_back(latent::draw_umap(embeddings, {.seed = options.seed, .threads = options.threads}, progress, stop));
  for (latent::DrawnProjection& projection : drawn) {
    latent::measure(projection, embeddings, settings, outline.free, options.threads);
    write_npy(files.projection(projection.about.name), {outline.points, 2}, projection.positions);
    outline.projections.push_back(std::move(projection.about));
  }
  latent::choose_default(outline.projections);
  outline.ready = true;
  write_file(files.outline(), to_json(outline));
  fs::remove(files.journal(), problem);
  return LatentMap::open(folder);
}

}  // namespace soundalike
