#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "soundalike/batch_renderer.hpp"

namespace soundalike::serve {

/// Renderers that stay warm, one worker process each, for renders that somebody waits for. A renderer serves one render
/// at a time; several of one effect work side by side. The one that was unused longest makes room for another effect.
///
///   auto lease = pool.lease({listing}, {rate, channels, block_size});  // waits while all are busy
///   RenderResult result = lease.render("clip:0:240000", [&] { return dry; }, settings);
class RenderPool {
 public:
  struct Options {
    std::size_t renderers = 6;            ///< at most, busy and idle
    std::size_t shared_bytes = 96 << 20;  ///< of clips and outputs that idle ones keep; beyond it they are let go
    std::size_t clips = 3;                ///< that one renderer keeps
    RendererOptions renderer{};
  };
  explicit RenderPool(const Options& options);

 private:
  struct Warm {
    std::string key;
    BatchRenderer renderer;
    struct Held {
      std::string key;
      BatchRenderer::ClipId id;
      std::size_t bytes;
    };
    std::list<Held> clips{};       // latest first
    std::size_t output_bytes = 0;  // the largest so far
    std::size_t bytes() const;
  };

 public:
  /// A renderer for as long as it lives.
  class Lease {
   public:
    Lease(RenderPool& pool, std::unique_ptr<Warm> warm) : pool_(&pool), warm_(std::move(warm)) {}
    ~Lease();
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    std::span<const Parameter> parameters() const { return warm_->renderer.parameters(); }
    /// @param key names the audio: equal keys, equal audio.
    /// @param audio makes it, called only when the renderer does not hold it already.
    RenderResult render(const std::string& key, const std::function<AudioBuffer()>& audio,
                        std::span<const float> settings);

   private:
    RenderPool* pool_;
    std::unique_ptr<Warm> warm_;
  };
  /// @throws Error as BatchRenderer.
  Lease lease(const std::vector<EffectListing>& chain, const RenderSetup& setup);
  /// How many renderers there are, busy and idle.
  std::size_t size() const;

 private:
  void give_back(std::unique_ptr<Warm> warm);

  Options options_;
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::list<std::unique_ptr<Warm>> idle_;  // latest first
  std::size_t busy_ = 0;
};

}  // namespace soundalike::serve
