#include "method_names.hpp"

#include "soundalike/search.hpp"
#include "soundalike/style_distance.hpp"

namespace soundalike::cli {

Words distance_names() {
  Words names;
  for (const auto& row : style_distances()) names.push_back(row.name);
  return names;
}

Words search_names() {
  Words names;
  for (const auto& row : search_methods()) names.push_back(row.name);
  return names;
}

Words start_names() { return {"predict", "default", "random"}; }

Start parse_start(std::string_view name) {
  if (name == "predict") return Start::predict;
  if (name == "default") return Start::profile;
  return name == "random" ? Start::random : Start::automatic;
}

Words decision_names() { return {"consensus", "nearest"}; }

Decision parse_decision(std::string_view name) { return name == "nearest" ? Decision::nearest : Decision::consensus; }

}  // namespace soundalike::cli
