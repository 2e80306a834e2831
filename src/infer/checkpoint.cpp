#include "soundalike/checkpoint.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "infer/checkpoint_header.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/sha256.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;
using infer::alignment;
using infer::CheckpointHeader;

constexpr std::string_view magic = "salmod";
constexpr std::string_view version = "01";
constexpr std::size_t prefix_bytes = 16;  // magic, version, length of the header
constexpr std::size_t digest_bytes = 32;
constexpr std::uint64_t most_header_bytes = 4 << 20;

Error bad(std::string_view origin, const std::string& what) {
  return {ErrorCode::invalid_argument, fmt::format("cannot use checkpoint '{}': {}", origin, what)};
}

// The length of the header, from the first bytes of a file.
std::uint64_t header_bytes(std::string_view start, std::string_view origin) {
  if (start.empty()) throw bad(origin, "it is empty");
  if (start.substr(0, magic.size()) != magic.substr(0, start.size())) throw bad(origin, "it is not a checkpoint");
  if (start.size() < prefix_bytes) throw bad(origin, fmt::format("it was cut off after {} bytes", start.size()));
  const auto found = start.substr(magic.size(), version.size());
  if (found != version) {
    const bool sane = found.find_first_not_of("0123456789") == std::string_view::npos;
    throw bad(origin, sane ? fmt::format("it has format version {}, this program reads {}", found, version)
                           : std::string("it is not a checkpoint"));
  }
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, start.data() + 8, sizeof(bytes));
  if (bytes > most_header_bytes || (prefix_bytes + bytes) % alignment != 0) {
    throw bad(origin, fmt::format("it says that its header has {} bytes", bytes));
  }
  return bytes;
}

// The header of a file that has `size` bytes and begins with `start`.
CheckpointHeader header_of(std::string_view start, std::uint64_t size, std::string_view origin) {
  const std::uint64_t bytes = header_bytes(start, origin);
  if (start.size() < prefix_bytes + bytes) throw bad(origin, fmt::format("it was cut off after {} bytes", size));
  CheckpointHeader header =
      infer::parse_header(start.substr(prefix_bytes, bytes), fmt::format("cannot use checkpoint '{}'", origin));
  const std::uint64_t rest = size - prefix_bytes - bytes;
  if (rest < digest_bytes || rest - digest_bytes < header.places.data_bytes) {
    throw bad(origin, fmt::format("it was cut off after {} bytes", size));
  }
  if (rest - digest_bytes > header.places.data_bytes) {
    throw bad(origin, fmt::format("{} bytes follow its end", rest - digest_bytes - header.places.data_bytes));
  }
  return header;
}

std::string digest_at(std::string_view end) {
  return to_hex({reinterpret_cast<const std::uint8_t*>(end.data()), digest_bytes});
}

std::ifstream open(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot read checkpoint '{}': it is a folder; name a file in it", path.string()));
  }
  std::ifstream in(path, std::ios::binary);
  const int reason = errno;
  if (!in) {
    throw Error(reason == ENOENT ? ErrorCode::not_found : ErrorCode::io,
                fmt::format("cannot read checkpoint '{}': {}", path.string(),
                            reason == ENOENT ? "no such file" : std::strerror(reason)));
  }
  return in;
}

