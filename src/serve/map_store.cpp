#include "serve/map_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>

#include "serve/response.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"

namespace soundalike::serve {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_open = 3;
constexpr std::string_view outline_file = "map.json";

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

double now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

[[noreturn]] void refuse_others() { throw Refusal{403, "forbidden", "this map was not made here: it stays as it is"}; }

}  // namespace

MapStore::MapStore(fs::path folder, const std::vector<fs::path>& others) : folder_(std::move(folder)) {
  std::error_code problem;
  fs::create_directories(folder_, problem);
  if (problem) {
    throw Error(ErrorCode::io, fmt::format("cannot make folder '{}': {}", folder_.string(), problem.message()));
  }
  for (const auto& file : fs::directory_iterator(folder_)) {
    if (file.path().extension() != ".json") continue;
    const Json stored = Json::parse(text_of(file.path()), nullptr, false);
    if (!stored.is_object() || !stored.contains("about") || !stored["about"].is_object()) continue;
    const std::string id = file.path().stem().string();
    Entry entry{.about = stored["about"], .folder = folder_ / id};
    if (stored.contains("request")) entry.request = stored["request"];
    if (stored.contains("kept") && stored["kept"].is_object()) entry.kept = stored["kept"];
    entries_.emplace(id, std::move(entry));
  }
  for (const fs::path& other : others) {
    if (!fs::is_directory(other)) {
      throw Error(ErrorCode::not_found, fmt::format("cannot show the maps in '{}': no such folder", other.string()));
    }
    if (fs::exists(other / outline_file)) adopt(other);
    for (const auto& inside : fs::directory_iterator(other)) {
      if (fs::exists(inside.path() / outline_file)) adopt(inside.path());
    }
  }
}

void MapStore::adopt(const fs::path& folder) {
  const fs::path path = fs::weakly_canonical(folder);
  const MapOutline outline = parse_map_outline(text_of(path / outline_file), (path / outline_file).string());
  std::string id;
  for (const char c : path.filename().string()) {
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
    id.push_back(plain ? c : '-');
  }
  const std::string base = id;
  for (int n = 2; entries_.contains(id); ++n) id = fmt::format("{}-{}", base, n);
  Entry entry{.folder = path, .own = false};
  entry.about = {{"name", path.filename().string()},   {"effect", outline.effect},
                 {"effect_name", outline.effect_name}, {"audio", nullptr},
                 {"points", outline.points},           {"created", nullptr}};
  entries_.emplace(id, std::move(entry));
}

void MapStore::save(const std::string& id, const Entry& entry) const {
  const Json document{{"about", entry.about}, {"request", entry.request}, {"kept", entry.kept}};
  const std::string text = document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  if (entry.own) write_file(folder_ / (id + ".json"), text);
}

const MapStore::Entry& MapStore::at(std::string_view id) const {
  const auto found = entries_.find(id);
  if (found == entries_.end()) {
    throw Error(ErrorCode::not_found, fmt::format("there is no map '{}'; GET /api/maps lists all", id));
  }
  return found->second;
}

std::string MapStore::claim(const Json& request, const Json& about) {
  const std::scoped_lock lock(mutex_);
  for (const auto& [id, entry] : entries_) {
    if (entry.request == request) return id;
  }
  std::size_t number = 1;
  while (entries_.contains(fmt::format("{:04}", number)) || fs::exists(folder_ / fmt::format("{:04}", number)))
    ++number;
  std::string id = fmt::format("{:04}", number);
  Entry entry{.about = about, .request = request, .folder = folder_ / id};
  entry.about["created"] = now();
  save(id, entry);
  entries_.emplace(id, std::move(entry));
  return id;
}

std::shared_ptr<void> MapStore::making(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  if (!making_.insert(id).second) throw Refusal{409, "invalid_argument", "this map is being made already"};
  return {nullptr, [this, id](void*) {
            const std::scoped_lock inner(mutex_);
            making_.erase(id);
          }};
}

