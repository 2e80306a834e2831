#include "soundalike/map_labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "latent/json_reader.hpp"
#include "latent/map_files.hpp"
#include "latent/map_projection.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "track/folder_lock.hpp"

namespace soundalike {
namespace {

/// Whether a place is inside an outline: a ray from it crosses the outline an odd number of times.
bool is_inside(const std::vector<std::array<double, 2>>& outline, double x, double y) {
  bool inside = false;
  for (std::size_t i = 0, j = outline.size() - 1; i < outline.size(); j = i++) {
    const auto [ax, ay] = outline[i];
    const auto [bx, by] = outline[j];
    if ((ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/// Replaces the row of that name or adds one.
template <typename Row>
void put(std::vector<Row>& rows, Row row) {
  const auto found = std::ranges::find(rows, row.name, &Row::name);
  if (found == rows.end()) {
    rows.push_back(std::move(row));
  } else {
    *found = std::move(row);
  }
}

}  // namespace

MapLabels label_by_columns(const LatentMap& map, std::span<const std::string> columns, std::size_t count) {
  const std::size_t n = map.points();
  if (columns.empty() || count == 0 || 2 * columns.size() * count > n) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot label the {} lowest and highest points of {} columns: the map has {} points", count,
                            columns.size(), n));
  }
  MapLabels labels{{}, std::vector<int>(n, -1), {}};
  std::vector<std::vector<std::size_t>> wanted;  // per class all points, most extreme first
  for (const std::string& column : columns) {
    const auto values = map.column(column);
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return values[i]; });
    wanted.push_back(order);
    std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t i) { return values[i]; });
    wanted.push_back(std::move(order));
    labels.categories.push_back("low " + column);
    labels.categories.push_back("high " + column);
    labels.name += column + "_";
  }
  labels.name += std::to_string(count);
  std::vector<std::size_t> at(wanted.size());
  for (std::size_t turn = 0; turn < count; ++turn) {
    for (std::size_t c = 0; c < wanted.size(); ++c) {
      while (labels.classes[wanted[c][at[c]]] >= 0) ++at[c];
      labels.classes[wanted[c][at[c]]] = static_cast<int>(c);
    }
  }
  return labels;
}

MapLabels label_by_regions(const LatentMap& map, std::span<const MapRegion> regions) {
  MapLabels labels{"regions", std::vector<int>(map.points(), -1), {}};
  for (const MapRegion& region : regions) {
    const auto found = std::ranges::find(labels.categories, region.name);
    const auto number = static_cast<int>(found - labels.categories.begin());
    if (found == labels.categories.end()) labels.categories.push_back(region.name);
    const auto places = map.projection(region.projection);
    std::size_t inside = 0;
    for (std::size_t i = 0; i < map.points(); ++i) {
      if (!is_inside(region.outline, static_cast<double>(places[2 * i]), static_cast<double>(places[2 * i + 1]))) {
        continue;
      }
      ++inside;
      if (labels.classes[i] < 0) labels.classes[i] = number;
    }
    if (inside == 0) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot label by region '{}': no point of projection '{}' is inside", region.name,
                              region.projection));
    }
  }
  if (regions.empty()) throw Error(ErrorCode::invalid_argument, "cannot label by regions: there are none");
  return labels;
}

std::vector<MapRegion> parse_regions(std::string_view text, std::string_view origin) {
  constexpr std::size_t most = 10000;
  const std::string wrapped = fmt::format("{{\"regions\": {}}}", text);
  const auto document = latent::parse_object(wrapped, fmt::format("the regions '{}'", origin));
  std::vector<MapRegion> regions;
  const latent::JsonReader list(document, fmt::format("cannot read the regions '{}'", origin));
  list.each("regions", most, [&](const latent::JsonReader& item) {
    MapRegion region{item.text("name"), item.text("projection"), item.places("outline")};
    if (region.name.empty()) item.refuse("a region has no name");
    if (region.outline.size() < 3) item.refuse(fmt::format("'{}' has no three corners", region.name));
    regions.push_back(std::move(region));
  });
  return regions;
}

LatentMap add_labels(const std::filesystem::path& folder, const MapLabels& labels, const LabelOptions& options,
                     const Progress& progress, const std::stop_token& stop) {
  const latent::MapFiles files{folder};
  const LatentMap map = LatentMap::open(folder);
  const track::FolderLock lock(folder);
  const auto known = [&](int c) { return c >= -1 && c < static_cast<int>(labels.categories.size()); };
  if (!latent::is_name(labels.name) || labels.classes.size() != map.points() ||
      !std::ranges::all_of(labels.classes, known)) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("cannot label the map '{}' by '{}': it takes a name of letters and digits, and a class or -1 "
                    "for each of {} points",
                    folder.string(), labels.name, map.points()));
  }
  const UmapOptions how{
      .seed = options.seed, .threads = options.threads, .labels = labels.classes, .label_weight = options.weight};
  latent::DrawnProjection drawn = latent::draw_umap(map.embeddings(), how, progress, stop);
  drawn.about.name = "umap_" + labels.name;
  MapOutline outline = map.outline();
  latent::measure(drawn, map.embeddings(), map.settings(), outline.free, options.threads);
  const MapColumn column{"label_" + labels.name, ColumnKind::label, "", labels.categories};
  write_npy(files.column(column.name), {map.points()},
            std::vector<float>(labels.classes.begin(), labels.classes.end()));
  write_npy(files.projection(drawn.about.name), {map.points(), 2}, drawn.positions);
  put(outline.columns, column);
  put(outline.projections, drawn.about);
  write_file(files.outline(), to_json(outline));
  return LatentMap::open(folder);
}

}  // namespace soundalike
