#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/corpus.hpp"
#include "soundalike/matcher.hpp"

namespace soundalike {

/// Where the reference's content comes from.
enum class Pairing {
  halves,  ///< the other half of the recording
  other,   ///< another recording, of another speaker or song
};
std::string_view to_string(Pairing pairing);

/// What is matched with, and what makes the references. Names as EffectLibrary::find() takes them.
struct ProtocolCase {
  std::string name;                    ///< of rows and folders; empty: the effect's name
  std::vector<std::string> effect;     ///< one, or a chain in order
  std::vector<std::string> made_with;  ///< empty: the same effects
};

/// A system that is no part of this program: a command that is run once per pair, or files that it made before.
struct OutsideSystem {
  std::string name;
  /// With {input}, {reference} and {output} in place of file names; run by /bin/sh. Empty: see outputs.
  std::string command;
  /// A folder that holds <case>/<pair>.wav (or .flac), named as in the run's `audio` folder.
  std::filesystem::path outputs;
  double timeout_seconds = 600.0;  ///< then the command, and what it started, is killed
};

/// What an evaluation does, as a TOML file says it: docs/formats.md describes every key.
///
///   const Protocol protocol = read_protocol("bench/protocols/matching.toml");
///   const Evaluation evaluation = run_evaluation(protocol, "run", {}, progress, stop);
///
/// The same protocol, program, plugins and recordings give the same numbers.
struct Protocol {
  std::string title;
  std::uint64_t seed = 2026;
  std::size_t pairs = 50;            ///< per case
  std::vector<std::string> systems;  ///< names in evaluated_systems(); empty: all
  std::vector<std::string> metrics;  ///< names in metrics(), "pesq", or of what vectors have; empty: all there are
  std::string pesq_command;          ///< as PesqCommand takes it; empty: no PESQ
  std::string encoder;               ///< a stored encoder, for embedding distances; empty: none
  std::size_t examples = 1;          ///< pairs per case of which all audio is kept, to listen to

  std::vector<std::filesystem::path> data;  ///< folders of dry recordings
  std::filesystem::path processed;          ///< the same files after a real process; empty: the effects make it
  Pairing pairing = Pairing::halves;
  Split split = Split::test;
  bool held_out = true;                           ///< refuse what a model may have heard
  std::vector<std::filesystem::path> trained_on;  ///< manifests of what models learnt from
  double minimum_seconds = 2.0;                   ///< of each half of a recording
  double maximum_seconds = 5.5;

  std::vector<ProtocolCase> cases;
  std::vector<OutsideSystem> outside;
  MatchOptions match;                 ///< of `soundalike`; its seed is derived per pair
  std::size_t neighbours = 200;       ///< random renders of the nearest-neighbour baseline
  std::size_t refining_renders = 50;  ///< of `refined`
};

/// Reads a protocol. Paths are relative to the file's folder.
/// @throws Error not_found, invalid_argument naming file, line and key: no TOML, unknown keys, systems, metrics (with
///         the nearest), values out of range.
Protocol read_protocol(const std::filesystem::path& file);
Protocol parse_protocol(std::string_view toml, std::string_view origin, const std::filesystem::path& folder);

/// Every value as a flat JSON object: what a run folder remembers, so that it goes on only with the same.
std::string to_json(const Protocol& protocol);

/// A system this program has. `soundalike` is ours: the others are compared with it.
struct EvaluatedSystem {
  std::string_view name;
  std::string_view summary;  ///< a phrase
};
/// In the order of tables.
std::vector<EvaluatedSystem> evaluated_systems();
inline constexpr std::string_view our_system = "soundalike";

/// Names of the systems of a protocol in the order of tables, outside ones last.
/// @throws Error invalid_argument for unknown names, with the nearest, and for outside names that are taken.
std::vector<std::string> system_names(const Protocol& protocol);
/// Names of its metrics of audio in the order of the catalogue, "pesq" last. Metrics of embeddings and settings are
/// measured wherever there are such. @throws Error invalid_argument for unknown names, and for metrics whose encoder or
/// command the protocol does not name.
std::vector<std::string> metric_names(const Protocol& protocol);

}  // namespace soundalike
