#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "soundalike/corpus.hpp"

namespace soundalike::lab {

struct Options {
  std::string command;                         ///< "fit" or "rank"
  std::vector<std::filesystem::path> corpora;  ///< folders of recordings
  std::filesystem::path effects;               ///< file of effect URIs; empty: the nine mda effects (rank)
  std::filesystem::path output = "models/style/style.json";
  std::filesystem::path model;                  ///< rank with this instead of the built-in model
  std::vector<std::filesystem::path> encoders;  ///< checkpoints to rank beside the style distances
  Split split = Split::test;
  std::uint64_t seed = 1;
  std::size_t recordings = 3;    ///< per effect (fit); in all (rank)
  std::size_t settings = 20;     ///< per recording and effect (fit)
  std::size_t candidates = 200;  ///< random settings to choose from (rank)
  std::size_t references = 4;    ///< hidden settings per recording and effect (rank)
  std::size_t rank = 64;
  double shrinkage = 0.2;
  double temperature = 0.5;
  std::string line;  ///< the command as given
};

/// @throws Error invalid_argument.
Options parse(int count, char** arguments);
int fit(const Options& options);
int rank(const Options& options);

}  // namespace soundalike::lab
