// For libFuzzer: cmake --preset fuzz, then upload_fuzzer <folder of short recordings>.
#include <cstddef>
#include <cstdint>

#include "audio/fuzz_upload.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz_upload({reinterpret_cast<const char*>(data), size});
  return 0;
}
