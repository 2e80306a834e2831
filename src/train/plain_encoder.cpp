#include <fmt/format.h>

#include <array>

#include "soundalike/controller_training.hpp"
#include "soundalike/encoder.hpp"
#include "soundalike/error.hpp"
#include "soundalike/version.hpp"

namespace soundalike {
namespace {

struct Row {
  std::string_view name;
  std::string_view distance;
};
constexpr std::array rows{Row{"style-features", "features"}, Row{"style-axes", "style"}};

}  // namespace

Checkpoint plain_encoder(std::string_view name) {
  for (const Row& row : rows) {
    if (row.name != name) continue;
    Checkpoint out;
    out.kind = "encoder";
    out.name = name;
    out.program_version = program_version();
    out.front_end = style_front_end(row.distance);
    // Standardised statistics; one that no recording should have must not decide everything.
    out.blocks["encode"] = {
        EncoderInput(out.front_end).shape(),
        {{.kind = "clamp", .name = {}, .options = {{"low", {-64.0}}, {"high", {64.0}}}, .inside = {}}}};
    return parse_checkpoint(serialise(out), name);  // with its digest, as if it were a file
  }
  throw Error(ErrorCode::not_found,
              fmt::format("no encoder '{}' that needs no training; there are style-features and style-axes", name));
}

}  // namespace soundalike
