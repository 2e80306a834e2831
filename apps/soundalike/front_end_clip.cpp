#include "front_end_clip.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "numbers.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/resample.hpp"

namespace soundalike::cli {

AudioBuffer read_clip(const std::string& path, double start, const FrontEndOptions& front_end) {
  AudioFileReader reader(path);
  const AudioFileInfo info = reader.info();
  const auto first = static_cast<std::size_t>(std::llround(start * info.sample_rate.hz));
  if (first >= info.frames) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot look at '{}' from {:.6g} s on: it is {} long", path, start,
                            duration_text(static_cast<double>(info.frames) / info.sample_rate.hz)));
  }
  reader.seek(first);
  const double seconds = static_cast<double>(front_end.samples) / front_end.sample_rate.hz;
  const AudioBuffer part = to_mono(reader.read(static_cast<std::size_t>(std::ceil(seconds * info.sample_rate.hz))));
  const AudioBuffer at_rate =
      part.sample_rate() == front_end.sample_rate ? part : resample(part, front_end.sample_rate);
  AudioBuffer clip(1, front_end.samples, front_end.sample_rate);
  std::ranges::copy(AudioView(at_rate).excerpt(0, front_end.samples).channel(0), clip.channel(0).begin());
  return clip;
}

}  // namespace soundalike::cli
