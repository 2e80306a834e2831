#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "serve/app.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/picture.hpp"

namespace soundalike::serve {
namespace {

constexpr double pictured_seconds = 60.0;
constexpr std::size_t longest_name = 200;

Json clip_json(const Clip& clip) {
  return {{"id", clip.id},
          {"name", clip.name},
          {"channels", clip.channels},
          {"rate", clip.rate.hz},
          {"frames", clip.frames},
          {"seconds", clip.seconds()},
          {"lufs", number_or_null(clip.lufs)},
          {"bundled", clip.bundled}};
}

Clip clip_of(App& app, const Request& request) { return app.clips.find(request.capture("clip")); }

}  // namespace

Response upload_clip(App& app, const Request& request) {
  const auto name = percent_decoded(request.header("x-name"));
  if (!name) throw Error(ErrorCode::invalid_argument, "the header X-Name must be percent-encoded UTF-8");
  std::string title = name->empty() ? "recording" : *name;
  while (title.size() > longest_name ||
         (!title.empty() && (title.back() & 0xc0) == 0x80 && title.size() >= longest_name)) {
    title.pop_back();  // not in the middle of a character
  }
  return json_response(clip_json(app.clips.add(request.file->path(), title)), 201);
}

Response list_clips(App& app, const Request&) {
  Json rows = Json::array();
  for (const Clip& clip : app.clips.list()) rows.push_back(clip_json(clip));
  return json_response(rows);
}

Response describe_clip(App& app, const Request& request) { return json_response(clip_json(clip_of(app, request))); }

Response send_clip(App& app, const Request& request) {
  const Clip clip = clip_of(app, request);
  return content_response(request, {.type = "audio/wav", .etag = clip.id, .source = clip.file});
}

Response draw_clip(App& app, const Request& request) {
  const Clip clip = clip_of(app, request);
  const std::string etag = clip.id + "-picture";
  const auto picture = app.options.folder / "audio" / (clip.id + ".png");
  if (!std::filesystem::exists(picture)) {
    const auto frames = std::min(clip.frames, static_cast<std::size_t>(pictured_seconds * clip.rate.hz));
    const auto part = app.clips.part(clip, 0, frames);
    write_spectrogram_picture(picture, {{clip.name, part->audio}});
  }
  return content_response(request, {.type = "image/png", .etag = etag, .source = picture});
}

Response remove_clip(App& app, const Request& request) {
  if (clip_of(app, request).bundled) throw Refusal{403, "forbidden", "clips that come with the program stay"};
  app.clips.remove(request.capture("clip"));
  std::error_code ignored;
  std::filesystem::remove(app.options.folder / "audio" / (request.capture("clip") + ".png"), ignored);
  return empty_response();
}

Response render_clip(App& app, const Request& request) {
  const auto start = std::chrono::steady_clock::now();
  const Fields fields(parse_json(request.body));
  Hearing hearing;
  if (fields.has("map")) {
    const auto map = app.maps.open(fields.text("map"));
    hearing.chain = app.effects.chain({map->outline().effect});
    map->is_of(hearing.chain.front());
    hearing.settings = locate_on(*map, fields).settings;
    hearing.clip = app.clips.find(fields.has("audio") ? fields.text("audio") : app.maps.audio(fields.text("map")));
  } else {
    hearing.chain = app.effects.chain(fields.texts("effect"));
    hearing.settings = fields.settings("settings");
    hearing.clip = app.clips.find(fields.text("audio"));
  }
  check_count(hearing.chain, hearing.settings);
  hearing.block_size = app.effects.block_size(hearing.chain);
  hearing.from = fields.number("from", 0.0, ClipStore::longest_seconds, 0.0);
  hearing.seconds = fields.number("seconds", 0.0, ClipStore::longest_seconds, LiveRender::longest_seconds);
  hearing.match_loudness = fields.flag("match_loudness", true);
  hearing.dry_wet = fields.number("dry_wet", 0.0, 1.0, 1.0);

  const auto part_bytes =
      static_cast<std::size_t>(std::min(hearing.seconds, LiveRender::longest_seconds) * hearing.clip.rate.hz) *
      hearing.clip.channels * sizeof(float);
  auto hold = app.backlog.take(std::min(part_bytes, hearing.clip.frames * hearing.clip.channels * sizeof(float)));
  const Heard heard = app.live.render(hearing, request.header("x-client").substr(0, 64), request.ticket);
  Response response = bytes_response(wav_bytes(heard.audio), "audio/wav");
  response.hold = std::move(hold);
  const double total = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  response.with("X-Settings", Json(hearing.settings).dump())
      .with("X-Plugin-Ms", fmt::format("{:.3f}", 1e3 * heard.plugin_seconds))
      .with("X-Total-Ms", fmt::format("{:.3f}", total))
      .with("X-Gain-Db", fmt::format("{:.2f}", heard.gain_db))
      .with("X-Peak-Db", fmt::format("{:.2f}", heard.peak_db));
  return response;
}

}  // namespace soundalike::serve
