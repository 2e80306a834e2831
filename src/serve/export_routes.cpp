#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>

#include "base/temporary_folder.hpp"
#include "serve/app.hpp"
#include "serve/zip.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/error.hpp"
#include "soundalike/matcher.hpp"
#include "soundalike/preset.hpp"
#include "soundalike/recipe.hpp"

namespace soundalike::serve {
namespace {

namespace fs = std::filesystem;

struct Export {
  App& app;
  Fields fields;
  std::vector<EffectListing> chain;
  std::vector<float> settings;
  std::string name;  // of the file, without an ending
};

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Response download(Response response, const Export& wanted, std::string_view ending) {
  response.with("Content-Disposition", attachment(wanted.name + std::string(ending)));
  return response;
}

// The recipe of what is heard: the effect sees the clip at the level of a match.
Recipe recipe_of(const Export& wanted, const Clip& clip) {
  Match match;
  match.used_settings = wanted.settings;
  match.wet = wanted.fields.number("dry_wet", 0.0, 1.0, 1.0);
  match.input_gain_db = input_gain_db(clip);
  Recipe recipe = Matcher(wanted.chain).recipe(match, {}, clip.rate, clip.channels);
  recipe.input = clip.name;
  return recipe;
}

// Renders the whole clip; its gain goes into the recipe.
void render_whole(const Export& wanted, const Clip& clip, const fs::path& output, Recipe& recipe) {
  RenderFileOptions options{.renderer = wanted.app.options.renderer};
  if (wanted.fields.flag("match_loudness", true) && std::isfinite(clip.lufs)) options.target_lufs = clip.lufs;
  recipe.output_gain_db = render_file(clip.file, output, recipe, wanted.chain, options).output_gain_db;
}

Clip clip_of(const Export& wanted) { return wanted.app.clips.find(wanted.fields.text("audio")); }

Response export_audio(const Export& wanted, std::string_view ending) {
  const Clip clip = clip_of(wanted);
  const TemporaryFolder scratch("export", wanted.app.options.folder / "spool");
  Recipe recipe = recipe_of(wanted, clip);
  const fs::path output = scratch / ("audio" + std::string(ending));
  render_whole(wanted, clip, output, recipe);
  // Moved out, so that it can be sent piece by piece when the folder has gone.
  const fs::path kept = scratch.path().string() + std::string(ending);
  fs::rename(output, kept);
  Response response{.body = FilePart{kept, 0, fs::file_size(kept)}, .hold = std::make_shared<SpooledFile>(kept)};
  response.with("Content-Type", media_type(ending)).with("Cache-Control", "no-store");
  return response;
}
Response export_wav(const Export& wanted) { return download(export_audio(wanted, ".wav"), wanted, ".wav"); }
Response export_flac(const Export& wanted) { return download(export_audio(wanted, ".flac"), wanted, ".flac"); }

Response export_recipe(const Export& wanted) {
  const Clip clip = clip_of(wanted);
  const TemporaryFolder scratch("export", wanted.app.options.folder / "spool");
  Recipe recipe = recipe_of(wanted, clip);
  render_whole(wanted, clip, scratch / "audio.wav", recipe);
  return download(bytes_response(to_json(recipe), "application/json"), wanted, ".recipe.json");
}

Response export_json(const Export& wanted) {
  Json effects = Json::array();
  for (const EffectListing& listing : wanted.chain)
    effects.push_back({{"id", listing.info.id}, {"name", listing.info.name}});
  const Json parameters = parameters_json(wanted.chain);
  const Json texts = texts_json(wanted.chain, wanted.settings, 0.0);
  Json knobs = Json::array();
  for (std::size_t i = 0; i < wanted.settings.size(); ++i) {
    knobs.push_back({{"id", parameters[i]["id"]},
                     {"name", parameters[i]["name"]},
                     {"setting", wanted.settings[i]},
                     {"plain", texts[i]["plain"]},
                     {"text", texts[i]["text"]}});
  }
  const Json document{{"effects", std::move(effects)}, {"knobs", std::move(knobs)}};
  return download(
      bytes_response(document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n", "application/json"), wanted,
      ".settings.json");
}

Response export_preset(const Export& wanted, std::string_view needed) {
  if (wanted.chain.size() != 1) {
    throw Error(ErrorCode::unsupported,
                "a preset is of one effect; export the recipe of a chain, or its effects one by one");
  }
  const EffectListing& listing = wanted.chain.front();
  const std::string suffix(preset_suffix(listing));
  if (!needed.empty() && suffix.find(needed) == std::string::npos) {
    throw Error(ErrorCode::unsupported,
                fmt::format("presets of '{}' are of another kind: ask for 'preset' ({})", listing.info.name, suffix));
  }
  const double rate = wanted.fields.has("audio") ? clip_of(wanted).rate.hz : 48000.0;
  const TemporaryFolder scratch("export", wanted.app.options.folder / "spool");
  const fs::path path = scratch / (wanted.name + suffix);
  write_preset(path, listing, wanted.settings, {rate}, wanted.name);
  if (fs::is_directory(path)) {
    return download(bytes_response(zip_folder(path), "application/zip"), wanted, suffix + ".zip");
  }
  return download(bytes_response(bytes_of(path), "application/octet-stream"), wanted, suffix);
}
Response export_any(const Export& wanted) { return export_preset(wanted, ""); }
Response export_lv2(const Export& wanted) { return export_preset(wanted, "lv2"); }
Response export_vst3(const Export& wanted) { return export_preset(wanted, "vstpreset"); }

struct Kind {
  std::string_view name;
  Response (*write)(const Export&);
};
constexpr Kind kinds[] = {
    {"recipe", export_recipe},  {"json", export_json}, {"preset", export_any}, {"lv2", export_lv2},
    {"vstpreset", export_vst3}, {"wav", export_wav},   {"flac", export_flac},
};

}  // namespace

Response export_settings(App& app, const Request& request) {
  Export wanted{.app = app, .fields = Fields(parse_json(request.body))};
  const std::string name = wanted.fields.text("kind");
  const auto* kind = std::ranges::find(kinds, name, &Kind::name);
  if (kind == std::end(kinds)) {
    std::string all;
    for (const Kind& one : kinds) all += (all.empty() ? "" : ", ") + std::string(one.name);
    throw Error(ErrorCode::invalid_argument, "the request's 'kind' must be one of: " + all);
  }
  wanted.chain = app.effects.chain(wanted.fields.texts("effect"));
  wanted.settings = wanted.fields.settings("settings");
  check_count(wanted.chain, wanted.settings);
  // The name becomes one of a file: letters, digits and a few marks.
  for (const char c : wanted.fields.text("name", wanted.chain.front().info.name).substr(0, 100)) {
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
    wanted.name.push_back(plain ? c : '-');
  }
  if (wanted.name.empty()) wanted.name = "soundalike";
  return kind->write(wanted);
}

}  // namespace soundalike::serve
