#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "soundalike/encoder.hpp"
#include "soundalike/error.hpp"
#include "soundalike/resample.hpp"
#include "soundalike/style_distance.hpp"

namespace soundalike {
namespace {

constexpr double shortest_seconds = 0.05;
// Resampling leaves nothing above 0.91 of the lower Nyquist frequency.
constexpr double carried_share = 0.45;

// The numbers of a choice, each to be asked for by name.
class ChoiceReader {
 public:
  explicit ChoiceReader(const FrontEndChoice& choice) : choice_(choice) {}

  double number(const char* name, double low, double high) {
    known_.insert(name);
    const auto found = choice_.options.find(name);
    if (found == choice_.options.end()) fail(fmt::format("no '{}'", name));
    if (!(found->second >= low && found->second <= high)) {
      fail(fmt::format("'{}' is {:g}, expected {:g} to {:g}", name, found->second, low, high));
    }
    return found->second;
  }
  std::size_t size(const char* name, double high) {
    const double value = number(name, 0.0, high);
    if (value != std::floor(value)) fail(fmt::format("'{}' is {:g}, expected a whole number", name, value));
    return static_cast<std::size_t>(value);
  }
  void check() const {
    for (const auto& [key, value] : choice_.options) {
      if (!known_.contains(key)) fail(fmt::format("unknown '{}'", key));
    }
  }
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot use front end '{}': {}", choice_.kind, what));
  }

 private:
  const FrontEndChoice& choice_;
  std::set<std::string> known_;
};

bool is_style(std::string_view kind) {
  return std::ranges::any_of(style_distances(), [&](const auto& row) { return row.name == kind; });
}

}  // namespace

FrontEndOptions to_options(const FrontEndChoice& choice) {
  ChoiceReader reader(choice);
  FrontEndOptions options;
  options.kind = parse_front_end_kind(choice.kind);
  options.sample_rate.hz = reader.number("sample_rate", 4000.0, 384000.0);
  options.samples = reader.size("samples", 1 << 22);
  options.stft.fft_size = reader.size("fft_size", 1 << 16);
  options.stft.window_size = reader.size("window_size", 1 << 16);
  options.stft.hop = reader.size("hop", 1 << 16);
  options.exponent = reader.number("exponent", 0.0, 2.0);
  if (options.kind == FrontEndKind::mel) {
    options.bands = reader.size("bands", 4096);
    options.low_hz = reader.number("low_hz", 0.0, 384000.0);
    options.high_hz = reader.number("high_hz", 0.0, 384000.0);
  }
  reader.check();
  return options;
}

FrontEndChoice to_choice(const FrontEndOptions& options) {
  FrontEndChoice choice{std::string(to_string(options.kind)),
                        {{"sample_rate", options.sample_rate.hz},
                         {"samples", static_cast<double>(options.samples)},
                         {"fft_size", static_cast<double>(options.stft.fft_size)},
                         {"window_size", static_cast<double>(options.stft.window_size)},
                         {"hop", static_cast<double>(options.stft.hop)},
                         {"exponent", options.exponent}}};
  if (options.kind == FrontEndKind::mel) {
    choice.options["bands"] = static_cast<double>(options.bands);
    choice.options["low_hz"] = options.low_hz;
    choice.options["high_hz"] = options.high_hz;
  }
  return choice;
}

FrontEndChoice style_front_end(std::string_view distance, SampleRate rate) {
  return {std::string(distance), {{"sample_rate", rate.hz}}};
}

struct EncoderInput::State {
  FrontEndChoice choice;
  SampleRate rate;
  std::vector<std::size_t> shape;
  std::optional<FrontEnd> spectrogram;
  std::unique_ptr<StyleDistance> style;
  mutable std::mutex mutex;
  mutable std::map<double, std::unique_ptr<const StyleDistance>> narrow_by_rate;  // of recordings below `rate`

  std::vector<float> look(AudioView audio, SampleRate original) const {
    if (spectrogram) return spectrogram->image(audio).values;
    if (original.hz >= rate.hz) return style->describe(audio);
    const StyleDistance& narrow = narrow_style(original);
    return widened(narrow.describe(audio), narrow.feature_names());
  }

  // Kept, as making one takes longer than describing a recording by it.
  const StyleDistance& narrow_style(SampleRate original) const {
    const std::lock_guard lock(mutex);
    auto& narrow = narrow_by_rate[original.hz];
    if (!narrow) narrow = make_style_distance(choice.kind, {rate, carried_share * original.hz, 1});
    return *narrow;
  }

  // Features that a narrow view leaves out are 0, the average.
  std::vector<float> widened(std::vector<float> values, const std::vector<std::string>& names) const {
    const auto& all = style->feature_names();
    if (names.size() == all.size()) return values;
    std::vector<float> out(all.size());
    std::size_t next = 0;
    for (std::size_t i = 0; i < all.size() && next < names.size(); ++i) {
      if (all[i] == names[next]) out[i] = values[next++];
    }
    return out;
  }
};

EncoderInput::EncoderInput(const FrontEndChoice& choice) : state_(std::make_unique<State>()) {
  state_->choice = choice;
  if (is_style(choice.kind)) {
    ChoiceReader reader(choice);
    state_->rate.hz = reader.number("sample_rate", 4000.0, 384000.0);
    reader.check();
    state_->style = make_style_distance(choice.kind, {state_->rate, 0.0, 1});
    state_->shape = {state_->style->feature_names().size()};
    return;
  }
  if (choice.kind != "linear" && choice.kind != "mel") {
    std::string known = "linear, mel";
    for (const auto& row : style_distances()) known += fmt::format(", {}", row.name);
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot use front end '{}': no such one; known are {}", choice.kind, known));
  }
  state_->spectrogram.emplace(to_options(choice));
  state_->rate = state_->spectrogram->options().sample_rate;
  state_->shape = {1, state_->spectrogram->frames(), state_->spectrogram->bins()};
}
EncoderInput::~EncoderInput() = default;
EncoderInput::EncoderInput(EncoderInput&&) noexcept = default;
EncoderInput& EncoderInput::operator=(EncoderInput&&) noexcept = default;

const std::vector<std::size_t>& EncoderInput::shape() const { return state_->shape; }

namespace {

AudioBuffer prepared(AudioView recording, SampleRate rate) {
  if (recording.seconds() < shortest_seconds) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot encode a recording of {:.0f} ms: at least {:.0f} ms are needed",
                            recording.seconds() * 1000.0, shortest_seconds * 1000.0));
  }
  const AudioBuffer mono = to_mono(recording);
  return recording.sample_rate() == rate ? mono : resample(mono, rate);
}

}  // namespace

std::vector<float> EncoderInput::of(AudioView recording) const {
  return state_->look(prepared(recording, state_->rate), recording.sample_rate());
}

std::vector<std::vector<float>> EncoderInput::windows_of(AudioView recording) const {
  const AudioBuffer audio = prepared(recording, state_->rate);
  const SampleRate original = recording.sample_rate();
  if (!state_->spectrogram) return {state_->look(audio, original)};
  const std::size_t length = state_->spectrogram->options().samples;
  const std::size_t count = std::max<std::size_t>(1, (audio.frames() + length / 2) / length);
  const std::size_t room = audio.frames() > length ? audio.frames() - length : 0;
  std::vector<std::vector<float>> windows;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t start = count > 1 ? room * i / (count - 1) : 0;
    windows.push_back(state_->look(audio.view().excerpt(start, length), original));
  }
  return windows;
}

}  // namespace soundalike
