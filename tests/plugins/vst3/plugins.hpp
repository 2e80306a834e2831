// The table of test plugins.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base.hpp"

namespace test {

struct Entry {
  const char* name;  ///< its class id is these letters, padded with zeros; at most 16
  const char* category;
  std::function<FUnknown*()> make;
  const char* klass = kVstAudioEffectClass;
};

/// @param faulty what a module whose name asks for a fault has: one plain effect.
const std::vector<Entry>& entries(bool faulty);

void append_sound(std::vector<Entry>& table);
void append_shapes(std::vector<Entry>& table);
void append_faults(std::vector<Entry>& table);

template <typename Class>
Entry entry(const char* name, const char* category = "Fx") {
  return {name, category, [] { return static_cast<FUnknown*>(static_cast<IComponent*>(new Class)); }};
}

}  // namespace test
