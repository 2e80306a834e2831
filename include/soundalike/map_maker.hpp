#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "soundalike/batch_renderer.hpp"
#include "soundalike/latent_map.hpp"
#include "soundalike/progress.hpp"

namespace soundalike {

struct MapOptions {
  std::size_t points = 1000;  ///< 40 to 100000; more shows more
  std::uint64_t seed = 0;
  Sampling sampling = Sampling::sobol;
  std::string encoder = "style-encoder";  ///< as Embedder has it
  double seconds = 2.0;                   ///< of the recording that are rendered: its loudest part of that length
  std::vector<std::pair<std::string, std::string>> pinned{};  ///< knobs that stay, as SettingsSpace::pin()
  std::vector<std::string> freed{};                           ///< knobs to move although the profile fixes them
  RendererOptions renderer{};
  std::size_t threads = 1;  ///< for what is not rendering; does not change the result
};

/// Renders the effect at many settings on one recording, embeds and measures every render, lays the points out in the
/// plane, and leaves all that in a folder.
///
///   const LatentMap map = make_map("drive.map", listing, recording, "vocal.wav", {.points = 10000});
///
/// Reproducible: the same recording, effect and options give the same files for any number of workers and threads. What
/// was rendered is journalled, so a call that was stopped, killed or ran out of disk is taken up by the next one with
/// the same arguments; a map that is ready is opened. Points whose render failed are left out and listed.
///
/// @param recording any rate, mono or stereo; rendered at its own rate, brought to -18 LUFS.
/// @throws Error cancelled when stopped, with what was done kept; invalid_argument for options that make no sense, a
///         folder that holds another map or something else, or one that another process works in; bad_audio for
///         silence; plugin_failed when most renders fail; io.
LatentMap make_map(const std::filesystem::path& folder, const EffectListing& effect, AudioView recording,
                   const std::string& name, const MapOptions& options = {}, const Progress& progress = {},
                   const std::stop_token& stop = {});

}  // namespace soundalike
