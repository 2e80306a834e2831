#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/checkpoint.hpp"

namespace soundalike {

/// Turns a recording into the numbers that a map is laid out by: a learnt encoder, or the style statistics themselves.
///
///   Embedder embedder("style-encoder");
///   std::vector<float> where = embedder.embed(recording);
///
/// Const methods, safe from many threads; the same bits for the same recording.
class Embedder {
 public:
  /// @param name "style" (64 statistics), "features" (about a thousand), the name of an encoder that list_models()
  ///        knows, or the file of one (.salmodel).
  /// @throws Error not_found, naming what there is; as read_checkpoint() and Encoder.
  explicit Embedder(std::string_view name);
  ~Embedder();
  Embedder(Embedder&&) noexcept;
  Embedder& operator=(Embedder&&) noexcept;

  const std::string& name() const;
  /// Of the checkpoint; of statistics, which have none, their name.
  const std::string& digest() const;
  std::size_t size() const;
  /// @throws Error invalid_argument for fewer frames than 50 ms.
  std::vector<float> embed(AudioView recording) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The checkpoint of an encoder by the name that list_models() has it under, or by its file (.salmodel).
/// @throws Error not_found, naming what there is; as read_checkpoint().
Checkpoint encoder_checkpoint(std::string_view name);

}  // namespace soundalike
