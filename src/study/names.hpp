#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "soundalike/study.hpp"

namespace soundalike {

/// The words of each enumeration in files, in the order of its values.
template <typename Enum>
struct Names;
template <>
struct Names<TrialKind> {
  static constexpr std::array<std::string_view, 4> words{"mushra", "paired", "abx", "likert"};
};
template <>
struct Names<ConditionRole> {
  static constexpr std::array<std::string_view, 5> words{"system", "reference", "anchor35", "anchor70", "anchor"};
};
template <>
struct Names<QuestionKind> {
  static constexpr std::array<std::string_view, 5> words{"text", "long_text", "number", "choice", "likert"};
};
template <>
struct Names<TrialOrder> {
  static constexpr std::array<std::string_view, 3> words{"random", "latin", "fixed"};
};
template <>
struct Names<SessionStage> {
  static constexpr std::array<std::string_view, 6> words{"consent", "questions",       "training",
                                                         "trials",  "questions_after", "finished"};
};

template <typename Enum>
std::string_view name_of(Enum value) {
  return Names<Enum>::words[static_cast<std::size_t>(value)];
}

template <typename Enum>
std::optional<Enum> from_name(std::string_view word) {
  for (std::size_t i = 0; i < Names<Enum>::words.size(); ++i) {
    if (Names<Enum>::words[i] == word) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

/// "system, reference, anchor35": for messages.
template <typename Enum>
std::string all_names() {
  std::string all;
  for (const std::string_view word : Names<Enum>::words) all += (all.empty() ? "" : ", ") + std::string(word);
  return all;
}

}  // namespace soundalike
