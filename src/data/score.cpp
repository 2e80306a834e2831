#include "data/score.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace soundalike {
namespace {

constexpr int modes[][7] = {
    {0, 2, 4, 5, 7, 9, 11}, {0, 2, 3, 5, 7, 8, 10}, {0, 2, 3, 5, 7, 9, 10}, {0, 2, 4, 5, 7, 9, 10}};
// Degrees of the scale.
constexpr int progressions[][4] = {{0, 4, 5, 3}, {0, 5, 3, 4}, {0, 3, 4, 0}, {5, 3, 0, 4},
                                   {0, 2, 3, 4}, {0, 6, 5, 4}, {1, 4, 0, 5}};

template <class T, std::size_t n>
const T& one_of(const T (&choices)[n], Rng& rng) {
  return choices[rng.below(n)];
}

class Composer {
 public:
  Composer(double seconds, Rng& rng) : rng_(rng) {
    score_.seconds = seconds;
    beat_ = 60.0 / rng.uniform(66.0, 164.0);
    beats_per_bar_ = rng.uniform() < 0.8 ? 4 : 3;
    root_ = 33 + static_cast<int>(rng.below(12));
    mode_ = one_of(modes, rng);
    swing_ = rng.uniform() < 0.3 ? rng.uniform(0.05, 0.17) : 0.0;
  }

  Score compose() {
    cast();
    const int* progression = one_of(progressions, rng_);
    const double bar = beat_ * beats_per_bar_;
    const bool two_bars = rng_.uniform() < 0.3;
    pattern();
    for (int i = 0; i * bar < score_.seconds; ++i) {
      const int degree = progression[(two_bars ? i / 2 : i) % 4];
      const double at = i * bar;
      if (plays_[0]) drums(at, i % 4 == 3);
      if (plays_[1]) bass(at, degree);
      if (plays_[2]) chords(at, degree);
      if (plays_[3]) melody(at, degree);
      if (plays_[4]) pad(at, degree);
    }
    std::erase_if(score_.notes, [&](const Note& note) { return note.start >= score_.seconds; });
    std::ranges::stable_sort(score_.notes, {}, &Note::start);
    return std::move(score_);
  }

 private:
  // A quarter of the pieces are one player alone.
  void cast() {
    constexpr int basses[] = {32, 33, 34, 35, 36, 38, 39}, comping[] = {0, 1, 4, 5, 7, 11, 16, 24, 25, 26, 27},
                  leads[] = {0, 11, 22, 24, 27, 40, 42, 56, 60, 65, 66, 68, 71, 73, 80, 81},
                  pads[] = {48, 49, 50, 52, 88, 89, 90, 91, 94, 95}, kits[] = {0, 8, 16, 24, 25, 32, 40};
    score_.programs = {one_of(kits, rng_), one_of(basses, rng_), one_of(comping, rng_), one_of(leads, rng_),
                       one_of(pads, rng_)};
    if (rng_.uniform() < 0.25) {
      plays_[rng_.below(role_count)] = true;
      return;
    }
    constexpr double chance[] = {0.75, 0.8, 0.75, 0.65, 0.4};
    for (std::size_t i = 0; i < role_count; ++i) plays_[i] = rng_.uniform() < chance[i];
    if (std::ranges::none_of(plays_, [](bool play) { return play; })) plays_[2] = true;
  }

  // What repeats from bar to bar, in eighths.
  void pattern() {
    const std::size_t steps = 2 * static_cast<std::size_t>(beats_per_bar_);
    for (std::size_t i = 0; i < steps; ++i) {
      kicks_.push_back(i == 0 || rng_.uniform() < (i % 2 == 0 ? 0.35 : 0.2));
      strums_.push_back(i == 0 || rng_.uniform() < 0.35);
      basses_.push_back(i == 0 || rng_.uniform() < (i % 2 == 0 ? 0.6 : 0.25));
    }
    arpeggio_ = rng_.uniform() < 0.35;
    hat_sixteenths_ = rng_.uniform() < 0.25;
    density_ = rng_.uniform(0.25, 0.75);
  }

