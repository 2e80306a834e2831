#include <fmt/format.h>

#include <charconv>
#include <fstream>

#include "serve/app.hpp"
#include "soundalike/error.hpp"

namespace soundalike::serve {
namespace {

std::string tag_of(const Request& request) {
  const auto tag = request.parameter("tag");
  if (!tag) throw Error(ErrorCode::invalid_argument, "the address needs ?tag=");
  return *tag;
}

std::optional<std::int64_t> step_of(const Request& request) {
  const auto text = request.parameter("step");
  if (!text) return {};
  std::int64_t step = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), step);
  if (problem != std::errc() || end != text->data() + text->size()) {
    throw Error(ErrorCode::invalid_argument, "?step= must be a whole number");
  }
  return step;
}

// By its first bytes: what a stranger's file says of itself is not believed.
std::string type_of(const FilePart& part) {
  std::string head(4, '\0');
  std::ifstream in(part.path, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(part.offset));
  in.read(head.data(), 4);
  if (head == "RIFF") return "audio/wav";
  if (head == "\x89PNG") return "image/png";
  if (head.starts_with("\xff\xd8\xff")) return "image/jpeg";
  if (head == "GIF8") return "image/gif";
  return "application/octet-stream";
}

Response send_media(App& app, const Request& request, LoggedKind kind) {
  const std::string& run = request.capture("run");
  const auto step = step_of(request);
  if (!step) return json_response(app.runs.media(run, tag_of(request), kind));
  const FilePart part = app.runs.medium(run, tag_of(request), kind, *step);
  return content_response(
      request, {.type = type_of(part), .etag = fmt::format("{}-{}", part.offset, part.length), .source = part});
}

}  // namespace

Response list_runs(App& app, const Request&) { return json_response(app.runs.list()); }
Response describe_run(App& app, const Request& request) {
  return json_response(app.runs.describe(request.capture("run")));
}
Response send_scalars(App& app, const Request& request) {
  return json_response(app.runs.scalars(request.capture("run"), tag_of(request)));
}
Response send_run_audio(App& app, const Request& request) { return send_media(app, request, LoggedKind::audio); }
Response send_run_images(App& app, const Request& request) { return send_media(app, request, LoggedKind::image); }
Response send_histograms(App& app, const Request& request) {
  return json_response(app.runs.histograms(request.capture("run"), tag_of(request)));
}
Response send_run_texts(App& app, const Request& request) {
  return json_response(app.runs.texts(request.capture("run"), tag_of(request)));
}
Response send_hyperparameters(App& app, const Request& request) {
  return json_response(app.runs.hyperparameters(request.capture("run")));
}
Response export_run(App& app, const Request& request) {
  Response response = bytes_response(app.runs.csv(request.capture("run")), "text/csv; charset=utf-8");
  response.hold = app.backlog.take(response.size());
  response.with("Content-Disposition", attachment(request.capture("run") + ".csv"));
  return response;
}
Response watch_runs(App& app, const Request&) {
  Response response;
  response.events = app.runs.events();
  return response;
}

}  // namespace soundalike::serve
