#include "infer/checkpoint_header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "infer/strict_json.hpp"
#include "soundalike/error.hpp"

namespace soundalike::infer {
namespace {

constexpr std::size_t most_dimensions = 8;
constexpr std::size_t most_options = 4096;  // numbers in one option: softmax groups

Json option_to_json(const std::vector<double>& values) {
  const auto number = [](double x) -> Json {
    // Whole numbers without ".0": sizes read as sizes.
    if (x == static_cast<double>(static_cast<std::int64_t>(std::clamp(x, -1e15, 1e15)))) {
      return static_cast<std::int64_t>(x);
    }
    return x;
  };
  if (values.size() == 1) return number(values.front());
  Json list = Json::array();
  for (const double x : values) list.push_back(number(x));
  return list;
}

Json layers_to_json(const std::vector<Layer>& layers) {
  Json list = Json::array();
  for (const Layer& layer : layers) {
    Json item{{"kind", layer.kind}};
    if (!layer.name.empty()) item["name"] = layer.name;
    for (const auto& [key, values] : layer.options) item["options"][key] = option_to_json(values);
    if (!layer.inside.empty()) item["layers"] = layers_to_json(layer.inside);
    list.push_back(std::move(item));
  }
  return list;
}

std::vector<Layer> parse_layers(const Json& list, const std::string& where) {
  std::vector<Layer> layers;
  for (const Json& item : list) {
    const StrictObject object(item, fmt::format("{}: layer {}", where, layers.size() + 1),
                              {"kind", "name", "options", "layers"});
    Layer layer{.kind = object.text("kind")};
    if (object.has("name")) layer.name = object.text("name");
    if (object.has("options")) {
      for (const auto& option : object.object("options").items()) {
        std::vector<double>& values = layer.options[option.key()];
        const Json numbers = option.value().is_array() ? option.value() : Json::array({option.value()});
        for (const Json& number : numbers) {
          if (!number.is_number() || numbers.size() > most_options) {
            throw Error(ErrorCode::invalid_argument,
                        fmt::format("{}: option '{}' is not numbers", object.where(), option.key()));
          }
          values.push_back(number.get<double>());
        }
      }
    }
    if (object.has("layers")) layer.inside = parse_layers(object.list("layers"), object.where());
    layers.push_back(std::move(layer));
  }
  return layers;
}

Json effects_to_json(const std::vector<ControlledEffect>& effects) {
  Json list = Json::array();
  for (const auto& effect : effects) {
    Json knobs = Json::array();
    for (const auto& knob : effect.knobs) {
      knobs.push_back(
          {{"parameter", knob.parameter}, {"categories", knob.categories}, {"low", knob.low}, {"high", knob.high}});
      if (knob.parts > 0) knobs.back()["parts"] = knob.parts;
      if (knob.hedge) knobs.back()["hedge"] = 1;
      if (knob.guess) knobs.back()["guess"] = 1;
    }
    list.push_back({{"id", effect.id},
                    {"name", effect.name},
                    {"version", effect.version},
                    {"parameters", effect.parameters},
                    {"knobs", std::move(knobs)}});
  }
  return list;
}

std::vector<ControlledEffect> parse_effects(const Json& list, const std::string& where) {
  std::vector<ControlledEffect> effects;
  for (const Json& item : list) {
    const StrictObject object(item, fmt::format("{}: effect {}", where, effects.size() + 1),
                              {"id", "name", "version", "parameters", "knobs"});
    ControlledEffect effect{object.text("id"), object.text("name"), object.text("version"), {}, {}};
    for (const Json& parameter : object.list("parameters")) {
      if (!parameter.is_string()) {
        throw Error(ErrorCode::invalid_argument, fmt::format("{}: a parameter is no text", object.where()));
      }
      effect.parameters.push_back(parameter.get<std::string>());
    }
    for (const Json& entry : object.list("knobs")) {
      const StrictObject knob(entry, fmt::format("{}: knob {}", object.where(), effect.knobs.size() + 1),
                              {"parameter", "categories", "low", "high", "parts", "hedge", "guess"});
      PredictedKnob& made = effect.knobs.emplace_back();
      made = {knob.text("parameter"), knob.whole("categories", 1 << 16), static_cast<float>(knob.number("low")),
              static_cast<float>(knob.number("high")), knob.has("parts") ? knob.whole("parts", 1 << 12) : 0};
      made.hedge = knob.has("hedge") && knob.whole("hedge", 1) == 1;
      made.guess = knob.has("guess") && knob.whole("guess", 1) == 1;
    }
    effects.push_back(std::move(effect));
  }
  return effects;
}

NumberType parse_type(const StrictObject& object) {
  const std::string name = object.text("type");
  for (const NumberType type : {NumberType::f16, NumberType::f32, NumberType::f64, NumberType::i64, NumberType::u8}) {
    if (to_string(type) == name) return type;
  }
  throw Error(ErrorCode::invalid_argument,
              fmt::format("{}: type '{}'; known are f16, f32, f64, i64, u8", object.where(), name));
}

// How many bytes a tensor takes; more than `most` where that is so, without overflow on the way.
std::uint64_t bytes_of(const StoredTensor& tensor, std::uint64_t most) {
  std::uint64_t bytes = size_of(tensor.type);
  if (std::ranges::find(tensor.shape, std::size_t{0}) != tensor.shape.end()) return 0;
  for (const std::size_t d : tensor.shape) {
    if (bytes > most / d) return most + 1;
    bytes *= d;
  }
  return bytes;
}

void parse_tensors(const Json& list, const std::string& where, CheckpointHeader& header) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> places;
  for (const auto& item : list.items()) {
    const StrictObject object(item.value(), fmt::format("{}: tensor '{}'", where, item.key()),
                              {"type", "shape", "offset"});
    StoredTensor tensor{parse_type(object), object.sizes("shape", most_dimensions), {}};
    const std::uint64_t offset = object.whole("offset");
    const std::uint64_t bytes = bytes_of(tensor, header.places.data_bytes);
    if (offset % alignment != 0 || bytes > header.places.data_bytes || offset > header.places.data_bytes - bytes) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("{}: it does not lie in the {} bytes of data", object.where(), header.places.data_bytes));
    }
    if (bytes > 0) places.emplace_back(offset, offset + bytes);
    header.places.offsets[item.key()] = offset;
    header.checkpoint.tensors[item.key()] = std::move(tensor);
  }
  std::ranges::sort(places);
  for (std::size_t i = 1; i < places.size(); ++i) {
    if (places[i].first < places[i - 1].second) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("{}: two tensors overlap at byte {} of the data", where, places[i].first));
    }
  }
}

}  // namespace

