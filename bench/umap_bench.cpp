// UMAP of a stored table, for bench/umap.py: umap_bench <examples.npy> <places.npy> <threads>; prints one JSON object.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "soundalike/npy.hpp"
#include "soundalike/umap.hpp"

using namespace soundalike;

int main(int count, char** words) {
  if (count != 4) {
    std::fputs("usage: umap_bench <examples.npy> <places.npy> <threads>\n", stderr);
    return 2;
  }
  const NpyArray table = read_npy(words[1]);
  const Rows examples{table.values, table.shape.at(1)};
  const auto begin = std::chrono::steady_clock::now();
  const auto places = umap(examples, {.threads = std::strtoul(words[3], nullptr, 10)});
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  write_npy(words[2], {examples.count(), 2}, places);
  std::puts(nlohmann::ordered_json{{"seconds", seconds}}.dump().c_str());
  return 0;
}
