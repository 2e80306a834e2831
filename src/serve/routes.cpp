#include "serve/app.hpp"
#include "serve/router.hpp"

namespace soundalike::serve {
namespace {

constexpr std::size_t json_bytes = 1 << 20;
constexpr std::size_t audio_bytes = 64 << 20;

using enum Method;
using enum Work;

// What each does stands in docs/http-api.md, in this order.
constexpr Route rows[] = {
    {get, "/api/about", Access::page, show_about},
    {get, "/api/effects", Access::page, list_effects},
    {get, "/api/effects/{effect}", Access::page, describe_effect},
    {post, "/api/texts", Access::page, write_texts, quick, json_bytes},

    {post, "/api/audio", Access::page, upload_clip, render, audio_bytes, true},
    {get, "/api/audio", Access::page, list_clips},
    {get, "/api/audio/{clip}", Access::page, send_clip},
    {get, "/api/audio/{clip}/info", Access::page, describe_clip},
    {get, "/api/audio/{clip}/spectrogram.png", Access::page, draw_clip, render},
    {remove, "/api/audio/{clip}", Access::page, remove_clip},

    {post, "/api/render", Access::page, render_clip, render, json_bytes},
    {post, "/api/export", Access::page, export_settings, render, json_bytes},

    {post, "/api/maps", Access::page, start_map, quick, json_bytes},
    {get, "/api/maps", Access::page, list_maps},
    {get, "/api/maps/{map}", Access::page, describe_map, render},
    {remove, "/api/maps/{map}", Access::page, remove_map},
    {get, "/api/maps/{map}/projection/{name}", Access::page, send_projection, render},
    {get, "/api/maps/{map}/column/{name}", Access::page, send_column, render},
    {get, "/api/maps/{map}/settings", Access::page, send_map_settings, render},
    {post, "/api/maps/{map}/locate", Access::page, locate, quick, json_bytes},
    {post, "/api/maps/{map}/place", Access::page, place, render, json_bytes},
    {post, "/api/maps/{map}/labels", Access::page, label_map, render, json_bytes},
    {put, "/api/maps/{map}/regions", Access::page, keep_with_map, quick, json_bytes},
    {put, "/api/maps/{map}/favourites", Access::page, keep_with_map, quick, json_bytes},

    {post, "/api/expert/{map}/sessions", Access::page, begin_expert, render, json_bytes},
    {get, "/api/expert/{map}/sessions/{session}", Access::page, show_expert},
    {post, "/api/expert/{map}/sessions/{session}/events", Access::page, take_expert_events, quick, json_bytes},
    {get, "/api/expert/{map}/sessions/{session}/stimuli/{stimulus}", Access::page, send_expert_stimulus, render},
    {get, "/api/expert/{map}/export/{table}", Access::page, export_expert, render},

    {get, "/api/runs", Access::page, list_runs, render},
    {get, "/api/runs/events", Access::page, watch_runs},
    {get, "/api/runs/{run}", Access::page, describe_run, render},
    {get, "/api/runs/{run}/scalars", Access::page, send_scalars, render},
    {get, "/api/runs/{run}/audio", Access::page, send_run_audio, render},
    {get, "/api/runs/{run}/images", Access::page, send_run_images, render},
    {get, "/api/runs/{run}/histograms", Access::page, send_histograms, render},
    {get, "/api/runs/{run}/texts", Access::page, send_run_texts, render},
    {get, "/api/runs/{run}/hparams", Access::page, send_hyperparameters, render},
    {get, "/api/runs/{run}/export.csv", Access::page, export_run, render},

    {get, "/api/study", Access::experimenter, list_studies},
    {get, "/api/study/{study}/report", Access::experimenter, report_study, render},
    {get, "/api/study/{study}", Access::participant, describe_study},
    {get, "/api/study/{study}/results/{table}", Access::experimenter, send_results, render},
    {post, "/api/study/{study}/sessions", Access::participant, begin_session, quick, json_bytes},
    {get, "/api/study/{study}/sessions/{session}", Access::participant, show_session},
    {remove, "/api/study/{study}/sessions/{session}", Access::participant, erase_session},
    {post, "/api/study/{study}/sessions/{session}/events", Access::participant, take_events, quick, json_bytes},
    {get, "/api/study/{study}/sessions/{session}/stimuli/{stimulus}", Access::participant, send_stimulus},
    {get, "/api/study/{study}/sessions/{session}/export", Access::participant, take_session_away},

    {post, "/api/match", Access::page, start_match, quick, json_bytes},
    {get, "/api/jobs", Access::page, list_jobs},
    {get, "/api/jobs/{job}", Access::page, describe_job},
    {get, "/api/jobs/{job}/events", Access::page, watch_job},
    {remove, "/api/jobs/{job}", Access::page, remove_job},
};

}  // namespace

std::span<const Route> routes() { return rows; }

}  // namespace soundalike::serve
