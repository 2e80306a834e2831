#pragma once

#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "serve/json_input.hpp"
#include "soundalike/embedder.hpp"
#include "soundalike/latent_map.hpp"

namespace soundalike::serve {

/// The maps of a folder: <id>/ (docs/formats.md, "Maps") with <id>.json beside it, which says what it was asked for and
/// what the user drew on it; and maps that others made, to look at. Safe from many threads.
class MapStore {
 public:
  /// @param others folders of maps, or folders that hold such folders. @throws Error io, not_found.
  MapStore(std::filesystem::path folder, const std::vector<std::filesystem::path>& others);

  /// The map of this request, new or begun or ready. @param about "name", "effect", "effect_name", "audio", "points".
  std::string claim(const Json& request, const Json& about);
  /// Marks a map as being made for as long as the result lives. @throws Refusal 409 when it already is.
  std::shared_ptr<void> making(const std::string& id);

  Json list() const;
  /// A row of the list. @throws Error not_found.
  Json about(std::string_view id) const;
  std::filesystem::path folder(std::string_view id) const;
  /// The latest few stay open. @throws Error as LatentMap::open().
  std::shared_ptr<const LatentMap> open(std::string_view id);
  std::shared_ptr<const Embedder> embedder(const std::string& name);
  /// Opens it anew next time: its files have changed.
  void changed(std::string_view id);
  /// @throws Refusal 403 for somebody else's map.
  void check_own(std::string_view id) const;
  /// @throws Refusal 409 while it is being made, 403 for somebody else's.
  void remove(std::string_view id);

  /// "regions" and "favourites": lists that the user keeps with a map; empty at first.
  Json kept(std::string_view id, std::string_view what) const;
  void keep(std::string_view id, std::string_view what, const Json& list);
  /// The clip it is of. @throws Error not_found for a map that was imported without one.
  std::string audio(std::string_view id) const;
  /// Says of somebody else's map which clip it is of.
  void set_audio(std::string_view id, const std::string& clip);
  /// Maps without a clip in the store: somebody else's.
  std::vector<std::string> without_audio() const;

 private:
  struct Entry {
    Json about;
    Json request = nullptr;
    Json kept = Json::object();
    std::filesystem::path folder;
    bool own = true;
  };
  void adopt(const std::filesystem::path& folder);
  void save(const std::string& id, const Entry& entry) const;
  Json row(const std::string& id, const Entry& entry) const;
  const Entry& at(std::string_view id) const;

  std::filesystem::path folder_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::set<std::string, std::less<>> making_;
  std::list<std::pair<std::string, std::shared_ptr<const LatentMap>>> open_;  // latest first
  std::map<std::string, std::shared_ptr<const Embedder>> embedders_;
};

}  // namespace soundalike::serve
