#pragma once

#include <filesystem>
#include <string>

#include "soundalike/npy.hpp"

namespace soundalike::latent {

/// Where things lie in a map's folder; see docs/formats.md.
struct MapFiles {
  std::filesystem::path folder;

  std::filesystem::path outline() const { return folder / "map.json"; }
  std::filesystem::path clip() const { return folder / "clip.wav"; }
  std::filesystem::path journal() const { return folder / "points.journal"; }
  std::filesystem::path settings() const { return folder / "settings.npy"; }
  std::filesystem::path embeddings() const { return folder / "embeddings.npy"; }
  std::filesystem::path regions() const { return folder / "regions.json"; }
  std::filesystem::path column(const std::string& name) const { return folder / "columns" / (name + ".npy"); }
  std::filesystem::path projection(const std::string& name) const { return folder / "projections" / (name + ".npy"); }
};

/// An array of that shape whose values are finite. @throws Error invalid_argument naming file and shapes; as
/// read_npy().
std::vector<float> read_numbers(const std::filesystem::path& file, const std::vector<std::size_t>& shape);

}  // namespace soundalike::latent
