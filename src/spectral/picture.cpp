#include "soundalike/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "spectral/canvas.hpp"
#include "spectral/lettering.hpp"
#include "spectral/level_image.hpp"
#include "spectral/ticks.hpp"
#include "spectral/viridis.hpp"

namespace soundalike {
namespace {

constexpr int width = 1200;
constexpr int left = 76;
constexpr int right = 104;
constexpr int top = 14;
constexpr int bottom = 56;
constexpr int title_height = 32;
constexpr int row_gap = 16;
constexpr int panel_width = width - left - right;
constexpr int bar_width = 16;
constexpr double lowest_hz = 40.0;
constexpr float range_db = 80.0f;
constexpr float silence_db = -140.0f;

constexpr Color paper{255, 255, 255};
constexpr Color ink{32, 36, 44};
constexpr Color pale_ink{112, 118, 130};
constexpr Color nothing{238, 239, 242};  // where a recording has ended

constexpr Lettering title_text{12.0f, 1.9f, ink};
constexpr Lettering plain_text{9.5f, 1.25f, ink};
constexpr Lettering pale_text{9.5f, 1.25f, pale_ink};

int panel_height(std::size_t rows) { return rows == 1 ? 360 : rows == 2 ? 260 : rows == 3 ? 220 : 170; }

void draw_centered(Canvas& canvas, const Lettering& text, double x, float baseline, const std::string& what) {
  text.draw(canvas, static_cast<float>(x) - 0.5f * text.width(what), baseline, what);
}

void draw_before(Canvas& canvas, const Lettering& text, int x, float baseline, const std::string& what) {
  text.draw(canvas, static_cast<float>(x) - text.width(what), baseline, what);
}

void draw_frame(Canvas& canvas, int x, int y, int w, int h) {
  canvas.fill(x - 1, y - 1, w + 2, 1, pale_ink);
  canvas.fill(x - 1, y + h, w + 2, 1, pale_ink);
  canvas.fill(x - 1, y, 1, h, pale_ink);
  canvas.fill(x + w, y, 1, h, pale_ink);
}

std::string facts(AudioView audio) {
  const double seconds = audio.seconds();
  const std::string length = seconds < 0.1 ? fmt::format("{:.1f} ms", 1000.0 * seconds)
                             : seconds < 120.0
                                 ? fmt::format("{:.2f} s", seconds)
                                 : fmt::format("{}:{:02} min", std::lround(seconds) / 60, std::lround(seconds) % 60);
  const std::string channels = audio.channels() == 1   ? "mono"
                               : audio.channels() == 2 ? "stereo"
                                                       : fmt::format("{} channels", audio.channels());
  return fmt::format("{}, {:g} kHz, {}", length, audio.sample_rate().hz / 1e3, channels);
}

void draw_titles(Canvas& canvas, const SpectrogramRow& row, int y) {
  const auto baseline = static_cast<float>(y - 10);
  const std::string about = facts(row.audio);
  draw_before(canvas, pale_text, left + panel_width, baseline, about);
  const float room = static_cast<float>(panel_width) - pale_text.width(about) - 24.0f;
  title_text.draw(canvas, left, baseline, title_text.shortened(row.title, room));
}

void draw_frequencies(Canvas& canvas, const LevelAxes& axes, int y) {
  std::vector<double> taken;
  for (const Tick& tick : frequency_ticks(axes.low_hz, axes.high_hz)) {
    const double at = y + static_cast<double>(axes.rows) - axes.row_of(tick.value);
    const bool clash =
        std::any_of(taken.begin(), taken.end(), [at](double other) { return std::abs(at - other) < 17.0; });
    if (clash) continue;
    taken.push_back(at);
    canvas.fill(left - 7, static_cast<int>(std::lround(at)), 6, 1, pale_ink);
    draw_before(canvas, plain_text, left - 12, static_cast<float>(std::lround(at)) + 5.0f, tick.label);
  }
  plain_text.draw(canvas, 8.0f, static_cast<float>(y) + 0.5f * static_cast<float>(axes.rows) + 5.0f, "kHz");
}

void draw_levels(Canvas& canvas, const std::vector<float>& levels, std::size_t rows, float peak_db, int y) {
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const auto column = static_cast<int>(i / rows);
    const auto row = static_cast<int>(i % rows);
    canvas.fill(left + column, y + static_cast<int>(rows) - 1 - row, 1, 1,
                viridis((levels[i] - peak_db + range_db) / range_db));
  }
}

void draw_times(Canvas& canvas, double seconds, int y) {
  for (const Tick& tick : time_ticks(seconds, 11)) {
    const double x = left + (panel_width - 1) * tick.value / seconds;
    canvas.fill(static_cast<int>(std::lround(x)), y + 1, 1, 6, pale_ink);
    draw_centered(canvas, plain_text, x + 0.5, static_cast<float>(y + 22), tick.label);
  }
  draw_centered(canvas, plain_text, left + 0.5 * panel_width, static_cast<float>(y + 44), time_unit(seconds));
}

void draw_color_bar(Canvas& canvas, float peak_db, int y, int height) {
  const int x = left + panel_width + 24;
  for (int i = 0; i < height; ++i) {
    const float share = 1.0f - (static_cast<float>(i) + 0.5f) / static_cast<float>(height);
    canvas.fill(x, y + i, bar_width, 1, viridis(share));
  }
  draw_frame(canvas, x, y, bar_width, height);
  for (const Tick& tick : level_ticks(peak_db - range_db, peak_db)) {
    const double at = y + (height - 1) * (peak_db - tick.value) / range_db;
    canvas.fill(x + bar_width + 1, static_cast<int>(std::lround(at)), 5, 1, pale_ink);
    plain_text.draw(canvas, static_cast<float>(x + bar_width + 13), static_cast<float>(std::lround(at)) + 5.0f,
                    tick.label);
  }
  plain_text.draw(canvas, static_cast<float>(x), static_cast<float>(y - 10), "dBFS");
}

void check(const std::vector<SpectrogramRow>& rows) {
  if (rows.empty()) {
    throw Error(ErrorCode::invalid_argument, "cannot draw a spectrogram picture: no recordings given");
  }
  for (const SpectrogramRow& row : rows) {
    if (row.audio.frames() > 0 && row.audio.channels() > 0 && row.audio.sample_rate().hz >= 1000.0) continue;
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot draw a spectrogram of '{}': {} channels of {} frames at {} Hz; it takes at least "
                            "one channel, one frame and 1000 Hz",
                            row.title, row.audio.channels(), row.audio.frames(), row.audio.sample_rate().hz));
  }
}

}  // namespace

