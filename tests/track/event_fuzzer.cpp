// For libFuzzer: cmake --preset fuzz, then event_fuzzer <folder of records' data>.
#include <cstddef>
#include <cstdint>

#include "track/fuzz_event.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz_event({reinterpret_cast<const char*>(data), size});
  return 0;
}
