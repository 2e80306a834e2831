#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "soundalike/event_file.hpp"
#include "track/message.hpp"

namespace soundalike::track {

// Messages as in tensorboard/compat/proto/summary.proto, of the kinds that every reader knows.

/// Summary.Image. @throws Error invalid_argument for bytes that are no PNG.
Message image_message(std::string_view png);
/// Summary.Audio with a 16-bit WAV in it.
Message audio_message(AudioView audio);
/// HistogramProto.
Message histogram_message(std::span<const float> values, std::size_t buckets);
/// Summary.Value of the hyper-parameter plug-in: SessionStartInfo, SessionEndInfo.
Message session_start_value(const std::map<std::string, EventFile::Hyperparameter>& values, std::string_view group,
                            double seconds);
Message session_end_value(bool success, double seconds);

}  // namespace soundalike::track
