#pragma once

#include <span>
#include <string_view>

namespace soundalike::infer {

struct BuiltInModel {
  std::string_view name;  ///< "models/style-small.salmodel", for messages
  std::string_view bytes;
};

/// The models that are part of the program: files of models/, mapped with it and read only when they are used.
std::span<const BuiltInModel> built_in_models();

}  // namespace soundalike::infer
