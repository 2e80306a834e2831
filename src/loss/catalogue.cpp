#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "loss/sample_losses.hpp"
#include "loss/stft_loss.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

std::unique_ptr<Loss> make_mel_stft(const LossOptions& options) {
  constexpr MrstftOptions::Resolution resolution{1024, 256, 1024};
  return make_stft_loss(
      "mel-stft", {.resolutions = {resolution}, .spectral_convergence = 1.0, .log_magnitude = 1.0},
      std::make_shared<MelFilterbank>(MelFilterbank::slaney(128, resolution.fft_size, options.sample_rate)));
}

constexpr std::array rows{
    LossKind{"mrstft", "multi-resolution STFT with auraloss's defaults: convergence and log magnitude",
             [](const LossOptions&) { return make_stft_loss("mrstft", MrstftOptions::auraloss()); }},
    LossKind{"mrstft-original", "multi-resolution STFT of the original: windows 32 to 32768, log and linear magnitude",
             [](const LossOptions&) { return make_stft_loss("mrstft-original", MrstftOptions::original()); }},
    LossKind{"mrstft-wide", "multi-resolution STFT on windows 128 to 8192: convergence and log magnitude",
             [](const LossOptions&) { return make_stft_loss("mrstft-wide", MrstftOptions::wide()); }},
    LossKind{"mel-stft", "STFT of 128 mel bands: convergence and log magnitude", make_mel_stft},
    LossKind{"l1", "mean absolute difference of samples", [](const LossOptions&) { return make_l1(); }},
    LossKind{"si-sdr", "negative scale-invariant signal-to-distortion ratio in dB",
             [](const LossOptions&) { return make_si_sdr(); }},
    LossKind{"esr", "error-to-signal ratio after pre-emphasis", [](const LossOptions&) { return make_esr(); }},
};

constexpr std::string_view matched = "matched-";

struct Term {
  double weight;
  std::unique_ptr<Loss> loss;
};

class WeightedSum final : public Loss {
 public:
  explicit WeightedSum(std::vector<Term> terms) : terms_(std::move(terms)) {}

  std::string name() const override {
    std::string text;
    for (const Term& term : terms_) {
      text += text.empty() ? "" : "+";
      text += term.weight == 1.0 ? term.loss->name() : fmt::format("{}*{}", term.weight, term.loss->name());
    }
    return text;
  }
  std::size_t least_frames() const override {
    std::size_t most = 1;
    for (const Term& term : terms_) most = std::max(most, term.loss->least_frames());
    return most;
  }

 protected:
  at::Tensor compare(const at::Tensor& estimate, const at::Tensor& target) const override {
    at::Tensor sum;
    for (const Term& term : terms_) {
      const at::Tensor part = (*term.loss)(estimate, target) * term.weight;
      sum = sum.defined() ? sum + part : part;
    }
    return sum;
  }

 private:
  std::vector<Term> terms_;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::unique_ptr<Loss> make_row(std::string_view name, const LossOptions& options) {
  if (name.starts_with(matched)) return make_matched(make_row(name.substr(matched.size()), options));
  const auto row = std::ranges::find(rows, name, &LossKind::name);
  if (row != rows.end()) return row->make(options);
  std::string known;
  for (const LossKind& kind : rows) known += fmt::format("{}{}", known.empty() ? "" : ", ", kind.name);
  throw Error(ErrorCode::invalid_argument,
              fmt::format("unknown loss '{}'; known: {}, each also with '{}' before it", name, known, matched));
}

LossTerm parse_term(std::string_view text) {
  const std::size_t star = text.find('*');
  if (star == std::string_view::npos) return {1.0, std::string(trimmed(text))};
  const std::string_view number = trimmed(text.substr(0, star));
  double weight = 0.0;
  const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), weight);
  if (problem != std::errc() || end != number.data() + number.size() || !(weight > 0.0) || !(weight < 1e30)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot weigh a loss by '{}' in '{}': weights are numbers above 0, as in 0.1*l1", number,
                            trimmed(text)));
  }
  return {weight, std::string(trimmed(text.substr(star + 1)))};
}

}  // namespace

std::span<const LossKind> losses() { return rows; }

std::vector<LossTerm> parse_loss(std::string_view text) {
  std::vector<LossTerm> terms;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('+', begin), text.size());
    terms.push_back(parse_term(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return terms;
}

std::unique_ptr<Loss> make_loss(std::string_view text, const LossOptions& options) {
  std::vector<Term> terms;
  for (const LossTerm& term : parse_loss(text)) terms.push_back({term.weight, make_row(term.name, options)});
  if (terms.size() == 1 && terms.front().weight == 1.0) return std::move(terms.front().loss);
  return std::make_unique<WeightedSum>(std::move(terms));
}

}  // namespace soundalike
