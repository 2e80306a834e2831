// A static object whose constructor throws.
#include <stdexcept>
#include <string>
namespace {
struct Thrower {
  Thrower() {
    if (!std::string(__FILE__).empty()) throw std::runtime_error("no licence found");
  }
};
const Thrower thrower;
}  // namespace
extern "C" __attribute__((visibility("default"))) const void* ladspa_descriptor(unsigned long) { return nullptr; }
