#include "effect/vst3_stream.hpp"

#include <algorithm>
#include <cstring>

namespace soundalike::vst3 {
namespace {

// No state of an effect is as large; a plugin that asks for more has lost its way.
constexpr std::size_t most_bytes = std::size_t{1} << 30;

}  // namespace

Steinberg::tresult PLUGIN_API Stream::read(void* buffer, Steinberg::int32 count, Steinberg::int32* done) {
  if (done) *done = 0;
  if (count < 0 || (count > 0 && !buffer)) return Steinberg::kInvalidArgument;
  const std::size_t left = bytes_.size() - std::min(position_, bytes_.size());
  const std::size_t size = std::min(left, static_cast<std::size_t>(count));
  if (size > 0) std::memcpy(buffer, bytes_.data() + position_, size);
  position_ += size;
  if (done) *done = static_cast<Steinberg::int32>(size);
  return Steinberg::kResultOk;
}

Steinberg::tresult PLUGIN_API Stream::write(void* buffer, Steinberg::int32 count, Steinberg::int32* done) {
  if (done) *done = 0;
  if (count < 0 || (count > 0 && !buffer)) return Steinberg::kInvalidArgument;
  const std::size_t end = position_ + static_cast<std::size_t>(count);
  if (end > most_bytes) return Steinberg::kOutOfMemory;
  if (end > bytes_.size()) bytes_.resize(end);
  if (count > 0) std::memcpy(bytes_.data() + position_, buffer, static_cast<std::size_t>(count));
  position_ = end;
  if (done) *done = count;
  return Steinberg::kResultOk;
}

Steinberg::tresult PLUGIN_API Stream::seek(Steinberg::int64 offset, Steinberg::int32 mode, Steinberg::int64* to) {
  Steinberg::int64 base = 0;
  if (mode == kIBSeekCur) base = static_cast<Steinberg::int64>(position_);
  if (mode == kIBSeekEnd) base = static_cast<Steinberg::int64>(bytes_.size());
  const Steinberg::int64 wanted = base + offset;
  if (wanted < 0 || wanted > static_cast<Steinberg::int64>(most_bytes)) return Steinberg::kInvalidArgument;
  position_ = static_cast<std::size_t>(wanted);
  if (to) *to = wanted;
  return Steinberg::kResultOk;
}

Steinberg::tresult PLUGIN_API Stream::tell(Steinberg::int64* position) {
  if (!position) return Steinberg::kInvalidArgument;
  *position = static_cast<Steinberg::int64>(position_);
  return Steinberg::kResultOk;
}

Steinberg::tresult PLUGIN_API Stream::getStreamSize(Steinberg::int64& size) {
  size = static_cast<Steinberg::int64>(bytes_.size());
  return Steinberg::kResultOk;
}

Steinberg::tresult PLUGIN_API Stream::setStreamSize(Steinberg::int64 size) {
  if (size < 0 || size > static_cast<Steinberg::int64>(most_bytes)) return Steinberg::kInvalidArgument;
  bytes_.resize(static_cast<std::size_t>(size));
  return Steinberg::kResultOk;
}

}  // namespace soundalike::vst3
