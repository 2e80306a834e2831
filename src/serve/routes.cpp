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

    {post, "/api/match", Access::page, start_match, quick, json_bytes},
    {get, "/api/jobs", Access::page, list_jobs},
    {get, "/api/jobs/{job}", Access::page, describe_job},
    {get, "/api/jobs/{job}/events", Access::page, watch_job},
    {remove, "/api/jobs/{job}", Access::page, remove_job},
};

}  // namespace

std::span<const Route> routes() { return rows; }

}  // namespace soundalike::serve