std::string read_bytes(std::ifstream& in, std::size_t count, const fs::path& path) {
  std::string bytes(count, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(count));
  if (in.bad()) throw Error(ErrorCode::io, fmt::format("cannot read checkpoint '{}'", path.string()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

std::uint64_t size_of_file(std::ifstream& in, const fs::path& path) {
  in.seekg(0, std::ios::end);
  const auto size = in.tellg();
  in.seekg(0);
  if (size < 0 || !in)
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot read checkpoint '{}': it is no plain file", path.string()));
  return static_cast<std::uint64_t>(size);
}

// A stored checkpoint piece by piece, so that large tensors are not copied to be written.
struct Pieces {
  std::string head;                    // up to the data
  std::vector<std::string_view> data;  // of tensors, and what fills up to where the next begins
  std::string digest;                  // of all before it

  std::size_t size() const {
    std::size_t bytes = head.size() + digest.size();
    for (const auto piece : data) bytes += piece.size();
    return bytes;
  }
  std::vector<std::string_view> in_order() const {
    std::vector<std::string_view> all{head};
    all.insert(all.end(), data.begin(), data.end());
    all.push_back(digest);
    return all;
  }
};

Pieces pieces_of(const Checkpoint& checkpoint) {
  static constexpr std::array<char, alignment> zeros{};
  const infer::TensorPlaces places = infer::lay_out(checkpoint.tensors);
  std::string json = infer::header_json(checkpoint, places);
  json.append((alignment - (prefix_bytes + json.size()) % alignment) % alignment, ' ');
  if (json.size() > most_header_bytes) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot store checkpoint '{}': its header has {} bytes, at most {} are possible",
                            checkpoint.name, json.size(), most_header_bytes));
  }
  Pieces pieces;
  pieces.head.append(magic).append(version);
  const std::uint64_t length = json.size();
  pieces.head.append(reinterpret_cast<const char*>(&length), sizeof(length));
  pieces.head.append(json);
  Sha256 sum;
  sum.add(pieces.head);
  const auto add = [&](const char* bytes, std::size_t count) {
    pieces.data.emplace_back(bytes, count);
    sum.add(pieces.data.back());
  };
  for (const auto& [name, tensor] : checkpoint.tensors) {  // in the order of their places
    add(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
    add(zeros.data(), (alignment - tensor.bytes.size() % alignment) % alignment);
  }
  const auto digest = sum.finish();
  pieces.digest.assign(reinterpret_cast<const char*>(digest.data()), digest.size());
  return pieces;
}

}  // namespace

std::string serialise(const Checkpoint& checkpoint) {
  const Pieces pieces = pieces_of(checkpoint);
  std::string bytes;
  bytes.reserve(pieces.size());
  for (const auto piece : pieces.in_order()) bytes.append(piece);
  return bytes;
}

Checkpoint parse_checkpoint_outline(std::string_view bytes, std::string_view origin) {
  Checkpoint checkpoint = header_of(bytes, bytes.size(), origin).checkpoint;
  checkpoint.digest = digest_at(bytes.substr(bytes.size() - digest_bytes));
  return checkpoint;
}

Checkpoint parse_checkpoint(std::string_view bytes, std::string_view origin) {
  CheckpointHeader header = header_of(bytes, bytes.size(), origin);
  const std::string_view content = bytes.substr(0, bytes.size() - digest_bytes);
  header.checkpoint.digest = sha256_hex(content);
  if (header.checkpoint.digest != digest_at(bytes.substr(content.size()))) {
    throw bad(origin, "it is damaged: its content does not have its digest");
  }
  const std::string_view data = content.substr(content.size() - header.places.data_bytes);
  for (auto& [name, tensor] : header.checkpoint.tensors) {
    const auto from =
        std::as_bytes(std::span(data.substr(header.places.offsets.at(name), tensor.count() * size_of(tensor.type))));
    tensor.bytes.assign(from.begin(), from.end());
  }
  return std::move(header.checkpoint);
}

std::string write_checkpoint(const fs::path& path, const Checkpoint& checkpoint) {
  const Pieces pieces = pieces_of(checkpoint);
  write_file(path, pieces.in_order());
  return digest_at(pieces.digest);
}

Checkpoint read_checkpoint(const fs::path& path) {
  std::ifstream in = open(path);
  const std::uint64_t size = size_of_file(in, path);
  // Told from its first bytes, before a large file of another kind is read.
  header_bytes(read_bytes(in, std::min<std::uint64_t>(size, prefix_bytes), path), path.string());
  in.clear();
  in.seekg(0);
  return parse_checkpoint(read_bytes(in, size, path), path.string());
}

Checkpoint read_checkpoint_outline(const fs::path& path) {
  std::ifstream in = open(path);
  const std::uint64_t size = size_of_file(in, path);
  std::string start = read_bytes(in, std::min<std::uint64_t>(size, prefix_bytes), path);
  start += read_bytes(in, std::min(size - start.size(), header_bytes(start, path.string())), path);
  Checkpoint checkpoint = header_of(start, size, path.string()).checkpoint;
  in.clear();
  in.seekg(-static_cast<std::streamoff>(digest_bytes), std::ios::end);
  const std::string end = read_bytes(in, digest_bytes, path);
  if (end.size() != digest_bytes) throw bad(path.string(), "it changed while it was read");
  checkpoint.digest = digest_at(end);
  return checkpoint;
}

}  // namespace soundalike
