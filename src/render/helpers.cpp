#include "render/helpers.hpp"

#include <utility>

namespace soundalike::farm {

Helpers::~Helpers() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Helpers::begin(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  work_ = std::move(work);
}

void Helpers::call() {
  const std::lock_guard lock(mutex_);
  if (!work_ || busy_ >= most_) return;
  ++busy_;
  ++wanted_;
  if (threads_.size() < busy_) threads_.emplace_back([this] { run(); });
  changed_.notify_all();
}

void Helpers::end() {
  std::unique_lock lock(mutex_);
  busy_ -= wanted_;
  wanted_ = 0;
  changed_.wait(lock, [this] { return busy_ == 0; });
  work_ = nullptr;
}

void Helpers::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stop_ || wanted_ > 0; });
    if (stop_) return;
    --wanted_;
    lock.unlock();
    work_();
    lock.lock();
    --busy_;
    changed_.notify_all();
  }
}

}  // namespace soundalike::farm
