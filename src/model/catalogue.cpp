#include <fmt/format.h>

#include <array>

#include "model/mel_vae.hpp"
#include "model/spectrogram_vae.hpp"
#include "model/style_encoder.hpp"
#include "model/variational.hpp"
#include "model/vector_quantised.hpp"
#include "soundalike/encoder_network.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

using namespace model;

struct Row {
  std::string_view name;
  std::string_view summary;
  FrontEndChoice (*front_end)();
  std::size_t (*parameters)();
  std::unique_ptr<EncoderNetwork> (*make)(std::string_view name, FrontEndChoice front_end, std::uint64_t seed);
};

using Choice = FrontEndChoice (*)();

template <VariationalPlan (*plan)()>
constexpr Row variational(std::string_view name, std::string_view summary, Choice front_end) {
  return {name, summary, front_end, [] { return plan().parameters(); },
          [](std::string_view n, FrontEndChoice f, std::uint64_t seed) {
            return make_variational(n, std::move(f), plan(), seed);
          }};
}

template <QuantisedPlan (*plan)()>
constexpr Row quantised(std::string_view name, std::string_view summary, Choice front_end) {
  return {name, summary, front_end, [] { return plan().parameters(); },
          [](std::string_view n, FrontEndChoice f, std::uint64_t seed) {
            return make_quantised(n, std::move(f), plan(), seed);
          }};
}

constexpr std::array rows{
    Row{"style-encoder", "the style axes and what a perceptron adds, trained to hear effects and not content; 64",
        style_choice, [] { return style_plan().parameters(); },
        [](std::string_view n, FrontEndChoice f, std::uint64_t seed) {
          return make_style_encoder(n, std::move(f), style_plan(), seed);
        }},
    variational<spectrogram_vae>("spectrogram-vae", "beta-VAE on the linear spectrogram; 128 numbers",
                                 spectrogram_front_end),
    variational<spectrogram_vae_small>("spectrogram-vae-small", "the same, small enough to ship; 64 numbers",
                                       spectrogram_front_end),
    variational<mel_vae>("mel-vae", "beta-VAE on the mel spectrogram; 128 numbers", mel_choice),
    variational<mel_vae_small>("mel-vae-small", "the same, small enough to ship; 64 numbers", mel_choice),
    quantised<vq_vae>("vq-vae", "vector-quantised VAE on the mel spectrogram; 56 numbers", mel_choice),
    quantised<vq_vae_small>("vq-vae-small", "the same, half as wide; 112 numbers", mel_choice),
    variational<joint_vae>("joint-vae", "beta-VAE of the dry and the wet spectrogram together; 2048 numbers",
                           joint_front_end),
    variational<digits_vae>("digits-vae", "beta-VAE of one second at 8 kHz, for single words; 32 numbers",
                            digits_front_end),
    variational<joint_vae_small>("joint-vae-small", "the same, small enough to ship; 64 numbers", joint_front_end),
};

template <std::size_t I>
std::unique_ptr<EncoderNetwork> make_row(std::uint64_t seed) {
  return rows[I].make(rows[I].name, rows[I].front_end(), seed);
}

template <std::size_t... I>
constexpr auto kinds_of(std::index_sequence<I...>) {
  return std::array{EncoderKind{rows[I].name, rows[I].summary, rows[I].parameters, rows[I].front_end, make_row<I>}...};
}

constexpr auto kinds = kinds_of(std::make_index_sequence<rows.size()>());

}  // namespace

std::span<const EncoderKind> encoder_kinds() { return kinds; }

const EncoderKind& find_encoder(std::string_view name) {
  std::string known;
  for (const EncoderKind& kind : kinds) {
    if (kind.name == name) return kind;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", kind.name);
  }
  throw Error(ErrorCode::invalid_argument,
              fmt::format("cannot make encoder '{}': no such encoder; known are {}", name, known));
}

std::unique_ptr<EncoderNetwork> make_encoder(std::string_view name, std::uint64_t seed) {
  return find_encoder(name).make(seed);
}

}  // namespace soundalike
