#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/effect_library.hpp"
#include "soundalike/latent_map.hpp"
#include "soundalike/npy.hpp"

namespace soundalike {

/// A map as one table, comma-separated with a header line: point, every column, and x_<projection>, y_<projection>.
/// Numbers read back exactly; a label is its class's name, nothing where a point has none.
std::string map_csv(const LatentMap& map);

/// A table of numbers with a name per column.
struct NumberTable {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;     ///< NaN where a field is empty or no number
  std::vector<std::vector<std::string>> texts;  ///< per column its fields where any is text, else nothing
};
/// Fields may stand in quotes. @throws Error invalid_argument naming the origin and the line: no header, a line of
/// another count of fields, a quote that does not end.
NumberTable parse_number_table(std::string_view csv, std::string_view origin);

/// A map of what another program stored: a table with a row per point and the embeddings.
///
/// Columns named p_<knob> in [0, 1] are settings, p_hat_<knob> predictions of them, x_emb_<name> and y_emb_<name>
/// places of a projection "imported_<name>" ('=' becomes '_'), class and texts named label_<name> labels; every other
/// column of finite numbers is a feature, and what is none is left out. PCA and UMAP are added. Without an effect the
/// map can be looked at; with one whose parameters are as many as the p_ columns, in their order, it can be heard.
/// @param clip the recording that the points were rendered from, if it is to be had.
/// @throws Error invalid_argument for no settings, other counts, or a folder that is not empty; io.
LatentMap import_map(const std::filesystem::path& folder, const NumberTable& table, const NpyArray& embeddings,
                     const EffectListing* effect = nullptr, const std::optional<AudioBuffer>& clip = std::nullopt,
                     std::size_t threads = 1);

}  // namespace soundalike
