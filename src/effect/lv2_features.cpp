#include "effect/lv2_features.hpp"

#include <lv2/atom/atom.h>
#include <lv2/buf-size/buf-size.h>
#include <lv2/core/lv2.h>
#include <lv2/log/log.h>
#include <lv2/midi/midi.h>
#include <lv2/options/options.h>
#include <lv2/parameters/parameters.h>
#include <lv2/resize-port/resize-port.h>
#include <lv2/state/state.h>
#include <lv2/time/time.h>
#include <lv2/uri-map/uri-map.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/temporary_folder.hpp"

// Old plugins know only what LV2 has deprecated since.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace soundalike {
namespace {

// The last three promise something about the host and need nothing from it.
constexpr std::array<std::string_view, 19> offered{
    LV2_URID__map,
    LV2_URID__unmap,
    LV2_OPTIONS__options,
    LV2_BUF_SIZE__boundedBlockLength,
    LV2_BUF_SIZE__fixedBlockLength,
    LV2_BUF_SIZE__powerOf2BlockLength,
    LV2_BUF_SIZE__coarseBlockLength,
    LV2_WORKER__schedule,
    LV2_LOG__log,
    LV2_URI_MAP_URI,
    LV2_STATE__makePath,
    LV2_STATE__mapPath,
    LV2_STATE__freePath,
    LV2_STATE__loadDefaultState,
    LV2_STATE__threadSafeRestore,
    LV2_RESIZE_PORT__resize,
    LV2_CORE__isLive,
    LV2_CORE__inPlaceBroken,
    LV2_CORE__hardRTCapable,
};

// Numbered first and in this order, so that they are the same in every process.
constexpr std::array<const char*, 30> common_uris{
    LV2_ATOM__Blank,
    LV2_ATOM__Bool,
    LV2_ATOM__Chunk,
    LV2_ATOM__Double,
    LV2_ATOM__Float,
    LV2_ATOM__Int,
    LV2_ATOM__Long,
    LV2_ATOM__Object,
    LV2_ATOM__Path,
    LV2_ATOM__Property,
    LV2_ATOM__Sequence,
    LV2_ATOM__String,
    LV2_ATOM__URI,
    LV2_ATOM__URID,
    LV2_ATOM__Vector,
    LV2_ATOM__eventTransfer,
    LV2_ATOM__beatTime,
    LV2_ATOM__frameTime,
    LV2_MIDI__MidiEvent,
    LV2_TIME__Position,
    LV2_PARAMETERS__sampleRate,
    LV2_BUF_SIZE__minBlockLength,
    LV2_BUF_SIZE__maxBlockLength,
    LV2_BUF_SIZE__nominalBlockLength,
    LV2_BUF_SIZE__sequenceSize,
    LV2_LOG__Error,
    LV2_LOG__Note,
    LV2_LOG__Trace,
    LV2_LOG__Warning,
    LV2_TIME__frame,
};

class UridTable {
 public:
  UridTable() {
    for (const char* uri : common_uris) map(uri);
  }

  LV2_URID map(const char* uri) {
    if (!uri) return 0;
    const std::lock_guard lock(mutex_);
    const auto [entry, is_new] = ids_.try_emplace(uri, static_cast<LV2_URID>(uris_.size() + 1));
    if (is_new) uris_.push_back(&entry->first);
    return entry->second;
  }

