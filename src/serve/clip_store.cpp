#include "serve/clip_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <tuple>

#include "serve/json_input.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"
#include "soundalike/sha256.hpp"

namespace soundalike::serve {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t io_frames = 65536;
constexpr std::size_t cached_bytes = 48 << 20;
constexpr std::size_t id_digits = 16;

std::string digest_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string piece(1 << 16, '\0');
  Sha256 sum;
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0) {
    sum.add(std::string_view(piece).substr(0, static_cast<std::size_t>(file.gcount())));
  }
  return to_hex(sum.finish()).substr(0, id_digits);
}

// What the reader says names the file on the server; the client knows it by another name.
[[noreturn]] void rename_in(const Error& error, const fs::path& path, const std::string& name) {
  std::string message = error.what();
  if (const auto at = message.find(path.string()); at != std::string::npos) {
    message.replace(at, path.string().size(), name);
  }
  throw Error(error.code(), message);
}

}  // namespace

ClipStore::ClipStore(fs::path folder, std::span<const EmbeddedFile> bundled) : folder_(std::move(folder)) {
  std::error_code problem;
  fs::create_directories(folder_, problem);
  if (problem) {
    throw Error(ErrorCode::io, fmt::format("cannot make folder '{}': {}", folder_.string(), problem.message()));
  }
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream in(entry.path());
    const Json about = Json::parse(in, nullptr, false);
    Clip clip{.id = entry.path().stem().string(), .file = file(entry.path().stem().string(), ".wav")};
    if (!about.is_object() || !fs::exists(clip.file)) continue;  // half removed by hand
    clip.name = about.value("name", clip.id);
    clip.channels = about.value("channels", std::size_t{0});
    clip.rate = {about.value("rate", 0.0)};
    clip.frames = about.value("frames", std::size_t{0});
    const auto lufs = about.find("lufs");
    clip.lufs =
        lufs != about.end() && lufs->is_number() ? lufs->get<double>() : -std::numeric_limits<double>::infinity();
    clip.bundled = about.value("bundled", false);
    if (clip.channels > 0 && clip.rate.hz > 0.0) clips_.emplace(clip.id, clip);
  }
  for (const EmbeddedFile& one : bundled) {
    const std::string id = sha256_hex(one.bytes).substr(0, id_digits);
    if (clips_.contains(id)) continue;
    const fs::path source = folder_ / fmt::format("{}.flac", id);
    write_file(source, one.bytes);
    keep(id, source, fs::path(one.name).stem().string(), true);
    fs::remove(source);
  }
}

fs::path ClipStore::file(std::string_view id, std::string_view ending) const {
  return folder_ / fmt::format("{}{}", id, ending);
}

void ClipStore::write_about(const Clip& clip) const {
  const Json about{{"name", clip.name},     {"channels", clip.channels},         {"rate", clip.rate.hz},
                   {"frames", clip.frames}, {"lufs", number_or_null(clip.lufs)}, {"bundled", clip.bundled}};
  write_file(file(clip.id, ".json"), about.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

Clip ClipStore::keep(const std::string& id, const fs::path& source, const std::string& name, bool bundled) {
  Clip clip{.id = id, .name = name, .bundled = bundled, .file = file(id, ".wav")};
  try {
    AudioFileReader reader(source);
    const AudioFileInfo& info = reader.info();
    clip.channels = info.channels;
    clip.rate = info.sample_rate;
    clip.frames = info.frames;
    if (clip.seconds() > longest_seconds) {
      throw Error(ErrorCode::bad_audio, fmt::format("'{}' is {:.0f} s long: at most {:.0f} s are taken here", name,
                                                    clip.seconds(), longest_seconds));
    }
    AudioFileWriter writer(clip.file, clip.channels, clip.rate, SampleFormat::float32);
    LoudnessMeter meter(clip.channels, clip.rate);
    for (AudioBuffer block = reader.read(io_frames); block.frames() > 0; block = reader.read(io_frames)) {
      writer.write(block);
      meter.add(block);
    }
    writer.commit();
    clip.lufs = meter.levels().lufs;
  } catch (const Error& error) {
    rename_in(error, source, name);
  }
  write_about(clip);
  const std::scoped_lock lock(mutex_);
  return clips_.insert_or_assign(id, clip).first->second;
}

Clip ClipStore::add(const fs::path& upload, const std::string& name) {
  const std::string id = digest_of(upload);
  {
    const std::scoped_lock lock(mutex_);
    if (const auto known = clips_.find(id); known != clips_.end()) return known->second;
  }
  return keep(id, upload, name, false);
}

Clip ClipStore::add(AudioView audio, const std::string& name) {
  const fs::path made = folder_ / fmt::format("made-{:x}.wav", reinterpret_cast<std::uintptr_t>(&audio));
  write_audio(made, audio, SampleFormat::float32);
  Clip clip = add(made, name);
  fs::remove(made);
  return clip;
}

std::vector<Clip> ClipStore::list() const {
  std::vector<Clip> all;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [id, clip] : clips_) all.push_back(clip);
  }
  std::ranges::sort(all, [](const Clip& a, const Clip& b) {
    return std::tuple(!a.bundled, a.name, a.id) < std::tuple(!b.bundled, b.name, b.id);
  });
  return all;
}

Clip ClipStore::find(std::string_view id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = clips_.find(id);
  if (found == clips_.end()) {
    throw Error(ErrorCode::not_found, fmt::format("there is no clip '{}'; GET /api/audio lists all", id));
  }
  return found->second;
}

void ClipStore::remove(std::string_view id) {
  const Clip clip = find(id);
  const std::scoped_lock lock(mutex_);
  std::error_code ignored;
  fs::remove(file(clip.id, ".json"), ignored);
  fs::remove(clip.file, ignored);
  clips_.erase(clip.id);
  std::erase_if(parts_, [&](const Part& part) {
    const bool gone = part.key.starts_with(clip.id);
    if (gone) part_bytes_ -= part.audio->audio.samples().size() * sizeof(float);
    return gone;
  });
}

std::shared_ptr<const ClipPart> ClipStore::part(const Clip& clip, std::size_t first, std::size_t frames) {
  const std::string key = fmt::format("{}:{}:{}", clip.id, first, frames);
  {
    const std::scoped_lock lock(mutex_);
    const auto known = std::ranges::find(parts_, key, &Part::key);
    if (known != parts_.end()) {
      parts_.splice(parts_.begin(), parts_, known);
      return parts_.front().audio;
    }
  }
  AudioFileReader reader(clip.file);
  reader.seek(std::min(first, clip.frames));
  AudioBuffer samples = reader.read(frames);
  const double lufs = measure_lufs(samples);
  auto audio = std::make_shared<const ClipPart>(ClipPart{std::move(samples), lufs});
  const std::scoped_lock lock(mutex_);
  parts_.push_front({key, audio});
  part_bytes_ += audio->audio.samples().size() * sizeof(float);
  while (part_bytes_ > cached_bytes && parts_.size() > 1) {
    part_bytes_ -= parts_.back().audio->audio.samples().size() * sizeof(float);
    parts_.pop_back();
  }
  return audio;
}

}  // namespace soundalike::serve
