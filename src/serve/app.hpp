#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "serve/clip_store.hpp"
#include "serve/effect_shelf.hpp"
#include "serve/expert_store.hpp"
#include "serve/gate.hpp"
#include "serve/http_server.hpp"
#include "serve/job_board.hpp"
#include "serve/json_input.hpp"
#include "serve/live_render.hpp"
#include "serve/map_store.hpp"
#include "serve/run_library.hpp"
#include "soundalike/server.hpp"
#include "soundalike/study.hpp"

namespace soundalike::serve {

/// Bytes of answers that wait to be sent, so that slow clients cannot fill the memory.
class Backlog {
 public:
  static constexpr std::size_t most_bytes = 96 << 20;
  /// Counted as long as the result is held. @throws Refusal 503 when there are too many.
  std::shared_ptr<void> take(std::size_t bytes);

 private:
  std::shared_ptr<std::atomic<std::size_t>> bytes_ = std::make_shared<std::atomic<std::size_t>>(0);
};

/// All that routes work with. Its parts are safe from many threads.
class App : public HttpHandler {
 public:
  explicit App(const ServerOptions& options);

  Admission admit(Request& request) override;
  Response handle(const Request& request) override;

  const ServerOptions options;
  const Gate gate;
  const EffectShelf effects;
  ClipStore clips;
  LiveRender live;
  Backlog backlog;
  MapStore maps;
  std::map<std::string, std::unique_ptr<Study>, std::less<>> studies;
  RunLibrary runs;
  ExpertStore experts;
  JobBoard jobs;  // last: its jobs use the rest
};

// Handlers; what they take and give stands in docs/http-api.md.
Response show_page(App& app, const Request& request);
Response show_about(App& app, const Request& request);
Response list_effects(App& app, const Request& request);
Response describe_effect(App& app, const Request& request);
Response write_texts(App& app, const Request& request);
Response upload_clip(App& app, const Request& request);
Response list_clips(App& app, const Request& request);
Response send_clip(App& app, const Request& request);
Response describe_clip(App& app, const Request& request);
Response draw_clip(App& app, const Request& request);
Response remove_clip(App& app, const Request& request);
/// What "projection", "x" and "y" of a request point at.
Located locate_on(const LatentMap& map, const Fields& fields);
Response render_clip(App& app, const Request& request);
Response export_settings(App& app, const Request& request);
Response start_match(App& app, const Request& request);
Response start_map(App& app, const Request& request);
Response list_maps(App& app, const Request& request);
Response describe_map(App& app, const Request& request);
Response remove_map(App& app, const Request& request);
Response send_projection(App& app, const Request& request);
Response send_column(App& app, const Request& request);
Response send_map_settings(App& app, const Request& request);
Response locate(App& app, const Request& request);
Response place(App& app, const Request& request);
Response label_map(App& app, const Request& request);
Response keep_with_map(App& app, const Request& request);
Response list_studies(App& app, const Request& request);
Response report_study(App& app, const Request& request);
Response describe_study(App& app, const Request& request);
Response begin_session(App& app, const Request& request);
Response show_session(App& app, const Request& request);
Response take_events(App& app, const Request& request);
Response send_stimulus(App& app, const Request& request);
Response take_session_away(App& app, const Request& request);
Response erase_session(App& app, const Request& request);
Response send_results(App& app, const Request& request);
Response list_runs(App& app, const Request& request);
Response describe_run(App& app, const Request& request);
Response send_scalars(App& app, const Request& request);
Response send_run_audio(App& app, const Request& request);
Response send_run_images(App& app, const Request& request);
Response send_histograms(App& app, const Request& request);
Response send_run_texts(App& app, const Request& request);
Response send_hyperparameters(App& app, const Request& request);
Response export_run(App& app, const Request& request);
Response watch_runs(App& app, const Request& request);
Response begin_expert(App& app, const Request& request);
Response show_expert(App& app, const Request& request);
Response take_expert_events(App& app, const Request& request);
Response send_expert_stimulus(App& app, const Request& request);
Response export_expert(App& app, const Request& request);
Response list_jobs(App& app, const Request& request);
Response describe_job(App& app, const Request& request);
Response watch_job(App& app, const Request& request);
Response remove_job(App& app, const Request& request);

}  // namespace soundalike::serve