void write_spectrogram_picture(const std::filesystem::path& path, const std::vector<SpectrogramRow>& rows) {
  check(rows);
  const int height = panel_height(rows.size());
  LevelAxes axes{panel_width, static_cast<std::size_t>(height), 0.0, lowest_hz, 1e9};
  for (const SpectrogramRow& row : rows) {
    axes.seconds = std::max(axes.seconds, row.audio.seconds());
    axes.high_hz = std::min(axes.high_hz, 0.5 * row.audio.sample_rate().hz);
  }
  std::vector<std::vector<float>> levels;
  float peak_db = silence_db;
  for (const SpectrogramRow& row : rows) {
    levels.push_back(level_image(row.audio, axes));
    peak_db = std::max(peak_db, *std::max_element(levels.back().begin(), levels.back().end()));
  }
  if (peak_db <= silence_db) peak_db = 0.0f;  // all silent: all dark, on the usual scale

  const int pitch = title_height + height + row_gap;
  const int first = top + title_height;
  const auto count = static_cast<int>(rows.size());
  const int last_edge = first + (count - 1) * pitch + height;
  Canvas canvas(width, last_edge + bottom, paper);
  for (int r = 0; r < count; ++r) {
    const auto i = static_cast<std::size_t>(r);
    const int y = first + r * pitch;
    draw_titles(canvas, rows[i], y);
    canvas.fill(left, y, panel_width, height, nothing);
    draw_levels(canvas, levels[i], axes.rows, peak_db, y);
    draw_frame(canvas, left, y, panel_width, height);
    draw_frequencies(canvas, axes, y);
  }
  draw_times(canvas, axes.seconds, last_edge);
  draw_color_bar(canvas, peak_db, first, height);
  write_file(path, canvas.png());
}

}  // namespace soundalike
