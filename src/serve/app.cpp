#include "serve/app.hpp"

#include <algorithm>

#include "serve/router.hpp"
#include "soundalike/demo_recordings.hpp"
#include "soundalike/error.hpp"

namespace soundalike::serve {
namespace {

bool changes(Method method) { return method == Method::post || method == Method::put || method == Method::remove; }

// The pages run what came with them and nothing else.
constexpr std::string_view page_policy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

const Route* route_of(Request& request, Response& refusal) {
  static constexpr Route page{Method::get, "", Access::page, show_page};
  // Whoever takes part in a listening test needs the pages' files too; nothing in them is secret.
  static constexpr Route file{Method::get, "", Access::participant, show_page};
  const bool is_api = !request.path.empty() && request.path.front() == "api";
  if (!is_api && (request.method == Method::get || request.method == Method::head)) {
    const bool is_file = !request.path.empty() && request.path.back().find('.') != std::string::npos;
    return is_file || (!request.path.empty() && request.path.front() == "study") ? &file : &page;
  }
  return find_route(routes(), request, refusal);
}

std::map<std::string, std::unique_ptr<Study>, std::less<>> opened(const std::vector<std::filesystem::path>& folders) {
  std::map<std::string, std::unique_ptr<Study>, std::less<>> studies;
  for (const auto& folder : folders) {
    auto study = std::make_unique<Study>(folder);
    const std::string name = study->definition().name;
    if (!studies.emplace(name, std::move(study)).second) {
      throw Error(ErrorCode::invalid_argument, "two listening tests are both called '" + name + "'");
    }
  }
  return studies;
}

RenderPool::Options pool_options(const RendererOptions& renderer) {
  RenderPool::Options options;
  options.renderer = renderer;
  return options;
}

}  // namespace

std::shared_ptr<void> Backlog::take(std::size_t bytes) {
  if (bytes_->fetch_add(bytes) + bytes > most_bytes) {
    bytes_->fetch_sub(bytes);
    throw Refusal{503, "busy", "too much audio is on its way to slow clients"};
  }
  return {nullptr, [counter = bytes_, bytes](void*) { counter->fetch_sub(bytes); }};
}

App::App(const ServerOptions& wanted)
    : options(wanted),
      gate{wanted.open_to_all, wanted.token},
      effects(wanted.library),
      clips(wanted.folder / "audio", demo_recordings()),
      live(clips, pool_options(wanted.renderer)),
      maps(wanted.folder / "maps", wanted.maps),
      studies(opened(wanted.studies)),
      runs(wanted.runs),
      experts(wanted.folder / "expert"),
      jobs(wanted.folder / "jobs") {
  // A map that came from elsewhere brings its own recording.
  for (const std::string& id : maps.without_audio()) {
    const auto folder = maps.folder(id);
    if (!std::filesystem::exists(folder / "clip.wav")) continue;  // imported without: it is heard on any other
    maps.set_audio(id, clips.add(folder / "clip.wav", folder.filename().string()).id);
  }
}

Admission App::admit(Request& request) {
  Admission admission;
  Response refusal;
  const Route* route = route_of(request, refusal);
  const Access access = route == nullptr ? Access::page : route->access;
  if (request.parameter("token") && request.method == Method::get) {
    std::string path = "/";
    for (const std::string& segment : request.path) path += (path.size() > 1 ? "/" : "") + segment;
    admission.refusal = gate.welcome(request, path);
    if (admission.refusal) return admission;
  }
  admission.refusal = gate.refuse(request, access, changes(request.method));
  if (admission.refusal) return admission;
  if (route == nullptr) {
    admission.refusal = std::move(refusal);
    return admission;
  }
  admission.work = route->work;
  admission.body_limit = route->body_limit;
  admission.to_file = route->to_file;
  if (route->handle == render_clip) request.ticket = live.take_ticket(request.header("x-client").substr(0, 64));
  return admission;
}

Response App::handle(const Request& request) {
  try {
    Request routed = request;
    Response refusal;
    const Route* route = route_of(routed, refusal);
    Response response = route == nullptr ? std::move(refusal) : route->handle(*this, routed);
    response.with("Content-Security-Policy", page_policy).with("Referrer-Policy", "no-referrer");
    return response;
  } catch (const Refusal& refusal) {
    Response response = error_response(refusal.status, refusal.code, refusal.message);
    if (refusal.status == 503) response.with("Retry-After", "1");
    return response;
  } catch (const Error& error) {
    return error_response(error);
  } catch (const std::bad_alloc&) {
    return error_response(503, "busy", "there is not enough memory for this now");
  } catch (const std::exception& error) {
    return error_response(500, to_string(ErrorCode::internal), error.what());
  }
}

}  // namespace soundalike::serve
