// For libFuzzer: cmake --preset fuzz, then map_fuzzer <folder of map.json, .npy and .csv files>.
#include <cstddef>
#include <cstdint>

#include "latent/fuzz_map.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz_map({reinterpret_cast<const char*>(data), size});
  return 0;
}
