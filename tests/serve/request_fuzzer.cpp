// For libFuzzer: cmake --preset fuzz, then request_fuzzer.
#include <cstddef>
#include <cstdint>

#include "serve/fuzz_request.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz_request({reinterpret_cast<const char*>(data), size});
  return 0;
}
