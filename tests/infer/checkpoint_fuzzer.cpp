// For libFuzzer: cmake --preset fuzz, then checkpoint_fuzzer <folder of checkpoints>.
#include <cstddef>

#include "infer/fuzz_checkpoint.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz_checkpoint({reinterpret_cast<const char*>(data), size});
  return 0;
}
