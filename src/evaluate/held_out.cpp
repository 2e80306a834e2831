#include <fmt/format.h>

#include <algorithm>

#include "evaluate/recordings.hpp"
#include "soundalike/error.hpp"
#include "soundalike/heard.hpp"
#include "soundalike/predictor.hpp"

namespace soundalike::evaluate {
namespace {

// The controllers that may take part, with the encoder that the protocol names.
std::vector<Checkpoint> models_of(const Protocol& protocol, const std::vector<std::vector<std::string>>& chains) {
  std::vector<Checkpoint> models;
  if (protocol.match.controller) models.push_back(read_checkpoint_outline(*protocol.match.controller));
  if (protocol.encoder.ends_with(".salmodel")) models.push_back(read_checkpoint_outline(protocol.encoder));
  for (auto& model : list_models()) {
    const auto& outline = model.outline;
    std::vector<std::string> effects;
    for (const auto& effect : outline.effects) effects.push_back(effect.id);
    const bool controls = outline.kind == "controller" && std::ranges::find(chains, effects) != chains.end();
    const bool measures = outline.kind == "encoder" && outline.name == protocol.encoder;
    if (controls || measures) models.push_back(std::move(model.outline));
  }
  return models;
}

void refuse(const Manifest& trained, const std::vector<Manifest>& data, Split split, const std::string& who) {
  try {
    for (const Manifest& each : data) refuse_heard(trained, each, split);
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("{} has heard the recordings: {}", who, error.what()));
  }
}

constexpr std::size_t digest_digits = 12;

}  // namespace

std::string models_behind(const Protocol& protocol, const std::vector<std::string>& chain) {
  std::string controller, encoder;
  for (const auto& outline : models_of(protocol, {chain})) {  // the first of each is the one that is used
    std::string& which = outline.kind == "encoder" ? encoder : controller;
    if (which.empty()) which = outline.digest.substr(0, digest_digits);
  }
  return encoder.empty() ? controller : fmt::format("{}+{}", controller, encoder);
}

void refuse_what_was_heard(const Protocol& protocol, const std::vector<Manifest>& data,
                           const std::vector<std::vector<std::string>>& chains) {
  if (!protocol.held_out) return;
  if (protocol.split != Split::test) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("split '{}' is not held out: models and constants were chosen by it; report on 'test', or "
                            "say held_out = false while developing",
                            to_string(protocol.split)));
  }
  for (const auto& file : protocol.trained_on) {
    refuse(read_manifest(file), data, protocol.split, fmt::format("what was trained on '{}'", file.string()));
  }
  for (const Checkpoint& model : models_of(protocol, chains)) {
    for (const Manifest& trained : heard_by(model.metadata)) {
      refuse(trained, data, protocol.split, fmt::format("{} '{}'", model.kind, model.name));
    }
  }
}

}  // namespace soundalike::evaluate
