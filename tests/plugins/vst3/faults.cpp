// Plugins that fail while they process, once their parameter is turned up, and some that are never made.
#include <stdexcept>

#include "plugins.hpp"

namespace test {
namespace {

enum class Fault { nan, crash, hang, abort, thrown, refused };

template <Fault fault>
class Faulty : public Plugin {
 public:
  Faulty() { add({.id = 1, .title = "Fault"}); }
  tresult PLUGIN_API process(ProcessData& data) override {
    take(data.inputParameterChanges);
    render(data);
    if (values[0] < 0.5) return kResultOk;
    if (fault == Fault::nan) data.outputs[0].channelBuffers32[0][0] = std::nanf("");
    if (fault == Fault::crash) *static_cast<volatile int*>(nullptr) = 1;
    if (fault == Fault::abort) std::abort();
    if (fault == Fault::thrown) throw std::runtime_error("from process");
    for (volatile bool stuck = fault == Fault::hang; stuck;) {
    }
    return fault == Fault::refused ? kInternalError : kResultOk;
  }
  void render(ProcessData& data) override {
    each(data, [&](const float* in, float* out) { std::copy_n(in, data.numSamples, out); });
  }
};

class Throws : public Faulty<Fault::nan> {
 public:
  Throws() { throw std::runtime_error("from the constructor"); }
};

class NotInitialised : public Faulty<Fault::nan> {
 public:
  tresult PLUGIN_API initialize(FUnknown*) override { return kInternalError; }
};

}  // namespace

void append_faults(std::vector<Entry>& table) {
  table.push_back(entry<Faulty<Fault::nan>>("nan"));
  table.push_back(entry<Faulty<Fault::crash>>("crash"));
  table.push_back(entry<Faulty<Fault::hang>>("hang"));
  table.push_back(entry<Faulty<Fault::abort>>("abort"));
  table.push_back(entry<Faulty<Fault::thrown>>("throw"));
  table.push_back(entry<Faulty<Fault::refused>>("refuse"));
  table.push_back(entry<Throws>("throws-early"));
  table.push_back(entry<NotInitialised>("not-initialised"));
  table.push_back({"not-made", "Fx", [] { return static_cast<FUnknown*>(nullptr); }});
}

}  // namespace test
