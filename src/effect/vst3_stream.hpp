#pragma once

#include <cstddef>
#include <string>

#include "effect/vst3_object.hpp"

namespace soundalike::vst3 {

/// Bytes in memory that a plugin writes its state to or reads it from.
class Stream : public Object<Steinberg::IBStream, Steinberg::ISizeableStream> {
 public:
  explicit Stream(std::string bytes = {}) : bytes_(std::move(bytes)) {}
  const std::string& bytes() const { return bytes_; }
  void rewind() { position_ = 0; }

  Steinberg::tresult PLUGIN_API read(void* buffer, Steinberg::int32 count, Steinberg::int32* done) override;
  Steinberg::tresult PLUGIN_API write(void* buffer, Steinberg::int32 count, Steinberg::int32* done) override;
  Steinberg::tresult PLUGIN_API seek(Steinberg::int64 offset, Steinberg::int32 mode, Steinberg::int64* to) override;
  Steinberg::tresult PLUGIN_API tell(Steinberg::int64* position) override;
  Steinberg::tresult PLUGIN_API getStreamSize(Steinberg::int64& size) override;
  Steinberg::tresult PLUGIN_API setStreamSize(Steinberg::int64 size) override;

 private:
  std::string bytes_;
  std::size_t position_ = 0;
};

}  // namespace soundalike::vst3