  const char* unmap(LV2_URID id) {
    const std::lock_guard lock(mutex_);
    return id > 0 && id <= uris_.size() ? uris_[id - 1]->c_str() : nullptr;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, LV2_URID> ids_;
  std::vector<const std::string*> uris_;
};

UridTable& urid_table() {
  static UridTable table;
  return table;
}

struct Message {
  std::vector<std::uint64_t> words;  // keeps the data aligned as malloc would
  std::uint32_t bytes = 0;
  Message(std::uint32_t size, const void* data) : words((size + 7) / 8), bytes(size) {
    if (size > 0 && data) std::memcpy(words.data(), data, size);
  }
};

}  // namespace

bool lv2_offers(std::string_view feature_uri) {
  return std::find(offered.begin(), offered.end(), feature_uri) != offered.end();
}

std::uint32_t lv2_urid(const char* uri) { return urid_table().map(uri); }

struct Lv2Features::State {
  const LV2_Descriptor* descriptor = nullptr;
  LV2_Handle handle = nullptr;
  const LV2_Worker_Interface* worker = nullptr;
  std::deque<Message> requests;
  std::deque<Message> responses;
  std::function<bool(std::uint32_t, std::size_t)> resize_port;
  std::optional<TemporaryFolder> folder;  // for files the plugin makes; none until it does

  float sample_rate;
  std::int32_t minimum_block;
  std::int32_t maximum_block;
  std::int32_t sequence_bytes = 64 * 1024;
  std::array<LV2_Options_Option, 6> options{};

  LV2_URID_Map map{nullptr, [](LV2_URID_Map_Handle, const char* uri) { return urid_table().map(uri); }};
  LV2_URID_Unmap unmap{nullptr, [](LV2_URID_Unmap_Handle, LV2_URID id) { return urid_table().unmap(id); }};
  LV2_URI_Map_Feature uri_map{
      nullptr, [](LV2_URI_Map_Callback_Data, const char*, const char* uri) { return urid_table().map(uri); }};
  LV2_Log_Log log{nullptr, &State::discard, &State::discard_list};
  LV2_Worker_Schedule schedule{this, &State::schedule_work};
  LV2_State_Make_Path make_path{this, &State::make_file_path};
  LV2_State_Map_Path map_path{nullptr, [](LV2_State_Map_Path_Handle, const char* path) { return strdup(path); },
                              [](LV2_State_Map_Path_Handle, const char* path) { return strdup(path); }};
  LV2_State_Free_Path free_path{nullptr, [](LV2_State_Free_Path_Handle, char* path) { free(path); }};
  LV2_Resize_Port_Resize resize{this, &State::resize_buffer};

  std::vector<LV2_Feature> features;
  std::vector<const LV2_Feature*> array;

  State(const RenderSetup& setup, bool whole_blocks)
      : sample_rate(static_cast<float>(setup.sample_rate.hz)),
        minimum_block(whole_blocks ? static_cast<std::int32_t>(setup.block_size) : 1),
        maximum_block(static_cast<std::int32_t>(setup.block_size)) {
    const auto option = [](const char* key, const char* type, const auto& value) {
      return LV2_Options_Option{LV2_OPTIONS_INSTANCE, 0, lv2_urid(key), sizeof(value), lv2_urid(type), &value};
    };
    options = {option(LV2_PARAMETERS__sampleRate, LV2_ATOM__Float, sample_rate),
               option(LV2_BUF_SIZE__minBlockLength, LV2_ATOM__Int, minimum_block),
               option(LV2_BUF_SIZE__maxBlockLength, LV2_ATOM__Int, maximum_block),
               option(LV2_BUF_SIZE__nominalBlockLength, LV2_ATOM__Int, maximum_block),
               option(LV2_BUF_SIZE__sequenceSize, LV2_ATOM__Int, sequence_bytes),
               LV2_Options_Option{}};
    features = {{LV2_URID__map, &map},
                {LV2_URID__unmap, &unmap},
                {LV2_URI_MAP_URI, &uri_map},
                {LV2_OPTIONS__options, options.data()},
                {LV2_BUF_SIZE__boundedBlockLength, nullptr},
                {LV2_WORKER__schedule, &schedule},
                {LV2_LOG__log, &log},
                {LV2_STATE__makePath, &make_path},
                {LV2_STATE__mapPath, &map_path},
                {LV2_STATE__freePath, &free_path},
                {LV2_STATE__loadDefaultState, nullptr},
                {LV2_STATE__threadSafeRestore, nullptr},
                {LV2_RESIZE_PORT__resize, &resize}};
    if (whole_blocks) {
      features.push_back({LV2_BUF_SIZE__fixedBlockLength, nullptr});
      features.push_back({LV2_BUF_SIZE__powerOf2BlockLength, nullptr});
      features.push_back({LV2_BUF_SIZE__coarseBlockLength, nullptr});
    }
    for (const LV2_Feature& feature : features) array.push_back(&feature);
    array.push_back(nullptr);
  }

