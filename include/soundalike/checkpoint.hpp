#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace soundalike {

/// How the numbers of a stored tensor are kept.
enum class NumberType { f16, f32, f64, i64, u8 };
/// "f16", "f32", ...: the names in files.
std::string_view to_string(NumberType type);
std::size_t size_of(NumberType type);

/// Numbers with a shape, row-major, little-endian, exactly as in the file.
struct StoredTensor {
  NumberType type = NumberType::f32;
  std::vector<std::size_t> shape;  ///< empty: one number
  std::vector<std::byte> bytes;    ///< count() * size_of(type)

  std::size_t count() const;
  /// @param stored f32, or f16: half the size, rounded to nearest even (11 bits of precision).
  /// @throws Error invalid_argument when the count is not the shape's, another type is asked for, or a finite value
  ///         does not fit into f16 (beyond 65504).
  static StoredTensor of(std::vector<std::size_t> shape, std::span<const float> values,
                         NumberType stored = NumberType::f32);
  /// f16 and f32 as floats. @throws Error invalid_argument for the other types.
  std::vector<float> floats() const;
  friend bool operator==(const StoredTensor&, const StoredTensor&) = default;
};

/// One step of a network: what it does, not how. The kinds, their options and tensors stand in docs/formats.md
/// and run in `Network`.
struct Layer {
  std::string kind;                                    ///< "conv2d", "linear", "relu", ...
  std::string name;                                    ///< its tensors are `name`.weight, ...; empty: it has none
  std::map<std::string, std::vector<double>> options;  ///< "stride": {2, 2}; {"eps": {1e-5}
  std::vector<Layer> inside;                           ///< of "residual", "sequence" and "parallel"
  friend bool operator==(const Layer&, const Layer&) = default;
};

/// A network by its layers: input shape and what is done to it, in order.
struct Block {
  std::vector<std::size_t> input;  ///< shape of one example, without a batch dimension: {1, 129, 2049}
  std::vector<Layer> layers;
  friend bool operator==(const Block&, const Block&) = default;
};

/// What stands before the layers of an encoder: a kind of front end and its numbers. See `Encoder`.
struct FrontEndChoice {
  std::string kind;                       ///< "linear", "mel", "style", "features"; empty: none
  std::map<std::string, double> options;  ///< "sample_rate", ...
  friend bool operator==(const FrontEndChoice&, const FrontEndChoice&) = default;
};

/// One knob that a controller predicts.
struct PredictedKnob {
  std::string parameter;       ///< the effect's own parameter id
  std::size_t categories = 0;  ///< 0: a number; else so many choices (2 for a toggle)
  float low = 0.0f;            ///< predicted range, normalised; for numbers
  float high = 1.0f;
  std::size_t parts = 0;  ///< of a number: equal parts of its range whose probabilities are predicted too; 0: none
  bool hedge = false;     ///< of a number: its mean is taken, also where some part is clearly likelier
  bool guess = false;     ///< of a number that is no hedge: its likeliest place is taken wherever it is likelier at all
  friend bool operator==(const PredictedKnob&, const PredictedKnob&) = default;
};

/// An effect that a controller sets.
struct ControlledEffect {
  std::string id;                       ///< "lv2:<uri>"
  std::string name;                     ///< for people
  std::string version;                  ///< of the plugin it learnt from
  std::vector<std::string> parameters;  ///< ids of all its parameters, in its order
  std::vector<PredictedKnob> knobs;     ///< those that are predicted
  friend bool operator==(const ControlledEffect&, const ControlledEffect&) = default;
};

/// Another checkpoint that one works with, by content.
struct Dependency {
  std::string role;    ///< "encoder", "bottleneck"
  std::string name;    ///< its Checkpoint::name
  std::string digest;  ///< its Checkpoint::digest
  friend bool operator==(const Dependency&, const Dependency&) = default;
};

/// A stored network: weights, the list of its layers, and all that is needed to use it. No code: nothing in the file
/// can do more than multiply numbers. Any named tensors fit in, so it also holds the state of a training run.
///
///   Checkpoint out{.kind = "encoder", .name = "style-small"};
///   out.blocks["encode"] = {{2}, {{.kind = "linear", .name = "fc"}}};
///   out.tensors["fc.weight"] = StoredTensor::of({3, 2}, weights, NumberType::f16);
///   std::string digest = write_checkpoint("small.salmodel", out);
///   Network encode(read_checkpoint("small.salmodel"), "encode");
///
/// The file format is described in docs/formats.md. Equal checkpoints give equal bytes.
struct Checkpoint {
  std::string kind;  ///< "encoder", "controller", "bottleneck", "training"; others are kept, not used
  std::string name;  ///< for people and dependencies: "style-small"
  std::string program_version;
  std::uint64_t seed = 0;
  FrontEndChoice front_end;               ///< encoders
  std::vector<ControlledEffect> effects;  ///< controllers: the chain, in order
  std::vector<Dependency> needs;
  std::map<std::string, Block> blocks;  ///< by name: "encode", "decode", "predict"
  std::string metadata = "{}";          ///< a JSON object: data, command, hours, results; kept, not interpreted
  std::map<std::string, StoredTensor> tensors;
  /// SHA-256 of the file in hexadecimal: what it was read from or serialised to; empty before. Not part of the file.
  std::string digest;
};

/// The bytes of a file; sets nothing. The digest is in its last 32 bytes.
/// @throws Error invalid_argument when metadata is not a JSON object, or a tensor's bytes are not its shape's.
std::string serialise(const Checkpoint& checkpoint);
/// Reads and checks everything: lengths, digest, shapes, places of tensors. Memory stays in proportion to the file.
/// @param origin stands for the file name in errors.
/// @throws Error invalid_argument naming the file and what is wrong in it: not a checkpoint, another version,
///         truncated, damaged.
Checkpoint parse_checkpoint(std::string_view bytes, std::string_view origin);

/// Written aside and renamed. @return the digest. @throws Error as serialise(), io.
std::string write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);
/// @throws Error not_found, io, and as parse_checkpoint().
Checkpoint read_checkpoint(const std::filesystem::path& path);
/// Everything but the tensors' numbers (their `bytes` stay empty), with the digest as the file states it, unchecked:
/// for lists of many models, in a moment each.
Checkpoint read_checkpoint_outline(const std::filesystem::path& path);
Checkpoint parse_checkpoint_outline(std::string_view bytes, std::string_view origin);

}  // namespace soundalike