Json MapStore::row(const std::string& id, const Entry& entry) const {
  Json row{{"id", id}};
  row.update(entry.about);
  std::string state = "ready";
  if (making_.contains(id)) {
    state = "making";
  } else if (entry.own) {
    try {
      const std::string text = text_of(entry.folder / outline_file);
      const MapOutline outline = parse_map_outline(text, outline_file);
      state = outline.ready ? "ready" : "unfinished";
      if (outline.ready) row["points"] = outline.points;
    } catch (const Error&) {
      state = "unfinished";
    }
  }
  row["state"] = state;
  return row;
}

Json MapStore::list() const {
  const std::scoped_lock lock(mutex_);
  Json rows = Json::array();
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry)
    rows.push_back(row(entry->first, entry->second));
  return rows;
}

Json MapStore::about(std::string_view id) const {
  const std::scoped_lock lock(mutex_);
  return row(std::string(id), at(id));
}

fs::path MapStore::folder(std::string_view id) const {
  const std::scoped_lock lock(mutex_);
  return at(id).folder;
}

std::shared_ptr<const LatentMap> MapStore::open(std::string_view id) {
  fs::path path;
  {
    const std::scoped_lock lock(mutex_);
    path = at(id).folder;
    const auto known = std::ranges::find(open_, id, &decltype(open_)::value_type::first);
    if (known != open_.end()) {
      open_.splice(open_.begin(), open_, known);
      return open_.front().second;
    }
  }
  std::shared_ptr<const LatentMap> map;
  try {
    map = std::make_shared<const LatentMap>(LatentMap::open(path));
  } catch (const Error& error) {
    // Where it lies is none of the client's business.
    throw Error(error.code(), fmt::format("cannot open map '{}': it is not ready, or damaged", id));
  }
  const std::scoped_lock lock(mutex_);
  open_.emplace_front(std::string(id), map);
  if (open_.size() > most_open) open_.pop_back();
  return map;
}

std::shared_ptr<const Embedder> MapStore::embedder(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  auto& embedder = embedders_[name];
  if (!embedder) embedder = std::make_shared<const Embedder>(name);
  return embedder;
}

void MapStore::changed(std::string_view id) {
  const std::scoped_lock lock(mutex_);
  open_.remove_if([&](const auto& one) { return one.first == id; });
}

void MapStore::check_own(std::string_view id) const {
  const std::scoped_lock lock(mutex_);
  if (!at(id).own) refuse_others();
}

void MapStore::remove(std::string_view id) {
  const std::scoped_lock lock(mutex_);
  const Entry& entry = at(id);
  if (!entry.own) refuse_others();
  if (making_.contains(id)) throw Refusal{409, "invalid_argument", "this map is being made; cancel its job first"};
  std::error_code ignored;
  fs::remove(folder_ / fmt::format("{}.json", id), ignored);
  fs::remove_all(entry.folder, ignored);
  open_.remove_if([&](const auto& one) { return one.first == id; });
  entries_.erase(entries_.find(id));
}

Json MapStore::kept(std::string_view id, std::string_view what) const {
  const std::scoped_lock lock(mutex_);
  return at(id).kept.value(std::string(what), Json::array());
}

void MapStore::keep(std::string_view id, std::string_view what, const Json& list) {
  const std::scoped_lock lock(mutex_);
  at(id);
  Entry& entry = entries_.find(id)->second;
  entry.kept[std::string(what)] = list;
  save(std::string(id), entry);
}

std::string MapStore::audio(std::string_view id) const {
  const Json clip = about(id).value("audio", Json());
  if (clip.is_string()) return clip;
  throw Error(ErrorCode::not_found,
              fmt::format("the map '{}' came without a recording: say which one is to be heard", id));
}

void MapStore::set_audio(std::string_view id, const std::string& clip) {
  const std::scoped_lock lock(mutex_);
  at(id);
  entries_.find(id)->second.about["audio"] = clip;
}

std::vector<std::string> MapStore::without_audio() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> ids;
  for (const auto& [id, entry] : entries_) {
    if (entry.about.value("audio", Json()).is_null()) ids.push_back(id);
  }
  return ids;
}

}  // namespace soundalike::serve
