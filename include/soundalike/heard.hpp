#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/manifest.hpp"
#include "soundalike/progress.hpp"

namespace soundalike {

/// The manifests of folders that a model learns from: a folder's own where it has one, which then decides the splits
/// alone; else made by make_manifest(). Nothing is written.
/// @throws Error what Corpus, read_manifest() and make_manifest() throw.
std::vector<Manifest> manifests_of(std::span<const std::filesystem::path> folders, const Progress& progress = {});

/// The recordings of one split, folder by folder in the manifests' order; listed ones that are gone are left out.
/// Groups of the same name in several collections are several groups.
std::vector<Recording> recordings_of(std::span<const Manifest> manifests, Split split);
/// Their files.
std::vector<std::filesystem::path> files_of(std::span<const Manifest> manifests, Split split);

/// What a model says about the recordings that it heard: a JSON array for its metadata, under "heard". Per collection
/// its name, the manifest's digest, and of the train and validation recordings the groups and the first 16 digits of
/// the files' digests.
std::string heard_json(std::span<const Manifest> manifests);

/// The manifests that a model's metadata (a JSON object) tell of, for refuse_heard(): entries without file names, with
/// short digests, all in Split::train. Empty when it does not say.
///
///   for (const Manifest& trained : heard_by(controller.metadata)) refuse_heard(trained, data, Split::test);
///
/// @throws Error invalid_argument when "heard" is there and not as heard_json() writes it.
std::vector<Manifest> heard_by(std::string_view metadata);

}  // namespace soundalike
