#include "serve/render_pool.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "soundalike/error.hpp"

namespace soundalike::serve {
namespace {

std::string key_of(const std::vector<EffectListing>& chain, const RenderSetup& setup) {
  std::string key = fmt::format("{}/{}/{}", setup.sample_rate.hz, setup.channels, setup.block_size);
  for (const EffectListing& listing : chain) key += "\n" + listing.info.id;
  return key;
}

}  // namespace

RenderPool::RenderPool(const Options& options) : options_(options) { options_.renderer.workers = 1; }

std::size_t RenderPool::Warm::bytes() const {
  std::size_t sum = output_bytes;
  for (const Held& held : clips) sum += held.bytes;
  return sum;
}

RenderPool::Lease RenderPool::lease(const std::vector<EffectListing>& chain, const RenderSetup& setup) {
  const std::string key = key_of(chain, setup);
  std::list<std::unique_ptr<Warm>> dismissed;  // let go outside of the lock
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto fitting = std::ranges::find_if(idle_, [&](const auto& warm) { return warm->key == key; });
    if (fitting != idle_.end()) {
      Lease lease(*this, std::move(*fitting));
      idle_.erase(fitting);
      ++busy_;
      return lease;
    }
    if (busy_ + idle_.size() < options_.renderers) break;
    if (!idle_.empty()) {
      dismissed.splice(dismissed.begin(), idle_, std::prev(idle_.end()));
      break;
    }
    freed_.wait(lock);
  }
  ++busy_;
  lock.unlock();
  dismissed.clear();
  try {
    return {*this, std::make_unique<Warm>(Warm{key, BatchRenderer(chain, setup, options_.renderer)})};
  } catch (...) {
    lock.lock();
    --busy_;
    freed_.notify_one();
    throw;
  }
}

RenderPool::Lease::~Lease() {
  if (warm_) pool_->give_back(std::move(warm_));
}

RenderResult RenderPool::Lease::render(const std::string& key, const std::function<AudioBuffer()>& audio,
                                       std::span<const float> settings) {
  auto& clips = warm_->clips;
  const auto known = std::ranges::find(clips, key, &Warm::Held::key);
  if (known != clips.end()) {
    clips.splice(clips.begin(), clips, known);
  } else {
    const AudioBuffer samples = audio();
    const std::size_t bytes = samples.samples().size() * sizeof(float);
    clips.push_front({key, warm_->renderer.add_clip(samples), bytes});
    warm_->output_bytes = std::max(warm_->output_bytes, bytes);
    if (clips.size() > pool_->options_.clips) {
      warm_->renderer.remove_clip(clips.back().id);
      clips.pop_back();
    }
  }
  const BatchRenderer::Job job{clips.front().id, settings};
  return std::move(warm_->renderer.render(std::span(&job, 1)).front());
}

void RenderPool::give_back(std::unique_ptr<Warm> warm) {
  std::list<std::unique_ptr<Warm>> dismissed;
  const std::scoped_lock lock(mutex_);
  --busy_;
  idle_.push_front(std::move(warm));
  std::size_t bytes = 0;
  for (auto it = idle_.begin(); it != idle_.end();) {
    bytes += (*it)->bytes();
    const auto next = std::next(it);
    if (bytes > options_.shared_bytes) dismissed.splice(dismissed.end(), idle_, it);
    it = next;
  }
  freed_.notify_one();
}

std::size_t RenderPool::size() const {
  const std::scoped_lock lock(mutex_);
  return busy_ + idle_.size();
}

}  // namespace soundalike::serve