  static LV2_Worker_Status schedule_work(LV2_Worker_Schedule_Handle self, std::uint32_t size, const void* data) {
    static_cast<State*>(self)->requests.emplace_back(size, data);
    return LV2_WORKER_SUCCESS;
  }

  static LV2_Worker_Status respond(LV2_Worker_Respond_Handle self, std::uint32_t size, const void* data) {
    static_cast<State*>(self)->responses.emplace_back(size, data);
    return LV2_WORKER_SUCCESS;
  }

  // What plugins log is for their developers.
  static int discard(LV2_Log_Handle, LV2_URID, const char*, ...) { return 0; }
  static int discard_list(LV2_Log_Handle, LV2_URID, const char*, va_list) { return 0; }

  static char* make_file_path(LV2_State_Make_Path_Handle self, const char* path) {
    auto& folder = static_cast<State*>(self)->folder;
    try {
      if (!folder) folder.emplace("soundalike");
      const auto file = *folder / std::filesystem::path(path).relative_path();
      std::filesystem::create_directories(file.parent_path());
      return strdup(file.c_str());
    } catch (const std::exception&) {  // must not pass through the plugin
      return nullptr;
    }
  }

  static LV2_Resize_Port_Status resize_buffer(LV2_Resize_Port_Feature_Data self, std::uint32_t port, size_t bytes) {
    const auto& resize_port = static_cast<State*>(self)->resize_port;
    return resize_port && resize_port(port, bytes) ? LV2_RESIZE_PORT_SUCCESS : LV2_RESIZE_PORT_ERR_NO_SPACE;
  }
};

Lv2Features::Lv2Features(const RenderSetup& setup, bool whole_blocks)
    : state_(std::make_unique<State>(setup, whole_blocks)) {}
Lv2Features::~Lv2Features() = default;

const void* Lv2Features::array() const { return state_->array.data(); }
void* Lv2Features::urid_map() { return &state_->map; }

void Lv2Features::attach(const void* descriptor, void* handle) {
  state_->descriptor = static_cast<const LV2_Descriptor*>(descriptor);
  state_->handle = handle;
  if (!state_->descriptor->extension_data) return;
  state_->worker = static_cast<const LV2_Worker_Interface*>(state_->descriptor->extension_data(LV2_WORKER__interface));
}

void Lv2Features::on_resize(std::function<bool(std::uint32_t, std::size_t)> resize) {
  state_->resize_port = std::move(resize);
}

void Lv2Features::do_scheduled_work() {
  State& s = *state_;
  if (!s.worker) {
    s.requests.clear();
    return;
  }
  // A response may schedule more work: a chain of loading steps is done at once, an endless one goes on next time.
  constexpr int most_rounds = 16;
  for (int round = 0; round < most_rounds && !s.requests.empty(); ++round) {
    std::deque<Message> requests;
    std::swap(requests, s.requests);
    for (Message& m : requests) s.worker->work(s.handle, &State::respond, &s, m.bytes, m.words.data());
    std::deque<Message> responses;
    std::swap(responses, s.responses);
    for (Message& m : responses) {
      if (s.worker->work_response) s.worker->work_response(s.handle, m.bytes, m.words.data());
    }
  }
  if (s.worker->end_run) s.worker->end_run(s.handle);
}

}  // namespace soundalike