  int pitch(int degree, int octave) const {
    const int wrapped = ((degree % 7) + 7) % 7;
    return root_ + mode_[wrapped] + 12 * (octave + (degree - wrapped) / 7);
  }

  void add(double at, double length, int note, double velocity, Role role) {
    const double eighth = at / (beat_ / 2.0);
    const bool off_beat = static_cast<long>(eighth + 0.01) % 2 == 1;
    const double start = at + (off_beat ? swing_ * beat_ : 0.0) + std::abs(rng_.normal()) * 0.004;
    score_.notes.push_back({start, length, note, std::clamp(velocity + 0.06 * rng_.normal(), 0.15, 1.0), role});
  }

  void drums(double at, bool fill) {
    const double eighth = beat_ / 2.0;
    for (std::size_t i = 0; i < kicks_.size(); ++i) {
      const double t = at + static_cast<double>(i) * eighth;
      if (kicks_[i]) add(t, 0.1, drum::kick, 0.9, Role::drums);
      const bool back = beats_per_bar_ == 4 ? i % 4 == 2 : i == 4;
      if (back) add(t, 0.1, rng_.uniform() < 0.15 ? drum::clap : drum::snare, 0.8, Role::drums);
      if (fill && i + 3 > kicks_.size()) {
        add(t, 0.1, rng_.below(2) == 0 ? drum::high_tom : drum::low_tom, 0.7, Role::drums);
      }
      add(t, 0.05, i + 1 == kicks_.size() ? drum::open_hat : drum::closed_hat, i % 2 == 0 ? 0.55 : 0.4, Role::drums);
      if (hat_sixteenths_) add(t + eighth / 2.0, 0.05, drum::closed_hat, 0.3, Role::drums);
    }
  }

  void bass(double at, int degree) {
    for (std::size_t i = 0; i < basses_.size(); ++i) {
      if (!basses_[i]) continue;
      const int step = i == 0 || rng_.uniform() < 0.6 ? 0 : (rng_.below(2) == 0 ? 4 : 7);
      add(at + static_cast<double>(i) * beat_ / 2.0, beat_ * rng_.uniform(0.35, 0.95), pitch(degree + step, 0), 0.8,
          Role::bass);
    }
  }

  void chords(double at, int degree) {
    const int notes[] = {pitch(degree, 2), pitch(degree + 2, 2), pitch(degree + 4, 2), pitch(degree + 7, 2)};
    for (std::size_t i = 0; i < strums_.size(); ++i) {
      const double t = at + static_cast<double>(i) * beat_ / 2.0;
      if (arpeggio_) {
        add(t, beat_ * 0.9, notes[i % 4], 0.6, Role::chords);
      } else if (strums_[i]) {
        const double spread = rng_.uniform(0.0, 0.02);
        for (int k = 0; k < 4; ++k) add(t + spread * k, beat_ * 0.9, notes[k], 0.55, Role::chords);
      }
    }
  }

  void melody(double at, int degree) {
    const double eighth = beat_ / 2.0;
    for (int i = 0; i < 2 * beats_per_bar_; ++i) {
      if (rng_.uniform() > density_) continue;
      line_ += static_cast<int>(rng_.below(5)) - 2;
      if (i == 0) line_ = degree + 2 * static_cast<int>(rng_.below(3));
      line_ = std::clamp(line_, -3, 11);
      add(at + i * eighth, eighth * rng_.uniform(0.6, 2.4), pitch(line_, 3), 0.7, Role::melody);
    }
  }

  void pad(double at, int degree) {
    for (const int step : {0, 2, 4}) {
      add(at, beat_ * beats_per_bar_ * 1.02, pitch(degree + step, 2), 0.45, Role::pad);
    }
  }

  Rng& rng_;
  Score score_;
  std::array<bool, role_count> plays_{};
  double beat_ = 0.5, swing_ = 0.0, density_ = 0.5;
  int beats_per_bar_ = 4, root_ = 40, line_ = 0;
  const int* mode_ = nullptr;
  std::vector<bool> kicks_, strums_, basses_;
  bool arpeggio_ = false, hat_sixteenths_ = false;
};

}  // namespace

Score compose(double seconds, Rng& rng) { return Composer(seconds, rng).compose(); }

}  // namespace soundalike
