#include <algorithm>

#include "serve/app.hpp"
#include "serve/embedded_pages.hpp"
#include "soundalike/predictor.hpp"
#include "soundalike/version.hpp"

namespace soundalike::serve {
namespace {

const EmbeddedFile* find_page(std::string_view name) {
  const auto pages = embedded_pages();
  const auto found = std::ranges::find(pages, name, &EmbeddedFile::name);
  return found == pages.end() ? nullptr : &*found;
}

}  // namespace

// A file of the pages, or the page itself for an address that the page understands ("/map/1").
Response show_page(App&, const Request& request) {
  std::string name;
  for (const std::string& segment : request.path) name += (name.empty() ? "" : "/") + segment;
  const bool is_file = name.find('.') != std::string::npos;
  const EmbeddedFile* page = find_page(is_file ? name : "index.html");
  if (page == nullptr) return error_response(404, "not_found", "there is nothing at this address");
  // Names below assets/ carry a digest of what is in them.
  const bool lasting = name.starts_with("assets/");
  return content_response(request, {.type = std::string(media_type(page->name)),
                                    .etag = std::string(page->digest),
                                    .source = page->bytes,
                                    .cache = lasting ? "public, max-age=31536000, immutable" : "no-cache"});
}

Response show_about(App& app, const Request&) {
  Json encoders = Json::array();
  for (const ModelListing& model : list_models()) {
    if (model.outline.kind == "encoder") encoders.push_back(model.outline.name);
  }
  return json_response({{"name", "soundalike"},
                        {"version", program_version()},
                        {"public", app.options.open_to_all},
                        {"study", !app.studies.empty()},
                        {"runs", !app.options.runs.empty()},
                        {"limits",
                         {{"upload_bytes", 64 << 20},
                          {"upload_seconds", ClipStore::longest_seconds},
                          {"render_seconds", LiveRender::longest_seconds}}},
                        {"encoders", std::move(encoders)}});
}

Response list_effects(App& app, const Request& request) {
  return json_response(app.effects.list(request.parameter("query").value_or(""),
                                        request.parameter("format").value_or(""),
                                        request.parameter("class").value_or("")));
}

Response describe_effect(App& app, const Request& request) {
  return json_response(app.effects.describe(request.capture("effect")));
}

Response write_texts(App& app, const Request& request) {
  const Fields fields(parse_json(request.body));
  const auto chain = app.effects.chain(fields.texts("effect"));
  const double rate = fields.has("audio") ? app.clips.find(fields.text("audio")).rate.hz : 0.0;
  return json_response(texts_json(chain, fields.settings("settings"), rate));
}

}  // namespace soundalike::serve
