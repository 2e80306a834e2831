#include "soundalike/predictor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "infer/built_in_models.hpp"
#include "soundalike/error.hpp"
#include "soundalike/suggest.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view extension = ".salmodel";

void add_folder(const fs::path& folder, std::vector<ModelListing>& models) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == extension && entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  for (const auto& file : files) models.push_back({read_checkpoint_outline(file), file, fs::file_size(file)});
}

fs::path user_folder() {
  const char* data = std::getenv("XDG_DATA_HOME");
  if (data != nullptr && *data != '\0') return fs::path(data) / "soundalike" / "models";
  const char* home = std::getenv("HOME");
  return home != nullptr && *home != '\0' ? fs::path(home) / ".local" / "share" / "soundalike" / "models" : fs::path();
}

// What a controller needs, from models that are listed; those it does not find are left for Predictor to name.
std::vector<Checkpoint> load_needs(const Checkpoint& controller, std::span<const ModelListing> models) {
  std::vector<Checkpoint> out;
  for (const auto& need : controller.needs) {
    const auto found =
        std::ranges::find_if(models, [&](const ModelListing& m) { return m.outline.digest == need.digest; });
    if (found != models.end()) out.push_back(load_model(*found));
  }
  return out;
}

const Checkpoint* find(std::span<const Checkpoint> checkpoints, const Checkpoint& controller, std::string_view role) {
  const auto need = dependency(controller, role);
  if (!need) return nullptr;
  const auto found = std::ranges::find(checkpoints, need->digest, &Checkpoint::digest);
  if (found != checkpoints.end()) return &*found;
  throw Error(
      ErrorCode::not_found,
      fmt::format("cannot predict with checkpoint '{}': the {} it learnt with, '{}' ({:.12}), is not there; put "
                  "its file beside it",
                  controller.name, role, need->name, need->digest));
}

const Checkpoint& encoder_of(const Checkpoint& controller, std::span<const Checkpoint> others) {
  const Checkpoint* encoder = find(others, controller, "encoder");
  if (encoder != nullptr) return *encoder;
  throw Error(ErrorCode::invalid_argument,
              fmt::format("cannot predict with checkpoint '{}': it names no encoder", controller.name));
}

}  // namespace

std::vector<ModelListing> list_models() {
  std::vector<ModelListing> models;
  const char* named = std::getenv("SOUNDALIKE_MODELS");
  std::error_code ignored;
  if (named != nullptr && *named != '\0') {
    if (!fs::is_directory(named, ignored)) {
      throw Error(ErrorCode::not_found,
                  fmt::format("cannot look for models in '{}', which SOUNDALIKE_MODELS names: no such folder", named));
    }
    add_folder(named, models);
  }
  if (const fs::path folder = user_folder(); fs::is_directory(folder, ignored)) add_folder(folder, models);
  for (const auto& model : infer::built_in_models()) {
    models.push_back({parse_checkpoint_outline(model.bytes, model.name), {}, model.bytes.size()});
  }
  return models;
}

Checkpoint load_model(const ModelListing& model) {
  if (!model.file.empty()) return read_checkpoint(model.file);
  for (const auto& built_in : infer::built_in_models()) {
    if (built_in.bytes.size() != model.bytes) continue;
    Checkpoint checkpoint = parse_checkpoint(built_in.bytes, built_in.name);
    if (checkpoint.digest == model.outline.digest) return checkpoint;
  }
  throw Error(ErrorCode::not_found, fmt::format("no model '{}' is built in", model.outline.name));
}

Encoder open_encoder(const std::string& name) {
  if (name.ends_with(".salmodel")) return Encoder(read_checkpoint(name));
  Words known;
  const auto models = list_models();
  for (const auto& model : models) {
    if (model.outline.kind != "encoder") continue;
    if (model.outline.name == name) return Encoder(load_model(model));
    known.push_back(model.outline.name);
  }
  throw Error(ErrorCode::not_found, fmt::format("no encoder '{}'{}; there are {}, and files that end in .salmodel",
                                                name, did_you_mean(name, known), listing(known)));
}

Predictor::Predictor(const Checkpoint& controller, std::span<const Checkpoint> others)
    : controller_(controller, find(others, controller, "bottleneck")), encoder_(encoder_of(controller, others)) {
  if (encoder_.size() != controller_.embedding_size()) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("cannot predict with checkpoint '{}': it takes embeddings of {} numbers, encoder '{}' gives {}",
                    controller.name, controller_.embedding_size(), encoder_.name(), encoder_.size()));
  }
}

std::vector<KnobPrediction> Predictor::predict(AudioView input, AudioView reference) const {
  return controller_.predict(encoder_.encode(input), encoder_.encode(reference));
}

std::optional<Predictor> find_predictor(std::span<const std::string> effects) {
  const auto models = list_models();
  const auto fits = [&](const ModelListing& model) {
    return model.outline.kind == "controller" &&
           std::ranges::equal(model.outline.effects, effects, {}, &ControlledEffect::id);
  };
  const auto found = std::ranges::find_if(models, fits);
  if (found == models.end()) return std::nullopt;
  const Checkpoint controller = load_model(*found);
  return Predictor(controller, load_needs(controller, models));
}

Predictor load_predictor(const fs::path& file) {
  const Checkpoint controller = read_checkpoint(file);
  std::vector<ModelListing> models;
  // A neighbour that cannot be read is none of what it needs, else that is missed below.
  for (const auto& entry : fs::directory_iterator(file.has_parent_path() ? file.parent_path() : fs::path("."))) {
    if (entry.path().extension() != extension || !entry.is_regular_file()) continue;
    try {
      models.push_back({read_checkpoint_outline(entry.path()), entry.path(), entry.file_size()});
    } catch (const Error&) {
      continue;
    }
  }
  for (auto& model : list_models()) models.push_back(std::move(model));
  return Predictor(controller, load_needs(controller, models));
}

}  // namespace soundalike