TensorPlaces lay_out(const std::map<std::string, StoredTensor>& tensors) {
  TensorPlaces places;
  for (const auto& [name, tensor] : tensors) {
    if (tensor.bytes.size() != tensor.count() * size_of(tensor.type)) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot store tensor '{}': its shape takes {} bytes, it has {}", name,
                              tensor.count() * size_of(tensor.type), tensor.bytes.size()));
    }
    places.offsets[name] = places.data_bytes;
    places.data_bytes += (tensor.bytes.size() + alignment - 1) / alignment * alignment;
  }
  return places;
}

std::string header_json(const Checkpoint& checkpoint, const TensorPlaces& places) {
  Json front_end{{"kind", checkpoint.front_end.kind}};
  for (const auto& [key, value] : checkpoint.front_end.options) front_end[key] = option_to_json({value});
  Json needs = Json::array();
  for (const auto& need : checkpoint.needs) {
    needs.push_back({{"role", need.role}, {"name", need.name}, {"digest", need.digest}});
  }
  Json blocks = Json::object();
  for (const auto& [name, block] : checkpoint.blocks) {
    blocks[name] = {{"input", block.input}, {"layers", layers_to_json(block.layers)}};
  }
  Json tensors = Json::object();
  for (const auto& [name, tensor] : checkpoint.tensors) {
    tensors[name] = {{"type", to_string(tensor.type)}, {"shape", tensor.shape}, {"offset", places.offsets.at(name)}};
  }
  const Json metadata = parse_strictly(checkpoint.metadata, "cannot store a checkpoint: metadata");
  if (!metadata.is_object()) {
    throw Error(ErrorCode::invalid_argument, "cannot store a checkpoint: its metadata is no JSON object");
  }
  const Json json{{"kind", checkpoint.kind},
                  {"name", checkpoint.name},
                  {"program_version", checkpoint.program_version},
                  {"seed", checkpoint.seed},
                  {"front_end", std::move(front_end)},
                  {"effects", effects_to_json(checkpoint.effects)},
                  {"needs", std::move(needs)},
                  {"blocks", std::move(blocks)},
                  {"metadata", metadata},
                  {"tensors", std::move(tensors)},
                  {"data_bytes", places.data_bytes}};
  return json.dump();
}

CheckpointHeader parse_header(std::string_view text, std::string_view origin) {
  const std::string where(origin);
  const Json json = parse_strictly(text, where);
  const StrictObject object(json, where,
                            {"kind", "name", "program_version", "seed", "front_end", "effects", "needs", "blocks",
                             "metadata", "tensors", "data_bytes"});
  CheckpointHeader header;
  Checkpoint& checkpoint = header.checkpoint;
  checkpoint.kind = object.text("kind");
  checkpoint.name = object.text("name");
  checkpoint.program_version = object.text("program_version");
  checkpoint.seed = object.whole("seed");
  for (const auto& item : object.object("front_end").items()) {
    if (item.key() == "kind" ? !item.value().is_string() : !item.value().is_number()) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("{}: front_end: '{}' is {}", where, item.key(), item.value().dump().substr(0, 40)));
    }
    if (item.key() == "kind") {
      checkpoint.front_end.kind = item.value().get<std::string>();
    } else {
      checkpoint.front_end.options[item.key()] = item.value().get<double>();
    }
  }
  checkpoint.effects = parse_effects(object.list("effects"), where);
  for (const Json& item : object.list("needs")) {
    const StrictObject need(item, fmt::format("{}: need {}", where, checkpoint.needs.size() + 1),
                            {"role", "name", "digest"});
    checkpoint.needs.push_back({need.text("role"), need.text("name"), need.text("digest")});
  }
  for (const auto& item : object.object("blocks").items()) {
    const StrictObject block(item.value(), fmt::format("{}: block '{}'", where, item.key()), {"input", "layers"});
    checkpoint.blocks[item.key()] = {block.sizes("input", most_dimensions),
                                     parse_layers(block.list("layers"), block.where())};
  }
  checkpoint.metadata = object.object("metadata").dump();
  header.places.data_bytes = object.whole("data_bytes");
  parse_tensors(object.object("tensors"), where, header);
  return header;
}

}  // namespace soundalike::infer
