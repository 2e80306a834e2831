#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstring>

#include "base/parallel.hpp"
#include "latent/map_clip.hpp"
#include "serve/app.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/map_labels.hpp"
#include "soundalike/map_maker.hpp"
#include "soundalike/predictor.hpp"

namespace soundalike::serve {
namespace {

constexpr double coordinate_limit = 1e9;
constexpr double searched_seconds = 120.0;  // of a clip, for the part that a map is made on

static_assert(std::endian::native == std::endian::little, "arrays are sent as they lie in memory");

Response array_response(std::span<const float> values) {
  std::string bytes(values.size_bytes(), '\0');
  std::memcpy(bytes.data(), values.data(), values.size_bytes());
  return bytes_response(std::move(bytes), "application/octet-stream");
}

std::shared_ptr<const LatentMap> map_of(App& app, const Request& request) {
  return app.maps.open(request.capture("map"));
}

// Only what is listed: elsewhere, a name that ends in .salmodel is a file.
void check_encoder(const std::string& name) {
  if (name == "style" || name == "features") return;
  for (const ModelListing& model : list_models()) {
    if (model.outline.kind == "encoder" && model.outline.name == name) return;
  }
  throw Error(ErrorCode::invalid_argument, fmt::format("there is no encoder '{}'; GET /api/about lists them", name));
}

std::size_t threads_of(const App& app) { return threads_or_cores(app.options.renderer.workers); }

struct MapRequest {
  EffectListing effect;
  Clip clip;
  MapOptions options;
};

Json run_map(App& app, const MapRequest& request, const std::string& id, JobBoard::Talk& talk) {
  const auto claim = app.maps.making(id);
  AudioFileReader reader(request.clip.file);
  const AudioBuffer recording = reader.read(static_cast<std::size_t>(searched_seconds * request.clip.rate.hz));
  const LatentMap map = make_map(app.maps.folder(id), request.effect, recording, request.clip.name, request.options,
                                 talk.progress, talk.stop);
  return {{"map", id}, {"points", map.points()}, {"left_out", map.outline().left_out.size()}};
}

}  // namespace

Response start_map(App& app, const Request& request) {
  const Fields fields(parse_json(request.body));
  MapRequest wanted;
  wanted.effect = app.effects.chain({fields.text("effect")}).front();
  wanted.clip = app.clips.find(fields.text("audio"));
  wanted.options.points = fields.whole("points", 40, 100000, 1000);
  wanted.options.seed = fields.whole("seed", 0, ~std::uint64_t{0}, 0);
  wanted.options.sampling = parse_sampling(fields.text("sampling", "sobol"));
  wanted.options.encoder = fields.text("encoder", "style-encoder");
  wanted.options.seconds = fields.number("seconds", 0.1, 60.0, 2.0);
  wanted.options.renderer = app.options.renderer;
  wanted.options.threads = threads_of(app);
  check_encoder(wanted.options.encoder);
  const Json asked{{"effect", wanted.effect.info.id},
                   {"audio", wanted.clip.id},
                   {"points", wanted.options.points},
                   {"seed", wanted.options.seed},
                   {"sampling", to_string(wanted.options.sampling)},
                   {"encoder", wanted.options.encoder},
                   {"seconds", wanted.options.seconds}};
  const std::string title = fmt::format("{} on {}", wanted.effect.info.name, wanted.clip.name);
  const std::string id = app.maps.claim(asked, {{"name", fields.text("name", title)},
                                                {"effect", wanted.effect.info.id},
                                                {"effect_name", wanted.effect.info.name},
                                                {"audio", wanted.clip.id},
                                                {"points", wanted.options.points}});
  const std::string job =
      app.jobs.start("map", title, [&app, wanted, id](JobBoard::Talk& talk) { return run_map(app, wanted, id, talk); });
  return json_response({{"job", job}, {"map", id}}, 202);
}

Response list_maps(App& app, const Request&) { return json_response(app.maps.list()); }

Response describe_map(App& app, const Request& request) {
  const std::string& id = request.capture("map");
  Json document = app.maps.about(id);
  const auto map = app.maps.open(id);
  const MapOutline& outline = map->outline();
  document["points"] = map->points();
  document["encoder"] = outline.encoder;
  document["left_out"] = outline.left_out.size();
  document["parameters"] = parameters_json(outline.parameters, outline.free);
  Json& projections = document["projections"] = Json::array();
  for (const MapProjection& one : outline.projections) {
    projections.push_back({{"name", one.name},
                           {"trustworthiness", number_or_null(one.trustworthiness)},
                           {"neighbours_kept", number_or_null(one.neighbours_kept)},
                           {"knob_roughness", number_or_null(one.knob_roughness)},
                           {"default", one.is_default}});
  }
  Json& columns = document["columns"] = Json::array();
  for (const MapColumn& one : map->columns()) {
    Json row{{"name", one.name}, {"kind", to_string(one.kind)}, {"unit", one.unit}};
    if (!one.categories.empty()) row["categories"] = one.categories;
    columns.push_back(std::move(row));
  }
  document["regions"] = app.maps.kept(id, "regions");
  document["favourites"] = app.maps.kept(id, "favourites");
  return json_response(document);
}

Response send_projection(App& app, const Request& request) {
  return array_response(map_of(app, request)->projection(request.capture("name")));
}

Response send_column(App& app, const Request& request) {
  return array_response(map_of(app, request)->column(request.capture("name")));
}

Response send_map_settings(App& app, const Request& request) {
  return array_response(map_of(app, request)->settings().values);
}

Located locate_on(const LatentMap& map, const Fields& fields) {
  const std::string projection = fields.text("projection", map.default_projection());
  return map.locate(projection, fields.number("x", -coordinate_limit, coordinate_limit),
                    fields.number("y", -coordinate_limit, coordinate_limit));
}

Response locate(App& app, const Request& request) {
  const auto map = map_of(app, request);
  const Located here = locate_on(*map, Fields(parse_json(request.body)));
  Json neighbours = Json::array();
  for (const PointWeight& one : here.neighbours) neighbours.push_back({{"point", one.point}, {"weight", one.weight}});
  return json_response({{"settings", here.settings},
                        {"texts", texts_json(map->outline().parameters, here.settings, 0.0)},
                        {"neighbours", std::move(neighbours)}});
}

Response place(App& app, const Request& request) {
  const auto map = map_of(app, request);
  const Fields fields(parse_json(request.body));
  const std::string projection = fields.text("projection", map->default_projection());
  std::array<double, 2> at{};
  if (fields.has("audio")) {
    const Clip clip = app.clips.find(fields.text("audio"));
    const auto frames = std::min(clip.frames, static_cast<std::size_t>(60.0 * clip.rate.hz));
    const auto recording = app.clips.part(clip, 0, frames);
    // As long as what the points are, and as loud.
    const auto heard = latent::prepare_clip(recording->audio, map->clip().seconds());
    at = map->place_embedding(projection, app.maps.embedder(map->outline().encoder)->embed(heard.audio));
  } else {
    at = map->place_settings(projection, fields.settings("settings"));
  }
  return json_response({{"x", at[0]}, {"y", at[1]}});
}

namespace {

// Regions as lists of points, which hold in every projection; or as outlines in one.
MapLabels labels_of(const LatentMap& map, const Fields& fields) {
  if (fields.has("feature")) {
    const std::vector<std::string> columns = fields.texts("feature");
    return label_by_columns(map, columns, fields.whole("count", 1, map.points(), 100));
  }
  const Json& regions = fields.list("regions");
  const bool drawn = !regions.empty() && regions.front().is_object() && regions.front().contains("outline");
  if (drawn) return label_by_regions(map, parse_regions(regions.dump(), "the request"));
  MapLabels labels{.name = "regions", .classes = std::vector<int>(map.points(), -1)};
  for (const Json& one : regions) {
    const Fields region(one);
    for (const Json& point : region.list("points")) {
      if (!point.is_number_unsigned() || point.get<std::size_t>() >= map.points()) {
        throw Error(ErrorCode::invalid_argument, "a region's points must be points of the map");
      }
      int& label = labels.classes[point.get<std::size_t>()];
      if (label < 0) label = static_cast<int>(labels.categories.size());
    }
    labels.categories.push_back(region.text("name"));
  }
  if (labels.categories.empty()) throw Error(ErrorCode::invalid_argument, "the request has no regions");
  return labels;
}

}  // namespace

Response label_map(App& app, const Request& request) {
  const std::string& id = request.capture("map");
  app.maps.check_own(id);
  const auto map = app.maps.open(id);
  const Fields fields(parse_json(request.body));
  const MapLabels labels = labels_of(*map, fields);
  const LabelOptions options{.seed = fields.whole("seed", 0, ~std::uint64_t{0}, 0), .threads = threads_of(app)};
  const std::string job =
      app.jobs.start("labels", fmt::format("{}: {}", app.maps.about(id)["name"].get<std::string>(), labels.name),
                     [&app, id, labels, options](JobBoard::Talk& talk) -> Json {
                       const auto claim = app.maps.making(id);
                       add_labels(app.maps.folder(id), labels, options, talk.progress, talk.stop);
                       app.maps.changed(id);
                       return {{"map", id}, {"projection", "umap_" + labels.name}, {"column", "label_" + labels.name}};
                     });
  return json_response({{"job", job}}, 202);
}

Response keep_with_map(App& app, const Request& request) {
  const Json list = parse_json(request.body);
  if (!list.is_array()) throw Error(ErrorCode::invalid_argument, "the request's body must be a list");
  app.maps.keep(request.capture("map"), request.path.back(), list);
  return empty_response();
}

Response remove_map(App& app, const Request& request) {
  app.maps.remove(request.capture("map"));
  return empty_response();
}

}  // namespace soundalike::serve
